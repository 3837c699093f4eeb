"""Stored rows that the coordinator works with; narrower and flatter than what the API shows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pydantic import JsonValue

from mandrake.domain.conversation import (
    Limits,
    PartKind,
    PauseReason,
    QuestionKind,
    QuestionStatus,
    RoundStatus,
    ToolCallStatus,
    TurnStatus,
)
from mandrake.domain.tools import Effects, JsonObject
from mandrake.domain.usage import UnitPrices, Usage


@dataclass(frozen=True, slots=True)
class RoundRecord:
    """One row of `rounds`."""

    id: str
    session_id: str
    parent_round_id: str | None
    status: RoundStatus
    pause_reason: PauseReason | None
    error: JsonObject | None
    request_hash: str
    model: str | None
    limits: Limits
    resume_count: int
    resume_turn_count: int
    created_at: str
    started_at: str | None
    finished_at: str | None


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """One row of `turns`."""

    id: str
    session_id: str
    round_id: str
    turn_index: int
    status: TurnStatus
    provider: str
    provider_kind: str
    model: str
    usage: Usage
    cost_usd: Decimal | None
    finish_reason: str | None
    error: JsonObject | None
    started_at: str
    finished_at: str | None


@dataclass(frozen=True, slots=True)
class PartRecord:
    """One row of `parts`; `text` is resolved from its blob or draft."""

    turn_id: str
    part_index: int
    kind: PartKind
    text: str | None
    is_open: bool
    signature: str | None
    tool_call_id: str | None


@dataclass(frozen=True, slots=True)
class ToolCallRecord:
    """One row of `tool_calls`."""

    id: str
    session_id: str
    round_id: str
    turn_id: str
    part_index: int
    provider_call_id: str
    wire_name: str
    server: str | None
    tool: str | None
    requested_arguments_hash: str
    arguments_hash: str
    argument_digest: str
    definition_hash: str | None
    effects: Effects | None
    network: bool | None
    status: ToolCallStatus
    idempotency_key: str
    sent_at: str | None
    finished_at: str | None
    duration_ms: float | None
    result_hash: str | None
    is_error: bool | None

    @property
    def repeatable(self) -> bool:
        """Whether the call may be sent again when its outcome is unknown."""
        return self.effects in (Effects.READ, Effects.IDEMPOTENT)


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """One row of `questions`, with its subject and answer."""

    id: str
    session_id: str
    round_id: str
    turn_id: str | None
    tool_call_id: str | None
    kind: QuestionKind
    status: QuestionStatus
    subject: JsonObject
    answer: JsonObject | None
    argument_digest: str | None
    definition_hash: str | None
    asked_at: str
    answered_at: str | None


@dataclass(frozen=True, slots=True)
class TurnOutcome:
    """What is known of a turn when it ends, however it ends."""

    usage: Usage
    cost_usd: Decimal | None
    unit_prices: UnitPrices | None
    finish_reason: str | None
    body_sha256: str | None
    adapter: str | None


RequestContent = list[dict[str, JsonValue]]
