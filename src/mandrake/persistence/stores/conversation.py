"""Rounds as the API shows them, put together from the rows of one session."""

from __future__ import annotations

from typing import cast

from mandrake.domain.conversation import (
    ErrorInfo,
    Part,
    RequestView,
    ResponseView,
    Round,
    TextItem,
    Turn,
)
from mandrake.domain.principals import Right
from mandrake.domain.records import PartRecord, RoundRecord, ToolCallRecord, TurnRecord
from mandrake.domain.usage import sum_cost, sum_usage
from mandrake.persistence.stores.base import ScopedStore
from mandrake.persistence.stores.questions import QuestionStore
from mandrake.persistence.stores.rounds import RoundStore
from mandrake.persistence.stores.tool_calls import ToolCallStore
from mandrake.persistence.stores.turns import TurnStore


class ConversationStore(ScopedStore):
    """Read-only: shows rounds with turns, parts, tool calls and their questions."""

    def rounds(self, records: list[RoundRecord]) -> list[Round]:
        """The records of one session as the API shows them, in the order given."""
        self.grant.require(Right.READ)
        if not records:
            return []
        store = RoundStore(self.connection, self.grant)
        parents = list({record.parent_round_id for record in records})
        siblings = store.children(records[0].session_id, parents)
        return [self._round(store, record, siblings[record.parent_round_id]) for record in records]

    def _round(self, store: RoundStore, record: RoundRecord, siblings: list[str]) -> Round:
        turns = self.turns(record)
        return Round.model_validate(
            {
                "id": record.id,
                "session_id": record.session_id,
                "status": record.status,
                "pause_reason": record.pause_reason,
                "error": record.error,
                "parent_round_id": record.parent_round_id,
                "sibling_ids": siblings,
                "model": record.model,
                "limits": record.limits,
                "created_at": record.created_at,
                "started_at": record.started_at,
                "finished_at": record.finished_at,
                "request": RequestView(
                    content=[TextItem.model_validate(item) for item in store.request(record)]
                ),
                "response": ResponseView(turns=turns),
                "usage": sum_usage(turn.usage for turn in turns),
                "cost_usd": sum_cost(turn.cost_usd for turn in turns),
            }
        )

    def turns(self, record: RoundRecord) -> list[Turn]:
        """The turns of a round with their parts."""
        turn_store = TurnStore(self.connection, self.grant)
        calls_store = ToolCallStore(self.connection, self.grant)
        turns = turn_store.of_round(record.id)
        ids = [turn.id for turn in turns]
        parts = turn_store.parts_of(ids)
        calls = {call.id: call for each in calls_store.of_turns(ids).values() for call in each}
        questions = {
            question.tool_call_id: question.id
            for question in QuestionStore(self.connection, self.grant).of_round(record.id)
            if question.status == "open"
        }
        return [
            _turn(
                turn,
                [
                    self._part(calls_store, part, calls.get(part.tool_call_id or ""), questions)
                    for part in parts.get(turn.id, [])
                ],
            )
            for turn in turns
        ]

    @staticmethod
    def _part(
        store: ToolCallStore,
        part: PartRecord,
        call: ToolCallRecord | None,
        questions: dict[str | None, str],
    ) -> Part:
        if part.kind != "tool_call" or call is None:
            return Part(
                index=part.part_index,
                kind=part.kind,
                text=part.text,
                is_open=part.is_open,
                tool_call_id=part.tool_call_id,
            )
        return Part(
            index=part.part_index,
            kind="tool_call",
            tool_call_id=call.id,
            server=call.server,
            tool=call.tool or call.wire_name,
            arguments=store.arguments(call),
            status=call.status,
            result=store.shown_result(call),
            is_error=call.is_error,
            duration_ms=call.duration_ms,
            question_id=questions.get(call.id),
        )


def _turn(turn: TurnRecord, parts: list[Part]) -> Turn:
    return Turn.model_validate(
        {
            "id": turn.id,
            "index": turn.turn_index,
            "status": turn.status,
            "provider": turn.provider,
            "model": turn.model,
            "usage": turn.usage,
            "cost_usd": turn.cost_usd,
            "finish_reason": turn.finish_reason,
            "error": None
            if turn.error is None
            else ErrorInfo.model_validate(cast("dict[str, object]", turn.error)),
            "started_at": turn.started_at,
            "finished_at": turn.finished_at,
            "parts": parts,
        }
    )
