"""The wire events as models: what the OpenAPI document says, and what tests hold them to.

Clients ignore types and fields they do not know, so further ones may come.
"""

from __future__ import annotations

from typing import Annotated, Any, Generic, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from mandrake.api.errors import Problem
from mandrake.domain.conversation import (
    PartKind,
    PauseReason,
    Question,
    QuestionStatus,
    Round,
    Session,
    ToolCallStatus,
)
from mandrake.domain.tools import JsonObject, ServerState
from mandrake.domain.usage import Usage

T = TypeVar("T")
D = TypeVar("D")


class _Data(BaseModel):
    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)


class Envelope(BaseModel, Generic[T, D]):
    """What every event has."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    topic: str
    seq: int | None = None
    """Only durable events have one: per topic, dense, never reused."""
    type: T
    v: int
    at: str
    session_id: str | None = None
    round_id: str | None = None
    turn_id: str | None = None
    data: D

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """`session.updated` is `SessionUpdatedEvent` in the schema."""
        words = str(get_args(params[0])[0]).replace(".", "_").split("_")
        return "".join(word.capitalize() for word in words) + "Event"


class NoData(_Data):
    """Nothing beside the envelope."""


class SessionData(_Data):
    """A session as it is now."""

    session: Session | None = None


class RoundData(_Data):
    """A round as it was queued."""

    round: Round | None = None


class ContextPart(_Data):
    """One part of what was sent to the model."""

    name: str
    tokens: int | None = None


class ContextData(_Data):
    """What the next turn sends."""

    tokens: int | None
    parts: list[ContextPart]
    cache: JsonValue = None


class TurnStartedData(_Data):
    """A model call begins."""

    index: int
    model: str
    provider: str


class PartStartedData(_Data):
    """A part of the answer begins."""

    index: int
    kind: PartKind
    tool_call_id: str | None = None


class PartDeltaData(_Data):
    """More text of an open part."""

    turn_id: str
    index: int
    kind: PartKind
    offset: int
    """UTF-16 code units before this text; a client drops what it already has."""
    text: str


class PartSnapshotData(_Data):
    """The whole text so far of an open part."""

    turn_id: str
    index: int
    kind: PartKind
    text: str


class PartCompletedData(_Data):
    """A part is complete; text, thinking and notes come in full."""

    index: int
    kind: PartKind
    text: str | None = None


class ToolRequestedData(_Data):
    """The model asks for a tool call."""

    tool_call_id: str
    index: int
    server: str | None
    tool: str
    arguments: JsonObject | None = None


class ToolStartedData(_Data):
    """A call was sent, with these arguments."""

    tool_call_id: str
    arguments: JsonObject | None = None


class ToolProgressData(_Data):
    """What a server says while it works."""

    tool_call_id: str
    progress: float
    total: float | None = None
    message: str | None = None


class ToolCompletedData(_Data):
    """A call ended."""

    tool_call_id: str
    status: ToolCallStatus
    is_error: bool
    duration_ms: float | None = None
    result: JsonObject | None = None


class QuestionAskedData(_Data):
    """Something waits for a person."""

    question: Question | None = None


class QuestionResolvedData(_Data):
    """It was answered, or is not needed any more."""

    question_id: str
    status: QuestionStatus
    answer: JsonObject | None = None


class TotalsData(_Data):
    """Tokens and cost."""

    usage: Usage
    cost_usd: float | None


class TurnCompletedData(TotalsData):
    """A model call ended well."""

    finish_reason: str | None


class StartingServer(_Data):
    """A server that is not ready yet."""

    server: str
    detail: str | None
    """What it is doing: `installing …`; null while it merely starts."""


class ServersWaitingData(_Data):
    """A round waits for tool servers that are starting."""

    servers: list[StartingServer]


class TurnRetryingData(_Data):
    """A model call failed and is tried again."""

    attempt: int
    max_attempts: int
    wait_seconds: float
    detail: str


class FailureData(_Data):
    """Why it failed."""

    code: str
    detail: str
    hint: str | None = None


class RoundWaitingData(_Data):
    """The round waits for answers."""

    question_ids: list[str]


class RoundPausedData(_Data):
    """The round rests until someone continues it."""

    reason: PauseReason


class DocumentChangedData(_Data):
    """A document has another revision."""

    name: str
    revision: str


class SessionDeletedData(_Data):
    """A session is gone; its id stands in the envelope."""


class WorkspaceData(_Data):
    """A workspace was made, changed or removed."""

    workspace_id: str | None = None


class ServerStatusData(_Data):
    """A tool server changed its state."""

    server: str
    status: ServerState
    detail: str | None = None
    last_error: str | None = None
    tool_count: int | None = None


class ToolsChangedData(_Data):
    """A server offers other tools than before."""

    server: str


class ServerLogData(_Data):
    """A line of a server's output."""

    server: str
    stream: str
    line: str
    at: str


