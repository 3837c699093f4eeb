"""Secrets of a scope. Values are write-only."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from mandrake.api.commands import CommandRoute
from mandrake.api.deps import CurrentRuntime, Cursor, Limit, Scope
from mandrake.api.paging import Page, page_of
from mandrake.security.secrets import SecretInfo

router = APIRouter(tags=["secrets"], route_class=CommandRoute)


class NewSecret(BaseModel):
    """A value to keep; an older one of that name is gone."""

    model_config = ConfigDict(extra="forbid")

    name: str
    value: str = Field(repr=False)


class SecretView(BaseModel):
    """What may be shown of a secret."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    name: str
    set: bool = True
    hint: str
    """`…` and the last four characters, or empty when the value is short."""
    updated_at: str


@router.get("/secrets")
async def list_secrets(
    scope: Scope, runtime: CurrentRuntime, limit: Limit = 50, cursor: Cursor = None
) -> Page[SecretView]:
    """Names and hints, by name."""
    infos = await runtime.secrets.list(scope.grant)
    return page_of([_shown(info) for info in infos], limit, cursor)


@router.post("/secrets", status_code=201)
async def set_secret(body: NewSecret, scope: Scope, runtime: CurrentRuntime) -> SecretView:
    """Keep a value, sealed."""
    return _shown(await runtime.secrets.set(scope.grant, body.name, body.value))


@router.delete("/secrets/{name}", status_code=204)
async def remove_secret(name: str, scope: Scope, runtime: CurrentRuntime) -> Response:
    """Erase a value."""
    await runtime.secrets.remove(scope.grant, name)
    return Response(status_code=204)


def _shown(info: SecretInfo) -> SecretView:
    return SecretView(name=info.name, hint=info.hint, updated_at=info.updated_at)
