"""Tool calls as a state machine: requested → (waiting →) sent → done, with every way out.

`sent` is the intent: it is committed before the call leaves. A result, an error or a refusal is
committed after. What is neither finished nor sent has had no effect.
"""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import RowMapping, func, select

from mandrake.domain.conversation import PREVIEW_BYTES, ToolCallStatus, preview_result
from mandrake.domain.events import session_topic
from mandrake.domain.ids import SessionId
from mandrake.domain.principals import Right
from mandrake.domain.records import ToolCallRecord, TurnRecord
from mandrake.domain.tools import Effects, JsonObject, JudgedEffects, ToolResult
from mandrake.errors import Conflict, NotFound
from mandrake.kit.canonical import canonical_bytes, digest
from mandrake.persistence import journal, schema
from mandrake.persistence.blobs import blob_id
from mandrake.persistence.stores.base import ScopedStore, now

_table = schema.tool_calls

_FROM: dict[str, frozenset[str]] = {
    "waiting": frozenset({"requested"}),
    "requested": frozenset({"waiting", "sent"}),
    "sent": frozenset({"requested", "waiting"}),
    "done": frozenset({"sent"}),
    "failed": frozenset({"requested", "waiting", "sent"}),
    "denied": frozenset({"requested", "waiting"}),
    "cancelled": frozenset({"requested", "waiting", "sent"}),
    "unknown": frozenset({"sent"}),
}
"""Legal states before each state."""


