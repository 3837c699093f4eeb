"""Session ⊃ Round ⊃ Request + Response ⊃ Turn ⊃ Part, in the shape the API shows.

States are closed sets; which change into which is in `TERMINAL_*` and in the stores that write
them. Text is in full here; the tables hold hashes of it.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, PlainSerializer

from mandrake.domain.tools import JsonObject
from mandrake.domain.usage import Usage

SessionStatus = Literal["idle", "running", "waiting", "paused"]
RoundStatus = Literal["queued", "running", "waiting", "paused", "completed", "stopped", "failed"]
TurnStatus = Literal["streaming", "completed", "interrupted", "failed"]
ToolCallStatus = Literal[
    "requested", "waiting", "sent", "done", "failed", "denied", "cancelled", "unknown"
]
PartKind = Literal["text", "thinking", "tool_call", "user_note"]
PauseReason = Literal["crash_loop", "stale", "limit_turns", "limit_tokens", "limit_time"]
QuestionKind = Literal["approval", "unknown_outcome"]
QuestionStatus = Literal["open", "answered", "cancelled"]

TERMINAL_ROUND = frozenset[str]({"completed", "stopped", "failed"})
UNFINISHED_ROUND = frozenset[str]({"queued", "running", "waiting"})
TERMINAL_TOOL_CALL = frozenset[str]({"done", "failed", "denied", "cancelled", "unknown"})

PREVIEW_BYTES = 8_192
"""Results above this size are shown as `{preview, blob_id, bytes}`."""

CostUsd = Annotated[
    Decimal | None,
    # The type is named for the schema, which would else call it a string.
    PlainSerializer(lambda cost: None if cost is None else float(cost), return_type=float | None),
]
"""US dollars; None when any price involved is unknown. A number on the wire."""


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class TextItem(_Shown):
    """Text a person wrote."""

    type: Literal["text"] = "text"
    text: str


class ErrorInfo(_Shown):
    """Why something failed: a stable code and a sentence with the next step."""

    code: str
    detail: str
    hint: str | None = None


class Limits(_Shown):
    """Bounds of one round; None is unbounded. Meeting one pauses the round."""

    max_turns: int | None = Field(default=50, ge=1)
    max_tokens: int | None = Field(default=None, ge=1)
    """Input and output of all turns of the round, as far as the provider reports them."""
    max_seconds: int | None = Field(default=3600, ge=1)
    """Time spent in models and tools; waiting for a person does not count."""


class Part(_Shown):
    """One piece of a turn, in stored order."""

    index: int
    kind: PartKind
    text: str | None = None
    """Text, thinking or a note; for an open part what is known so far."""
    is_open: bool = False
    """Whether more text is still to come."""
    tool_call_id: str | None = None
    server: str | None = None
    tool: str | None = None
    arguments: JsonObject | None = None
    """What will be or was sent: the person's version when they changed it."""
    status: ToolCallStatus | None = None
    result: JsonObject | None = None
    """`{content[], structured_content?}`, or `{preview, blob_id, bytes}` above 8 KB."""
    is_error: bool | None = None
    duration_ms: float | None = None
    question_id: str | None = None


class Turn(_Shown):
    """One model call."""

    id: str
    index: int
    status: TurnStatus
    provider: str
    model: str
    usage: Usage
    cost_usd: CostUsd
    finish_reason: str | None
    error: ErrorInfo | None = None
    started_at: datetime
    finished_at: datetime | None
    parts: list[Part]


class RequestView(_Shown):
    """What the person asked."""

    content: list[TextItem]


class ResponseView(_Shown):
    """What was answered: turns in order."""

    turns: list[Turn]


class Round(_Shown):
    """One request and its response."""

    id: str
    session_id: str
    status: RoundStatus
    pause_reason: PauseReason | None = None
    error: ErrorInfo | None = None
    parent_round_id: str | None
    sibling_ids: list[str]
    """Rounds with the same parent, this one included, oldest first."""
    model: str | None
    """Model key chosen for this round; None is the scope's active one."""
    limits: Limits
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    request: RequestView
    response: ResponseView
    usage: Usage
    cost_usd: CostUsd


class Session(_Shown):
    """A conversation."""

    id: str
    title: str | None
    """None until the first round made one or a person gave one."""
    tags: list[str]
    pinned: bool
    archived: bool
    overrides: JsonObject
    status: SessionStatus
    head_round_id: str | None
    round_count: int
    open_question_count: int
    usage: Usage
    cost_usd: CostUsd
    created_at: datetime
    updated_at: datetime


class WorkspaceRef(_Shown):
    """Which workspace something belongs to."""

    id: str
    name: str


class Question(_Shown):
    """Something that waits for a person."""

    id: str
    kind: QuestionKind
    status: QuestionStatus
    session_id: str
    round_id: str
    turn_id: str | None
    tool_call_id: str | None
    workspace: WorkspaceRef | None = None
    subject: JsonObject
    answer: JsonObject | None
    asked_at: datetime
    answered_at: datetime | None


def title_from(text: str, *, limit: int = 60) -> str:
    """A session's title from its first request: the first line, cut at a word."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    if len(line) <= limit:
        return line or "Untitled"
    cut = line[:limit].rsplit(" ", 1)[0].rstrip(",;:.")
    return f"{cut or line[:limit]}…"


def preview_result(result: JsonValue, blob: str, size_bytes: int) -> JsonObject:
    """The short form of a result above `PREVIEW_BYTES`."""
    text = ""
    if isinstance(result, dict):
        content = result.get("content")
        if isinstance(content, list):
            for item in content:
                if isinstance(item, dict) and item.get("type") == "text":
                    text += str(item.get("text", ""))
                if len(text) > PREVIEW_BYTES:
                    break
    return {"preview": text[: PREVIEW_BYTES // 2], "blob_id": blob, "bytes": size_bytes}
