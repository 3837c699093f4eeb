"""A session's events as Server-Sent Events."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from sqlalchemy import Connection

from mandrake.api.deps import Scope
from mandrake.api.event_stream import EventStream
from mandrake.api.topics import OpenTopic
from mandrake.domain.events import session_topic
from mandrake.domain.ids import SessionId
from mandrake.errors import InvalidInput
from mandrake.persistence.stores.sessions import SessionStore

router = APIRouter(tags=["events"])


@router.get(
    "/sessions/{session_id}/events",
    response_class=Response,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def follow_session(
    session_id: str,
    scope: Scope,
    after: Annotated[int | None, Query(ge=0, description="Last durable event seen.")] = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """Durable events after the cursor, open parts, then live; without a cursor live only."""

    def check(connection: Connection) -> None:
        SessionStore(connection, scope.grant).row(session_id)

    await scope.runtime.database.read(check)
    topic = OpenTopic(session_topic(SessionId(session_id)), scope.grant, scope.runtime)
    return EventStream(topic, _cursor(last_event_id, after))


def _cursor(last_event_id: str | None, after: int | None) -> int | None:
    # What a client saw last stands above where it once began.
    if last_event_id is None or not last_event_id.strip():
        return after
    if not last_event_id.strip().isdecimal():
        raise InvalidInput("`Last-Event-ID` is the `id` of an event: a whole number.")
    return int(last_event_id)
