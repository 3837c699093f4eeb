"""One document over its life: edits by us, edits by hand, breakage, history."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from mandrake.domain.documents import (
    PROMPT,
    TOOLS,
    PromptDocument,
    ServerEntry,
    ToolsDocument,
)
from mandrake.domain.events import CommittedEvent
from mandrake.domain.principals import Grant
from mandrake.errors import Conflict, InvalidDocument, NotFound, PreconditionFailed
from mandrake.persistence.ports import ABSENT
from mandrake.workspaces.documents import KEPT_REVISIONS, DocumentManager, merge_patch
from tests.workspaces.homes import OpenHome

pytestmark = pytest.mark.anyio


@dataclass
class Subject:
    """The tools document of a workspace, and its file."""

    home: OpenHome
    manager: DocumentManager[ToolsDocument]
    grant: Grant
    path: Path
    events: list[CommittedEvent]

    def anew(self) -> DocumentManager[ToolsDocument]:
        """As after a restart: nothing remembered."""
        return DocumentManager(
            TOOLS, self.grant.scope_id, self.home.store, self.manager._database, self.home.clock
        )


@pytest.fixture
async def subject(home: OpenHome) -> Subject:
    made = await home.workspaces.create(home.grant, "alpha")
    database = await home.databases.open(made.id)
    events: list[CommittedEvent] = []
    database.on_committed(events.extend)
    manager = DocumentManager(TOOLS, made.id, home.store, database, home.clock)
    path = home.layout.workspaces / "alpha/.ws/config/tools.json"
    return Subject(home, manager, home.grant_for(made.id), path, events)


def with_server(document: ToolsDocument, key: str) -> ToolsDocument:
    return document.with_servers({**document.servers, key: ServerEntry(command="c")})


def event_rows(subject: Subject) -> list[tuple[str, str, object]]:
    return [(e.event.topic, e.event.type, e.event.data) for e in subject.events]


async def test_a_change_is_on_disk_in_the_history_and_announced(subject: Subject) -> None:
    before = await subject.manager.get(subject.grant)
    after = await subject.manager.edit(
        subject.grant, lambda d: with_server(d, "new"), if_match=before.revision
    )
    assert json.loads(subject.path.read_text("utf-8"))["mcpServers"]["new"] == {"command": "c"}
    assert await subject.anew().get(subject.grant) == after
    history = await subject.manager.history(subject.grant)
    assert [(r.number, r.revision, r.actor) for r in history] == [
        (2, after.revision, "owner"),
        (1, before.revision, "first seen"),
    ]
    topic = f"workspace:{subject.grant.scope_id}"
    assert event_rows(subject) == [
        (topic, "document.changed", {"name": "tools", "revision": before.revision}),
        (topic, "document.changed", {"name": "tools", "revision": after.revision}),
    ]


async def test_a_stale_if_match_is_refused_and_changes_nothing(subject: Subject) -> None:
    before = await subject.manager.get(subject.grant)
    await subject.manager.edit(subject.grant, lambda d: with_server(d, "one"))
    content = subject.path.read_bytes()
    with pytest.raises(PreconditionFailed):
        await subject.manager.put(subject.grant, ToolsDocument(), if_match=before.revision)
    assert subject.path.read_bytes() == content


async def test_of_two_managers_with_the_same_revision_one_wins(subject: Subject) -> None:
    other = subject.anew()
    seen = await subject.manager.get(subject.grant)
    assert await other.get(subject.grant) == seen
    await other.edit(subject.grant, lambda d: with_server(d, "other"), if_match=seen.revision)
    with pytest.raises(PreconditionFailed):
        await subject.manager.put(subject.grant, ToolsDocument(), if_match=seen.revision)
    assert "other" in (await subject.manager.get(subject.grant)).document.servers
    assert [r.actor for r in await subject.manager.history(subject.grant)] == [
        "owner",
        "first seen",
    ]


async def test_a_hand_edit_is_noticed_at_once_and_recorded_once(subject: Subject) -> None:
    state = await subject.manager.get(subject.grant)
    for number in range(3):
        # Same length, same moment: only the content tells.
        subject.path.write_text(f'{{"mcpServers": {{"n{number}": {{"command": "c"}}}}}}', "utf-8")
        state = await subject.manager.get(subject.grant)
        assert set(state.document.servers) == {f"n{number}"}
    again = await subject.anew().get(subject.grant)
    assert again == state
    history = await subject.manager.history(subject.grant)
    assert [r.actor for r in history] == ["hand edit"] * 3 + ["first seen"]


BROKEN = '{\n  "mcpServers": {\n    "git": {"command": 7}\n  }\n}'


async def test_a_broken_file_is_never_overwritten_and_the_last_good_version_served(
    subject: Subject,
) -> None:
    good = await subject.manager.get(subject.grant)
    subject.path.write_text(BROKEN, encoding="utf-8")
    for manager in (subject.manager, subject.anew()):
        state = await manager.get(subject.grant)
        assert state.broken
        assert state.document == good.document
        assert state.revision == good.revision
        assert state.problems[0].path == "mcpServers.git.command"
        for attempt in (
            manager.put(subject.grant, ToolsDocument(), if_match=good.revision),
            manager.put(subject.grant, ToolsDocument()),
            manager.patch(subject.grant, {"active_profile": None}),
            manager.edit(subject.grant, lambda d: with_server(d, "x")),
        ):
            with pytest.raises(InvalidDocument) as caught:
                await attempt
            message = f"{caught.value.detail} {caught.value.hint}"
            for part in ("workspaces/alpha/.ws/config/tools.json", "line 3", "git.command", "Mend"):
                assert part in message
        assert subject.path.read_text("utf-8") == BROKEN
    assert len(await subject.manager.history(subject.grant)) == 1


async def test_a_mended_file_is_served_and_writable_again(subject: Subject) -> None:
    await subject.manager.get(subject.grant)
    subject.path.write_text(BROKEN, encoding="utf-8")
    assert (await subject.manager.get(subject.grant)).broken
    subject.path.write_text(BROKEN.replace("7", '"c"'), encoding="utf-8")
    assert not (await subject.manager.get(subject.grant)).broken
    await subject.manager.edit(subject.grant, lambda d: with_server(d, "x"))


async def test_restoring_keeps_the_broken_file_beside(subject: Subject) -> None:
    good = await subject.manager.get(subject.grant)
    with pytest.raises(Conflict):
        await subject.manager.restore(subject.grant)
    subject.path.write_text(BROKEN, encoding="utf-8")
    restored = await subject.manager.restore(subject.grant)
    assert restored.document == good.document
    assert not (await subject.anew().get(subject.grant)).broken
    (kept,) = subject.path.parent.glob("tools.broken-*.json")
    assert kept.read_text("utf-8") == BROKEN


async def test_a_file_that_never_held_serves_the_default(home: OpenHome) -> None:
    made = await home.workspaces.create(home.grant, "alpha")
    path = home.layout.workspaces / "alpha/.ws/config/prompt.json"
    path.write_bytes(b"\xff\xfe")
    database = await home.databases.open(made.id)
    manager = DocumentManager(PROMPT, made.id, home.store, database)
    state = await manager.get(home.grant_for(made.id))
    assert state.broken
    assert state.document == PromptDocument()
    assert path.read_bytes() == b"\xff\xfe"


async def test_a_missing_file_means_the_default_and_can_be_written(subject: Subject) -> None:
    await subject.manager.get(subject.grant)
    subject.path.unlink()
    state = await subject.manager.get(subject.grant)
    assert (state.document, state.revision, state.broken) == (ToolsDocument(), ABSENT, False)
    assert subject.events[-1].event.data["revision"] == ABSENT
    written = await subject.manager.edit(
        subject.grant, lambda d: with_server(d, "x"), if_match=ABSENT
    )
    assert subject.path.exists()
    assert written.revision != ABSENT


async def test_undo_goes_back_by_one_or_to_any_kept_revision(subject: Subject) -> None:
    first = await subject.manager.get(subject.grant)
    with pytest.raises(NotFound):
        await subject.manager.undo(subject.grant)
    second = await subject.manager.edit(subject.grant, lambda d: with_server(d, "two"))
    await subject.manager.edit(subject.grant, lambda d: with_server(d, "three"))
    assert (await subject.manager.undo(subject.grant)).document == second.document
    assert (await subject.manager.undo(subject.grant, to=1)).document == first.document
    assert [r.number for r in await subject.manager.history(subject.grant)] == [5, 4, 3, 2, 1]
    with pytest.raises(NotFound):
        await subject.manager.undo(subject.grant, to=99)


async def test_the_last_fifty_revisions_are_kept(subject: Subject) -> None:
    for number in range(KEPT_REVISIONS + 5):
        await subject.manager.put(
            subject.grant, ToolsDocument(mcpServers={f"n{number}": ServerEntry(command="c")})
        )
    history = await subject.manager.history(subject.grant)
    assert len(history) == KEPT_REVISIONS
    assert history[0].number - history[-1].number == KEPT_REVISIONS - 1


async def test_an_equal_document_writes_nothing(subject: Subject) -> None:
    state = await subject.manager.get(subject.grant)
    touched = subject.path.stat()
    assert await subject.manager.put(subject.grant, state.document) == state
    assert subject.path.stat().st_mtime_ns == touched.st_mtime_ns
    assert len(await subject.manager.history(subject.grant)) == 1


async def test_a_document_that_would_not_hold_is_not_written(subject: Subject) -> None:
    await subject.manager.get(subject.grant)
    content = subject.path.read_bytes()
    with pytest.raises(InvalidDocument):
        await subject.manager.put(subject.grant, ToolsDocument.model_construct(active_profile="x"))
    with pytest.raises(InvalidDocument):
        await subject.manager.patch(subject.grant, {"mcpServers": {"a": {"box": "docker"}}})
    assert subject.path.read_bytes() == content


async def test_a_patch_merges_and_null_removes(subject: Subject) -> None:
    await subject.manager.get(subject.grant)
    changes: dict[str, JsonValue] = {
        "mcpServers": {"git": None, "filesystem": {"autostart": False}},
        "mine": {"kept": True},
    }
    state = await subject.manager.patch(subject.grant, changes)
    assert set(state.document.servers) == {"filesystem"}
    assert state.document.servers["filesystem"].autostart is False
    assert state.document.servers["filesystem"].command == "@mandrake/filesystem"
    assert state.document.model_extra == {"mine": {"kept": True}}


async def test_another_scopes_grant_sees_nothing(subject: Subject) -> None:
    for grant in (subject.home.grant, subject.home.grant_for(subject.home.grant.scope_id)):
        with pytest.raises(NotFound):
            await subject.manager.get(grant)
        with pytest.raises(NotFound):
            await subject.manager.put(grant, ToolsDocument())


async def test_a_link_in_place_of_a_document_is_not_read(subject: Subject, tmp_path: Path) -> None:
    good = await subject.manager.get(subject.grant)
    secret = tmp_path / "secret.json"
    secret.write_text('{"mcpServers": {"stolen": {"command": "x"}}}', encoding="utf-8")
    subject.path.unlink()
    subject.path.symlink_to(secret)
    for manager in (subject.manager, subject.anew()):
        state = await manager.get(subject.grant)
        assert state.broken
        assert state.document == good.document
        with pytest.raises(InvalidDocument):
            await manager.put(subject.grant, ToolsDocument())
    restored = await subject.manager.restore(subject.grant)
    assert restored.document == good.document
    assert not subject.path.is_symlink()
    assert "stolen" in secret.read_text("utf-8")


async def test_a_link_on_the_way_to_a_document_is_not_followed(
    subject: Subject, tmp_path: Path
) -> None:
    good = await subject.manager.get(subject.grant)
    config = subject.path.parent
    config.rename(tmp_path / "config")
    (tmp_path / "config/tools.json").write_text('{"mcpServers": {}}', encoding="utf-8")
    config.symlink_to(tmp_path / "config")
    state = await subject.anew().get(subject.grant)
    assert state.broken
    assert state.document == good.document
    with pytest.raises(InvalidDocument):
        await subject.anew().put(subject.grant, ToolsDocument())
    assert (tmp_path / "config/tools.json").read_text("utf-8") == '{"mcpServers": {}}'


async def test_a_pipe_in_place_of_a_document_does_not_hang(subject: Subject) -> None:
    await subject.manager.get(subject.grant)
    subject.path.unlink()
    os.mkfifo(subject.path)
    assert (await subject.manager.get(subject.grant)).broken


def test_a_kill_between_writing_and_renaming_leaves_the_old_document(tmp_path: Path) -> None:
    program = f"""
