"""Providers live as long as their config is in use; retries stay visible and end in time."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

import pytest

from mandrake.errors import InvalidInput
from mandrake.providers.adapters import BUILT_IN_ADAPTERS
from mandrake.providers.manager import ProviderManager
from mandrake.providers.port import (
    ModelEvent,
    PartDelta,
    PartStarted,
    Provider,
    ProviderConfig,
    ProviderError,
    RequestSent,
)
from mandrake.providers.registry import ProviderRegistry
from mandrake.providers.retry import RetryNotice, RetryPolicy, stream_with_retries
from mandrake.testing.llm_server import Answer, FakeLlmServer
from mandrake.testing.provider_contract import collect, part_texts
from tests.providers.conftest import user_request

pytestmark = pytest.mark.anyio

FAST = RetryPolicy(first_wait_seconds=0.01)


@pytest.fixture
async def manager() -> AsyncGenerator[ProviderManager]:
    made = ProviderManager(ProviderRegistry(BUILT_IN_ADAPTERS))
    yield made
    await made.aclose()


def config_of(server: FakeLlmServer, key: str = "test-key") -> ProviderConfig:
    return ProviderConfig("fake", "openai", server.base_url, key)


def test_no_adapter_and_no_http_client_is_imported_before_the_first_use():
    code = (
        "import sys, mandrake.providers.manager, mandrake.providers.retry, "
        "mandrake.providers.accounting, mandrake.providers.adapters as a;"
        "bad = {'httpx2', 'genai_prices', 'mandrake.providers.adapters.openai_chat'}"
        " & set(sys.modules);"
        "sys.exit(str(bad) if bad else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.requirement("P2")
async def test_one_format_serves_every_kind(manager: ProviderManager, server: FakeLlmServer):
    server.answer(Answer(text="from the wire"))
    wire = manager.provider(config_of(server))
    rehearsal = manager.provider(ProviderConfig("rehearsal", "rehearsal"))
    assert part_texts(await collect(wire, user_request()), "text") == ["from the wire"]
    unpaced = user_request("hello", pace_ms=0)
    assert "Rehearsal" in part_texts(await collect(rehearsal, unpaced), "text")[0]


async def test_an_unknown_kind_names_those_that_exist(manager: ProviderManager):
    with pytest.raises(InvalidInput, match="`nope`") as caught:
        manager.provider(ProviderConfig("x", "nope"))
    assert "`rehearsal`" in (caught.value.hint or "")


async def test_equal_configs_share_a_provider_across_scopes(
    manager: ProviderManager, server: FakeLlmServer
):
    first = manager.provider(config_of(server))
    assert manager.provider(config_of(server), scope_id="ws_1") is first
    assert manager.provider(config_of(server, "other")) is not first
    manager.provider(config_of(server), scope_id="ws_1")
    assert manager.provider(config_of(server), scope_id="ws_1") is first


async def test_a_changed_key_is_used_at_once_and_the_running_stream_goes_on(
    manager: ProviderManager, server: FakeLlmServer
):
    server.answer(Answer(text=["a "] * 50, pace_ms=5))
    old = changed = manager.provider(config_of(server))
    async with aclosing(old.stream(user_request())) as events:
        text = ""
        async for event in events:
            if isinstance(event, PartStarted):
                changed = manager.provider(config_of(server, "new-key"))
            if isinstance(event, PartDelta):
                text += event.text
    assert text == "a " * 50
    with pytest.raises(ProviderError) as caught:
        await collect(changed, user_request())
    assert caught.value.failure == "authentication"


class CountingProvider:
    """An adapter whose life can be seen."""

    def __init__(self, config: ProviderConfig) -> None:
        self.kind = config.kind
        self.closed = 0
        self.go_on = asyncio.Event()
        MADE.append(self)

    async def stream(self, request: object) -> AsyncGenerator[ModelEvent]:
        yield RequestSent("0" * 64, "counting/1")
        await self.go_on.wait()
        if self.closed:
            raise ProviderError("closed", failure="network")

    async def list_models(self) -> list[object]:
        return []

    async def aclose(self) -> None:
        self.closed += 1
        self.go_on.set()


MADE: list[CountingProvider] = []


async def test_a_replaced_provider_is_closed_when_its_last_stream_ends():
    MADE.clear()
    manager = ProviderManager(ProviderRegistry({"counting": CountingProvider}))  # type: ignore[dict-item]
    old = manager.provider(ProviderConfig("a", "counting", "http://one"))
    events = old.stream(user_request())
    await anext(events)
    manager.provider(ProviderConfig("a", "counting", "http://two"))
    late = old.stream(user_request())
    await anext(late)
    await events.aclose()
    assert MADE[0].closed == 0
    await late.aclose()
    assert MADE[0].closed == 1
    await manager.aclose()
    assert [one.closed for one in MADE] == [1]


async def test_closing_the_manager_ends_streams_of_retired_providers_too():
    MADE.clear()
    manager = ProviderManager(ProviderRegistry({"counting": CountingProvider}))  # type: ignore[dict-item]
    old: Provider = manager.provider(ProviderConfig("a", "counting"))
    events = old.stream(user_request())
    await anext(events)
    manager.forget("a")
    async with asyncio.timeout(5):
        await manager.aclose()
        with pytest.raises(ProviderError):
            await anext(events)
    assert MADE[0].closed == 1


async def retried(
    provider: Provider, policy: RetryPolicy = FAST
) -> tuple[list[ModelEvent], list[RetryNotice]]:
    notices: list[RetryNotice] = []

    async def note(notice: RetryNotice) -> None:
        notices.append(notice)

    events = stream_with_retries(provider, user_request(), policy=policy, on_retry=note)
    async with asyncio.timeout(5), aclosing(events):
        return [event async for event in events], notices


async def test_a_passing_failure_is_retried_and_reported(provider: Provider, server: FakeLlmServer):
    server.answer(Answer(status=529, error="busy"), Answer(text="at last"))
    events, notices = await retried(provider)
    assert part_texts(events, "text") == ["at last"]
    assert sum(isinstance(event, RequestSent) for event in events) == 1
    assert [(n.attempt, n.error.failure) for n in notices] == [(1, "overloaded")]


async def test_the_last_error_goes_up_after_three_attempts(
    provider: Provider, server: FakeLlmServer
):
    server.answer(*[Answer(status=500, error="oops")] * 4)
    with pytest.raises(ProviderError) as caught:
        await retried(provider)
    assert caught.value.failure == "server"
    assert len(server.requests) == 3


async def test_what_can_not_help_is_not_retried(provider: Provider, server: FakeLlmServer):
    server.answer(Answer(status=400, error="no"), Answer(text="never"))
    with pytest.raises(ProviderError):
        await retried(provider)
    assert len(server.requests) == 1


async def test_nothing_is_retried_once_text_was_visible(provider: Provider, server: FakeLlmServer):
    server.answer(Answer(text="some words come", cut_after=1), Answer(text="never"))
    with pytest.raises(ProviderError) as caught:
        await retried(provider)
    assert caught.value.failure == "network"
    assert len(server.requests) == 1


async def test_the_asked_for_wait_is_kept_and_a_long_one_refused(
    provider: Provider, server: FakeLlmServer
):
    server.answer(
        Answer(status=429, error="wait", headers={"retry-after-ms": "300"}), Answer(text="ok")
    )
    started = time.monotonic()
    _, notices = await retried(provider)
    assert time.monotonic() - started >= 0.3
    assert notices[0].wait_seconds == 0.3
    server.answer(Answer(status=429, error="wait", headers={"retry-after": "3600"}))
    with pytest.raises(ProviderError):
        await retried(provider)


async def test_waiting_ends_at_once_when_cancelled(provider: Provider, server: FakeLlmServer):
    server.answer(Answer(status=503, error="busy"), Answer(text="never"))
    waiting = asyncio.Event()

    async def note(_: RetryNotice) -> None:
        waiting.set()

    patient = replace(FAST, first_wait_seconds=60, longest_wait_seconds=60)

    async def run() -> None:
        async for _ in stream_with_retries(provider, user_request(), policy=patient, on_retry=note):
            pass

    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        task = group.create_task(run())
        await waiting.wait()
        task.cancel()
    assert len(server.requests) == 1
