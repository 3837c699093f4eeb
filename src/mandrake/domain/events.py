"""Events as the journal stores them, and as they leave a commit.

The wire form is another type: `api.event_mapper` makes it. Types and payloads are listed in
`docs/components/events.md`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import JsonValue

from mandrake.domain.ids import OrganizationId, ScopeId, SessionId

EVENT_VERSION = 1


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One durable event. `seq` is dense per topic, from 1, never reused."""

    organization_id: OrganizationId
    scope_id: ScopeId
    topic: str
    seq: int
    type: str
    v: int
    at: str
    actor: str
    data: dict[str, JsonValue]
    """Ids, states and hashes of content; never the content itself."""


@dataclass(frozen=True, slots=True)
class CommittedEvent:
    """An event that has just become durable, with what live watchers would have to look up."""

    event: StoredEvent
    transient: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    """Wire fields whose content is in blobs or rows: not stored with the event."""


@dataclass(frozen=True, slots=True)
class EphemeralEvent:
    """Something watchers see live and nobody stores: deltas, progress, log lines."""

    topic: str
    type: str
    data: dict[str, JsonValue]


def session_topic(session_id: SessionId) -> str:
    """The topic of everything that happens in one session."""
    return f"session:{session_id}"


def workspace_topic(scope_id: ScopeId) -> str:
    """The topic of a workspace's documents and list of sessions; `system` for the installation."""
    return "system" if scope_id == "installation" else f"workspace:{scope_id}"


def tools_topic(scope_id: ScopeId) -> str:
    """The topic of a scope's tool servers. Carries ephemeral events only."""
    return f"tools:{scope_id}"
