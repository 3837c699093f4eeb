"""The WebSocket of a tab: topics with cursors over one connection.

`{"op": "sub", "topic", "after"?}` starts a topic (again, when it was already subscribed), `unsub`
ends it, `ping` is answered with `{"op": "pong"}`. Each subscription is one task, owned by the
connection, that asks for more only when what it sent was taken: a slow client holds one frame a
topic, not a queue.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from typing import Annotated, Literal

from fastapi import APIRouter, WebSocket
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.websockets import WebSocketDisconnect

from mandrake.api.deps import get_principal, get_runtime
from mandrake.api.gate import Authenticate
from mandrake.api.problems import intended, problem_of
from mandrake.api.topics import encode, frame_of, open_topic
from mandrake.bootstrap import Runtime
from mandrake.coordinator.stream import Reset
from mandrake.domain.events import CommittedEvent
from mandrake.domain.principals import Principal
from mandrake.domain.tools import JsonObject
from mandrake.errors import InvalidInput, LimitExceeded, MandrakeError, Unavailable
from mandrake.telemetry.logging import get_logger

MAX_SUBSCRIPTIONS = 64
MAX_MESSAGE_CHARACTERS = 4_096
BURST_MESSAGES = 200
MESSAGES_PER_SECOND = 20.0
SEND_SECONDS = 30.0
"""A client that takes nothing for so long is cut off; it resumes by its cursors."""
REOPEN_ATTEMPTS = 3

router = APIRouter()
_log = get_logger(__name__)


class Subscribe(BaseModel):
    """Follow a topic: durable events after `after`, open parts, then live."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    op: Literal["sub"]
    topic: str = Field(min_length=1, max_length=200)
    after: int | None = Field(default=None, ge=0)
    """Last durable event that was seen; without it the topic starts live."""


class Unsubscribe(BaseModel):
    """Stop following a topic."""

    model_config = ConfigDict(extra="forbid")

    op: Literal["unsub"]
    topic: str = Field(min_length=1, max_length=200)


class Ping(BaseModel):
    """Ask for a sign of life."""

    model_config = ConfigDict(extra="forbid")

    op: Literal["ping"]


ClientMessage = Annotated[Subscribe | Unsubscribe | Ping, Field(discriminator="op")]
_messages: TypeAdapter[Subscribe | Unsubscribe | Ping] = TypeAdapter(ClientMessage)


@router.websocket("/stream")
async def stream(websocket: WebSocket) -> None:
    """One connection from its upgrade to its end."""
    runtime, principal = get_runtime(websocket), get_principal(websocket)
    await websocket.accept()
    connection = StreamConnection(websocket, runtime, principal, websocket.state.authenticate)
    await connection.serve()


