"""One tool call, step by step: resolve, validate, decide, ask, record intent, call, record.

Re-entrant: `settle` looks at the stored state of each call and does what comes next, so the same
code runs a call for the first time, goes on after an answer, and recovers after a crash. A call
without intent has had no effect and may be sent; one with intent and no result is sent again only
if it is judged repeatable, else a person is asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from mandrake.coordinator.arguments import argument_problems
from mandrake.coordinator.round_scope import RoundScope, ToolPolicy
from mandrake.coordinator.turn_stream import parse_arguments
from mandrake.domain.conversation import ToolCallStatus
from mandrake.domain.events import EphemeralEvent, session_topic
from mandrake.domain.ids import SessionId
from mandrake.domain.records import QuestionRecord, ToolCallRecord
from mandrake.domain.tools import JsonObject, ToolDefinition, ToolResult
from mandrake.errors import DeadlineExceeded, MandrakeError, NotFound
from mandrake.persistence.stores.approvals import ApprovalStore
from mandrake.persistence.stores.questions import QuestionStore
from mandrake.persistence.stores.tool_calls import ToolCallStore
from mandrake.persistence.stores.turns import TurnStore
from mandrake.security.decide import Allow, Deny, Facts, ToolFacts, decide

READY_SECONDS = 30.0
"""How long a call waits for a server that is starting."""
DIED_IN_CALL = "unavailable.server.died_in_call"
NOT_SENT = "timeout.not_sent"


@dataclass(frozen=True, slots=True)
class CallState:
    """Everything stored about one unsettled call."""

    record: ToolCallRecord
    arguments: JsonObject
    raw_arguments: str
    """As the model wrote them; may be no JSON."""
    question: QuestionRecord | None
    """The newest question about it."""
    remembered: bool

    @property
    def waits(self) -> bool:
        """Whether a person has not answered yet."""
        return self.question is not None and self.question.status == "open"


class ToolCaller:
    """Settles tool calls of one scope."""

    def __init__(self, scope: RoundScope) -> None:
        self._scope = scope

    async def settle(self, calls: Sequence[ToolCallRecord]) -> None:
        """Bring each call as far as it goes: to its end, or to an open question.

        Calls that only read run side by side; the others one after the other, in their order.
        """
        definitions = {call.id: self._find(call) for call in calls}
        states = await self._scope.database.read(
            lambda connection: [
                self._read(connection, call, definitions[call.id]) for call in calls
            ]
        )
        ready = [state for state in states if not state.waits]
        policy_of = await self._scope.documents.policies()
        async with asyncio.TaskGroup() as tasks:
            in_order: list[CallState] = []
            for state in ready:
                definition = definitions[state.record.id]
                if definition is not None and policy_of(definition).effects.effects == "read":
                    tasks.create_task(self._settle(state))
                else:
                    in_order.append(state)
            tasks.create_task(self._settle_in_order(in_order))

    async def _settle_in_order(self, states: Sequence[CallState]) -> None:
        for state in states:
            await self._settle(state)

    async def _settle(self, state: CallState) -> None:
        try:
            if state.record.status == "sent":
                await self._recover(state)
            else:
                await self._decide(state)
        except MandrakeError as error:
            # What we can't do is an answer for the model, not the end of the round.
            await self._finish(state.record, "failed", _failure(error))

    # ---- before the call ----

    async def _decide(self, state: CallState) -> None:
        call = state.record
        if parse_arguments(state.raw_arguments) is None:
            text = f"The arguments are not a JSON object: {state.raw_arguments[:500]}"
            await self._finish(call, "failed", _error_result(text))
            return
        definition = await self._resolve(call)
        if definition is None:
            await self._finish(call, "failed", _error_result(self._no_such_tool(call)))
            return
        problems = await asyncio.to_thread(
            argument_problems, definition.input_schema, state.arguments
        )
        if problems:
            lines = "\n".join(f"- {each.path or '(top)'}: {each.message}" for each in problems)
            await self._finish(
                call,
                "failed",
                _error_result(f"The arguments don't fit the tool's schema:\n{lines}"),
            )
            return
        policy = (await self._scope.documents.policies())(definition)
        answered = _answer_for(state, definition)
        decision = decide(
            self._scope.grant,
            "call_tool",
            definition.qualified,
            Facts(
                tool=ToolFacts(
                    effects=policy.effects,
                    configured=policy.approval,
                    allowed_patterns=policy.allowed_patterns,
                    denied_patterns=policy.denied_patterns,
                    remembered=state.remembered,
                    answered=answered,
                )
            ),
        )
        if isinstance(decision, Deny):
            await self._finish(call, "denied", _denied_result(state, decision.reason))
        elif isinstance(decision, Allow):
            sent = await self._record_intent(call, definition, policy)
            await self._call(sent, state.arguments, definition, policy)
        else:
            await self._ask(state, definition, policy, decision.reason)

    async def _ask(
        self, state: CallState, definition: ToolDefinition, policy: ToolPolicy, reason: str
    ) -> None:
        grant, call = self._scope.grant, state.record
        subject: JsonObject = {
            "server": definition.server,
            "tool": definition.tool,
            "description": definition.description,
            "arguments": state.arguments,
            "input_schema": definition.input_schema,
            "effects": policy.effects.effects.value,
            "network": policy.effects.network,
            "reason": reason,
        }

        def unit(connection: Connection) -> None:
            store = ToolCallStore(connection, grant)
            store.judge(call, policy.effects, definition.definition_hash())
            if call.status == "requested":
                store.move(call, "waiting")
            QuestionStore(connection, grant).ask(
                call, "approval", subject, definition_hash=definition.definition_hash()
            )

        await self._scope.database.write(unit)

    async def _record_intent(
        self, call: ToolCallRecord, definition: ToolDefinition, policy: ToolPolicy
    ) -> ToolCallRecord:
        grant = self._scope.grant

        def unit(connection: Connection) -> ToolCallRecord:
            store = ToolCallStore(connection, grant)
            store.judge(call, policy.effects, definition.definition_hash())
            return store.move(call, "sent")

        return await self._scope.database.write(unit)

    # ---- the call ----

    async def _call(
        self,
        call: ToolCallRecord,
        arguments: JsonObject,
        definition: ToolDefinition,
        policy: ToolPolicy,
    ) -> None:
        topic = session_topic(SessionId(call.session_id))

        def on_progress(progress: float, total: float | None, message: str | None) -> None:
            self._scope.hub.publish(
                EphemeralEvent(
                    topic,
                    "tool.progress",
                    {
                        "session_id": call.session_id,
                        "round_id": call.round_id,
                        "turn_id": call.turn_id,
                        "tool_call_id": call.id,
                        "progress": progress,
                        "total": total,
                        "message": message,
                    },
                )
            )

        try:
            result = await self._scope.host.call_tool(
                definition.server,
                definition.tool,
                arguments,
                timeout_seconds=policy.timeout_seconds,
                idempotency_key=call.idempotency_key,
                on_progress=on_progress,
            )
        except NotFound as error:
            # Nothing was sent: the tool has gone since it was resolved.
            await self._finish(call, "failed", _failure(error))
        except MandrakeError as error:
            await self._finish(call, _after_failure(call, error), _failure(error))
        else:
            await self._finish(call, "done", result)

    async def _recover(self, state: CallState) -> None:
        """The intent was recorded and no result: a crash came between."""
        call, question = state.record, state.question
        if question is not None and question.kind == "unknown_outcome" and question.answer:
            if question.answer.get("decision") == "report":
                await self._finish(
                    call,
                    "unknown",
                    _error_result(
                        "The outcome of this call is unknown: "
                        "Mandrake ended while it ran. It may or may not have taken effect. Look "
                        "before you repeat it."
                    ),
                )
                return
        elif not call.repeatable:
            await self._ask_unknown(state)
            return
        definition = await self._resolve(call)
        if definition is None:
            await self._finish(call, "failed", _error_result(self._no_such_tool(call)))
            return
        policy = (await self._scope.documents.policies())(definition)
        await self._call(call, state.arguments, definition, policy)

    async def _ask_unknown(self, state: CallState) -> None:
        call, grant = state.record, self._scope.grant
        subject: JsonObject = {
            "server": call.server,
            "tool": call.tool,
            "arguments": state.arguments,
            "sent_at": call.sent_at,
        }
        await self._scope.database.write(
            lambda connection: QuestionStore(connection, grant).ask(
                call, "unknown_outcome", subject, definition_hash=call.definition_hash
            )
        )

    # ---- reading and writing ----

    def _read(
        self, connection: Connection, call: ToolCallRecord, definition: ToolDefinition | None
    ) -> CallState:
        grant = self._scope.grant
        questions = [
            question
            for question in QuestionStore(connection, grant).of_round(call.round_id)
            if question.tool_call_id == call.id
        ]
        parts = TurnStore(connection, grant).parts_of([call.turn_id])[call.turn_id]
        raw = next(part.text for part in parts if part.part_index == call.part_index)
        return CallState(
            record=call,
            arguments=ToolCallStore(connection, grant).arguments(call),
            raw_arguments=raw or "",
            question=questions[-1] if questions else None,
            remembered=ApprovalStore(connection, grant).is_remembered(call.session_id, definition),
        )

    def _find(self, call: ToolCallRecord) -> ToolDefinition | None:
        if call.server is None or call.tool is None:
            return None
        return self._scope.host.find_tool(call.server, call.tool)

    async def _resolve(self, call: ToolCallRecord) -> ToolDefinition | None:
        """The tool as its server describes it now; waits for a server that is starting."""
        if call.server is None or call.tool is None:
            return None
        await self._scope.host.wait_settled([call.server], timeout_seconds=READY_SECONDS)
        return self._scope.host.find_tool(call.server, call.tool)

    async def _finish(
        self, call: ToolCallRecord, status: ToolCallStatus, result: ToolResult
    ) -> None:
        grant = self._scope.grant
        await self._scope.database.write(
            lambda connection: ToolCallStore(connection, grant).finish(call, status, result)
        )

    def _no_such_tool(self, call: ToolCallRecord) -> str:
        names = ", ".join(f"`{tool.qualified}`" for tool in self._scope.host.catalog()[:40])
        return f"There is no tool `{call.wire_name}`. Available: {names or 'none'}."


def _answer_for(state: CallState, definition: ToolDefinition) -> Literal["allow", "deny"] | None:
    """A person's answer, if it was given for this very definition of the tool."""
    question = state.question
    if question is None or question.kind != "approval" or question.answer is None:
        return None
    if question.definition_hash != definition.definition_hash():
        return None
    return "allow" if question.answer.get("decision") == "allow" else "deny"


def _after_failure(call: ToolCallRecord, error: MandrakeError) -> ToolCallStatus:
    """A call that was sent and not answered may have taken effect."""
    in_doubt = error.code == DIED_IN_CALL or (
        isinstance(error, DeadlineExceeded) and error.code != NOT_SENT
    )
    return "unknown" if in_doubt and not call.repeatable else "failed"


def _failure(error: MandrakeError) -> ToolResult:
    return _error_result(error.detail if error.hint is None else f"{error.detail} {error.hint}")


def _denied_result(state: CallState, reason: str) -> ToolResult:
    said = ""
    if state.question is not None and state.question.answer is not None:
        words = state.question.answer.get("reason")
        said = f" They said: {words}" if words else ""
    return _error_result(f"Not run: {reason}.{said}")


def _error_result(text: str) -> ToolResult:
    return ToolResult(content=({"type": "text", "text": text},), is_error=True)
