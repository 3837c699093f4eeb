"""`models.json`: providers and models, and how a workspace's lie over the installation's.

The merge is pure; keys of providers are references, resolved elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Self

from pydantic import Field, model_validator

from mandrake.domain.documents.base import Document, DocumentPart, Key, SecretOnly, problem_at

Origin = Literal["installation", "workspace"]


class ProviderEntry(DocumentPart):
    """An LLM service."""

    kind: str = Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")
    """Which adapter speaks to it: `openai`, `rehearsal`, …"""
    base_url: str | None = Field(default=None, pattern=r"^https?://[^\s]+$")
    """Address; absent is the kind's own."""
    api_key: SecretOnly | None = None
    """Where the key is kept; never the key itself."""


class ModelSettingsEntry(DocumentPart):
    """What is asked of the model; absent leaves it to the provider. Further keys are passed on."""

    temperature: float | None = Field(default=None, ge=0, le=2)
    """Randomness, 0 to 2."""
    max_output_tokens: int | None = Field(default=None, ge=1)
    """Longest answer of one turn."""
    reasoning: Literal["off", "low", "medium", "high"] | None = None
    """How much the model may think before it answers."""


class ModelOverrides(DocumentPart):
    """Corrections of what the catalogue says about the model; absent keeps the catalogue's."""

    context_tokens: int | None = Field(default=None, ge=1)
    """Size of the context window."""
    max_output_tokens: int | None = Field(default=None, ge=1)
    """Longest answer the model can give."""
    tools: bool | None = None
    """Whether it can call tools."""
    images: bool | None = None
    """Whether it can see images."""
    input_usd: float | None = Field(default=None, ge=0)
    """US dollars per million input tokens."""
    output_usd: float | None = Field(default=None, ge=0)
    """US dollars per million output tokens."""
    cache_read_usd: float | None = Field(default=None, ge=0)
    """US dollars per million tokens read from the cache."""
    cache_write_usd: float | None = Field(default=None, ge=0)
    """US dollars per million tokens written to the cache."""


class ModelEntry(DocumentPart):
    """A model reached through a provider."""

    provider: Key
    """Key in `providers`, here or in the installation's document."""
    model: str = Field(min_length=1, max_length=256)
    """The provider's own name of the model."""
    enabled: bool = True
    """Whether it may be chosen; the one in use is `active`."""
    settings: ModelSettingsEntry = ModelSettingsEntry()
    """What is asked of the model."""
    overrides: ModelOverrides = ModelOverrides()
    """Corrections of the catalogue."""


class ModelsDocument(Document):
    """Providers and models of a scope. In a workspace `null` hides the installation's entry."""

    active: str | None = None
    """Key of the model in use; in a workspace `null` means the installation's."""
    providers: dict[Key, ProviderEntry | None] = {}
    """Providers by key."""
    models: dict[Key, ModelEntry | None] = {}
    """Models by key."""


class InstallationModelsDocument(ModelsDocument):
    """The installation's own: here every reference must resolve within the document."""

    @model_validator(mode="after")
    def _check_references(self) -> Self:
        for key, model in self.models.items():
            if model is not None and self.providers.get(model.provider) is None:
                raise problem_at(
                    f"models.{key}.provider",
                    f"`{model.provider}` is not in `providers`: add it there, or choose another",
                )
        if self.active is not None and self.models.get(self.active) is None:
            raise problem_at(
                "active", f"`{self.active}` is not in `models`: choose one of its keys, or null"
            )
        return self


@dataclass(frozen=True, slots=True)
class EffectiveProvider:
    """A provider as a scope sees it."""

    key: str
    entry: ProviderEntry
    origin: Origin


@dataclass(frozen=True, slots=True)
class EffectiveModel:
    """A model as a scope sees it, with the provider it is reached through."""

    key: str
    entry: ModelEntry
    origin: Origin
    provider: EffectiveProvider | None
    """None when a workspace hides the provider: the model is shown and can't be used."""

    @property
    def usable(self) -> bool:
        """Whether a round may run on it."""
        return self.entry.enabled and self.provider is not None


@dataclass(frozen=True, slots=True)
class EffectiveModels:
    """What a scope can use after the merge. Maps are in key order."""

    providers: dict[str, EffectiveProvider]
    models: dict[str, EffectiveModel]
    active: EffectiveModel | None
    """The model in use; None when nothing usable is chosen. Never another one silently."""
    active_origin: Origin | None
    """Whose `active` decided."""


def effective_models(
    installation: ModelsDocument, workspace: ModelsDocument | None = None
) -> EffectiveModels:
    """Lay a workspace's models over the installation's: by key, whole entries, `null` removes.

    `active` is the workspace's if it names a usable model, else the installation's.
    """
    providers: dict[str, EffectiveProvider] = {}
    entries: dict[str, tuple[ModelEntry, Origin]] = {}
    layers: list[tuple[ModelsDocument, Origin]] = [(installation, "installation")]
    if workspace is not None:
        layers.append((workspace, "workspace"))
    for document, origin in layers:
        for key, provider in document.providers.items():
            if provider is None:
                providers.pop(key, None)
            else:
                providers[key] = EffectiveProvider(key, provider, origin)
        for key, model in document.models.items():
            if model is None:
                entries.pop(key, None)
            else:
                entries[key] = (model, origin)
    models = {
        key: EffectiveModel(key, entry, origin, providers.get(entry.provider))
        for key, (entry, origin) in sorted(entries.items())
    }
    active, active_origin = _choose_active(layers, models)
    return EffectiveModels(dict(sorted(providers.items())), models, active, active_origin)


def _choose_active(
    layers: list[tuple[ModelsDocument, Origin]], models: dict[str, EffectiveModel]
) -> tuple[EffectiveModel | None, Origin | None]:
    for document, origin in reversed(layers):
        model = models.get(document.active) if document.active is not None else None
        if model is not None and model.usable:
            return model, origin
    return None, None
