"""Live fan-out with resume: what watchers of a topic see, in order, without gap or repetition.

Owns a bounded window of recent items per watched topic and the text so far of open parts. Each
reader has a position in that window and asks for more when it has sent what it got: there is no
queue per reader. Durable events come from the database after their commit; deltas, progress and
logs pass through without being stored. Knows no sockets and no wire form.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from pydantic import JsonValue
from sqlalchemy import Connection

from mandrake.domain.conversation import PartKind
from mandrake.domain.events import CommittedEvent, EphemeralEvent, StoredEvent
from mandrake.domain.principals import Grant
from mandrake.persistence import journal
from mandrake.persistence.database import Database

WINDOW_ITEMS = 4_096
MAX_REPLAY_EVENTS = 5_000
"""A reader further behind is told to read the rounds again."""
FRAME_SECONDS = 1 / 30


@dataclass(frozen=True, slots=True)
class Delta:
    """More text of an open part. `offset` counts UTF-16 code units from the part's start."""

    turn_id: str
    index: int
    kind: PartKind
    offset: int
    text: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole text so far of an open part."""

    turn_id: str
    index: int
    kind: PartKind
    text: str


@dataclass(frozen=True, slots=True)
class Reset:
    """The reader's cursor can't be served: read the rounds again and go on from `seq`."""

    seq: int


Item = CommittedEvent | EphemeralEvent | Delta | Snapshot
Hydrate = Callable[[Connection, StoredEvent], dict[str, JsonValue]]
"""Looks up what a replayed event's watchers need: the transient fields of `CommittedEvent`."""


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, as JavaScript counts."""
    if text.isascii():
        return len(text)
    return len(text) + sum(character > "\uffff" for character in text)


@dataclass(slots=True)
class _OpenPart:
    kind: PartKind
    pieces: list[str] = field(default_factory=list[str])
    length: int = 0


@dataclass(slots=True)
class _Topic:
    items: list[Item] = field(default_factory=list[Item])
    base: int = 0
    """Position of `items[0]`."""
    readers: set[TopicReader] = field(default_factory=set["TopicReader"])
    open_parts: dict[tuple[str, int], _OpenPart] = field(
        default_factory=dict[tuple[str, int], _OpenPart]
    )

    @property
    def end(self) -> int:
        return self.base + len(self.items)


class StreamHub:
    """The topics of one scope. All methods run on the event loop."""

    def __init__(self) -> None:
        self._topics: dict[str, _Topic] = {}
        self.is_closed = False

    def close(self) -> None:
        """End every reader: the scope is closing."""
        self.is_closed = True
        for topic in self._topics.values():
            for reader in topic.readers:
                reader.woken.set()

    def publish_committed(self, events: Sequence[CommittedEvent]) -> None:
        """Pass on what a commit made durable; closes parts that completed."""
        for committed in events:
            event = committed.event
            topic = self._topics.get(event.topic)
            if topic is None:
                continue
            if event.type == "part.completed":
                turn_id, index = event.data.get("turn_id"), event.data.get("index")
                if isinstance(turn_id, str) and isinstance(index, int):
                    topic.open_parts.pop((turn_id, index), None)
            self._add(event.topic, committed)

    def publish(self, event: EphemeralEvent) -> None:
        """Pass on something that is not stored."""
        self._add(event.topic, event)

    def append_text(self, topic: str, turn_id: str, index: int, kind: PartKind, text: str) -> None:
        """More text of a part; the first call opens it."""
        state = self._topics.setdefault(topic, _Topic())
        part = state.open_parts.setdefault((turn_id, index), _OpenPart(kind))
        delta = Delta(turn_id, index, kind, part.length, text)
        part.pieces.append(text)
        part.length += utf16_length(text)
        self._add(topic, delta)

    def close_turn(self, topic: str, turn_id: str) -> None:
        """Forget open parts of a turn that ended."""
        state = self._topics.get(topic)
        if state is None:
            return
        for key in [key for key in state.open_parts if key[0] == turn_id]:
            del state.open_parts[key]
        self._drop_if_unused(topic)

    def snapshots(self, topic: str) -> list[Snapshot]:
        """The open parts of a topic, in the order in which they were opened."""
        state = self._topics.get(topic)
        if state is None:
            return []
        found: list[Snapshot] = []
        for (turn_id, index), part in state.open_parts.items():
            text = "".join(part.pieces)
            part.pieces[:] = [text]
            found.append(Snapshot(turn_id, index, part.kind, text))
        return found

    def reader(self, topic: str) -> TopicReader:
        """A reader that stands at the topic's end. Use it as a context manager."""
        return TopicReader(self, topic)

    def _add(self, name: str, item: Item) -> None:
        topic = self._topics.get(name)
        if topic is None or not topic.readers:
            return
        topic.items.append(item)
        if len(topic.items) > WINDOW_ITEMS:
            dropped = WINDOW_ITEMS // 4
            del topic.items[:dropped]
            topic.base += dropped
        for reader in topic.readers:
            reader.woken.set()

    def join(self, name: str, reader: TopicReader) -> _Topic:
        """For `TopicReader` only."""
        topic = self._topics.setdefault(name, _Topic())
        topic.readers.add(reader)
        return topic

    def leave(self, name: str, reader: TopicReader) -> None:
        """For `TopicReader` only."""
        topic = self._topics[name]
        topic.readers.discard(reader)
        if not topic.readers:
            topic.base, topic.items = topic.end, []
        self._drop_if_unused(name)

    def _drop_if_unused(self, name: str) -> None:
        topic = self._topics.get(name)
        if topic is not None and not topic.readers and not topic.open_parts:
            del self._topics[name]


