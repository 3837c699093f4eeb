"""`kill -9` in mid-stream (issue figure 4), and a copied home."""

from __future__ import annotations

import asyncio
import shutil
import time
from pathlib import Path

import httpx2
import psutil
import pytest

from mandrake.persistence import journal
from mandrake.persistence.database import Database
from tests.e2e.conftest import Installation, Json, wait_for

SURVIVE_SECONDS = 2.0


def post_round(api: httpx2.Client, session: str, text: str) -> str:
    answer = api.post(f"{session}/rounds", json={"content": text})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["round_id"])


def text_of(shown: Json, turn: int) -> str:
    parts = shown["response"]["turns"][turn]["parts"]
    return "".join(part["text"] or "" for part in parts if part["kind"] == "text")


def verified(database: Path) -> tuple[int, list[journal.ChainFault]]:
    """Check the chains of a database that a server has open."""

    async def check() -> tuple[int, list[journal.ChainFault]]:
        opened = await Database.open(database)
        try:
            return await opened.read(journal.verify)
        finally:
            await opened.close()

    return asyncio.run(check())


@pytest.mark.requirement("J5", "O5")
def test_a_killed_server_loses_nothing_shown_and_finishes_the_round(
    installation: Installation,
) -> None:
    installation.start()
    with installation.client() as api:
        # Something with tools first, so that there are tool processes to leave behind.
        session = f"/workspaces/welcome/sessions/{new_session(api)}"
        first = post_round(api, session, "list the files in src and show the git log")
        wait_for(lambda: api.get(f"{session}/rounds/{first}").json()["status"] == "completed")
        second = post_round(api, session, "count to 150")
        wait_for(lambda: streamed(api, session, second))
        started = time.monotonic()
        before = streamed(api, session, second)
    children = installation.kill()
    assert len(children) >= 4, "two servers, each with its guard, should have been running"
    psutil.wait_procs(children, timeout=SURVIVE_SECONDS)
    assert [child for child in children if child.is_running()] == []

    installation.start()
    with installation.client() as api:
        shown = wait_for(lambda: at_rest(api, session, second))
    assert time.monotonic() - started < 60
    statuses = [turn["status"] for turn in shown["response"]["turns"]]
    assert (shown["status"], statuses) == ("completed", ["interrupted", "completed"])
    partial, whole = text_of(shown, 0), text_of(shown, 1)
    assert partial.startswith(before)
    assert whole.startswith(partial)
    assert "149" in whole
    assert "150" in whole
    checked, faults = verified(installation.home / "workspaces" / "welcome" / ".ws" / "session.db")
    assert (checked > 20, faults) == (True, [])
    assert installation.stop() == 0


def new_session(api: httpx2.Client) -> str:
    return str(api.post("/workspaces/welcome/sessions", json={}).json()["id"])


def streamed(api: httpx2.Client, session: str, round_id: str) -> str:
    """The text stored so far, once there is enough of it."""
    shown = api.get(f"{session}/rounds/{round_id}").json()
    if not shown["response"]["turns"]:
        return ""
    text = text_of(shown, 0)
    return text if len(text) > 200 else ""


def at_rest(api: httpx2.Client, session: str, round_id: str) -> Json | None:
    shown: Json = api.get(f"{session}/rounds/{round_id}").json()
    return shown if shown["status"] not in ("queued", "running") else None


def test_starting_and_stopping_leaves_no_process_and_no_file_behind(
    installation: Installation,
) -> None:
    installation.start()
    assert installation.process is not None
    installation.run("ask", "list the files in src", "--workspace", "welcome")
    children = psutil.Process(installation.process.pid).children(recursive=True)
    assert installation.stop() == 0
    assert [child for child in children if child.is_running()] == []
    left = [entry.name for entry in (installation.home / "run").iterdir()]
    assert [name for name in left if name in ("mandrake.sock", "server.json")] == []


@pytest.mark.requirement("W2")
def test_a_copied_home_is_the_same_installation(installation: Installation, tmp_path: Path) -> None:
    installation.start()
    installation.run("ask", "show the git log", "--workspace", "welcome")
    before = installation.run("session", "list", "--workspace", "welcome", "--json")
    assert installation.stop() == 0
    other = Installation(tmp_path / "elsewhere" / "home")
    shutil.copytree(installation.home, other.home, ignore=shutil.ignore_patterns("cache", "run"))
    other.start()
    try:
        assert other.run("session", "list", "--workspace", "welcome", "--json") == before
        # Its definitions are still accepted: the tools run without a review.
        other.run("ask", "list the files in src", "--workspace", "welcome")
    finally:
        assert other.stop() == 0
