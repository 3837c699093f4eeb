"""What the managers of this package ask of their owner."""

from __future__ import annotations

from typing import Protocol

from mandrake.domain.ids import ScopeId
from mandrake.persistence.database import Database


class ScopeDatabases(Protocol):
    """The databases of scopes: `mandrake.db`, and each workspace's `session.db`."""

    async def open(self, scope_id: ScopeId) -> Database:
        """The scope's database, opened if it is not. Stays owned by whoever implements this."""
        ...

    async def close(self, scope_id: ScopeId) -> None:
        """Close the scope: when this returns nothing of ours has files open below its folder.

        Called before a workspace's folder moves. Safe when the scope is not open.
        """
        ...
