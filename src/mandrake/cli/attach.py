"""From a command to an API client: the process that holds the home, or this one.

There is one code path: when nobody holds the home, the command serves it to itself, on the same
socket, for as long as it runs.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncGenerator

from mandrake.cli.client import ApiClient
from mandrake.cli.output import note
from mandrake.errors import Conflict, MandrakeError, Unauthenticated, Unavailable
from mandrake.settings import Settings
from mandrake.workspaces.home_lock import RunningServer, find_running
from mandrake.workspaces.layout import HomeLayout

STARTING_SECONDS = 30.0
"""How long a process may take from holding the home to answering on its socket."""
_LOOK_SECONDS = 0.05
_OWN_END_SECONDS = 1.0
"""How long our own last requests may take to end on the server's side."""


@contextlib.asynccontextmanager
async def attach(settings: Settings) -> AsyncGenerator[ApiClient]:
    """A client of the home's process.

    Raises:
        Unavailable: A process holds the home and does not answer.
    """
    layout = HomeLayout.at(settings.home, key_file=settings.key_file)
    until = time.monotonic() + STARTING_SECONDS
    while True:
        running = await asyncio.to_thread(find_running, layout)
        if running is not None and running.socket is not None:
            async with ApiClient(layout.socket, read_token(layout)) as client:
                if await _answers(client):
                    yield client
                    return
        elif running is None:
            async with contextlib.AsyncExitStack() as stack:
                try:
                    client = await stack.enter_async_context(_own(settings))
                except Conflict as error:
                    # Somebody was quicker, or is just letting go.
                    if error.code != "conflict.home" or time.monotonic() > until:
                        raise
                else:
                    yield client
                    return
        if time.monotonic() > until:
            raise _silent(layout, running)
        await asyncio.sleep(_LOOK_SECONDS)


@contextlib.asynccontextmanager
async def _own(settings: Settings) -> AsyncGenerator[ApiClient]:
    from mandrake.cli.serving import serve_home

    async with serve_home(settings, tcp=False) as served:
        async with ApiClient(served.layout.socket, read_token(served.layout)) as client:
            yield client
        # Others may have attached to us meanwhile; what they follow would break off.
        served.withdraw()
        if not await served.doors.unused(wait_seconds=_OWN_END_SECONDS):
            note("Other commands use this process; it ends with them. Ctrl-C ends it now.")
            await served.doors.unused()


async def _answers(client: ApiClient) -> bool:
    """Whether the process is there to stay: one that is just leaving takes no more requests, and
    waits for those who are connected.

    Raises:
        Unauthenticated: The token is not the home's.
    """
    try:
        await client.get("/me")
    except Unavailable:
        return False
    return True


def read_token(layout: HomeLayout) -> str:
    """The token to show: `MANDRAKE_TOKEN`, else the home's own.

    Raises:
        Unauthenticated: There is none.
    """
    named = os.environ.get("MANDRAKE_TOKEN")
    if named:
        return named.strip()
    path = layout.home / "keys" / "token"
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise Unauthenticated(
            f"The home `{layout.home}` has no token yet.",
            hint="`mandrake up` opens the home and makes one.",
        ) from None
    except OSError as error:
        raise Unauthenticated(
            f"The token in `{path}` can't be read: {error.strerror}.",
            hint="Run the command as the user who owns the home.",
        ) from error


def _silent(layout: HomeLayout, running: RunningServer | None) -> MandrakeError:
    who = f"Process {running.pid}" if running else "A process"
    hint = f"End it with `kill {running.pid}` and try again." if running else "Try again."
    return Unavailable(
        f"{who} holds the home `{layout.home}` and does not answer.",
        code="unavailable.mandrake",
        hint=hint,
    )
