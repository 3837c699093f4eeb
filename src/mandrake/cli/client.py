"""A client of the API over the control socket: requests, answers, errors, events.

Knows HTTP and the API's manner (problems, idempotency keys, pages), not what the routes mean.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Self, TypeVar

import httpx2
import msgspec

from mandrake.cli import wire
from mandrake.cli.socket_path import usable_socket_path
from mandrake.errors import FieldProblem, InvalidInput, MandrakeError, Unauthenticated, Unavailable

T = TypeVar("T")
Query = Mapping[str, str | int | bool | None]

READ_TIMEOUT_SECONDS = 60.0
SLOW_TIMEOUT_SECONDS = 900.0
"""For what may clone a repository or wait for a tool."""
EVENT_TIMEOUT_SECONDS = 45.0
"""Three of the server's pings."""
_PAGE_ITEMS = 200


class Refused(MandrakeError):
    """The server's own refusal, as its problem document says it."""

    def __init__(self, problem: wire.Problem) -> None:
        super().__init__(
            problem.detail or problem.title or f"The server answered {problem.status}.",
            code=problem.code or "internal",
            hint=problem.hint,
            errors=[FieldProblem(each.path, each.message) for each in problem.errors or []],
        )
        self.status = problem.status


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def decode(self, shape: type[T]) -> T:
        """The body as `shape`.

        Raises:
            Unavailable: It is something else: the server speaks another version.
        """
        return _decode(self.content, shape)

    @property
    def event_seq(self) -> int | None:
        """The newest durable event of the topic this answer is about."""
        text = self.headers.get("x-event-seq", "")
        return int(text) if text.isdigit() else None


class ApiClient:
    """One connection pool to one process. Use as a context manager."""

    def __init__(self, socket: Path, token: str) -> None:
        self._socket = socket
        self._token = token
        self._stack = contextlib.AsyncExitStack()
        self._http: httpx2.AsyncClient

    async def __aenter__(self) -> Self:
        name = self._stack.enter_context(usable_socket_path(self._socket))
        self._http = await self._stack.enter_async_context(
            httpx2.AsyncClient(
                # A socket of this machine: no TLS, so no certificates are loaded either.
                transport=httpx2.AsyncHTTPTransport(uds=name, verify=False),
                base_url="http://mandrake.localhost/api/v1",
                headers={"Authorization": f"Bearer {self._token}"},
                timeout=httpx2.Timeout(READ_TIMEOUT_SECONDS, connect=5.0),
                trust_env=False,
            )
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def get(self, path: str, query: Query | None = None) -> Answer:
        """Read something."""
        return await self._request("GET", path, query=query)

    async def post(
        self,
        path: str,
        body: object | None = None,
        *,
        timeout_seconds: float = READ_TIMEOUT_SECONDS,
    ) -> Answer:
        """Do something; an idempotency key makes a repetition on the wire harmless."""
        return await self._request("POST", path, body=body, timeout_seconds=timeout_seconds)

    async def put(self, path: str, body: object) -> Answer:
        """Write something whole."""
        return await self._request("PUT", path, body=body)

    async def patch(self, path: str, body: object) -> Answer:
        """Change fields of something."""
        return await self._request("PATCH", path, body=body)

    async def delete(self, path: str, query: Query | None = None) -> Answer:
        """Remove something."""
        return await self._request("DELETE", path, query=query)

    async def items(
        self, path: str, shape: type[T], query: Query | None = None, *, limit: int = 1000
    ) -> list[T]:
        """A list, page after page, up to `limit` items."""
        found: list[T] = []
        cursor: str | None = None
        while True:
            asked: Query = {"limit": min(_PAGE_ITEMS, limit - len(found)), "cursor": cursor}
            answer = await self.get(path, {**(query or {}), **asked})
            page = answer.decode(wire.Page[shape])
            found.extend(page.items)
            cursor = page.next_cursor
            if cursor is None or not page.items or len(found) >= limit:
                return found

    @contextlib.asynccontextmanager
    async def events(self, path: str, after: int | None) -> AsyncGenerator[AsyncIterator[str]]:
        """The data of a stream of server-sent events, one text an event.

        Raises:
            Unavailable: The connection could not be made or broke.
        """
        query = {} if after is None else {"after": str(after)}
        timeout = httpx2.Timeout(EVENT_TIMEOUT_SECONDS, connect=5.0)
        request = self._http.build_request("GET", path, params=query, timeout=timeout)
        with _unavailable_when_broken():
            response = await self._http.send(request, stream=True)
            try:
                if response.status_code >= HTTPStatus.BAD_REQUEST:
                    raise _refusal(response.status_code, await response.aread())
                yield _event_data(response)
            finally:
                await response.aclose()

    async def _request(
        self,
        method: str,
        path: str,
        *,
        body: object | None = None,
        query: Query | None = None,
        timeout_seconds: float = READ_TIMEOUT_SECONDS,
    ) -> Answer:
        headers: dict[str, str] = {}
        if method == "POST":
            headers["Idempotency-Key"] = secrets.token_urlsafe(18)
        content = None
        if body is not None:
            content = msgspec.json.encode(body)
            headers["Content-Type"] = "application/json"
        params = {key: _text(value) for key, value in (query or {}).items() if value is not None}
        with _unavailable_when_broken():
            response = await self._http.request(
                method,
                path,
                content=content,
                headers=headers,
                params=params,
                timeout=httpx2.Timeout(timeout_seconds, connect=5.0),
            )
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            raise _refusal(response.status_code, response.content)
        return Answer(response.status_code, response.headers, response.content)


async def _event_data(response: httpx2.Response) -> AsyncGenerator[str]:
    """The `data` of each event. Source: HTML Living Standard, "Interpreting an event stream"."""
    data: list[str] = []
    async for line in response.aiter_lines():
        if not line:
            if data:
                yield "\n".join(data)
            data.clear()
        elif line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))


@contextlib.contextmanager
def _unavailable_when_broken() -> Generator[None]:
    try:
        yield
    except httpx2.TimeoutException as error:
        raise Unavailable(
            "Mandrake does not answer.",
            code="unavailable.mandrake",
            hint="`mandrake doctor` looks at it; `logs/mandrake.log` in its home says more.",
        ) from error
    except httpx2.TransportError as error:
        raise Unavailable(
            "The connection to Mandrake broke.",
            code="unavailable.mandrake",
            hint="Run the command again; `mandrake up` keeps a server running.",
        ) from error


def _refusal(status: int, content: bytes) -> MandrakeError:
    try:
        problem = msgspec.json.decode(content, type=wire.Problem)
    except msgspec.DecodeError:
        problem = wire.Problem()
    problem.status = status
    refused = Refused(problem)
    if status == HTTPStatus.UNAUTHORIZED:
        return Unauthenticated(
            "Mandrake does not accept the token.",
            hint="Unset MANDRAKE_TOKEN, or set it to what `mandrake token` prints.",
        )
    kinds: dict[str, type[MandrakeError]] = {"invalid": InvalidInput, "unavailable": Unavailable}
    kind = kinds.get(refused.code.split(".")[0])
    if kind is None:
        return refused
    return kind(refused.detail, code=refused.code, hint=refused.hint, errors=refused.errors)


def _decode(content: bytes, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(content, type=shape)
    except msgspec.DecodeError as error:
        raise Unavailable(
            f"Mandrake answered in a form this command does not understand: {error}.",
            code="unavailable.version",
            hint="`mandrake version` and `mandrake doctor` show both versions; they should agree.",
        ) from error


def _text(value: str | int | bool | None) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
