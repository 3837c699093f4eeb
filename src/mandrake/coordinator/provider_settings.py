"""Providers as people set them up: a key goes into the secret store and a reference into the
document; trying one out asks it for its models.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from mandrake.domain.documents import (
    EffectiveProvider,
    EnvironmentReference,
    ProviderEntry,
    Reference,
    SecretReference,
    check_key,
)
from mandrake.domain.principals import Grant, Right
from mandrake.errors import Conflict, DeadlineExceeded, FieldProblem, InvalidInput, MandrakeError
from mandrake.providers.manager import ProviderManager
from mandrake.providers.port import ListedModel, ProviderConfig
from mandrake.security.secrets import SecretStore
from mandrake.tenancy.access import access_installation
from mandrake.workspaces.models import ModelsManager

TEST_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class ProviderDraft:
    """A provider as a person writes it."""

    kind: str
    base_url: str | None = None
    api_key: str | Reference | None = field(default=None, repr=False)
    """A literal key, a reference, None to keep what is there, or empty to have none."""


@dataclass(frozen=True, slots=True)
class ShownProvider:
    """A provider with what may be told of its key."""

    effective: EffectiveProvider
    key_set: bool
    key_hint: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class ProviderTest:
    """What came of trying a provider."""

    models: tuple[ListedModel, ...]
    error: MandrakeError | None
    duration_ms: float


class ProviderSettings:
    """The providers of one scope. Made for a request."""

    def __init__(
        self,
        models: ModelsManager,
        providers: ProviderManager,
        secrets: SecretStore,
        kinds: tuple[str, ...],
        environment: Mapping[str, str],
    ) -> None:
        self._models = models
        self._providers = providers
        self._secrets = secrets
        self._kinds = kinds
        self._environment = environment

    async def list(self, grant: Grant) -> list[ShownProvider]:
        """What the scope sees, by key."""
        effective = await self._models.effective(grant)
        return [await self._shown(grant, each) for each in effective.providers.values()]

    async def get(self, grant: Grant, key: str) -> ShownProvider:
        """One provider.

        Raises:
            NotFound: The scope sees none of that key.
        """
        return await self._shown(grant, await self._models.get_provider(grant, key))

    async def add(
        self, grant: Grant, key: str, draft: ProviderDraft, *, if_match: str | None = None
    ) -> ShownProvider:
        """Write a provider that this scope does not see yet; see `put`.

        Raises:
            Conflict: It does.
        """
        if key in (await self._models.effective(grant)).providers:
            raise Conflict(f"There is already a provider `{key}`; change it instead.")
        return await self.put(grant, key, draft, if_match=if_match)

    async def put(
        self, grant: Grant, key: str, draft: ProviderDraft, *, if_match: str | None = None
    ) -> ShownProvider:
        """Write a provider into this scope's document and accept it.

        Raises:
            InvalidInput: Key, kind or address can't be used.
            PreconditionFailed: The document has another revision than `if_match`.
        """
        grant.require(Right.CONFIGURE)
        self._check(key, draft)
        reference = await self._reference(grant, key, draft)
        entry = ProviderEntry(kind=draft.kind, base_url=draft.base_url, api_key=reference)
        if isinstance(draft.api_key, str) and draft.api_key:
            # Before the document: a reference to nothing would be a provider that fails.
            await self._secrets.set(grant, _secret_name(key), draft.api_key)
        await self._models.put_provider(grant, key, entry, if_match=if_match)
        return await self.get(grant, key)

    async def remove(self, grant: Grant, key: str, *, if_match: str | None = None) -> None:
        """Remove a provider of this scope's document, with the key we kept for it.

        Raises:
            NotFound: This scope's document has none of that key.
        """
        await self._models.remove_provider(grant, key, if_match=if_match)
        self._providers.forget(key, scope_id=grant.scope_id)
        if any(info.name == _secret_name(key) for info in await self._secrets.list(grant)):
            await self._secrets.remove(grant, _secret_name(key))

    async def test(self, grant: Grant, key: str) -> ProviderTest:
        """Ask a provider for its models.

        Raises:
            NotFound: The scope sees none of that key.
            Conflict: It was not accepted: `conflict.needs_review`.
        """
        grant.require(Right.CONFIGURE)
        provider = await self._models.get_provider(grant, key)
        started = time.monotonic()
        models: tuple[ListedModel, ...] = ()
        error: MandrakeError | None = None
        try:
            async with asyncio.timeout(TEST_SECONDS):
                models = tuple(await self.listed_models(grant, provider))
        except Conflict:
            raise
        except MandrakeError as failure:
            error = failure
        except TimeoutError:
            error = DeadlineExceeded(
                f"The provider `{key}` did not answer within {TEST_SECONDS:.0f} seconds.",
                hint="Check its address.",
            )
        return ProviderTest(models, error, (time.monotonic() - started) * 1000)

    async def listed_models(self, grant: Grant, provider: EffectiveProvider) -> list[ListedModel]:
        """What a provider offers. Contacts it.

        Raises:
            MandrakeError: It can't be resolved or reached.
        """
        resolved = await self._models.resolve_provider(grant, provider)
        config = ProviderConfig(resolved.id, resolved.kind, resolved.base_url, resolved.api_key)
        return await self._providers.provider(config, scope_id=grant.scope_id).list_models()

    async def _shown(self, grant: Grant, provider: EffectiveProvider) -> ShownProvider:
        accepted = await self._models.is_accepted(grant, provider)
        reference = provider.entry.api_key
        if reference is None:
            return ShownProvider(provider, key_set=False, key_hint="", accepted=accepted)
        if isinstance(reference, EnvironmentReference):
            is_set = bool(self._environment.get(reference.env))
            return ShownProvider(provider, is_set, f"${reference.env}", accepted)
        for place in (grant, access_installation(grant.principal)):
            for info in await self._secrets.list(place):
                if info.name == reference.secret:
                    return ShownProvider(provider, True, info.hint, accepted)
        return ShownProvider(provider, key_set=False, key_hint="", accepted=accepted)

    async def _reference(self, grant: Grant, key: str, draft: ProviderDraft) -> Reference | None:
        if isinstance(draft.api_key, str):
            return SecretReference(secret=_secret_name(key)) if draft.api_key else None
        if draft.api_key is not None:
            return draft.api_key
        known = (await self._models.effective(grant)).providers.get(key)
        if known is None or known.entry.base_url != draft.base_url:
            # A key is for the address it was given for, and is not sent to another unasked.
            return None
        return known.entry.api_key

    def _check(self, key: str, draft: ProviderDraft) -> None:
        problems: list[FieldProblem] = []
        try:
            check_key(key)
        except ValueError as error:
            problems.append(FieldProblem("id", str(error)))
        if draft.kind not in self._kinds:
            known = ", ".join(f"`{kind}`" for kind in self._kinds)
            problems.append(FieldProblem("kind", f"`{draft.kind:.40}` is not known; use {known}"))
        url = draft.base_url
        if url is not None and not url.startswith(("http://", "https://")):
            problems.append(FieldProblem("base_url", "an http or https address is expected"))
        if problems:
            first = problems[0]
            raise InvalidInput(
                f"The provider can't be used: `{first.path}`: {first.message}.", errors=problems
            )


def _secret_name(key: str) -> str:
    return f"provider.{key}"
