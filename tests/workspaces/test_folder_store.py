"""The folder store by itself: expected revisions, and changes behind its back."""

from __future__ import annotations

import asyncio
import hashlib
import os
from pathlib import Path

import pytest

from mandrake.domain.ids import INSTALLATION_SCOPE
from mandrake.errors import NotFound, PreconditionFailed
from mandrake.persistence.adapters.folder import FolderDocumentStore
from mandrake.persistence.ports import ABSENT, DocumentPlace

pytestmark = pytest.mark.anyio
SCOPE = INSTALLATION_SCOPE


def store_in(folder: Path, *steps: str) -> FolderDocumentStore:
    place = DocumentPlace(folder, steps, "tools.json", "tools.json")
    return FolderDocumentStore(lambda _scope, _name: place)


async def test_a_revision_is_the_hash_of_the_bytes(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    assert await store.read(SCOPE, "tools") is None
    revision = await store.write(SCOPE, "tools", b"one", expected=ABSENT)
    assert revision == hashlib.sha256(b"one").hexdigest()
    stored = await store.read(SCOPE, "tools")
    assert stored is not None
    assert (stored.content, stored.revision) == (b"one", revision)
    assert (tmp_path / "tools.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("expected", [ABSENT, "another"])
async def test_a_write_that_expects_another_revision_is_refused(
    tmp_path: Path, expected: str
) -> None:
    store = store_in(tmp_path)
    await store.write(SCOPE, "tools", b"one", expected=None)
    with pytest.raises(PreconditionFailed):
        await store.write(SCOPE, "tools", b"two", expected=expected)
    assert (tmp_path / "tools.json").read_bytes() == b"one"


async def test_of_many_writers_with_one_revision_one_wins(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    won: list[int] = []

    async def attempt(number: int) -> None:
        try:
            await store.write(SCOPE, "tools", str(number).encode(), expected=ABSENT)
        except PreconditionFailed:
            return
        won.append(number)

    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        for number in range(10):
            group.create_task(attempt(number))
    assert len(won) == 1
    assert (tmp_path / "tools.json").read_bytes() == str(won[0]).encode()


async def test_an_edit_of_the_same_length_with_its_time_put_back_is_seen(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    path = tmp_path / "tools.json"
    path.write_bytes(b"one")
    os.utime(path, (1, 1))
    first = await store.read(SCOPE, "tools")
    path.write_bytes(b"two")
    os.utime(path, (1, 1))
    second = await store.read(SCOPE, "tools")
    assert first is not None
    assert second is not None
    assert (first.content, second.content) == (b"one", b"two")


async def test_a_missing_folder_reads_as_nothing_and_refuses_writes(tmp_path: Path) -> None:
    store = store_in(tmp_path, "gone")
    assert await store.read(SCOPE, "tools") is None
    with pytest.raises(NotFound):
        await store.write(SCOPE, "tools", b"x", expected=None)
    with pytest.raises(NotFound):
        await store.set_aside(SCOPE, "tools", "stamp")
