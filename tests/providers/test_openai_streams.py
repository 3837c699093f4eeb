"""What the OpenAI adapter makes of streams as servers really send them."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import json
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mandrake.domain.usage import Usage
from mandrake.providers.adapters.http_failures import Endpoint
from mandrake.providers.adapters.openai_chat import OpenAIChatProvider
from mandrake.providers.adapters.openai_decoding import ChatDecoder
from mandrake.providers.adapters.sse import LineTooLong, SseReader
from mandrake.providers.port import (
    Deadlines,
    Finished,
    ListedModel,
    ModelEvent,
    PartStarted,
    ProviderConfig,
    ProviderError,
    RequestSent,
    UsageReported,
)
from mandrake.testing.llm_server import Answer, FakeLlmServer, Quirks, ScriptedCall, WireUsage
from mandrake.testing.provider_contract import check_lifecycle, collect, part_texts
from tests.providers.conftest import TOOL, raw_server, user_request

pytestmark = pytest.mark.anyio

TEXT = "Grüße, 世界! 🎉 and more"
CALLS = [
    ScriptedCall(name="files__read", arguments={"path": "ä/世界.txt", "n": 3}),
    ScriptedCall(name="files__read", arguments={"path": "b"}),
]


async def outcome(provider: OpenAIChatProvider, server: FakeLlmServer, answer: Answer):
    server.answer(answer)
    events = await collect(provider, user_request("hello", TOOL))
    check_lifecycle(events)
    return events


async def failure(provider: OpenAIChatProvider, server: FakeLlmServer, answer: Answer):
    server.answer(answer)
    with pytest.raises(ProviderError) as caught:
        await collect(provider, user_request("hello", TOOL))
    return caught.value


@pytest.mark.parametrize("chunk_bytes", [1, 2, 3, 7, 64])
async def test_bytes_may_be_cut_anywhere(
    provider: OpenAIChatProvider, server: FakeLlmServer, chunk_bytes: int
):
    events = await outcome(
        provider, server, Answer(text=TEXT, tool_calls=CALLS, chunk_bytes=chunk_bytes)
    )
    assert part_texts(events, "text") == [TEXT]
    assert [json.loads(t) for t in part_texts(events, "tool_call")] == [c.arguments for c in CALLS]


@pytest.mark.parametrize(
    "quirks",
    [
        Quirks(thinking_field="reasoning"),
        Quirks(call_ids=False),
        Quirks(call_indexes=False),
        Quirks(call_ids=False, call_indexes=False, arguments_in_one=True),
        Quirks(arguments_in_one=True),
        Quirks(interleave_calls=True),
        Quirks(done_marker=False),
        Quirks(finish_reason=False),
        Quirks(newline="\r\n"),
        Quirks(newline="\r"),
        Quirks(comments=True),
        Quirks(last_blank_line=False),
    ],
    ids=str,
)
async def test_servers_that_differ_give_the_same_events(
    provider: OpenAIChatProvider, server: FakeLlmServer, quirks: Quirks
):
    answer = Answer(thinking="hm, well", text=TEXT, tool_calls=CALLS, quirks=quirks)
    events = await outcome(provider, server, answer)
    assert part_texts(events, "thinking") == ["hm, well"]
    assert part_texts(events, "text") == [TEXT]
    assert [json.loads(t) for t in part_texts(events, "tool_call")] == [c.arguments for c in CALLS]
    assert isinstance(events[-1], Finished)
    assert events[-1].reason == "tool_calls"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("stop", "stop"),
        ("length", "length"),
        ("content_filter", "content_filter"),
        ("function_call", "tool_calls"),
        ("insufficient_system_resource", "other"),
    ],
)
async def test_finish_reasons_are_mapped_and_the_raw_one_is_kept(
    provider: OpenAIChatProvider, server: FakeLlmServer, raw: str, reason: str
):
    events = await outcome(provider, server, Answer(text="x", finish=raw))
    assert events[-1] == Finished(reason, raw, "fake-model")  # type: ignore[arg-type]


async def test_stop_with_tool_calls_counts_as_tool_calls(
    provider: OpenAIChatProvider, server: FakeLlmServer
):
    events = await outcome(provider, server, Answer(tool_calls=CALLS, finish="stop"))
    assert isinstance(events[-1], Finished)
    assert (events[-1].reason, events[-1].raw_reason) == ("tool_calls", "stop")


@pytest.mark.requirement("P2")
async def test_usage_holds_cached_and_reasoning_tokens(
    provider: OpenAIChatProvider, server: FakeLlmServer
):
    usage = WireUsage(input_tokens=100, output_tokens=20, cache_read_tokens=64, reasoning_tokens=5)
    events = await outcome(provider, server, Answer(text="x", usage=usage))
    assert (
        UsageReported(
            Usage(input_tokens=100, output_tokens=20, cache_read_tokens=64, reasoning_tokens=5)
        )
        in events
    )


async def test_no_usage_on_the_wire_is_no_usage(
    provider: OpenAIChatProvider, server: FakeLlmServer
):
    events = await outcome(provider, server, Answer(text="x", usage=None))
    assert not any(isinstance(event, UsageReported) for event in events)


async def test_the_hash_is_of_the_body_that_the_server_got(
    provider: OpenAIChatProvider, server: FakeLlmServer
):
    events = await outcome(provider, server, Answer(text="x"))
    assert isinstance(events[0], RequestSent)
    assert events[0].body_sha256 == hashlib.sha256(server.chats[0].body).hexdigest()


async def test_connections_are_used_again_after_a_whole_stream(
    provider: OpenAIChatProvider, server: FakeLlmServer
):
    for _ in range(3):
        await outcome(provider, server, Answer(text=TEXT))
    client = await provider._open_client()
    pool = client._transport._pool  # type: ignore[attr-defined]
    assert len(pool.connections) == 1


async def test_an_error_inside_the_stream_is_typed(
    provider: OpenAIChatProvider, server: FakeLlmServer
):
    answer = Answer(text="some words", error="Rate limit reached", error_code="rate_limit_exceeded")
    error = await failure(provider, server, answer)
    assert (error.failure, error.retriable) == ("rate_limit", True)
    assert "Rate limit reached" in str(error)


async def test_half_an_event_at_the_end_is_a_cut_stream(
    provider: OpenAIChatProvider, server: FakeLlmServer
):
    body = 'data: {"choices":[{"delta":{"content":"Hel'
    error = await failure(provider, server, Answer(body=body, content_type="text/event-stream"))
    assert error.failure == "network"
    assert "ended early" in str(error)


async def test_an_end_without_finish_is_a_cut_stream(
    provider: OpenAIChatProvider, server: FakeLlmServer
):
    body = 'data: {"choices":[{"delta":{"content":"Hello"}}]}\n\n'
    error = await failure(provider, server, Answer(body=body, content_type="text/event-stream"))
    assert error.failure == "network"


async def test_a_break_after_the_finish_is_no_loss(
    provider: OpenAIChatProvider, server: FakeLlmServer
):
    answer = Answer(text="all said", cut_after=99, quirks=Quirks(done_marker=False))
    events = await outcome(provider, server, answer)
    assert part_texts(events, "text") == ["all said"]


async def test_an_answer_in_one_json_object_is_taken_too(
    provider: OpenAIChatProvider, server: FakeLlmServer
):
    function = {"name": "files__read", "arguments": "{}"}
    whole = {
        "model": "m",
        "choices": [
            {
                "message": {"content": TEXT, "tool_calls": [{"id": "c", "function": function}]},
                "finish_reason": "tool_calls",
            }
        ],
        "usage": {"prompt_tokens": 1, "completion_tokens": 2},
    }
    events = await outcome(provider, server, Answer(body=json.dumps(whole)))
    assert part_texts(events, "text") == [TEXT]
    assert part_texts(events, "tool_call") == ["{}"]
    assert UsageReported(Usage(input_tokens=1, output_tokens=2)) in events


async def test_a_web_page_is_no_api(provider: OpenAIChatProvider, server: FakeLlmServer):
    for status in (200, 404):
        page = Answer(body="<html>hi</html>", content_type="text/html", status=status)
        error = await failure(provider, server, page)
        assert "web page" in str(error)
        assert "/v1" in (error.hint or "")


async def test_events_that_are_no_json_are_a_protocol_failure(
    provider: OpenAIChatProvider, server: FakeLlmServer
):
    answer = Answer(body="data: hello\n\n", content_type="text/event-stream")
    assert (await failure(provider, server, answer)).failure == "protocol"


async def test_comments_are_no_sign_of_progress():
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n")
        with suppress(ConnectionError):
            while True:
                writer.write(b": still working\n\n")
                await writer.drain()
                await asyncio.sleep(0.02)

    request = replace(user_request(), deadlines=Deadlines(first_event_seconds=0.3))
    async with raw_server(trickle) as base_url:
        provider = OpenAIChatProvider(ProviderConfig("fake", "openai", base_url))
        with pytest.raises(ProviderError) as caught:
            await collect(provider, request)
        await provider.aclose()
    assert caught.value.failure == "timeout"


async def test_models_are_listed_with_the_figures_a_server_adds(
    provider: OpenAIChatProvider, server: FakeLlmServer
):
    assert await provider.list_models() == [ListedModel("fake-model")]
    listed = {
        "data": [
            {
                "id": "big",
                "context_length": 1000,
                "top_provider": {"max_completion_tokens": 50},
                "supported_parameters": ["tools"],
            },
            {"id": "vllm", "max_model_len": 4096},
            {"no": "id"},
        ]
    }

    async def models(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = json.dumps(listed).encode()
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()

    async with raw_server(models) as base_url:
        other = OpenAIChatProvider(ProviderConfig("fake", "openai", base_url))
        assert await other.list_models() == [
            ListedModel("big", 1000, 50, tools=True),
            ListedModel("vllm", 4096),
        ]
        await other.aclose()


def decoded(*chunks: object) -> list[ModelEvent]:
    decoder = ChatDecoder(Endpoint("fake", "http://fake/v1", "m"))
    events: list[ModelEvent] = []
    for chunk in chunks:
        data = chunk if isinstance(chunk, bytes) else json.dumps(chunk).encode()
        events += decoder.feed(data)
    return events + decoder.close()


def delta(finish: str | None = None, **fields: object) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": fields, "finish_reason": finish}]}


def test_calls_that_share_an_index_but_not_an_id_stay_apart():
    events = decoded(
        delta(tool_calls=[{"index": 0, "id": "a", "function": {"name": "x", "arguments": "{}"}}]),
        delta(tool_calls=[{"index": 0, "id": "b", "function": {"name": "y", "arguments": "{}"}}]),
        delta("tool_calls"),
    )
    started = [event for event in events if isinstance(event, PartStarted)]
    assert [(event.call_id, event.wire_name) for event in started] == [("a", "x"), ("b", "y")]


def test_ids_that_come_twice_are_made_unique():
    call = {"id": "same", "function": {"name": "x", "arguments": "{}"}}
    events = decoded(
        delta(tool_calls=[{"index": 0, **call}, {"index": 1, **call}]), delta("tool_calls")
    )
    ids = [event.call_id for event in events if isinstance(event, PartStarted)]
    assert ids[0] == "same"
    assert len(set(ids)) == 2


def test_arguments_before_the_name_are_not_lost():
    events = decoded(
        delta(tool_calls=[{"index": 0, "id": "a", "function": {"arguments": '{"p"'}}]),
        delta(tool_calls=[{"index": 0, "function": {"name": "x", "arguments": ":1}"}}]),
        delta("tool_calls"),
    )
    assert part_texts(events, "tool_call") == ['{"p":1}']


def test_a_call_without_arguments_has_the_empty_object():
    events = decoded(
        delta(tool_calls=[{"index": 0, "id": "a", "function": {"name": "x", "arguments": ""}}]),
        delta("tool_calls"),
    )
    assert part_texts(events, "tool_call") == ["{}"]


def test_reasoning_beside_the_completion_is_counted_into_the_output():
    details = {"reasoning_tokens": 30}
    usage = {
        "prompt_tokens": 10,
        "completion_tokens": 5,
        "total_tokens": 45,
        "completion_tokens_details": details,
        "cost": 0.00125,
    }
    events = decoded(delta("stop", content="x"), {"choices": [], "usage": usage})
    reported = next(event for event in events if isinstance(event, UsageReported))
    assert (reported.usage.output_tokens, reported.usage.reasoning_tokens) == (35, 30)
    assert reported.provider_cost_usd == Decimal("0.00125")


def test_halves_of_a_surrogate_pair_do_not_break_the_stream():
    events = decoded(b'{"choices":[{"delta":{"content":"a\\ud83d"}}]}', delta("stop", content="b"))
    assert "".join(part_texts(events, "text")).encode("utf-8") == "a�b".encode()


def feed_in_pieces(stream: bytes, cuts: list[int]) -> list[bytes]:
    reader = SseReader()
    found: list[bytes] = []
    places = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    for start, end in itertools.pairwise(places):
        found += reader.feed(stream[start:end])
    return found + reader.flush()


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), min_size=1), max_size=6
    ),
    st.lists(st.integers(0, 10_000), max_size=8),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_events_survive_any_cut_of_the_bytes(texts: list[str], cuts: list[int], newline: str):
    stream = "".join(
        f"event: x{newline}: comment{newline}data: {text}{newline}{newline}" for text in texts
    ).encode()
    assert feed_in_pieces(stream, cuts) == [text.encode() for text in texts]


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
def test_one_byte_at_a_time_is_the_same_as_all_at_once(newline: bytes):
    lines = [b"\xef\xbb\xbfdata: a", b"data: b", b"", b"", b"data: c", b"", b""]
    stream = newline.join(lines)
    assert feed_in_pieces(stream, []) == [b"a\nb", b"c"]
    assert feed_in_pieces(stream, list(range(len(stream)))) == [b"a\nb", b"c"]


def test_line_ends_may_be_mixed():
    stream = b"data: a\r\n\ndata: b\r\n\r\n"
    assert feed_in_pieces(stream, list(range(len(stream)))) == [b"a", b"b"]


def test_data_in_several_lines_is_joined():
    assert SseReader().feed(b"data: a\ndata:b\n\n") == [b"a\nb"]


def test_a_line_has_a_bound():
    reader = SseReader(max_line_bytes=100)
    for _ in range(10):
        reader.feed(b"x" * 10)
    with pytest.raises(LineTooLong):
        reader.feed(b"x")
