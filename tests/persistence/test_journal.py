"""The journal: dense, chained, durable when acknowledged."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from mandrake.domain.principals import Grant
from mandrake.kit.canonical import canonical_bytes, decode_canonical
from mandrake.persistence import journal
from mandrake.persistence.database import Database

APPENDER = """
import asyncio, sys
from pathlib import Path
from mandrake.persistence import journal
from mandrake.persistence.database import Database
from mandrake.tenancy.access import OWNER, access_installation

async def main():
    grant = access_installation(OWNER)
    database = await Database.open(Path(sys.argv[1]))
    async def writer(name):
        while True:
            event = await database.write(lambda c: journal.append(
                c, grant, topic=name, type="test.counted", data={"from": name}))
            print(name, event.seq, flush=True)
    await asyncio.gather(*(writer(f"t{n}") for n in range(8)))

asyncio.run(main())
"""


async def fill(database: Database, grant: Grant, topic: str, count: int) -> None:
    def unit(connection: Connection) -> None:
        for number in range(count):
            journal.append(
                connection, grant, topic=topic, type="test.counted", data={"number": number}
            )

    await database.write(unit)


@pytest.mark.requirement("J5")
async def test_no_acknowledged_event_is_lost_by_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "session.db"
    with subprocess.Popen(  # noqa: ASYNC220 - nothing else runs on this loop
        [sys.executable, "-c", APPENDER, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        acknowledged: dict[str, int] = {}
        for _ in range(400):
            topic, seq = process.stdout.readline().split()
            acknowledged[topic] = int(seq)
        os.kill(process.pid, signal.SIGKILL)
    database = await Database.open(path)
    heads = {
        topic: await database.read(lambda c, t=topic: journal.head_seq(c, t))
        for topic in acknowledged
    }
    checked, faults = await database.read(journal.verify)
    await database.close()
    assert faults == []
    assert checked >= 400
    assert all(heads[topic] >= seq for topic, seq in acknowledged.items())


async def test_sequence_numbers_are_dense_per_topic_and_go_on_after_a_restart(
    tmp_path: Path, grant: Grant
) -> None:
    path = tmp_path / "session.db"
    first = await Database.open(path)
    await fill(first, grant, "a", 3)
    await fill(first, grant, "b", 1)
    await first.close()
    second = await Database.open(path)
    await fill(second, grant, "a", 2)
    events = await second.read(lambda c: journal.read_after(c, grant, "a", 1, 100))
    await second.close()
    assert [event.seq for event in events] == [2, 3, 4, 5]


@pytest.mark.parametrize(
    ("tamper", "reason"),
    [
        ("UPDATE events SET actor='mallory' WHERE topic='a' AND seq=3", "content"),
        ("DELETE FROM events WHERE topic='a' AND seq=3", "expected seq 3"),
        ("UPDATE events SET prev_hash=zeroblob(32) WHERE topic='a' AND seq=3", "link"),
    ],
)
async def test_a_changed_journal_is_located(
    tmp_path: Path, grant: Grant, tamper: str, reason: str
) -> None:
    path = tmp_path / "session.db"
    database = await Database.open(path)
    await fill(database, grant, "a", 5)
    await fill(database, grant, "b", 5)
    await database.close()
    with sqlite3.connect(path) as raw:
        raw.execute(tamper)
    raw.close()
    database = await Database.open(path)
    _, faults = await database.read(journal.verify)
    await database.close()
    assert [(fault.topic, fault.seq in (3, 4)) for fault in faults] == [("a", True)]
    assert reason in faults[0].reason


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@given(JSON)
def test_canonical_bytes_round_trip_and_do_not_depend_on_order(value: object) -> None:
    content = canonical_bytes(value)
    assert decode_canonical(content) == value
    if isinstance(value, dict):
        assert canonical_bytes(dict(reversed(list(value.items())))) == content
