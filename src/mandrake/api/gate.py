"""Who sends a request: the cookie of a browser or a bearer token, turned into a principal.

Everything below `/api/` but the sign-in itself needs one, also paths that do not exist: a stranger
learns nothing. Runs before any body is read. Pure ASGI.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http.cookies import CookieError, SimpleCookie

from mandrake.api.guard import API_PREFIX, header, local_port
from mandrake.api.problems import ASGIApp, ASGIScope, Mask, Receive, Send, send_problem
from mandrake.domain.principals import Principal
from mandrake.errors import MandrakeError, Unauthenticated
from mandrake.tenancy.authentication import Authentication

SIGN_IN_PATH = "/api/v1/sign-in"
Authenticate = Callable[[], Awaitable[Principal]]
"""Proves once more who is there; for connections that outlive a sign-out."""


class Gate:
    """Lets requests with a principal in, and leaves it in the scope's `state`."""

    def __init__(self, app: ASGIApp, authentication: Authentication, mask: Mask) -> None:
        self._app = app
        self._authentication = authentication
        self._mask = mask

    async def __call__(self, scope: ASGIScope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or not needs_principal(scope):
            await self._app(scope, receive, send)
            return

        async def authenticate() -> Principal:
            return await self._principal(scope)

        try:
            principal = await authenticate()
        except MandrakeError as error:
            await send_problem(scope, send, error, self._mask)
            return
        state = {**scope.get("state", {}), "principal": principal, "authenticate": authenticate}
        await self._app({**scope, "state": state}, receive, send)

    async def _principal(self, scope: ASGIScope) -> Principal:
        authorization = header(scope, b"authorization")
        if authorization is not None:
            scheme, _, token = authorization.partition(" ")
            if scheme.lower() != "bearer" or not token.strip():
                raise Unauthenticated(
                    "Only `Authorization: Bearer …` is understood.",
                    hint="`mandrake token` prints the token.",
                )
            return self._authentication.by_token(token.strip())
        token = browser_token(scope)
        if token is None:
            raise Unauthenticated(
                "You are not signed in.", hint="`mandrake open` prints a sign-in link."
            )
        return await self._authentication.by_browser_session(token)


def needs_principal(scope: ASGIScope) -> bool:
    """Whether this request is for someone who is signed in."""
    path = str(scope["path"])
    if not path.startswith(API_PREFIX):
        return False
    return not (path == SIGN_IN_PATH and scope["type"] == "http" and scope["method"] == "POST")


def cookie_name(scope: ASGIScope) -> str | None:
    """Name of the sign-in cookie: one for each port, since browsers share cookies between ports.
    None on the unix socket, where no browser is.
    """
    port = local_port(scope)
    return None if port is None else f"mandrake_{port}"


def browser_token(scope: ASGIScope) -> str | None:
    """The token in this port's cookie."""
    name = cookie_name(scope)
    if name is None:
        return None
    for key, value in scope["headers"]:
        if key != b"cookie":
            continue
        try:
            morsel = SimpleCookie(value.decode("latin-1")).get(name)
        except CookieError:
            continue
        if morsel is not None:
            return morsel.value
    return None
