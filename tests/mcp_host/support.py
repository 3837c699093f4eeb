"""What the host's tests share: specs of test servers, a record of events, looks at processes."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

import mandrake
from mandrake.domain.tools import BoxKind, LogLine, ServerStatus
from mandrake.mcp_host.spec import BoxSpec, Mount, ServerSpec
from mandrake.testing.mcp_servers import server_command

REPOSITORY = Path(__file__).resolve().parents[2]
PYTHON_MOUNTS = tuple(
    Mount(path, path, "ro")
    for path in (Path(sys.base_prefix), Path(sys.prefix), Path(mandrake.__file__).parent)
)


def spec(
    key: str, *behaviours: str, kind: BoxKind = "process", mounts: tuple[Mount, ...] = (), **more
):
    """A spec of a test server; `network` goes to its box, the rest to the spec."""
    network = more.pop("network", "none")
    command = more.pop("command", None) or server_command(*behaviours, name=more.pop("name", key))
    box = BoxSpec(kind=kind, mounts=(*PYTHON_MOUNTS, *mounts), network=network)
    return ServerSpec(key=key, command=command, box=box, definition_hash="0", **more)


@dataclass
class Heard:
    """What the host told its listeners."""

    statuses: list[ServerStatus] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    lines: list[tuple[str, LogLine]] = field(default_factory=list)

    def states(self, key: str) -> list[str]:
        states = [status.state for status in self.statuses if status.key == key]
        return [
            state for before, state in zip(["", *states], states, strict=False) if state != before
        ]


def alive(pid: int) -> bool:
    """Whether the process exists and is no zombie."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_dead(pids: list[int], seconds: float) -> float:
    """Seconds until none of the processes is alive; fails after `seconds`."""
    began = time.monotonic()
    while left := [pid for pid in pids if alive(pid)]:
        assert time.monotonic() - began < seconds, f"still alive after {seconds} s: {left}"
        time.sleep(0.01)
    return time.monotonic() - began


async def until(condition, seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - conditions of other processes have no event
            await asyncio.sleep(0.01)


async def started(host, *specs: ServerSpec) -> None:
    await host.apply({one.key: one for one in specs})
    assert await host.wait_settled(timeout_seconds=15)
