"""Errors as `application/problem+json`, without any framework: usable before FastAPI is imported.

The only place where an error's `kind` becomes an HTTP status.

Source: RFC 9457, "Problem Details for HTTP APIs"; `code`, `errors` and `hint` are our extensions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from typing import Any, cast

import orjson
from pydantic import JsonValue

from mandrake.errors import DeadlineExceeded, Kind, MandrakeError

ASGIScope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[ASGIScope, Receive, Send], Awaitable[None]]
Mask = Callable[[str], str]

STATUS: Mapping[Kind, int] = {
    "invalid": 422,
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "precondition_failed": 412,
    "limit_exceeded": 429,
    "unavailable": 503,
    "timeout": 504,
    "cancelled": 409,
    "internal": 500,
}
_STATUS_OF_CODE: Mapping[str, int] = {"limit_exceeded.body": 413, "invalid.method": 405}
_TITLES: Mapping[Kind, str] = {
    "invalid": "The request can't be used as it is",
    "unauthenticated": "You are not signed in",
    "forbidden": "This is not allowed",
    "not_found": "Not found",
    "conflict": "Not possible in the present state",
    "precondition_failed": "Changed by someone else",
    "limit_exceeded": "A limit was met",
    "unavailable": "Something needed does not answer",
    "timeout": "It took too long",
    "cancelled": "Stopped",
    "internal": "Something went wrong in Mandrake",
}
MEDIA_TYPE = "application/problem+json"


def status_of(error: MandrakeError) -> int:
    """The HTTP status that an error is answered with."""
    return _STATUS_OF_CODE.get(error.code, STATUS[error.kind])


def problem_of(error: MandrakeError, mask: Mask | None = None) -> dict[str, JsonValue]:
    """The body of the answer. `mask` takes known secrets out of every text."""

    def shown(text: str) -> str:
        return text if mask is None else mask(text)

    body: dict[str, JsonValue] = {
        "type": f"urn:mandrake:problem:{error.code}",
        "title": _TITLES[error.kind],
        "status": status_of(error),
        "detail": shown(error.detail),
        "code": error.code,
    }
    if error.hint:
        body["hint"] = shown(error.hint)
    if error.errors:
        body["errors"] = [
            {"path": each.path, "message": shown(each.message)} for each in error.errors
        ]
    return body


def problem_headers(error: MandrakeError) -> dict[str, str]:
    """Headers beside the body."""
    return {"WWW-Authenticate": "Bearer"} if error.kind == "unauthenticated" else {}


async def send_problem(
    scope: ASGIScope, send: Send, error: MandrakeError, mask: Mask | None = None
) -> None:
    """Answer a request, or refuse a WebSocket's upgrade, from outside the framework."""
    body = orjson.dumps(problem_of(error, mask))
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        *(
            (name.lower().encode(), value.encode())
            for name, value in problem_headers(error).items()
        ),
    ]
    prefix = "http"
    if scope["type"] == "websocket":
        if "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": 1008})
            return
        prefix = "websocket.http"
    start = {"type": f"{prefix}.response.start", "status": status_of(error), "headers": headers}
    await send(start)
    await send({"type": f"{prefix}.response.body", "body": body})


def intended(error: BaseException) -> MandrakeError | None:
    """The error of our tree behind an exception: itself, a deadline, or one inside a group."""
    if isinstance(error, MandrakeError):
        return error
    if isinstance(error, BaseExceptionGroup):
        inner = cast("Sequence[BaseException]", error.exceptions)  # pyright: ignore[reportUnknownMemberType] - the group's parameter is not known
        found = [intended(each) for each in inner]
        return found[0] if all(found) else None
    if isinstance(error, TimeoutError | asyncio.TimeoutError):
        return DeadlineExceeded("It took too long and was given up.", hint="Try again.")
    return None
