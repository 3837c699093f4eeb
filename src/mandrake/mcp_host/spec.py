"""What the host is told about a server: resolved values, ready to start."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from mandrake.domain.tools import BoxKind
from mandrake.errors import FieldProblem, InvalidInput

Network = Literal["none", "allowlist", "open"]
MountMode = Literal["ro", "rw"]

_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


@dataclass(frozen=True, slots=True)
class Mount:
    """A folder or file that the server may reach. Boxes without own mounts need `target` equal."""

    source: Path
    target: Path
    mode: MountMode


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one server; None is unbounded."""

    memory_mb: int | None = None
    pids: int | None = None
    cpus: float | None = None


@dataclass(frozen=True, slots=True)
class BoxSpec:
    """The isolation asked for. `auto` is resolved before it comes here."""

    kind: BoxKind
    mounts: tuple[Mount, ...] = ()
    network: Network = "none"
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class ServerSpec:
    """One server to run.

    A command that begins with `@mandrake/filesystem` or `@mandrake/git` names a server that we
    ship; the host knows how to start it.
    """

    key: str
    command: tuple[str, ...]
    box: BoxSpec
    definition_hash: str
    """Two specs with equal hash and equal fields are the same server: it isn't restarted."""
    env: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    cwd: Path | None = None
    shipped: bool = False
    connect_timeout_seconds: float = 30.0
    call_timeout_seconds: float = 60.0
    stop_grace_seconds: float = 2.0
    """How long the server may take after the end of its input, before it is sent SIGTERM."""

    def __post_init__(self) -> None:
        problems: list[FieldProblem] = []
        if not is_server_key(self.key):
            problems.append(
                FieldProblem("key", "use 1-32 of a-z, 0-9, _ and -, beginning with a-z or 0-9")
            )
        if not self.command or not self.command[0]:
            problems.append(FieldProblem("command", "name the program to run"))
        if problems:
            raise InvalidInput(
                f"server `{self.key}` can't be run: {problems[0].message}", errors=problems
            )


def is_server_key(text: str) -> bool:
    """Whether `text` may be a server's key: it has no dot, so `server.tool` splits at the first."""
    return _KEY.fullmatch(text) is not None
