"""Streams the rehearsal's steps as a provider would: thinking, text, calls in pieces, at a pace.

Owns pace and order of events. No key, no network, no figures: its usage and cost are unknown by
nature, as no model worked.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from collections.abc import AsyncGenerator, Iterable

import orjson

from mandrake.domain.usage import Usage
from mandrake.providers.adapters.rehearsal import report
from mandrake.providers.adapters.rehearsal.plan import next_step, situation_of
from mandrake.providers.adapters.rehearsal.wishes import parse_wishes
from mandrake.providers.port import (
    Finished,
    ListedModel,
    ModelEvent,
    ModelRequest,
    PartCompleted,
    PartDelta,
    PartStarted,
    ProviderConfig,
    ProviderError,
    RequestSent,
    UsageReported,
)

ADAPTER = "rehearsal/1"
MODEL = "rehearsal"
DEFAULT_PACE_MS = 10.0
_MAX_PACE_MS = 10_000.0


class RehearsalProvider:
    """A small honest program in a provider's place; see the package's docstring."""

    def __init__(self, config: ProviderConfig) -> None:
        self.kind = config.kind
        self._id = config.id
        self._closed = False

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent]:
        """See `Provider.stream`. `settings.extra["pace_ms"]` is the wait before each piece."""
        if self._closed:
            raise ProviderError(f"provider `{self._id}` is closed", failure="network")
        pace_seconds = _pace_seconds(request)
        situation = situation_of(request.messages)
        yield RequestSent(_fingerprint(request, situation.user_text), ADAPTER)
        wishes = parse_wishes(situation.user_text)
        step = next_step(wishes, request.tools, situation)
        thinking = _words([report.thinking(step, wishes)])
        text = [report.before_calls(step.calls)] if step.calls else report.answer(step, wishes)
        yield PartStarted(0, "thinking")
        for piece in thinking:
            await asyncio.sleep(pace_seconds)
            yield PartDelta(0, piece)
        yield PartCompleted(0)
        yield PartStarted(1, "text")
        for piece in _words(text):
            await asyncio.sleep(pace_seconds)
            yield PartDelta(1, piece)
        yield PartCompleted(1)
        for index, call in enumerate(step.calls, start=2):
            yield PartStarted(index, "tool_call", f"call_{secrets.token_hex(12)}", call.wire_name)
            arguments = orjson.dumps(call.arguments).decode("utf-8")
            for start in range(0, len(arguments), 16):
                await asyncio.sleep(pace_seconds)
                yield PartDelta(index, arguments[start : start + 16])
            yield PartCompleted(index)
        yield UsageReported(Usage())
        yield Finished("tool_calls" if step.calls else "stop", response_model=MODEL)

    async def list_models(self) -> list[ListedModel]:
        """The one name there is; any other works the same."""
        return [ListedModel(MODEL, tools=True)]

    async def aclose(self) -> None:
        """Refuse streams from now on; there is nothing to close."""
        self._closed = True


def _pace_seconds(request: ModelRequest) -> float:
    pace_ms = request.settings.extra.get("pace_ms", DEFAULT_PACE_MS)
    if isinstance(pace_ms, bool) or not isinstance(pace_ms, (int, float)):
        raise ProviderError(
            f"setting `pace_ms` is `{pace_ms}`: it must be a number", failure="bad_request"
        )
    return min(max(float(pace_ms), 0.0), _MAX_PACE_MS) / 1000


def _fingerprint(request: ModelRequest, user_text: str) -> str:
    """Nothing is sent, so this stands for what was read."""
    names = [tool.name for tool in request.tools]
    content = orjson.dumps([request.model, len(request.messages), names])
    return hashlib.sha256(content + user_text.encode("utf-8", "replace")).hexdigest()


def _words(blocks: Iterable[str]) -> Iterable[str]:
    for block in blocks:
        yield from re.findall(r"\s*\S+\s*$|\s*\S+|\s+$", block)
