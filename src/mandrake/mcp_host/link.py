"""The protocol link to one running instance: connect, list, call, refresh.

Imported only when a server starts, because it brings in the `mcp` SDK.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast

import anyio
from mcp import ClientSession
from mcp.client.subscriptions import ListenNotSupportedError, SubscriptionLost, listen
from mcp.shared.exceptions import MCPError
from mcp_types import (
    CallToolResult,
    Implementation,
    PaginatedRequestParams,
    ToolListChangedNotification,
)
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from pydantic import ValidationError

from mandrake.domain.tools import JsonObject, ToolDefinition, ToolResult
from mandrake.errors import DeadlineExceeded, ServerUnavailable
from mandrake.mcp_host.dispatcher import StdioDispatcher
from mandrake.mcp_host.eras import EraMemory, negotiate
from mandrake.mcp_host.logs import LogBuffer
from mandrake.mcp_host.spec import ServerSpec
from mandrake.mcp_host.translate import failed_call, tool_definition, tool_result
from mandrake.mcp_host.wire import CallTimedOut, ConnectionLost, MessageTooLarge

if TYPE_CHECKING:
    from mcp.client.session import IncomingMessage
    from mcp_types import LoggingMessageNotificationParams, RequestParamsMeta

    from mandrake.mcp_host.connection import ProgressListener
    from mandrake.mcp_host.ports import BoxedServer

CLIENT = Implementation(name="mandrake", version="1")
IDEMPOTENCY_META_KEY = "mandrake/idempotency_key"
REFRESH_INTERVAL_SECONDS = 0.25
HEALTH_CHECK_SECONDS = 5.0
TOOL_CAP = 2_000


class Link:
    """One instance's session with its listed tools. Entered and exited by its connection's task."""

    def __init__(self, spec: ServerSpec, logs: LogBuffer, eras: EraMemory) -> None:
        self._spec = spec
        self._eras = eras
        self._logs = logs
        self._warnings = 0
        self._dispatcher = StdioDispatcher(self._warn, logs.feed)
        self._stale = asyncio.Event()
        self._suspect = False
        self.tools: tuple[ToolDefinition, ...] = ()
        self.names: frozenset[str] = frozenset()
        self.reason = ""
        self.session = ClientSession(
            dispatcher=self._dispatcher,
            client_info=CLIENT,
            read_timeout_seconds=spec.connect_timeout_seconds,
            message_handler=self._on_message,
            logging_callback=self._on_log,
        )

    @property
    def sink(self) -> StdioDispatcher:
        """Where the box delivers the server's output."""
        return self._dispatcher

    @property
    def alive(self) -> bool:
        return self._dispatcher.alive

    @property
    def protocol_version(self) -> str | None:
        return self.session.protocol_version

    @asynccontextmanager
    async def connected(self, server: BoxedServer) -> AsyncGenerator[None]:
        """Connected, negotiated and listed inside the block.

        Raises:
            ServerUnavailable: The server died, refused, or took longer than it may.
        """
        self._dispatcher.attach(server)
        seconds = self._spec.connect_timeout_seconds
        failure: ServerUnavailable | None = None
        async with self.session:
            try:
                async with asyncio.timeout(seconds):
                    await negotiate(self.session, self._dispatcher, self._spec.command, self._eras)
                    self._adopt(await self._list())
            except TimeoutError:
                failure = self._failure(f"no MCP answer within {seconds:g} seconds")
            except (MCPError, RuntimeError, ValidationError) as error:
                failure = self._failure(f"the MCP handshake failed: {error}")
            if failure is None:
                yield
        if failure is not None:
            # Outside: the session's task group would wrap it.
            raise failure

    async def closed(self) -> None:
        """Wait until the server's output ends."""
        self.reason = await self._dispatcher.closed()

    async def call(
        self,
        tool: str,
        arguments: JsonObject,
        timeout_seconds: float,
        idempotency_key: str | None,
        on_progress: ProgressListener | None,
    ) -> ToolResult:
        """One `tools/call`. What the server itself gets wrong is a result with `is_error`."""
        key = self._spec.key
        meta = None if idempotency_key is None else {IDEMPOTENCY_META_KEY: idempotency_key}
        began = time.perf_counter()
        try:
            result = await self.session.call_tool(
                tool,
                cast("dict[str, object]", arguments),
                read_timeout_seconds=timeout_seconds,
                progress_callback=None if on_progress is None else _ProgressAdapter(on_progress),
                meta=cast("RequestParamsMeta | None", meta),
                allow_input_required=True,
            )
        except CallTimedOut:
            self._suspect = True
            self._stale.set()
            raise DeadlineExceeded(
                f"`{key}.{tool}` did not answer within {timeout_seconds:g} seconds",
                hint="its effects are unknown; the server was told to cancel",
            ) from None
        except ConnectionLost as error:
            raise ServerUnavailable(
                f"server `{key}` died during `{tool}`" if error.sent else f"server `{key}` is gone",
                code="unavailable.server.died_in_call" if error.sent else None,
            ) from None
        except MessageTooLarge as error:
            return failed_call(f"`{key}.{tool}`: {error.message}", _since(began))
        except MCPError as error:
            return failed_call(f"`{key}` refused the call: {error.message}", _since(began))
        except (RuntimeError, ValidationError) as error:
            return failed_call(f"`{key}` broke the protocol: {error}", _since(began))
        if not isinstance(result, CallToolResult):
            text = f"`{key}.{tool}` asks for input in the middle of a call; not supported yet"
            return failed_call(text, _since(began))
        return tool_result(result, _since(began))

    async def keep_tools_fresh(
        self, on_change: Callable[[], None], on_health: Callable[[bool], None]
    ) -> None:
        """List again when the server says so, or when it looks dead. One listing at a time."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._listen)
            while True:
                await self._stale.wait()
                self._stale.clear()
                answered = await self._refresh(on_change)
                if self._suspect or not answered:
                    on_health(answered)
                    self._suspect = not answered
                if not answered:
                    self._stale.set()
                await anyio.sleep(REFRESH_INTERVAL_SECONDS)

    async def _refresh(self, on_change: Callable[[], None]) -> bool:
        try:
            async with asyncio.timeout(HEALTH_CHECK_SECONDS):
                tools = await self._list()
        except (TimeoutError, CallTimedOut):
            return False
        except ConnectionLost:
            return True  # the connection's own task deals with a death
        except (MCPError, ValidationError) as error:
            self._warn(f"the tools could not be listed again: {error}")
            return True
        if tools != self.tools:
            self._adopt(tools)
            on_change()
        return True

    def _adopt(self, tools: tuple[ToolDefinition, ...]) -> None:
        self.tools = tools
        self.names = frozenset(tool.tool for tool in tools)

    async def _list(self) -> tuple[ToolDefinition, ...]:
        capabilities = self.session.server_capabilities
        if capabilities is not None and capabilities.tools is None:
            return ()
        found: dict[str, ToolDefinition] = {}
        cursor: str | None = None
        while True:
            params = None if cursor is None else PaginatedRequestParams(cursor=cursor)
            page = await self.session.list_tools(params=params)
            for tool in page.tools:
                if tool.name in found:
                    self._warn(f"tool `{tool.name}` is listed twice; the first is kept")
                found.setdefault(tool.name, tool_definition(self._spec.key, tool))
            cursor = page.next_cursor
            if cursor is None or not page.tools:
                return tuple(found[name] for name in sorted(found))
            if len(found) > TOOL_CAP:
                self._warn(f"more than {TOOL_CAP} tools; the rest is not listed")
                return tuple(found[name] for name in sorted(found))

    async def _listen(self) -> None:
        """The 2026-07-28 way to learn of changed tools; older servers just send notifications."""
        capabilities = self.session.server_capabilities
        if self.session.protocol_version not in MODERN_PROTOCOL_VERSIONS:
            return
        if (
            capabilities is None
            or capabilities.tools is None
            or not capabilities.tools.list_changed
        ):
            return
        try:
            async with listen(self.session, tools_list_changed=True) as changes:
                async for _change in changes:
                    self._stale.set()
        except (MCPError, SubscriptionLost, ListenNotSupportedError, TimeoutError) as error:
            self._warn(f"the server does not tell when its tools change: {error}")

    async def _on_message(self, message: IncomingMessage) -> None:
        if isinstance(message, ToolListChangedNotification):
            self._stale.set()

    async def _on_log(self, params: LoggingMessageNotificationParams) -> None:
        self._logs.add("protocol", f"{params.level}: {params.data}")

    def _warn(self, text: str) -> None:
        self._warnings += 1
        self._logs.add("protocol", f"warning {self._warnings}: {text}")

    def _failure(self, what: str) -> ServerUnavailable:
        key = self._spec.key
        tail = self._logs.error_tail()
        return ServerUnavailable(
            f"server `{key}`: {what}" + (f"; it last wrote:\n{tail}" if tail else ""),
            hint=f"look at `mandrake tool logs {key}`, then `mandrake tool restart {key}`",
        )


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000.0


class _ProgressAdapter:
    def __init__(self, listener: ProgressListener) -> None:
        self._listener = listener

    async def __call__(self, progress: float, total: float | None, message: str | None) -> None:
        self._listener(progress, total, message)
