"""Requests of OpenAI Chat Completions as a fake server judges them: refuses what the real one does.

Knows no sockets and no answers (`llm_openai_wire`).

Source: OpenAI API reference, "Create chat completion", and the limits it enforces, seen
2026-11-20. Stricter than the original in one point: two assistant messages in a row are refused,
as only a broken history holds them.
"""

from __future__ import annotations

import json
import re
from typing import cast

from mandrake.testing.llm_script import JsonObject

TOOL_NAME = re.compile(r"^[a-zA-Z0-9_-]{1,64}$")
MAX_TOOLS = 128
MAX_CALL_ID_CHARS = 40

_TOP_LEVEL = frozenset(
    [
        "audio",
        "frequency_penalty",
        "function_call",
        "functions",
        "logit_bias",
        "logprobs",
        "max_completion_tokens",
        "max_tokens",
        "messages",
        "metadata",
        "modalities",
        "model",
        "n",
        "parallel_tool_calls",
        "prediction",
        "presence_penalty",
        "prompt_cache_key",
        "prompt_cache_retention",
        "reasoning_effort",
        "response_format",
        "safety_identifier",
        "seed",
        "service_tier",
        "stop",
        "store",
        "stream",
        "stream_options",
        "temperature",
        "tool_choice",
        "tools",
        "top_logprobs",
        "top_p",
        "user",
        "verbosity",
        "web_search_options",
    ]
)
_MESSAGE_FIELDS = {
    "system": {"role", "content", "name"},
    "developer": {"role", "content", "name"},
    "user": {"role", "content", "name"},
    "assistant": {"role", "content", "name", "refusal", "tool_calls", "audio"},
    "tool": {"role", "content", "tool_call_id"},
}
_EFFORTS = {"none", "minimal", "low", "medium", "high", "xhigh"}


class Refused(Exception):
    """The request is malformed: answered with status 400 in OpenAI's shape."""


def check_request(body: JsonObject) -> None:
    """Judge a parsed body.

    Raises:
        Refused: The real server would refuse it.
    """
    unknown = sorted(set(body) - _TOP_LEVEL)
    if unknown:
        raise Refused(f"Unrecognized request argument supplied: {', '.join(unknown)}")
    if not isinstance(body.get("model"), str):
        raise Refused("you must provide a model parameter")
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise Refused("Invalid 'messages': expected a non-empty array.")
    _check_settings(body)
    _check_tools(body)
    _check_messages([_object(item, "messages") for item in cast("list[object]", messages)])


def _object(value: object, where: str) -> JsonObject:
    if not isinstance(value, dict):
        raise Refused(f"Invalid type for '{where}': expected an object.")
    return cast("JsonObject", value)


def _number(value: object) -> float | None:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _check_stream(body: JsonObject) -> None:
    stream = body.get("stream", False)
    if not isinstance(stream, bool):
        raise Refused("Invalid type for 'stream': expected a boolean.")
    if "stream_options" in body:
        if not stream:
            raise Refused(
                "The 'stream_options' parameter is only allowed when 'stream' is enabled."
            )
        options = _object(body["stream_options"], "stream_options")
        if set(options) - {"include_usage", "include_obfuscation"}:
            raise Refused("Unknown parameter in 'stream_options'.")


def _check_settings(body: JsonObject) -> None:
    _check_stream(body)
    if "temperature" in body:
        temperature = _number(body["temperature"])
        if temperature is None or not 0 <= temperature <= 2:
            raise Refused("Invalid 'temperature': must be a number from 0 to 2.")
    if "max_tokens" in body and "max_completion_tokens" in body:
        raise Refused("Setting 'max_tokens' and 'max_completion_tokens' at the same time.")
    for name in ("max_tokens", "max_completion_tokens"):
        value = body.get(name)
        if name in body and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
            raise Refused(f"Invalid '{name}': expected an integer above 0.")
    if "reasoning_effort" in body and body["reasoning_effort"] not in _EFFORTS:
        raise Refused("Invalid value for 'reasoning_effort'.")


