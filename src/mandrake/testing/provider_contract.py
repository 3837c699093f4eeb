"""What every provider adapter must do, as checks that any test framework can run.

A harness brings the adapter and an upstream that plays the scenarios; each check in `CONTRACT`
takes a harness. With pytest:

    @pytest.mark.parametrize("check", CONTRACT, ids=lambda check: check.__name__)
    async def test_contract(check, harness):
        await check(harness)

A harness that has no such scenario (a provider without network has no deadlines) gives None, and
the check raises `DoesNotApply`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from mandrake.providers.port import (
    Deadlines,
    Finished,
    ModelEvent,
    ModelRequest,
    PartCompleted,
    PartDelta,
    PartStarted,
    Provider,
    ProviderError,
    ProviderFailure,
    RequestSent,
    UsageReported,
)

Scenario = Literal[
    "text",
    "thinking",
    "parallel_calls",
    "endless",
    "silent_start",
    "silent_middle",
    "cut",
    "authentication",
    "model_not_found",
    "context_length",
    "rate_limit",
    "overloaded",
    "server",
    "bad_request",
]
"""`endless`: text that goes on for at least 30 s. `silent_*`: nothing comes, at once or after some
text. `cut`: the connection breaks after some text. The rest: failures by their name."""

WAIT_SECONDS = 10.0


class DoesNotApply(Exception):
    """The harness has no such scenario."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request and what its answer must be; None: the check does not compare it."""

    request: ModelRequest
    text: str | None = None
    thinking: str | None = None
    calls: tuple[tuple[str, dict[str, object]], ...] | None = None
    usage_known: bool = True


class ProviderHarness(Protocol):
    """The adapter under test and its upstream."""

    provider: Provider

    def prepare(self, scenario: Scenario) -> Prepared | None:
        """Make the upstream play the scenario for the next request, which is returned."""
        ...

    async def upstream_left(self) -> None:
        """Wait until the upstream has seen the client leave the newest request.

        Raises:
            TimeoutError: It did not.
        """
        ...


async def collect(provider: Provider, request: ModelRequest) -> list[ModelEvent]:
    """Every event of a stream, within a deadline."""
    async with asyncio.timeout(WAIT_SECONDS), aclosing(provider.stream(request)) as events:
        return [event async for event in events]


def part_texts(events: Sequence[ModelEvent], kind: str) -> list[str]:
    """The whole text of each part of a kind, in order of its index."""
    texts = {
        event.index: "" for event in events if isinstance(event, PartStarted) and event.kind == kind
    }
    for event in events:
        if isinstance(event, PartDelta) and event.index in texts:
            texts[event.index] += event.text
    return [texts[index] for index in sorted(texts)]


def check_lifecycle(events: Sequence[ModelEvent]) -> None:
    """The order of events that consumers rely on."""
    assert events, "no events"
    assert isinstance(events[0], RequestSent), "the first event must be RequestSent"
    assert len(events[0].body_sha256) == 64
    assert isinstance(events[-1], Finished), "the last event must be Finished"
    started: list[int] = []
    open_parts: set[int] = set()
    call_ids: list[str] = []
    for event in events[1:-1]:
        match event:
            case PartStarted():
                assert event.index == len(started), "indexes count from 0 without gaps"
                started.append(event.index)
                open_parts.add(event.index)
                if event.kind == "tool_call":
                    assert event.call_id, "a tool call has an id"
                    assert event.wire_name, "a tool call has a name"
                    call_ids.append(event.call_id)
            case PartDelta():
                assert event.index in open_parts, "deltas belong to open parts"
                assert event.text, "no delta is empty"
            case PartCompleted():
                assert event.index in open_parts, "a part is completed once"
                open_parts.remove(event.index)
            case UsageReported():
                pass
            case _:
                raise AssertionError(f"{event} in the middle of a stream")
    assert not open_parts, "every part is completed before Finished"
    assert len(set(call_ids)) == len(call_ids), "ids of calls are unique"


def _prepared(harness: ProviderHarness, scenario: Scenario) -> Prepared:
    prepared = harness.prepare(scenario)
    if prepared is None:
        raise DoesNotApply(scenario)
    return prepared


async def _failure(harness: ProviderHarness, request: ModelRequest) -> ProviderError:
    return await _error_of(collect(harness.provider, request))


async def _error_of(work: Coroutine[object, object, object]) -> ProviderError:
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            await work
    except ProviderError as error:
        return error
    raise AssertionError("the stream ended well")


def _within(request: ModelRequest, **seconds: float) -> ModelRequest:
    return replace(request, deadlines=Deadlines(**seconds))


async def streams_text_in_order(harness: ProviderHarness) -> None:
    prepared = _prepared(harness, "text")
    events = await collect(harness.provider, prepared.request)
    check_lifecycle(events)
    text = "".join(part_texts(events, "text"))
    assert text
    if prepared.text is not None:
        assert text == prepared.text
    deltas = [event for event in events if isinstance(event, PartDelta)]
    assert len(deltas) > 1, "text comes in pieces"
    assert isinstance(events[-1], Finished)
    assert events[-1].reason == "stop"


async def keeps_thinking_apart_from_text(harness: ProviderHarness) -> None:
    prepared = _prepared(harness, "thinking")
    events = await collect(harness.provider, prepared.request)
    check_lifecycle(events)
    assert "".join(part_texts(events, "thinking"))
    if prepared.thinking is not None:
        assert "".join(part_texts(events, "thinking")) == prepared.thinking
    if prepared.text is not None:
        assert "".join(part_texts(events, "text")) == prepared.text


