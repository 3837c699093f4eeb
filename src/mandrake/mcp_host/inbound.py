"""The context the SDK gets with a message that a server began."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import anyio
from mcp_types import RequestId

if TYPE_CHECKING:
    from mcp.shared.dispatcher import CallOptions, Outbound
    from mcp.shared.transport_context import TransportContext


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
