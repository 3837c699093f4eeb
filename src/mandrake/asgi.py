"""The whole application as one ASGI callable: signs of life, the API, the page.

Usable before the installation is open: then it answers `/live`, serves the page, and tells
everybody else to wait. FastAPI is imported only when an installation is attached.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import orjson

from mandrake.api.guard import Guard
from mandrake.api.problems import ASGIApp, ASGIScope, Receive, Send, send_problem
from mandrake.errors import MandrakeError, Unavailable
from mandrake.web import WebApplication

if TYPE_CHECKING:
    from mandrake.bootstrap import Runtime

HEALTH_PATHS = frozenset({"/ready", "/health"})


class Application:
    """What uvicorn serves. Host, Origin and size are checked around everything."""

    def __init__(self, api: ASGIApp | None = None) -> None:
        self._guarded = Guard(self._dispatch)
        self._web = WebApplication()
        self._api = api
        self._failure: MandrakeError | None = None

    async def __call__(self, scope: ASGIScope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        await self._guarded(scope, receive, send)

    async def attach(self, runtime: Runtime) -> None:
        """Open the API's doors. Imports what it needs in a thread, so that the page goes on."""
        self._api = await asyncio.to_thread(_create_api, runtime)
        self._failure = None

    def detach(self) -> None:
        """Close the API's doors before the installation closes."""
        self._api = None

    def fail(self, error: MandrakeError) -> None:
        """The installation could not be opened: say why to whoever asks."""
        self._failure = error

    async def _dispatch(self, scope: ASGIScope, receive: Receive, send: Send) -> None:
        path = str(scope["path"])
        if path == "/live" and scope["type"] == "http":
            await _send_status(scope, send, 200, "ok")
        elif path in HEALTH_PATHS and self._api is None:
            await _send_status(scope, send, 503, "down")
        elif path in HEALTH_PATHS or path == "/api" or path.startswith("/api/"):
            if self._api is None:
                await send_problem(scope, send, self._failure or _starting())
            else:
                await self._api(scope, receive, send)
        else:
            await self._web(scope, receive, send)


def create_app(runtime: Runtime) -> Application:
    """The application over a running installation. Imports FastAPI: about half a second."""
    return Application(_create_api(runtime))


def _create_api(runtime: Runtime) -> ASGIApp:
    from mandrake.api.app import create_api

    return create_api(runtime)


def _starting() -> Unavailable:
    return Unavailable(
        "Mandrake is starting or stopping.", code="unavailable.starting", hint="Try again."
    )


async def _send_status(scope: ASGIScope, send: Send, status: int, word: str) -> None:
    body = orjson.dumps({"status": word})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    shown = b"" if scope["method"] == "HEAD" else body
    await send({"type": "http.response.body", "body": shown})


async def _lifespan(receive: Receive, send: Send) -> None:
    """Nothing to do: whoever serves the application opens and closes the installation."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
