"""Errors inside FastAPI as problems. Whatever is not of our tree is logged and answered without
its details: a reference leads from the answer to the log.
"""

from __future__ import annotations

import secrets

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from mandrake.api.problems import (
    MEDIA_TYPE,
    ASGIApp,
    ASGIScope,
    Mask,
    Message,
    Receive,
    Send,
    intended,
    problem_headers,
    problem_of,
    send_problem,
    status_of,
)
from mandrake.errors import FieldProblem, InvalidInput, MandrakeError, NotFound
from mandrake.telemetry.logging import get_logger

_log = get_logger(__name__)


class ProblemField(BaseModel):
    """What is wrong at one place of the input."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    path: str
    """Dotted: `models.fast.provider`."""
    message: str


class Problem(BaseModel):
    """Why a request failed (`application/problem+json`)."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    type: str
    title: str
    status: int
    detail: str
    """For a person; names the thing in backticks."""
    code: str
    """Stable, for programs: a kind such as `conflict`, or narrower: `conflict.idempotency`."""
    hint: str | None = None
    """The next step in one sentence."""
    errors: list[ProblemField] | None = None


class Unexpected:
    """Answers what nobody meant to raise. Stands inside the framework's own catch-all, so that
    nothing is raised past it into the server.
    """

    def __init__(self, app: ASGIApp, mask: Mask) -> None:
        self._app = app
        self._mask = mask

    async def __call__(self, scope: ASGIScope, receive: Receive, send: Send) -> None:
        started = False

        async def watching_send(message: Message) -> None:
            nonlocal started
            started = started or message["type"] in (
                "http.response.start",
                "websocket.accept",
                "websocket.http.response.start",
            )
            await send(message)

        try:
            await self._app(scope, receive, watching_send)
        except Exception as error:  # noqa: BLE001 - the edge: logged, and answered as a problem
            answer = intended(error) or _unexpected(error, str(scope.get("path", "")))
            if not started:
                await send_problem(scope, send, answer, self._mask)


def install(api: FastAPI, mask: Mask) -> None:
    """Answer every error of `api` as a problem."""

    def answer(error: MandrakeError) -> JSONResponse:
        return JSONResponse(
            problem_of(error, mask),
            status_code=status_of(error),
            headers=problem_headers(error),
            media_type=MEDIA_TYPE,
        )

    async def on_own(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, MandrakeError)
        return answer(error)

    async def on_validation(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        return answer(_invalid(error))

    async def on_framework(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        return answer(_translated(error))

    api.add_exception_handler(MandrakeError, on_own)
    api.add_exception_handler(RequestValidationError, on_validation)
    api.add_exception_handler(HTTPException, on_framework)
    api.add_middleware(Unexpected, mask=mask)


def _invalid(error: RequestValidationError) -> InvalidInput:
    problems: list[FieldProblem] = []
    for each in error.errors():
        place = [str(step) for step in each["loc"]]
        # `body`, `query`, … say where a value stood; within a body the path alone is clearer.
        if place and place[0] == "body" and each["type"] != "json_invalid":
            place = place[1:]
        problems.append(FieldProblem(".".join(place), str(each["msg"])))
    first = problems[0]
    place_text = f" at `{first.path}`" if first.path else ""
    return InvalidInput(f"The request can't be used{place_text}: {first.message}.", errors=problems)


def _translated(error: HTTPException) -> MandrakeError:
    if error.status_code == 404:
        return NotFound("There is no such address.", hint="See `/api/v1/openapi.json`.")
    if error.status_code == 405:
        return InvalidInput("This address does not know that method.", code="invalid.method")
    return InvalidInput("The body can't be read as JSON.", hint="Send `application/json`.")


def _unexpected(error: Exception, path: str) -> MandrakeError:
    reference = secrets.token_hex(6)
    _log.error("unexpected error", reference=reference, path=path, exc_info=error)
    return MandrakeError(
        f"Something went wrong; the log has it as `{reference}`.",
        hint="Look for the reference in `logs/mandrake.log` of the home.",
    )
