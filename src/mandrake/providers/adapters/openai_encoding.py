"""A `ModelRequest` as the body of an OpenAI Chat Completions call.

Pure and deterministic: the same request gives the same bytes, so the wire form of a stored turn
can be rebuilt and compared by its hash. Deliberately does not know HTTP.

Source: OpenAI API reference, "Create chat completion", seen 2026-11-20.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, cast

import orjson
from pydantic import JsonValue

from mandrake.errors import InvalidInput
from mandrake.providers.port import (
    AssistantMessage,
    ImageContent,
    Message,
    ModelRequest,
    TextContent,
    ToolCallContent,
    ToolResultMessage,
    UserMessage,
    WireTool,
)

JsonObject = dict[str, JsonValue]
MAX_CALL_ID_CHARS = 40
"""Longer ids of tool calls are refused by OpenAI; ours are shortened by hash."""

_COMBINATORS = ("oneOf", "anyOf", "allOf", "enum", "not")


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where servers of this protocol differ. Set by `ProviderConfig.options`."""

    max_tokens_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    instructions_role: Literal["system", "developer"] = "system"
    ask_for_usage: bool = True
    """Whether to send `stream_options.include_usage`; a few servers refuse the field."""


def dialect_of(base_url_host: str, options: Mapping[str, JsonValue]) -> Dialect:
    """The switches of one provider: defaults by host, then what the person set.

    Raises:
        InvalidInput: An option has a value that does not exist.
    """
    official = base_url_host == "api.openai.com" or base_url_host.endswith(".api.openai.com")
    field = options.get("max_tokens_field", "max_completion_tokens" if official else "max_tokens")
    role = options.get("instructions_role", "system")
    usage = options.get("ask_for_usage", True)
    if field not in {"max_tokens", "max_completion_tokens"}:
        raise InvalidInput(
            f"option `max_tokens_field` is `{field}`: use `max_tokens` or `max_completion_tokens`"
        )
    if role not in {"system", "developer"}:
        raise InvalidInput(f"option `instructions_role` is `{role}`: use `system` or `developer`")
    if not isinstance(usage, bool):
        raise InvalidInput("option `ask_for_usage` must be true or false")
    return Dialect(
        max_tokens_field=cast("Literal['max_tokens', 'max_completion_tokens']", field),
        instructions_role=cast("Literal['system', 'developer']", role),
        ask_for_usage=usage,
    )


def encode_request(request: ModelRequest, dialect: Dialect) -> bytes:
    """The body, byte for byte as it is sent.

    Raises:
        InvalidInput: A user message is empty.
    """
    settings = request.settings
    body: JsonObject = {"model": request.model, "messages": _messages(request, dialect)}
    if request.tools:
        body["tools"] = [_tool(tool) for tool in request.tools]
    body["stream"] = True
    if dialect.ask_for_usage:
        body["stream_options"] = {"include_usage": True}
    if settings.temperature is not None:
        body["temperature"] = settings.temperature
    if settings.max_output_tokens is not None:
        body[dialect.max_tokens_field] = settings.max_output_tokens
    if settings.reasoning is not None and settings.reasoning != "off":
        body["reasoning_effort"] = settings.reasoning
    for name, value in settings.extra.items():
        needs_tools = name in {"tool_choice", "parallel_tool_calls"}
        if name not in body and (request.tools or not needs_tools):
            body[name] = value
    return _dump(body)


def body_size_estimate(request: ModelRequest) -> int:
    """Rough size of the body in bytes, without making it: decides whether it is made in a
    thread.
    """
    size = len(request.instructions)
    for message in request.messages:
        if isinstance(message, ToolResultMessage):
            size += len(message.text)
            continue
        for item in message.content:
            if isinstance(item, ImageContent):
                size += len(item.content) * 4 // 3
            elif isinstance(item, ToolCallContent):
                size += 1000
            else:
                size += len(item.text)
    return size


def _dump(value: object) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:
        # Integers beyond 64 bits and lone surrogates: rare, valid JSON, and unknown to orjson.
        return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def _messages(request: ModelRequest, dialect: Dialect) -> list[JsonValue]:
    encoded: list[JsonValue] = []
    if request.instructions:
        encoded.append({"role": dialect.instructions_role, "content": request.instructions})
    for message in request.messages:
        item = _message(message)
        if item is not None:
            encoded.append(item)
    return encoded


def _message(message: Message) -> JsonObject | None:
    match message:
        case UserMessage():
            return {"role": "user", "content": _user_content(message.content)}
        case AssistantMessage():
            return _assistant(message)
        case ToolResultMessage():
            return {
                "role": "tool",
                "tool_call_id": wire_call_id(message.call_id),
                "content": _result_text(message),
            }


def _user_content(content: Iterable[TextContent | ImageContent]) -> JsonValue:
    kept = [item for item in content if not isinstance(item, TextContent) or item.text]
    if not kept:
        raise InvalidInput("the message is empty: write something or attach an image")
    texts = [item.text for item in kept if isinstance(item, TextContent)]
    if len(texts) == len(kept):
        # Many compatible servers take only a string here.
        return "\n\n".join(texts)
    items: list[JsonValue] = []
    for item in kept:
        if isinstance(item, TextContent):
            items.append({"type": "text", "text": item.text})
        else:
            encoded = base64.b64encode(item.content).decode("ascii")
            url = f"data:{item.media_type};base64,{encoded}"
            items.append({"type": "image_url", "image_url": {"url": url}})
    return items


def _assistant(message: AssistantMessage) -> JsonObject | None:
    text = "".join(item.text for item in message.content if isinstance(item, TextContent))
    calls: list[JsonValue] = [
        {
            "id": wire_call_id(item.call_id),
            "type": "function",
            "function": {
                "name": item.wire_name,
                "arguments": _dump(item.arguments).decode("utf-8"),
            },
        }
        for item in message.content
        if isinstance(item, ToolCallContent)
    ]
    if not text and not calls:
        return None
    encoded: JsonObject = {"role": "assistant", "content": text or None}
    if calls:
        encoded["tool_calls"] = calls
    return encoded


def _result_text(message: ToolResultMessage) -> str:
    text = message.text or "(no output)"
    # The protocol has no field for a failed call, so the text must say it.
    if message.is_error and not text.lower().startswith("error"):
        return f"Error: {text}"
    return text


def wire_call_id(call_id: str) -> str:
    """The id as sent: unchanged when short enough, else a stable hash of it."""
    if len(call_id) <= MAX_CALL_ID_CHARS:
        return call_id
    return f"call_{hashlib.sha256(call_id.encode('utf-8')).hexdigest()[:32]}"


def _tool(tool: WireTool) -> JsonObject:
    parameters: JsonObject = {
        key: value for key, value in tool.input_schema.items() if key not in _COMBINATORS
    }
    # Refused otherwise; our own validation still judges calls by the whole schema.
    parameters["type"] = "object"
    parameters.setdefault("properties", {})
    function: JsonObject = {"name": tool.name, "parameters": parameters}
    if tool.description:
        function["description"] = tool.description
    return {"type": "function", "function": function}
