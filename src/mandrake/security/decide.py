"""The one judge: may this principal do this to that, or must a person be asked?

Pure. Facts come from the caller; nothing here reads a document, a database or a clock. Deny wins
over everything, a person's explicit rule wins over the default, and the default asks unless a call
only reads and stays off the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from mandrake.domain.principals import Grant, Right
from mandrake.domain.tools import JudgedEffects

Approval = Literal["auto", "ask", "deny"]
Action = Literal["read", "converse", "operate", "configure", "call_tool"]

_RIGHT_OF: Mapping[Action, Right] = {
    "read": Right.READ,
    "converse": Right.CONVERSE,
    "operate": Right.OPERATE,
    "configure": Right.CONFIGURE,
    "call_tool": Right.CONVERSE,
}


@dataclass(frozen=True, slots=True)
class Allow:
    """Go on."""

    reason: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A person has to say yes first."""

    reason: str


@dataclass(frozen=True, slots=True)
class Deny:
    """Refused; asking would not help."""

    reason: str


Decision = Allow | Ask | Deny


@dataclass(frozen=True, slots=True)
class ToolFacts:
    """What matters about one tool call."""

    effects: JudgedEffects
    configured: Approval | None = None
    """`tools.approval` of the server's definition for this tool."""
    allowed_patterns: tuple[str, ...] = ()
    """`tools.allow`: when not empty, only these tools exist."""
    denied_patterns: tuple[str, ...] = ()
    """`tools.deny`."""
    remembered: bool = False
    """Allowed for the rest of the session, for this very definition."""
    answered: Literal["allow", "deny"] | None = None
    """A person's answer about this very call and these very arguments."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts about the resource; `tool` for the action `call_tool`."""

    tool: ToolFacts | None = field(default=None)


def decide(grant: Grant, action: Action, resource: str, facts: Facts | None = None) -> Decision:
    """Judge one act. `resource` is `server.tool`, a document's name, a session's id, …"""
    if _RIGHT_OF[action] not in grant.rights:
        return Deny("missing right")
    if action != "call_tool":
        return Allow("right held")
    if facts is None or facts.tool is None:
        return Deny("nothing is known about this tool")
    return _decide_tool(resource.split(".", 1)[-1], facts.tool)


def is_offered(tool: str, allowed: tuple[str, ...], denied: tuple[str, ...]) -> bool:
    """Whether a tool exists for the model at all."""
    if any(fnmatchcase(tool, pattern) for pattern in denied):
        return False
    return not allowed or any(fnmatchcase(tool, pattern) for pattern in allowed)


def _decide_tool(tool: str, facts: ToolFacts) -> Decision:
    if not is_offered(tool, facts.allowed_patterns, facts.denied_patterns):
        return Deny("this workspace does not offer the tool")
    if facts.configured == "deny":
        return Deny("this workspace never allows the tool")
    if facts.answered == "deny":
        return Deny("a person said no")
    if facts.answered == "allow":
        return Allow("a person said yes to this call")
    if facts.configured == "auto":
        return Allow("this workspace always allows the tool")
    if facts.remembered:
        return Allow("a person allowed the tool for this session")
    if facts.configured == "ask":
        return Ask("this workspace asks before every use of the tool")
    return _decide_by_effects(facts.effects)


def _decide_by_effects(effects: JudgedEffects) -> Decision:
    if effects.effects != "read":
        return Ask("it may change things")
    if effects.network:
        return Ask("it reaches the network")
    return Allow("it only reads")
