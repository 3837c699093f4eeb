"""The fake server refuses what the real one refuses, and runs as a process of its own."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest

from mandrake.providers.adapters.openai_chat import OpenAIChatProvider
from mandrake.providers.port import ProviderConfig
from mandrake.testing.llm_openai_checks import Refused, check_request
from mandrake.testing.llm_server import Answer, FakeLlmServer, Rule, RuleScript, ScriptedCall
from mandrake.testing.provider_contract import collect, part_texts
from tests.providers.conftest import user_request

pytestmark = pytest.mark.anyio

USER = {"role": "user", "content": "hi"}
FUNCTION = {"name": "a__b", "arguments": "{}"}
CALL = {"id": "c1", "type": "function", "function": FUNCTION}
ASSISTANT = {"role": "assistant", "content": None, "tool_calls": [CALL]}
RESULT = {"role": "tool", "tool_call_id": "c1", "content": "ok"}
TOOL = {"type": "function", "function": {"name": "a__b"}}


def body(*messages: Any, **fields: Any) -> dict[str, Any]:
    return {"model": "fake-model", "messages": list(messages), **fields}


@pytest.mark.parametrize(
    "good",
    [
        body(USER),
        body({"role": "system", "content": "x"}, USER, USER),
        body(USER, ASSISTANT, RESULT),
        body(USER, ASSISTANT, RESULT, {"role": "assistant", "content": "done"}, USER),
        body(USER, tools=[TOOL], tool_choice="auto", stream=True, stream_options={}),
    ],
)
def test_valid_requests_pass(good: dict[str, Any]):
    check_request(good)


def with_call(**changes: Any) -> dict[str, Any]:
    return body(USER, {**ASSISTANT, "tool_calls": [{**CALL, **changes}]}, RESULT)


def with_tool(**function: Any) -> dict[str, Any]:
    return body(USER, tools=[{"type": "function", "function": {"name": "x", **function}}])


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (body(USER, colour="red"), "colour"),
        (body({**USER, "meta": 1}), "meta"),
        (body(), "non-empty"),
        (body({"role": "user", "content": ""}), "empty"),
        (body({"role": "user", "content": []}), "non-empty"),
        (body({"role": "robot", "content": "x"}), "robot"),
        (body(USER, {"role": "system", "content": "late"}, USER), "must come first"),
        (body(USER, {"role": "assistant", "content": "last"}), "last message"),
        (body({"role": "assistant", "content": "first"}, USER), "must follow"),
        (body(USER, {"role": "assistant", "content": None}), "null"),
        (body(USER, ASSISTANT), "have none"),
        (body(USER, ASSISTANT, USER), "did not have"),
        (body(USER, ASSISTANT, RESULT, RESULT), "must be a response"),
        (body(USER, RESULT), "must be a response"),
        (body(USER, ASSISTANT, {**RESULT, "content": ""}), "empty"),
        (body(USER, {**ASSISTANT, "tool_calls": [CALL, CALL]}, RESULT), "Duplicate"),
        (with_call(id="x" * 41), "40 characters"),
        (with_call(function={"name": "a.b", "arguments": "{}"}), "pattern"),
        (with_call(function={"name": "a", "arguments": {}}), "expected a string"),
        (with_call(function={"name": "a", "arguments": "{"}), "not JSON"),
        (with_call(function={"name": "a", "arguments": "[]"}), "not a JSON object"),
        (body(USER, tools=[]), "empty array"),
        (body(USER, tools=[TOOL, TOOL]), "twice"),
        (with_tool(name="a.b"), "pattern"),
        (with_tool(name="x" * 65), "pattern"),
        (with_tool(parameters={}), "type"),
        (with_tool(parameters={"type": "object"}), "missing properties"),
        (with_tool(parameters={"type": "object", "properties": {}, "anyOf": []}), "top level"),
        (body(USER, tool_choice="auto"), "tool_choice"),
        (body(USER, stream_options={"include_usage": True}), "stream_options"),
        (body(USER, temperature=3), "temperature"),
        (body(USER, max_tokens=0), "max_tokens"),
        (body(USER, max_tokens=1, max_completion_tokens=1), "same time"),
        (body(USER, reasoning_effort="off"), "reasoning_effort"),
    ],
)
def test_what_the_real_server_refuses_is_refused(bad: dict[str, Any], why: str):
    with pytest.raises(Refused, match=why):
        check_request(bad)


async def test_refusals_have_the_shape_of_the_real_ones(server: FakeLlmServer):
    headers = {"authorization": "Bearer test-key"}
    async with httpx2.AsyncClient(base_url=server.base_url, headers=headers) as client:
        bad = await client.post("/chat/completions", json=body(USER, colour="red"))
        missing = await client.post("/chat/completions", json={**body(USER), "model": "nope"})
        stranger = await client.get("/models", headers={"authorization": "Bearer x"})
    assert (bad.status_code, bad.json()["error"]["type"]) == (400, "invalid_request_error")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "model_not_found")
    assert (stranger.status_code, stranger.json()["error"]["code"]) == (401, "invalid_api_key")
    assert [request.refused is not None for request in server.requests] == [True] * 3
    assert server.chats == []


async def test_rules_answer_by_the_newest_message_and_the_turns_since():
    script = RuleScript(
        rules=[
            Rule(
                contains="read",
                answers=[
                    Answer(tool_calls=[ScriptedCall(name="a__b", arguments={"p": 1})]),
                    Answer(text="It says {tool}"),
                ],
            )
        ]
    )
    headers = {"authorization": "Bearer test-key"}
    read = {"role": "user", "content": "Please READ it"}
    async with FakeLlmServer(script) as fake, httpx2.AsyncClient(headers=headers) as client:
        said: list[Any] = []
        for messages in ([USER], [read], [read, ASSISTANT, RESULT]):
            answer = await client.post(f"{fake.base_url}/chat/completions", json=body(*messages))
            said.append(answer.json()["choices"][0]["message"])
    assert said[0]["content"] == "You said: hi"
    assert said[1]["tool_calls"][0]["function"] == {"name": "a__b", "arguments": '{"p": 1}'}
    assert said[2]["content"] == "It says ok"


async def test_it_runs_as_a_process_of_its_own(tmp_path: Path):
    script = tmp_path / "script.json"
    requests = tmp_path / "requests.jsonl"
    rules = [{"contains": "hello", "answers": [{"text": "from another process"}]}]
    script.write_text(json.dumps({"api_key": "k", "rules": rules}), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "mandrake.testing.llm_server", "--script", str(script)),
        *("--requests", str(requests)),
        stdout=asyncio.subprocess.PIPE,
        env={"PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(10):
            base_url = json.loads(await process.stdout.readline())["base_url"]
        provider = OpenAIChatProvider(ProviderConfig("fake", "openai", base_url, "k"))
        events = await collect(provider, user_request("hello"))
        await provider.aclose()
    finally:
        process.kill()
        await process.communicate()
    assert part_texts(events, "text") == ["from another process"]
    assert json.loads(requests.read_text(encoding="utf-8"))["model"] == "fake-model"