import asyncio, os, signal, sys
from pathlib import Path
from mandrake.persistence.adapters import folder
from mandrake.persistence.ports import DocumentPlace
place = DocumentPlace(Path({str(tmp_path)!r}), (), "tools.json", "tools.json")
store = folder.FolderDocumentStore(lambda scope, name: place)
asyncio.run(store.write("installation", "tools", b"old", expected=None))
os.rename = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(store.write("installation", "tools", b"new", expected=None))
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        timeout=20,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == -signal.SIGKILL
    assert (tmp_path / "tools.json").read_bytes() == b"old"
    (leftover,) = tmp_path.glob(".tools.json.*.tmp")
    assert leftover.read_bytes() == b"new"
    again = program.replace("os.rename = ", "unused = ").replace('b"new"', 'b"newer"')
    subprocess.run(
        [sys.executable, "-c", again],
        check=True,
        timeout=20,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert [path.name for path in tmp_path.iterdir()] == ["tools.json"]
    assert (tmp_path / "tools.json").read_bytes() == b"newer"


VALUES = st.recursive(
    st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@given(VALUES, st.dictionaries(st.text(max_size=3), VALUES))
def test_a_merge_patch_applied_twice_is_the_same_as_once(
    target: JsonValue, patch: dict[str, JsonValue]
) -> None:
    once = merge_patch(target, patch)
    assert merge_patch(once, patch) == once
