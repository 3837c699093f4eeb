"""Tool servers of a scope: definitions, and what their servers are doing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Body, Query, Response
from pydantic import BaseModel, ConfigDict

from mandrake.api.commands import CommandRoute
from mandrake.api.deps import Cursor, IfMatch, Limit, OpenScope, Scope
from mandrake.api.paging import Page, page_of
from mandrake.coordinator.tool_servers import ServerView
from mandrake.domain.documents import (
    MountEntry,
    SecretReference,
    ServerEntry,
    ToolsDocument,
    new_workspace_tools,
)
from mandrake.domain.tools import BoxKind, JsonObject, ServerState
from mandrake.kit.clock import format_instant
from mandrake.workspaces.resolution import SHIPPED_COMMANDS
from mandrake.workspaces.tools import ServerDefinition

router = APIRouter(tags=["tools"], route_class=CommandRoute)

SHIPPED_DESCRIPTIONS = {
    "filesystem": "Reads, writes and searches files of the source folder, and nothing else.",
    "git": "Status, history, differences and commits of the source folder's repository.",
}


class BoxView(BaseModel):
    """The isolation a server really runs in."""

    kind: BoxKind
    isolated: bool
    label: str


class ReviewView(BaseModel):
    """A definition that waits to be accepted, with what it asks for."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    hash: str
    """Send it with `accept`: exactly this definition is meant."""
    command: list[str]
    """Program and arguments, or the address."""
    mounts: list[MountEntry]
    network: str
    secrets: list[str]
    """Names of secrets and variables that it would be given."""
    reason: str


class ToolServer(BaseModel):
    """A tool server: its definition, and what it is doing."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    key: str
    definition: JsonObject
    """The entry of `tools.json`; secrets are references."""
    status: ServerState
    detail: str | None
    """What is going on, while it starts."""
    enabled: bool
    review: ReviewView | None
    box: BoxView | None
    pid: int | None
    uptime_seconds: float | None
    restart_count: int
    last_error: str | None
    tool_count: int
    shipped: bool
    protocol_version: str | None


class ServerBody(BaseModel):
    """A definition as it is written."""

    model_config = ConfigDict(extra="forbid")

    definition: ServerEntry


class NewServer(ServerBody):
    """A server to add."""

    key: str


class ServerPatch(BaseModel):
    """Switch a server on or off."""

    model_config = ConfigDict(extra="forbid")

    enabled: bool


class Accept(BaseModel):
    """Which definition is accepted: the `hash` that was shown."""

    model_config = ConfigDict(extra="forbid")

    hash: str


class ImportResult(BaseModel):
    """What an import did. What was imported waits for review."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    keys: list[str]
    renamed: dict[str, str]
    """Old name to key, where a name was no key."""
    secret_names: list[str]
    """Values that were moved into the secret store."""


class CatalogServer(BaseModel):
    """A preconfigured server."""

    key: str
    description: str
    definition: JsonObject


class LogLineView(BaseModel):
    """One line of a server's output or about its protocol."""

    stream: str
    line: str
    at: str


@router.get("/tools")
async def list_servers(scope: Scope, limit: Limit = 50, cursor: Cursor = None) -> Page[ToolServer]:
    """Every definition of the scope with its server's status, in the document's order."""
    views = await scope.runtime.servers.views(scope.grant)
    return page_of([_shown(view) for view in views], limit, cursor)


@router.post("/tools", status_code=201)
async def add_server(body: NewServer, scope: Scope, if_match: IfMatch) -> ToolServer:
    """Add a server. What a person writes here is accepted."""
    tools = scope.runtime.tools
    await tools.put(scope.grant, body.key, body.definition, if_match=if_match, must="be new")
    return await _one(scope, body.key)


@router.post("/tools/import", status_code=201)
async def import_servers(
    block: Annotated[JsonObject, Body()],
    scope: Scope,
    replace: Annotated[bool, Query(description="Overwrite servers of the same key.")] = False,
) -> ImportResult:
    """Take over another program's `mcpServers` block; secrets in it go into the secret store."""
    report = await scope.runtime.tools.import_block(scope.grant, block, replace=replace)
    return ImportResult(
        keys=list(report.keys),
        renamed=dict(report.renamed),
        secret_names=list(report.secret_names),
    )


@router.get("/tools/catalog")
async def list_catalog(
    scope: Scope, limit: Limit = 50, cursor: Cursor = None
) -> Page[CatalogServer]:
    """Preconfigured servers that fit this kind of scope."""
    # Both of today's work on a source folder, which only a workspace has.
    offered = ToolsDocument() if scope.workspace is None else new_workspace_tools()
    items = [
        CatalogServer(key=key, description=SHIPPED_DESCRIPTIONS[key], definition=_definition(entry))
        for key, entry in offered.servers.items()
    ]
    return page_of(items, limit, cursor)


