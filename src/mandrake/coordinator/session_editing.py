"""What people change about a session itself: its title, tags and place, and its end."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from mandrake.coordinator.index import ScopeIndex
from mandrake.coordinator.scope_runtime import ScopeRuntime
from mandrake.domain.conversation import Session
from mandrake.domain.principals import Grant, Right
from mandrake.domain.tools import JsonObject
from mandrake.errors import Conflict
from mandrake.persistence.stores.rounds import RoundStore
from mandrake.persistence.stores.sessions import SessionStore


@dataclass(frozen=True, slots=True)
class SessionChanges:
    """What is to change; None leaves it."""

    title: str | None = None
    tags: list[str] | None = None
    pinned: bool | None = None
    archived: bool | None = None
    overrides: JsonObject | None = None
    head_round_id: str | None = None
    """The newest round of the path to show and go on from."""


async def change_session(
    scope: ScopeRuntime, grant: Grant, session_id: str, changes: SessionChanges
) -> Session:
    """Change what is given, as one step.

    Raises:
        NotFound: No such session, or no such round in it.
        Conflict: The head can't move while a round runs.
    """

    def unit(connection: Connection) -> Session:
        store = SessionStore(connection, grant)
        row = store.row(session_id)
        values: dict[str, object] = {
            name: value
            for name in ("title", "tags", "overrides", "head_round_id")
            if (value := getattr(changes, name)) is not None
        }
        for name in ("pinned", "archived"):
            switched: bool | None = getattr(changes, name)
            if switched is not None:
                values[name] = int(switched)
        head = changes.head_round_id
        if head is not None and head != row["head_round_id"]:
            rounds = RoundStore(connection, grant)
            rounds.of(rounds.get(head), session_id)
            if rounds.next_unfinished(session_id) is not None:
                raise Conflict(
                    "The head of a session can't be moved while a round runs.",
                    hint="Stop the round or wait for its end.",
                )
        return store.change(session_id, **values) if values else store.get(session_id)

    return await scope.database.write(unit)


async def remove_session(
    scope: ScopeRuntime, index: ScopeIndex, grant: Grant, session_id: str, *, purge: bool
) -> None:
    """Stop what runs, then move the session to the trash, or erase it with its content.

    Raises:
        NotFound: No such session.
    """
    grant.require(Right.CONVERSE)

    def unfinished(connection: Connection) -> list[str]:
        SessionStore(connection, grant).row(session_id)
        records = RoundStore(connection, grant).of_session(session_id)
        # The newest first: stopping an older one would start the next in the queue.
        return [
            record.id
            for record in reversed(records)
            if record.status in ("queued", "running", "waiting", "paused")
        ]

    for round_id in await scope.database.read(unfinished):
        await scope.sessions.stop(grant, session_id, round_id)
    await scope.database.write(
        lambda connection: SessionStore(connection, grant).remove(session_id, purge=purge)
    )
    await index.forget_session(session_id)
