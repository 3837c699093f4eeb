"""The environment of the shipped git server, made for real, and that server in its box."""

# ruff: noqa: ASYNC221 - a test looks at files while its own loop waits

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mandrake.domain.tools import Effects
from mandrake.errors import InvalidInput, ServerUnavailable
from mandrake.mcp_host import environments
from mandrake.mcp_host.effects import judge
from mandrake.mcp_host.environments import ServerEnvironments
from mandrake.mcp_host.spec import BoxSpec, Mount, ServerSpec
from tests.mcp_host.support import REPOSITORY

CACHE = Path(os.environ.get("MANDRAKE_TEST_CACHE", REPOSITORY / ".cache")) / "servers"
READS = {
    "git_status", "git_diff", "git_diff_staged", "git_diff_unstaged", "git_log", "git_show",
    "git_branch",
}  # fmt: skip
WRITES = {"git_add", "git_reset", "git_commit", "git_checkout", "git_create_branch"}


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def git_spec(folder: Path, **more) -> ServerSpec:
    box = BoxSpec(kind=more.pop("kind", "landlock"), mounts=(Mount(folder, folder, "rw"),))
    command = ("@mandrake/git", "--repository", str(folder))
    return ServerSpec(
        key="git", command=command, box=box, definition_hash="0", shipped=True, **more
    )


@pytest.fixture
def repository(tmp_path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "main")
    (folder / "a.txt").write_text("one\n", encoding="utf-8")
    return folder


@pytest.mark.sandbox
async def test_the_git_server_works_confined_in_its_own_environment(make_host, repository):
    hook = repository / ".git" / "hooks" / "pre-commit"
    outside = repository.parent / "outside"
    hook.write_text(f"#!/bin/sh\necho x > '{outside}'\nexit 0\n", encoding="utf-8")
    hook.chmod(0o755)
    async with make_host(ServerEnvironments(CACHE)) as host:
        await host.apply({"git": git_spec(repository, env={"GIT_AUTHOR_NAME": "Ada"})})
        assert await host.wait_settled(timeout_seconds=280)
        status = host.status("git")
        assert status.state == "ready", status.last_error
        assert status.protocol_version == "2026-07-28"

        async def call(tool: str, **arguments: object) -> str:
            where = {"repo_path": str(repository), **arguments}
            result = await host.call_tool("git", tool, where)
            assert not result.is_error, result.text()
            return result.text()

        assert "a.txt" in await call("git_status")
        await call("git_add", files=["a.txt"])
        # GitPython runs the repository's hooks itself, whatever git is told; the box holds them.
        await call("git_commit", message="first")
        assert not outside.exists()
        assert "first" in await call("git_log")
        assert git(repository, "log", "--format=%an %cn").strip() == "Ada Ada"
        tools = {tool.tool: judge(tool, None, trusted=True) for tool in host.catalog()}
        assert set(tools) == READS | WRITES
        assert {name for name, one in tools.items() if one.effects is Effects.READ} == READS
        assert not any(one.network for one in tools.values())
        elsewhere = await host.call_tool("git", "git_status", {"repo_path": str(REPOSITORY)})
        assert elsewhere.is_error


async def test_an_environment_is_made_once_for_all_who_ask(tmp_path, monkeypatch):
    count = 0
    install = environments._install

    def counting(*arguments) -> None:
        nonlocal count
        count += 1
        install(*arguments)

    monkeypatch.setattr(environments, "_install", counting)
    monkeypatch.setattr(environments, "_requirements", lambda _name: b"")
    leftover = tmp_path / "cache" / ".mcp-server-git-abcdef.tmp"
    leftover.mkdir(parents=True)
    progress: list[str] = []
    one, two = (ServerEnvironments(tmp_path / "cache", progress.append) for _ in range(2))
    async with asyncio.TaskGroup() as tasks:
        asked = [tasks.create_task(each.ensure("mcp-server-git")) for each in (one, two, one)]
    paths = {task.result() for task in asked}
    assert len(paths) == 1
    assert count == 1
    assert not leftover.exists()
    assert "installing the git server (first use)" in progress
    version = subprocess.run([str(paths.pop()), "-c", "print(1)"], capture_output=True, check=True)
    assert version.stdout == b"1\n"
    assert [path.name[0] for path in (tmp_path / "cache").iterdir()].count("m") == 1


async def test_a_failed_installation_leaves_nothing_and_names_the_next_step(tmp_path, monkeypatch):
    missing = b"mandrake-no-such-distribution==1.0 --hash=sha256:" + b"0" * 64 + b"\n"
    monkeypatch.setattr(environments, "_requirements", lambda _name: missing)
    monkeypatch.setattr(environments, "_uv", lambda: None)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(ServerUnavailable, match="no-such-distribution") as caught:
        await ServerEnvironments(tmp_path).ensure("mcp-server-git")
    assert "mandrake tool restart git" in (caught.value.hint or "")
    assert [path.name for path in tmp_path.iterdir()] == [".mcp-server-git.lock"]


async def test_an_installation_that_takes_too_long_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(environments, "INSTALL_TIMEOUT_SECONDS", 0.3)
    hang = [sys.executable, "-c", "import time; time.sleep(60)"]

    def slow(name, _folder, _requirements, tell, limits) -> None:
        environments._run(name, hang, tell, limits)

    monkeypatch.setattr(environments, "_install", slow)
    with pytest.raises(ServerUnavailable, match="longer than"):
        await ServerEnvironments(tmp_path).ensure("mcp-server-git")


async def test_an_unknown_environment_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match="no environment"):
        await ServerEnvironments(tmp_path).ensure("mcp-server-everything")


def test_the_requirements_are_pinned_hashed_and_name_no_host():
    text = environments._requirements("mcp-server-git").decode()
    assert "mcp-server-git==2026.10.19" in text
    assert "://" not in text
    pins = [line for line in text.splitlines() if "==" in line and not line.startswith("#")]
    assert text.count("--hash=sha256:") >= len(pins) > 20
