"""One real installation for the area: a workspace, real tool servers, a strict fake model."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from mandrake.bootstrap import Runtime, open_runtime
from mandrake.coordinator.questions import Answer as QuestionAnswer
from mandrake.coordinator.scope_runtime import ScopeRuntime
from mandrake.coordinator.session_coordinator import NewRound
from mandrake.domain.conversation import Limits, Part, Question, Round
from mandrake.domain.documents import ModelEntry, ModelOverrides, ProviderEntry, SecretReference
from mandrake.domain.principals import Grant
from mandrake.settings import read_settings
from mandrake.tenancy.access import OWNER, access_installation
from mandrake.testing.llm_server import Answer, Asked, FakeLlmServer
from tests.server_cache import SERVER_CACHE

WAIT_SECONDS = 30.0


@dataclass
class Lab:
    """A workspace with a session, and what a test does with it."""

    runtime: Runtime
    scope: ScopeRuntime
    grant: Grant
    llm: FakeLlmServer
    answers: deque[Answer]
    session_id: str

    @property
    def src(self) -> Path:
        assert self.scope.paths.src is not None
        return self.scope.paths.src

    def script(self, *answers: Answer) -> None:
        """What the model will answer, in order."""
        self.answers.extend(answers)

    async def submit(self, text: str, *, limits: Limits | None = None) -> str:
        new = NewRound([{"type": "text", "text": text}], limits=limits)
        return await self.scope.sessions.submit(self.grant, self.session_id, new)

    async def ask(self, text: str, *, limits: Limits | None = None) -> Round:
        """Submit and wait until the round rests or waits."""
        return await self.settled(await self.submit(text, limits=limits))

    async def settled(self, round_id: str) -> Round:
        return await self.until(round_id, lambda each: each.status not in ("queued", "running"))

    async def rested(self, round_id: str) -> Round:
        """Wait until nothing more will happen: not even for an answer that was just given."""
        return await self.until(
            round_id, lambda each: each.status not in ("queued", "running", "waiting")
        )

    async def until(self, round_id: str, condition: Callable[[Round], bool]) -> Round:
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                shown = await self.round(round_id)
                if condition(shown):
                    return shown
                await asyncio.sleep(0.01)

    async def round(self, round_id: str) -> Round:
        return await self.scope.sessions.round(self.grant, self.session_id, round_id)

    async def open_questions(self) -> list[Question]:
        every = await self.scope.questions.of_session(self.grant, self.session_id)
        return [question for question in every if question.status == "open"]

    async def answer(self, question: Question, answer: QuestionAnswer) -> Question:
        return await self.scope.questions.answer(self.grant, self.session_id, question.id, answer)


def calls_of(shown: Round) -> list[Part]:
    """Tool calls of all turns, in order."""
    return [
        part for turn in shown.response.turns for part in turn.parts if part.kind == "tool_call"
    ]


def text_of(shown: Round) -> str:
    """Text of all turns."""
    return "\n".join(
        part.text or ""
        for turn in shown.response.turns
        for part in turn.parts
        if part.kind == "text"
    )


@pytest.fixture(scope="module")
def answers() -> deque[Answer]:
    """What the model will say, in order; emptied before each test."""
    return deque()


@pytest.fixture(scope="module")
async def llm(answers: deque[Answer]) -> AsyncGenerator[FakeLlmServer]:
    def script(_: Asked) -> Answer | None:
        return answers.popleft() if answers else None

    async with FakeLlmServer(script, api_key="sk-fake-key-1") as server:
        yield server


@pytest.fixture(scope="module")
async def runtime(
    tmp_path_factory: pytest.TempPathFactory, llm: FakeLlmServer
) -> AsyncGenerator[Runtime]:
    home = tmp_path_factory.mktemp("home")
    settings = read_settings(home=home, environment={"MANDRAKE_SERVER_CACHE": str(SERVER_CACHE)})
    with (home / "log").open("w", encoding="utf-8") as log:
        async with open_runtime(settings, log_stream=log) as opened:
            grant = access_installation(OWNER)
            installation = await opened.registry.get(grant.scope_id)
            await opened.secrets.set(grant, "fake-key", "sk-fake-key-1")
            await installation.models.put_provider(
                grant,
                "fake",
                ProviderEntry(
                    kind="openai", base_url=llm.base_url, api_key=SecretReference(secret="fake-key")
                ),
            )
            overrides = ModelOverrides(
                input_usd=2, output_usd=8, cache_read_usd=0.5, context_tokens=100_000
            )
            model = ModelEntry(provider="fake", model="fake-model", overrides=overrides)
            await installation.models.put_model(grant, "fake", model)
            await installation.models.use(grant, "fake")
            yield opened


@pytest.fixture
async def lab(runtime: Runtime, llm: FakeLlmServer, answers: deque[Answer]) -> Lab:
    installation = access_installation(OWNER)
    workspace = await runtime.workspaces.get(installation, "welcome")
    grant, scope = await runtime.registry.access(OWNER, workspace.id)
    answers.clear()
    session = await scope.sessions.create_session(grant, None)
    return Lab(runtime, scope, grant, llm, answers, session.id)
