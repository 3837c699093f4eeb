"""What every request passes before anything looks at it: Host, Origin, size, security headers.

A page of another site, or of another port of this machine, can make a browser send requests here.
Names other than our own are refused (DNS rebinding), and so is every unsafe request or WebSocket
that carries a cookie without coming from our own page. Pure ASGI; knows no identities.

Source: OWASP "Cross-Site Request Forgery Prevention", verifying origin with standard headers.
"""

from __future__ import annotations

from mandrake.api.problems import ASGIApp, ASGIScope, Message, Receive, Send, send_problem
from mandrake.errors import Forbidden, InvalidInput, LimitExceeded, MandrakeError
from mandrake.settings import CANONICAL_HOST

MAX_BODY_BYTES = 16 * 1024 * 1024
ALLOWED_NAMES = (CANONICAL_HOST, "127.0.0.1", "localhost", "[::1]")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
API_PREFIX = "/api/"

_EVERYWHERE: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
_ON_API: tuple[tuple[bytes, bytes], ...] = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; sandbox"),
)


class Guard:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: ASGIScope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send)
        try:
            _check(scope)
        except MandrakeError as error:
            await send_problem(scope, exchange.send, error)
            return
        await self._app(scope, exchange.receive, exchange.send)


class _Exchange:
    """One request on its way in and its answer on its way out."""

    def __init__(self, scope: ASGIScope, receive: Receive, send: Send) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._received_bytes = 0
        self._too_large = False
        self._refused = False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._received_bytes += len(message.get("body", b""))
            if self._received_bytes > MAX_BODY_BYTES:
                # Whoever reads the body stops; what it answers is replaced in `send`.
                self._too_large = True
                return {"type": "http.disconnect"}
        return message

    async def send(self, message: Message) -> None:
        if self._refused:
            return
        if message["type"] in ("http.response.start", "websocket.http.response.start"):
            if self._too_large:
                self._refused = True
                await send_problem(self._scope, self._plain, too_large())
                return
            await self._plain(message)
            return
        await self._send(message)

    async def _plain(self, message: Message) -> None:
        if message["type"].endswith("response.start"):
            headers = list(message.get("headers", ()))
            present = {bytes(name).lower() for name, _ in headers}
            extra = _EVERYWHERE
            if str(self._scope["path"]).startswith(API_PREFIX):
                extra += _ON_API
            headers += [(name, value) for name, value in extra if name not in present]
            message = {**message, "headers": headers}
        await self._send(message)


def header(scope: ASGIScope, name: bytes) -> str | None:
    """The only value of a header; None without one.

    Raises:
        InvalidInput: It was sent twice.
    """
    values = [value for key, value in scope["headers"] if key == name]
    if len(values) > 1:
        raise InvalidInput(f"The header `{name.decode()}` was sent more than once.")
    return values[0].decode("latin-1") if values else None


def local_port(scope: ASGIScope) -> int | None:
    """The TCP port that the request came in on; None on the unix socket, which only the owner of
    the home can reach.
    """
    server = scope.get("server")
    return None if server is None or server[1] is None else int(server[1])


def too_large() -> LimitExceeded:
    """The answer to a body above the limit."""
    return LimitExceeded(
        f"The request is larger than {MAX_BODY_BYTES // (1024 * 1024)} MB.",
        code="limit_exceeded.body",
        hint="Put long material into a file of the workspace and refer to it.",
    )


def _check(scope: ASGIScope) -> None:
    host = header(scope, b"host")
    port = local_port(scope)
    if port is not None and (host is None or host.lower() not in _hosts(port)):
        raise InvalidInput(
            "This address is not one of Mandrake's own.",
            code="invalid.host",
            hint=f"Open http://{CANONICAL_HOST}:{port}/ instead.",
        )
    _check_origin(scope, (host or "").lower())
    length = header(scope, b"content-length")
    if length is not None and (not length.isdigit() or int(length) > MAX_BODY_BYTES):
        raise too_large()


def _hosts(port: int) -> frozenset[str]:
    named = {f"{name}:{port}" for name in ALLOWED_NAMES}
    # Browsers leave the scheme's own port out.
    return frozenset(named | set(ALLOWED_NAMES) if port == 80 else named)


def _check_origin(scope: ASGIScope, host: str) -> None:
    is_upgrade = scope["type"] == "websocket"
    if not is_upgrade and scope["method"] in SAFE_METHODS:
        return
    origin = header(scope, b"origin")
    if origin is not None and origin.lower() != f"http://{host}":
        raise _foreign()
    site = header(scope, b"sec-fetch-site")
    if site is not None and site != "same-origin":
        raise _foreign()
    if origin is None and header(scope, b"cookie") and header(scope, b"authorization") is None:
        raise _foreign()


def _foreign() -> Forbidden:
    return Forbidden(
        "The request does not come from Mandrake's own page.",
        code="forbidden.origin",
        hint="Programs send `Authorization: Bearer …` and no cookie; `mandrake token` prints it.",
    )
