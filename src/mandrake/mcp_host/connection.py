"""One server's life as a state machine, owned by one task that enters, serves and exits it.

The supervisor is the loop in `run`: it starts the server, serves until the server dies or someone
stops it, and starts a dead one again, a limited number of times. Calls come from other tasks.
"""

from __future__ import annotations

import asyncio
import importlib
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

import anyio

from mandrake.domain.tools import (
    BoxKind,
    BoxStatus,
    JsonObject,
    ServerState,
    ServerStatus,
    ToolDefinition,
    ToolResult,
)
from mandrake.errors import DeadlineExceeded, MandrakeError, NotFound, ServerUnavailable
from mandrake.kit.clock import Clock
from mandrake.mcp_host.eras import EraMemory
from mandrake.mcp_host.launch import Launcher
from mandrake.mcp_host.logs import LogBuffer
from mandrake.mcp_host.ports import Box, BoxedServer
from mandrake.mcp_host.spec import ServerSpec
from mandrake.telemetry.logging import get_logger

if TYPE_CHECKING:
    from mandrake.mcp_host.link import Link

_log = get_logger(__name__)
_T = TypeVar("_T")

RESTART_LIMIT = 3
RESTART_WINDOW_SECONDS = 60.0
FIRST_BACKOFF_SECONDS = 0.1
EXIT_REPORT_SECONDS = 0.5

# A server in these may answer soon; `ready` is one whose death has not been dealt with yet.
_HOPEFUL = ("starting", "ready", "degraded")