class _Gone(Exception):
    """The client went away, or is cut off with this close code."""

    def __init__(self, code: int | None = None, reason: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class StreamConnection:
    """What one tab follows."""

    def __init__(
        self,
        websocket: WebSocket,
        runtime: Runtime,
        principal: Principal,
        authenticate: Authenticate,
    ) -> None:
        self._websocket = websocket
        self._runtime = runtime
        self._principal = principal
        self._authenticate = authenticate
        self._subscriptions: dict[str, asyncio.Task[None]] = {}
        self._allowance = float(BURST_MESSAGES)
        self._refilled_at = time.monotonic()

    async def serve(self) -> None:
        """Until the client leaves, is cut off, or the server stops."""
        try:
            async with asyncio.TaskGroup() as tasks:
                await self._read(tasks)
        except* _Gone as gone:
            await self._close(gone)

    async def _read(self, tasks: asyncio.TaskGroup) -> None:
        while True:
            message = await self._websocket.receive()
            if message["type"] == "websocket.disconnect":
                raise _Gone
            text = message.get("text")
            self._judge(text)
            try:
                await self._take(tasks, str(text))
            except MandrakeError as error:
                if error.kind == "unauthenticated":
                    raise _Gone(4401, "signed out") from None
                await self._send_error(None, error)

    def _judge(self, text: str | None) -> None:
        if text is None:
            raise _Gone(1003, "text frames only")
        if len(text) > MAX_MESSAGE_CHARACTERS:
            raise _Gone(1009, "message too large")
        now = time.monotonic()
        gained = (now - self._refilled_at) * MESSAGES_PER_SECOND
        self._allowance = min(float(BURST_MESSAGES), self._allowance + gained) - 1
        self._refilled_at = now
        if self._allowance < 0:
            raise _Gone(1008, "too many messages")

    async def _take(self, tasks: asyncio.TaskGroup, text: str) -> None:
        try:
            message = _messages.validate_json(text)
        except ValidationError:
            raise InvalidInput(
                "The message is not understood.",
                hint='Send {"op": "sub", "topic": "session:…", "after": 0}, `unsub` or `ping`.',
            ) from None
        # A tab may stay open for longer than its sign-in.
        await self._authenticate()
        match message:
            case Ping():
                await self._send(encode({"op": "pong"}))
            case Unsubscribe(topic=topic):
                task = self._subscriptions.pop(topic, None)
                if task is not None:
                    task.cancel()
            case Subscribe(topic=topic, after=after):
                await self._subscribe(tasks, topic, after)

    async def _subscribe(self, tasks: asyncio.TaskGroup, topic: str, after: int | None) -> None:
        earlier = self._subscriptions.get(topic)
        if earlier is None and len(self._subscriptions) >= MAX_SUBSCRIPTIONS:
            error = LimitExceeded(
                f"At most {MAX_SUBSCRIPTIONS} topics can be followed at once.",
                hint="End one with `unsub` first.",
            )
            await self._send_error(topic, error)
            return
        self._subscriptions[topic] = tasks.create_task(
            self._follow(topic, after, earlier), name=f"follow {topic}"
        )

    async def _follow(
        self, topic: str, after: int | None, earlier: asyncio.Task[None] | None
    ) -> None:
        if earlier is not None:
            earlier.cancel()
            # Frames of the two must not interleave.
            await asyncio.wait([earlier])
        try:
            for _ in range(REOPEN_ATTEMPTS):
                after = await self._follow_once(topic, after)
            error: Exception = Unavailable(f"The topic `{topic}` ended.", hint="Subscribe again.")
        except _Gone:
            raise
        except Exception as failure:  # noqa: BLE001 - told to the client, and logged when not meant
            error = failure
        finally:
            if self._subscriptions.get(topic) is asyncio.current_task():
                del self._subscriptions[topic]
        await self._send_error(topic, _as_problem(error, topic))

    async def _follow_once(self, topic: str, after: int | None) -> int | None:
        """Until the topic's scope closes (renamed, moved); gives the cursor to go on from."""
        opened = await open_topic(self._runtime, self._principal, topic)
        async with aclosing(opened.follow(after)) as batches:
            async for batch in batches:
                await self._send(frame_of(topic, batch))
                if isinstance(batch, Reset):
                    after = batch.seq
                    continue
                for item in batch:
                    if isinstance(item, CommittedEvent):
                        after = max(after or 0, item.event.seq)
        return after

    async def _send(self, frame: bytes) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._websocket.send_text(frame.decode())
        except TimeoutError:
            raise _Gone(1008, "too slow") from None
        except (WebSocketDisconnect, RuntimeError, OSError):
            raise _Gone from None

    async def _send_error(self, topic: str | None, error: MandrakeError) -> None:
        frame: JsonObject = {"error": problem_of(error, self._runtime.redactor.mask)}
        if topic is not None:
            frame["topic"] = topic
        await self._send(encode(frame))

    async def _close(self, gone: BaseExceptionGroup[_Gone]) -> None:
        code = next((each.code for each in _leaves(gone) if each.code is not None), None)
        if code is None:
            return
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._websocket.close(code)
        except (WebSocketDisconnect, RuntimeError, OSError):
            _log.debug("connection was gone before it was closed")


def _leaves(group: BaseExceptionGroup[_Gone]) -> list[_Gone]:
    found: list[_Gone] = []
    for each in group.exceptions:
        found += _leaves(each) if isinstance(each, BaseExceptionGroup) else [each]
    return found


def _as_problem(error: Exception, topic: str) -> MandrakeError:
    meant = intended(error)
    if meant is not None:
        return meant
    _log.error("a subscription failed", topic=topic, exc_info=error)
    return MandrakeError("The topic can't be followed; the log says why.")
