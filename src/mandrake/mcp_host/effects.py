"""What a tool may change, judged by us and not believed. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from mandrake.domain.tools import Effects, JudgedEffects, ToolDefinition
from mandrake.errors import FieldProblem, InvalidInput

_UNKNOWN = JudgedEffects(Effects.WRITE, network=True)


def judge(
    definition: ToolDefinition,
    configured: Mapping[str, str | JudgedEffects] | None,
    *,
    trusted: bool,
) -> JudgedEffects:
    """What a call of this tool may do.

    `configured` maps tools to a judgement, or to `read`, `idempotent` or `write`, optionally
    followed by ` network`, and wins. Without it, annotations count only when `trusted`; a tool
    that says nothing, or that nobody trusts, may write and reach the network.

    Source: MCP specification 2025-11-25, "ToolAnnotations": `openWorldHint` is true by default,
    `readOnlyHint` and `idempotentHint` are false.

    Raises:
        InvalidInput: `configured` holds another word for this tool.
    """
    words = (configured or {}).get(definition.tool)
    if isinstance(words, JudgedEffects):
        return words
    if words is not None:
        return parse_effects(words, f"tools.effects.{definition.tool}")
    if not trusted:
        return _UNKNOWN
    hints = definition.annotations
    if hints.read_only:
        effects = Effects.READ
    elif hints.idempotent:
        effects = Effects.IDEMPOTENT
    else:
        effects = Effects.WRITE
    return JudgedEffects(effects, network=hints.open_world is not False)


def parse_effects(words: str, path: str = "effects") -> JudgedEffects:
    """`read`, `idempotent` or `write`, and ` network` after it when it reaches the network.

    Raises:
        InvalidInput: Anything else; the problem is reported at `path`.
    """
    first, *rest = words.replace(",", " ").split() or [""]
    if first not in {item.value for item in Effects} or rest not in ([], ["network"]):
        text = f"`{words}`: use `read`, `idempotent` or `write`, optionally with ` network`"
        raise InvalidInput(text, errors=[FieldProblem(path, text)])
    return JudgedEffects(Effects(first), network=bool(rest))
