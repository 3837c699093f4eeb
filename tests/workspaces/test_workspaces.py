"""Making, changing, finding and deleting workspaces."""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mandrake.domain.documents import ToolsDocument, WorkspaceDocument, parse_document
from mandrake.errors import Conflict, InvalidInput, MandrakeError, NotFound, Unavailable
from mandrake.workspaces.git import Git
from mandrake.workspaces.resolution import definition_hash
from mandrake.workspaces.source_request import SourceRequest, judge_clone_url
from tests.workspaces.homes import OpenHome, open_home

pytestmark = pytest.mark.anyio


def tree_of(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


@pytest.mark.requirement("W3")
async def test_a_new_workspace_has_the_whole_tree_and_defaults(home: OpenHome) -> None:
    events: list[str] = []
    index = await home.databases.open(home.grant.scope_id)
    index.on_committed(lambda found: events.extend(e.event.type for e in found))
    made = await home.workspaces.create(home.grant, "alpha", description="First")
    folder = home.layout.workspaces / "alpha"
    assert tree_of(folder) == {
        "workspace.json",
        "src",
        ".ws",
        ".ws/config",
        ".ws/config/dynamic.json",
        ".ws/config/models.json",
        ".ws/config/prompt.json",
        ".ws/config/tools.json",
        ".ws/files",
        ".ws/mcpdata",
    }
    document = parse_document(
        WorkspaceDocument, (folder / "workspace.json").read_bytes(), label="workspace.json"
    )
    assert (document.id, document.name, document.description) == (made.id, "alpha", "First")
    tools = parse_document(
        ToolsDocument, (folder / ".ws/config/tools.json").read_bytes(), label="tools.json"
    )
    assert {key: entry.command for key, entry in tools.servers.items()} == {
        "filesystem": "@mandrake/filesystem",
        "git": "@mandrake/git",
    }
    accepted = await home.trust.list(home.grant_for(made.id), "server")
    assert {row.name: row.hash for row in accepted} == {
        key: definition_hash(entry) for key, entry in tools.servers.items()
    }
    assert events == ["workspace.created"]
    assert await home.workspaces.get(home.grant, "ALPHA") == made
    assert folder.stat().st_mode & 0o777 == 0o700


async def test_an_empty_source_is_a_repository_so_that_the_git_server_works(
    tmp_path: Path, git: Git
) -> None:
    async with open_home(tmp_path / "home", git=git) as home:
        made = await home.workspaces.create(home.grant, "alpha")
        source = await home.workspaces.read_source(home.grant, made.id)
        assert (source.kind, source.branch, source.head) == ("repository", "main", None)
        hooks = home.layout.workspaces / "alpha/src/.git/hooks"
        assert not hooks.exists() or not list(hooks.iterdir())


@pytest.mark.parametrize("name", ["ws_x", "../x", "", "con", "a b", "x" * 65, ".hidden"])
async def test_names_that_are_no_names_are_refused(home: OpenHome, name: str) -> None:
    before = tree_of(home.layout.home)
    with pytest.raises(InvalidInput):
        await home.workspaces.create(home.grant, name)
    assert tree_of(home.layout.home) == before


async def test_a_name_is_taken_whatever_its_case_also_by_a_stray_folder(home: OpenHome) -> None:
    await home.workspaces.create(home.grant, "alpha")
    (home.layout.workspaces / "Stray").mkdir()
    for name in ("alpha", "ALPHA", "stray"):
        with pytest.raises(Conflict):
            await home.workspaces.create(home.grant, name)


async def test_of_many_at_once_with_one_name_one_is_made(home: OpenHome) -> None:
    outcomes: list[str] = []

    async def attempt() -> None:
        try:
            await home.workspaces.create(home.grant, "same")
        except Conflict:
            outcomes.append("conflict")
        else:
            outcomes.append("made")

    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        for _ in range(8):
            group.create_task(attempt())
    assert sorted(outcomes) == ["conflict"] * 7 + ["made"]
    assert not list(home.layout.workspaces.glob(".creating-*"))


async def test_a_new_name_moves_the_folder_and_keeps_id_and_history(home: OpenHome) -> None:
    made = await home.workspaces.create(home.grant, "alpha", description="First")
    await home.databases.open(made.id)
    changed = await home.workspaces.update(
        home.grant, made.id, name="beta", description="Second", metadata={"k": "v"}
    )
    assert (changed.id, changed.name, changed.description) == (made.id, "beta", "Second")
    assert changed.metadata == {"k": "v"}
    assert changed.updated_at > made.updated_at
    assert not (home.layout.workspaces / "alpha").exists()
    written = json.loads((home.layout.workspaces / "beta/workspace.json").read_text("utf-8"))
    assert (written["id"], written["name"]) == (made.id, "beta")
    await home.workspaces.create(home.grant, "alpha")
    with pytest.raises(Conflict):
        await home.workspaces.update(home.grant, made.id, name="Alpha")
    assert (await home.workspaces.update(home.grant, made.id, name="Beta")).name == "Beta"


async def test_a_broken_workspace_is_listed_with_its_problem_and_not_overwritten(
    home: OpenHome,
) -> None:
    made = await home.workspaces.create(home.grant, "alpha")
    path = home.layout.workspaces / "alpha/workspace.json"
    path.write_text('{"id": 1}', encoding="utf-8")
    listed = {w.name: w for w in await home.workspaces.list(home.grant)}["alpha"]
    assert listed.id == made.id
    assert [problem.code for problem in listed.problems] == ["invalid.document"]
    with pytest.raises(MandrakeError):
        await home.workspaces.update(home.grant, made.id, description="x")
    assert path.read_text("utf-8") == '{"id": 1}'


async def test_deleting_keeps_the_files_in_the_trash_and_withdraws_trust(home: OpenHome) -> None:
    made = await home.workspaces.create(home.grant, "alpha")
    (home.layout.workspaces / "alpha/src/mine.txt").write_text("x", encoding="utf-8")
    await home.databases.open(made.id)
    await home.workspaces.delete(home.grant, made.id)
    with pytest.raises(NotFound):
        await home.workspaces.get(home.grant, made.id)
    (kept,) = home.layout.trash.iterdir()
    assert (kept / "src/mine.txt").read_text("utf-8") == "x"
    assert await home.trust.list(home.grant_for(made.id), "server") == ()
    again = await home.workspaces.create(home.grant, "alpha")
    assert again.id != made.id


async def test_removing_erases_the_folder_even_where_folders_are_closed(home: OpenHome) -> None:
    made = await home.workspaces.create(home.grant, "alpha")
    closed = home.layout.workspaces / "alpha/src/closed/inner"
    closed.mkdir(parents=True)
    (closed / "file").write_text("x", encoding="utf-8")
    closed.chmod(0o500)
    closed.parent.chmod(0o500)
    await home.workspaces.delete(home.grant, made.id, files="remove")
    assert not list(home.layout.trash.iterdir())
    assert not (home.layout.workspaces / "alpha").exists()


@pytest.mark.parametrize("files", ["keep", "remove"])
async def test_a_linked_folder_is_used_and_never_deleted(
    home: OpenHome, tmp_path: Path, files: str
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "code.py").write_text("x = 1\n", encoding="utf-8")
    made = await home.workspaces.create(
        home.grant, "linked", source=SourceRequest("link", path=str(project))
    )
    assert (made.source.kind, made.source.path) == ("link", project)
    source = await home.workspaces.read_source(home.grant, made.id)
    assert (source.kind, source.tree) == ("folder", ("code.py",))
    await home.workspaces.delete(
        home.grant, made.id, files="remove" if files == "remove" else "keep"
    )
    assert (project / "code.py").read_text("utf-8") == "x = 1\n"


async def test_a_link_may_not_reach_the_home_from_above_or_below(
    home: OpenHome, tmp_path: Path
) -> None:
    inside = home.layout.home / "files"
    (tmp_path / "detour").symlink_to(home.layout.home)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for path in (
        home.layout.home,
        inside,
        tmp_path,
        Path("/"),
        tmp_path / "detour",
        tmp_path / "missing",
        tmp_path / "file",
        Path("relative"),
    ):
        with pytest.raises(InvalidInput):
            await home.workspaces.create(
                home.grant, "linked", source=SourceRequest("link", path=str(path))
            )
    assert not (home.layout.workspaces / "linked").exists()


def make_repository(folder: Path) -> None:
    folder.mkdir()
    (folder / "a.txt").write_text("a\n", encoding="utf-8")
    commands = (
        ["init", "-q", "-b", "trunk"],
        ["add", "."],
        ["-c", "user.name=T", "-c", "user.email=t@example.com", "commit", "-q", "-m", "One"],
    )
    for command in commands:
        subprocess.run(["git", *command], cwd=folder, check=True, timeout=20)


async def test_a_clone_of_a_local_repository_is_independent_of_it(tmp_path: Path, git: Git) -> None:
    make_repository(tmp_path / "origin")
    async with open_home(tmp_path / "home", git=git) as home:
        seen: list[str] = []
        made = await home.workspaces.create(
            home.grant,
            "cloned",
            source=SourceRequest("clone", url=str(tmp_path / "origin")),
            on_progress=seen.append,
        )
        assert seen
        assert made.source.url == str(tmp_path / "origin")
        source = await home.workspaces.read_source(home.grant, made.id)
        assert (source.branch, source.tree) == ("trunk", ("a.txt",))
        assert [commit.subject for commit in source.commits] == ["One"]
        cloned = home.layout.workspaces / "cloned/src"
        for path in (cloned / ".git/objects").rglob("*"):
            assert path.is_dir() or path.stat().st_nlink == 1


async def test_a_failed_clone_leaves_nothing_and_says_why(tmp_path: Path, git: Git) -> None:
    (tmp_path / "nothing").mkdir()
    async with open_home(tmp_path / "home", git=git) as home:
        before = tree_of(home.layout.workspaces)
        with pytest.raises(Unavailable, match="git clone"):
            await home.workspaces.create(
                home.grant, "x", source=SourceRequest("clone", url=str(tmp_path / "nothing"))
            )
        assert tree_of(home.layout.workspaces) == before


async def test_a_cancelled_clone_ends_git_and_leaves_nothing(tmp_path: Path, git: Git) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.set()
        while await reader.read(1024):
            pass
        writer.close()
        gone.release()

    connected = asyncio.Event()
    gone = asyncio.Semaphore(0)
    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with open_home(tmp_path / "home", git=git) as home:
        url = f"git://127.0.0.1:{port}/slow.git"
        source = SourceRequest("clone", url=url)
        task = asyncio.create_task(home.workspaces.create(home.grant, "slow", source=source))
        async with asyncio.timeout(10):
            await connected.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert not list(home.layout.workspaces.glob("*slow*"))
        assert not list(home.layout.workspaces.glob(".creating-*"))
        async with asyncio.timeout(10):
            # Git's helper held the connection; it closes when the process is gone.
            await gone.acquire()
        with pytest.raises(MandrakeError) as caught:
            await home.workspaces.create(home.grant, "slow", source=source, clone_seconds=0.3)
        assert caught.value.kind == "timeout"
        assert not list(home.layout.workspaces.glob(".creating-*"))
        async with asyncio.timeout(10):
            await gone.acquire()
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize(
    "url",
    [
        "ext::sh -c id",
        "ext::sh",
        "-u/tmp/x",
        "--upload-pack=id",
        "fd::17",
        "ftp://x/y",
        "https://user:password@example.com/a.git",
        "https://-oProxyCommand=id/x",
        "ssh://-oProxyCommand=id/x",
        "-oProxyCommand=id:x",
        "https://example.com/a\nb",
        "relative/path",
        "file://relative",
        "https://",
        "",
    ],
)
def test_addresses_that_could_run_programs_or_leak_are_refused(url: str) -> None:
    with pytest.raises(InvalidInput):
        judge_clone_url(url)


@given(st.text(max_size=60))
def test_whatever_is_accepted_as_an_address_is_no_option_and_no_helper(url: str) -> None:
    try:
        address = judge_clone_url(url)
    except InvalidInput:
        return
    assert not address.url.startswith("-")
    assert "::" not in address.url


def test_a_user_name_in_an_https_address_is_not_shown() -> None:
    address = judge_clone_url("https://token@example.com/a.git")
    assert address.shown == "https://example.com/a.git"
    assert judge_clone_url("git@example.com:a/b.git").local is False


async def test_a_workspace_prepared_with_links_is_not_taken_in(
    tmp_path: Path,
) -> None:
    async with open_home(tmp_path / "home") as home:
        made = await home.workspaces.create(home.grant, "alpha")
        folder = home.layout.workspaces / "alpha"
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "other.db").write_text("precious", encoding="utf-8")
    places = {
        ".ws/session.db": tmp_path / "other.db",
        ".ws/session.db-wal": tmp_path / "other.db",
        ".ws/blobs": outside,
    }
    for place, target in places.items():
        (folder / place).symlink_to(target)
        async with open_home(tmp_path / "home") as again:
            with pytest.raises(InvalidInput, match="link"):
                await again.workspaces.paths(again.grant, made.id)
        (folder / place).unlink()
    (tmp_path / "home/workspaces/evil").symlink_to(folder)
    async with open_home(tmp_path / "home") as again:
        assert {w.name for w in await again.workspaces.list(again.grant)} == {"alpha", "welcome"}
        with pytest.raises(MandrakeError):
            await again.workspaces.adopt(again.grant, "evil")
        assert (await again.workspaces.paths(again.grant, made.id)).src == folder / "src"
    assert (tmp_path / "other.db").read_text("utf-8") == "precious"


async def test_a_folder_that_is_no_workspace_is_not_adopted(home: OpenHome) -> None:
    (home.layout.workspaces / "plain").mkdir()
    for name in ("plain", "missing"):
        with pytest.raises(NotFound):
            await home.workspaces.adopt(home.grant, name)
    with pytest.raises(InvalidInput):
        await home.workspaces.adopt(home.grant, "../keys")
    assert not list((home.layout.workspaces / "plain").iterdir())
