"""A new home, a copied one, one without its database, and one that is in use."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from mandrake.domain.documents import (
    INSTALLATION_MODELS,
    PROMPT,
    TOOLS,
    ProviderEntry,
    SecretReference,
)
from mandrake.domain.ids import INSTALLATION_SCOPE
from mandrake.errors import Conflict, NotFound
from mandrake.kit.file_lock import FileLock
from mandrake.workspaces.documents import DocumentManager
from mandrake.workspaces.git import Git
from mandrake.workspaces.home_lock import HomeLock, find_running
from mandrake.workspaces.layout import HomeLayout
from mandrake.workspaces.source_request import SourceRequest
from tests.workspaces.homes import open_home

pytestmark = pytest.mark.anyio


@pytest.mark.requirement("W2")
async def test_a_new_home_has_its_documents_folders_and_a_sample_to_try(
    tmp_path: Path, git: Git
) -> None:
    async with open_home(tmp_path / "home", git=git) as home:
        assert home.report.is_new
        folder = home.layout.home
        for name in ("mandrake", "tools", "models", "prompt", "dynamic"):
            path = folder / f"{name}.json"
            assert path.is_file()
            assert path.stat().st_mode & 0o777 == 0o600
        for name in ("", "keys", "run"):
            assert (folder / name).stat().st_mode & 0o777 == 0o700
        (welcome,) = await home.workspaces.list(home.grant)
        assert welcome.name == "welcome"
        assert welcome.problems == ()
        source = await home.workspaces.read_source(home.grant, welcome.id)
        assert source.kind == "repository"
        assert source.branch == "main"
        assert source.changes == ()
        assert [commit.subject for commit in source.commits] == [
            "Test the choice of the next tide",
            "Tell the next tide instead of all of them",
            "Read the tide table",
        ]
        assert {"README.md", "tides.py", "test_tides.py"} <= set(source.tree)
        commits = source.commits
    async with open_home(tmp_path / "home", git=git) as again:
        assert not again.report.is_new
        assert len(await again.workspaces.list(again.grant)) == 1
    async with open_home(tmp_path / "second", git=git) as second:
        (other,) = await second.workspaces.list(second.grant)
        assert (await second.workspaces.read_source(second.grant, other.id)).commits == commits


async def test_a_sample_that_was_deleted_does_not_come_back(tmp_path: Path) -> None:
    async with open_home(tmp_path / "home") as home:
        (welcome,) = await home.workspaces.list(home.grant)
        await home.workspaces.delete(home.grant, welcome.id)
    async with open_home(tmp_path / "home") as again:
        assert await again.workspaces.list(again.grant) == ()


async def test_a_first_start_that_was_interrupted_is_finished_by_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    half_made = folder / "workspaces" / ".creating-ws_x"
    half_made.mkdir(parents=True)
    (half_made / "file").write_text("x", encoding="utf-8")
    (folder / "prompt.json").write_text('{"instructions": "Mine."}', encoding="utf-8")
    async with open_home(folder) as home:
        assert home.report.is_new
        assert not half_made.exists()
        assert [w.name for w in await home.workspaces.list(home.grant)] == ["welcome"]
        database = await home.databases.open(INSTALLATION_SCOPE)
        prompt = DocumentManager(PROMPT, INSTALLATION_SCOPE, home.store, database)
        assert (await prompt.get(home.grant)).document.instructions == "Mine."


@pytest.mark.requirement("W2")
async def test_a_copied_home_is_the_same_installation(tmp_path: Path, git: Git) -> None:
    linked = tmp_path / "elsewhere"
    linked.mkdir()
    async with open_home(tmp_path / "home", git=git) as home:
        database = await home.databases.open(INSTALLATION_SCOPE)
        models = DocumentManager(INSTALLATION_MODELS, INSTALLATION_SCOPE, home.store, database)
        entry = ProviderEntry(kind="openai", api_key=SecretReference(secret="openai"))
        await models.edit(
            home.grant,
            lambda d: d.model_copy(update={"providers": {**d.providers, "openai": entry}}),
        )
        await home.secrets.set(home.grant, "openai", "sk-the-true-value")
        request = SourceRequest("link", path=str(linked))
        await home.workspaces.create(home.grant, "beta", description="Second", source=request)
        before = await home.workspaces.list(home.grant)
        welcome = await home.workspaces.get(home.grant, "welcome")
        scope_grant = home.grant_for(welcome.id)
        accepted = await home.trust.list(scope_grant, "server")
        assert [row.name for row in accepted] == ["filesystem", "git"]

    shutil.copytree(tmp_path / "home", tmp_path / "copy", symlinks=True)
    shutil.rmtree(tmp_path / "home")
    async with open_home(tmp_path / "copy", git=git) as copy:
        assert not copy.report.is_new
        after = await copy.workspaces.list(copy.grant)
        assert [(w.id, w.name, w.description, w.source.kind, w.problems) for w in after] == [
            (w.id, w.name, w.description, w.source.kind, w.problems) for w in before
        ]
        assert await copy.secrets.resolve(copy.grant, "openai") == "sk-the-true-value"
        database = await copy.databases.open(INSTALLATION_SCOPE)
        models = DocumentManager(INSTALLATION_MODELS, INSTALLATION_SCOPE, copy.store, database)
        assert (await models.get(copy.grant)).document.providers["openai"] == entry
        assert [revision.actor for revision in await models.history(copy.grant)] == [
            "owner",
            "first seen",
        ]
        assert await copy.trust.list(scope_grant, "server") == accepted


async def test_without_its_database_a_home_finds_its_workspaces_and_trusts_nothing(
    tmp_path: Path,
) -> None:
    async with open_home(tmp_path / "home") as home:
        await home.workspaces.create(home.grant, "alpha")
        before = {(w.id, w.name) for w in await home.workspaces.list(home.grant)}
    for suffix in ("", "-wal", "-shm"):
        (tmp_path / "home" / f"mandrake.db{suffix}").unlink(missing_ok=True)
    async with open_home(tmp_path / "home") as again:
        assert not again.report.is_new
        found = await again.workspaces.list(again.grant)
        assert {(w.id, w.name) for w in found} == before
        for workspace in found:
            assert await again.trust.list(again.grant_for(workspace.id), "server") == ()


async def test_a_folder_renamed_by_hand_keeps_its_workspace(tmp_path: Path) -> None:
    async with open_home(tmp_path / "home") as home:
        made = await home.workspaces.create(home.grant, "alpha")
    (tmp_path / "home/workspaces/alpha").rename(tmp_path / "home/workspaces/omega")
    async with open_home(tmp_path / "home") as again:
        assert (await again.workspaces.get(again.grant, made.id)).name == "omega"
        with pytest.raises(NotFound):
            await again.workspaces.get(again.grant, "alpha")


async def test_a_copied_workspace_folder_waits_to_be_adopted_and_gets_its_own_id(
    tmp_path: Path,
) -> None:
    async with open_home(tmp_path / "home") as home:
        made = await home.workspaces.create(home.grant, "beta", description="Mine")
    folder = tmp_path / "home/workspaces"
    # `alpha` sorts before the original: the known place keeps the id all the same.
    shutil.copytree(folder / "beta", folder / "alpha", symlinks=True)
    async with open_home(tmp_path / "home") as again:
        assert [found.name for found in again.report.unusable] == ["alpha"]
        assert (await again.workspaces.get(again.grant, made.id)).name == "beta"
        adopted = await again.workspaces.adopt(again.grant, "alpha")
        assert adopted.id != made.id
        assert adopted.description == "Mine"
        assert await again.trust.list(again.grant_for(adopted.id), "server") == ()
        with pytest.raises(Conflict):
            await again.workspaces.adopt(again.grant, "alpha")


async def test_what_was_in_the_trash_for_30_days_is_erased(tmp_path: Path) -> None:
    async with open_home(tmp_path / "home") as home:
        now = home.clock.at
        for days in (29, 31):
            stamp = (now - timedelta(days=days)).strftime("%Y%m%dT%H%M%SZ")
            (home.layout.trash / f"{stamp}-x-{days}").mkdir()
        (home.layout.trash / "kept by a person").mkdir()
    async with open_home(tmp_path / "home") as again:
        left = sorted(entry.name.rpartition("-")[2] for entry in again.layout.trash.iterdir())
        assert left == ["29", "kept by a person"]


def test_a_home_in_use_is_refused_and_the_holder_named(tmp_path: Path) -> None:
    layout = HomeLayout.at(tmp_path)
    layout.prepare()
    assert find_running(layout) is None
    lock = HomeLock.acquire(layout, version="1.0")
    lock.publish(host="127.0.0.1", port=4100, socket=layout.socket)
    running = find_running(layout)
    assert running is not None
    assert (running.pid, running.port, running.version) == (os.getpid(), 4100, "1.0")
    with pytest.raises(Conflict) as caught:
        HomeLock.acquire(layout, version="1.0")
    assert str(os.getpid()) in caught.value.detail
    assert "4100" in (caught.value.hint or "")
    lock.release()
    assert find_running(layout) is None
    assert not layout.server_file.exists()
    HomeLock.acquire(layout, version="1.0").release()


def test_the_lock_of_a_killed_process_is_free_and_its_files_are_swept(tmp_path: Path) -> None:
    layout = HomeLayout.at(tmp_path)
    layout.prepare()
    program = (
        "import sys, time; from pathlib import Path;"
        "from mandrake.workspaces.home_lock import HomeLock;"
        "from mandrake.workspaces.layout import HomeLayout;"
        "HomeLock.acquire(HomeLayout.at(Path(sys.argv[1])), version='old').publish(port=1);"
        "print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(Conflict, match=str(process.pid)):
            HomeLock.acquire(layout, version="new")
        process.send_signal(signal.SIGKILL)
    layout.socket.touch()
    assert layout.server_file.exists()
    assert find_running(layout) is None
    lock = HomeLock.acquire(layout, version="new")
    running = find_running(layout)
    assert running is not None
    assert running.version == "new"
    assert not layout.socket.exists()
    lock.release()


def test_a_lock_is_not_passed_on_to_child_processes(tmp_path: Path) -> None:
    lock = FileLock.acquire(tmp_path / "lock")
    assert lock is not None
    assert FileLock.acquire(tmp_path / "lock") is None
    with subprocess.Popen(["sleep", "60"], close_fds=False) as child:
        lock.release()
        again = FileLock.acquire(tmp_path / "lock")
        assert again is not None
        again.release()
        child.kill()


async def test_the_installation_has_no_servers_of_its_own_at_first(tmp_path: Path) -> None:
    async with open_home(tmp_path / "home") as home:
        database = await home.databases.open(INSTALLATION_SCOPE)
        tools = DocumentManager(TOOLS, INSTALLATION_SCOPE, home.store, database)
        assert dict((await tools.get(home.grant)).document.servers) == {}
