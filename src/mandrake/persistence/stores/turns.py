"""Turns and their parts: one model call, its text and where its tool calls stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import JsonValue
from sqlalchemy import RowMapping

from mandrake.domain.conversation import PartKind
from mandrake.domain.events import session_topic
from mandrake.domain.ids import SessionId, new_id
from mandrake.domain.principals import Right
from mandrake.domain.records import PartRecord, RoundRecord, TurnOutcome, TurnRecord
from mandrake.domain.tools import JsonObject
from mandrake.domain.usage import USAGE_FIELDS, Usage
from mandrake.persistence import journal, schema
from mandrake.persistence.stores.base import ScopedStore, now

_turns = schema.turns
_parts = schema.parts
_drafts = schema.part_drafts


@dataclass(frozen=True, slots=True)
class Draft:
    """A stretch of an open part's text, to be saved."""

    part_index: int
    piece_index: int
    """Counts the stretches of one part, from 0."""
    text: str


class TurnStore(ScopedStore):
    """Rows of `turns` and `parts` in the grant's scope."""

    def start(
        self,
        record: RoundRecord,
        *,
        provider: str,
        provider_kind: str,
        model: str,
        manifest: JsonValue,
        wire_tools: Mapping[str, tuple[str, str]],
    ) -> TurnRecord:
        """Open the next turn of a round."""
        self.grant.require(Right.CONVERSE)
        turn_id = new_id("trn")
        index = len(self.of_round(record.id))
        self._insert(
            _turns,
            id=turn_id,
            session_id=record.session_id,
            round_id=record.id,
            turn_index=index,
            status="streaming",
            provider=provider,
            provider_kind=provider_kind,
            model=model,
            manifest_hash=self.blobs.put_value(manifest, SessionId(record.session_id)),
            wire_tools={name: list(tool) for name, tool in wire_tools.items()},
            started_at=now(),
        )
        turn = self.get(turn_id)
        self.append_event(
            turn, "turn.started", {"index": index, "model": model, "provider": provider}
        )
        return turn

    def get(self, turn_id: str) -> TurnRecord:
        """One turn; the caller knows that it exists."""
        row = self._row(_turns, _turns.c.id == turn_id)
        if row is None:
            raise LookupError(turn_id)
        return _turn(row)

    def of_round(self, round_id: str) -> list[TurnRecord]:
        """Turns of a round in order."""
        rows = self._rows(_turns, _turns.c.round_id == round_id, order_by=_turns.c.turn_index)
        return [_turn(row) for row in rows]

    def of_session(self, session_id: str) -> dict[str, list[TurnRecord]]:
        """Turns in order, by round."""
        by_round: dict[str, list[TurnRecord]] = {}
        rows = self._rows(_turns, _turns.c.session_id == session_id, order_by=_turns.c.turn_index)
        for row in rows:
            by_round.setdefault(row["round_id"], []).append(_turn(row))
        return by_round

    def complete(self, turn: TurnRecord, outcome: TurnOutcome) -> None:
        """The turn ended well."""
        self.save_outcome(turn, outcome)
        self._update(_turns, _turns.c.id == turn.id, status="completed", finished_at=now())
        cost = None if outcome.cost_usd is None else float(outcome.cost_usd)
        self.append_event(
            turn,
            "turn.completed",
            {
                "usage": outcome.usage.model_dump(),
                "cost_usd": cost,
                "finish_reason": outcome.finish_reason,
            },
        )

    def save_outcome(self, turn: TurnRecord, outcome: TurnOutcome) -> None:
        """Keep what is known of a turn, without ending it."""
        prices = outcome.unit_prices
        self._update(
            _turns,
            _turns.c.id == turn.id,
            finish_reason=outcome.finish_reason,
            cost_usd=None if outcome.cost_usd is None else str(outcome.cost_usd),
            unit_prices=None if prices is None else prices.model_dump(mode="json"),
            body_sha256=outcome.body_sha256,
            adapter=outcome.adapter,
            **{name: getattr(outcome.usage, name) for name in USAGE_FIELDS},
        )

    def close_open_parts(self, turn: TurnRecord) -> None:
        """Complete what a crash or a stop left open, with the text that was saved."""
        for part in self.parts_of([turn.id]).get(turn.id, []):
            if part.is_open:
                self.complete_part(turn, part.part_index, part.kind, part.text or "")

    def interrupt(self, turn: TurnRecord) -> None:
        """The turn will not go on; its text and usage stay as they were saved."""
        self.close_open_parts(turn)
        self._update(_turns, _turns.c.id == turn.id, status="interrupted", finished_at=now())
        self.append_event(turn, "turn.interrupted", {})

    def fail(self, turn: TurnRecord, error: JsonObject) -> None:
        """The model call failed; its text and usage stay as they were saved."""
        self.close_open_parts(turn)
        self._update(
            _turns, _turns.c.id == turn.id, status="failed", error=error, finished_at=now()
        )
        self.append_event(turn, "turn.failed", error)

    # ---- parts ----

    def start_part(
        self, turn: TurnRecord, index: int, kind: PartKind, tool_call_id: str | None = None
    ) -> None:
        """Open a part."""
        self._insert(
            _parts, turn_id=turn.id, part_index=index, kind=kind, tool_call_id=tool_call_id
        )
        data: JsonObject = {"index": index, "kind": kind}
        if tool_call_id is not None:
            data["tool_call_id"] = tool_call_id
        self.append_event(turn, "part.started", data)

    def checkpoint(self, turn: TurnRecord, drafts: Sequence[Draft]) -> None:
        """Save what came since the last checkpoint. No event: this is for crashes only."""
        for draft in drafts:
            self._insert(
                _drafts,
                turn_id=turn.id,
                part_index=draft.part_index,
                piece_index=draft.piece_index,
                text=draft.text,
            )

    def complete_part(
        self,
        turn: TurnRecord,
        index: int,
        kind: PartKind,
        text: str | None,
        *,
        signature: str | None = None,
    ) -> None:
        """Close a part with its whole text (raw arguments for a tool call)."""
        digest = None if text is None else self.blobs.put_text(text, SessionId(turn.session_id))
        self._update(
            _parts,
            _parts.c.turn_id == turn.id,
            _parts.c.part_index == index,
            text_hash=digest,
            signature=signature,
            completed_at=now(),
        )
        self.connection.execute(
            _drafts.delete().where(_drafts.c.turn_id == turn.id, _drafts.c.part_index == index)
        )
        shown = kind != "tool_call"
        journal.append(
            self.connection,
            self.grant,
            topic=session_topic(SessionId(turn.session_id)),
            type="part.completed",
            data={**_refs(turn), "index": index, "kind": kind, "text_hash": digest},
            transient={"text": text} if shown else {},
        )

    def parts_of(self, turn_ids: list[str]) -> dict[str, list[PartRecord]]:
        """Parts in order, by turn, with their text."""
        by_turn: dict[str, list[PartRecord]] = {}
        rows = self._rows(_parts, _parts.c.turn_id.in_(turn_ids), order_by=_parts.c.part_index)
        for row in rows:
            by_turn.setdefault(row["turn_id"], []).append(self._part(row))
        return by_turn

    def _part(self, row: RowMapping) -> PartRecord:
        digest = row["text_hash"]
        return PartRecord(
            turn_id=row["turn_id"],
            part_index=row["part_index"],
            kind=row["kind"],
            text=self._draft(row) if digest is None else self.blobs.text(digest),
            is_open=row["completed_at"] is None,
            signature=row["signature"],
            tool_call_id=row["tool_call_id"],
        )

    def _draft(self, row: RowMapping) -> str | None:
        """The saved text of an open part; None when nothing was saved."""
        pieces = self._rows(
            _drafts,
            _drafts.c.turn_id == row["turn_id"],
            _drafts.c.part_index == row["part_index"],
            order_by=_drafts.c.piece_index,
        )
        return "".join(piece["text"] for piece in pieces) if pieces else None

    def append_event(self, turn: TurnRecord, type_: str, data: Mapping[str, JsonValue]) -> None:
        """An event about this turn on its session's topic."""
        journal.append(
            self.connection,
            self.grant,
            topic=session_topic(SessionId(turn.session_id)),
            type=type_,
            data={**_refs(turn), **data},
        )


def _refs(turn: TurnRecord) -> JsonObject:
    return {"session_id": turn.session_id, "round_id": turn.round_id, "turn_id": turn.id}


def _turn(row: RowMapping) -> TurnRecord:
    usage: dict[str, Any] = {name: row[name] for name in USAGE_FIELDS}
    return TurnRecord(
        id=row["id"],
        session_id=row["session_id"],
        round_id=row["round_id"],
        turn_index=row["turn_index"],
        status=row["status"],
        provider=row["provider"],
        provider_kind=row["provider_kind"],
        model=row["model"],
        usage=Usage.model_validate(usage),
        cost_usd=None if row["cost_usd"] is None else Decimal(row["cost_usd"]),
        finish_reason=row["finish_reason"],
        error=row["error"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
    )
