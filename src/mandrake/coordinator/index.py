"""The index over all scopes in `mandrake.db`: which sessions exist, which rounds are unfinished.

Rebuildable: the scopes' own databases are the truth. A claim on a round is written before the
round is, so that a start after a crash opens only the scopes that have something to recover.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Connection, func, select

from mandrake.domain.events import CommittedEvent
from mandrake.domain.ids import ScopeId
from mandrake.domain.principals import Grant
from mandrake.domain.tools import JsonObject
from mandrake.persistence.database import Database, Unit
from mandrake.persistence.schema import round_claims, session_index
from mandrake.persistence.stores.base import now

_AT_REST = frozenset(
    {"round.completed", "round.stopped", "round.failed", "round.paused", "round.removed"}
)


@dataclass(frozen=True, slots=True)
class ScopeSummary:
    """What a card shows of a scope's sessions."""

    session_count: int
    last_activity_at: str | None


class ScopeIndex:
    """Reads and writes the index; one for the installation."""

    def __init__(self, control: Database, grant: Grant) -> None:
        self._control = control
        self._grant = grant

    async def claim(self, scope_id: ScopeId, session_id: str, round_id: str) -> None:
        """Note, before it exists, that a round may be unfinished."""

        def unit(connection: Connection) -> None:
            connection.execute(
                round_claims.insert()
                .prefix_with("OR REPLACE")
                .values(
                    organization_id=self._grant.organization_id,
                    scope_id=scope_id,
                    round_id=round_id,
                    session_id=session_id,
                    claimed_at=now(),
                )
            )

        await self._control.write(unit)

    async def scopes_to_recover(self) -> list[ScopeId]:
        """Scopes with a round that may be unfinished."""
        rows = await self._control.read(
            lambda connection: list(connection.execute(select(round_claims.c.scope_id).distinct()))
        )
        return [ScopeId(str(row[0])) for row in rows]

    async def release_claims(self, scope_id: ScopeId, unfinished: Sequence[str]) -> None:
        """Drop the claims of a scope's rounds that turned out to be at rest, or never came."""

        def unit(connection: Connection) -> None:
            connection.execute(
                round_claims.delete().where(
                    round_claims.c.scope_id == scope_id,
                    round_claims.c.round_id.not_in(unfinished),
                )
            )

        await self._control.write(unit)

    async def scope_of(self, session_id: str) -> ScopeId | None:
        """Where a session lives, as far as the index knows."""
        query = select(session_index.c.scope_id).where(session_index.c.session_id == session_id)
        row = await self._control.read(lambda connection: connection.execute(query).first())
        return None if row is None else ScopeId(str(row[0]))

    async def scopes_with_questions(self) -> list[ScopeId]:
        """Scopes in which something waits for a person."""
        query = select(session_index.c.scope_id).where(session_index.c.open_question_count > 0)
        rows = await self._control.read(
            lambda connection: list(connection.execute(query.distinct()))
        )
        return [ScopeId(str(row[0])) for row in rows]

    async def summaries(self) -> dict[ScopeId, ScopeSummary]:
        """Sessions and last activity of every scope that has sessions."""
        table = session_index.c
        query = select(table.scope_id, func.count(), func.max(table.updated_at)).group_by(
            table.scope_id
        )
        rows = await self._control.read(lambda connection: list(connection.execute(query)))
        return {
            ScopeId(str(scope_id)): ScopeSummary(int(count), last) for scope_id, count, last in rows
        }

    async def forget_session(self, session_id: str) -> None:
        """A session was removed."""
        await self._control.write(
            lambda connection: (
                connection.execute(
                    session_index.delete().where(session_index.c.session_id == session_id)
                ).rowcount
            )
        )

    def follow(self, events: Sequence[CommittedEvent]) -> None:
        """Keep up with what a scope committed. Queued, not waited for: the index may lag."""
        for committed in events:
            kind = committed.event.type
            if kind == "session.updated":
                session = cast("JsonObject", committed.transient["session"])
                self._submit(
                    lambda connection, s=session, c=committed: self._note(connection, c, s)
                )
            elif kind in _AT_REST:
                round_id = str(committed.event.data["round_id"])
                self._submit(
                    lambda connection, r=round_id: connection.execute(
                        round_claims.delete().where(round_claims.c.round_id == r)
                    ).close()
                )

    def _note(self, connection: Connection, committed: CommittedEvent, session: JsonObject) -> None:
        connection.execute(
            session_index.insert()
            .prefix_with("OR REPLACE")
            .values(
                organization_id=committed.event.organization_id,
                scope_id=committed.event.scope_id,
                session_id=session["id"],
                title=session["title"],
                updated_at=committed.event.at,
                open_question_count=session["open_question_count"],
            )
        )

    def _submit(self, unit: Unit[None]) -> None:
        self._control.submit(unit).add_done_callback(_retrieve)


def _retrieve(future: asyncio.Future[None]) -> None:
    """The index is rebuilt at the next start; a failed note is not worth a crash."""
    if not future.cancelled():
        future.exception()
