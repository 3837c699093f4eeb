"""One server under its guard: spawning, the pipes, and the bounded stop.

Shared by the `process` and `landlock` boxes. The guard (see `guard`) does the killing; this side
gives the orders and moves bytes.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import anyio

from mandrake.domain.tools import BoxStatus
from mandrake.errors import ServerUnavailable
from mandrake.mcp_host.boxes import guard
from mandrake.telemetry.logging import get_logger

if TYPE_CHECKING:
    from mandrake.mcp_host.ports import Launch, OutputSink

_log = get_logger(__name__)
_T = TypeVar("_T")

SPAWN_TIMEOUT_SECONDS = 10.0
KILL_TIMEOUT_SECONDS = 3.0
WRITE_HIGH_WATER_BYTES = 65_536
OPEN_FILES = 4096


async def start_guarded(
    launch: Launch,
    sink: OutputSink,
    status: BoxStatus,
    landlock: guard.LandlockOrders | None,
) -> GuardedServer:
    """Start `launch` under a guard and wait until the command is executing.

    Raises:
        ServerUnavailable: The command can't be executed; its scratch folder is removed.
    """
    memory_mb = launch.box.limits.memory_mb
    orders = guard.Orders(
        argv=list(launch.argv),
        env=dict(launch.env),
        cwd=str(launch.cwd),
        memory_bytes=None if memory_mb is None else memory_mb * 1_048_576,
        open_files=OPEN_FILES,
        landlock=landlock,
        remove=[str(launch.scratch)],
    )
    pipes: _Pipes | None = None
    try:
        # Shielded: the thread would start the guard all the same, and nobody would own it.
        with anyio.CancelScope(shield=True):
            pipes = await asyncio.to_thread(_spawn, orders)
    except OSError as error:
        await asyncio.to_thread(shutil.rmtree, launch.scratch, ignore_errors=True)
        raise ServerUnavailable(
            f"the guard of `{launch.argv[0]}` can't be started: {error}",
            hint="check the number of processes and open files of this machine",
        ) from error
    assert pipes is not None, "nothing cancels the shield itself"
    server = GuardedServer(pipes, sink, status)
    try:
        async with asyncio.timeout(SPAWN_TIMEOUT_SECONDS):
            await server.connect()
    except BaseException as error:
        with anyio.CancelScope(shield=True):
            await server.stop(0.0)
        if isinstance(error, TimeoutError):
            raise ServerUnavailable(
                f"`{launch.argv[0]}` did not start within {SPAWN_TIMEOUT_SECONDS:g} seconds",
                hint="the machine is very busy; start the server again",
            ) from error
        raise
    return server


class _Pipes:
    """Our ends of a guard's pipes, as file descriptors."""

    def __init__(
        self, popen: subprocess.Popen[bytes], stdin: int, stdout: int, stderr: int, status: int,
        control: int,
    ) -> None:  # fmt: skip
        self.popen = popen
        self.stdin = stdin
        self.stdout = stdout
        self.stderr = stderr
        self.status = status
        self.control = control


def _spawn(orders: guard.Orders) -> _Pipes:
    ends: list[tuple[int, int]] = []
    theirs: list[int] = []
    try:
        ends.extend(os.pipe() for _ in range(5))
        (stdin_r, stdin_w), (stdout_r, stdout_w), (stderr_r, stderr_w) = ends[:3]
        (status_r, status_w), (control_r, control_w) = ends[3:]
        theirs = [stdin_r, stdout_w, stderr_w, status_w, control_r]
        popen = subprocess.Popen(
            _guard_command(control_r, status_w),
            stdin=stdin_r,
            stdout=stdout_w,
            stderr=stderr_w,
            pass_fds=(control_r, status_w),
            start_new_session=True,
            cwd="/",
            env=_guard_environment(),
        )
    except BaseException:
        for pair in ends:
            for descriptor in pair:
                os.close(descriptor)
        raise
    for descriptor in theirs:
        os.close(descriptor)
    with contextlib.suppress(BrokenPipeError):
        remaining = json.dumps(orders).encode() + b"\n"
        while remaining:
            remaining = remaining[os.write(control_w, remaining) :]
    os.set_blocking(control_w, False)
    return _Pipes(popen, stdin_w, stdout_r, stderr_r, status_r, control_w)


def _guard_command(control: int, status: int) -> Sequence[str]:
    return (sys.executable, "-I", "-S", str(Path(guard.__file__)), str(control), str(status))


def _guard_environment() -> dict[str, str]:
    # A Python that is linked to its library by this variable can't start without it.
    return {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}


