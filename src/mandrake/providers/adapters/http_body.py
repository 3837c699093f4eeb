"""Bodies of responses, in bounded memory and under deadlines, for every HTTP adapter.

Knows neither events nor formats: whoever reads says by `Progress` what counts as a sign of life.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Protocol

import httpx2

from mandrake.providers.adapters.http_failures import (
    MAX_ERROR_BODY_BYTES,
    Endpoint,
    ended_early,
    error_of_transport,
    not_an_api,
    too_late,
)
from mandrake.providers.port import Deadlines, ProviderError

MAX_RESPONSE_BYTES = 64 * 1024 * 1024
AFTER_FINISH_SECONDS = 5.0
"""How long usage and the end may take once the model has stopped."""

_DRAIN_SECONDS = 0.05
_ERROR_BODY_SECONDS = 5.0


class Progress(Protocol):
    """What a decoder has seen so far."""

    @property
    def events_seen(self) -> int:
        """Grows with every event of the wire, but not with comments."""
        ...

    @property
    def finish_seen(self) -> bool:
        """The model has stopped: a body that breaks now is no loss."""
        ...


async def stream_body(
    response: httpx2.Response,
    progress: Progress,
    endpoint: Endpoint,
    deadlines: Deadlines,
    first_by: float,
) -> AsyncGenerator[bytes]:
    """The body in chunks, until it ends. `first_by` is the loop's time for the first event.

    The clock runs only while we wait for bytes, never while the reader of our events is busy.

    Raises:
        ProviderError: A deadline passed, the connection broke, or the body is too long.
    """
    clock = asyncio.get_running_loop()
    encoded = response.headers.get("content-encoding", "identity") != "identity"
    body = response.aiter_bytes() if encoded else response.aiter_raw()
    total = 0
    waiting_by = first_by
    async with aclosing(body):
        while True:
            try:
                async with asyncio.timeout_at(waiting_by):
                    chunk = await anext(body, None)
            except (TimeoutError, httpx2.TransportError, httpx2.DecodingError) as error:
                if progress.finish_seen:
                    return
                first = waiting_by == first_by
                raise _failure(error, endpoint, deadlines, first=first) from error
            if chunk is None:
                return
            total += len(chunk)
            if total > MAX_RESPONSE_BYTES:
                raise not_an_api(endpoint, f"more than {MAX_RESPONSE_BYTES} bytes")
            seen = progress.events_seen
            yield chunk
            if progress.events_seen != seen:
                idle = deadlines.idle_seconds
                limit = min(idle, AFTER_FINISH_SECONDS) if progress.finish_seen else idle
                waiting_by = clock.time() + limit


def _failure(
    error: Exception, endpoint: Endpoint, deadlines: Deadlines, *, first: bool
) -> ProviderError:
    if isinstance(error, TimeoutError):
        if first:
            return too_late(endpoint, "no first event", deadlines.first_event_seconds)
        return too_late(endpoint, "no further event", deadlines.idle_seconds)
    if isinstance(error, httpx2.TransportError):
        return ended_early(endpoint)
    return error_of_transport(endpoint, error)


async def drain(chunks: AsyncGenerator[bytes]) -> None:
    """Read what is left if it comes at once, so that the connection can be used again."""
    try:
        async with asyncio.timeout(_DRAIN_SECONDS):
            async for _ in chunks:
                pass
    except (TimeoutError, ProviderError):
        return


async def error_body(response: httpx2.Response) -> bytes:
    """As much of an error's body as is of use; when it breaks, the status alone is judged."""
    pieces: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(_ERROR_BODY_SECONDS), aclosing(response.aiter_bytes()) as body:
            async for chunk in body:
                pieces.append(chunk)
                size += len(chunk)
                if size >= MAX_ERROR_BODY_BYTES:
                    break
    except (TimeoutError, httpx2.HTTPError):
        return b"".join(pieces)
    return b"".join(pieces)[:MAX_ERROR_BODY_BYTES]


async def whole_body(
    response: httpx2.Response, endpoint: Endpoint, *, limit_bytes: int, limit_seconds: float
) -> bytes:
    """A body that is no stream.

    Raises:
        ProviderError: It is too long, too late or broken.
    """
    pieces: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(limit_seconds), aclosing(response.aiter_bytes()) as body:
            async for chunk in body:
                pieces.append(chunk)
                size += len(chunk)
                if size > limit_bytes:
                    raise not_an_api(endpoint, f"more than {limit_bytes} bytes")
    except TimeoutError:
        raise too_late(endpoint, "no whole answer", limit_seconds) from None
    except httpx2.HTTPError as error:
        raise error_of_transport(endpoint, error) from error
    return b"".join(pieces)
