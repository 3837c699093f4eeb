"""The writer: group commit, units that fail alone, schema versions."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from mandrake.domain.events import CommittedEvent
from mandrake.domain.principals import Grant
from mandrake.errors import Unavailable
from mandrake.persistence import journal, migrate
from mandrake.persistence.database import Database
from mandrake.persistence.schema import SCHEMA_VERSION, metadata


def append(connection: Connection, grant: Grant, topic: str, number: int) -> int:
    data = {"number": number}
    return journal.append(connection, grant, topic=topic, type="test.counted", data=data).seq


async def test_a_failing_unit_rolls_back_alone_and_its_events_are_never_seen(
    database: Database, grant: Grant
) -> None:
    seen: list[CommittedEvent] = []
    database.on_committed(seen.extend)

    def failing(connection: Connection) -> None:
        append(connection, grant, "t", 666)
        raise ValueError("on purpose")

    waiting = [
        database.submit(lambda c: append(c, grant, "t", 1)),
        database.submit(failing),
        database.submit(lambda c: append(c, grant, "t", 2)),
    ]
    await asyncio.wait(waiting)
    assert waiting[0].result() == 1
    assert isinstance(waiting[1].exception(), ValueError)
    assert waiting[2].result() == 2
    assert [each.event.data for each in seen] == [{"number": 1}, {"number": 2}]


async def test_watchers_hear_of_an_event_before_its_writer_goes_on(
    database: Database, grant: Grant
) -> None:
    seen: list[int] = []
    database.on_committed(lambda events: seen.extend(each.event.seq for each in events))
    seq = await database.write(lambda c: append(c, grant, "t", 1))
    assert seen == [seq]


async def test_units_waiting_together_share_commits(database: Database, grant: Grant) -> None:

    def count(connection: Connection) -> int:
        return int(connection.exec_driver_sql("PRAGMA data_version").scalar_one())

    before = await database.read(count)
    await asyncio.wait(
        [database.submit(lambda c, n=n: append(c, grant, "t", n)) for n in range(300)]
    )
    commits = await database.read(count) - before
    assert commits <= 30


async def test_a_query_cannot_write(database: Database) -> None:
    def write(connection: Connection) -> None:
        connection.exec_driver_sql("DELETE FROM events")

    with pytest.raises(Unavailable, match="session"):
        await database.read(write)


async def test_a_closed_database_says_so(tmp_path: Path, grant: Grant) -> None:
    database = await Database.open(tmp_path / "x.db")
    waiting = [database.submit(lambda c, n=n: append(c, grant, "t", n)) for n in range(50)]
    await database.close()
    assert [future.result() for future in waiting] == list(range(1, 51))
    with pytest.raises(Unavailable, match="closed"):
        await database.write(lambda c: append(c, grant, "t", 0))


async def test_a_database_of_a_newer_mandrake_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "newer.db"
    await (await Database.open(path)).close()
    with sqlite3.connect(path) as raw:
        raw.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    raw.close()
    with pytest.raises(Unavailable, match="newer Mandrake"):
        await Database.open(path)


async def test_a_file_that_is_no_database_is_named_with_a_cure(tmp_path: Path) -> None:
    path = tmp_path / "session.db"
    path.write_bytes(b"this is not SQLite" * 100)
    with pytest.raises(Unavailable, match="session") as caught:
        await Database.open(path)
    assert caught.value.hint is not None
    assert path.read_bytes().startswith(b"this is not SQLite")


def test_migrations_lead_to_the_same_schema_as_a_new_file(tmp_path: Path) -> None:
    def shape(engine: sa.Engine) -> list[tuple[str, str, str]]:
        with engine.connect() as connection:
            rows = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master")
            return sorted((row[0], row[1], "".join((row[2] or "").split())) for row in rows)

    migrated = sa.create_engine(f"sqlite:///{tmp_path}/migrated.db", poolclass=sa.NullPool)
    with migrated.connect() as connection:
        migrate.upgrade(connection)
        connection.commit()
    fresh = sa.create_engine(f"sqlite:///{tmp_path}/fresh.db", poolclass=sa.NullPool)
    migrate.prepare(fresh, tmp_path / "fresh.db")
    shapes = shape(migrated), shape(fresh)
    for engine in (migrated, fresh):
        engine.dispose()
    assert shapes[0] == shapes[1]


def test_every_table_carries_organization_and_scope() -> None:
    bare = [
        table.name
        for table in metadata.sorted_tables
        if not {"organization_id", "scope_id"} <= set(table.columns.keys())
    ]
    assert bare == []


async def test_an_opening_that_nobody_waits_for_any_longer_ends_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "session.db"
    with sqlite3.connect(path, isolation_level=None) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        opening = asyncio.create_task(Database.open(path))
        # Ours and the one that waits for the lock.
        await _wait_until(lambda: _handles(path) == 2)
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        holder.execute("COMMIT")
    holder.close()
    await _wait_until(lambda: _handles(path) == 0)
    again = await Database.open(path)
    await again.close()


def _handles(path: Path) -> int:
    return sum(each.path == str(path) for each in psutil.Process().open_files())


async def _wait_until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - nothing tells when a file is closed
            await asyncio.sleep(0.01)
