"""Bounds: what fits a model's window, and when a round has used up its limits. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from mandrake.coordinator.history import RoundTranscript
from mandrake.domain.conversation import Limits, PauseReason
from mandrake.domain.records import TurnRecord
from mandrake.kit.clock import parse_instant

WINDOW_SHARE = 0.9
"""Of the context window; the rest is left for the answer and for our estimate being off."""


def trim_rounds(
    rounds: Sequence[RoundTranscript],
    sizes_tokens: Sequence[int],
    *,
    fixed_tokens: int,
    window_tokens: int | None,
) -> list[RoundTranscript]:
    """Drop whole rounds from the oldest until the rest fits. The newest always stays."""
    kept = list(rounds)
    if window_tokens is None:
        return kept
    total = fixed_tokens + sum(sizes_tokens)
    sizes = list(sizes_tokens)
    while len(kept) > 1 and total > window_tokens * WINDOW_SHARE:
        total -= sizes.pop(0)
        kept.pop(0)
    return kept


def worked_seconds(turns: Sequence[TurnRecord], tools_ms: float) -> float:
    """Time spent in models and tools; waiting for a person, and rest, do not count."""
    spans = (
        parse_instant(turn.finished_at) - parse_instant(turn.started_at)
        for turn in turns
        if turn.finished_at is not None
    )
    return sum(span.total_seconds() for span in spans) + tools_ms / 1000


def limit_met(limits: Limits, turns: Sequence[TurnRecord], tools_ms: float) -> PauseReason | None:
    """The first limit that forbids another turn. `tools_ms` is the time of all tool calls."""
    if limits.max_turns is not None and len(turns) >= limits.max_turns:
        return "limit_turns"
    used = sum((turn.usage.input_tokens or 0) + (turn.usage.output_tokens or 0) for turn in turns)
    if limits.max_tokens is not None and used >= limits.max_tokens:
        return "limit_tokens"
    if limits.max_seconds is not None and worked_seconds(turns, tools_ms) >= limits.max_seconds:
        return "limit_time"
    return None
