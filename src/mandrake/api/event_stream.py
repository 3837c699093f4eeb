"""A topic as Server-Sent Events: for programs, and where WebSockets do not get through.

Source: HTML Living Standard, section 9.2 "Server-sent events".
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing

from pydantic import JsonValue
from starlette.responses import Response

from mandrake.api.event_mapper import to_wire
from mandrake.api.problems import ASGIScope, Receive, Send
from mandrake.api.topics import OpenTopic, encode
from mandrake.coordinator.stream import Item, Reset

PING_SECONDS = 15.0
SEND_SECONDS = 30.0
RETRY_MILLISECONDS = 1_000


class EventStream(Response):
    """Follows a topic until the client leaves, its scope closes, or the client takes nothing."""

    media_type = "text/event-stream"

    def __init__(self, topic: OpenTopic, after: int | None) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._topic = topic
        self._after = after

    async def __call__(self, scope: ASGIScope, receive: Receive, send: Send) -> None:
        del scope
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        writer = asyncio.create_task(self._write(send), name=f"events {self._topic.name}")
        leaving = asyncio.create_task(_left(receive), name="client leaves")
        try:
            await asyncio.wait([writer, leaving], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (writer, leaving):
                task.cancel()
            await asyncio.wait([writer, leaving])
        if not writer.cancelled():
            writer.result()

    async def _write(self, send: Send) -> None:
        await _send(send, f"retry: {RETRY_MILLISECONDS}\n\n".encode())
        async with aclosing(self._topic.follow(self._after)) as batches:
            upcoming = asyncio.create_task(anext(batches, None))
            try:
                while True:
                    done, _ = await asyncio.wait([upcoming], timeout=PING_SECONDS)
                    if not done:
                        await _send(send, b": ping\n\n")
                        continue
                    batch = upcoming.result()
                    if batch is None:
                        break
                    await _send(send, render(self._topic.name, batch))
                    upcoming = asyncio.create_task(anext(batches, None))
            finally:
                upcoming.cancel()
                await asyncio.wait([upcoming])
        await _send(send, b"", last=True)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Send, body: bytes, *, last: bool = False) -> None:
    async with asyncio.timeout(SEND_SECONDS):
        await send({"type": "http.response.body", "body": body, "more_body": not last})


def render(topic: str, batch: list[Item] | Reset) -> bytes:
    """A batch as events. `id` stands only with durable ones: it is what a client resumes from."""
    if isinstance(batch, Reset):
        return b"event: reset\ndata: " + encode(to_wire(topic, batch)) + b"\n\n"
    return b"".join(_event(to_wire(topic, item)) for item in batch)


def _event(wire: dict[str, JsonValue]) -> bytes:
    seq = wire.get("seq")
    mark = b"" if seq is None else f"id: {seq}\n".encode()
    return mark + b"data: " + encode(wire) + b"\n\n"