class GuardedServer:
    """A `BoxedServer` on this machine."""

    def __init__(self, pipes: _Pipes, sink: OutputSink, status: BoxStatus) -> None:
        loop = asyncio.get_running_loop()
        self._pipes = pipes
        self._sink = sink
        self._status = status
        self._pid: int | None = None
        self._transports: list[asyncio.BaseTransport] = []
        self._stdin: asyncio.WriteTransport | None = None
        self._stdout: asyncio.ReadTransport | None = None
        self._started: asyncio.Future[None] = loop.create_future()
        self._exited: asyncio.Future[int] = loop.create_future()
        self._gone: asyncio.Future[None] = loop.create_future()
        self._writable = asyncio.Event()
        self._writable.set()
        self._stop: asyncio.Task[None] | None = None
        # Nobody may be waiting for these two: don't report that as an unread exception.
        self._started.add_done_callback(_read_exception)

    @property
    def status(self) -> BoxStatus:
        return self._status

    @property
    def pid(self) -> int | None:
        return self._pid

    @property
    def unsent_bytes(self) -> int:
        return 0 if self._stdin is None else self._stdin.get_write_buffer_size()

    async def connect(self) -> None:
        """Attach the pipes to the loop and wait until the command runs."""
        loop = asyncio.get_running_loop()
        pipes = self._pipes
        for descriptor, protocol in (
            (pipes.status, _StatusReader(self._status_line, self._status_ended)),
            (pipes.stdout, _Reader(self._sink.stdout_received, self._sink.stdout_ended)),
            (pipes.stderr, _Reader(self._sink.stderr_received, _nothing)),
        ):
            transport, _ = await loop.connect_read_pipe(
                lambda protocol=protocol: protocol, os.fdopen(descriptor, "rb", 0)
            )
            self._transports.append(transport)
            if descriptor == pipes.stdout:
                self._stdout = transport
        writer, _ = await loop.connect_write_pipe(
            lambda: _Writer(self._writable), os.fdopen(pipes.stdin, "wb", 0)
        )
        writer.set_write_buffer_limits(high=WRITE_HIGH_WATER_BYTES)
        self._stdin = writer
        self._transports.append(writer)
        await asyncio.shield(self._started)

    def write(self, data: bytes) -> None:
        if self._stdin is not None and not self._stdin.is_closing():
            self._stdin.write(data)

    async def drain(self) -> None:
        await self._writable.wait()

    def pause_reading(self) -> None:
        if self._stdout is not None and not self._stdout.is_closing():
            self._stdout.pause_reading()

    def resume_reading(self) -> None:
        if self._stdout is not None and not self._stdout.is_closing():
            self._stdout.resume_reading()

    async def exited(self) -> int:
        return await asyncio.shield(self._exited)

    async def stop(self, grace_seconds: float) -> None:
        if self._stop is None:
            # Owned by this object and awaited by every caller; a cancelled caller must not
            # leave a half-stopped server behind.
            self._stop = asyncio.create_task(self._stop_fully(grace_seconds))
        await asyncio.shield(self._stop)

    async def _stop_fully(self, grace_seconds: float) -> None:
        if self._stdin is not None:
            self._stdin.close()
        self.resume_reading()
        if grace_seconds > 0 and not await self._gone_within(grace_seconds):
            self._order(b"T")
            await self._gone_within(grace_seconds / 2)
        if not self._gone.done():
            self._order(b"K")
            if not await self._gone_within(KILL_TIMEOUT_SECONDS):
                _log.error("guard_did_not_answer", pid=self._pid, guard_pid=self._pipes.popen.pid)
                self._pipes.popen.kill()
        for transport in self._transports:
            transport.close()
        with contextlib.suppress(OSError):
            os.close(self._pipes.control)
        try:
            await asyncio.to_thread(self._pipes.popen.wait, KILL_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            _log.error("guard_did_not_end", guard_pid=self._pipes.popen.pid)

    def _order(self, letter: bytes) -> None:
        # The guard is gone already when the pipe is broken.
        with contextlib.suppress(OSError):
            os.write(self._pipes.control, letter)

    async def _gone_within(self, seconds: float) -> bool:
        await asyncio.wait((self._gone,), timeout=seconds)
        return self._gone.done()

    def _status_line(self, line: bytes) -> None:
        message = json.loads(line)
        if "pid" in message:
            self._pid = int(message["pid"])
            _settle(self._started, None)
        elif "error" in message:
            _settle(self._started, None, ServerUnavailable(f"can't start: {message['error']}"))
            _settle(self._exited, 127)
        elif "exit" in message:
            _settle(self._exited, int(message["exit"]))
        elif "gone" in message:
            _settle(self._gone, None)

    def _status_ended(self) -> None:
        if not self._gone.done() and self._pid is not None:
            # The guard itself was killed; its death signal took the server, this takes the group.
            _log.warning("guard_died", pid=self._pid)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._pid, signal.SIGKILL)
        _settle(self._started, None, ServerUnavailable("the guard died while starting"))
        _settle(self._exited, -signal.SIGKILL)
        _settle(self._gone, None)
        self._writable.set()


def _settle(future: asyncio.Future[_T], value: _T, error: Exception | None = None) -> None:
    if future.done():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(value)


def _read_exception(future: asyncio.Future[None]) -> None:
    if not future.cancelled():
        future.exception()


def _nothing() -> None:
    return None


class _Reader(asyncio.Protocol):
    def __init__(self, received: Callable[[bytes], None], ended: Callable[[], None]) -> None:
        self._received = received
        self._ended = ended

    def data_received(self, data: bytes) -> None:
        self._received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._ended()


class _StatusReader(asyncio.Protocol):
    def __init__(self, line: Callable[[bytes], None], ended: Callable[[], None]) -> None:
        self._line = line
        self._ended = ended
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            self._line(line)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._ended()


class _Writer(asyncio.BaseProtocol):
    def __init__(self, writable: asyncio.Event) -> None:
        self._writable = writable

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._writable.set()
