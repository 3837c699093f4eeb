"""Verbs over `models.json`: providers and models of a scope, merged, and the one in use.

A provider that a workspace's file names was either written through us or waits for review: its
address would receive prompts and keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mandrake.domain.documents import (
    EffectiveModel,
    EffectiveModels,
    EffectiveProvider,
    ModelEntry,
    ModelsDocument,
    ProviderEntry,
    check_key,
    effective_models,
)
from mandrake.domain.ids import INSTALLATION_SCOPE
from mandrake.domain.principals import Grant
from mandrake.errors import Conflict, FieldProblem, InvalidInput, NotFound
from mandrake.kit.canonical import digest
from mandrake.security.secrets import SecretStore
from mandrake.security.trust import DefinitionTrust
from mandrake.tenancy.access import access_installation
from mandrake.workspaces.documents import DocumentManager
from mandrake.workspaces.resolution import resolve_reference


@dataclass(frozen=True, slots=True)
class ResolvedProvider:
    """What an adapter is made of. Holds the key itself: never shown or kept."""

    id: str
    kind: str
    base_url: str | None
    api_key: str | None = field(default=None, repr=False)


class ModelsManager:
    """The models of one scope. `installation` is the installation's document; in a workspace
    `own` lies over it, in the installation the two are the same.
    """

    def __init__(
        self,
        own: DocumentManager[ModelsDocument],
        installation: DocumentManager[ModelsDocument],
        trust: DefinitionTrust,
        secrets: SecretStore,
        environment: Mapping[str, str],
    ) -> None:
        self.documents = own
        self._installation = installation
        self._trust = trust
        self._secrets = secrets
        self._environment = environment

    async def effective(self, grant: Grant) -> EffectiveModels:
        """Everything the scope sees, each with its origin."""
        own = (await self.documents.get(grant)).document
        if grant.scope_id == INSTALLATION_SCOPE:
            return effective_models(own)
        base = await self._installation.get(access_installation(grant.principal))
        return effective_models(base.document, own)

    async def get_model(self, grant: Grant, key: str) -> EffectiveModel:
        """One model.

        Raises:
            NotFound: The scope sees none of that key.
        """
        model = (await self.effective(grant)).models.get(key)
        if model is None:
            raise _missing("model", key)
        return model

    async def get_provider(self, grant: Grant, key: str) -> EffectiveProvider:
        """One provider.

        Raises:
            NotFound: The scope sees none of that key.
        """
        provider = (await self.effective(grant)).providers.get(key)
        if provider is None:
            raise _missing("provider", key)
        return provider

    async def put_provider(
        self, grant: Grant, key: str, entry: ProviderEntry, *, if_match: str | None = None
    ) -> EffectiveProvider:
        """Write and accept a provider in this scope's document."""
        _require_key(key)
        await self.documents.edit(
            grant, lambda d: _with(d, providers={**d.providers, key: entry}), if_match=if_match
        )
        provider = await self.get_provider(grant, key)
        await self._trust.accept(grant, "provider", {key: provider_hash(provider.entry)})
        return provider

    async def remove_provider(self, grant: Grant, key: str, *, if_match: str | None = None) -> None:
        """Remove a provider of this scope's document with its models; `active` is cleared when it
        was one of them. In a workspace the installation's of that key, if any, shows again.

        Raises:
            NotFound: This scope's document has none of that key.
        """

        def change(document: ModelsDocument) -> ModelsDocument:
            if key not in document.providers:
                raise _missing("provider", key)
            providers = {name: kept for name, kept in document.providers.items() if name != key}
            models = {
                name: model
                for name, model in document.models.items()
                if model is None or model.provider != key
            }
            return _with(document, providers=providers, models=models)

        await self.documents.edit(grant, change, if_match=if_match)

    async def put_model(
        self, grant: Grant, key: str, entry: ModelEntry, *, if_match: str | None = None
    ) -> EffectiveModel:
        """Write a model into this scope's document.

        Raises:
            InvalidInput: Its provider is not one that the scope sees.
        """
        _require_key(key)
        if entry.provider not in (await self.effective(grant)).providers:
            raise InvalidInput(
                f"There is no provider `{entry.provider}`.",
                hint="Add the provider first.",
                errors=[FieldProblem("provider", "no such provider")],
            )
        await self.documents.edit(
            grant, lambda d: _with(d, models={**d.models, key: entry}), if_match=if_match
        )
        return await self.get_model(grant, key)

    async def remove_model(self, grant: Grant, key: str, *, if_match: str | None = None) -> None:
        """Remove a model of this scope's document; `active` is cleared when it was that one.

        Raises:
            NotFound: This scope's document has none of that key.
        """

        def change(document: ModelsDocument) -> ModelsDocument:
            if key not in document.models:
                raise _missing("model", key)
            models = {name: model for name, model in document.models.items() if name != key}
            return _with(document, models=models)

        await self.documents.edit(grant, change, if_match=if_match)

    async def hide(
        self, grant: Grant, *, provider: str | None = None, model: str | None = None
    ) -> None:
        """Write `null` for an installation's entry into a workspace's document.

        Raises:
            Conflict: In the installation there is nothing to hide behind.
        """
        if grant.scope_id == INSTALLATION_SCOPE:
            raise Conflict("Only a workspace can hide the installation's entries.")

        def change(document: ModelsDocument) -> ModelsDocument:
            providers = {**document.providers, **({provider: None} if provider else {})}
            models = {**document.models, **({model: None} if model else {})}
            return _with(document, providers=providers, models=models)

        await self.documents.edit(grant, change)

    async def use(
        self, grant: Grant, key: str | None, *, if_match: str | None = None
    ) -> EffectiveModels:
        """Choose the model in use for this scope; None in a workspace means the installation's.

        Raises:
            NotFound: The scope sees none of that key.
            Conflict: It is switched off, or its provider is hidden here.
        """
        if key is not None and not (await self.get_model(grant, key)).usable:
            raise Conflict(
                f"The model `{key}` can't be used: it is switched off or has no provider here.",
                hint="Switch it on first.",
            )
        await self.documents.edit(
            grant, lambda d: d.model_copy(update={"active": key}), if_match=if_match
        )
        return await self.effective(grant)

    async def is_accepted(self, grant: Grant, provider: EffectiveProvider) -> bool:
        """Whether prompts may be sent to it. The installation's own always may."""
        if provider.origin == "installation":
            return True
        known = provider_hash(provider.entry)
        return await self._trust.is_accepted(grant, "provider", provider.key, known)

    async def accept_provider(self, grant: Grant, key: str) -> None:
        """Accept a workspace's provider that was found in its file."""
        provider = await self.get_provider(grant, key)
        await self._trust.accept(grant, "provider", {key: provider_hash(provider.entry)})

    async def resolve_provider(self, grant: Grant, provider: EffectiveProvider) -> ResolvedProvider:
        """The provider with its key.

        Raises:
            Conflict: It was not accepted: `conflict.needs_review`.
            NotFound: Its secret or variable is not set.
        """
        if not await self.is_accepted(grant, provider):
            raise Conflict(
                f"The provider `{provider.key}` of this workspace was not accepted yet.",
                code="conflict.needs_review",
                hint="Look at its address and key, then accept it in the workspace's models.",
            )
        entry = provider.entry

        async def secret(name: str) -> str:
            return await self._secrets.resolve(grant, name)

        api_key = None
        if entry.api_key is not None:
            api_key = await resolve_reference(
                entry.api_key,
                secret,
                self._environment,
                asked_by=f"The provider `{provider.key}`",
            )
        return ResolvedProvider(provider.key, entry.kind, entry.base_url, api_key)


def provider_hash(entry: ProviderEntry) -> str:
    """Hash of a provider as a person accepts it: kind, address, reference of the key."""
    return digest(entry.model_dump(mode="json"))


def _with(
    document: ModelsDocument,
    *,
    providers: Mapping[str, ProviderEntry | None] | None = None,
    models: Mapping[str, ModelEntry | None] | None = None,
) -> ModelsDocument:
    """A copy with other maps; `active` is cleared when its model just went away."""
    update: dict[str, object] = {}
    if providers is not None:
        update["providers"] = dict(providers)
    if models is not None:
        update["models"] = dict(models)
        gone = document.active in document.models and document.active not in models
        if gone:
            update["active"] = None
    return document.model_copy(update=update)


def _require_key(key: str) -> None:
    try:
        check_key(key)
    except ValueError as error:
        raise InvalidInput(f"{error}.", errors=[FieldProblem("key", str(error))]) from None


def _missing(what: str, key: str) -> NotFound:
    return NotFound(f"There is no {what} `{key:.64}` here.", hint=f"See `mandrake {what} list`.")
