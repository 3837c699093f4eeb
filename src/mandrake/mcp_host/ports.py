"""The ports of the host: a box starts a command in isolation and gives a duplex of bytes to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from mandrake.domain.tools import BoxKind, BoxStatus
from mandrake.mcp_host.spec import BoxSpec


@dataclass(frozen=True, slots=True)
class Launch:
    """A command with all that its box needs; nothing of our own environment is added."""

    argv: tuple[str, ...]
    """The first is an absolute path."""
    env: Mapping[str, str] = field(repr=False)
    cwd: Path
    box: BoxSpec
    scratch: Path
    """A private folder (`TMPDIR`), writable, removed when nothing of the server is alive."""
    readable: tuple[Path, ...] = ()
    """What the command itself needs to run, beyond system folders and mounts."""


class OutputSink(Protocol):
    """Where a boxed server's output goes. Called on the event loop, in order."""

    def stdout_received(self, data: bytes) -> None: ...

    def stdout_ended(self) -> None: ...

    def stderr_received(self, data: bytes) -> None: ...


class BoxedServer(Protocol):
    """A started server. Whoever started it must call `stop`, which leaves nothing alive."""

    @property
    def status(self) -> BoxStatus: ...

    @property
    def pid(self) -> int | None: ...

    @property
    def unsent_bytes(self) -> int:
        """What was written and not yet taken by the pipe."""
        ...

    def write(self, data: bytes) -> None:
        """Queue bytes for the server's input; without effect once it is closed."""
        ...

    async def drain(self) -> None:
        """Wait until the queue is short again, or the server is gone."""
        ...

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    async def exited(self) -> int:
        """Wait for the server's own end: its exit status, negative for a signal."""
        ...

    async def stop(self, grace_seconds: float) -> None:
        """End of input, then SIGTERM, then SIGKILL for everything. Idempotent, bounded."""
        ...


class Box(Protocol):
    """A way to run servers, with one kind of isolation."""

    @property
    def kind(self) -> BoxKind: ...

    async def start(self, launch: Launch, sink: OutputSink) -> BoxedServer:
        """Start the command.

        Raises:
            ServerUnavailable: It can't be started; nothing is left behind.
            InvalidInput: The box can't hold what is asked of it.
        """
        ...


@dataclass(frozen=True, slots=True)
class DriverReport:
    """Whether one kind of box works on this machine, for people."""

    kind: BoxKind
    available: bool
    isolated: bool
    detail: str
