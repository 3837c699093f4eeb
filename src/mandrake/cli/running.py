"""How a command runs: settings of this invocation, an event loop, an attached client.

`SIGTERM` ends a command as Ctrl-C does, so that a home it opened itself is closed properly.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from mandrake.cli.client import ApiClient
    from mandrake.settings import Settings

T = TypeVar("T")

chosen_home: ContextVar[Path | None] = ContextVar("chosen_home", default=None)
"""`--home` of this invocation."""


def settings_of(*, host: str | None = None, port: int | None = None) -> Settings:
    """Settings of this invocation: flags, then the environment.

    Raises:
        InvalidInput: One of them can't be used.
    """
    from mandrake.settings import read_settings

    return read_settings(home=chosen_home.get(), host=host, port=port)


def with_api(work: Callable[[ApiClient], Awaitable[T]]) -> T:
    """Attach to the home's process, do `work`, and return what it returns."""

    async def attached() -> T:
        from mandrake.cli.attach import attach

        async with attach(settings_of()) as client:
            return await work(client)

    return run_async(attached())


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` on a new event loop.

    Raises:
        KeyboardInterrupt: SIGINT or SIGTERM came.
    """
    terminated = False

    async def main() -> T:
        task = asyncio.current_task()
        assert task is not None

        def terminate() -> None:
            nonlocal terminated
            terminated = True
            task.cancel()

        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, terminate)
        return await work

    try:
        with asyncio.Runner() as runner:
            return runner.run(main())
    except asyncio.CancelledError:
        if terminated:
            raise KeyboardInterrupt from None
        raise
