"""A scope's documents as rounds need them: prompt texts, the model to call, what tools may do.

Reads the documents anew at each call; keeps nothing. The adapter of `RoundDocuments`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from mandrake.coordinator.context import system_facts
from mandrake.coordinator.round_scope import PromptText, PromptTexts, ResolvedModel, ToolPolicy
from mandrake.domain.documents import EffectiveModel, ServerEntry
from mandrake.domain.principals import Grant
from mandrake.domain.tools import Effects, JudgedEffects, ToolDefinition
from mandrake.domain.usage import UnitPrices, Usage
from mandrake.errors import InvalidInput
from mandrake.mcp_host.effects import judge
from mandrake.providers.accounting import price
from mandrake.providers.catalog import model_facts
from mandrake.providers.manager import ProviderManager
from mandrake.providers.port import ModelSettings, Provider, ProviderConfig
from mandrake.workspaces.models import ModelsManager
from mandrake.workspaces.prompt import PromptManager, render_piece
from mandrake.workspaces.resolution import SHIPPED_COMMANDS
from mandrake.workspaces.tools import ToolsManager

CALL_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class WorkspaceFacts:
    """What the model is told about where it is."""

    name: str
    description: str
    source_folder: str


class ScopeDocuments:
    """Implements `RoundDocuments` over the managers of one scope."""

    def __init__(
        self,
        grant: Grant,
        *,
        tools: ToolsManager,
        models: ModelsManager,
        prompt: PromptManager,
        providers: ProviderManager,
        facts: Callable[[], WorkspaceFacts | None],
    ) -> None:
        self._grant = grant
        self._tools = tools
        self._models = models
        self._prompt = prompt
        self._providers = providers
        self._facts = facts

    async def resolve_model(self, key: str | None) -> ResolvedModel:
        effective = await self._models.effective(self._grant)
        model = effective.active if key is None else effective.models.get(key)
        if model is None:
            raise _no_model(key, list(effective.models))
        if not model.usable or model.provider is None:
            raise InvalidInput(
                f"The model `{model.key}` can't be used: it is switched off or its provider "
                "is missing.",
                hint="Choose another (`mandrake model use …`) or mend it in the settings.",
            )
        resolved = await self._models.resolve_provider(self._grant, model.provider)
        config = ProviderConfig(resolved.id, resolved.kind, resolved.base_url, resolved.api_key)
        provider = self._providers.provider(config, scope_id=self._grant.scope_id)
        return _resolved(model, config, provider)

    async def prompt(self) -> PromptTexts:
        composed = await self._prompt.compose(self._grant)
        parts = [
            PromptText(f"{piece.origin}:{piece.name}", render_piece(piece), piece.origin)
            for piece in composed.pieces
            if piece.enabled and piece.text.strip()
        ]
        facts = self._facts()
        if composed.include_workspace and facts is not None:
            parts.append(PromptText("workspace", _workspace_text(facts), "include_workspace"))
        if composed.include_system_info:
            parts.append(PromptText("system", system_facts(), "include_system_info"))
        return PromptTexts(tuple(parts), composed.include_datetime)

    async def policies(self) -> Callable[[ToolDefinition], ToolPolicy]:
        servers = (await self._tools.documents.get(self._grant)).document.servers

        def policy_of(definition: ToolDefinition) -> ToolPolicy:
            return tool_policy(definition, servers.get(definition.server))

        return policy_of

    async def always_allow(self, server: str, tool: str) -> None:
        await self._tools.set_approval(self._grant, server, tool, "auto")


def tool_policy(definition: ToolDefinition, entry: ServerEntry | None) -> ToolPolicy:
    """What an entry of `tools.json` says about one of its tools; cautious without an entry."""
    if entry is None:
        effects = judge(definition, None, trusted=False)
        return ToolPolicy(effects, None, (), (), CALL_SECONDS)
    choices = entry.tools
    configured = choices.effects.get(definition.tool)
    if isinstance(configured, str):
        effects = JudgedEffects(Effects(configured), network=False)
    elif configured is not None:
        effects = JudgedEffects(Effects(configured.effects), configured.network)
    else:
        trusted = entry.command in SHIPPED_COMMANDS or entry.trust_annotations
        effects = judge(definition, None, trusted=trusted)
    return ToolPolicy(
        effects=effects,
        approval=choices.approval.get(definition.tool),
        allowed_patterns=tuple(choices.allow or ()),
        denied_patterns=tuple(choices.deny),
        timeout_seconds=CALL_SECONDS,
    )


def _resolved(model: EffectiveModel, config: ProviderConfig, provider: Provider) -> ResolvedModel:
    entry = model.entry
    overrides = entry.overrides.model_dump(exclude_none=True)
    extra = entry.settings.model_extra or {}
    facts = model_facts(
        entry.model, kind=config.kind, base_url=config.base_url, overrides=overrides
    )

    def price_of(usage: Usage) -> tuple[Decimal | None, UnitPrices | None]:
        return price(
            usage, entry.model, kind=config.kind, base_url=config.base_url, overrides=overrides
        )

    return ResolvedModel(
        key=model.key,
        provider_id=config.id,
        provider_kind=config.kind,
        provider=provider,
        model=entry.model,
        settings=ModelSettings(
            temperature=entry.settings.temperature,
            max_output_tokens=entry.settings.max_output_tokens,
            reasoning=entry.settings.reasoning,
            extra=extra,
        ),
        window_tokens=facts.context_tokens,
        price=price_of,
    )


def _no_model(key: str | None, known: list[str]) -> InvalidInput:
    names = ", ".join(f"`{name}`" for name in known) or "none"
    if key is None:
        return InvalidInput(
            "No model is active here.",
            code="invalid.model",
            hint=f"Choose one with `mandrake model use …`; there are: {names}.",
        )
    return InvalidInput(
        f"There is no model `{key}` here.",
        code="invalid.model",
        hint=f"Choose one of: {names}.",
    )


def _workspace_text(facts: WorkspaceFacts) -> str:
    lines = ["## Workspace", "", f"Name: {facts.name}"]
    if facts.description:
        lines.append(f"Description: {facts.description}")
    lines.append(f"Source folder: {facts.source_folder}")
    return "\n".join(lines)
