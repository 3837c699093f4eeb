"""From a server's entry to what is really started: variables, secrets and mounts resolved.

Knows no box and no protocol: whoever opens the scope translates `ResolvedServer` for the host.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from pydantic import JsonValue

from mandrake.domain.documents import (
    EnvironmentReference,
    MountEntry,
    SecretReference,
    ServerEntry,
)
from mandrake.domain.documents.base import Reference
from mandrake.domain.documents.tools import BoxChoice, NetworkChoice, replace_variables
from mandrake.errors import InvalidInput, NotFound
from mandrake.kit.canonical import digest
from mandrake.workspaces.layout import ScopePaths

SHIPPED_COMMANDS: Final = frozenset({"@mandrake/filesystem", "@mandrake/git"})
_NOT_LAUNCH: Final = {"enabled", "autostart", "health", "tools", "trust_annotations"}
_NOT_DEFINITION: Final = {"enabled", "autostart", "health"}
ResolveSecret = Callable[[str], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class ResolvedMount:
    """A folder or file of this machine in a server's box. Both absolute."""

    source: Path
    """Resolved: no link on the way, so it is the same place for the box and for our judgement."""
    target: Path
    mode: Literal["ro", "rw"]


@dataclass(frozen=True, slots=True)
class ResolvedLimits:
    """Bounds of a server's process tree; None leaves the box's default."""

    memory_mb: int | None = None
    pids: int | None = None
    cpus: float | None = None


@dataclass(frozen=True, slots=True)
class ResolvedServer:
    """Everything needed to start or reach one server. Holds secret values: never shown or kept."""

    key: str
    command: tuple[str, ...]
    """Program and arguments; empty for an address."""
    env: Mapping[str, str] = field(repr=False)
    cwd: Path | None
    url: str | None
    headers: Mapping[str, str] = field(repr=False)
    image: str | None
    box: BoxChoice
    mounts: tuple[ResolvedMount, ...]
    network: NetworkChoice
    allow_hosts: tuple[str, ...]
    limits: ResolvedLimits
    data_folder: Path
    """The server's own folder in `mcpdata`: always mounted writable, made before the start."""
    autostart: bool
    health_interval_seconds: float
    health_timeout_seconds: float
    definition_hash: str
    """What was accepted; approvals bind to it."""
    launch_hash: str
    """Changes when the server must be started anew; choices about its tools don't change it."""
    shipped: bool
    """Whether the program is one of ours."""
    trust_annotations: bool


def definition_hash(entry: ServerEntry) -> str:
    """Hash of a definition as a person accepts it: variables and references as written, defaults
    left out (so that a new field with a default changes no hash). Where the home lies doesn't
    matter; switching on and off, autostart and health don't either.
    """
    return digest(entry.model_dump(mode="json", exclude=_NOT_DEFINITION, exclude_defaults=True))


def launch_hash(entry: ServerEntry, resolved_to: JsonValue) -> str:
    """Hash of what is started, `resolved_to` being the paths it comes to in this scope."""
    return digest(
        [entry.model_dump(mode="json", exclude=_NOT_LAUNCH, exclude_defaults=True), resolved_to]
    )


def references_of(entry: ServerEntry) -> dict[str, Reference]:
    """Secrets and variables that the entry asks for, by where (`env.TOKEN`, `headers.X-Key`)."""
    found: dict[str, Reference] = {}
    for area, values in (("env", entry.env), ("headers", entry.headers)):
        for name, value in values.items():
            if not isinstance(value, str):
                found[f"{area}.{name}"] = value
    return found


async def resolve_server(
    key: str,
    entry: ServerEntry,
    paths: ScopePaths,
    resolve_secret: ResolveSecret,
    environment: Mapping[str, str],
) -> ResolvedServer:
    """Resolve one entry in one scope.

    A mount's source lies in `src`, `files` or the server's folder in `mcpdata`, or is an absolute
    path written in the entry (accepted with it). Mandrake's own data is never mounted.

    Raises:
        InvalidInput: A variable means nothing in this scope, or a mount may not be made.
        NotFound: A secret, a variable of the environment or a mounted path is missing.
    """
    values, mounts = await asyncio.to_thread(_resolve_paths, key, entry, paths)
    command: tuple[str, ...] = ()
    if entry.command is not None:
        command = tuple(_replace(key, text, values) for text in (entry.command, *entry.args))
    elif entry.image is not None:
        command = tuple(_replace(key, text, values) for text in entry.args)
    cwd = Path(_replace(key, entry.cwd, values)) if entry.cwd is not None else None
    where: JsonValue = [
        [str(part) for part in command],
        [[str(mount.source), str(mount.target), mount.mode] for mount in mounts],
        str(cwd),
    ]
    return ResolvedServer(
        key=key,
        command=command,
        env=await _resolve_values(key, entry.env, resolve_secret, environment, values),
        cwd=cwd,
        url=entry.url,
        headers=await _resolve_values(key, entry.headers, resolve_secret, environment, values),
        image=entry.image,
        box=entry.box,
        mounts=mounts,
        network=entry.network,
        allow_hosts=tuple(entry.allow_hosts),
        limits=ResolvedLimits(entry.limits.memory_mb, entry.limits.pids, entry.limits.cpus),
        data_folder=Path(values["mcpdata"]),
        autostart=entry.autostart,
        health_interval_seconds=entry.health.interval_seconds,
        health_timeout_seconds=entry.health.timeout_seconds,
        definition_hash=definition_hash(entry),
        launch_hash=launch_hash(entry, where),
        shipped=entry.command in SHIPPED_COMMANDS,
        trust_annotations=entry.trust_annotations,
    )


