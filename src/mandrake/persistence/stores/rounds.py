"""Rounds: the tree of requests of a session and their states."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import RowMapping, select, text

from mandrake.domain.conversation import (
    TERMINAL_ROUND,
    UNFINISHED_ROUND,
    Limits,
    PauseReason,
    RoundStatus,
)
from mandrake.domain.events import session_topic
from mandrake.domain.ids import SessionId, new_id
from mandrake.domain.principals import Right
from mandrake.domain.records import RequestContent, RoundRecord
from mandrake.domain.tools import JsonObject
from mandrake.errors import NotFound
from mandrake.persistence import journal, schema
from mandrake.persistence.stores.base import ScopedStore, now

_table = schema.rounds


class RoundStore(ScopedStore):
    """Rows of `rounds` in the grant's scope."""

    def create(
        self,
        session_id: str,
        content: RequestContent,
        *,
        parent_round_id: str | None,
        model: str | None,
        limits: Limits,
        round_id: str | None = None,
    ) -> str:
        """Insert a queued round and return its id; the caller moves the session's head."""
        self.grant.require(Right.CONVERSE)
        new_round_id = round_id or new_id("rnd")
        self._insert(
            _table,
            id=new_round_id,
            session_id=session_id,
            parent_round_id=parent_round_id,
            status="queued",
            request_hash=self.blobs.put_value(cast("Any", content), SessionId(session_id)),
            model=model,
            limits=limits.model_dump(),
            created_at=now(),
        )
        return new_round_id

    def get(self, round_id: str) -> RoundRecord:
        """One round.

        Raises:
            NotFound: It isn't in this scope.
        """
        self.grant.require(Right.READ)
        row = self._row(_table, _table.c.id == round_id)
        if row is None:
            raise NotFound(f"There is no round `{round_id}` here.")
        return _record(row)

    def of(self, record: RoundRecord, session_id: str) -> RoundRecord:
        """The record, if it belongs to this session.

        Raises:
            NotFound: It belongs to another one.
        """
        if record.session_id != session_id:
            raise NotFound(f"There is no round `{record.id}` in this session.")
        return record

    def replace_request(self, record: RoundRecord, content: RequestContent) -> None:
        """Another request for a round that has not started."""
        digest = self.blobs.put_value(cast("Any", content), SessionId(record.session_id))
        self._update(_table, _table.c.id == record.id, request_hash=digest)

    def request(self, record: RoundRecord) -> RequestContent:
        """What was asked."""
        return cast("RequestContent", self.blobs.value(record.request_hash))

    def of_session(self, session_id: str) -> list[RoundRecord]:
        """Every round of the session, oldest first."""
        rows = self._rows(_table, _table.c.session_id == session_id, order_by=_table.c.id)
        return [_record(row) for row in rows]

    def path(self, session_id: str, head_round_id: str | None) -> list[RoundRecord]:
        """From the root to `head_round_id`, oldest first."""
        by_id = {record.id: record for record in self.of_session(session_id)}
        path: list[RoundRecord] = []
        record = by_id.get(head_round_id or "")
        while record is not None:
            path.append(record)
            record = by_id.get(record.parent_round_id or "")
        return path[::-1]

    def newest_on_path(self, round_id: str | None, limit: int) -> list[RoundRecord]:
        """At most `limit` rounds from `round_id` towards the root, newest first."""
        if round_id is None:
            return []
        rows = self.connection.execute(
            text(
                "WITH RECURSIVE path(id, parent_round_id, depth) AS ("
                "SELECT id, parent_round_id, 1 FROM rounds WHERE id=:id AND scope_id=:scope_id "
                "UNION ALL SELECT r.id, r.parent_round_id, path.depth + 1 FROM rounds r "
                "JOIN path ON r.id = path.parent_round_id WHERE path.depth < :limit) "
                "SELECT rounds.* FROM path JOIN rounds ON rounds.id = path.id ORDER BY path.depth"
            ).columns(*_table.c),
            {"id": round_id, "scope_id": self.grant.scope_id, "limit": limit},
        ).mappings()
        return [_record(row) for row in rows]

    def newest(self, session_id: str, before: str | None, limit: int) -> list[RoundRecord]:
        """At most `limit` rounds of the whole tree made before `before`, newest first."""
        query = select(_table).where(
            _table.c.scope_id == self.grant.scope_id, _table.c.session_id == session_id
        )
        if before is not None:
            query = query.where(_table.c.id < before)
        rows = self.connection.execute(query.order_by(_table.c.id.desc()).limit(limit)).mappings()
        return [_record(row) for row in rows]

    def children(
        self, session_id: str, parent_ids: Sequence[str | None]
    ) -> dict[str | None, list[str]]:
        """Ids of the rounds below each parent, oldest first; None stands for the root."""
        named = [parent for parent in parent_ids if parent is not None]
        below = _table.c.parent_round_id.in_(named)
        if len(named) < len(parent_ids):
            below |= _table.c.parent_round_id.is_(None)
        query = (
            select(_table.c.id, _table.c.parent_round_id)
            .where(
                _table.c.scope_id == self.grant.scope_id, _table.c.session_id == session_id, below
            )
            .order_by(_table.c.id)
        )
        found: dict[str | None, list[str]] = {}
        for round_id, parent_id in self.connection.execute(query):
            found.setdefault(parent_id, []).append(str(round_id))
        return found

    def next_unfinished(self, session_id: str) -> RoundRecord | None:
        """The oldest round that is queued, running or waiting."""
        row = (
            self.connection.execute(
                select(_table)
                .where(
                    _table.c.scope_id == self.grant.scope_id,
                    _table.c.session_id == session_id,
                    _table.c.status.in_(UNFINISHED_ROUND),
                )
                .order_by(_table.c.id)
                .limit(1)
            )
            .mappings()
            .first()
        )
        return None if row is None else _record(row)

    def sessions_with_unfinished(self) -> list[str]:
        """Sessions that have work to go on with after a start."""
        rows = self.connection.execute(
            select(_table.c.session_id)
            .where(
                _table.c.scope_id == self.grant.scope_id,
                _table.c.status.in_(UNFINISHED_ROUND),
            )
            .distinct()
        )
        return [str(row[0]) for row in rows]

    def set_status(
        self,
        record: RoundRecord,
        status: RoundStatus,
        *,
        event: JsonObject | None = None,
        pause_reason: PauseReason | None = None,
        error: JsonObject | None = None,
    ) -> RoundRecord:
        """Change the state and append `round.<status>` (`round.started` for running)."""
        self.grant.require(Right.CONVERSE)
        values: dict[str, Any] = {"status": status, "pause_reason": pause_reason, "error": error}
        if status == "running" and record.started_at is None:
            values["started_at"] = now()
        if status in TERMINAL_ROUND:
            values["finished_at"] = now()
        if status == "running":
            values["finished_at"] = None
        self._update(_table, _table.c.id == record.id, **values)
        self.append_event(
            record, "round.started" if status == "running" else f"round.{status}", event or {}
        )
        return self.get(record.id)

    def set_values(self, round_id: str, **values: Any) -> RoundRecord:
        """Set columns that are no state: counters, limits, stop request, parent."""
        self._update(_table, _table.c.id == round_id, **values)
        return self.get(round_id)

    def delete(self, record: RoundRecord) -> None:
        """Remove a queued round; its children go to its parent."""
        self._update(
            _table, _table.c.parent_round_id == record.id, parent_round_id=record.parent_round_id
        )
        self.connection.execute(_table.delete().where(_table.c.id == record.id))
        self.append_event(record, "round.removed", {})

    def append_event(
        self,
        record: RoundRecord,
        type_: str,
        data: JsonObject,
        transient: JsonObject | None = None,
    ) -> None:
        """An event about this round on its session's topic."""
        journal.append(
            self.connection,
            self.grant,
            topic=session_topic(SessionId(record.session_id)),
            type=type_,
            data={"session_id": record.session_id, "round_id": record.id, **data},
            transient=transient,
        )


def _record(row: RowMapping) -> RoundRecord:
    return RoundRecord(
        id=row["id"],
        session_id=row["session_id"],
        parent_round_id=row["parent_round_id"],
        status=row["status"],
        pause_reason=row["pause_reason"],
        error=row["error"],
        request_hash=row["request_hash"],
        model=row["model"],
        limits=Limits.model_validate(row["limits"]),
        resume_count=row["resume_count"],
        resume_turn_count=row["resume_turn_count"],
        created_at=row["created_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
    )
