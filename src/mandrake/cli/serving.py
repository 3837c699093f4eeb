"""Opening a home and serving it: lock, sockets, the ASGI application, and the end of it all.

`up` serves on TCP and on the control socket; a command that finds nobody holding the home serves
on the socket alone, for as long as it runs. The doors open first, for `/live` and the page; the API
answers once the installation is open, and only then the socket is made known.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import uvicorn

import mandrake
from mandrake.cli.port_owner import port_in_use
from mandrake.cli.socket_path import usable_socket_path
from mandrake.errors import Unavailable
from mandrake.settings import Settings
from mandrake.workspaces.home_lock import HomeLock
from mandrake.workspaces.layout import HomeLayout

if TYPE_CHECKING:
    from mandrake.asgi import Application
    from mandrake.bootstrap import Runtime

GRACE_SECONDS = 1
"""How long open requests may go on when the doors close."""
MAX_LOG_BYTES = 16 * 1024 * 1024
MAX_WEBSOCKET_MESSAGE_BYTES = 1024 * 1024
_BACKLOG = 256


class _Server(uvicorn.Server):
    """A server whose process handles signals itself."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


class Doors:
    """Listening sockets with an application behind them."""

    def __init__(self, app: Application, sockets: list[socket.socket]) -> None:
        self._sockets = sockets
        self._servers = [_Server(_config(app)) for _ in sockets]
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Begin to answer.

        Raises:
            Unavailable: A server ended at once.
        """
        for server, listening in zip(self._servers, self._sockets, strict=True):
            self._tasks.append(asyncio.create_task(server.serve([listening])))
        async with asyncio.timeout(10):
            while not all(server.started for server in self._servers):
                for task in self._tasks:
                    if task.done():
                        task.result()
                        raise Unavailable("A server ended before it listened.")
                await asyncio.sleep(0.002)

    async def unused(self, *, wait_seconds: float | None = None) -> bool:
        """Wait until nobody is connected; False when the time is over."""
        try:
            async with asyncio.timeout(wait_seconds):
                # uvicorn tells nobody when a connection ends.
                while any(server.server_state.connections for server in self._servers):  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
        except TimeoutError:
            return False
        return True

    def _left(self) -> list[asyncio.Task[None]]:
        return [task for server in self._servers for task in server.server_state.tasks]

    async def close(self) -> None:
        """Take no more; end what is open after a short grace. Safe to call twice."""
        for server in self._servers:
            server.should_exit = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GRACE_SECONDS + 1)
        if left := self._left():  # They were cancelled; what they hold is the installation's.
            await asyncio.wait(left, timeout=0.5)
        for task in self._tasks:
            task.cancel()


@dataclass(frozen=True, slots=True)
class ServedHome:
    """A home that this process holds and serves."""

    runtime: Runtime
    layout: HomeLayout
    settings: Settings
    """With the port that was really taken."""
    doors: Doors
    withdraw: Callable[[], object]
    """Make the socket known no longer: newcomers wait until the home is free."""


@contextlib.asynccontextmanager
async def serve_home(settings: Settings, *, tcp: bool) -> AsyncGenerator[ServedHome]:
    """Hold the home, open it and serve it; leaves nothing behind.

    Raises:
        Conflict: Another process holds the home, or the port.
        MandrakeError: The home can't be opened.
    """
    layout = HomeLayout.at(settings.home, key_file=settings.key_file)
    await asyncio.to_thread(layout.prepare)
    async with contextlib.AsyncExitStack() as stack:
        lock = await asyncio.to_thread(HomeLock.acquire, layout, version=mandrake.__version__)
        stack.callback(lock.release)
        sockets: list[socket.socket] = []
        if tcp:
            sockets.append(stack.enter_context(_tcp_socket(settings.host, settings.port)))
            settings = replace(settings, port=sockets[0].getsockname()[1])
        sockets.append(stack.enter_context(_control_socket(layout.socket)))
        app = await asyncio.to_thread(_application)
        doors = Doors(app, sockets)
        stack.push_async_callback(doors.close)
        await doors.open()
        installation = await asyncio.to_thread(_installation_modules)
        log_stream = stack.enter_context(open_log(layout.logs / "mandrake.log"))
        runtime = await stack.enter_async_context(
            installation.open_runtime(settings, log_stream=log_stream)
        )
        # Closed before the installation: nobody may ask something of what is being closed.
        stack.push_async_callback(doors.close)
        await app.attach(runtime)
        stack.callback(app.detach)
        lock.publish(
            host=settings.host if tcp else None,
            port=settings.port if tcp else None,
            socket=layout.socket,
        )
        # A command that is over in a moment takes up what was left undone, and warms nothing up.
        work = installation.recover(runtime) if tcp else runtime.registry.recover()
        recovery = asyncio.create_task(_recover(work))
        stack.push_async_callback(_end, recovery)
        yield ServedHome(runtime, layout, settings, doors, lock.publish)


@dataclass(frozen=True, slots=True)
class _Installation:
    """What opens and recovers; half a second of imports, made while the doors are open already."""

    open_runtime: Callable[..., contextlib.AbstractAsyncContextManager[Runtime]]
    recover: Callable[[Runtime], Awaitable[None]]


def _installation_modules() -> _Installation:
    from mandrake import bootstrap

    return _Installation(bootstrap.open_runtime, bootstrap.recover)


def _application() -> Application:
    from mandrake.asgi import Application

    return Application()


async def _recover(work: Awaitable[None]) -> None:
    from mandrake.telemetry.logging import get_logger

    try:
        await work
    except Exception:  # noqa: BLE001 - it serves without; the log tells, the next start tries again
        get_logger(__name__).exception("recovery failed")


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _config(app: Application) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="none",
        http="httptools",
        ws="websockets-sansio",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=_BACKLOG,
        ws_max_size=MAX_WEBSOCKET_MESSAGE_BYTES,
        ws_ping_interval=20.0,
        ws_ping_timeout=20.0,
        ws_per_message_deflate=False,  # loopback: it would only cost time
        timeout_keep_alive=30,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


@contextlib.contextmanager
def _tcp_socket(host: str, port: int) -> Generator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
            listening.listen(_BACKLOG)
        except OSError as error:
            raise port_in_use(host, port, error) from error
        listening.setblocking(False)
        yield listening


@contextlib.contextmanager
def _control_socket(path: Path) -> Generator[socket.socket]:
    """A socket that only the owner may connect to; what lies in its place is stale by our lock."""
    with (
        usable_socket_path(path) as name,
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening,
    ):
        path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            listening.bind(name)
        finally:
            os.umask(before)
        try:
            listening.listen(_BACKLOG)
            listening.setblocking(False)
            yield listening
        finally:
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def open_log(path: Path) -> Generator[TextIO]:
    """The log file, for appending. One that has grown large is kept as `.1` and begun anew."""
    if path.exists() and path.stat().st_size > MAX_LOG_BYTES:
        path.replace(path.with_name(f"{path.name}.1"))
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with open(descriptor, "a", encoding="utf-8", buffering=1) as stream:  # noqa: PTH123 - a descriptor
        yield stream