class ToolCallStore(ScopedStore):
    """Rows of `tool_calls` in the grant's scope."""

    def create(
        self,
        turn: TurnRecord,
        call_id: str,
        *,
        part_index: int,
        provider_call_id: str,
        wire_name: str,
        target: tuple[str, str] | None,
        arguments: JsonObject,
    ) -> None:
        """Record what the model asked for, before anything is decided about it."""
        session_id = SessionId(turn.session_id)
        arguments_hash = self.blobs.put_value(arguments, session_id)
        server, tool = target or (None, None)
        self._insert(
            _table,
            id=call_id,
            session_id=session_id,
            round_id=turn.round_id,
            turn_id=turn.id,
            part_index=part_index,
            provider_call_id=provider_call_id,
            wire_name=wire_name,
            server=server,
            tool=tool,
            requested_arguments_hash=arguments_hash,
            arguments_hash=arguments_hash,
            argument_digest=digest(arguments),
            status="requested",
            idempotency_key=call_id,
            requested_at=now(),
        )
        self._append(
            self.get(call_id),
            "tool.requested",
            {
                "index": part_index,
                "server": server,
                "tool": tool or wire_name,
                "arguments_hash": arguments_hash,
            },
            {"arguments": arguments},
        )

    def get(self, call_id: str) -> ToolCallRecord:
        """One call.

        Raises:
            NotFound: It isn't in this scope.
        """
        row = self._row(_table, _table.c.id == call_id)
        if row is None:
            raise NotFound(f"There is no tool call `{call_id}` here.")
        return _record(row)

    def of_turns(self, turn_ids: list[str]) -> dict[str, list[ToolCallRecord]]:
        """Calls in part order, by turn."""
        by_turn: dict[str, list[ToolCallRecord]] = {}
        rows = self._rows(_table, _table.c.turn_id.in_(turn_ids), order_by=_table.c.part_index)
        for row in rows:
            by_turn.setdefault(row["turn_id"], []).append(_record(row))
        return by_turn

    def worked_ms(self, round_id: str) -> float:
        """Time of all finished calls of a round, added up."""
        query = select(func.sum(_table.c.duration_ms)).where(
            _table.c.scope_id == self.grant.scope_id, _table.c.round_id == round_id
        )
        return float(self.connection.execute(query).scalar_one() or 0.0)

    def arguments(self, call: ToolCallRecord) -> JsonObject:
        """What is or was to be sent."""
        return cast("JsonObject", self.blobs.value(call.arguments_hash))

    def requested_arguments(self, call: ToolCallRecord) -> JsonObject:
        """What the model asked for."""
        return cast("JsonObject", self.blobs.value(call.requested_arguments_hash))

    def result(self, call: ToolCallRecord) -> JsonObject | None:
        """`{content[], structured_content?}` in full, or None without one."""
        if call.result_hash is None:
            return None
        return cast("JsonObject", self.blobs.value(call.result_hash))

    def shown_result(self, call: ToolCallRecord) -> JsonObject | None:
        """The result as the API shows it: in full, or as a preview above 8 KB."""
        if call.result_hash is None:
            return None
        content, _ = self.blobs.get(call.result_hash)
        value = self.result(call)
        if len(content) <= PREVIEW_BYTES:
            return value
        return preview_result(value, blob_id(call.result_hash), len(content))

    def judge(self, call: ToolCallRecord, effects: JudgedEffects, definition_hash: str) -> None:
        """Keep what the call was judged to do; recovery relies on it."""
        self._update(
            _table,
            _table.c.id == call.id,
            effects=effects.effects.value,
            network=int(effects.network),
            definition_hash=definition_hash,
        )

    def replace_arguments(self, call: ToolCallRecord, arguments: JsonObject) -> ToolCallRecord:
        """The person's version of the arguments; the model's is kept beside it."""
        self._update(
            _table,
            _table.c.id == call.id,
            arguments_hash=self.blobs.put_value(arguments, SessionId(call.session_id)),
            argument_digest=digest(arguments),
        )
        return self.get(call.id)

    def move(self, call: ToolCallRecord, status: ToolCallStatus) -> ToolCallRecord:
        """Change to a state that isn't an end: waiting, requested, sent.

        Raises:
            Conflict: Not legal from the stored state.
        """
        self.grant.require(Right.CONVERSE)
        values: dict[str, Any] = {"status": status}
        if status == "sent":
            values["sent_at"] = now()
        self._transition(call, status, values)
        moved = self.get(call.id)
        if status == "sent":
            arguments = self.arguments(moved)
            self._append(
                moved,
                "tool.started",
                {"arguments_hash": moved.arguments_hash},
                {"arguments": arguments},
            )
        return moved

    def finish(
        self, call: ToolCallRecord, status: ToolCallStatus, result: ToolResult
    ) -> ToolCallRecord:
        """End the call with what the model will be told; the result is never missing."""
        self.grant.require(Right.CONVERSE)
        value: JsonObject = {"content": [dict(item) for item in result.content]}
        if result.structured_content is not None:
            value["structured_content"] = result.structured_content
        result_hash = self.blobs.put_value(value, SessionId(call.session_id))
        self._transition(
            call,
            status,
            {
                "status": status,
                "result_hash": result_hash,
                "is_error": int(result.is_error),
                "duration_ms": result.duration_ms or None,
                "finished_at": now(),
            },
        )
        finished = self.get(call.id)
        size_bytes = len(canonical_bytes(value))
        shown = (
            value
            if size_bytes <= PREVIEW_BYTES
            else preview_result(value, blob_id(result_hash), size_bytes)
        )
        self._append(
            finished,
            "tool.completed",
            {
                "status": status,
                "is_error": result.is_error,
                "duration_ms": finished.duration_ms,
                "result_hash": result_hash,
            },
            {"result": shown},
        )
        return finished

    def _transition(
        self, call: ToolCallRecord, status: ToolCallStatus, values: dict[str, Any]
    ) -> None:
        changed = self._update(
            _table, _table.c.id == call.id, _table.c.status.in_(_FROM[status]), **values
        )
        if changed != 1:
            state = self.get(call.id).status
            raise Conflict(f"The tool call `{call.id}` is `{state}` and can't become `{status}`.")

    def _append(
        self, call: ToolCallRecord, type_: str, data: JsonObject, transient: JsonObject
    ) -> None:
        journal.append(
            self.connection,
            self.grant,
            topic=session_topic(SessionId(call.session_id)),
            type=type_,
            data={
                "session_id": call.session_id,
                "round_id": call.round_id,
                "turn_id": call.turn_id,
                "tool_call_id": call.id,
                **data,
            },
            transient=transient,
        )


def _record(row: RowMapping) -> ToolCallRecord:
    effects, network, is_error = row["effects"], row["network"], row["is_error"]
    return ToolCallRecord(
        id=row["id"],
        session_id=row["session_id"],
        round_id=row["round_id"],
        turn_id=row["turn_id"],
        part_index=row["part_index"],
        provider_call_id=row["provider_call_id"],
        wire_name=row["wire_name"],
        server=row["server"],
        tool=row["tool"],
        requested_arguments_hash=row["requested_arguments_hash"],
        arguments_hash=row["arguments_hash"],
        argument_digest=row["argument_digest"],
        definition_hash=row["definition_hash"],
        effects=None if effects is None else Effects(effects),
        network=None if network is None else bool(network),
        status=row["status"],
        idempotency_key=row["idempotency_key"],
        sent_at=row["sent_at"],
        finished_at=row["finished_at"],
        duration_ms=row["duration_ms"],
        result_hash=row["result_hash"],
        is_error=None if is_error is None else bool(is_error),
    )
