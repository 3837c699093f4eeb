"""The few pieces of ASGI a fake model server needs: read a request, start an answer, see a client
leave. Knows nothing of models.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import uvicorn

from mandrake.testing.llm_script import RecordedRequest

# Any: the ASGI messages are untyped maps by specification.
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


START_SECONDS = 10.0


class PromptServer(uvicorn.Server):
    """uvicorn without its polling: starts and ends at once, as hundreds of tests want."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended = asyncio.Event()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        self._loop = asyncio.get_running_loop()
        self.listening.set()
        await self._ended.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for listener in self.servers:
            listener.close()
        for listener in sockets or []:
            listener.close()
        tasks = list(self.server_state.tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=START_SECONDS)
        for connection in list(self.server_state.connections):
            connection.shutdown()

    def end(self) -> None:
        """Stop the server from another thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._ended.set)


async def read_request(scope: Mapping[str, Any], receive: Receive) -> RecordedRequest:
    pieces: list[bytes] = []
    more = True
    while more:
        message = await receive()
        pieces.append(message.get("body", b""))
        more = bool(message.get("more_body", False))
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return RecordedRequest(scope["method"], scope["path"], headers, b"".join(pieces))


@dataclass(slots=True)
class Client:
    """The other end of one streamed answer. `left` is set when it has gone, once `watch` runs."""

    receive: Receive
    send: Send
    left: asyncio.Event = field(default_factory=asyncio.Event)

    async def watch(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass
        self.left.set()

    async def wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.left.wait()

    async def send_part(self, body: bytes) -> None:
        await self.send({"type": "http.response.body", "body": body, "more_body": True})

    async def send_cut(self, body: bytes, chunk_bytes: int) -> bytes:
        """Send whole chunks of the size; return the rest."""
        whole = len(body) - len(body) % chunk_bytes
        for start in range(0, whole, chunk_bytes):
            await self.send_part(body[start : start + chunk_bytes])
        return body[whole:]


async def left_within(receive: Receive, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return False
    return True


async def start_response(send: Send, status: int, headers: Mapping[str, str]) -> None:
    pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
