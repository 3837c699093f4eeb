"""The journal: append-only events with a hash chain per topic.

`hash = SHA-256(prev_hash + canonical([topic, seq, type, v, at, actor, data]))`, the first
`prev_hash` being 32 zero bytes. Appending happens inside a unit of work, with the rows the event
describes; the database hands appended events to its listeners after the commit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from pydantic import JsonValue
from sqlalchemy import Connection

from mandrake.domain.events import EVENT_VERSION, CommittedEvent, StoredEvent
from mandrake.domain.ids import OrganizationId, ScopeId
from mandrake.domain.principals import Grant
from mandrake.kit.canonical import canonical_bytes, decode_canonical
from mandrake.kit.clock import SystemClock, format_instant
from mandrake.persistence.database import APPENDED_EVENTS

GENESIS_HASH = bytes(32)
_clock = SystemClock()


@dataclass(frozen=True, slots=True)
class ChainFault:
    """Where a topic's chain stops to verify, and why."""

    topic: str
    seq: int
    reason: str


def append(
    connection: Connection,
    grant: Grant,
    *,
    topic: str,
    type: str,  # noqa: A002 - the field's name in the contract
    data: Mapping[str, JsonValue],
    transient: Mapping[str, JsonValue] | None = None,
) -> StoredEvent:
    """Append one event in the current unit of work. Driver-level SQL: this is a hot path."""
    row = connection.exec_driver_sql(
        "SELECT seq, hash FROM events WHERE topic=? ORDER BY seq DESC LIMIT 1", (topic,)
    ).first()
    seq, prev_hash = (1, GENESIS_HASH) if row is None else (int(row[0]) + 1, bytes(row[1]))
    event = StoredEvent(
        organization_id=grant.organization_id,
        scope_id=grant.scope_id,
        topic=topic,
        seq=seq,
        type=type,
        v=EVENT_VERSION,
        at=format_instant(_clock.now()),
        actor=grant.principal.id,
        data=dict(data),
    )
    connection.exec_driver_sql(
        "INSERT INTO events (organization_id, scope_id, topic, seq, type, v, at, actor, data, "
        "prev_hash, hash) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        (
            event.organization_id,
            event.scope_id,
            topic,
            seq,
            type,
            event.v,
            event.at,
            event.actor,
            canonical_bytes(event.data),
            prev_hash,
            chain_hash(prev_hash, event),
        ),
    )
    appended = cast("list[CommittedEvent]", connection.info[APPENDED_EVENTS])
    appended.append(CommittedEvent(event, dict(transient or {})))
    return event


def chain_hash(prev_hash: bytes, event: StoredEvent) -> bytes:
    """The hash that the next event of the topic builds on."""
    body = canonical_bytes(
        [event.topic, event.seq, event.type, event.v, event.at, event.actor, event.data]
    )
    return hashlib.sha256(prev_hash + body).digest()


def head_seq(connection: Connection, topic: str) -> int:
    """The newest sequence number of a topic; 0 when it has none."""
    row = connection.exec_driver_sql(
        "SELECT seq FROM events WHERE topic=? ORDER BY seq DESC LIMIT 1", (topic,)
    ).first()
    return 0 if row is None else int(row[0])


def read_after(
    connection: Connection, grant: Grant, topic: str, after: int, limit: int
) -> list[StoredEvent]:
    """At most `limit` events of `topic` with `seq > after`, oldest first."""
    rows = connection.exec_driver_sql(
        "SELECT organization_id, scope_id, topic, seq, type, v, at, actor, data FROM events "
        "WHERE topic=? AND seq>? AND scope_id=? ORDER BY seq LIMIT ?",
        (topic, after, grant.scope_id, limit),
    )
    return [_event(tuple(row)) for row in rows]


def verify(connection: Connection) -> tuple[int, list[ChainFault]]:
    """Check every chain of the file: events counted, and the first fault of each broken topic."""
    checked = 0
    faults: list[ChainFault] = []
    topic: str | None = None
    expected: tuple[int, bytes] = (1, GENESIS_HASH)
    broken = False
    rows = connection.exec_driver_sql(
        "SELECT organization_id, scope_id, topic, seq, type, v, at, actor, data, prev_hash, hash "
        "FROM events ORDER BY topic, seq"
    )
    for row in rows:
        values = tuple(row)
        event, prev_hash, stored = _event(values[:9]), bytes(values[9]), bytes(values[10])
        if event.topic != topic:
            topic, expected, broken = event.topic, (1, GENESIS_HASH), False
        checked += 1
        if broken:
            continue
        reason = _fault(event, prev_hash, stored, expected)
        if reason is not None:
            faults.append(ChainFault(event.topic, event.seq, reason))
            broken = True
        expected = (event.seq + 1, stored)
    return checked, faults


def _fault(
    event: StoredEvent, prev_hash: bytes, stored: bytes, expected: tuple[int, bytes]
) -> str | None:
    if event.seq != expected[0]:
        return f"expected seq {expected[0]}"
    if prev_hash != expected[1]:
        return "the link to the event before does not match"
    if chain_hash(prev_hash, event) != stored:
        return "its content does not match its hash"
    return None


def _event(row: tuple[object, ...]) -> StoredEvent:
    return StoredEvent(
        organization_id=OrganizationId(str(row[0])),
        scope_id=ScopeId(str(row[1])),
        topic=str(row[2]),
        seq=cast("int", row[3]),
        type=str(row[4]),
        v=cast("int", row[5]),
        at=str(row[6]),
        actor=str(row[7]),
        data=cast("dict[str, JsonValue]", decode_canonical(cast("bytes", row[8]))),
    )
