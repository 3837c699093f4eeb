"""Signing in with a one-time code, signing out, and who is there."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from mandrake.api.deps import CurrentPrincipal, CurrentRuntime
from mandrake.api.gate import browser_token, cookie_name
from mandrake.errors import InvalidInput
from mandrake.tenancy.authentication import BROWSER_SESSION_LIFETIME

router = APIRouter(tags=["sign-in"])


class SignIn(BaseModel):
    """A code from the fragment of a sign-in link."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(min_length=1, max_length=200)


class PrincipalView(BaseModel):
    """Who acts."""

    id: str
    kind: str
    name: str


class OrganizationView(BaseModel):
    """Where they act."""

    id: str
    name: str


class Me(BaseModel):
    """Who is signed in."""

    principal: PrincipalView
    organization: OrganizationView


class SignInLink(BaseModel):
    """A code for one sign-in within ten minutes."""

    code: str
    url: str


@router.post("/sign-in", status_code=204)
async def sign_in(body: SignIn, request: Request, runtime: CurrentRuntime) -> Response:
    """Exchange a code for the cookie of a browser session. Each code works once."""
    name = cookie_name(request.scope)
    if name is None:
        raise InvalidInput("On the unix socket a bearer token is used instead of a cookie.")
    token = await runtime.authentication.sign_in(body.code)
    response = Response(status_code=204)
    response.set_cookie(
        name,
        token,
        max_age=int(BROWSER_SESSION_LIFETIME.total_seconds()),
        httponly=True,
        samesite="strict",
        path="/",
    )
    return response


@router.post("/sign-out", status_code=204)
async def sign_out(request: Request, runtime: CurrentRuntime) -> Response:
    """End this browser's session."""
    token, name = browser_token(request.scope), cookie_name(request.scope)
    response = Response(status_code=204)
    if token is not None and name is not None:
        await runtime.authentication.sign_out(token)
        response.delete_cookie(name, path="/", httponly=True, samesite="strict")
    return response


@router.post("/sign-in/codes", status_code=201)
async def new_sign_in_code(runtime: CurrentRuntime, _: CurrentPrincipal) -> SignInLink:
    """Make a sign-in link: what `mandrake open` prints."""
    code = await runtime.authentication.new_sign_in_code()
    return SignInLink(code=code, url=f"{runtime.settings.origin}/#code={code}")


@router.get("/me")
async def me(principal: CurrentPrincipal) -> Me:
    """Who is signed in."""
    return Me(
        principal=PrincipalView(id=principal.id, kind=principal.kind, name=principal.name),
        organization=OrganizationView(id=principal.organization_id, name="Local"),
    )
