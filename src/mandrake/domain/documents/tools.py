"""`tools.json`: tool servers as the ecosystem's `mcpServers` map, and our fields beside theirs.

In the file an entry is switched off by `disabled: true`, as other programs write it; everywhere
else the word is `enabled`. Resolving variables and secrets is the workspaces' part, not ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal, Self, cast

from pydantic import (
    AfterValidator,
    Field,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from mandrake.domain.documents.base import Document, DocumentPart, Key, ValueOrReference, problem_at

BoxChoice = Literal["auto", "engine", "bwrap", "landlock", "process"]
NetworkChoice = Literal["none", "allowlist", "open"]
Approval = Literal["auto", "ask", "deny"]
VARIABLES = ("workspace", "src", "files", "mcpdata")
"""`${src}` and the others; `workspace` and `src` exist only in a workspace."""
FILE_FORM = {"form": "file"}
"""Serialisation context in which `enabled` is written as the ecosystem's `disabled`."""

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def variables_of(text: str) -> tuple[str, ...]:
    """Names of the `${…}` in a text, in order."""
    return tuple(match.group(1) for match in _VARIABLE.finditer(text))


def replace_variables(text: str, values: Mapping[str, str]) -> str:
    """Put `values` in place of `${…}`. Once: what a value contains is not looked at again.

    Raises:
        KeyError: A variable has no value; its name is the argument.
    """
    return _VARIABLE.sub(lambda match: values[match.group(1)], text)


def _check_variables(text: str) -> str:
    unknown = [name for name in variables_of(text) if name not in VARIABLES]
    if unknown:
        known = ", ".join(f"${{{name}}}" for name in VARIABLES)
        raise ValueError(f"`${{{unknown[0]}}}` is not a variable; there are {known}")
    if "\0" in text:
        raise ValueError("a NUL character can't stand here")
    return text


def _check_target(target: str) -> str:
    path = PurePosixPath(_check_variables(target))
    if not (path.is_absolute() or target.startswith("${")) or ".." in path.parts:
        raise ValueError("a mount's target is an absolute path without `..`")
    return target


TemplateText = Annotated[str, AfterValidator(_check_variables)]
"""Text in which `${workspace} ${src} ${files} ${mcpdata}` stand for folders of the scope."""


class MountEntry(DocumentPart):
    """A folder or file that the server may reach."""

    source: TemplateText = Field(min_length=1)
    """Path on this machine: a variable, a path below one, or an absolute path."""
    target: Annotated[str, AfterValidator(_check_target)] | None = None
    """Path inside the box; absent is the same path as outside."""
    mode: Literal["ro", "rw"] = "ro"
    """Whether the server may write there."""


class ServerLimits(DocumentPart):
    """Bounds of the server's whole process tree; `null` leaves the box's own default."""

    memory_mb: int | None = Field(default=None, ge=16)
    """Memory in mebibytes."""
    pids: int | None = Field(default=None, ge=4)
    """Processes and threads."""
    cpus: float | None = Field(default=None, gt=0)
    """Processors, as a fraction: 0.5 is half of one."""


class EffectsEntry(DocumentPart):
    """What a call of one tool may change, as judged by the person."""

    effects: Literal["read", "idempotent", "write"]
    """`read` changes nothing; `idempotent` may be repeated; `write` is neither."""
    network: bool = False
    """Whether it reaches beyond this machine."""


class ToolChoices(DocumentPart):
    """Which of the server's tools are used, and how."""

    allow: list[str] | None = None
    """Only these tools; `null` is all of them."""
    deny: list[str] = []
    """Never these; wins over `allow`."""
    approval: dict[str, Approval] = {}
    """By tool: run (`auto`), ask a person, refuse. Absent: the judged effects decide."""
    effects: dict[str, EffectsEntry | Literal["read", "idempotent", "write"]] = {}
    """By tool: overrides what the server says about itself. A bare word reaches no network."""


class HealthEntry(DocumentPart):
    """How often a running server is asked whether it answers."""

    interval_seconds: float = Field(default=30, ge=1)
    """Seconds between two pings."""
    timeout_seconds: float = Field(default=5, gt=0)
    """Seconds until an unanswered ping counts as a failure."""


