"""What the managers of this package ask of their owner."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from mandrake.domain.ids import ScopeId
from mandrake.persistence.database import Database


class ScopeDatabases(Protocol):
    """The databases of scopes: `mandrake.db`, and each workspace's `session.db`."""

    async def open(self, scope_id: ScopeId) -> Database:
        """The scope's database, opened if it is not. Stays owned by whoever implements this."""
        ...

    def held_closed(self, scope_id: ScopeId) -> AbstractAsyncContextManager[None]:
        """Close the scope and keep it closed: inside, nothing of ours has files open below its
        folder, and whoever wants to open it waits.

        For moving a workspace's folder. Safe when the scope is not open.
        """
        ...
