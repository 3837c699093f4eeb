"""What a round needs from its scope, resolved at the moment it is needed.

The seam between the coordinator's steps and `ScopeRuntime`, which fills it from documents, tool
host and providers. Steps hold no state of their own: everything is in here or in the tables.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from mandrake.coordinator.stream import StreamHub
from mandrake.domain.principals import Grant
from mandrake.domain.tools import JudgedEffects, ToolDefinition
from mandrake.domain.usage import UnitPrices, Usage
from mandrake.mcp_host.host import McpHost
from mandrake.persistence.database import Database
from mandrake.providers.port import ModelSettings, Provider
from mandrake.security.decide import Approval


@dataclass(frozen=True, slots=True)
class ResolvedModel:
    """A model ready to be called."""

    key: str
    provider_id: str
    provider_kind: str
    provider: Provider
    model: str
    settings: ModelSettings
    window_tokens: int | None
    price: Callable[[Usage], tuple[Decimal | None, UnitPrices | None]]


@dataclass(frozen=True, slots=True)
class ToolPolicy:
    """What the documents say about one tool."""

    effects: JudgedEffects
    approval: Approval | None
    allowed_patterns: tuple[str, ...]
    denied_patterns: tuple[str, ...]
    timeout_seconds: float


@dataclass(frozen=True, slots=True)
class PromptText:
    """One piece of the instructions."""

    name: str
    text: str
    reason: str
    """Why it is there: `built-in`, `installation`, `workspace`, …"""


@dataclass(frozen=True, slots=True)
class PromptTexts:
    """The instructions of a scope, and what else the prompt document switches on."""

    parts: tuple[PromptText, ...]
    include_datetime: bool


class RoundDocuments(Protocol):
    """What the scope's documents say, read anew at each call."""

    async def resolve_model(self, key: str | None) -> ResolvedModel:
        """The model of this key, or the active one.

        Raises:
            InvalidInput: None is active, or the key names none that may be used.
        """
        ...

    async def prompt(self) -> PromptTexts:
        """Instructions and workspace facts, in their order."""
        ...

    async def policies(self) -> Callable[[ToolDefinition], ToolPolicy]:
        """What the documents say now, as a function of the tool."""
        ...

    async def always_allow(self, server: str, tool: str) -> None:
        """Write `auto` for a tool into the document: visible there, and undoable."""
        ...


@dataclass(frozen=True, slots=True)
class RoundScope:
    """One opened scope as rounds see it."""

    grant: Grant
    """The server's own grant in this scope: rounds belong to the server."""
    database: Database
    hub: StreamHub
    host: McpHost
    documents: RoundDocuments
