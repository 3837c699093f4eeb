"""The one retry layer for model calls: only before the first visible event.

Once a part has started, a failure is the round's: text that people have seen is never streamed
twice. Knows no provider; every attempt it adds is reported, and waiting ends at once when the
task is cancelled.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass

from mandrake.providers.port import (
    ModelEvent,
    ModelRequest,
    PartStarted,
    Provider,
    ProviderError,
    RequestSent,
)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Seconds and counts. The wait doubles with every attempt, from `first` up to `longest`."""

    max_attempts: int = 3
    first_wait_seconds: float = 0.5
    longest_wait_seconds: float = 8.0
    longest_retry_after_seconds: float = 60.0
    """A provider that asks for more than this is not waited for: the error goes up."""


@dataclass(frozen=True, slots=True)
class RetryNotice:
    """An attempt failed and another will be made after `wait_seconds`."""

    attempt: int
    """The one that failed, from 1."""
    max_attempts: int
    wait_seconds: float
    error: ProviderError


async def _silent(_: RetryNotice) -> None:
    return


async def stream_with_retries(
    provider: Provider,
    request: ModelRequest,
    *,
    policy: RetryPolicy = RetryPolicy(),
    on_retry: Callable[[RetryNotice], Awaitable[None]] = _silent,
) -> AsyncGenerator[ModelEvent]:
    """`provider.stream(request)`, started again while nothing was visible and it may help.

    `RequestSent` comes once: the body of a later attempt is the same. `on_retry` is awaited
    before each wait.

    Raises:
        ProviderError: The last attempt's, unchanged.
    """
    attempt = 0
    sent = False
    while True:
        attempt += 1
        visible = False
        try:
            async with aclosing(provider.stream(request)) as events:
                async for event in events:
                    if isinstance(event, RequestSent):
                        if sent:
                            continue
                        sent = True
                    visible = visible or isinstance(event, PartStarted)
                    yield event
            return
        except ProviderError as error:
            wait_seconds = _wait(error, attempt, policy)
            if visible or wait_seconds is None:
                raise
            await on_retry(RetryNotice(attempt, policy.max_attempts, wait_seconds, error))
        await asyncio.sleep(wait_seconds)


def _wait(error: ProviderError, attempt: int, policy: RetryPolicy) -> float | None:
    """Seconds until the next attempt; None: there is none."""
    if not error.retriable or attempt >= policy.max_attempts:
        return None
    ceiling = min(policy.first_wait_seconds * 2 ** (attempt - 1), policy.longest_wait_seconds)
    # Half of it random, so that many rounds that failed together do not return together.
    backoff = ceiling * (0.5 + random.random() / 2)  # noqa: S311 - no secret
    asked = error.retry_after_seconds
    if asked is None:
        return backoff
    if asked > policy.longest_retry_after_seconds:
        return None
    return max(asked, backoff)
