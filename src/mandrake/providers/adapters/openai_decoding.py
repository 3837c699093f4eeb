"""Chunks of an OpenAI Chat Completions stream as `ModelEvent`s.

Owns the differences between servers of this protocol: names of thinking fields, tool calls with
and without index and id, arguments in pieces or in one, usage in odd places, an answer that is
not streamed at all. Deliberately does not know HTTP or server-sent events: it is fed the data of
one event at a time.

Source: OpenAI API reference, "The chat completion chunk object", seen 2026-11-20; differences as
listed in each method.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Literal, cast

import orjson

from mandrake.domain.usage import Usage
from mandrake.providers.adapters.http_failures import (
    Endpoint,
    ended_early,
    error_in_stream,
    not_an_api,
)
from mandrake.providers.port import (
    Finished,
    FinishReason,
    ModelEvent,
    PartCompleted,
    PartDelta,
    PartStarted,
    ProviderError,
    UsageReported,
)

Json = dict[str, object]

_REASONS: dict[str, FinishReason] = {
    "stop": "stop",
    "eos": "stop",
    "end_turn": "stop",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "length": "length",
    "max_tokens": "length",
    "content_filter": "content_filter",
}


@dataclass(slots=True)
class _Call:
    """A tool call being received. `part` is None until its name is known."""

    wire_id: str | None
    part: int | None = None
    pieces: list[str] = field(default_factory=list[str])


class ChatDecoder:
    """The state of one answer. `feed` every event, then `close` when the body has ended."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._next_part = 0
        self._open: tuple[int, Literal["text", "thinking"]] | None = None
        self._calls: list[_Call] = []
        self._by_index: dict[int, _Call] = {}
        self._newest_call: _Call | None = None
        self._call_ids: set[str] = set()
        self._usage: object = None
        self._raw_reason: str | None = None
        self._model: str | None = None
        self.events_seen = 0
        """Grows with every event of the wire: a sign of progress, unlike comments."""
        self.done = False
        """`[DONE]` was seen: nothing of interest follows."""

    @property
    def finish_seen(self) -> bool:
        """The model has stopped; only usage may follow."""
        return self._raw_reason is not None

    def feed(self, data: bytes) -> list[ModelEvent]:
        """Take the data of one event.

        Raises:
            ProviderError: It holds an error, or is not what the protocol says.
        """
        self.events_seen += 1
        if data == b"[DONE]":
            self.done = True
            return []
        try:
            chunk: object = orjson.loads(data)
        except orjson.JSONDecodeError:
            return self._feed_odd(data)
        return self._chunk(chunk)

    def feed_whole(self, body: bytes) -> list[ModelEvent]:
        """Take an answer that is one JSON object, from a server that does not stream."""
        events = self._feed_odd(body)
        self.done = True
        return events

    def close(self) -> list[ModelEvent]:
        """The body has ended: complete what is open.

        Raises:
            ProviderError: It ended before the answer did.
        """
        if self._raw_reason is None and not self.done:
            raise ended_early(self._endpoint)
        events: list[ModelEvent] = []
        self._close_open(events)
        for call in self._calls:
            if call.part is None:
                raise self._protocol("a tool call without a name")
            if not call.pieces:
                # No arguments at all: the empty object, so that the pieces are always JSON.
                events.append(PartDelta(call.part, "{}"))
            events.append(PartCompleted(call.part))
        events.append(Finished(self._reason(), self._raw_reason, self._model))
        return events

    def _reason(self) -> FinishReason:
        reason = "stop" if self._raw_reason is None else _REASONS.get(self._raw_reason, "other")
        # Some servers say `stop` although they call tools.
        return "tool_calls" if reason == "stop" and self._calls else reason

    def _protocol(self, what: str) -> ProviderError:
        return not_an_api(self._endpoint, what)

    def _feed_odd(self, data: bytes) -> list[ModelEvent]:
        text = data.decode("utf-8", "replace").strip()
        if text == "[DONE]":
            self.done = True
            return []
        try:
            # Takes lone surrogates, which some servers write when they cut a pair in two.
            chunk: object = json.loads(text)
        except ValueError:
            pieces = text.split("\n")
            if len(pieces) > 1:
                # Events not parted by blank lines.
                return [event for piece in pieces for event in self.feed(piece.encode("utf-8"))]
            raise self._protocol(f"an event that is not JSON: `{text[:120]}`") from None
        return self._chunk(_without_surrogates(chunk))

    def _chunk(self, chunk: object) -> list[ModelEvent]:
        if not isinstance(chunk, dict):
            raise self._protocol("an event that is not a JSON object")
        fields = cast("Json", chunk)
        error = fields.get("error")
        if error is None and fields.get("object") == "error":
            error = fields
        if error:
            raise error_in_stream(self._endpoint, error)
        events: list[ModelEvent] = []
        choices = fields.get("choices")
        if isinstance(choices, list) and choices:
            choice = cast("list[object]", choices)[0]
            if isinstance(choice, dict):
                self._choice(cast("Json", choice), events)
        if self._model is None and isinstance(model := fields.get("model"), str) and model:
            self._model = model
        usage = fields.get("usage")
        if usage is None and isinstance(groq := fields.get("x_groq"), dict):
            usage = cast("Json", groq).get("usage")
        if usage is not None and usage != self._usage:
            self._usage = usage
            reported = _usage_reported(usage)
            if reported is not None:
                events.append(reported)
        return events

    def _choice(self, choice: Json, events: list[ModelEvent]) -> None:
        index = choice.get("index")
        if index is not None and index != 0:
            return
        # `message`: the server answered in one piece.
        delta = choice.get("delta") or choice.get("message")
        if isinstance(delta, dict):
            fields = cast("Json", delta)
            thinking = fields.get("reasoning_content") or fields.get("reasoning")
            if thinking and isinstance(thinking, str):
                self._text("thinking", thinking, events)
            content = fields.get("content")
            if content:
                self._text("text", _plain(content), events)
            refusal = fields.get("refusal")
            if refusal and isinstance(refusal, str):
                self._text("text", refusal, events)
            calls = fields.get("tool_calls")
            if calls and isinstance(calls, list):
                for call in cast("list[object]", calls):
                    if isinstance(call, dict):
                        self._call(cast("Json", call), events)
        reason = choice.get("finish_reason")
        if isinstance(reason, str) and reason:
            self._raw_reason = reason

    def _text(self, kind: Literal["text", "thinking"], text: str, events: list[ModelEvent]) -> None:
        if not text:
            return
        if self._open is None or self._open[1] != kind:
            self._close_open(events)
            self._open = (self._new_part(), kind)
            events.append(PartStarted(self._open[0], kind))
        events.append(PartDelta(self._open[0], text))

    def _close_open(self, events: list[ModelEvent]) -> None:
        if self._open is not None:
            events.append(PartCompleted(self._open[0]))
            self._open = None

    def _new_part(self) -> int:
        self._next_part += 1
        return self._next_part - 1

    def _call(self, fields: Json, events: list[ModelEvent]) -> None:
        function = fields.get("function")
        function = cast("Json", function) if isinstance(function, dict) else {}
        name = function.get("name")
        name = name if isinstance(name, str) and name else None
        call = self._call_of(fields, name)
        if call.part is None and name is not None:
            self._close_open(events)
            call.part = self._new_part()
            events.append(PartStarted(call.part, "tool_call", self._unique_id(call.wire_id), name))
            events += [PartDelta(call.part, piece) for piece in call.pieces]
        arguments = function.get("arguments")
        if isinstance(arguments, dict):
            arguments = json.dumps(arguments, ensure_ascii=False)
        if isinstance(arguments, str) and arguments:
            call.pieces.append(arguments)
            if call.part is not None:
                events.append(PartDelta(call.part, arguments))

    def _call_of(self, fields: Json, name: str | None) -> _Call:
        """Which call a piece belongs to. The index decides where servers count; some give every
        call index 0 or none, so another id, or a name after whole arguments, opens a new one.
        """
        index = fields.get("index")
        wire_id = fields.get("id")
        wire_id = wire_id if isinstance(wire_id, str) and wire_id else None
        call = self._by_index.get(index) if isinstance(index, int) else self._newest_call
        if call is None or _is_another(call, wire_id, name):
            call = _Call(wire_id)
            self._calls.append(call)
            if isinstance(index, int):
                self._by_index[index] = call
        self._newest_call = call
        return call

    def _unique_id(self, wire_id: str | None) -> str:
        call_id = wire_id
        while call_id is None or call_id in self._call_ids:
            call_id = f"call_{secrets.token_hex(12)}"
        self._call_ids.add(call_id)
        return call_id


