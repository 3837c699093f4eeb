"""Rounds of a session: asking, reading, stopping, going on."""

from __future__ import annotations

from typing import Annotated, Literal, cast

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from mandrake.api.commands import CommandRoute
from mandrake.api.deps import CurrentCommand, Cursor, Limit, OpenScope, Scope
from mandrake.api.paging import Page, read_cursor, write_cursor
from mandrake.api.responses import json_answer, with_seq
from mandrake.coordinator.session_coordinator import NewRound
from mandrake.domain.conversation import Limits, Round, TextItem
from mandrake.domain.events import session_topic
from mandrake.domain.ids import SessionId
from mandrake.domain.records import RequestContent, RoundRecord
from mandrake.errors import FieldProblem, InvalidInput
from mandrake.persistence.journal import head_seq
from mandrake.persistence.stores.conversation import ConversationStore
from mandrake.persistence.stores.rounds import RoundStore
from mandrake.persistence.stores.sessions import SessionStore

router = APIRouter(tags=["rounds"])
commands = APIRouter(tags=["rounds"], route_class=CommandRoute)

Content = str | Annotated[list[TextItem], Field(max_length=100)]


class AskRound(BaseModel):
    """A request."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    content: Content
    """Text, or a list of items."""
    model: str | None = None
    """Model key; without one the scope's active model."""
    parent_round_id: str | None = None
    """Makes a branch from this round; without it the session goes on from its head."""
    mode: Literal["queue", "interrupt", "steer"] = "queue"
    """`queue` waits its turn; `interrupt` stops what runs first."""
    limits: Limits | None = None
    """Bounds of this round instead of the installation's."""


class EditRound(BaseModel):
    """Another request for a round that has not started."""

    model_config = ConfigDict(extra="forbid")

    content: Content


class Accepted(BaseModel):
    """The request is stored and will be answered."""

    round_id: str


@router.get("/sessions/{session_id}/rounds", response_model=Page[Round])
async def list_rounds(
    session_id: str,
    scope: Scope,
    path: Annotated[
        Literal["head", "all"], Query(description="`all` is every branch, newest first.")
    ] = "head",
    limit: Limit = 60,
    cursor: Cursor = None,
) -> Response:
    """The path from the session's head, newest first; `X-Event-Seq` is where to subscribe from."""
    position = read_cursor(cursor, str)
    start = None if position is None else str(position[0])

    def read(connection: Connection) -> tuple[Page[Round], int]:
        page = _page(connection, scope, session_id, start, (path, limit))
        return page, head_seq(connection, session_topic(SessionId(session_id)))

    return with_seq(*await scope.runtime.database.read(read))


@router.post("/sessions/{session_id}/rounds", status_code=202, response_model=Accepted)
async def ask(session_id: str, body: AskRound, scope: Scope, command: CurrentCommand) -> Response:
    """Ask. The request is durable when this answers; the answer comes on the session's topic."""
    if body.mode == "steer":
        message = "not possible yet; use `queue` or `interrupt`"
        raise InvalidInput(f"`steer` is {message}.", errors=[FieldProblem("mode", message)])
    new = NewRound(_items(body.content), body.model, body.parent_round_id, body.limits)
    sessions = scope.runtime.sessions
    act = sessions.interrupt if body.mode == "interrupt" else sessions.submit
    round_id = await act(scope.grant, session_id, new, command)
    return json_answer(Accepted(round_id=round_id), status=202)


@router.get("/sessions/{session_id}/rounds/{round_id}", response_model=Round)
async def get_round(session_id: str, round_id: str, scope: Scope) -> Response:
    """One round with all its turns."""
    return json_answer(await scope.runtime.sessions.round(scope.grant, session_id, round_id))


@router.patch("/sessions/{session_id}/rounds/{round_id}", response_model=Round)
async def edit_round(session_id: str, round_id: str, body: EditRound, scope: Scope) -> Response:
    """Change a request that has not started."""
    sessions = scope.runtime.sessions
    content = _items(body.content)
    return json_answer(await sessions.edit_queued(scope.grant, session_id, round_id, content))


@router.delete("/sessions/{session_id}/rounds/{round_id}", status_code=204)
async def remove_round(session_id: str, round_id: str, scope: Scope) -> Response:
    """Take back a request that has not started."""
    await scope.runtime.sessions.remove_queued(scope.grant, session_id, round_id)
    return Response(status_code=204)


@commands.post("/sessions/{session_id}/rounds/{round_id}/stop", response_model=Round)
async def stop_round(session_id: str, round_id: str, scope: Scope) -> Response:
    """End a round now; what was streamed stays."""
    return json_answer(await scope.runtime.sessions.stop(scope.grant, session_id, round_id))


@commands.post("/sessions/{session_id}/rounds/{round_id}/continue", response_model=Round)
async def continue_round(session_id: str, round_id: str, scope: Scope) -> Response:
    """Go on after a limit, a pause, a stop or a failure."""
    return json_answer(await scope.runtime.sessions.resume(scope.grant, session_id, round_id))


def _items(content: Content) -> RequestContent:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return [cast("dict[str, object]", item.model_dump()) for item in content]  # pyright: ignore[reportReturnType] - a text item is JSON


def _page(
    connection: Connection,
    scope: OpenScope,
    session_id: str,
    start: str | None,
    wanted: tuple[Literal["head", "all"], int],
) -> Page[Round]:
    path, limit = wanted
    session = SessionStore(connection, scope.grant).row(session_id)
    store = RoundStore(connection, scope.grant)
    records: list[RoundRecord]
    if path == "all":
        records = store.newest(session_id, start, limit + 1)
        following = records[limit - 1].id if len(records) > limit else None
    else:
        if start is not None:
            store.of(store.get(start), session_id)
        records = store.newest_on_path(start or session["head_round_id"], limit + 1)
        following = records[limit].id if len(records) > limit else None
    shown = ConversationStore(connection, scope.grant).rounds(records[:limit])
    return Page(items=shown, next_cursor=None if following is None else write_cursor(following))
