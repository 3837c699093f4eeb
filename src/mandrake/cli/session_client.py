"""The client contract for one session: connect, send, events (resumable by cursor), disconnect.

Hides broken connections: `events` goes on where it was. Knows neither terminal nor approvals.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Protocol, TypeVar

import msgspec

from mandrake.cli import wire
from mandrake.cli.client import Answer, ApiClient
from mandrake.cli.scopes import Scope
from mandrake.errors import Unavailable

T = TypeVar("T")

GIVE_UP_SECONDS = 30.0
_FIRST_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 3.0


class _Pauses:
    """How long to wait before the next attempt, and when to give up."""

    def __init__(self) -> None:
        self._seconds = _FIRST_PAUSE_SECONDS
        self._until = time.monotonic() + GIVE_UP_SECONDS

    @property
    def are_over(self) -> bool:
        return time.monotonic() > self._until

    async def next(self) -> None:
        await asyncio.sleep(self._seconds)
        self._seconds = min(self._seconds * 2, _LONGEST_PAUSE_SECONDS)


class EventHandler(Protocol):
    """Whoever wants to see what happens."""

    def handle_event(self, event: wire.Event) -> None:
        """One event, in order, without repetition of durable ones."""
        ...


class SessionClient:
    """One session as a client sees it."""

    def __init__(self, api: ApiClient, scope: Scope, session_id: str | None = None) -> None:
        self._api = api
        self._scope = scope
        self._id = session_id
        self._connected = False
        self.cursor: int | None = None
        """The newest durable event that was seen; `events` starts after it."""

    @property
    def session_id(self) -> str:
        """Id of the session; there is one after `connect`."""
        assert self._id is not None
        return self._id

    @property
    def scope(self) -> Scope:
        return self._scope

    async def connect(self) -> wire.Session:
        """Open the session, a new one if none was named, and stand at its newest event.

        Raises:
            NotFound: No such session in the scope.
        """
        if self._id is None:
            created = await self._api.post(self._scope.path("sessions"), {})
            self._id = created.decode(wire.Session).id
        answer = await self._api.get(self._path())
        self.cursor = answer.event_seq or 0
        self._connected = True
        return answer.decode(wire.Session)

    async def send(self, text: str, *, model: str | None = None) -> str:
        """Ask; returns the round's id as soon as the request is durable."""
        body: dict[str, str] = {"content": text}
        if model is not None:
            body["model"] = model
        answer = await self._api.post(self._path("rounds"), body)
        return answer.decode(wire.RoundAccepted).round_id

    async def stop(self, round_id: str) -> None:
        """End a round."""
        await self._api.post(self._path("rounds", round_id, "stop"))

    async def continue_round(self, round_id: str) -> None:
        """Go on with a round after a pause, a limit or a failure."""
        await self._api.post(self._path("rounds", round_id, "continue"))

    async def answer(self, question_id: str, answer: wire.JsonObject) -> None:
        """Answer a question.

        Raises:
            InvalidInput: The answer does not fit it; the question stays open.
        """
        await self._api.post(self._path("questions", question_id), answer)

    async def round(self, round_id: str) -> wire.Round:
        """A round as it is stored now."""
        return (await self.round_document(round_id)).decode(wire.Round)

    async def round_document(self, round_id: str) -> Answer:
        """The same, as the API gives it."""
        return await self._patiently(lambda: self._api.get(self._path("rounds", round_id)))

    async def open_questions(self) -> list[wire.Question]:
        """What waits in this session, oldest first."""
        found = await self._patiently(
            lambda: self._api.items(self._path("questions"), wire.Question)
        )
        return [question for question in found if question.status == "open"]

    def resume(self, cursor: int) -> None:
        """Let `events` start after another event."""
        self.cursor = cursor

    async def events(self) -> AsyncGenerator[wire.Event]:
        """Events after `cursor`, then live ones, across broken connections.

        Raises:
            Unavailable: Mandrake could not be reached for half a minute.
        """
        pauses = _Pauses()
        while self._connected:
            connected = False
            try:
                async with self._api.events(self._path("events"), self.cursor) as stream:
                    connected = True
                    async for text in stream:
                        event = msgspec.json.decode(text, type=wire.Event)
                        if event.seq is not None:
                            self.cursor = event.seq
                        yield event
            except Unavailable:
                if not connected and pauses.are_over:
                    raise
            if connected:  # However long it was quiet: the time counts from the break.
                pauses = _Pauses()
            if self._connected:
                await pauses.next()

    async def disconnect(self) -> None:
        """Watch no longer. What runs goes on: it belongs to the server."""
        self._connected = False

    async def _patiently(self, read: Callable[[], Awaitable[T]]) -> T:
        """Read, again and again while the server is away: a restart is no end of a round."""
        pauses = _Pauses()
        while True:
            try:
                return await read()
            except Unavailable:
                if pauses.are_over:
                    raise
            await pauses.next()

    def _path(self, *parts: str) -> str:
        return self._scope.path("sessions", self.session_id, *parts)
