"""The parts of the API's answers that commands read. Further fields are ignored.

The server's own types are not used here: the command line is a client like any other, and
decoding into these costs no heavy import.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar, cast

import msgspec

JsonObject = dict[str, Any]  # what tools and events carry is theirs
T = TypeVar("T")


class Page(msgspec.Struct, Generic[T]):
    """One page of a list."""

    items: list[T]
    next_cursor: str | None = None


class FieldError(msgspec.Struct):
    path: str = ""
    message: str = ""


class Problem(msgspec.Struct):
    """An error of the API. Source: RFC 9457."""

    status: int = 0
    title: str = ""
    detail: str = ""
    code: str = ""
    hint: str | None = None
    errors: list[FieldError] | None = None


class WorkspaceSource(msgspec.Struct):
    kind: str = "empty"
    path: str | None = None
    url: str | None = None


class DocumentProblem(msgspec.Struct):
    code: str = ""
    detail: str = ""


class Workspace(msgspec.Struct):
    id: str
    name: str
    description: str = ""
    source: WorkspaceSource = msgspec.field(default_factory=WorkspaceSource)
    state: str = ""
    session_count: int | None = None
    created_at: str | None = None
    last_activity_at: str | None = None
    problems: list[DocumentProblem] = []


class Session(msgspec.Struct):
    id: str
    status: str
    title: str | None = None
    round_count: int = 0
    open_question_count: int = 0
    cost_usd: float | None = None
    head_round_id: str | None = None
    updated_at: str | None = None
    archived: bool = False


class ErrorInfo(msgspec.Struct):
    code: str = ""
    detail: str = ""
    hint: str | None = None


class TextItem(msgspec.Struct):
    type: str = "text"
    text: str = ""


class RoundRequest(msgspec.Struct):
    content: list[TextItem] = []


class Part(msgspec.Struct):
    index: int
    kind: str
    text: str | None = None
    tool_call_id: str | None = None
    server: str | None = None
    tool: str | None = None
    arguments: JsonObject | None = None
    status: str | None = None
    result: JsonObject | None = None
    is_error: bool | None = None
    duration_ms: float | None = None


class Turn(msgspec.Struct):
    id: str
    index: int
    status: str
    provider: str | None = None
    model: str | None = None
    error: ErrorInfo | None = None
    parts: list[Part] = []


class RoundResponse(msgspec.Struct):
    turns: list[Turn] = []


class Round(msgspec.Struct):
    id: str
    status: str
    session_id: str = ""
    pause_reason: str | None = None
    error: ErrorInfo | None = None
    request: RoundRequest = msgspec.field(default_factory=RoundRequest)
    response: RoundResponse = msgspec.field(default_factory=RoundResponse)
    created_at: str | None = None
    cost_usd: float | None = None


class RoundAccepted(msgspec.Struct):
    round_id: str


class WorkspaceRef(msgspec.Struct):
    id: str
    name: str


class Question(msgspec.Struct):
    id: str
    kind: str
    status: str
    session_id: str
    round_id: str
    workspace: WorkspaceRef | None = None
    subject: JsonObject = {}
    asked_at: str | None = None

    @property
    def tool(self) -> str:
        """The qualified name of what it is about."""
        return f"{self.subject.get('server', '?')}.{self.subject.get('tool', '?')}"

    @property
    def arguments(self) -> JsonObject:
        """What the tool would be, or was, called with."""
        found = self.subject.get("arguments")
        return cast("JsonObject", found) if isinstance(found, dict) else {}


class Event(msgspec.Struct):
    """One event of a session. `reset` means: read the rounds again and go on from `seq`."""

    type: str = ""
    seq: int | None = None
    round_id: str | None = None
    turn_id: str | None = None
    data: JsonObject = {}
    reset: bool = False


class Box(msgspec.Struct):
    kind: str = ""
    isolated: bool = False
    label: str = ""


class Review(msgspec.Struct):
    """What a definition that was not accepted yet would do."""

    hash: str = ""
    command: list[str] = []
    mounts: list[Any] = []
    network: str | None = None
    secrets: list[str] = []
    reason: str | None = None


class Server(msgspec.Struct):
    key: str
    status: str
    definition: JsonObject = {}
    enabled: bool = True
    review: Review | None = None
    box: Box | None = None
    pid: int | None = None
    uptime_seconds: float | None = None
    restart_count: int = 0
    last_error: str | None = None
    detail: str | None = None
    tool_count: int | None = None
    shipped: bool = False


class ServerLogLine(msgspec.Struct):
    at: str = ""
    stream: str = ""
    line: str = ""


class Method(msgspec.Struct):
    server: str
    tool: str
    qualified: str = ""
    description: str = ""
    effects: str = ""
    network: bool = False
    approval: str = ""


class CallResult(msgspec.Struct):
    content: list[JsonObject] = []
    structured_content: JsonObject | None = None
    is_error: bool = False
    duration_ms: float = 0.0


class KeyShown(msgspec.Struct):
    set: bool = False
    hint: str | None = None


class Provider(msgspec.Struct):
    id: str
    kind: str
    base_url: str | None = None
    api_key: KeyShown | None = None
    origin: str = ""


class OfferedModel(msgspec.Struct):
    name: str
    context_tokens: int | None = None
    tools: bool | None = None


class ProviderTrial(msgspec.Struct):
    ok: bool
    detail: str | None = None
    hint: str | None = None
    models: list[OfferedModel] = []
    duration_ms: float = 0.0


class Model(msgspec.Struct):
    key: str
    provider: str
    model: str
    enabled: bool = True
    active: bool = False
    origin: str = ""


class Secret(msgspec.Struct):
    name: str
    updated_at: str | None = None
    created_at: str | None = None
    hint: str | None = None


class Check(msgspec.Struct):
    name: str
    status: str
    detail: str = ""
    cure: str | None = None


class System(msgspec.Struct):
    version: str
    home: str = ""
    pid: int | None = None
    started_at: str | None = None
    checks: list[Check] = []
    rehearsal_active: bool = False
