"""The loop of one round: model, tools, model, … until it is done, stopped, paused or waiting.

`run_round` is re-entrant: it reads what is stored, does the one thing that comes next, and reads
again. Calling it after a crash at any point is how a round is recovered; no local variable
survives a step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from mandrake.coordinator.budget import limit_met
from mandrake.coordinator.context import BuiltContext, ContextBuilder
from mandrake.coordinator.round_scope import ResolvedModel, RoundScope
from mandrake.coordinator.tool_caller import ToolCaller
from mandrake.coordinator.turn_stream import TurnStream
from mandrake.domain.conversation import TERMINAL_TOOL_CALL, PauseReason, title_from
from mandrake.domain.events import EphemeralEvent, session_topic
from mandrake.domain.ids import SessionId
from mandrake.domain.records import QuestionRecord, RoundRecord, ToolCallRecord, TurnRecord
from mandrake.domain.tools import JsonObject, ToolResult
from mandrake.domain.usage import sum_cost, sum_usage
from mandrake.errors import MandrakeError
from mandrake.persistence.stores.questions import QuestionStore
from mandrake.persistence.stores.rounds import RoundStore
from mandrake.persistence.stores.sessions import SessionStore
from mandrake.persistence.stores.tool_calls import ToolCallStore
from mandrake.persistence.stores.turns import TurnStore
from mandrake.providers.retry import RetryNotice, stream_with_retries
from mandrake.telemetry.logging import get_logger

_log = get_logger(__name__)


# ---- what comes next (pure) ----


@dataclass(frozen=True, slots=True)
class RoundState:
    """A round as stored."""

    record: RoundRecord
    turns: Sequence[TurnRecord]
    calls: Sequence[ToolCallRecord]
    """Of the last turn."""
    questions: Sequence[QuestionRecord]
    """Open ones of the round."""
    tools_ms: float = 0.0
    """Time of all tool calls of the round so far."""

    @property
    def unsettled(self) -> list[ToolCallRecord]:
        """Calls of the last turn that have no result yet."""
        return [call for call in self.calls if call.status not in TERMINAL_TOOL_CALL]

    @property
    def can_settle(self) -> list[ToolCallRecord]:
        """Unsettled calls that wait for nobody."""
        asked = {question.tool_call_id for question in self.questions}
        return [call for call in self.unsettled if call.id not in asked]


@dataclass(frozen=True, slots=True)
class Begin:
    """The round starts, or goes on after a wait."""


@dataclass(frozen=True, slots=True)
class Interrupt:
    """A turn was cut off by a crash: close it as it is."""

    turn: TurnRecord


@dataclass(frozen=True, slots=True)
class Settle:
    """Tool calls can be brought further."""

    calls: Sequence[ToolCallRecord]


@dataclass(frozen=True, slots=True)
class Wait:
    """Only a person can bring it further."""


@dataclass(frozen=True, slots=True)
class TakeTurn:
    """The model is called."""


@dataclass(frozen=True, slots=True)
class Complete:
    """The model is done."""


Step = Begin | Interrupt | Settle | Wait | TakeTurn | Complete


def next_step(state: RoundState) -> Step | None:
    """The one thing that comes next; None when the round is at rest."""
    status = state.record.status
    if status == "waiting" and not state.can_settle and state.unsettled:
        return None
    if status in ("queued", "waiting"):
        return Begin()
    if status != "running":
        return None
    if not state.turns:
        return TakeTurn()
    last = state.turns[-1]
    if last.status == "streaming":
        return Interrupt(last)
    if last.status != "completed":
        return TakeTurn()
    if state.can_settle:
        return Settle(state.can_settle)
    if state.unsettled:
        return Wait()
    return TakeTurn() if state.calls else Complete()


# ---- doing it ----


class TurnLoop:
    """Runs rounds of one scope."""

    def __init__(self, scope: RoundScope) -> None:
        self._scope = scope
        self._context = ContextBuilder(scope)
        self._tool_caller = ToolCaller(scope)

    async def run_round(self, round_id: str) -> None:
        """Bring a round as far as it goes. Safe to call again at any time, after any crash.

        A failure of the model or of ours ends the round as `failed` with its reason; only a
        database that can't be written raises.
        """
        while True:
            state = await self._read(round_id)
            step = next_step(state)
            if step is None:
                return
            try:
                await self._do(step, state)
            except MandrakeError as error:
                await self._fail(state, error)
            except Exception as error:  # noqa: BLE001 - a defect ends the round, not the server
                _log.exception("a round failed by a defect", round_id=round_id)
                defect = MandrakeError(
                    f"Mandrake itself failed: {type(error).__name__}.",
                    hint="The log has the details (`logs/` in the home folder). Try again.",
                )
                await self._fail(state, defect)

    async def _do(self, step: Step, state: RoundState) -> None:
        match step:
            case Begin():
                await self._begin(state)
            case Interrupt(turn=turn):
                await self._interrupt(turn)
            case Settle(calls=calls):
                await self._tool_caller.settle(calls)
            case Wait():
                await self._wait(state)
            case TakeTurn():
                await self._take_turn(state)
            case Complete():
                await self._complete(state)

    async def _read(self, round_id: str) -> RoundState:
        grant = self._scope.grant

        def query(connection: Connection) -> RoundState:
            turns = TurnStore(connection, grant).of_round(round_id)
            store = ToolCallStore(connection, grant)
            calls = store.of_turns([turn.id for turn in turns[-1:]])
            questions = QuestionStore(connection, grant).of_round(round_id)
            return RoundState(
                record=RoundStore(connection, grant).get(round_id),
                turns=turns,
                calls=calls.get(turns[-1].id, []) if turns else [],
                tools_ms=store.worked_ms(round_id),
                questions=[question for question in questions if question.status == "open"],
            )

        return await self._scope.database.read(query)

    async def _begin(self, state: RoundState) -> None:
        grant = self._scope.grant

        def unit(connection: Connection) -> None:
            RoundStore(connection, grant).set_status(state.record, "running")
            SessionStore(connection, grant).announce(state.record.session_id)

        await self._scope.database.write(unit)

    async def _interrupt(self, turn: TurnRecord) -> None:
        await self._scope.database.write(
            lambda connection: interrupt_turn(connection, self._scope, turn)
        )

    async def _wait(self, state: RoundState) -> None:
        grant = self._scope.grant
        ids: JsonObject = {"question_ids": [question.id for question in state.questions]}

        def unit(connection: Connection) -> None:
            rounds, sessions = RoundStore(connection, grant), SessionStore(connection, grant)
            rounds.set_status(state.record, "waiting", event=ids)
            give_title(sessions, rounds, state.record)

        await self._scope.database.write(unit)

    async def _complete(self, state: RoundState) -> None:
        grant = self._scope.grant
        usage = sum_usage(turn.usage for turn in state.turns)
        cost = sum_cost(turn.cost_usd for turn in state.turns)
        totals: JsonObject = {
            "usage": dict(usage.model_dump()),
            "cost_usd": None if cost is None else float(cost),
        }

        def unit(connection: Connection) -> None:
            rounds, sessions = RoundStore(connection, grant), SessionStore(connection, grant)
            rounds.set_status(state.record, "completed", event=totals)
            give_title(sessions, rounds, state.record)

        await self._scope.database.write(unit)

    async def _pause(self, state: RoundState, reason: PauseReason) -> None:
        grant = self._scope.grant

        def unit(connection: Connection) -> None:
            RoundStore(connection, grant).set_status(
                state.record, "paused", event={"reason": reason}, pause_reason=reason
            )
            SessionStore(connection, grant).announce(state.record.session_id)

        await self._scope.database.write(unit)

    async def _take_turn(self, state: RoundState) -> None:
        record = state.record
        reason = limit_met(record.limits, state.turns, state.tools_ms)
        if reason is not None:
            await self._pause(state, reason)
            return
        model = await self._scope.documents.resolve_model(record.model)
        context = await self._context.build(record, model)
        turn = await self._start_turn(record, model, context)
        stream = TurnStream(self._scope, turn, model, context.wire_tools)

        async def on_retry(notice: RetryNotice) -> None:
            self._retrying(turn, notice)

        events = stream_with_retries(model.provider, context.request, on_retry=on_retry)
        await stream.run(events)

    async def _start_turn(
        self, record: RoundRecord, model: ResolvedModel, context: BuiltContext
    ) -> TurnRecord:
        grant = self._scope.grant

        def unit(connection: Connection) -> TurnRecord:
            store = TurnStore(connection, grant)
            RoundStore(connection, grant).append_event(
                record,
                "context.built",
                {"tokens": context.tokens, "parts": list(context.manifest), "cache": None},
            )
            return store.start(
                record,
                provider=model.provider_id,
                provider_kind=model.provider_kind,
                model=model.model,
                manifest=list(context.manifest),
                wire_tools=context.wire_tools,
            )

        return await self._scope.database.write(unit)

    def _retrying(self, turn: TurnRecord, notice: RetryNotice) -> None:
        self._scope.hub.publish(
            EphemeralEvent(
                session_topic(SessionId(turn.session_id)),
                "turn.retrying",
                {
                    "session_id": turn.session_id,
                    "round_id": turn.round_id,
                    "turn_id": turn.id,
                    "attempt": notice.attempt,
                    "wait_seconds": notice.wait_seconds,
                    "max_attempts": notice.max_attempts,
                    "detail": notice.error.detail,
                },
            )
        )

    async def _fail(self, state: RoundState, error: MandrakeError) -> None:
        grant = self._scope.grant
        shown: JsonObject = {"code": error.code, "detail": error.detail, "hint": error.hint}

        def unit(connection: Connection) -> None:
            turns = TurnStore(connection, grant)
            for turn in turns.of_round(state.record.id):
                if turn.status == "streaming":
                    cancel_calls(connection, self._scope, turn, "the model call failed")
                    turns.fail(turn, shown)
            rounds, sessions = RoundStore(connection, grant), SessionStore(connection, grant)
            rounds.set_status(state.record, "failed", event=shown, error=shown)
            give_title(sessions, rounds, state.record)

        # The turn's last words were queued before this; the writer keeps the order.
        await self._scope.database.write(unit)


def interrupt_turn(connection: Connection, scope: RoundScope, turn: TurnRecord) -> None:
    """Close a turn that will not go on. Its tool calls never started and never will."""
    cancel_calls(connection, scope, turn, "the turn was interrupted")
    TurnStore(connection, scope.grant).interrupt(turn)


def cancel_calls(connection: Connection, scope: RoundScope, turn: TurnRecord, why: str) -> None:
    """End every unsettled call of a turn, with a result that says so."""
    calls = ToolCallStore(connection, scope.grant)
    for call in calls.of_turns([turn.id]).get(turn.id, []):
        if call.status in TERMINAL_TOOL_CALL:
            continue
        text = f"Not finished: {why}."
        if call.status == "sent":
            text += " It had been sent and may have taken effect."
        item: JsonObject = {"type": "text", "text": text}
        calls.finish(call, "cancelled", ToolResult(content=(item,), is_error=True))


def give_title(sessions: SessionStore, rounds: RoundStore, record: RoundRecord) -> None:
    """Name the session after its first request, once, and announce it."""
    if sessions.row(record.session_id)["title"] is None:
        text = "\n".join(str(item.get("text", "")) for item in rounds.request(record))
        sessions.change(record.session_id, title=title_from(text))
    else:
        sessions.announce(record.session_id)
