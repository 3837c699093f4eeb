"""Messages that a server begins: their context for the SDK, and notifications one by one."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

import anyio
from mcp_types import RequestId

if TYPE_CHECKING:
    from mcp.shared.dispatcher import CallOptions, Outbound
    from mcp.shared.transport_context import TransportContext


NOTIFICATION_CAP = 1_024


class NotificationQueue:
    """Handles notifications in the order they came, in one task; the oldest fall off a flood."""

    def __init__(self, warn: Callable[[str], None]) -> None:
        self._warn = warn
        self._waiting: deque[Callable[[], Awaitable[None]]] = deque()
        self._added = asyncio.Event()

    def put(self, work: Callable[[], Awaitable[None]]) -> None:
        if len(self._waiting) >= NOTIFICATION_CAP:
            self._waiting.popleft()
            self._warn("notifications come faster than they can be read; the oldest are dropped")
        self._waiting.append(work)
        self._added.set()

    async def consume(self) -> None:
        """Runs until cancelled."""
        while True:
            await self._added.wait()
            self._added.clear()
            while self._waiting:
                try:
                    await self._waiting.popleft()()
                except Exception as error:  # noqa: BLE001 - one bad notification costs only itself
                    self._warn(f"a notification could not be handled: {error}")


class InboundContext:
    """A `DispatchContext` of the SDK over a plain duplex stream."""

    def __init__(
        self, channel: Outbound, transport: TransportContext, request_id: RequestId | None
    ) -> None:
        self._channel = channel
        self.transport = transport
        self.request_id = request_id
        self.can_send_request = True
        self.message_metadata = None
        self.cancel_requested = anyio.Event()

    async def send_raw_request(
        self, method: str, params: Mapping[str, Any] | None, opts: CallOptions | None = None
    ) -> dict[str, Any]:
        return await self._channel.send_raw_request(method, params, opts)

    async def notify(
        self, method: str, params: Mapping[str, Any] | None, opts: CallOptions | None = None
    ) -> None:
        await self._channel.notify(method, params, opts)

    async def progress(
        self, progress: float, total: float | None = None, message: str | None = None
    ) -> None:
        """Nothing a server asks of us takes long enough to report on."""
        del progress, total, message
