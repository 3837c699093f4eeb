"""The provider port: one request, one stream of events, the same for every wire protocol.

Owns the neutral messages a model is given and the events it answers with. Deliberately does not
know workspaces, documents, storage or MCP: tools are names and schemas, images are bytes.

An adapter turns a `ModelRequest` into its wire form, streams `ModelEvent`s in order and raises
`ProviderError` for failures. It never retries by itself: that is `providers.retry`, before the
first visible event. Leaving the stream (closing the generator) closes the upstream socket.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, Protocol

from pydantic import JsonValue

from mandrake.domain.usage import Usage
from mandrake.errors import ProviderUnavailable

FinishReason = Literal["stop", "tool_calls", "length", "content_filter", "other"]
ProviderFailure = Literal[
    "network",
    "authentication",
    "permission",
    "model_not_found",
    "rate_limit",
    "overloaded",
    "context_length",
    "bad_request",
    "server",
    "timeout",
    "protocol",
]


@dataclass(frozen=True, slots=True)
class TextContent:
    """Plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class ImageContent:
    """An image a person attached."""

    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class UserMessage:
    """What the person (or a note of theirs) said."""

    content: tuple[TextContent | ImageContent, ...]


@dataclass(frozen=True, slots=True)
class ThinkingContent:
    """Thinking of an earlier turn. `signature` is opaque and goes back unchanged, to the same
    provider kind only.
    """

    text: str
    signature: str | None = None


@dataclass(frozen=True, slots=True)
class ToolCallContent:
    """A call the model made in an earlier turn. `arguments` is a JSON object."""

    call_id: str
    wire_name: str
    arguments: dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class AssistantMessage:
    """What the model said in one earlier turn, parts in order."""

    content: tuple[TextContent | ThinkingContent | ToolCallContent, ...]


@dataclass(frozen=True, slots=True)
class ToolResultMessage:
    """The answer to one tool call. Follows the assistant message that made the call."""

    call_id: str
    wire_name: str
    text: str
    is_error: bool = False


Message = UserMessage | AssistantMessage | ToolResultMessage


@dataclass(frozen=True, slots=True)
class WireTool:
    """A tool as offered to a model. `name` is the wire name (`server__tool`)."""

    name: str
    description: str
    input_schema: dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """What a person may set for a model; None leaves it to the provider."""

    temperature: float | None = None
    max_output_tokens: int | None = None
    reasoning: Literal["off", "low", "medium", "high"] | None = None
    extra: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    """Sent as they are, for fields of one provider; they never override the fields above."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds. `idle` is the longest silence between two events of a running stream."""

    connect_seconds: float = 10.0
    first_event_seconds: float = 120.0
    idle_seconds: float = 120.0


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One model call. `messages` are valid: every tool call is answered, roles are in order."""

    model: str
    """The provider's own name of the model."""
    instructions: str
    messages: tuple[Message, ...]
    tools: tuple[WireTool, ...] = ()
    settings: ModelSettings = field(default_factory=ModelSettings)
    deadlines: Deadlines = field(default_factory=Deadlines)


@dataclass(frozen=True, slots=True)
class RequestSent:
    """First event: the body is on its way. `body_sha256` is of the exact bytes sent."""

    body_sha256: str
    adapter: str
    """Name and version of the adapter: `openai_chat/1`."""


@dataclass(frozen=True, slots=True)
class PartStarted:
    """A part opens. Indexes count from 0 and only grow; parts may interleave."""

    index: int
    kind: Literal["text", "thinking", "tool_call"]
    call_id: str | None = None
    """The provider's id of a tool call; adapters make one when the wire has none."""
    wire_name: str | None = None


@dataclass(frozen=True, slots=True)
class PartDelta:
    """More text of an open part; for a tool call, a piece of its arguments' JSON."""

    index: int
    text: str


@dataclass(frozen=True, slots=True)
class PartCompleted:
    """A part is whole. `signature` belongs to thinking."""

    index: int
    signature: str | None = None


@dataclass(frozen=True, slots=True)
class UsageReported:
    """Usage so far; a later report replaces an earlier one."""

    usage: Usage
    provider_cost_usd: Decimal | None = None
    """The provider's own figure when it sends one: preferred to our table."""


@dataclass(frozen=True, slots=True)
class Finished:
    """Last event of a stream that ended well; every part has been completed before it."""

    reason: FinishReason
    raw_reason: str | None = None
    response_model: str | None = None
    """The model the provider says it used."""


ModelEvent = RequestSent | PartStarted | PartDelta | PartCompleted | UsageReported | Finished


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model as the provider lists it; None where it says nothing."""

    name: str
    context_tokens: int | None = None
    max_output_tokens: int | None = None
    tools: bool | None = None


class ProviderError(ProviderUnavailable):
    """A model call failed. `retriable` says whether the same request may work later."""

    def __init__(
        self,
        detail: str,
        *,
        failure: ProviderFailure,
        status: int | None = None,
        retry_after_seconds: float | None = None,
        retriable: bool = False,
        hint: str | None = None,
    ) -> None:
        super().__init__(detail, code=f"unavailable.provider.{failure}", hint=hint)
        self.failure: ProviderFailure = failure
        self.status = status
        self.retry_after_seconds = retry_after_seconds
        self.retriable = retriable


class Provider(Protocol):
    """One configured provider. Safe for concurrent streams; closed once by its owner."""

    kind: str
    """`rehearsal`, `openai`, …: decides whether thinking signatures may go back to it."""

    def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent]:
        """Start the call at the first `anext`. Close the generator to abandon it.

        Raises:
            ProviderError: The call failed, before or within the stream.
        """
        ...

    async def list_models(self) -> list[ListedModel]:
        """What the provider offers; also the test of address and key.

        Raises:
            ProviderError: It can't be reached or refuses.
        """
        ...

    async def aclose(self) -> None:
        """Close every connection."""
        ...


@dataclass(frozen=True, slots=True)
class ProviderConfig:
    """What an adapter needs to exist. `api_key` is the secret itself: never logged or shown."""

    id: str
    kind: str
    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    options: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue], hash=False)
    """Switches of one kind of adapter, for servers that differ: `max_tokens_field`, …"""


class ProviderFactory(Protocol):
    """Makes an adapter of one kind. Imports of vendor packages happen inside, on first use."""

    def __call__(self, config: ProviderConfig) -> Provider: ...
