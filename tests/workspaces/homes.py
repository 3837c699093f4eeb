"""A home on disk, with everything opened as a running server would."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mandrake.domain.ids import INSTALLATION_SCOPE, ScopeId
from mandrake.domain.principals import Grant
from mandrake.kit.redaction import Redactor
from mandrake.persistence.adapters.folder import FolderDocumentStore
from mandrake.persistence.database import Database
from mandrake.security.secrets import SecretStore
from mandrake.security.trust import DefinitionTrust
from mandrake.tenancy.access import OWNER, access_installation, access_scope
from mandrake.workspaces.git import Git
from mandrake.workspaces.home import HomeReport, ensure_home
from mandrake.workspaces.layout import HomeLayout
from mandrake.workspaces.manager import WorkspaceManager
from mandrake.workspaces.registry import WorkspaceRegistry


@dataclass
class TickingClock:
    """A second later at each look, so that stamps differ and order is known."""

    at: datetime = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@dataclass
class OpenDatabases:
    """The scopes' databases, as the runtime keeps them."""

    layout: HomeLayout
    registry: WorkspaceRegistry | None = None
    opened: dict[ScopeId, Database] = field(default_factory=dict[ScopeId, Database])

    async def open(self, scope_id: ScopeId) -> Database:
        if scope_id not in self.opened:
            path = self.layout.database
            if scope_id != INSTALLATION_SCOPE:
                assert self.registry is not None
                name = self.registry.get(scope_id).name
                path = self.layout.workspace_paths(scope_id, name).database
            self.opened[scope_id] = await Database.open(path)
        return self.opened[scope_id]

    @asynccontextmanager
    async def held_closed(self, scope_id: ScopeId) -> AsyncGenerator[None]:
        await self.close(scope_id)
        yield

    async def close(self, scope_id: ScopeId) -> None:
        database = self.opened.pop(scope_id, None)
        if database is not None:
            await database.close()


@dataclass
class OpenHome:
    """Everything of one home."""

    layout: HomeLayout
    databases: OpenDatabases
    registry: WorkspaceRegistry
    store: FolderDocumentStore
    trust: DefinitionTrust
    secrets: SecretStore
    redactor: Redactor
    workspaces: WorkspaceManager
    clock: TickingClock
    report: HomeReport

    @property
    def grant(self) -> Grant:
        return access_installation(OWNER)

    def grant_for(self, scope_id: ScopeId) -> Grant:
        return access_scope(OWNER, scope_id)


@asynccontextmanager
async def open_home(folder: Path, *, git: Git | None = None) -> AsyncGenerator[OpenHome]:
    """Open a home; without `git` the workspaces' sources are plain folders, which is quick."""
    layout = HomeLayout.at(folder)
    layout.prepare()
    clock = TickingClock()
    databases = OpenDatabases(layout)
    try:
        index = await databases.open(INSTALLATION_SCOPE)
        registry = databases.registry = WorkspaceRegistry(layout, index, clock)
        store = FolderDocumentStore(registry.locate)
        trust = DefinitionTrust(index, clock)
        redactor = Redactor()
        secrets = await SecretStore.open(layout.secrets_database, layout.key_ring, redactor, clock)
        workspaces = WorkspaceManager(
            layout, registry, store, databases, trust, git=git, clock=clock
        )
        report = await ensure_home(access_installation(OWNER), layout, registry, workspaces, clock)
        yield OpenHome(
            layout,
            databases,
            registry,
            store,
            trust,
            secrets,
            redactor,
            workspaces,
            clock,
            report,
        )
    finally:
        for scope_id in list(databases.opened):
            await databases.close(scope_id)
