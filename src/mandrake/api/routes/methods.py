"""Tools of servers: what they are, and calling one directly."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from mandrake.api.commands import CommandRoute
from mandrake.api.deps import Cursor, Limit, OpenScope, Scope
from mandrake.api.paging import Page, page_of
from mandrake.api.responses import json_answer
from mandrake.coordinator.round_scope import ToolPolicy
from mandrake.domain.principals import Grant
from mandrake.domain.tools import JsonObject, ToolDefinition, ToolResult
from mandrake.errors import NotFound
from mandrake.security.decide import Allow, Deny, Facts, ToolFacts, decide

router = APIRouter(tags=["methods"], route_class=CommandRoute)


class AnnotationsView(BaseModel):
    """What the server says about its tool; hints."""

    title: str | None
    read_only: bool | None
    destructive: bool | None
    idempotent: bool | None
    open_world: bool | None


class Method(BaseModel):
    """A tool of a server."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    server: str
    tool: str
    qualified: str
    """`server.tool`."""
    description: str
    input_schema: JsonObject
    annotations: AnnotationsView
    effects: Literal["read", "idempotent", "write"]
    """As judged by Mandrake."""
    network: bool
    approval: Literal["auto", "ask", "deny"]
    """What happens when a model calls it."""


class Call(BaseModel):
    """Arguments of a direct call."""

    model_config = ConfigDict(extra="forbid")

    arguments: JsonObject = {}


class CallResult(BaseModel):
    """What the server answered, unaltered."""

    content: list[JsonObject]
    structured_content: JsonObject | None = None
    is_error: bool
    duration_ms: float


@router.get("/methods")
async def list_all_methods(scope: Scope, limit: Limit = 100, cursor: Cursor = None) -> Page[Method]:
    """Tools of all servers that are ready."""
    found = await scope.runtime.servers.methods(scope.grant)
    return page_of(_shown_all(scope.grant, found), limit, cursor)


@router.get("/tools/{server}/methods")
async def list_methods(
    server: str, scope: Scope, limit: Limit = 100, cursor: Cursor = None
) -> Page[Method]:
    """Tools of one server."""
    found = await scope.runtime.servers.methods(scope.grant, server)
    return page_of(_shown_all(scope.grant, found), limit, cursor)


@router.get("/tools/{server}/methods/{tool:path}")
async def get_method(server: str, tool: str, scope: Scope) -> Method:
    """One tool, described."""
    return await _one(scope, server, tool)


@router.post("/tools/{server}/methods/{tool:path}", response_model=CallResult)
async def call_method(server: str, tool: str, body: Call, scope: Scope) -> Response:
    """Call a tool on your own word: validated and judged like a model's call, and not asked."""
    servers = scope.runtime.servers
    return json_answer(_result(await servers.call(scope.grant, server, tool, body.arguments)))


def _result(result: ToolResult) -> CallResult:
    return CallResult(
        content=list(result.content),
        structured_content=result.structured_content,
        is_error=result.is_error,
        duration_ms=result.duration_ms,
    )


async def _one(scope: OpenScope, server: str, tool: str) -> Method:
    for definition, policy in await scope.runtime.servers.methods(scope.grant, server):
        if definition.tool == tool:
            return _shown(scope.grant, definition, policy)
    raise NotFound(f"The server `{server}` has no tool `{tool:.80}`.")


def _shown_all(grant: Grant, found: list[tuple[ToolDefinition, ToolPolicy]]) -> list[Method]:
    return [_shown(grant, definition, policy) for definition, policy in found]


def _shown(grant: Grant, definition: ToolDefinition, policy: ToolPolicy) -> Method:
    hints = definition.annotations
    return Method(
        server=definition.server,
        tool=definition.tool,
        qualified=definition.qualified,
        description=definition.description,
        input_schema=definition.input_schema,
        annotations=AnnotationsView(
            title=hints.title,
            read_only=hints.read_only,
            destructive=hints.destructive,
            idempotent=hints.idempotent,
            open_world=hints.open_world,
        ),
        effects=policy.effects.effects.value,
        network=policy.effects.network,
        approval=_approval(grant, definition, policy),
    )


def _approval(
    grant: Grant, definition: ToolDefinition, policy: ToolPolicy
) -> Literal["auto", "ask", "deny"]:
    facts = ToolFacts(
        effects=policy.effects,
        configured=policy.approval,
        allowed_patterns=policy.allowed_patterns,
        denied_patterns=policy.denied_patterns,
    )
    decision = decide(grant, "call_tool", definition.qualified, Facts(tool=facts))
    if isinstance(decision, Deny):
        return "deny"
    return "auto" if isinstance(decision, Allow) else "ask"