class ServerEntry(DocumentPart):
    """One tool server: a program to start, an address to reach, or an image to run."""

    command: TemplateText | None = None
    """Program to start; `@mandrake/filesystem` and `@mandrake/git` are the shipped ones."""
    args: list[TemplateText] = []
    """Arguments, one each; no shell reads them."""
    env: dict[str, ValueOrReference] = {}
    """Environment of the server: nothing is inherited."""
    cwd: TemplateText | None = None
    """Folder in which the program starts; absent is the server's own folder in `mcpdata`."""
    url: str | None = Field(default=None, pattern=r"^https?://[^\s]+$")
    """Address of a server that runs elsewhere (Streamable HTTP, or HTTP with SSE)."""
    headers: dict[str, ValueOrReference] = {}
    """Headers sent to `url`."""
    image: str | None = Field(default=None, pattern=r"^[A-Za-z0-9][^\s]*$")
    """Container image; `command` and `args` then run inside."""
    enabled: bool = True
    """Whether the server is used. In the file: `disabled`."""
    box: BoxChoice = "auto"
    """Isolation; `auto` takes the strongest available and never `process`."""
    mounts: list[MountEntry] = []
    """What the server may reach; nothing else of the disk."""
    network: NetworkChoice = "none"
    """Which network the server has; `allowlist` means `allow_hosts`."""
    allow_hosts: list[str] = []
    """Host names for `allowlist`; `*.example.com` is every name below."""
    limits: ServerLimits = ServerLimits()
    """Bounds of memory, processes and processors."""
    tools: ToolChoices = ToolChoices()
    """Which tools are used, and how."""
    autostart: bool = True
    """Whether it starts with its scope; else at the first call."""
    health: HealthEntry = HealthEntry()
    """How a running server is watched."""
    trust_annotations: bool = False
    """Whether the server's own claims about its tools' effects are believed. Bound to this
    definition: a changed one must be accepted again."""

    @model_validator(mode="before")
    @classmethod
    def _read_disabled(cls, data: object) -> object:
        if not isinstance(data, dict) or "disabled" not in data:
            return cast("object", data)
        entry = dict(cast("dict[str, object]", data))
        disabled = entry.pop("disabled")
        if not isinstance(disabled, bool):
            raise ValueError("`disabled` is true or false")  # noqa: TRY004 - Pydantic wants it
        if "enabled" in entry and entry["enabled"] is disabled:
            raise ValueError("`enabled` and `disabled` contradict each other; keep one")
        entry["enabled"] = not disabled
        return entry

    @model_validator(mode="after")
    def _check_kind(self) -> Self:
        if self.url is not None and (self.command is not None or self.image is not None):
            raise ValueError("`url` stands alone: remove `command` and `image`, or the `url`")
        if self.url is None and self.command is None and self.image is None:
            raise ValueError("one of `command`, `url` and `image` is needed")
        if self.command is not None and not self.command.strip():
            raise ValueError("`command` is empty")
        if self.allow_hosts and self.network != "allowlist":
            raise ValueError("`allow_hosts` needs `network` to be `allowlist`")
        for name in self.env:
            if not name or "=" in name or "\0" in name:
                raise ValueError(f"`env` has a variable without a usable name: {name!r:.40}")
        for name in self.headers:
            if _HEADER_NAME.fullmatch(name) is None:
                raise ValueError(f"`headers` has an unusable name: {name!r:.40}")
        return self

    @model_serializer(mode="wrap")
    def _write_disabled(
        self, handler: SerializerFunctionWrapHandler, info: SerializationInfo
    ) -> dict[str, Any]:
        data: dict[str, Any] = handler(self)
        if info.context == FILE_FORM:
            data.pop("enabled", None)
            if not self.enabled:
                data["disabled"] = True
        return data


class ServerProfile(DocumentPart):
    """A named set of servers that replaces the top one while it is active."""

    description: str = ""
    """What the set is for."""
    mcpServers: dict[Key, ServerEntry] = {}  # noqa: N815 - the ecosystem's spelling
    """The servers of this set."""


class ToolsDocument(Document):
    """The tool servers of a scope."""

    mcpServers: dict[Key, ServerEntry] = {}  # noqa: N815 - the ecosystem's spelling
    """Servers by key, as Claude Desktop, Cursor and others write them."""
    profiles: dict[Key, ServerProfile] = {}
    """Further named sets."""
    active_profile: str | None = None
    """Name of the set in use; `null` is the top-level `mcpServers`."""

    @model_validator(mode="after")
    def _check_active(self) -> Self:
        if self.active_profile is not None and self.active_profile not in self.profiles:
            raise problem_at(
                "active_profile",
                f"`{self.active_profile}` is not in `profiles`: choose one of its names, or null",
            )
        return self

    @property
    def servers(self) -> Mapping[str, ServerEntry]:
        """The set in use."""
        if self.active_profile is None:
            return self.mcpServers
        return self.profiles[self.active_profile].mcpServers

    def with_servers(self, servers: Mapping[str, ServerEntry]) -> ToolsDocument:
        """A copy whose set in use is `servers`."""
        if self.active_profile is None:
            return self.model_copy(update={"mcpServers": dict(servers)})
        profile = self.profiles[self.active_profile]
        changed = profile.model_copy(update={"mcpServers": dict(servers)})
        return self.model_copy(update={"profiles": {**self.profiles, self.active_profile: changed}})