async def calls_tools_in_parallel(harness: ProviderHarness) -> None:
    prepared = _prepared(harness, "parallel_calls")
    events = await collect(harness.provider, prepared.request)
    check_lifecycle(events)
    names = [e.wire_name for e in events if isinstance(e, PartStarted) and e.kind == "tool_call"]
    arguments = [json.loads(text) for text in part_texts(events, "tool_call")]
    assert len(names) > 1, "the scenario asks for several calls"
    assert all(isinstance(value, dict) for value in arguments)
    if prepared.calls is not None:
        assert list(zip(names, arguments, strict=True)) == list(prepared.calls)
    assert isinstance(events[-1], Finished)
    assert events[-1].reason == "tool_calls"


async def reports_usage(harness: ProviderHarness) -> None:
    prepared = _prepared(harness, "text")
    events = await collect(harness.provider, prepared.request)
    usages = [event.usage for event in events if isinstance(event, UsageReported)]
    if not prepared.usage_known:
        assert all(usage.input_tokens is None for usage in usages), "unknown is None"
        return
    assert usages, "usage is reported"
    assert usages[-1].input_tokens is not None
    assert usages[-1].output_tokens is not None


async def closing_the_stream_closes_upstream(harness: ProviderHarness) -> None:
    prepared = _prepared(harness, "endless")
    async with asyncio.timeout(WAIT_SECONDS):
        stream = harness.provider.stream(prepared.request)
        async with aclosing(stream) as events:
            async for event in events:
                if isinstance(event, PartDelta):
                    break
        await harness.upstream_left()


async def cancelling_the_task_closes_upstream(harness: ProviderHarness) -> None:
    prepared = _prepared(harness, "endless")
    streaming = asyncio.Event()

    async def consume() -> None:
        async with aclosing(harness.provider.stream(prepared.request)) as events:
            async for event in events:
                if isinstance(event, PartDelta):
                    streaming.set()

    async with asyncio.timeout(WAIT_SECONDS), asyncio.TaskGroup() as group:
        task = group.create_task(consume())
        await streaming.wait()
        task.cancel()
        await harness.upstream_left()


async def streams_do_not_mix(harness: ProviderHarness) -> None:
    prepared = [_prepared(harness, "text") for _ in range(20)]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(collect(harness.provider, one.request)) for one in prepared]
    for task in tasks:
        check_lifecycle(task.result())
        if prepared[0].text is not None:
            assert "".join(part_texts(task.result(), "text")) == prepared[0].text


async def failures_are_typed(harness: ProviderHarness) -> None:
    expected: tuple[tuple[ProviderFailure, bool], ...] = (
        ("authentication", False),
        ("model_not_found", False),
        ("context_length", False),
        ("bad_request", False),
        ("rate_limit", True),
        ("overloaded", True),
        ("server", True),
    )
    for failure, retriable in expected:
        error = await _failure(harness, _prepared(harness, failure).request)
        assert error.failure == failure, f"{failure}: {error} is {error.failure}"
        assert error.retriable is retriable, f"{failure}: retriable is {error.retriable}"
        assert error.hint, f"{failure}: the hint names the next step"


async def a_broken_connection_is_a_network_failure(harness: ProviderHarness) -> None:
    error = await _failure(harness, _prepared(harness, "cut").request)
    assert error.failure == "network"
    assert error.retriable


async def no_first_event_is_a_timeout(harness: ProviderHarness) -> None:
    request = _within(_prepared(harness, "silent_start").request, first_event_seconds=0.2)
    error = await _failure(harness, request)
    assert error.failure == "timeout"
    await harness.upstream_left()


async def silence_within_a_stream_is_a_timeout(harness: ProviderHarness) -> None:
    request = _within(_prepared(harness, "silent_middle").request, idle_seconds=0.2)
    seen: list[ModelEvent] = []

    async def consume() -> None:
        async with aclosing(harness.provider.stream(request)) as events:
            async for event in events:
                seen.append(event)  # noqa: PERF401 - kept although the stream fails

    error = await _error_of(consume())
    assert error.failure == "timeout"
    assert any(isinstance(event, PartDelta) for event in seen), "what came before is kept"
    await harness.upstream_left()


async def a_closed_provider_refuses(harness: ProviderHarness) -> None:
    prepared = _prepared(harness, "text")
    await harness.provider.aclose()
    await harness.provider.aclose()
    await _failure(harness, prepared.request)


Check = Callable[[ProviderHarness], Awaitable[None]]

WITHOUT_NETWORK: tuple[Check, ...] = (
    streams_text_in_order,
    keeps_thinking_apart_from_text,
    calls_tools_in_parallel,
    reports_usage,
    closing_the_stream_closes_upstream,
    cancelling_the_task_closes_upstream,
    streams_do_not_mix,
    a_closed_provider_refuses,
)
"""What holds for every provider."""

CONTRACT: tuple[Check, ...] = (
    *WITHOUT_NETWORK,
    failures_are_typed,
    a_broken_connection_is_a_network_failure,
    no_first_event_is_a_timeout,
    silence_within_a_stream_is_a_timeout,
)
"""What holds for every provider that is reached over a network."""
