"""Sessions of a scope."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from mandrake.api.deps import CurrentCommand, CurrentRuntime, Scope
from mandrake.api.paging import Page, read_cursor, write_cursor
from mandrake.api.responses import json_answer, with_seq
from mandrake.coordinator.session_editing import SessionChanges, change_session, remove_session
from mandrake.domain.conversation import Session
from mandrake.domain.events import session_topic
from mandrake.domain.ids import SessionId
from mandrake.domain.tools import JsonObject
from mandrake.kit.clock import format_instant
from mandrake.persistence.journal import head_seq
from mandrake.persistence.stores.sessions import SessionFilter, SessionStore

router = APIRouter(tags=["sessions"])

Title = Annotated[str, Field(min_length=1, max_length=200)]
Tag = Annotated[str, Field(min_length=1, max_length=64)]


class NewSession(BaseModel):
    """A session to begin."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    title: Title | None = None
    """Without one the first request gives it."""


class SessionPatch(BaseModel):
    """What is to change; what is left out stays."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    title: Title | None = None
    tags: Annotated[list[Tag], Field(max_length=50)] | None = None
    pinned: bool | None = None
    archived: bool | None = None
    overrides: JsonObject | None = None
    head_round_id: str | None = None
    """The newest round of the path to show and go on from."""


class Wanted(BaseModel):
    """Which sessions a list shows."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    query: str = ""
    """Part of the title."""
    tag: str | None = None
    archived: bool = False
    sort: Literal["-updated_at"] = "-updated_at"
    """Newest update first; the only order so far."""
    limit: int = Field(default=50, ge=1, le=200)
    """At most this many items."""
    cursor: str | None = None
    """`next_cursor` of the page before."""


@router.get("/sessions", response_model=Page[Session])
async def list_sessions(scope: Scope, ask: Annotated[Wanted, Query()]) -> Response:
    """Newest update first."""
    wanted = SessionFilter(query=ask.query, tag=ask.tag, archived=ask.archived)
    before, limit = read_cursor(ask.cursor, str, str), ask.limit

    def read(connection: Connection) -> list[Session]:
        start = None if before is None else (str(before[0]), str(before[1]))
        return SessionStore(connection, scope.grant).list(wanted, limit=limit + 1, before=start)

    return json_answer(_page(await scope.runtime.database.read(read), limit))


@router.post("/sessions", status_code=201, response_model=Session)
async def create_session(
    scope: Scope, command: CurrentCommand, body: NewSession | None = None
) -> Response:
    """Begin a session."""
    title = None if body is None else body.title
    session = await scope.runtime.sessions.create_session(scope.grant, title, command)
    return json_answer(session, status=201)


@router.get("/sessions/{session_id}", response_model=Session)
async def get_session(session_id: str, scope: Scope) -> Response:
    """One session; `X-Event-Seq` is where to subscribe from."""

    def read(connection: Connection) -> tuple[Session, int]:
        session = SessionStore(connection, scope.grant).get(session_id)
        return session, head_seq(connection, session_topic(SessionId(session_id)))

    return with_seq(*await scope.runtime.database.read(read))


@router.patch("/sessions/{session_id}", response_model=Session)
async def patch_session(session_id: str, body: SessionPatch, scope: Scope) -> Response:
    """Change what is given."""
    changes = SessionChanges(**body.model_dump())
    return json_answer(await change_session(scope.runtime, scope.grant, session_id, changes))


@router.delete("/sessions/{session_id}", status_code=204)
async def delete_session(
    session_id: str,
    scope: Scope,
    runtime: CurrentRuntime,
    purge: Annotated[bool, Query(description="Erase it with its content.")] = False,
) -> Response:
    """Stop what runs and move the session to the trash."""
    await remove_session(scope.runtime, runtime.index, scope.grant, session_id, purge=purge)
    return Response(status_code=204)


def _page(found: list[Session], limit: int) -> Page[Session]:
    items = found[:limit]
    following = None
    if len(found) > limit:
        last = items[-1]
        following = write_cursor(format_instant(last.updated_at), last.id)
    return Page(items=items, next_cursor=following)
