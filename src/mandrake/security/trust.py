"""Which definitions a person has accepted in this installation.

Kept in `mandrake.db`, never in the folder that a definition lies in: a folder can't vouch for
itself. Knows hashes only; what goes into them is the definition's owner's part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from mandrake.domain.ids import ScopeId
from mandrake.domain.principals import Grant, Right
from mandrake.kit.clock import Clock, SystemClock, format_instant
from mandrake.persistence.database import Database
from mandrake.persistence.schema import accepted_definitions

DefinitionKind = Literal["server", "dynamic", "provider"]
_rows = accepted_definitions.c


@dataclass(frozen=True, slots=True)
class AcceptedDefinition:
    """One acceptance; several hashes of one name may stand accepted."""

    kind: DefinitionKind
    name: str
    hash: str
    accepted_at: str
    accepted_by: str


class DefinitionTrust:
    """Acceptances of all scopes. `database` is `mandrake.db`."""

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self._database = database
        self._clock = clock or SystemClock()

    async def accept(self, grant: Grant, kind: DefinitionKind, hashes: dict[str, str]) -> None:
        """Accept definitions of the grant's scope: hash by name. Again is no error."""
        grant.require(Right.CONFIGURE)
        if hashes:
            await self._database.write(lambda unit: self.accept_in(unit, grant, kind, hashes))

    def accept_in(
        self, connection: Connection, grant: Grant, kind: DefinitionKind, hashes: dict[str, str]
    ) -> None:
        """`accept`, inside a unit of work of the caller."""
        grant.require(Right.CONFIGURE)
        at = format_instant(self._clock.now())
        for name, definition_hash in hashes.items():
            values = {
                "organization_id": grant.organization_id,
                "scope_id": grant.scope_id,
                "kind": kind,
                "name": name,
                "hash": definition_hash,
                "accepted_at": at,
                "accepted_by": grant.principal.id,
            }
            connection.execute(insert(accepted_definitions).values(values).on_conflict_do_nothing())

    async def is_accepted(
        self, grant: Grant, kind: DefinitionKind, name: str, definition_hash: str
    ) -> bool:
        """Whether exactly this definition was accepted in the grant's scope."""
        return definition_hash in await self.accepted_hashes(grant, kind, name)

    async def accepted_hashes(self, grant: Grant, kind: DefinitionKind, name: str) -> set[str]:
        """Every accepted hash of one name."""
        return {row.hash for row in await self.list(grant, kind) if row.name == name}

    async def list(self, grant: Grant, kind: DefinitionKind) -> tuple[AcceptedDefinition, ...]:
        """Acceptances in the grant's scope, by name and then time."""
        grant.require(Right.READ)
        query = (
            select(_rows.name, _rows.hash, _rows.accepted_at, _rows.accepted_by)
            .where(
                _rows.organization_id == grant.organization_id,
                _rows.scope_id == grant.scope_id,
                _rows.kind == kind,
            )
            .order_by(_rows.name, _rows.accepted_at)
        )
        found = await self._database.read(lambda connection: connection.execute(query).all())
        return tuple(
            AcceptedDefinition(kind, row.name, row.hash, row.accepted_at, row.accepted_by)
            for row in found
        )

    async def forget(self, grant: Grant, kind: DefinitionKind, name: str) -> None:
        """Withdraw every acceptance of a name: it waits for review again."""
        grant.require(Right.CONFIGURE)
        statement = delete(accepted_definitions).where(
            _rows.organization_id == grant.organization_id,
            _rows.scope_id == grant.scope_id,
            _rows.kind == kind,
            _rows.name == name,
        )
        await self._database.write(lambda connection: connection.execute(statement) and None)

    def forget_scope_in(self, connection: Connection, grant: Grant, scope_id: ScopeId) -> None:
        """Withdraw everything accepted in a scope that is deleted, inside the caller's unit."""
        grant.require(Right.CONFIGURE)
        connection.execute(
            delete(accepted_definitions).where(
                _rows.organization_id == grant.organization_id, _rows.scope_id == scope_id
            )
        )
