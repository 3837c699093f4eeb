"""A fake model server and an adapter that speaks to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from mandrake.providers.adapters.openai_chat import OpenAIChatProvider
from mandrake.providers.port import (
    Deadlines,
    ModelRequest,
    ModelSettings,
    ProviderConfig,
    TextContent,
    UserMessage,
    WireTool,
)
from mandrake.testing.llm_server import Answer, FakeLlmServer, ScriptedCall
from mandrake.testing.provider_contract import Prepared, Scenario

TOOL = WireTool("files__read", "Reads.", {"type": "object", "properties": {}})


def user_request(text: str = "hello", *tools: WireTool, **extra: float) -> ModelRequest:
    return ModelRequest(
        "fake-model",
        "Be brief.",
        (UserMessage((TextContent(text),)),),
        tools,
        ModelSettings(extra=extra),
        Deadlines(connect_seconds=5, first_event_seconds=5, idle_seconds=5),
    )


class OpenAIHarness:
    """The OpenAI adapter before the fake server."""

    TEXT = "Grüße, 世界! One 🎉 two three."

    def __init__(self, server: FakeLlmServer) -> None:
        self.server = server
        self.provider = OpenAIChatProvider(
            ProviderConfig("fake", "openai", server.base_url, "test-key")
        )

    def prepare(self, scenario: Scenario) -> Prepared | None:
        calls: tuple[tuple[str, dict[str, object]], ...] = (
            ("files__read", {"path": "a ü.txt"}),
            ("files__read", {}),
        )
        answers: dict[Scenario, Answer] = {
            "text": Answer(text=self.TEXT),
            "thinking": Answer(thinking="Let me see.", text="Done."),
            "parallel_calls": Answer(
                tool_calls=[ScriptedCall(name=name, arguments=dict(a)) for name, a in calls]
            ),
            "endless": Answer(text=["tick "] * 100_000, pace_ms=2),
            "silent_start": Answer(text="never", first_delay_ms=60_000),
            "silent_middle": Answer(text="some words come", hang_after=2),
            "cut": Answer(text="some words come", cut_after=2),
            "authentication": Answer(status=401, error="Incorrect API key provided: sk-abcdefgh12"),
            "model_not_found": Answer(
                status=404, error="The model `x` does not exist", error_code="model_not_found"
            ),
            "context_length": Answer(
                status=400, error="Too long.", error_code="context_length_exceeded"
            ),
            "rate_limit": Answer(status=429, error="Slow down.", headers={"retry-after": "3"}),
            "overloaded": Answer(status=529, error="Overloaded."),
            "server": Answer(status=500, error="Oops."),
            "bad_request": Answer(status=400, error="Unknown parameter."),
        }
        self.server.answer(answers[scenario])
        return Prepared(
            user_request("hello", TOOL),
            text=self.TEXT if scenario == "text" else None,
            thinking="Let me see." if scenario == "thinking" else None,
            calls=calls if scenario == "parallel_calls" else None,
        )

    async def upstream_left(self) -> None:
        await self.server.wait_until(lambda s: s.requests[-1].outcome == "disconnected")


@asynccontextmanager
async def raw_server(
    answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncGenerator[str]:
    """A server below HTTP, for what a well-behaved one never does; gives its base URL."""
    done = asyncio.Event()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        finally:
            writer.close()
            done.set()

    listener = await asyncio.start_server(handle, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/v1"
    async with asyncio.timeout(5):
        await done.wait()
    listener.close()


@pytest.fixture
async def server() -> AsyncGenerator[FakeLlmServer]:
    async with FakeLlmServer([]) as fake:
        yield fake


@pytest.fixture
async def harness(server: FakeLlmServer) -> AsyncGenerator[OpenAIHarness]:
    made = OpenAIHarness(server)
    yield made
    await made.provider.aclose()


@pytest.fixture
def provider(harness: OpenAIHarness) -> OpenAIChatProvider:
    return harness.provider
