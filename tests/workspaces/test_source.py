"""Looking at sources: repositories of every state, and ones prepared to do harm."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from mandrake.workspaces.git import Git
from mandrake.workspaces.source import MAX_ENTRIES, read_source

pytestmark = pytest.mark.anyio


def run(folder: Path, *command: str, must_succeed: bool = True) -> None:
    subprocess.run(
        ["git", "-c", "user.name=T", "-c", "user.email=t@example.com", *command],
        cwd=folder,
        check=must_succeed,
        timeout=20,
        capture_output=True,
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "src"
    folder.mkdir()
    run(folder, "init", "-q", "-b", "main")
    for name in ("a.txt", "b c.txt", "ü.txt"):
        (folder / name).write_text(name, encoding="utf-8")
    run(folder, "add", ".")
    run(folder, "commit", "-q", "-m", "First\n\nBody")
    return folder


async def test_branch_changes_commits_and_tree_are_told(repository: Path, git: Git) -> None:
    (repository / "a.txt").write_text("changed", encoding="utf-8")
    (repository / "new.txt").write_text("n", encoding="utf-8")
    (repository / ".gitignore").write_text("ignored/\n", encoding="utf-8")
    (repository / "ignored").mkdir()
    (repository / "ignored/x").write_text("x", encoding="utf-8")
    run(repository, "mv", "b c.txt", "d e.txt")
    view = await read_source(repository, git, is_link=False)
    assert (view.kind, view.branch, view.problem) == ("repository", "main", None)
    assert {(c.path, c.status) for c in view.changes} == {
        ("a.txt", " M"),
        ("d e.txt", "R "),
        ("new.txt", "??"),
        (".gitignore", "??"),
    }
    assert view.tree == (".gitignore", "a.txt", "d e.txt", "new.txt", "ü.txt")
    assert [(c.subject, c.author) for c in view.commits] == [("First", "T")]
    assert view.head == view.commits[0].hash


async def test_a_detached_head_has_no_branch(repository: Path, git: Git) -> None:
    run(repository, "checkout", "-q", "--detach")
    view = await read_source(repository, git, is_link=False)
    assert view.branch is None
    assert view.head is not None


async def test_distance_to_the_remote_branch_is_told(
    repository: Path, git: Git, tmp_path: Path
) -> None:
    run(tmp_path, "clone", "-q", str(repository), "clone")
    clone = tmp_path / "clone"
    (clone / "x").write_text("x", encoding="utf-8")
    run(clone, "add", ".")
    run(clone, "commit", "-q", "-m", "Ahead")
    view = await read_source(clone, git, is_link=False)
    assert (view.ahead, view.behind) == (1, 0)


async def test_without_git_or_outside_repositories_there_is_a_tree(
    repository: Path, git: Git, tmp_path: Path
) -> None:
    without = await read_source(repository, None, is_link=False)
    assert without.kind == "folder"
    assert "a.txt" in without.tree
    assert without.problem is not None
    plain = tmp_path / "plain"
    (plain / "deep").mkdir(parents=True)
    (plain / "deep/file").write_text("x", encoding="utf-8")
    assert (await read_source(plain, git, is_link=False)).tree == ("deep/file",)
    assert (await read_source(tmp_path / "none", git, is_link=False)).kind == "missing"


async def test_a_tree_is_bounded(tmp_path: Path, git: Git) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(MAX_ENTRIES + 10):
        (folder / str(number)).touch()
    view = await read_source(folder, git, is_link=False)
    assert len(view.tree) == MAX_ENTRIES
    assert view.truncated


async def test_no_program_named_by_a_repository_runs(
    repository: Path, git: Git, tmp_path: Path
) -> None:
    trap = tmp_path / "trap"
    marker = tmp_path / "sprung"
    trap.write_text(f"#!/bin/sh\ntouch '{marker}'\ncat\n", encoding="utf-8")
    trap.chmod(0o700)
    settings = {
        "core.fsmonitor": trap,
        "core.pager": trap,
        "core.sshCommand": trap,
        "core.hooksPath": tmp_path,
        "diff.external": trap,
        "gpg.program": trap,
        "log.showSignature": "true",
        "filter.evil.clean": trap,
        "filter.evil.process": trap,
        "filter.evil.required": "true",
        "filter.a=b.clean": trap,
        "diff.evil.textconv": trap,
    }
    for name, value in settings.items():
        run(repository, "config", name, str(value))
    (repository / ".gitattributes").write_text(
        "a.txt filter=evil diff=evil\n*.c filter=a=b\n", encoding="utf-8"
    )
    # The same size and a new time: git has to hash it, and asks the filter for what to hash.
    (repository / "a.txt").write_text("a.txT", encoding="utf-8")
    os.utime(repository / "a.txt", (1, 1))
    run(repository, "status", must_succeed=False)
    assert marker.exists(), "the trap does not work, so this test shows nothing"
    marker.unlink()
    view = await read_source(repository, git, is_link=False)
    assert view.kind == "repository"
    assert view.commits
    assert not marker.exists()


async def test_a_repository_may_not_point_at_another_working_tree(
    repository: Path, git: Git, tmp_path: Path
) -> None:
    private = tmp_path / "private"
    private.mkdir()
    (private / "diary.txt").write_text("x", encoding="utf-8")
    run(repository, "config", "core.worktree", str(private))
    view = await read_source(repository, git, is_link=False)
    assert "diary.txt" not in view.tree
    assert all(change.path != "diary.txt" for change in view.changes)


async def test_a_pointer_to_a_repository_elsewhere_is_followed_only_for_a_link(
    repository: Path, git: Git, tmp_path: Path
) -> None:
    pointing = tmp_path / "pointing"
    pointing.mkdir()
    (pointing / ".git").write_text(f"gitdir: {repository / '.git'}\n", encoding="utf-8")
    view = await read_source(pointing, git, is_link=False)
    assert view.kind == "folder"
    assert view.commits == ()
    assert (await read_source(pointing, git, is_link=True)).kind == "repository"
    (tmp_path / "link").symlink_to(repository)
    assert (await read_source(tmp_path / "link", git, is_link=False)).kind == "missing"
    assert (await read_source(tmp_path / "link", git, is_link=True)).kind == "repository"
