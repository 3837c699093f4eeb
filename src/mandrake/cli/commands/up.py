"""`mandrake up`: the server, until a signal ends it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Annotated

import typer

import mandrake
from mandrake.cli.exit_codes import ExitCode
from mandrake.cli.options import HomeOption
from mandrake.cli.running import settings_of

if TYPE_CHECKING:
    from mandrake.cli.serving import ServedHome
    from mandrake.settings import Settings

CLOSING_SECONDS = 4.5
"""The process ends by itself within five seconds of the signal."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(up)


def up(
    host: Annotated[
        str | None, typer.Option("--host", help="Address of this machine. Default: 127.0.0.1.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", "-p", help="Port; 0 takes any free one. Default: 4000."),
    ] = None,
    home: HomeOption = None,  # noqa: ARG001 - its callback remembers it
    open_page: Annotated[
        bool, typer.Option("--open", help="Open the sign-in link in your browser.")
    ] = False,
) -> None:
    """Start the server and print the sign-in link.

    Serves the page, the API and all other commands until Ctrl-C; what runs then is taken up again
    at the next start. A second Ctrl-C ends it at once.

    Examples:
      mandrake up
      mandrake up --port 4100 --open
      mandrake up --port 0 --home /tmp/try-out
    """
    settings = settings_of(host=host, port=port)
    try:
        import uvloop

        loop_factory = uvloop.new_event_loop
    except ImportError:
        loop_factory = None
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(_Up(settings, open_page=open_page).run())


class _Up:
    """One run of the server."""

    def __init__(self, settings: Settings, *, open_page: bool) -> None:
        self._settings = settings
        self._open_page = open_page
        self._stop = asyncio.Event()
        self._opening: asyncio.Task[None] | None = None
        self._served: ServedHome | None = None

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        self._opening = asyncio.current_task()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._signalled, number)
        try:
            await self._serve()
        except asyncio.CancelledError:
            if not self._stop.is_set():
                raise

    async def _serve(self) -> None:
        from mandrake.cli.serving import serve_home

        async with serve_home(self._settings, tcp=True) as served:
            self._served = served
            self._opening = None
            link = await self._announce(served)
            if self._open_page:
                import webbrowser

                await asyncio.to_thread(webbrowser.open, link)
            await self._stop.wait()
            print("Stopping …", file=sys.stderr, flush=True)

    async def _announce(self, served: ServedHome) -> str:
        code = await served.runtime.authentication.new_sign_in_code()
        settings = served.settings
        link = f"{settings.origin}/#code={code}"
        address = f"[{settings.host}]" if ":" in settings.host else settings.host
        lines = [
            f"Mandrake {mandrake.__version__} is running.",
            "",
            f"  Sign in  {link}",
            f"  or       http://{address}:{settings.port}/#code={code}",
            "           (once, within 10 minutes; `mandrake open` makes a new link)",
            f"  Home     {served.layout.home}",
            "  Stop     Ctrl-C",
        ]
        problems = served.runtime.home_report.unusable
        lines.extend(f"  Problem  {each.name}: {each.problem}" for each in problems)
        print("\n".join(lines), flush=True)
        return link

    def _signalled(self, number: signal.Signals) -> None:
        if self._stop.is_set():
            if number == signal.SIGINT:
                self._end(ExitCode.INTERRUPTED)
            return
        self._stop.set()
        watchdog = threading.Timer(CLOSING_SECONDS, self._end, [ExitCode.FAILED, "too slow"])
        watchdog.daemon = True
        watchdog.start()
        if self._opening is not None:
            self._opening.cancel()

    def _end(self, code: ExitCode, why: str = "") -> None:
        """End at once. Tool servers end with us; nothing acknowledged is lost."""
        from mandrake.workspaces.layout import HomeLayout

        layout = HomeLayout.at(self._settings.home)
        for path in (layout.socket, layout.server_file):
            with contextlib.suppress(OSError):
                path.unlink()
        if why:
            print("Closing took too long; ended anyway.", file=sys.stderr, flush=True)
        os._exit(code)
