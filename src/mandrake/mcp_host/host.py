"""The tool servers of one scope: starts, stops, lists, calls. One `McpHost` per opened scope."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from types import TracebackType
from typing import Self, TypeVarTuple

from mandrake.domain.tools import (
    BoxKind,
    JsonObject,
    LogLine,
    ServerStatus,
    ToolDefinition,
    ToolResult,
)
from mandrake.errors import NotFound, ServerUnavailable
from mandrake.kit.clock import Clock, SystemClock
from mandrake.mcp_host.connection import ProgressListener, ServerConnection, Surroundings
from mandrake.mcp_host.eras import EraMemory
from mandrake.mcp_host.launch import Launcher
from mandrake.mcp_host.logs import LogBuffer
from mandrake.mcp_host.ports import Box
from mandrake.mcp_host.spec import ServerSpec
from mandrake.telemetry.logging import get_logger

_log = get_logger(__name__)
_Facts = TypeVarTuple("_Facts")

UNSETTLED = ("starting", "stopping")


class McpHost:
    """Owns every server process of one scope, as an async context manager.

    Leaving the block stops all servers, side by side; nothing of them is alive afterwards.
    Everything is called on the event loop that entered it. Listeners are called on the loop and
    may not block; what they raise is logged and goes no further.
    """

    def __init__(
        self,
        *,
        boxes: Mapping[BoxKind, Box],
        launcher: Launcher,
        eras: EraMemory | None = None,
        on_status: Callable[[ServerStatus], None] | None = None,
        on_tools_changed: Callable[[str], None] | None = None,
        on_log: Callable[[str, LogLine], None] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._on_status = on_status
        self._on_tools_changed = on_tools_changed
        self._on_log = on_log
        self._clock = clock or SystemClock()
        self._around = Surroundings(
            boxes=boxes,
            launcher=launcher,
            eras=eras or EraMemory(),
            on_status=self._status_changed,
            on_tools_changed=self._tools_changed,
            clock=self._clock,
        )
        self._connections: dict[str, ServerConnection] = {}
        self._logs: dict[str, LogBuffer] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._changed = asyncio.Event()
        self._tasks: asyncio.TaskGroup | None = None

    async def __aenter__(self) -> Self:
        self._tasks = await asyncio.TaskGroup().__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        del kind, error, trace  # the block's own error passes as it is, not in a group
        tasks, self._tasks = self._tasks, None
        assert tasks is not None
        for connection in self._connections.values():
            # Each ends in its own task; the group waits for all of them.
            tasks.create_task(connection.stop())
        await tasks.__aexit__(None, None, None)

    # Life of servers --------------------------------------------------------------------------

    async def apply(self, specs: Mapping[str, ServerSpec]) -> None:
        """Make the running servers those of `specs`: stop others, replace changed, start new.

        Side by side. Returns when the old ones are gone and the new ones are starting; how each
        fared is told by `status`, after `wait_settled`.
        """
        async with asyncio.TaskGroup() as tasks:
            for key in self._connections.keys() - specs.keys():
                tasks.create_task(self._remove(key))
            for spec in specs.values():
                current = self._connections.get(spec.key)
                if current is None or current.spec != spec:
                    tasks.create_task(self._replace(spec))

    async def start(self, key: str) -> ServerStatus:
        """Start a server that is stopped or failed; returns at once, state `starting`.

        Raises:
            NotFound: There is no such server.
        """
        spec = self._connection(key).spec
        async with self._lock(key):
            if self._connection(key).ended.is_set():
                self._launch(spec, restart_count=0)
        return self.status(key)

    async def stop(self, key: str) -> ServerStatus:
        """Stop a server; nothing of it is alive afterwards."""
        self._connection(key)
        async with self._lock(key):
            await self._connection(key).stop()
        return self.status(key)

    async def restart(self, key: str) -> ServerStatus:
        """Replace the instance: the old one is gone completely before the new one starts."""
        spec = self._connection(key).spec
        async with self._lock(key):
            old = self._connection(key)
            await old.stop()
            self._launch(spec, restart_count=old.restart_count + 1)
        return self.status(key)

    async def wait_settled(
        self, keys: Collection[str] | None = None, *, timeout_seconds: float
    ) -> bool:
        """Wait until none of the servers (default: all) is starting or stopping.

        Returns whether that was so in time.
        """
        try:
            async with asyncio.timeout(timeout_seconds):
                while self._unsettled(keys):
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True

    # Facts ------------------------------------------------------------------------------------

    def status(self, key: str) -> ServerStatus:
        return self._connection(key).status()

    def statuses(self) -> tuple[ServerStatus, ...]:
        """All servers, sorted by key."""
        return tuple(self._connections[key].status() for key in sorted(self._connections))

    def logs(self, key: str, limit: int = 200) -> list[LogLine]:
        """The newest lines, oldest first; they outlive restarts."""
        self._connection(key)
        return self._logs[key].tail(limit)

    def catalog(self) -> tuple[ToolDefinition, ...]:
        """The tools of all servers that are ready, sorted by qualified name."""
        tools = [tool for one in self._connections.values() for tool in one.tools]
        return tuple(sorted(tools, key=lambda tool: tool.qualified))

    def find_tool(self, server: str, tool: str) -> ToolDefinition | None:
        """The tool, or None when its server isn't ready or has no such tool."""
        connection = self._connections.get(server)
        if connection is None:
            return None
        return next((one for one in connection.tools if one.tool == tool), None)

    async def list_tools(self, key: str) -> tuple[ToolDefinition, ...]:
        """The tools of one server, sorted by name; waits while it is starting.

        Raises:
            NotFound: There is no such server.
            ServerUnavailable, DeadlineExceeded: It isn't ready.
        """
        connection = self._connection(key)
        return await connection.list_tools(connection.spec.connect_timeout_seconds)

    async def call_tool(
        self,
        server: str,
        tool: str,
        arguments: JsonObject,
        *,
        timeout_seconds: float | None = None,
        idempotency_key: str | None = None,
        on_progress: ProgressListener | None = None,
    ) -> ToolResult:
        """Call a tool once. Nothing is ever sent twice.

        A server that is starting, also again after its death, is waited for within the time-out.
        A tool that fails, and a server that answers wrongly, are results with `is_error`. When the
        caller is cancelled, the server is sent `notifications/cancelled`.

        Raises:
            NotFound: No such server or tool.
            ServerUnavailable: Not running (nothing was sent), or, with the code
                `unavailable.server.died_in_call`, it died after the call was sent; `hint` has the
                end of its standard error.
            DeadlineExceeded: No answer in time; with the code `timeout.not_sent` nothing was sent.
        """
        connection = self._connection(server)
        return await connection.call(
            tool,
            arguments,
            timeout_seconds=timeout_seconds or connection.spec.call_timeout_seconds,
            idempotency_key=idempotency_key,
            on_progress=on_progress,
        )

    # Inside -----------------------------------------------------------------------------------

    async def _remove(self, key: str) -> None:
        async with self._lock(key):
            connection = self._connections.get(key)
            if connection is not None:
                await connection.stop()
                del self._connections[key], self._logs[key]
                self._tools_changed(key)

    async def _replace(self, spec: ServerSpec) -> None:
        async with self._lock(spec.key):
            old = self._connections.get(spec.key)
            if old is not None:
                await old.stop()
            self._launch(spec, restart_count=0)

    def _launch(self, spec: ServerSpec, *, restart_count: int) -> None:
        if self._tasks is None:
            raise ServerUnavailable(f"server `{spec.key}`: the host is closed")
        if spec.key not in self._logs:
            self._logs[spec.key] = LogBuffer(
                lambda line, key=spec.key: self._logged(key, line), clock=self._clock
            )
        connection = ServerConnection(spec, self._around, self._logs[spec.key])
        connection.restart_count = restart_count
        self._connections[spec.key] = connection
        connection.begin()
        self._tasks.create_task(connection.run(), name=f"server {spec.key}")

    def _connection(self, key: str) -> ServerConnection:
        connection = self._connections.get(key)
        if connection is None:
            raise NotFound(f"there is no server `{key}`")
        return connection

    def _lock(self, key: str) -> asyncio.Lock:
        return self._locks.setdefault(key, asyncio.Lock())

    def _unsettled(self, keys: Collection[str] | None) -> bool:
        chosen = self._connections if keys is None else keys
        return any(self._connection(key).state in UNSETTLED for key in chosen)

    def _status_changed(self, status: ServerStatus) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
        if self._on_status is not None:
            _tell(self._on_status, status)

    def _tools_changed(self, key: str) -> None:
        if self._on_tools_changed is not None:
            _tell(self._on_tools_changed, key)

    def _logged(self, key: str, line: LogLine) -> None:
        if self._on_log is not None:
            _tell(self._on_log, key, line)


def _tell(listener: Callable[[*_Facts], None], *facts: *_Facts) -> None:
    try:
        listener(*facts)
    except Exception:  # noqa: BLE001 - a listener must not end the host
        _log.exception("host_listener_failed")
