"""Idempotency keys: the answer of a command, kept for 24 hours in the command's own unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from mandrake.domain.tools import JsonObject
from mandrake.errors import Conflict
from mandrake.kit.clock import SystemClock, format_instant
from mandrake.persistence.schema import idempotency_keys
from mandrake.persistence.stores.base import ScopedStore, now

LIFETIME = timedelta(hours=24)
_clock = SystemClock()
_table = idempotency_keys


@dataclass(frozen=True, slots=True)
class Command:
    """One command as its sender named it."""

    route: str
    key: str
    body_hash: str


class IdempotencyStore(ScopedStore):
    """Rows of `idempotency_keys` of the grant's principal."""

    def answer(self, command: Command | None) -> JsonObject | None:
        """What was answered to this command before; None when it is new.

        Raises:
            Conflict: The key was used with another body (`conflict.idempotency`).
        """
        if command is None:
            return None
        row = self._row(
            _table,
            _table.c.principal_id == self.grant.principal.id,
            _table.c.route == command.route,
            _table.c.key == command.key,
            _table.c.at > format_instant(_clock.now() - LIFETIME),
        )
        if row is None:
            return None
        if row["body_hash"] != command.body_hash:
            raise Conflict(
                "This Idempotency-Key was used before with another body.",
                code="conflict.idempotency",
                hint="Use a new key for a new command.",
            )
        return row["answer"]

    def keep(self, command: Command | None, answer: JsonObject) -> None:
        """Keep the answer; forget keys that are too old."""
        if command is None:
            return
        self.connection.execute(
            _table.delete().where(
                (_table.c.at <= format_instant(_clock.now() - LIFETIME))
                | (
                    (_table.c.principal_id == self.grant.principal.id)
                    & (_table.c.route == command.route)
                    & (_table.c.key == command.key)
                )
            )
        )
        self._insert(
            _table,
            principal_id=self.grant.principal.id,
            route=command.route,
            key=command.key,
            body_hash=command.body_hash,
            answer=answer,
            at=now(),
        )
