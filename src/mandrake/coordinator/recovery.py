"""What happens to unfinished rounds after a start, and the brake on it.

Each resume is counted before it acts. A round that was resumed twice without a new durable turn is
paused as `crash_loop`; one interrupted more than ten minutes ago as `stale`: a person decides.
Rounds that wait for a person, or for their turn, are simply woken.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from mandrake.coordinator.round_scope import RoundScope
from mandrake.coordinator.turn_loop import interrupt_turn
from mandrake.coordinator.work_driver import WorkDriver
from mandrake.domain.conversation import PauseReason
from mandrake.domain.events import session_topic
from mandrake.domain.ids import SessionId
from mandrake.domain.records import RoundRecord
from mandrake.kit.clock import Clock, parse_instant
from mandrake.persistence.stores.rounds import RoundStore
from mandrake.persistence.stores.sessions import SessionStore
from mandrake.persistence.stores.turns import TurnStore

MAX_RESUMES_WITHOUT_TURN = 2
STALE_AFTER = timedelta(minutes=10)


async def recover(scope: RoundScope, driver: WorkDriver, clock: Clock) -> list[str]:
    """Count, brake and wake every session with unfinished rounds; returns their ids."""
    sessions = await scope.database.write(
        lambda connection: _prepare(connection, scope, clock.now())
    )
    for session_id in sessions:
        driver.wake(session_id)
    return sessions


async def unfinished_rounds(scope: RoundScope) -> list[str]:
    """Ids of all rounds of the scope that are not at rest."""

    def query(connection: Connection) -> list[str]:
        store = RoundStore(connection, scope.grant)
        return [
            record.id
            for session_id in store.sessions_with_unfinished()
            for record in store.of_session(session_id)
            if record.status in ("queued", "running", "waiting")
        ]

    return await scope.database.read(query)


def _prepare(connection: Connection, scope: RoundScope, now: datetime) -> list[str]:
    store = RoundStore(connection, scope.grant)
    sessions = store.sessions_with_unfinished()
    for session_id in sessions:
        for record in store.of_session(session_id):
            if record.status == "running":
                _resume(connection, scope, record, now)
    return sessions


def _resume(connection: Connection, scope: RoundScope, record: RoundRecord, now: datetime) -> None:
    store, turns = RoundStore(connection, scope.grant), TurnStore(connection, scope.grant)
    done = sum(turn.status == "completed" for turn in turns.of_round(record.id))
    resumes = record.resume_count if done <= record.resume_turn_count else 0
    reason: PauseReason | None = None
    if resumes >= MAX_RESUMES_WITHOUT_TURN:
        reason = "crash_loop"
    elif now - _last_sign(connection, record) > STALE_AFTER:
        reason = "stale"
    store.set_values(record.id, resume_count=resumes + 1, resume_turn_count=done)
    if reason is None:
        return
    for turn in turns.of_round(record.id):
        if turn.status == "streaming":
            interrupt_turn(connection, scope, turn)
    store.set_status(record, "paused", event={"reason": reason}, pause_reason=reason)
    SessionStore(connection, scope.grant).announce(record.session_id)


def _last_sign(connection: Connection, record: RoundRecord) -> datetime:
    """When the session last wrote to its journal."""
    row = connection.exec_driver_sql(
        "SELECT at FROM events WHERE topic=? ORDER BY seq DESC LIMIT 1",
        (session_topic(SessionId(record.session_id)),),
    ).first()
    return parse_instant(record.created_at if row is None else str(row[0]))