class TopicReader:
    """A position in a topic's window."""

    def __init__(self, hub: StreamHub, topic: str) -> None:
        self._hub = hub
        self._name = topic
        self.woken = asyncio.Event()

    def __enter__(self) -> Self:
        self._topic = self._hub.join(self._name, self)
        self._position = self._topic.end
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hub.leave(self._name, self)

    async def wait(self) -> None:
        """Return when there is something to take, or the hub was closed."""
        while self._position == self._topic.end and not self._hub.is_closed:
            self.woken.clear()
            await self.woken.wait()

    def is_urgent(self) -> bool:
        """Whether something waits that must not be held back: anything but continued text."""
        start = max(0, self._position - self._topic.base)
        return any(
            not isinstance(item, Delta) or item.offset == 0 for item in self._topic.items[start:]
        )

    def take(self) -> list[Item] | None:
        """Everything new, adjacent deltas merged; None when the window has moved past us."""
        topic = self._topic
        if self._position < topic.base:
            self._position = topic.end
            return None
        items = topic.items[self._position - topic.base :]
        self._position = topic.end
        return _merge(items)


def _merge(items: Sequence[Item]) -> list[Item]:
    merged: list[Item] = []
    run: list[Delta] = []

    def flush() -> None:
        if run:
            first = run[0]
            text = "".join(delta.text for delta in run)
            merged.append(Delta(first.turn_id, first.index, first.kind, first.offset, text))
            run.clear()

    for item in items:
        if isinstance(item, Delta):
            if run and (run[0].turn_id, run[0].index) != (item.turn_id, item.index):
                flush()
            run.append(item)
        else:
            flush()
            merged.append(item)
    flush()
    return merged


async def follow(
    hub: StreamHub,
    database: Database,
    grant: Grant,
    topic: str,
    after: int | None,
    hydrate: Hydrate,
) -> AsyncGenerator[list[Item] | Reset]:
    """Durable events after `after`, then snapshots of open parts, then live, until the hub closes.

    `after=None` starts live, without replay. Batches are never empty and come at most
    30 times a second when they only continue text.
    """
    with hub.reader(topic) as reader:
        last = after
        while not hub.is_closed:
            if last is not None:
                start = await _catch_up(database, grant, topic, last, hydrate)
                if isinstance(start, Reset):
                    yield start
                    last, start = start.seq, []
                last = _newest(start, last)
                # What came while the database was read: its durable part may not be in `start`,
                # its deltas are in the snapshots. None: the window moved on, so catch up again.
                missed = reader.take()
                fresh = [item for item in missed or [] if _is_after(item, last)]
                open_parts = hub.snapshots(topic) if missed is not None else []
                opening: list[Item] = [*start, *fresh, *open_parts]
                last = _newest(fresh, last)
                if opening:
                    yield opening
                if missed is None:
                    continue
            async for items in _live(reader):
                known = -1 if last is None else last
                new = [
                    item
                    for item in items
                    if not isinstance(item, CommittedEvent) or item.event.seq > known
                ]
                if last is not None:
                    last = _newest(new, last)
                if new:
                    yield new


async def _live(reader: TopicReader) -> AsyncGenerator[list[Item]]:
    """Batches as they come; ends when the reader was too slow for the window, or at the end."""
    sent_at = 0.0
    while True:
        await reader.wait()
        pause_seconds = sent_at + FRAME_SECONDS - time.monotonic()
        if pause_seconds > 0 and not reader.is_urgent():
            await asyncio.sleep(pause_seconds)
        items = reader.take()
        if not items:
            return
        sent_at = time.monotonic()
        yield items


async def _catch_up(
    database: Database, grant: Grant, topic: str, after: int, hydrate: Hydrate
) -> list[Item] | Reset:
    def query(connection: Connection) -> list[Item] | Reset:
        head = journal.head_seq(connection, topic)
        if after > head or head - after > MAX_REPLAY_EVENTS:
            return Reset(head)
        events = journal.read_after(connection, grant, topic, after, MAX_REPLAY_EVENTS)
        return [CommittedEvent(event, hydrate(connection, event)) for event in events]

    return await database.read(query)


def _is_after(item: Item, last: int) -> bool:
    return isinstance(item, CommittedEvent) and item.event.seq > last


def _newest(items: Sequence[Item], last: int) -> int:
    for item in reversed(items):
        if isinstance(item, CommittedEvent):
            return max(last, item.event.seq)
    return last