Event = Annotated[
    Envelope[Literal["session.created"], SessionData]
    | Envelope[Literal["session.updated"], SessionData]
    | Envelope[Literal["session.deleted"], SessionDeletedData]
    | Envelope[Literal["round.queued"], RoundData]
    | Envelope[Literal["round.removed"], NoData]
    | Envelope[Literal["round.started"], NoData]
    | Envelope[Literal["round.waiting"], RoundWaitingData]
    | Envelope[Literal["round.paused"], RoundPausedData]
    | Envelope[Literal["round.completed"], TotalsData]
    | Envelope[Literal["round.stopped"], NoData]
    | Envelope[Literal["round.failed"], FailureData]
    | Envelope[Literal["context.built"], ContextData]
    | Envelope[Literal["servers.waiting"], ServersWaitingData]
    | Envelope[Literal["turn.started"], TurnStartedData]
    | Envelope[Literal["turn.retrying"], TurnRetryingData]
    | Envelope[Literal["turn.completed"], TurnCompletedData]
    | Envelope[Literal["turn.interrupted"], NoData]
    | Envelope[Literal["turn.failed"], FailureData]
    | Envelope[Literal["part.started"], PartStartedData]
    | Envelope[Literal["part.delta"], PartDeltaData]
    | Envelope[Literal["part.snapshot"], PartSnapshotData]
    | Envelope[Literal["part.completed"], PartCompletedData]
    | Envelope[Literal["tool.requested"], ToolRequestedData]
    | Envelope[Literal["tool.started"], ToolStartedData]
    | Envelope[Literal["tool.progress"], ToolProgressData]
    | Envelope[Literal["tool.completed"], ToolCompletedData]
    | Envelope[Literal["question.asked"], QuestionAskedData]
    | Envelope[Literal["question.resolved"], QuestionResolvedData]
    | Envelope[Literal["document.changed"], DocumentChangedData]
    | Envelope[Literal["workspace.created"], WorkspaceData]
    | Envelope[Literal["workspace.updated"], WorkspaceData]
    | Envelope[Literal["workspace.deleted"], WorkspaceData]
    | Envelope[Literal["server.status"], ServerStatusData]
    | Envelope[Literal["server.log"], ServerLogData]
    | Envelope[Literal["tools.changed"], ToolsChangedData],
    Field(discriminator="type"),
]


class EventsFrame(BaseModel):
    """Events of a topic, in order."""

    topic: str
    events: list[Event]


class ResetFrame(BaseModel):
    """The cursor can't be served: read the rounds again and go on from `seq`."""

    topic: str
    reset: Literal[True]
    seq: int


class ErrorFrame(BaseModel):
    """A message could not be carried out, or a topic can't be followed."""

    topic: str | None = None
    error: Problem


class PongFrame(BaseModel):
    """The answer to `ping`."""

    op: Literal["pong"]


ServerFrame = EventsFrame | ResetFrame | ErrorFrame | PongFrame
"""What the server sends on `/api/v1/stream`."""
