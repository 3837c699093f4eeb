"""Which workspaces there are: rows in `mandrake.db`, kept in step with the folders.

The folders are the truth; the rows can be rebuilt from them. Holds the map from id to folder that
the document store asks for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from mandrake.domain.documents import DocumentName, WorkspaceDocument
from mandrake.domain.ids import ScopeId
from mandrake.domain.principals import Grant, Right
from mandrake.errors import Conflict, NotFound
from mandrake.kit.clock import Clock, format_instant
from mandrake.persistence import journal
from mandrake.persistence.database import Database
from mandrake.persistence.ports import DocumentPlace
from mandrake.persistence.schema import workspaces
from mandrake.telemetry.logging import get_logger
from mandrake.workspaces import folders
from mandrake.workspaces.layout import HomeLayout

SYSTEM_TOPIC: Final = "system"
_rows = workspaces.c
_log = get_logger(__name__)
Beside = Callable[[Connection], None]
"""More work for the unit that changes the registry."""


@dataclass(frozen=True, slots=True)
class Registered:
    """One row."""

    id: ScopeId
    name: str
    """Name of the folder."""
    created_at: str
    updated_at: str


class WorkspaceRegistry:
    """`database` is `mandrake.db`. Reading is from memory: `load` first."""

    def __init__(self, layout: HomeLayout, database: Database, clock: Clock) -> None:
        self._layout = layout
        self._database = database
        self._clock = clock
        self._known: dict[ScopeId, Registered] = {}

    def locate(self, scope_id: ScopeId, name: DocumentName) -> DocumentPlace:
        """For the document store. See `HomeLayout.document_place`."""
        known = self._known.get(scope_id)
        return self._layout.document_place(scope_id, name, known.name if known else None)

    def all(self) -> list[Registered]:
        """Every workspace, by name."""
        return sorted(self._known.values(), key=lambda known: known.name.casefold())

    def get(self, id_or_name: str) -> Registered:
        """One workspace; the case of a name does not matter.

        Raises:
            NotFound: None of that id or name.
        """
        known = self._known.get(ScopeId(id_or_name))
        if known is not None:
            return known
        wanted = id_or_name.casefold()
        for candidate in self._known.values():
            if candidate.name.casefold() == wanted:
                return candidate
        raise NotFound(
            f"There is no workspace `{id_or_name:.80}`.", hint="See `mandrake workspace list`."
        )

    async def load(self, grant: Grant) -> list[folders.FoundFolder]:
        """Read the rows and bring them in step with the folders: unknown ones are registered
        (nothing of theirs is accepted), renamed ones followed. Gives those that can't be used.
        """
        grant.require(Right.READ)
        query = select(_rows.scope_id, _rows.name, _rows.created_at, _rows.updated_at).where(
            _rows.organization_id == grant.organization_id, _rows.deleted_at.is_(None)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        self._known = {
            ScopeId(row.scope_id): Registered(
                ScopeId(row.scope_id), row.name, row.created_at, row.updated_at
            )
            for row in rows
        }
        found = await asyncio.to_thread(folders.scan, self._layout.workspaces)
        present = {folder.name for folder in found}
        unusable: list[folders.FoundFolder] = []
        for folder in found:
            problem = await self._reconcile(grant, folder, present)
            if problem is not None:
                _log.warning("workspace folder not used", folder=folder.name, problem=problem)
                unusable.append(folders.FoundFolder(folder.name, folder.document, problem))
        return unusable

    async def add(
        self, grant: Grant, document: WorkspaceDocument, beside: Beside | None = None
    ) -> Registered:
        """Register a folder that is in its place, announce it, and do `beside` in the same unit.

        Raises:
            Conflict: The name is taken.
        """
        grant.require(Right.CONFIGURE)
        known = Registered(
            ScopeId(document.id),
            document.name,
            format_instant(document.created_at),
            format_instant(document.updated_at),
        )
        self.require_free(known.name)

        def unit(connection: Connection) -> None:
            connection.execute(
                insert(workspaces).values(
                    organization_id=grant.organization_id,
                    scope_id=known.id,
                    name=known.name,
                    path=f"workspaces/{known.name}",
                    created_at=known.created_at,
                    updated_at=known.updated_at,
                )
            )
            if beside is not None:
                beside(connection)
            self._announce(connection, grant, "workspace.created", known)

        await self._database.write(unit)
        self._known[known.id] = known
        return known

    async def change(self, grant: Grant, scope_id: ScopeId, name: str) -> Registered:
        """Note that a workspace changed; its folder is called `name` by now."""
        grant.require(Right.CONFIGURE)
        before = self.get(scope_id)
        now = format_instant(self._clock.now())
        known = Registered(scope_id, name, before.created_at, now)

        def unit(connection: Connection) -> None:
            connection.execute(
                update(workspaces)
                .where(_rows.organization_id == grant.organization_id, _rows.scope_id == scope_id)
                .values(name=name, path=f"workspaces/{name}", updated_at=now)
            )
            self._announce(connection, grant, "workspace.updated", known)

        await self._database.write(unit)
        self._known[scope_id] = known
        return known

    async def remove(self, grant: Grant, scope_id: ScopeId, beside: Beside) -> None:
        """Forget a workspace, announce it, and do `beside` in the same unit."""
        grant.require(Right.CONFIGURE)
        known = self.get(scope_id)

        def unit(connection: Connection) -> None:
            connection.execute(
                delete(workspaces).where(
                    _rows.organization_id == grant.organization_id, _rows.scope_id == scope_id
                )
            )
            beside(connection)
            self._announce(connection, grant, "workspace.deleted", known)

        await self._database.write(unit)
        del self._known[scope_id]

    def require_free(self, name: str, *, but: ScopeId | None = None) -> None:
        """Pass a name that no other workspace has, in any case.

        Raises:
            Conflict: It is taken.
        """
        for known in self._known.values():
            if known.id != but and known.name.casefold() == name.casefold():
                raise name_taken(name)

    async def _reconcile(
        self, grant: Grant, folder: folders.FoundFolder, present: set[str]
    ) -> str | None:
        """Bring one folder in; gives the problem when it can't be."""
        if folder.document is None:
            # A known workspace whose document broke stays listed, with its problem.
            by_name = {known.name for known in self._known.values()}
            return None if folder.name in by_name else folder.problem
        known = self._known.get(ScopeId(folder.document.id))
        if known is None:
            document = folder.document.model_copy(update={"name": folder.name})
            try:
                await self.add(grant, document)
            except Conflict as error:
                return error.detail
            _log.info("workspace folder registered", folder=folder.name)
        elif known.name != folder.name:
            if known.name in present:
                return f"a copy of `{known.name}` with the same id; adopt it to give it its own"
            await self.change(grant, known.id, folder.name)
            _log.info("workspace folder was renamed", old=known.name, new=folder.name)
        return None

    def _announce(
        self, connection: Connection, grant: Grant, type_: str, known: Registered
    ) -> None:
        journal.append(
            connection, grant, topic=SYSTEM_TOPIC, type=type_, data={"workspace_id": known.id}
        )


def name_taken(name: str) -> Conflict:
    """The error for a name that another workspace or file has."""
    return Conflict(
        f"There is already a workspace or file `{name}`.",
        code="conflict.name",
        hint="Choose another name; upper and lower case do not count.",
    )
