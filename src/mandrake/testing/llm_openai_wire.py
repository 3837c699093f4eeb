"""Answers of a fake model in the chunks of OpenAI Chat Completions.

Knows no sockets; whether a request was right is judged before (`llm_openai_checks`).

Source: OpenAI API reference, "The chat completion chunk object", seen 2026-11-20.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import orjson

from mandrake.testing.llm_script import (
    Answer,
    Asked,
    JsonObject,
    RecordedRequest,
    ScriptedCall,
    WireUsage,
    argument_pieces,
    pieces_of,
)


def asked_of(body: JsonObject, request: RecordedRequest) -> Asked:
    """A checked body in neutral words."""
    messages = cast("list[JsonObject]", body["messages"])
    instructions = ""
    user_text = ""
    results: list[str] = []
    turns = 0
    for message in messages:
        text = _text_of(message.get("content"))
        match message["role"]:
            case "user":
                user_text, results, turns = text, [], 0
            case "assistant":
                turns += 1
            case "tool":
                results.append(text)
            case _:
                instructions += text
    tools = cast("list[JsonObject]", body.get("tools") or [])
    names = tuple(str(cast("JsonObject", tool["function"])["name"]) for tool in tools)
    return Asked(str(body["model"]), instructions, user_text, turns, tuple(results), names, request)


def _text_of(content: object) -> str:
    if isinstance(content, str):
        return content
    parts = cast("list[JsonObject]", content or [])
    return "\n".join(str(part["text"]) for part in parts if part.get("type") == "text")


def answer_usage(answer: Answer, asked: Asked) -> WireUsage | None:
    """What the answer reports: as scripted, or counted roughly from both sides."""
    if answer.usage != "auto":
        return answer.usage
    thinking = len(pieces_of(answer.thinking, asked))
    arguments = sum(len(argument_pieces(call, in_one=False)) for call in answer.tool_calls)
    return WireUsage(
        input_tokens=-(-len(asked.request.body) // 4),
        output_tokens=thinking + len(pieces_of(answer.text, asked)) + arguments,
        reasoning_tokens=thinking,
    )


def finish_reason(answer: Answer) -> str:
    return answer.finish or ("tool_calls" if answer.tool_calls else "stop")


def usage_json(usage: WireUsage) -> JsonObject:
    return {
        "prompt_tokens": usage.input_tokens,
        "completion_tokens": usage.output_tokens,
        "total_tokens": usage.input_tokens + usage.output_tokens,
        "prompt_tokens_details": {"cached_tokens": usage.cache_read_tokens, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning_tokens},
    }


def stream_events(answer: Answer, asked: Asked, answer_id: str) -> Iterator[tuple[bytes, bool]]:
    """The events of a streamed answer with `True` for each that carries a piece of it."""
    quirks = answer.quirks
    head: JsonObject = {
        "id": answer_id,
        "object": "chat.completion.chunk",
        "created": 1_790_000_000,
        "model": asked.model,
    }
    newline = quirks.newline.encode("ascii")

    def event(delta: JsonObject | None, **more: object) -> bytes:
        choices: list[object] = []
        if delta is not None:
            choices = [{"index": 0, "delta": delta, "finish_reason": more.pop("finish", None)}]
        data = orjson.dumps({**head, "choices": choices, **more})
        comment = b": still here" + newline * 2 if quirks.comments else b""
        return comment + b"data: " + data + newline * 2

    yield event({"role": "assistant", "content": ""}), False
    for piece in pieces_of(answer.thinking, asked):
        yield event({quirks.thinking_field: piece}), True
    for piece in pieces_of(answer.text, asked):
        yield event({"content": piece}), True
    for delta in _call_deltas(answer, answer_id):
        yield event({"tool_calls": [delta]}), True
    if answer.error is not None:
        yield (
            b"data: " + orjson.dumps(error_json(answer.error, answer.error_code)) + newline * 2,
            False,
        )
        return
    if quirks.finish_reason:
        yield event({}, finish=finish_reason(answer)), False
    usage = answer_usage(answer, asked)
    options = asked.request.json.get("stream_options")
    wants_usage = isinstance(options, dict) and cast("JsonObject", options).get("include_usage")
    if usage is not None and wants_usage:
        yield event(None, usage=usage_json(usage)), False
    if quirks.done_marker:
        yield b"data: [DONE]" + (newline * 2 if quirks.last_blank_line else b""), False


def _call_deltas(answer: Answer, answer_id: str) -> Iterator[JsonObject]:
    per_call = [
        list(_deltas_of_call(call, position, answer, answer_id))
        for position, call in enumerate(answer.tool_calls)
    ]
    if not answer.quirks.interleave_calls:
        for deltas in per_call:
            yield from deltas
        return
    longest = max((len(deltas) for deltas in per_call), default=0)
    for step in range(longest):
        for deltas in per_call:
            if step < len(deltas):
                yield deltas[step]


def _deltas_of_call(
    call: ScriptedCall, position: int, answer: Answer, answer_id: str
) -> Iterator[JsonObject]:
    quirks = answer.quirks
    pieces = argument_pieces(call, in_one=quirks.arguments_in_one)
    first: JsonObject = {"type": "function"}
    if quirks.call_ids:
        first["id"] = call_id(call, position, answer_id)
    whole = quirks.arguments_in_one
    first["function"] = {"name": call.name, "arguments": "".join(pieces) if whole else ""}
    rest: list[JsonObject] = [] if whole else [{"function": {"arguments": p}} for p in pieces]
    for delta in [first, *rest]:
        yield {"index": position, **delta} if quirks.call_indexes else delta


def call_id(call: ScriptedCall, position: int, answer_id: str) -> str:
    return call.id or f"call_{answer_id.removeprefix('chatcmpl-')}_{position}"


def whole_answer(answer: Answer, asked: Asked, answer_id: str) -> JsonObject:
    """The answer to a request that does not ask for a stream."""
    message: JsonObject = {
        "role": "assistant",
        "content": "".join(pieces_of(answer.text, asked)) or None,
    }
    if answer.tool_calls:
        message["tool_calls"] = [
            {
                "id": call_id(call, position, answer_id),
                "type": "function",
                "function": {
                    "name": call.name,
                    "arguments": "".join(argument_pieces(call, in_one=True)),
                },
            }
            for position, call in enumerate(answer.tool_calls)
        ]
    body: JsonObject = {
        "id": answer_id,
        "object": "chat.completion",
        "created": 1_790_000_000,
        "model": asked.model,
        "choices": [{"index": 0, "message": message, "finish_reason": finish_reason(answer)}],
    }
    usage = answer_usage(answer, asked)
    if usage is not None:
        body["usage"] = usage_json(usage)
    return body


def error_json(message: str, code: str | None, kind: str = "invalid_request_error") -> JsonObject:
    """OpenAI's shape of an error."""
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}
