"""What every store has: a connection, a grant, the scope's columns, the time as text."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, select

from mandrake.domain.principals import Grant
from mandrake.kit.clock import SystemClock, format_instant
from mandrake.persistence.blobs import BlobStore

_clock = SystemClock()


def now() -> str:
    """The present instant as the tables keep it."""
    return format_instant(_clock.now())


class ScopedStore:
    """Base of the stores."""

    def __init__(self, connection: Connection, grant: Grant) -> None:
        self.connection = connection
        self.grant = grant
        self.blobs = BlobStore(connection, grant)

    def _rows(
        self,
        table: Table,
        *conditions: ColumnElement[bool],
        order_by: ColumnElement[Any] | None = None,
    ) -> list[RowMapping]:
        query = select(table).where(table.c.scope_id == self.grant.scope_id, *conditions)
        if order_by is not None:
            query = query.order_by(order_by)
        return list(self.connection.execute(query).mappings())

    def _row(self, table: Table, *conditions: ColumnElement[bool]) -> RowMapping | None:
        rows = self._rows(table, *conditions)
        return rows[0] if rows else None

    def _insert(self, table: Table, **values: Any) -> None:
        self.connection.execute(
            table.insert().values(
                organization_id=self.grant.organization_id,
                scope_id=self.grant.scope_id,
                **values,
            )
        )

    def _update(self, table: Table, *conditions: ColumnElement[bool], **values: Any) -> int:
        result = self.connection.execute(
            table.update()
            .where(table.c.scope_id == self.grant.scope_id, *conditions)
            .values(**values)
        )
        return result.rowcount
