"""Tools a person allowed for the rest of a session, bound to the tool's definition."""

from __future__ import annotations

from mandrake.domain.principals import Right
from mandrake.domain.tools import ToolDefinition
from mandrake.persistence.schema import remembered_approvals
from mandrake.persistence.stores.base import ScopedStore, now


class ApprovalStore(ScopedStore):
    """Rows of `remembered_approvals` in the grant's scope."""

    def is_remembered(self, session_id: str, definition: ToolDefinition | None) -> bool:
        """Whether this very definition was allowed in this session."""
        if definition is None:
            return False
        table = remembered_approvals.c
        row = self._row(
            remembered_approvals,
            table.session_id == session_id,
            table.server == definition.server,
            table.tool == definition.tool,
        )
        return row is not None and row["definition_hash"] == definition.definition_hash()

    def remember(self, session_id: str, server: str, tool: str, definition_hash: str) -> None:
        """Allow the tool for the rest of the session."""
        self.grant.require(Right.CONVERSE)
        table = remembered_approvals
        self.connection.execute(
            table.delete().where(
                table.c.session_id == session_id, table.c.server == server, table.c.tool == tool
            )
        )
        self._insert(
            table,
            session_id=session_id,
            server=server,
            tool=tool,
            definition_hash=definition_hash,
            at=now(),
        )