@router.get("/tools/{server}")
async def get_server(server: str, scope: Scope) -> ToolServer:
    """One server."""
    return await _one(scope, server)


@router.put("/tools/{server}")
async def put_server(server: str, body: ServerBody, scope: Scope, if_match: IfMatch) -> ToolServer:
    """Write a definition, new or not; it is accepted, and a running server follows it."""
    await scope.runtime.tools.put(scope.grant, server, body.definition, if_match=if_match)
    return await _one(scope, server)


@router.patch("/tools/{server}")
async def switch_server(server: str, body: ServerPatch, scope: Scope) -> ToolServer:
    """Switch a server on or off; its acceptance stays as it is."""
    await scope.runtime.tools.set_enabled(scope.grant, server, enabled=body.enabled)
    return await _one(scope, server)


@router.delete("/tools/{server}", status_code=204)
async def remove_server(server: str, scope: Scope, if_match: IfMatch) -> Response:
    """Stop and remove a server; its data folder stays."""
    await scope.runtime.tools.remove(scope.grant, server, if_match=if_match)
    return Response(status_code=204)


@router.post("/tools/{server}/accept")
async def accept_server(server: str, body: Accept, scope: Scope) -> ToolServer:
    """Accept a definition that waits: exactly the one that was shown."""
    await scope.runtime.tools.accept(scope.grant, server, hash=body.hash)
    await scope.runtime.servers.apply()
    return await _one(scope, server)


@router.post("/tools/{server}/start")
async def start_server(server: str, scope: Scope) -> ToolServer:
    """Start a server that is stopped or failed."""
    return _shown(await scope.runtime.servers.start(scope.grant, server))


@router.post("/tools/{server}/stop")
async def stop_server(server: str, scope: Scope) -> ToolServer:
    """Stop a server until it is started again or Mandrake restarts."""
    return _shown(await scope.runtime.servers.stop(scope.grant, server))


@router.post("/tools/{server}/restart")
async def restart_server(server: str, scope: Scope) -> ToolServer:
    """Replace the running instance."""
    return _shown(await scope.runtime.servers.restart(scope.grant, server))


@router.get("/tools/{server}/status")
async def get_server_status(server: str, scope: Scope) -> ToolServer:
    """What the server is doing now."""
    return await _one(scope, server)


@router.get("/tools/{server}/logs")
async def get_server_logs(
    server: str, scope: Scope, limit: Annotated[int, Query(ge=1, le=2000)] = 200
) -> Page[LogLineView]:
    """The newest lines, oldest first."""
    servers = scope.runtime.servers
    await servers.view(scope.grant, server)
    lines = [
        LogLineView(stream=line.stream, line=line.text, at=format_instant(line.at))
        for line in servers.logs(scope.grant, server, limit)
    ]
    return Page(items=lines)


async def _one(scope: OpenScope, key: str) -> ToolServer:
    return _shown(await scope.runtime.servers.view(scope.grant, key))


def _definition(entry: ServerEntry) -> JsonObject:
    return entry.model_dump(mode="json", exclude_unset=True)


def _shown(view: ServerView) -> ToolServer:
    status, definition = view.status, view.definition
    box, started = status.box, status.started_at
    return ToolServer(
        key=definition.key,
        definition=_definition(definition.entry),
        status=status.state,
        detail=status.detail,
        enabled=definition.entry.enabled,
        review=None if definition.accepted else _review(definition),
        box=None if box is None else BoxView(kind=box.kind, isolated=box.isolated, label=box.label),
        pid=status.pid,
        uptime_seconds=None
        if started is None
        else max(0.0, (datetime.now(UTC) - started).total_seconds()),
        restart_count=status.restart_count,
        last_error=status.last_error,
        tool_count=status.tool_count,
        shipped=definition.entry.command in SHIPPED_COMMANDS,
        protocol_version=status.protocol_version,
    )


def _review(definition: ServerDefinition) -> ReviewView:
    entry = definition.entry
    named = [
        reference.secret if isinstance(reference, SecretReference) else f"${reference.env}"
        for reference in definition.references.values()
    ]
    started = [text for text in (entry.image, entry.command, *entry.args) if text is not None]
    return ReviewView(
        hash=definition.hash,
        command=started if entry.url is None else [entry.url],
        mounts=list(entry.mounts),
        network=entry.network,
        secrets=sorted(set(named)),
        reason="This definition was imported or found in the file; nobody accepted it yet.",
    )
