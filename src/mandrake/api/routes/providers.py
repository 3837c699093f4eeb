"""Providers of a scope: the installation's, and a workspace's own over them."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from mandrake.api.commands import CommandRoute
from mandrake.api.deps import CurrentRuntime, Cursor, IfMatch, Limit, OpenScope, Scope
from mandrake.api.paging import Page, page_of
from mandrake.bootstrap import Runtime
from mandrake.coordinator.provider_settings import (
    ProviderDraft,
    ProviderSettings,
    ProviderTest,
    ShownProvider,
)
from mandrake.domain.documents import EnvironmentReference, Origin, SecretReference

router = APIRouter(tags=["providers"], route_class=CommandRoute)


class KeyView(BaseModel):
    """Whether a key is set. The key itself is never shown."""

    set: bool
    hint: str


class ProviderView(BaseModel):
    """An LLM service."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: str
    kind: str
    base_url: str | None
    api_key: KeyView
    origin: Origin
    accepted: bool
    """Whether prompts may be sent to it; one found in a workspace's file waits for review."""


class ProviderBody(BaseModel):
    """A provider as it is written."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    kind: str
    base_url: str | None = None
    api_key: str | SecretReference | EnvironmentReference | None = Field(default=None, repr=False)
    """A key, kept sealed; or `{"secret": name}`, `{"env": NAME}`. Left out it stays as it is;
    an empty text removes it."""


class NewProvider(ProviderBody):
    """A provider to add."""

    id: str


class TestedModel(BaseModel):
    """A model that the provider offers."""

    name: str
    context_tokens: int | None
    max_output_tokens: int | None
    tools: bool | None


class ProviderTestResult(BaseModel):
    """Whether a provider answers. A failure is a result, not an error."""

    ok: bool
    code: str | None = None
    detail: str | None = None
    hint: str | None = None
    models: list[TestedModel] = []
    duration_ms: float


@router.get("/providers")
async def list_providers(
    scope: Scope, runtime: CurrentRuntime, limit: Limit = 50, cursor: Cursor = None
) -> Page[ProviderView]:
    """What the scope sees, by id."""
    found = await _settings(runtime, scope).list(scope.grant)
    return page_of([_shown(each) for each in found], limit, cursor)


@router.post("/providers", status_code=201)
async def add_provider(
    body: NewProvider, scope: Scope, runtime: CurrentRuntime, if_match: IfMatch
) -> ProviderView:
    """Add a provider; its key goes into the secret store."""
    settings = _settings(runtime, scope)
    return _shown(await settings.add(scope.grant, body.id, _draft(body), if_match=if_match))


@router.get("/providers/{provider_id}")
async def get_provider(provider_id: str, scope: Scope, runtime: CurrentRuntime) -> ProviderView:
    """One provider."""
    return _shown(await _settings(runtime, scope).get(scope.grant, provider_id))


@router.put("/providers/{provider_id}")
async def put_provider(
    provider_id: str, body: ProviderBody, scope: Scope, runtime: CurrentRuntime, if_match: IfMatch
) -> ProviderView:
    """Write a provider of this scope. What is written here is accepted."""
    settings = _settings(runtime, scope)
    return _shown(await settings.put(scope.grant, provider_id, _draft(body), if_match=if_match))


@router.delete("/providers/{provider_id}", status_code=204)
async def remove_provider(
    provider_id: str, scope: Scope, runtime: CurrentRuntime, if_match: IfMatch
) -> Response:
    """Remove a provider of this scope with its models."""
    await _settings(runtime, scope).remove(scope.grant, provider_id, if_match=if_match)
    return Response(status_code=204)


@router.post("/providers/{provider_id}/test")
async def test_provider(
    provider_id: str, scope: Scope, runtime: CurrentRuntime
) -> ProviderTestResult:
    """Ask the provider for its models: shows that address and key work."""
    return _tested(await _settings(runtime, scope).test(scope.grant, provider_id))


@router.post("/providers/{provider_id}/accept")
async def accept_provider(provider_id: str, scope: Scope, runtime: CurrentRuntime) -> ProviderView:
    """Accept a provider that was found in a workspace's file."""
    await scope.runtime.models.accept_provider(scope.grant, provider_id)
    return _shown(await _settings(runtime, scope).get(scope.grant, provider_id))


def _settings(runtime: Runtime, scope: OpenScope) -> ProviderSettings:
    return ProviderSettings(
        scope.runtime.models,
        runtime.providers,
        runtime.secrets,
        runtime.provider_kinds,
        runtime.settings.environment,
    )


def _draft(body: ProviderBody) -> ProviderDraft:
    return ProviderDraft(body.kind, body.base_url, body.api_key)


def _shown(provider: ShownProvider) -> ProviderView:
    effective = provider.effective
    return ProviderView(
        id=effective.key,
        kind=effective.entry.kind,
        base_url=effective.entry.base_url,
        api_key=KeyView(set=provider.key_set, hint=provider.key_hint),
        origin=effective.origin,
        accepted=provider.accepted,
    )


def _tested(test: ProviderTest) -> ProviderTestResult:
    error = test.error
    return ProviderTestResult(
        ok=error is None,
        code=None if error is None else error.code,
        detail=None if error is None else error.detail,
        hint=None if error is None else error.hint,
        models=[
            TestedModel(
                name=each.name,
                context_tokens=each.context_tokens,
                max_output_tokens=each.max_output_tokens,
                tools=each.tools,
            )
            for each in test.models
        ],
        duration_ms=test.duration_ms,
    )