def _check_tools(body: JsonObject) -> None:
    tools = body.get("tools")
    if tools is None:
        for name in ("tool_choice", "parallel_tool_calls"):
            if name in body:
                raise Refused(f"'{name}' is only allowed when 'tools' are specified.")
        return
    if not isinstance(tools, list) or not tools:
        raise Refused("Invalid 'tools': empty array. Expected an array with minimum length 1.")
    items = cast("list[object]", tools)
    if len(items) > MAX_TOOLS:
        raise Refused(f"Invalid 'tools': array too long. Expected at most {MAX_TOOLS}.")
    seen: set[str] = set()
    for position, item in enumerate(items):
        name = _check_tool(item, f"tools[{position}]")
        if name in seen:
            raise Refused(f"Invalid 'tools[{position}].function.name': '{name}' is defined twice.")
        seen.add(name)


def _check_tool(item: object, where: str) -> str:
    tool = _object(item, where)
    if tool.get("type") != "function" or set(tool) != {"type", "function"}:
        raise Refused(f"Invalid '{where}': expected type 'function' and its function.")
    function = _object(tool["function"], f"{where}.function")
    if set(function) - {"name", "description", "parameters", "strict"}:
        raise Refused(f"Unknown parameter in '{where}.function'.")
    name = function.get("name")
    if not isinstance(name, str) or not TOOL_NAME.match(name):
        raise Refused(
            f"Invalid '{where}.function.name': string does not match pattern. "
            "Expected a string that matches the pattern '^[a-zA-Z0-9_-]{1,64}$'."
        )
    if not isinstance(function.get("description", ""), str):
        raise Refused(f"Invalid type for '{where}.function.description'.")
    if "parameters" in function:
        _check_schema(name, _object(function["parameters"], f"{where}.function.parameters"))
    return name


def _check_schema(name: str, schema: JsonObject) -> None:
    if schema.get("type") != "object":
        raise Refused(
            f"Invalid schema for function '{name}': schema must be a JSON Schema of 'type: "
            f'"object"\', got \'type: "{schema.get("type")}"\'.'
        )
    if not isinstance(schema.get("properties"), dict):
        raise Refused(
            f"Invalid schema for function '{name}': In context=(), object schema missing properties"
        )
    if any(key in schema for key in ("oneOf", "anyOf", "allOf", "enum", "not")):
        raise Refused(
            f"Invalid schema for function '{name}': schema must not have "
            "'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level."
        )


def _check_messages(messages: list[JsonObject]) -> None:
    pending: list[str] = []
    previous = ""
    for position, message in enumerate(messages):
        where = f"messages[{position}]"
        role = _checked_role(message, where)
        if role == "tool":
            _check_result(message, where, pending)
        elif pending:
            raise Refused(
                "An assistant message with 'tool_calls' must be followed by tool messages "
                "responding to each 'tool_call_id'. The following tool_call_ids did not have "
                f"response messages: {', '.join(pending)}"
            )
        elif role == "assistant":
            if previous not in {"user", "tool"}:
                raise Refused(f"'{where}': an assistant message must follow user or tool.")
            pending = _check_assistant(message, where)
        else:
            if role != "user" and previous not in {"", "system", "developer"}:
                raise Refused(f"'{where}': a {role} message must come first.")
            _check_content(message.get("content"), where, images=role == "user")
        previous = role
    if pending:
        raise Refused(
            "An assistant message with 'tool_calls' must be followed by tool messages: "
            f"{', '.join(pending)} have none."
        )
    if previous not in {"user", "tool"}:
        raise Refused("The last message must be of a user or a tool.")


