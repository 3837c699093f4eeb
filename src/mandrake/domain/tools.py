"""Tools as the rest of the product sees them: definitions, effects, results, server states.

Knows nothing of the MCP SDK: `mcp_host` translates at its edge.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import JsonValue

from mandrake.kit.canonical import digest

JsonObject = dict[str, JsonValue]

ServerState = Literal[
    "stopped",
    "starting",
    "ready",
    "degraded",
    "needs_auth",
    "needs_review",
    "failed",
    "stopping",
    "disabled",
]
BoxKind = Literal["engine", "bwrap", "landlock", "process"]


class Effects(StrEnum):
    """What a call may change, as judged by us."""

    READ = "read"
    IDEMPOTENT = "idempotent"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class JudgedEffects:
    """Effects of one tool and whether it reaches the network."""

    effects: Effects
    network: bool

    @property
    def repeatable(self) -> bool:
        """Whether a call whose outcome is unknown may simply be sent again."""
        return self.effects in (Effects.READ, Effects.IDEMPOTENT)


@dataclass(frozen=True, slots=True)
class ToolAnnotations:
    """A server's own claims about a tool; hints, believed only for trusted servers.

    Source: MCP specification 2025-11-25, "ToolAnnotations".
    """

    title: str | None = None
    read_only: bool | None = None
    destructive: bool | None = None
    idempotent: bool | None = None
    open_world: bool | None = None


@dataclass(frozen=True, slots=True)
class ToolDefinition:
    """One method of one server, as the server describes it."""

    server: str
    tool: str
    description: str
    input_schema: JsonObject
    output_schema: JsonObject | None = None
    annotations: ToolAnnotations = field(default_factory=ToolAnnotations)

    @property
    def qualified(self) -> str:
        """`server.tool`; the first dot splits."""
        return f"{self.server}.{self.tool}"

    def definition_hash(self) -> str:
        """What an approval binds to: changes when name, description or schemas change."""
        return digest([self.server, self.tool, self.description, self.input_schema])


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a server answered, unaltered. A failing tool is a result with `is_error`."""

    content: tuple[JsonObject, ...]
    """MCP content items in order: `{"type": "text", "text": …}` and others."""
    structured_content: JsonObject | None = None
    is_error: bool = False
    duration_ms: float = 0.0

    def text(self) -> str:
        """The text items joined by newlines; other kinds are named in brackets."""
        pieces: list[str] = []
        for item in self.content:
            if item.get("type") == "text":
                pieces.append(str(item.get("text", "")))
            else:
                pieces.append(f"[{item.get('type')}]")
        return "\n".join(pieces)


@dataclass(frozen=True, slots=True)
class BoxStatus:
    """The isolation a server really runs in."""

    kind: BoxKind
    isolated: bool
    label: str
    """For people: `Landlock: reads system files, writes src` or `not isolated`."""


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """One server at one moment."""

    key: str
    state: ServerState
    box: BoxStatus | None = None
    pid: int | None = None
    started_at: datetime | None = None
    restart_count: int = 0
    last_error: str | None = None
    tool_count: int = 0
    protocol_version: str | None = None
    detail: str | None = None
    """What is going on, for `starting`: `installing the git server (first use)`."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of a server's standard error (`stderr`) or about its protocol (`protocol`)."""

    at: datetime
    stream: Literal["stderr", "protocol", "host"]
    text: str
