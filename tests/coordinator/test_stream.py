"""Watchers: no gap, no repetition, no waiting for the slow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from pydantic import JsonValue
from sqlalchemy import Connection

from mandrake.coordinator.stream import (
    WINDOW_ITEMS,
    Delta,
    Item,
    Reset,
    Snapshot,
    StreamHub,
    follow,
    utf16_length,
)
from mandrake.domain.events import CommittedEvent, StoredEvent
from mandrake.domain.principals import Grant
from mandrake.persistence import journal
from mandrake.persistence.database import Database
from mandrake.tenancy.access import OWNER, access_installation

TOPIC = "session:s"
GRANT = access_installation(OWNER)


def nothing(_: Connection, __: StoredEvent) -> dict[str, JsonValue]:
    return {}


@pytest.fixture
def hub() -> StreamHub:
    return StreamHub()


@pytest.fixture
async def database(tmp_path: Path, hub: StreamHub) -> AsyncGenerator[Database]:
    opened = await Database.open(tmp_path / "s.db")
    opened.on_committed(hub.publish_committed)
    yield opened
    await opened.close()


async def append(database: Database, kind: str = "test.made", **data: JsonValue) -> int:
    grant: Grant = GRANT
    event = await database.write(
        lambda c: journal.append(c, grant, topic=TOPIC, type=kind, data=data)
    )
    return event.seq


async def first(stream: AsyncGenerator[list[Item] | Reset]) -> list[Item] | Reset:
    async with asyncio.timeout(5):
        return await anext(stream)


def seqs(items: list[Item] | Reset) -> list[int]:
    assert isinstance(items, list)
    return [item.event.seq for item in items if isinstance(item, CommittedEvent)]


async def test_a_late_reader_gets_what_it_missed_then_open_parts_then_live(
    hub: StreamHub, database: Database
) -> None:
    for _ in range(3):
        await append(database)
    hub.append_text(TOPIC, "trn", 0, "text", "half ")
    hub.append_text(TOPIC, "trn", 0, "text", "an answer")
    stream = follow(hub, database, GRANT, TOPIC, 1, nothing)
    opening = await first(stream)
    assert seqs(opening) == [2, 3]
    assert isinstance(opening, list)
    assert opening[-1] == Snapshot("trn", 0, "text", "half an answer")
    hub.append_text(TOPIC, "trn", 0, "text", "!")
    assert await first(stream) == [Delta("trn", 0, "text", 14, "!")]
    await stream.aclose()


async def test_every_event_is_seen_once_while_others_write(
    hub: StreamHub, database: Database
) -> None:
    async def write() -> None:
        for _ in range(200):
            await append(database)

    async def read(after: int) -> list[int]:
        seen: list[int] = []
        stream = follow(hub, database, GRANT, TOPIC, after, nothing)
        async with asyncio.timeout(20):
            async for items in stream:
                seen += seqs(items)
                if seen and seen[-1] == 200:
                    break
        await stream.aclose()
        return seen

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(write())
        readers = []
        for after in (0, 0, 0):
            await asyncio.sleep(0.01)
            readers.append(tasks.create_task(read(after)))
    assert [reader.result() for reader in readers] == [list(range(1, 201))] * 3


async def test_adjacent_deltas_are_merged_and_the_first_is_not_held_back(
    hub: StreamHub, database: Database
) -> None:
    stream = follow(hub, database, GRANT, TOPIC, None, nothing)
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(first(stream))
        await asyncio.sleep(0)
        hub.append_text(TOPIC, "trn", 0, "text", "a")
    assert waiting.result() == [Delta("trn", 0, "text", 0, "a")]
    for piece in "bcd":
        hub.append_text(TOPIC, "trn", 0, "text", piece)
    hub.append_text(TOPIC, "trn", 1, "thinking", "x")
    assert await first(stream) == [
        Delta("trn", 0, "text", 1, "bcd"),
        Delta("trn", 1, "thinking", 0, "x"),
    ]
    await stream.aclose()


async def test_a_cursor_beyond_the_head_is_reset(hub: StreamHub, database: Database) -> None:
    await append(database)
    stream = follow(hub, database, GRANT, TOPIC, 99, nothing)
    assert await first(stream) == Reset(1)
    await append(database)
    assert seqs(await first(stream)) == [2]
    await stream.aclose()


async def test_a_reader_that_fell_behind_the_window_catches_up_from_the_journal(
    hub: StreamHub, database: Database
) -> None:
    stream = follow(hub, database, GRANT, TOPIC, 0, nothing)
    await append(database)
    assert seqs(await first(stream)) == [1]
    for _ in range(WINDOW_ITEMS + 10):
        hub.append_text(TOPIC, "trn", 0, "text", "y")
    await append(database)
    items = await first(stream)
    assert seqs(items) == [2]
    assert isinstance(items, list)
    assert items[-1] == Snapshot("trn", 0, "text", "y" * (WINDOW_ITEMS + 10))
    await stream.aclose()


async def test_an_unwatched_topic_keeps_nothing(hub: StreamHub, database: Database) -> None:
    hub.append_text(TOPIC, "trn", 0, "text", "text")
    hub.close_turn(TOPIC, "trn")
    assert hub.snapshots(TOPIC) == []
    stream = follow(hub, database, GRANT, TOPIC, None, nothing)
    hub.append_text(TOPIC, "trn2", 0, "text", "text")
    await stream.aclose()
    hub.close_turn(TOPIC, "trn2")
    assert not hub._topics


@pytest.mark.parametrize(("text", "length"), [("abc", 3), ("äöü", 3), ("a😀b", 4), ("", 0)])
def test_offsets_count_as_javascript_does(text: str, length: int) -> None:
    assert utf16_length(text) == length == len(text.encode("utf-16-le")) // 2