def _checked_role(message: JsonObject, where: str) -> str:
    role = message.get("role")
    if not isinstance(role, str) or role not in _MESSAGE_FIELDS:
        raise Refused(f"Invalid value for '{where}.role': {role!r}.")
    unknown = sorted(set(message) - _MESSAGE_FIELDS[role])
    if unknown:
        raise Refused(f"Unknown parameter: '{where}.{unknown[0]}'.")
    return role


def _check_result(message: JsonObject, where: str, pending: list[str]) -> None:
    call_id = message.get("tool_call_id")
    if call_id not in pending:
        raise Refused(
            f"Invalid parameter: '{where}': messages with role 'tool' must be a response to a "
            "preceeding message with 'tool_calls'."
        )
    pending.remove(cast("str", call_id))
    _check_content(message.get("content"), where, images=False)


def _check_assistant(message: JsonObject, where: str) -> list[str]:
    calls = message.get("tool_calls")
    if message.get("content") is not None:
        _check_content(message["content"], where, images=False)
    elif calls is None:
        raise Refused(f"Invalid value for '{where}.content': expected a string, got null.")
    if calls is None:
        return []
    if not isinstance(calls, list) or not calls:
        raise Refused(f"Invalid '{where}.tool_calls': empty array.")
    ids: list[str] = []
    for position, item in enumerate(cast("list[object]", calls)):
        place = f"{where}.tool_calls[{position}]"
        call_id = _check_call(item, place)
        if call_id in ids:
            raise Refused(f"Duplicate value for '{place}.id'.")
        ids.append(call_id)
    return ids


def _check_call(item: object, place: str) -> str:
    call = _object(item, place)
    if set(call) != {"id", "type", "function"} or call["type"] != "function":
        raise Refused(f"Invalid '{place}': expected id, type 'function' and function.")
    call_id = call["id"]
    if not isinstance(call_id, str) or not 1 <= len(call_id) <= MAX_CALL_ID_CHARS:
        raise Refused(f"Invalid '{place}.id': expected 1 to {MAX_CALL_ID_CHARS} characters.")
    function = _object(call["function"], f"{place}.function")
    name = function.get("name")
    if set(function) != {"name", "arguments"} or not isinstance(name, str):
        raise Refused(f"Invalid '{place}.function': expected name and arguments.")
    if not TOOL_NAME.match(name):
        raise Refused(f"Invalid '{place}.function.name': string does not match pattern.")
    _check_arguments(function["arguments"], place)
    return call_id


def _check_arguments(arguments: object, place: str) -> None:
    if not isinstance(arguments, str):
        raise Refused(f"Invalid type for '{place}.function.arguments': expected a string.")
    try:
        parsed: object = json.loads(arguments)
    except ValueError:
        raise Refused(f"Invalid '{place}.function.arguments': not JSON.") from None
    if not isinstance(parsed, dict):
        raise Refused(f"Invalid '{place}.function.arguments': not a JSON object.")


def _check_content(content: object, where: str, *, images: bool) -> None:
    if isinstance(content, str):
        if not content:
            raise Refused(f"Invalid '{where}.content': empty string.")
        return
    if not isinstance(content, list) or not content:
        raise Refused(f"Invalid '{where}.content': expected a string or a non-empty array.")
    for item in cast("list[object]", content):
        part = _object(item, f"{where}.content")
        kind = part.get("type")
        if kind == "text" and set(part) == {"type", "text"}:
            if not isinstance(part["text"], str) or not part["text"]:
                raise Refused(f"Invalid '{where}.content': empty text.")
        elif kind == "image_url" and images and set(part) == {"type", "image_url"}:
            url = _object(part["image_url"], f"{where}.content").get("url")
            if not isinstance(url, str) or not re.match(
                r"(https?://|data:image/[\w.+-]+;base64,.)", url
            ):
                raise Refused(f"Invalid '{where}.content': the image URL is malformed.")
        else:
            raise Refused(f"Invalid '{where}.content': a part of type {kind!r} is not allowed.")
