"""One process per home: an exclusive lock, and a file that tells others how to reach it.

The lock is the truth and dies with its process; `run/server.json` is only believed while the lock
is held.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from mandrake.errors import Conflict
from mandrake.kit.atomic_file import write_atomically
from mandrake.kit.clock import Clock, SystemClock
from mandrake.kit.file_lock import FileLock
from mandrake.workspaces.layout import HomeLayout

MAX_SERVER_FILE_BYTES = 64 * 1024
_PROBE_SECONDS = 0.3
"""Longer than `find_running` ever holds the lock."""


class RunningServer(BaseModel):
    """The process that holds a home, as `run/server.json` tells it."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    pid: int
    """Its process id."""
    started_at: AwareDatetime
    """When it took the home."""
    version: str
    """Its version of Mandrake."""
    host: str | None = None
    """Address it listens on; absent while it starts, and for a process without HTTP."""
    port: int | None = None
    """Port it listens on."""
    socket: Path | None = None
    """Its control socket."""


class HomeLock:
    """Held from `acquire` to `release`. Blocking, all of it: a few small files."""

    def __init__(self, layout: HomeLayout, lock: FileLock, server: RunningServer) -> None:
        self._layout = layout
        self._lock = lock
        self._server = server

    @classmethod
    def acquire(cls, layout: HomeLayout, *, version: str, clock: Clock | None = None) -> HomeLock:
        """Take the home; its folders exist (`HomeLayout.prepare`).

        Raises:
            Conflict: Another process has it; names its pid and how to attach.
        """
        lock = FileLock.acquire(layout.lock, wait_seconds=_PROBE_SECONDS)
        if lock is None:
            raise _held(layout, _read(layout.server_file))
        # What lies there was left by a process that died.
        for leftover in (layout.server_file, layout.socket):
            leftover.unlink(missing_ok=True)
        now = (clock or SystemClock()).now()
        holder = cls(layout, lock, RunningServer(pid=os.getpid(), started_at=now, version=version))
        holder._write()
        return holder

    def publish(
        self, *, host: str | None = None, port: int | None = None, socket: Path | None = None
    ) -> RunningServer:
        """Tell others where the process listens."""
        self._server = self._server.model_copy(
            update={"host": host, "port": port, "socket": socket}
        )
        self._write()
        return self._server

    def release(self) -> None:
        """Give the home back. Safe to call twice."""
        with contextlib.suppress(FileNotFoundError):
            self._layout.server_file.unlink()
        self._lock.release()

    def _write(self) -> None:
        content = self._server.model_dump_json(indent=2) + "\n"
        write_atomically(self._layout.server_file, content.encode("utf-8"), mode=0o600)


def find_running(layout: HomeLayout) -> RunningServer | None:
    """The process that holds the home now, or None. A stale file of a dead one is not believed.

    Taking the lock for a moment is how we ask; `HomeLock.acquire` waits that moment.
    """
    if not layout.lock.exists():
        return None
    lock = FileLock.acquire(layout.lock)
    if lock is not None:
        lock.release()
        return None
    return _read(layout.server_file)


def _read(path: Path) -> RunningServer | None:
    try:
        with path.open("rb") as file:
            return RunningServer.model_validate_json(file.read(MAX_SERVER_FILE_BYTES))
    except (OSError, ValidationError):
        return None


def _held(layout: HomeLayout, server: RunningServer | None) -> Conflict:
    who = f"process {server.pid}" if server is not None else "another process"
    if server is not None and server.port is not None:
        hint = (
            f"It serves http://mandrake.localhost:{server.port}/. Other commands attach to it by "
            "themselves (`mandrake open`, `mandrake ask`); to start anew, stop it with "
            f"`kill {server.pid}`."
        )
    else:
        hint = "Wait until it has started, or end it; or use another home with `--home`."
    return Conflict(
        f"The home `{layout.home}` is in use by {who}.", code="conflict.home", hint=hint
    )