def _is_another(call: _Call, wire_id: str | None, name: str | None) -> bool:
    if wire_id is not None and call.wire_id is not None:
        return wire_id != call.wire_id
    return name is not None and call.part is not None and _is_whole("".join(call.pieces))


def _is_whole(arguments: str) -> bool:
    try:
        return isinstance(orjson.loads(arguments), dict)
    except orjson.JSONDecodeError:
        return False


def _plain(content: object) -> str:
    """Content is a string; a few servers stream a list of `{type: text, text}`."""
    if isinstance(content, str):
        return content
    texts: list[str] = []
    if isinstance(content, list):
        for item in cast("list[object]", content):
            if isinstance(item, dict):
                text = cast("Json", item).get("text")
                if isinstance(text, str):
                    texts.append(text)
    return "".join(texts)


def _without_surrogates(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_surrogates(item) for item in cast("list[object]", value)]
    if isinstance(value, dict):
        return {key: _without_surrogates(item) for key, item in cast("Json", value).items()}
    return value


def _count(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        return None
    return int(value)


def _usage_reported(usage: object) -> UsageReported | None:
    """Input includes cached tokens on this wire already. DeepSeek names cache hits apart."""
    if not isinstance(usage, dict):
        return None
    fields = cast("Json", usage)
    given = _details(fields, "prompt_tokens_details")
    made = _details(fields, "completion_tokens_details")
    input_tokens = _count(fields.get("prompt_tokens"))
    output_tokens = _count(fields.get("completion_tokens"))
    reasoning_tokens = _count(made.get("reasoning_tokens"))
    cached = given.get("cached_tokens")
    if cached is None:
        cached = fields.get("prompt_cache_hit_tokens")
    total = _count(fields.get("total_tokens"))
    if (
        reasoning_tokens
        and input_tokens is not None
        and output_tokens is not None
        and total == input_tokens + output_tokens + reasoning_tokens
    ):
        # xAI counts reasoning beside the completion; ours is inside the output.
        output_tokens += reasoning_tokens
    cost: Decimal | None = None
    raw_cost = fields.get("cost")
    if isinstance(raw_cost, (int, float, str)) and not isinstance(raw_cost, bool):
        try:
            cost = Decimal(str(raw_cost))
        except InvalidOperation:
            cost = None
    return UsageReported(
        Usage(
            input_tokens=input_tokens,
            output_tokens=output_tokens,
            cache_read_tokens=_count(cached),
            cache_write_tokens=_count(given.get("cache_write_tokens")),
            reasoning_tokens=reasoning_tokens,
        ),
        provider_cost_usd=cost if cost is None or cost.is_finite() else None,
    )


def _details(fields: Json, name: str) -> Json:
    details = fields.get(name)
    return cast("Json", details) if isinstance(details, dict) else {}
