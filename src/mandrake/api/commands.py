"""Commands that are sent twice act once: the answer of a POST is kept under its `Idempotency-Key`.

For routes whose coordinator keeps the key in its own transaction (sessions, rounds), a plain
`APIRoute` and `CurrentCommand` are used instead. Here the answer is written after the command, in
a unit of its own: a crash between the two lets a repeated command act again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from weakref import WeakValueDictionary

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute
from sqlalchemy import Connection

from mandrake.api.deps import command_of, get_principal, get_runtime
from mandrake.bootstrap import Runtime
from mandrake.domain.principals import Grant
from mandrake.domain.tools import JsonObject
from mandrake.errors import Conflict
from mandrake.persistence.stores.idempotency import Command, IdempotencyStore
from mandrake.tenancy.access import access_installation

MAX_KEPT_BYTES = 256 * 1024
Handler = Callable[[Request], Awaitable[Response]]
_locks: WeakValueDictionary[tuple[str, str, str], asyncio.Lock] = WeakValueDictionary()


class CommandRoute(APIRoute):
    """A route whose POST acts once for each key of a principal within 24 hours."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # pyright: ignore[reportIncompatibleMethodOverride] - same shape, the base spells it as Coroutine
        handle: Handler = super().get_route_handler()

        async def handle_once(request: Request) -> Response:
            key = request.headers.get("idempotency-key")
            if key is None or request.method != "POST":
                return await handle(request)
            grant = access_installation(get_principal(request))
            command = await command_of(request, key)
            assert command is not None
            place = (grant.principal.id, command.route, command.key)
            lock = _locks.setdefault(place, asyncio.Lock())
            async with lock:
                return await _once(get_runtime(request), grant, command, request, handle)

        return handle_once


async def _once(
    runtime: Runtime, grant: Grant, command: Command, request: Request, handle: Handler
) -> Response:
    earlier = await runtime.control.read(
        lambda connection: IdempotencyStore(connection, grant).answer(command)
    )
    if earlier is not None:
        return _replayed(earlier)
    response = await handle(request)
    if response.status_code < 400:
        answer = _kept(response)

        def unit(connection: Connection) -> None:
            IdempotencyStore(connection, grant).keep(command, answer)

        await runtime.control.write(unit)
    return response


def _kept(response: Response) -> JsonObject:
    body = bytes(response.body)
    if len(body) > MAX_KEPT_BYTES:
        return {"status": response.status_code, "too_large": True}
    return {
        "status": response.status_code,
        "body": orjson.loads(body) if body else None,
        "etag": response.headers.get("etag"),
    }


def _replayed(answer: JsonObject) -> Response:
    if answer.get("too_large"):
        raise Conflict(
            "This command was carried out before; its answer was too large to be kept.",
            code="conflict.idempotency",
            hint="Read the present state instead of sending the command again.",
        )
    body, etag = answer.get("body"), answer.get("etag")
    headers = {"Idempotency-Replayed": "true"}
    if isinstance(etag, str):
        headers["ETag"] = etag
    status = answer["status"]
    assert isinstance(status, int)
    if body is None:
        return Response(status_code=status, headers=headers)
    return Response(orjson.dumps(body), status, headers, media_type="application/json")
