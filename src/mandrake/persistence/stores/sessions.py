"""Sessions: create, read, change, list, remove."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import RowMapping, func, select

from mandrake.domain.conversation import Session, SessionStatus
from mandrake.domain.events import session_topic, workspace_topic
from mandrake.domain.ids import SessionId, new_id
from mandrake.domain.principals import Right
from mandrake.domain.tools import JsonObject
from mandrake.domain.usage import USAGE_FIELDS, Usage, sum_cost
from mandrake.errors import NotFound
from mandrake.persistence import journal, schema
from mandrake.persistence.stores.base import ScopedStore, now


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """Which sessions a list shows."""

    query: str = ""
    """Part of the title, case-insensitive."""
    tag: str | None = None
    archived: bool = False


class SessionStore(ScopedStore):
    """Rows of `sessions` in the grant's scope."""

    def create(self, title: str | None = None) -> Session:
        """A new, empty session."""
        self.grant.require(Right.CONVERSE)
        session_id = SessionId(new_id("ses"))
        at = now()
        self._insert(
            schema.sessions,
            id=session_id,
            title=title,
            tags=[],
            overrides={},
            created_at=at,
            updated_at=at,
        )
        session = self.announce(session_id)
        shown: JsonObject = {"session": session.model_dump(mode="json")}
        self._append_to_scope("session.created", session_id, shown)
        return session

    def get(self, session_id: str) -> Session:
        """One session.

        Raises:
            NotFound: It isn't in this scope or lies in the trash.
        """
        return self._sessions([self.row(session_id)])[0]

    def row(self, session_id: str) -> RowMapping:
        """The bare row; see `get`."""
        self.grant.require(Right.READ)
        row = self._row(
            schema.sessions,
            schema.sessions.c.id == session_id,
            schema.sessions.c.deleted_at.is_(None),
        )
        if row is None:
            raise NotFound(f"There is no session `{session_id}` here.")
        return row

    def list(
        self, wanted: SessionFilter, *, limit: int, before: tuple[str, str] | None = None
    ) -> list[Session]:
        """Newest update first, pinned ones not moved; `before` is `(updated_at, id)`."""
        self.grant.require(Right.READ)
        table = schema.sessions
        query = select(table).where(
            table.c.scope_id == self.grant.scope_id,
            table.c.deleted_at.is_(None),
            table.c.archived == int(wanted.archived),
        )
        if wanted.query:
            query = query.where(table.c.title.icontains(wanted.query, autoescape=True))
        if wanted.tag is not None:
            tags = func.json_each(table.c.tags).table_valued("value")
            query = query.where(
                select(1).select_from(tags).where(tags.c.value == wanted.tag).exists()
            )
        if before is not None:
            at, session_id = before
            query = query.where(
                (table.c.updated_at < at) | ((table.c.updated_at == at) & (table.c.id < session_id))
            )
        query = query.order_by(table.c.updated_at.desc(), table.c.id.desc()).limit(limit)
        return self._sessions(list(self.connection.execute(query).mappings()))

    def change(self, session_id: str, **values: Any) -> Session:
        """Set columns and announce the session."""
        self.grant.require(Right.CONVERSE)
        self.row(session_id)
        self._update(schema.sessions, schema.sessions.c.id == session_id, **values)
        return self.announce(session_id)

    def announce(self, session_id: str) -> Session:
        """Stamp the update and append `session.updated`."""
        self._update(schema.sessions, schema.sessions.c.id == session_id, updated_at=now())
        session = self.get(session_id)
        journal.append(
            self.connection,
            self.grant,
            topic=session_topic(SessionId(session_id)),
            type="session.updated",
            data={"session_id": session_id},
            transient={"session": session.model_dump(mode="json")},
        )
        return session

    def remove(self, session_id: str, *, purge: bool) -> None:
        """Move to the trash, or erase rows and content; the journal keeps its hashes."""
        self.grant.require(Right.CONVERSE)
        self.row(session_id)
        self._append_to_scope("session.deleted", session_id, {})
        if not purge:
            self._update(schema.sessions, schema.sessions.c.id == session_id, deleted_at=now())
            return
        turns = select(schema.turns.c.id).where(schema.turns.c.session_id == session_id)
        for table in (schema.parts, schema.part_drafts):
            self.connection.execute(table.delete().where(table.c.turn_id.in_(turns)))
        for table in (
            schema.questions,
            schema.tool_calls,
            schema.turns,
            schema.rounds,
            schema.remembered_approvals,
        ):
            self.connection.execute(table.delete().where(table.c.session_id == session_id))
        self.connection.execute(schema.sessions.delete().where(schema.sessions.c.id == session_id))
        self.blobs.release(SessionId(session_id))

    def _append_to_scope(self, type_: str, session_id: str, transient: JsonObject) -> None:
        """An event on the scope's own topic: its list of sessions changed."""
        journal.append(
            self.connection,
            self.grant,
            topic=workspace_topic(self.grant.scope_id),
            type=type_,
            data={"session_id": session_id},
            transient=transient,
        )

    # ---- reading ----

    def _sessions(self, rows: list[RowMapping]) -> list[Session]:
        ids = [str(row["id"]) for row in rows]
        round_counts, states = self._round_states(ids)
        questions = self._open_questions(ids)
        usage, costs = self._sums(ids)
        return [
            Session(
                id=row["id"],
                title=row["title"],
                tags=row["tags"],
                pinned=bool(row["pinned"]),
                archived=bool(row["archived"]),
                overrides=row["overrides"],
                status=_status(states.get(row["id"], set())),
                head_round_id=row["head_round_id"],
                round_count=round_counts.get(row["id"], 0),
                open_question_count=questions.get(row["id"], 0),
                usage=usage.get(row["id"], Usage()),
                cost_usd=costs.get(row["id"]),
                created_at=row["created_at"],
                updated_at=row["updated_at"],
            )
            for row in rows
        ]

    def _round_states(self, ids: list[str]) -> tuple[dict[str, int], dict[str, set[str]]]:
        table = schema.rounds
        counts: dict[str, int] = {}
        states: dict[str, set[str]] = {}
        rows = self.connection.execute(
            select(table.c.session_id, table.c.status, func.count())
            .where(table.c.session_id.in_(ids))
            .group_by(table.c.session_id, table.c.status)
        )
        for session_id, status, count in rows:
            counts[session_id] = counts.get(session_id, 0) + count
            states.setdefault(session_id, set()).add(status)
        return counts, states

    def _open_questions(self, ids: list[str]) -> dict[str, int]:
        table = schema.questions
        rows = self.connection.execute(
            select(table.c.session_id, func.count())
            .where(table.c.session_id.in_(ids), table.c.status == "open")
            .group_by(table.c.session_id)
        )
        return {str(session_id): int(count) for session_id, count in rows}

    def _sums(self, ids: list[str]) -> tuple[dict[str, Usage], dict[str, Decimal | None]]:
        table = schema.turns
        sums = [func.sum(table.c[name]) for name in USAGE_FIELDS]
        usage: dict[str, Usage] = {}
        for row in self.connection.execute(
            select(table.c.session_id, *sums)
            .where(table.c.session_id.in_(ids))
            .group_by(table.c.session_id)
        ):
            values = cast("tuple[int | None, ...]", tuple(row)[1:])
            usage[row[0]] = Usage.model_validate(dict(zip(USAGE_FIELDS, values, strict=True)))
        costs: dict[str, list[Decimal | None]] = {}
        for session_id, cost in self.connection.execute(
            select(table.c.session_id, table.c.cost_usd).where(table.c.session_id.in_(ids))
        ):
            costs.setdefault(session_id, []).append(None if cost is None else Decimal(cost))
        return usage, {session_id: sum_cost(each) for session_id, each in costs.items()}


def _status(states: set[str]) -> SessionStatus:
    if states & {"running", "queued"}:
        return "running"
    if "waiting" in states:
        return "waiting"
    return "paused" if "paused" in states else "idle"
