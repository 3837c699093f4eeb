"""Which scope a topic belongs to, for a principal. Missing and hidden topics answer alike."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from typing import NamedTuple

import orjson
from pydantic import JsonValue
from sqlalchemy import Connection

from mandrake.api.event_mapper import hydrator, to_wire
from mandrake.bootstrap import Runtime
from mandrake.coordinator.scope_runtime import ScopeRuntime
from mandrake.coordinator.stream import Item, Reset, follow
from mandrake.domain.ids import INSTALLATION_SCOPE, ScopeId, is_id
from mandrake.domain.principals import Grant, Principal
from mandrake.errors import NotFound
from mandrake.persistence.stores.sessions import SessionStore
from mandrake.tenancy.access import access_installation, access_scope

FRAME_EVENTS = 256
"""A long replay is sent in pieces of this many events."""


class OpenTopic(NamedTuple):
    """A topic that a principal may read, and the scope it lives in."""

    name: str
    grant: Grant
    scope: ScopeRuntime

    async def follow(self, after: int | None) -> AsyncGenerator[list[Item] | Reset]:
        """See `coordinator.stream.follow`; ends when the scope closes."""
        hydrate = hydrator(self.grant)
        stream = follow(self.scope.hub, self.scope.database, self.grant, self.name, after, hydrate)
        async for batch in stream:
            if isinstance(batch, Reset):
                yield batch
                continue
            for start in range(0, len(batch), FRAME_EVENTS):
                yield batch[start : start + FRAME_EVENTS]


async def open_topic(runtime: Runtime, principal: Principal, topic: str) -> OpenTopic:
    """Find a topic's scope and open it.

    Raises:
        NotFound: No such topic, or it is hidden.
    """
    kind, _, name = topic.partition(":")
    if topic == "system":
        return await _in_scope(runtime, principal, topic, INSTALLATION_SCOPE)
    if kind == "tools" and name == INSTALLATION_SCOPE:
        return await _in_scope(runtime, principal, topic, INSTALLATION_SCOPE)
    if kind in ("workspace", "tools") and is_id(name, "ws"):
        workspace = await runtime.workspaces.get(access_installation(principal), name)
        return await _in_scope(runtime, principal, topic, workspace.id)
    if kind == "session" and is_id(name, "ses"):
        return await _session(runtime, principal, topic, name)
    raise _missing(topic)


async def _session(
    runtime: Runtime, principal: Principal, topic: str, session_id: str
) -> OpenTopic:
    known = await runtime.index.scope_of(session_id)
    # The index may lag behind: a session that was just made lives in a scope that is open.
    candidates = runtime.registry.open_scopes() if known is None else [known]
    for scope_id in candidates:
        found = await _in_scope(runtime, principal, topic, scope_id)

        def exists(connection: Connection, grant: Grant = found.grant) -> bool:
            try:
                SessionStore(connection, grant).row(session_id)
            except NotFound:
                return False
            return True

        if await found.scope.database.read(exists):
            return found
    raise _missing(topic)


async def _in_scope(
    runtime: Runtime, principal: Principal, topic: str, scope_id: ScopeId
) -> OpenTopic:
    access_scope(principal, scope_id)
    grant, scope = await runtime.registry.access(principal, scope_id)
    return OpenTopic(topic, grant, scope)


def _missing(topic: str) -> NotFound:
    return NotFound(f"There is no topic `{topic[:80]}`.")


def frame_of(topic: str, batch: list[Item] | Reset) -> bytes:
    """One WebSocket frame."""
    if isinstance(batch, Reset):
        return encode(to_wire(topic, batch))
    return encode({"topic": topic, "events": [to_wire(topic, item) for item in batch]})


def encode(value: JsonValue) -> bytes:
    """JSON, also of text in which a provider cut a surrogate pair in two: a browser joins it."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, separators=(",", ":")).encode("ascii")
