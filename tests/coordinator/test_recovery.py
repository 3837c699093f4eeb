"""What is found after Mandrake ended in the middle of things, gracefully or not."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest

from mandrake.bootstrap import open_runtime, recover
from mandrake.coordinator.questions import ApprovalAnswer, UnknownOutcomeAnswer
from mandrake.coordinator.scope_runtime import ScopeRuntime
from mandrake.domain.conversation import Round
from mandrake.domain.documents import (
    EffectsEntry,
    ModelEntry,
    ProviderEntry,
    SecretReference,
    ServerEntry,
    ToolChoices,
)
from mandrake.domain.principals import Grant
from mandrake.kit.clock import SystemClock
from mandrake.persistence import journal
from mandrake.security.secrets import SecretStore
from mandrake.settings import read_settings
from mandrake.tenancy.access import OWNER, access_installation
from mandrake.testing.llm_server import Answer, FakeLlmServer, ScriptedCall
from mandrake.testing.mcp_servers import server_command
from tests.coordinator.conftest import Lab, calls_of, text_of
from tests.server_cache import SERVER_CACHE


class LateClock(SystemClock):
    """A clock that runs ahead, for a process that starts later."""

    def __init__(self, ahead: timedelta) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        return super().now() + self._ahead


class Restarts:
    """Opens the same home again and again, as restarts of the server do."""

    def __init__(self, home: Path, llm: FakeLlmServer, answers: deque[Answer]) -> None:
        self._home = home
        self._llm = llm
        self._answers = answers
        self._session_id = ""

    @asynccontextmanager
    async def start(self, *, later: timedelta = timedelta(0)) -> AsyncGenerator[Lab]:
        settings = read_settings(
            home=self._home, environment={"MANDRAKE_SERVER_CACHE": str(SERVER_CACHE)}
        )
        with (self._home / "log").open("a", encoding="utf-8") as log:
            async with open_runtime(settings, log_stream=log, clock=LateClock(later)) as runtime:
                installation = access_installation(OWNER)
                workspace = await runtime.workspaces.get(installation, "welcome")
                grant, scope = await runtime.registry.access(OWNER, workspace.id)
                if not self._session_id:
                    await self._set_up(runtime.secrets, grant, scope)
                    self._session_id = (await scope.sessions.create_session(grant, None)).id
                yield Lab(runtime, scope, grant, self._llm, self._answers, self._session_id)

    async def _set_up(self, secrets: SecretStore, grant: Grant, scope: ScopeRuntime) -> None:
        await secrets.set(grant, "fake-key", "sk-fake-key-1")
        key = SecretReference(secret="fake-key")
        provider = ProviderEntry(kind="openai", base_url=self._llm.base_url, api_key=key)
        await scope.models.put_provider(grant, "fake", provider)
        await scope.models.put_model(grant, "fake", ModelEntry(provider="fake", model="fake-model"))
        await scope.models.use(grant, "fake")
        for key_ in ("filesystem", "git"):
            await scope.tools.remove(grant, key_)
        command, *args = server_command()
        judged: dict[str, EffectsEntry | Literal["read", "idempotent", "write"]] = {
            "hang": EffectsEntry(effects="write"),
            "echo": EffectsEntry(effects="write"),
            "meta": EffectsEntry(effects="read"),
        }
        tools = ToolChoices(effects=judged, approval={"hang": "auto", "echo": "auto"})
        entry = ServerEntry(command=command, args=args, box="process", tools=tools)
        await scope.tools.put(grant, "lab", entry)
        await scope.servers.apply()


@pytest.fixture
def restarts(tmp_path: Path, llm: FakeLlmServer, answers: deque[Answer]) -> Restarts:
    answers.clear()
    return Restarts(tmp_path, llm, answers)


def hang() -> Answer:
    return Answer(tool_calls=[ScriptedCall(name="lab__hang", arguments={})])


async def streaming(lab: Lab, round_id: str, pieces: int) -> Round:
    await lab.llm.wait_until(
        lambda server: bool(server.requests) and server.requests[-1].pieces_sent >= pieces
    )
    return await lab.until(round_id, lambda each: len(each.response.turns) == 1)


async def test_a_stop_in_mid_stream_keeps_the_text_and_the_next_start_goes_on(
    restarts: Restarts,
) -> None:
    async with restarts.start() as lab:
        lab.script(Answer(text=["one ", "two ", "three ", "never "], hang_after=3))
        round_id = await lab.submit("count")
        await streaming(lab, round_id, 3)
        # Not a polite wait: what was shown to watchers must be what is stored.
        await lab.until(round_id, lambda each: bool(each.response.turns[0].parts))
    async with restarts.start() as lab:
        lab.script(Answer(text="one two three four"))
        done = await lab.rested(round_id)
        checked, faults = await lab.scope.database.read(journal.verify)
    assert (done.status, [turn.status for turn in done.response.turns]) == (
        "completed",
        ["interrupted", "completed"],
    ), (done.response.turns, lab.llm.requests)
    assert done.response.turns[0].parts[0].text == "one two three "
    assert text_of(done).endswith("one two three four")
    assert (checked > 5, faults) == (True, [])


async def test_a_call_in_flight_is_asked_about_when_it_may_not_be_repeated(
    restarts: Restarts,
) -> None:
    async with restarts.start() as lab:
        lab.script(hang())
        round_id = await lab.submit("hang")
        await lab.until(round_id, lambda each: [c.status for c in calls_of(each)] == ["sent"])
    async with restarts.start() as lab:
        shown = await lab.settled(round_id)
        [question] = await lab.open_questions()
        assert (shown.status, question.kind) == ("waiting", "unknown_outcome")
        lab.script(Answer(text="I will look first."))
        await lab.answer(question, UnknownOutcomeAnswer(decision="report"))
        done = await lab.rested(round_id)
        told = lab.llm.chats[-1].json["messages"][-1]  # type: ignore[index]
    assert (done.status, calls_of(done)[0].status) == ("completed", "unknown")
    assert "outcome of this call is unknown" in told["content"]


async def test_a_retry_after_a_crash_uses_the_same_idempotency_key(restarts: Restarts) -> None:
    async with restarts.start() as lab:
        lab.script(Answer(tool_calls=[ScriptedCall(name="lab__hang", arguments={})]))
        round_id = await lab.submit("hang")
        await lab.until(round_id, lambda each: [c.status for c in calls_of(each)] == ["sent"])
        call_id = calls_of(await lab.round(round_id))[0].tool_call_id
    async with restarts.start() as lab:
        await lab.settled(round_id)
        [question] = await lab.open_questions()
        await lab.answer(question, UnknownOutcomeAnswer(decision="retry"))
        again = await lab.until(round_id, lambda each: each.status == "running")
        await lab.scope.sessions.stop(lab.grant, lab.session_id, round_id)
    assert calls_of(again)[0].tool_call_id == call_id


async def test_a_waiting_approval_survives_and_its_answer_is_carried_out(
    restarts: Restarts,
) -> None:
    async with restarts.start() as lab:
        await lab.scope.tools.set_approval(lab.grant, "lab", "echo", "ask")
        call = ScriptedCall(name="lab__echo", arguments={"text": "hello"})
        lab.script(Answer(tool_calls=[call]))
        shown = await lab.ask("echo")
        assert shown.status == "waiting", shown.error
    async with restarts.start() as lab:
        [question] = await lab.open_questions()
        lab.script(Answer(text="It said {tool}"))
        await lab.answer(question, ApprovalAnswer(decision="allow"))
        done = await lab.rested(shown.id)
    assert done.status == "completed"
    assert "hello" in text_of(done)


async def test_a_round_that_ends_the_server_again_and_again_is_paused(restarts: Restarts) -> None:
    round_id = ""
    for start in range(3):
        async with restarts.start() as lab:
            lab.script(Answer(text=["stuck ", "never "], hang_after=1))
            if not round_id:
                round_id = await lab.submit("crash")
            await lab.until(round_id, lambda each, n=start: len(each.response.turns) == n + 1)
            await lab.llm.wait_until(
                lambda server: bool(server.requests) and server.requests[-1].pieces_sent >= 1
            )
    requests = len(restarts._llm.requests)
    async with restarts.start() as lab:
        shown = await lab.round(round_id)
        assert (shown.status, shown.pause_reason) == ("paused", "crash_loop")
        assert len(lab.llm.requests) == requests
        lab.answers.clear()
        lab.script(Answer(text="better now"))
        await lab.scope.sessions.resume(lab.grant, lab.session_id, round_id)
        done = await lab.rested(round_id)
    assert done.status == "completed"


async def test_a_round_interrupted_long_ago_waits_for_a_person(restarts: Restarts) -> None:
    async with restarts.start() as lab:
        lab.script(Answer(text=["slow ", "never "], hang_after=1))
        round_id = await lab.submit("old")
        await streaming(lab, round_id, 1)
    async with restarts.start(later=timedelta(minutes=11)) as lab:
        shown = await lab.round(round_id)
    assert (shown.status, shown.pause_reason) == ("paused", "stale")
    assert shown.response.turns[0].status == "interrupted"


async def test_a_start_opens_only_scopes_with_unfinished_rounds(restarts: Restarts) -> None:
    async with restarts.start() as lab:
        lab.script(Answer(text="done"))
        await lab.ask("quick")
        await lab.runtime.workspaces.create(access_installation(OWNER), "idle")
        assert await lab.runtime.index.scopes_to_recover() == []
        lab.script(Answer(text=["slow ", "never "], hang_after=1))
        round_id = await lab.submit("unfinished")
        await lab.llm.wait_until(
            lambda server: bool(server.requests) and server.requests[-1].pieces_sent >= 1
        )
        assert await lab.runtime.index.scopes_to_recover() == [lab.scope.scope_id]
    settings = read_settings(
        home=restarts._home, environment={"MANDRAKE_SERVER_CACHE": str(SERVER_CACHE)}
    )
    with (restarts._home / "log").open("a", encoding="utf-8") as log:
        async with open_runtime(settings, log_stream=log) as runtime:
            await recover(runtime)
            assert runtime.registry.open_scopes() == [lab.scope.scope_id]
            scope = await runtime.registry.get(lab.scope.scope_id)
            await scope.sessions.stop(lab.grant, lab.session_id, round_id)


async def test_a_scope_whose_opener_left_is_closed_all_the_same(restarts: Restarts) -> None:
    async with restarts.start() as lab:
        made = await lab.runtime.workspaces.create(access_installation(OWNER), "left")
        async with asyncio.TaskGroup() as tasks:
            opening = tasks.create_task(lab.runtime.registry.get(made.id))
            async with asyncio.timeout(5):
                while made.id not in lab.runtime.registry.open_scopes():  # noqa: ASYNC110 - no event tells
                    await asyncio.sleep(0.001)
            opening.cancel()
    # Leaving `start` would wait for ever for a scope that nobody knows.
    assert opening.cancelled()
