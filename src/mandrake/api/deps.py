"""What handlers ask for, as annotated aliases: who, which scope, which revision, which command."""

from __future__ import annotations

import hashlib
from typing import Annotated, NamedTuple, cast

from fastapi import Depends, Header, Path, Query, Request
from starlette.requests import HTTPConnection

from mandrake.bootstrap import Runtime
from mandrake.coordinator.scope_runtime import ScopeRuntime
from mandrake.domain.conversation import WorkspaceRef
from mandrake.domain.ids import INSTALLATION_SCOPE
from mandrake.domain.principals import Grant, Principal
from mandrake.errors import InvalidInput, Unauthenticated
from mandrake.persistence.stores.idempotency import Command
from mandrake.tenancy.access import access_installation

MAX_KEY_LENGTH = 200


class OpenScope(NamedTuple):
    """A scope that a principal may use, opened."""

    grant: Grant
    runtime: ScopeRuntime
    workspace: WorkspaceRef | None
    """None for the installation."""


def get_runtime(connection: HTTPConnection) -> Runtime:
    """The running installation."""
    return cast("Runtime", connection.app.state.runtime)


def get_principal(connection: HTTPConnection) -> Principal:
    """Who sent this; the gate has already asked."""
    principal = getattr(connection.state, "principal", None)
    if not isinstance(principal, Principal):
        raise Unauthenticated("You are not signed in.")
    return principal


CurrentRuntime = Annotated[Runtime, Depends(get_runtime)]
CurrentPrincipal = Annotated[Principal, Depends(get_principal)]


def get_installation(principal: CurrentPrincipal) -> Grant:
    """What the sender may do with the installation itself."""
    return access_installation(principal)


Installation = Annotated[Grant, Depends(get_installation)]


def workspace_in_path(
    workspace: Annotated[str, Path(description="Id (`ws_…`) or name of a workspace.")],
) -> str:
    """Declares the path's parameter for every route of a workspace."""
    return workspace


async def open_scope(
    request: Request, runtime: CurrentRuntime, principal: CurrentPrincipal
) -> OpenScope:
    """The scope that the path names: a workspace by id or name, else the installation."""
    named = request.path_params.get("workspace")
    if named is None:
        grant, scope = await runtime.registry.access(principal, INSTALLATION_SCOPE)
        return OpenScope(grant, scope, None)
    workspace = await runtime.workspaces.get(access_installation(principal), str(named))
    grant, scope = await runtime.registry.access(principal, workspace.id)
    return OpenScope(grant, scope, WorkspaceRef(id=workspace.id, name=workspace.name))


Scope = Annotated[OpenScope, Depends(open_scope)]


def parse_if_match(value: str | None) -> str | None:
    """The revision in an `If-Match`; None for `*` and without one."""
    if value is None or value.strip() == "*":
        return None
    return value.strip().removeprefix("W/").strip('"')


def get_if_match(if_match: Annotated[str | None, Header()] = None) -> str | None:
    """The revision that the sender read."""
    return parse_if_match(if_match)


IfMatch = Annotated[str | None, Depends(get_if_match)]


async def get_command(
    request: Request, idempotency_key: Annotated[str | None, Header()] = None
) -> Command | None:
    """The command as its sender named it; None without an `Idempotency-Key`."""
    return await command_of(request, idempotency_key)


async def command_of(request: Request, key: str | None) -> Command | None:
    """See `get_command`.

    Raises:
        InvalidInput: The key is empty or too long.
    """
    if key is None:
        return None
    if not 0 < len(key) <= MAX_KEY_LENGTH:
        raise InvalidInput(f"An Idempotency-Key has 1 to {MAX_KEY_LENGTH} characters.")
    digest = hashlib.sha256(await request.body()).hexdigest()
    return Command(f"{request.method} {request.url.path}?{request.url.query}", key, digest)


CurrentCommand = Annotated[Command | None, Depends(get_command)]
Limit = Annotated[int, Query(ge=1, le=200, description="At most this many items.")]
Cursor = Annotated[str | None, Query(description="`next_cursor` of the page before.")]