ProgressListener = Callable[[float, float | None, str | None], None]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every connection of one host shares."""

    boxes: Mapping[BoxKind, Box]
    launcher: Launcher
    eras: EraMemory
    on_status: Callable[[ServerStatus], None]
    on_tools_changed: Callable[[str], None]
    clock: Clock


class ServerConnection:
    """One server. `run` is called once, in a task of the host; everything else from anywhere."""

    def __init__(self, spec: ServerSpec, around: Surroundings, logs: LogBuffer) -> None:
        self.spec = spec
        self._around = around
        self._logs = logs
        self._state: ServerState = "stopped"
        self._detail: str | None = None
        self._last_error: str | None = None
        self._started_at: datetime | None = None
        self._protocol_version: str | None = None
        self.restart_count = 0
        self._server: BoxedServer | None = None
        self._link: Link | None = None
        self._changed = asyncio.Event()
        self._stop_asked = asyncio.Event()
        self._life = anyio.CancelScope()
        self.ended = asyncio.Event()
        """Set when `run` has returned: nothing of this server is alive."""

    @property
    def state(self) -> ServerState:
        return self._state

    @property
    def tools(self) -> tuple[ToolDefinition, ...]:
        """The tools of a server that is ready, else none."""
        return self._link.tools if self._link is not None else ()

    def status(self) -> ServerStatus:
        server = self._server
        return ServerStatus(
            key=self.spec.key,
            state=self._state,
            box=server.status if server is not None else self._intended_box(),
            pid=server.pid if server is not None else None,
            started_at=self._started_at,
            restart_count=self.restart_count,
            last_error=self._last_error,
            tool_count=len(self.tools),
            protocol_version=self._protocol_version,
            detail=self._detail,
        )

    # The owning task --------------------------------------------------------------------------

    def begin(self) -> None:
        """Say `starting` before `run` is scheduled, so that nobody sees a moment of `stopped`."""
        self._enter("starting")

    async def run(self) -> None:
        """Live until stopped or given up; leaves nothing alive. Never raises but cancellation."""
        deaths: deque[float] = deque()
        try:
            while True:
                self._enter("starting", self._detail)
                was_ready = await self._live()
                if self._stop_asked.is_set():
                    self._enter("stopped")
                    return
                now = time.monotonic()
                while deaths and now - deaths[0] > RESTART_WINDOW_SECONDS:
                    deaths.popleft()
                if not was_ready and not deaths:
                    self._enter("failed")
                    return
                deaths.append(now)
                if len(deaths) > RESTART_LIMIT:
                    self._give_up(len(deaths))
                    return
                self.restart_count += 1
                self._enter("starting", f"restarting, it died: {self._last_error}")
                await self._back_off(len(deaths))
        except Exception as error:  # noqa: BLE001 - a defect in one server's care must not end the host
            _log.exception("server_connection_failed", server=self.spec.key)
            self._last_error = f"unexpected failure in the host: {error}"
            self._enter("failed")
        finally:
            self.ended.set()
            self._wake()

    async def stop(self) -> None:
        """Ask the owning task to end, and wait until nothing of the server is alive."""
        if not self._stop_asked.is_set():
            self._stop_asked.set()
            if not self.ended.is_set():
                self._enter("stopping")
            self._life.cancel()
        await self.ended.wait()

    async def _live(self) -> bool:
        """One instance from start to end; whether it became ready. Sets `_last_error`."""
        # Half a second of imports, the first time: not on the loop.
        module = await asyncio.to_thread(importlib.import_module, "mandrake.mcp_host.link")
        link: Link = module.Link(self.spec, self._logs, self._around.eras)
        was_ready = False
        self._life = anyio.CancelScope()
        try:
            with self._life:
                if self._stop_asked.is_set():
                    return False
                launch = await self._around.launcher.plan(self.spec, self._progress)
                self._progress(None)
                self._server = await self._box().start(launch, link.sink)
                self._started_at = self._around.clock.now()
                async with link.connected(self._server):
                    was_ready = True
                    self._become_ready(link)
                    await self._serve(link)
        except MandrakeError as error:
            self._last_error = f"{error.detail}. {error.hint}" if error.hint else error.detail
        finally:
            self._link = None
            await self._clear_away(link, was_ready=was_ready)
        return was_ready

    async def _serve(self, link: Link) -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(link.keep_tools_fresh, self._tools_changed, self._health_changed)
            await link.closed()
            tasks.cancel_scope.cancel()

    async def _clear_away(self, link: Link, *, was_ready: bool) -> None:
        server = self._server
        if server is None:
            return
        with anyio.CancelScope(shield=True):
            grace = self.spec.stop_grace_seconds
            if not self._stop_asked.is_set():
                code = await _within(server.exited(), EXIT_REPORT_SECONDS)
                if was_ready or code is not None:
                    self._last_error = self._obituary(code, link.reason)
                grace = 0.0 if was_ready else grace
            await server.stop(grace)
        self._logs.end()
        self._server = None

    def _become_ready(self, link: Link) -> None:
        self._link = link
        self._protocol_version = link.protocol_version
        self._last_error = None
        self._enter("ready")
        self._around.on_tools_changed(self.spec.key)

    def _tools_changed(self) -> None:
        self._around.on_tools_changed(self.spec.key)

    def _health_changed(self, healthy: bool) -> None:
        if self._state in ("ready", "degraded"):
            text = None if healthy else "it does not answer"
            self._enter("ready" if healthy else "degraded", text)

    def _progress(self, text: str | None) -> None:
        if text is not None:
            self._logs.add("host", text)
        if self._state == "starting":
            self._enter("starting", text)

    async def _back_off(self, deaths: int) -> None:
        await _within(self._stop_asked.wait(), FIRST_BACKOFF_SECONDS * 4 ** (deaths - 1))

    def _give_up(self, deaths: int) -> None:
        key = self.spec.key
        self._last_error = (
            f"it died {deaths} times within {RESTART_WINDOW_SECONDS:g} s, last: {self._last_error}."
            f" Read `mandrake tool logs {key}`, then `mandrake tool restart {key}`"
        )
        self._enter("failed")

    def _enter(self, state: ServerState, detail: str | None = None) -> None:
        if (state, detail) == (self._state, self._detail):
            return
        self._state = state
        self._detail = detail
        if state == "failed":
            self._logs.add("host", self._last_error or "failed")
        self._around.on_status(self.status())
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _box(self) -> Box:
        box = self._around.boxes.get(self.spec.box.kind)
        if box is None:
            raise ServerUnavailable(
                f"server `{self.spec.key}`: the box `{self.spec.box.kind}` is not built yet",
                hint="use the box `landlock` or `process`",
            )
        return box

    def _intended_box(self) -> BoxStatus:
        kind = self.spec.box.kind
        return BoxStatus(kind, isolated=kind != "process", label=kind)

    def _obituary(self, code: int | None, reason: str) -> str:
        if code is None:
            how = reason
        elif code < 0:
            how = f"killed by signal {-code}"
        else:
            how = f"exited with status {code}"
        tail = self._logs.error_tail()
        return f"{how}; it last wrote:\n{tail}" if tail else how

    # Calls, from any task ---------------------------------------------------------------------

    async def call(
        self,
        tool: str,
        arguments: JsonObject,
        *,
        timeout_seconds: float,
        idempotency_key: str | None,
        on_progress: ProgressListener | None,
    ) -> ToolResult:
        """Call a tool; see `McpHost.call_tool` for the errors."""
        link = self._usable()
        remaining = timeout_seconds
        if link is None:
            began = time.monotonic()
            link = await self._ready_link(timeout_seconds)
            remaining = max(timeout_seconds - (time.monotonic() - began), 0.001)
        if tool not in link.names:
            raise NotFound(f"server `{self.spec.key}` has no tool `{tool}`")
        try:
            return await link.call(tool, arguments, remaining, idempotency_key, on_progress)
        except ServerUnavailable as error:
            await self._note_death(error)
            raise

    async def list_tools(self, timeout_seconds: float) -> tuple[ToolDefinition, ...]:
        """The listed tools, once the server is ready."""
        return (self._usable() or await self._ready_link(timeout_seconds)).tools

    async def _ready_link(self, timeout_seconds: float) -> Link:
        """The link once the server is ready, also after a restart that is under way."""
        key = self.spec.key
        try:
            async with asyncio.timeout(timeout_seconds):
                while (link := self._usable()) is None and self._state in _HOPEFUL:
                    await self._changed.wait()
        except TimeoutError:
            raise DeadlineExceeded(
                f"server `{key}` did not become ready within {timeout_seconds:g} seconds",
                code="timeout.not_sent",
                hint=f"look at `mandrake tool logs {key}`; it is {self._detail or self._state}",
            ) from None
        if link is None:
            raise ServerUnavailable(
                f"server `{key}` is {self._state}"
                + (f": {self._last_error}" if self._last_error else ""),
                hint=f"start it with `mandrake tool start {key}`",
            )
        return link

    def _usable(self) -> Link | None:
        return self._link if self._link is not None and self._link.alive else None

    async def _note_death(self, error: ServerUnavailable) -> None:
        """Complete the error of a call by what the dead server last said."""
        server = self._server
        code = None
        if server is not None and not self._stop_asked.is_set():
            code = await _within(server.exited(), EXIT_REPORT_SECONDS)
        if self._stop_asked.is_set():
            error.hint = f"server `{self.spec.key}` was stopped during the call"
        else:
            error.hint = self._obituary(code, "it closed its output")


async def _within(wait: Awaitable[_T], seconds: float) -> _T | None:
    """The result of `wait`, or None when it is not there in time."""
    try:
        async with asyncio.timeout(seconds):
            return await wait
    except TimeoutError:
        return None
