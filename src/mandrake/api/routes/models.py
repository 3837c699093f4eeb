"""Models of a scope, the one in use, and what the providers offer."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from mandrake.api.commands import CommandRoute
from mandrake.api.deps import CurrentRuntime, Cursor, IfMatch, Limit, OpenScope, Scope
from mandrake.api.paging import Page, page_of
from mandrake.bootstrap import Runtime
from mandrake.coordinator.provider_settings import ProviderSettings
from mandrake.domain.documents import (
    EffectiveModel,
    EffectiveModels,
    EffectiveProvider,
    ModelEntry,
    ModelOverrides,
    ModelSettingsEntry,
    Origin,
)
from mandrake.errors import Conflict, MandrakeError
from mandrake.providers.port import ListedModel

router = APIRouter(tags=["models"], route_class=CommandRoute)
CATALOG_SECONDS = 15.0


class ModelView(BaseModel):
    """A model reached through a provider."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    key: str
    provider: str
    model: str
    enabled: bool
    """Whether it may be chosen."""
    settings: ModelSettingsEntry
    overrides: ModelOverrides
    origin: Origin
    active: bool
    """Whether it is the one in use."""
    usable: bool
    """Whether a round may run on it: switched on, and its provider is visible here."""


class ModelBody(BaseModel):
    """A model as it is written."""

    model_config = ConfigDict(extra="forbid")

    provider: str
    model: str
    enabled: bool = True
    settings: ModelSettingsEntry = ModelSettingsEntry()
    overrides: ModelOverrides = ModelOverrides()


class NewModel(ModelBody):
    """A model to add."""

    key: str


class ActiveModel(BaseModel):
    """The model in use; nulls when none usable is chosen."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    key: str | None
    origin: Origin | None
    """Whose choice it is."""
    model: ModelView | None


class ChooseModel(BaseModel):
    """The model to use; null in a workspace means the installation's."""

    model_config = ConfigDict(extra="forbid")

    key: str | None


class CatalogModel(BaseModel):
    """A model that a provider offers."""

    provider: str
    name: str
    context_tokens: int | None
    max_output_tokens: int | None
    tools: bool | None


class CatalogProblem(BaseModel):
    """A provider that could not be asked."""

    provider: str
    code: str
    detail: str


class Catalog(Page[CatalogModel]):
    """What the providers offer now."""

    problems: list[CatalogProblem] = []


@router.get("/models")
async def list_models(scope: Scope, limit: Limit = 50, cursor: Cursor = None) -> Page[ModelView]:
    """What the scope sees, by key."""
    effective = await scope.runtime.models.effective(scope.grant)
    return page_of([_shown(effective, each) for each in effective.models.values()], limit, cursor)


@router.post("/models", status_code=201)
async def add_model(body: NewModel, scope: Scope, if_match: IfMatch) -> ModelView:
    """Add a model."""
    models = scope.runtime.models
    if body.key in (await models.effective(scope.grant)).models:
        raise Conflict(f"There is already a model `{body.key}`; change it instead.")
    return await _put(scope, body.key, body, if_match)


@router.get("/models/active")
async def get_active_model(scope: Scope) -> ActiveModel:
    """The model in use."""
    return _active(await scope.runtime.models.effective(scope.grant))


@router.put("/models/active")
async def use_model(body: ChooseModel, scope: Scope, if_match: IfMatch) -> ActiveModel:
    """Choose the model in use."""
    models = scope.runtime.models
    return _active(await models.use(scope.grant, body.key, if_match=if_match))


@router.get("/models/catalog")
async def get_catalog(
    scope: Scope, runtime: CurrentRuntime, provider: str | None = None
) -> Catalog:
    """Ask the providers (or one of them) what they offer. Contacts them."""
    models = scope.runtime.models
    if provider is not None:
        asked = [await models.get_provider(scope.grant, provider)]
    else:
        asked = list((await models.effective(scope.grant)).providers.values())
    return await _catalog(runtime, scope, asked)


@router.get("/models/{key}")
async def get_model(key: str, scope: Scope) -> ModelView:
    """One model."""
    effective = await scope.runtime.models.effective(scope.grant)
    return _shown(effective, await scope.runtime.models.get_model(scope.grant, key))


@router.put("/models/{key}")
async def put_model(key: str, body: ModelBody, scope: Scope, if_match: IfMatch) -> ModelView:
    """Write a model into this scope's document."""
    return await _put(scope, key, body, if_match)


@router.delete("/models/{key}", status_code=204)
async def remove_model(key: str, scope: Scope, if_match: IfMatch) -> Response:
    """Remove a model of this scope's document."""
    await scope.runtime.models.remove_model(scope.grant, key, if_match=if_match)
    return Response(status_code=204)


async def _put(scope: OpenScope, key: str, body: ModelBody, if_match: str | None) -> ModelView:
    models = scope.runtime.models
    entry = ModelEntry(
        provider=body.provider,
        model=body.model,
        enabled=body.enabled,
        settings=body.settings,
        overrides=body.overrides,
    )
    written = await models.put_model(scope.grant, key, entry, if_match=if_match)
    return _shown(await models.effective(scope.grant), written)


def _shown(effective: EffectiveModels, model: EffectiveModel) -> ModelView:
    active = effective.active
    return ModelView(
        key=model.key,
        provider=model.entry.provider,
        model=model.entry.model,
        enabled=model.entry.enabled,
        settings=model.entry.settings,
        overrides=model.entry.overrides,
        origin=model.origin,
        active=active is not None and active.key == model.key,
        usable=model.usable,
    )


def _active(effective: EffectiveModels) -> ActiveModel:
    active = effective.active
    return ActiveModel(
        key=None if active is None else active.key,
        origin=effective.active_origin,
        model=None if active is None else _shown(effective, active),
    )


async def _catalog(runtime: Runtime, scope: OpenScope, asked: list[EffectiveProvider]) -> Catalog:
    settings = ProviderSettings(
        scope.runtime.models,
        runtime.providers,
        runtime.secrets,
        runtime.provider_kinds,
        runtime.settings.environment,
    )
    catalog = Catalog(items=[])

    async def ask(provider: EffectiveProvider) -> None:
        try:
            async with asyncio.timeout(CATALOG_SECONDS):
                found = await settings.listed_models(scope.grant, provider)
        except MandrakeError as error:
            problem = CatalogProblem(provider=provider.key, code=error.code, detail=error.detail)
            catalog.problems.append(problem)
        except TimeoutError:
            problem = CatalogProblem(
                provider=provider.key, code="timeout", detail="It did not answer in time."
            )
            catalog.problems.append(problem)
        else:
            catalog.items.extend(_offered(provider.key, each) for each in found)

    async with asyncio.TaskGroup() as tasks:
        for each in asked:
            tasks.create_task(ask(each))
    catalog.items.sort(key=lambda each: (each.provider, each.name))
    return catalog


def _offered(provider: str, model: ListedModel) -> CatalogModel:
    return CatalogModel(
        provider=provider,
        name=model.name,
        context_tokens=model.context_tokens,
        max_output_tokens=model.max_output_tokens,
        tools=model.tools,
    )