async def resolve_reference(
    reference: Reference,
    resolve_secret: ResolveSecret,
    environment: Mapping[str, str],
    *,
    asked_by: str,
) -> str:
    """The value behind a reference.

    Raises:
        NotFound: The secret or the variable is not set; names `asked_by` and the next step.
    """
    if isinstance(reference, SecretReference):
        try:
            return await resolve_secret(reference.secret)
        except NotFound as error:
            raise NotFound(
                f"{asked_by} needs the secret `{reference.secret}`, which is not set.",
                code="not_found.secret",
                hint=f"Set it: `mandrake secret set {reference.secret}`.",
            ) from error
    value = environment.get(reference.env)
    if value is None:
        raise NotFound(
            f"{asked_by} needs `{reference.env}` from the environment, where it is not set.",
            code="not_found.variable",
            hint=f"Set `{reference.env}` before starting Mandrake, or use a secret instead.",
        )
    return value


async def _resolve_values(
    key: str,
    entries: Mapping[str, str | SecretReference | EnvironmentReference],
    resolve_secret: ResolveSecret,
    environment: Mapping[str, str],
    values: Mapping[str, str],
) -> dict[str, str]:
    resolved: dict[str, str] = {}
    for name, value in entries.items():
        if isinstance(value, str):
            resolved[name] = _replace_known(value, values)
        else:
            resolved[name] = await resolve_reference(
                value, resolve_secret, environment, asked_by=f"The server `{key}`"
            )
    return resolved


def resolve_mounts(key: str, entry: ServerEntry, paths: ScopePaths) -> tuple[ResolvedMount, ...]:
    """Only the mounts, for showing where they lead. Blocking.

    Raises:
        InvalidInput: A mount may not be made.
        NotFound: A mounted path is missing.
    """
    return _resolve_paths(key, entry, paths)[1]


def _resolve_paths(
    key: str, entry: ServerEntry, paths: ScopePaths
) -> tuple[dict[str, str], tuple[ResolvedMount, ...]]:
    data_folder = paths.mcpdata / key
    if data_folder.resolve() != data_folder:
        raise _refused(key, "${mcpdata}", "the folder, or one above it, is a link")
    values = {"files": str(paths.files), "mcpdata": str(data_folder)}
    if paths.src is not None:
        values["workspace"] = str(paths.folder)
        values["src"] = str(paths.src.resolve())
    mounts = tuple(_resolve_mount(key, mount, values, paths) for mount in entry.mounts)
    return values, mounts


def _replace(key: str, text: str, values: Mapping[str, str]) -> str:
    try:
        return replace_variables(text, values)
    except KeyError as error:
        name = error.args[0]
        raise InvalidInput(
            f"The server `{key}` uses `${{{name}}}`, which only a workspace has.",
            hint="Write an absolute path, or define the server in a workspace.",
        ) from None


def _replace_known(text: str, values: Mapping[str, str]) -> str:
    """In `env` and `headers` other uses of `${…}` are the server's own business."""
    for name, value in values.items():
        text = text.replace(f"${{{name}}}", value)
    return text


def _resolve_mount(
    key: str, mount: MountEntry, values: Mapping[str, str], paths: ScopePaths
) -> ResolvedMount:
    written = Path(_replace(key, mount.source, values)).expanduser()
    if not written.is_absolute():
        raise _refused(key, mount.source, "it is not absolute; start it with a variable or `/`")
    # The server's own folder is made at the start; everything else must be there.
    on_demand = written == paths.mcpdata / key
    try:
        source = written.resolve(strict=not on_demand)
    except (OSError, RuntimeError, ValueError):
        raise NotFound(
            f"The server `{key}` mounts `{mount.source}`, which does not exist.",
            code="not_found.mount",
            hint=f"Make `{written}`, or change the mount in `tools.json`.",
        ) from None
    _judge_source(key, mount.source, source, paths)
    target = source if mount.target is None else Path(_replace(key, mount.target, values))
    if not target.is_absolute() or ".." in target.parts:
        raise _refused(key, mount.source, "its target is not an absolute path without `..`")
    return ResolvedMount(source, target, mount.mode)


def _judge_source(key: str, text: str, source: Path, paths: ScopePaths) -> None:
    """Where the path leads is what counts, not how it is written: links may be planted.

    Inside of the home only the scope's own src, files and server folder may be mounted: no box
    reads keys, tokens, documents, history or another workspace.
    """
    home = paths.folder.parents[1] if paths.is_workspace else paths.folder
    if _is_in(home, source):
        raise _refused(key, text, f"`{source}` holds Mandrake's home")
    own = [paths.files, paths.mcpdata / key]
    if paths.src is not None:
        root = paths.src.resolve()
        if root == paths.src or not _is_in(root, home):
            own.append(root)
    if any(_is_in(source, root) for root in own):
        return
    if _is_in(source, home):
        raise _refused(
            key, text, "Mandrake's data stays closed; mount `${src}`, `${files}` or `${mcpdata}`"
        )
    if text.startswith("${"):
        raise _refused(key, text, f"it leads out of the scope, to `{source}`")


def _is_in(path: Path, folder: Path) -> bool:
    return path == folder or folder in path.parents


def _refused(key: str, text: str, reason: str) -> InvalidInput:
    return InvalidInput(
        f"The server `{key}` may not mount `{text}`: {reason}.",
        code="invalid.mount",
        hint="Change the mount in `tools.json`.",
    )
