"""What the OpenAI adapter sends, judged by the strict server, and where it sends the key."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
from dataclasses import replace

import pytest

from mandrake.errors import InvalidInput
from mandrake.providers.adapters.openai_chat import OpenAIChatProvider
from mandrake.providers.adapters.openai_encoding import Dialect, dialect_of, encode_request
from mandrake.providers.port import (
    AssistantMessage,
    Deadlines,
    ImageContent,
    ModelRequest,
    ModelSettings,
    ProviderConfig,
    ProviderError,
    TextContent,
    ThinkingContent,
    ToolCallContent,
    ToolResultMessage,
    UserMessage,
    WireTool,
)
from mandrake.testing.llm_server import Answer, FakeLlmServer
from mandrake.testing.provider_contract import collect
from tests.providers.conftest import TOOL, raw_server, user_request

pytestmark = pytest.mark.anyio

LONG_ID = "toolu_" + "x" * 60
HISTORY = (
    UserMessage((TextContent("look"), ImageContent("image/png", b"\x89PNG"))),
    AssistantMessage(
        (
            ThinkingContent("secret thought", "signature"),
            TextContent("I look."),
            ToolCallContent("call_1", "files__read", {"path": "ü", "big": 2**70}),
            ToolCallContent(LONG_ID, "files__read", {}),
        )
    ),
    ToolResultMessage("call_1", "files__read", "content"),
    ToolResultMessage(LONG_ID, "files__read", "", is_error=True),
    AssistantMessage((ThinkingContent("only a thought"),)),
    UserMessage((TextContent("and"), TextContent("now?"))),
)


def request_with(**changes: object) -> ModelRequest:
    return replace(user_request("hello", TOOL), **changes)


async def test_a_whole_history_is_accepted_by_the_strict_server(
    provider: OpenAIChatProvider, server: FakeLlmServer
):
    server.answer(Answer(text="ok"))
    await collect(provider, request_with(messages=HISTORY))
    messages = server.chats[0].json["messages"]
    assert isinstance(messages, list)
    system, user, assistant, first, second, last = messages
    assert system == {"role": "system", "content": "Be brief."}
    image = base64.b64encode(b"\x89PNG").decode()
    assert user["content"] == [
        {"type": "text", "text": "look"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{image}"}},
    ]
    assert assistant["content"] == "I look."
    calls = assistant["tool_calls"]
    assert json.loads(calls[0]["function"]["arguments"]) == {"path": "ü", "big": 2**70}
    assert first == {"role": "tool", "tool_call_id": "call_1", "content": "content"}
    assert second["tool_call_id"] == calls[1]["id"]
    assert len(second["tool_call_id"]) <= 40
    assert second["content"] == "Error: (no output)"
    assert last == {"role": "user", "content": "and\n\nnow?"}
    assert b"thought" not in server.chats[0].body


async def test_tools_of_any_schema_are_accepted(
    provider: OpenAIChatProvider, server: FakeLlmServer
):
    tools = (
        WireTool("a__empty", "", {}),
        WireTool("a__union", "Either.", {"anyOf": [{"required": ["x"]}], "type": "object"}),
        WireTool("b" * 64, "Long.", {"type": "object", "properties": {"x": {"type": "string"}}}),
    )
    server.answer(Answer(text="ok"))
    await collect(provider, request_with(tools=tools))
    assert [r.refused for r in server.requests] == [None]


async def test_settings_are_sent_and_extra_never_overrides_them(
    provider: OpenAIChatProvider, server: FakeLlmServer
):
    chosen = ModelSettings(
        temperature=0.5,
        max_output_tokens=100,
        reasoning="low",
        extra={"temperature": 2, "stream": False, "messages": [], "seed": 7},
    )
    server.answer(Answer(text="ok"))
    await collect(provider, request_with(settings=chosen))
    body = server.chats[0].json
    assert body["temperature"] == 0.5
    assert body["max_tokens"] == 100
    assert body["reasoning_effort"] == "low"
    assert body["stream"] is True
    assert body["stream_options"] == {"include_usage": True}
    assert body["messages"]
    assert body["seed"] == 7


def body_of(dialect: Dialect, **changes: object) -> dict[str, object]:
    return json.loads(encode_request(request_with(**changes), dialect))


def test_the_official_host_gets_max_completion_tokens():
    chosen = ModelSettings(max_output_tokens=9, reasoning="off")
    official = body_of(dialect_of("api.openai.com", {}), settings=chosen)
    assert official["max_completion_tokens"] == 9
    assert "max_tokens" not in official
    assert "reasoning_effort" not in official


def test_switches_of_a_provider_change_the_body():
    options = {
        "max_tokens_field": "max_completion_tokens",
        "instructions_role": "developer",
        "ask_for_usage": False,
    }
    body = body_of(dialect_of("127.0.0.1", options), settings=ModelSettings(max_output_tokens=9))
    assert body["max_completion_tokens"] == 9
    assert "stream_options" not in body
    assert body["messages"][0]["role"] == "developer"  # type: ignore[index]
    with pytest.raises(InvalidInput, match="max_tokens_field"):
        dialect_of("127.0.0.1", {"max_tokens_field": "tokens"})


def test_tool_choice_is_not_sent_without_tools():
    chosen = ModelSettings(extra={"tool_choice": "auto"})
    assert "tool_choice" not in body_of(Dialect(), settings=chosen, tools=())
    assert body_of(Dialect(), settings=chosen)["tool_choice"] == "auto"


def test_the_same_request_gives_the_same_bytes():
    request = request_with(messages=HISTORY)
    assert encode_request(request, Dialect()) == encode_request(request, Dialect())


async def test_an_empty_message_is_refused_before_it_is_sent(provider: OpenAIChatProvider):
    with pytest.raises(ProviderError) as caught:
        await collect(provider, request_with(messages=(UserMessage((TextContent(""),)),)))
    assert caught.value.failure == "bad_request"


async def refused(base_url: str, key: str | None = "test-key") -> ProviderError:
    provider = OpenAIChatProvider(ProviderConfig("fake", "openai", base_url, key))
    try:
        with pytest.raises(ProviderError) as caught:
            await collect(provider, user_request())
        return caught.value
    finally:
        await provider.aclose()


async def test_nobody_listening_names_the_address():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        error = await refused(address)
    assert error.failure == "network"
    assert error.hint == f"Is the server running at `{address}`?"


async def test_a_wrong_key_says_where_to_change_it_and_is_not_shown(server: FakeLlmServer):
    error = await refused(server.base_url, "sk-wrong-0123456789")
    assert error.failure == "authentication"
    assert error.status == 401
    assert "mandrake provider" in (error.hint or "")
    assert "sk-wrong" not in f"{error} {error.hint}"


async def test_a_key_in_the_words_of_a_provider_is_masked(
    provider: OpenAIChatProvider, server: FakeLlmServer
):
    server.answer(Answer(status=401, error="Incorrect API key provided: sk-proj-abcdef123456."))
    with pytest.raises(ProviderError) as caught:
        await collect(provider, user_request())
    assert "Incorrect API key" in str(caught.value)
    assert "abcdef" not in str(caught.value)


async def test_a_key_with_a_line_end_never_leaves(server: FakeLlmServer):
    error = await refused(server.base_url, "test-key\nx")
    assert error.failure == "authentication"
    assert server.requests == []


async def test_a_wrong_path_speaks_of_the_base_url(server: FakeLlmServer):
    error = await refused(server.base_url.removesuffix("/v1"))
    assert error.status == 404
    assert "/v1" in (error.hint or "")


async def test_an_unknown_model_is_named(provider: OpenAIChatProvider):
    with pytest.raises(ProviderError) as caught:
        await collect(provider, request_with(model="nope"))
    assert caught.value.failure == "model_not_found"
    assert "`nope`" in (caught.value.hint or "")


async def test_the_key_does_not_follow_a_redirect(
    provider: OpenAIChatProvider, server: FakeLlmServer
):
    async with FakeLlmServer([Answer(text="stolen")]) as other:
        location = f"{other.base_url}/chat/completions"
        server.answer(Answer(status=307, headers={"location": location}, body=""))
        with pytest.raises(ProviderError) as caught:
            await collect(provider, user_request())
        assert other.requests == []
    assert caught.value.failure == "protocol"
    assert other.base_url in str(caught.value)


@pytest.mark.parametrize(
    ("headers", "low", "high"),
    [
        ({"retry-after": "7"}, 7, 7),
        ({"retry-after-ms": "1500"}, 1.5, 1.5),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0, 0),
        ({"retry-after": "Fri, 01 Jan 2100 00:00:00 GMT"}, 1e8, 1e11),
    ],
)
async def test_the_wait_that_a_provider_asks_for_is_known(
    provider: OpenAIChatProvider,
    server: FakeLlmServer,
    headers: dict[str, str],
    low: float,
    high: float,
):
    server.answer(Answer(status=429, error="Slow.", headers=headers))
    with pytest.raises(ProviderError) as caught:
        await collect(provider, user_request())
    assert caught.value.retry_after_seconds is not None
    assert low <= caught.value.retry_after_seconds <= high


@pytest.mark.parametrize(
    ("status", "message", "code", "failure", "retriable"),
    [
        (400, "This model's maximum context length is 8192 tokens.", None, "context_length", False),
        (400, "the request exceeds the available context size", None, "context_length", False),
        (413, "too large", None, "context_length", False),
        (400, "API key not valid. Please pass a valid API key.", None, "authentication", False),
        (403, "no", None, "permission", False),
        (402, "Insufficient credits", None, "permission", False),
        (429, "You exceeded your current quota", "insufficient_quota", "rate_limit", False),
        (422, "bad", None, "bad_request", False),
        (502, "bad gateway", None, "server", True),
        (503, "busy", None, "overloaded", True),
        (504, "slow", None, "timeout", True),
    ],
)
async def test_statuses_and_messages_are_judged(
    provider: OpenAIChatProvider,
    server: FakeLlmServer,
    status: int,
    message: str,
    code: str | None,
    failure: str,
    retriable: bool,
):
    server.answer(Answer(status=status, error=message, error_code=code))
    with pytest.raises(ProviderError) as caught:
        await collect(provider, user_request())
    assert (caught.value.failure, caught.value.retriable) == (failure, retriable)
    assert caught.value.status == status
    assert message[:10] in str(caught.value)


async def test_a_server_that_accepts_and_says_nothing_meets_the_deadline():
    async def hold(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    slow = replace(user_request(), deadlines=Deadlines(first_event_seconds=0.2))
    async with raw_server(hold) as base_url:
        provider = OpenAIChatProvider(ProviderConfig("fake", "openai", base_url))
        with pytest.raises(ProviderError) as caught:
            await collect(provider, slow)
        await provider.aclose()
    assert caught.value.failure == "timeout"
    assert "0.2 s" in str(caught.value)
