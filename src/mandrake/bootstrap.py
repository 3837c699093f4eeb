"""The composition root: from `Settings` to a running installation.

The only module that names concrete adapters: stores on disk, boxes, provider kinds. Everything it
makes is handed down; nothing below looks anything up.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import TextIO

from mandrake.coordinator.index import ScopeIndex
from mandrake.coordinator.scope_documents import WorkspaceFacts
from mandrake.coordinator.scope_runtime import RuntimeRegistry, ScopeManagers, Surroundings
from mandrake.domain.documents import (
    DYNAMIC,
    INSTALLATION,
    INSTALLATION_MODELS,
    PROMPT,
    TOOLS,
    WORKSPACE_MODELS,
    InstallationDocument,
)
from mandrake.domain.ids import INSTALLATION_SCOPE, ScopeId
from mandrake.domain.principals import Grant
from mandrake.domain.tools import BoxKind, LogLine, ServerStatus
from mandrake.errors import MandrakeError
from mandrake.kit.clock import Clock, SystemClock
from mandrake.kit.redaction import Redactor
from mandrake.mcp_host.boxes.landlock import LandlockBox
from mandrake.mcp_host.boxes.probe import probe_drivers
from mandrake.mcp_host.boxes.process import ProcessBox
from mandrake.mcp_host.environments import ServerEnvironments
from mandrake.mcp_host.eras import EraMemory
from mandrake.mcp_host.host import McpHost
from mandrake.mcp_host.launch import GIT_ENVIRONMENT, Launcher
from mandrake.mcp_host.ports import Box, DriverReport
from mandrake.persistence.adapters.folder import FolderDocumentStore
from mandrake.persistence.database import Database
from mandrake.providers import catalog
from mandrake.providers.adapters import BUILT_IN_ADAPTERS
from mandrake.providers.manager import ProviderManager
from mandrake.providers.registry import ProviderRegistry
from mandrake.security.secrets import SecretStore
from mandrake.security.trust import DefinitionTrust
from mandrake.settings import Settings
from mandrake.telemetry import logging as log_lines
from mandrake.telemetry.logging import get_logger
from mandrake.tenancy.access import access_installation, system_principal
from mandrake.tenancy.authentication import Authentication, ensure_token
from mandrake.workspaces.documents import DocumentManager
from mandrake.workspaces.git import Git
from mandrake.workspaces.home import HomeReport, ensure_home
from mandrake.workspaces.layout import HomeLayout
from mandrake.workspaces.manager import WorkspaceManager
from mandrake.workspaces.models import ModelsManager
from mandrake.workspaces.prompt import PromptManager
from mandrake.workspaces.registry import WorkspaceRegistry
from mandrake.workspaces.tools import ToolsManager

BOXES: dict[BoxKind, type[Box]] = {"landlock": LandlockBox, "process": ProcessBox}
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Runtime:
    """A running installation, as its doors see it."""

    settings: Settings
    version: str
    started_at: datetime
    layout: HomeLayout
    home_report: HomeReport
    control: Database
    authentication: Authentication
    registry: RuntimeRegistry
    index: ScopeIndex
    workspaces: WorkspaceManager
    secrets: SecretStore
    installation: DocumentManager[InstallationDocument]
    providers: ProviderManager
    provider_kinds: tuple[str, ...]
    environments: ServerEnvironments
    drivers: tuple[DriverReport, ...]
    redactor: Redactor


class ScopeDatabases:
    """The open databases by scope. `mandrake.db` is the installation's and stays open."""

    def __init__(self, control: Database, grant: Grant) -> None:
        self._control = control
        self._grant = grant
        self._open: dict[ScopeId, Database] = {}
        self._lock = asyncio.Lock()
        self.workspaces: WorkspaceManager
        self.registry: RuntimeRegistry

    async def open(self, scope_id: ScopeId) -> Database:
        """See `workspaces.ports.ScopeDatabases`."""
        if scope_id == INSTALLATION_SCOPE:
            return self._control
        async with self._lock:
            database = self._open.get(scope_id)
            if database is None:
                paths = await self.workspaces.paths(self._grant, scope_id)
                database = self._open[scope_id] = await Database.open(paths.database)
            return database

    @contextlib.asynccontextmanager
    async def held_closed(self, scope_id: ScopeId) -> AsyncGenerator[None]:
        """See `workspaces.ports.ScopeDatabases`."""
        async with self.registry.held_closed(scope_id):
            async with self._lock:
                database = self._open.pop(scope_id, None)
                if database is not None:
                    await database.close()
            yield

    async def close_all(self) -> None:
        """Close every workspace's database."""
        for scope_id in list(self._open):
            async with self.held_closed(scope_id):
                pass


@contextlib.asynccontextmanager
async def open_runtime(
    settings: Settings, *, log_stream: TextIO | None = None, clock: Clock | None = None
) -> AsyncGenerator[Runtime]:
    """Open the home and everything in it; closing leaves no process and no open file behind.

    The caller holds the home's lock. Unfinished rounds are not recovered yet: `recover` does it,
    once the doors are open.
    """
    chosen_clock = clock or SystemClock()
    redactor = Redactor()
    layout = HomeLayout.at(settings.home, key_file=settings.key_file)
    await asyncio.to_thread(layout.prepare)
    log_lines.configure(stream=log_stream, level=settings.log_level, mask=redactor.mask)
    grant = access_installation(system_principal("start"))
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(log_lines.configure)  # the stream may be closed when we are gone
        control = await Database.open(layout.database)
        stack.push_async_callback(control.close)
        secrets = await SecretStore.open(
            layout.secrets_database, layout.key_ring, redactor, chosen_clock
        )
        token = await asyncio.to_thread(ensure_token, layout.home / "keys" / "token")
        redactor.add(token)
        trust = DefinitionTrust(control, chosen_clock)
        folders = WorkspaceRegistry(layout, control, chosen_clock)
        store = FolderDocumentStore(folders.locate)
        databases = ScopeDatabases(control, grant)
        workspaces = WorkspaceManager(
            layout, folders, store, databases, trust, git=Git.find(), clock=chosen_clock
        )
        databases.workspaces = workspaces
        providers = ProviderManager(ProviderRegistry(BUILT_IN_ADAPTERS))
        stack.push_async_callback(providers.aclose)
        index = ScopeIndex(control, grant)
        installation = DocumentManager(
            INSTALLATION, INSTALLATION_SCOPE, store, control, chosen_clock
        )
        environments = ServerEnvironments(settings.server_cache or layout.cache / "servers")
        drivers = await asyncio.to_thread(probe_drivers)
        managers = _ManagerMaker(
            settings, layout, store, control, trust, secrets, workspaces, installation, chosen_clock
        )
        around = Surroundings(
            make_host=_HostMaker(environments, drivers),
            box_kinds=frozenset(each.kind for each in drivers if each.available),
            providers=providers,
            index=index,
            clock=chosen_clock,
            make_managers=managers.make,
            open_database=databases.open,
        )
        registry = RuntimeRegistry(around)
        databases.registry = registry
        home_report = await ensure_home(grant, layout, folders, workspaces, chosen_clock)
        stack.push_async_callback(databases.close_all)
        await stack.enter_async_context(registry)
        yield Runtime(
            settings=settings,
            version=installed_version("mandrake"),
            started_at=chosen_clock.now(),
            layout=layout,
            home_report=home_report,
            control=control,
            authentication=Authentication(control, grant, chosen_clock, token),
            registry=registry,
            index=index,
            workspaces=workspaces,
            secrets=secrets,
            installation=installation,
            providers=providers,
            provider_kinds=tuple(sorted(BUILT_IN_ADAPTERS)),
            environments=environments,
            drivers=drivers,
            redactor=redactor,
        )


async def recover(runtime: Runtime) -> None:
    """What follows once the doors are open: recovery, then what makes first uses quick."""
    await runtime.registry.recover()
    try:
        await runtime.environments.ensure(GIT_ENVIRONMENT)
    except MandrakeError as error:
        _log.warning("git server not prepared", error=error.detail, hint=error.hint)
    await asyncio.to_thread(catalog.warm)


class _HostMaker:
    """Makes tool hosts with this machine's boxes; what was learned of servers is shared."""

    def __init__(self, environments: ServerEnvironments, drivers: tuple[DriverReport, ...]) -> None:
        self._launcher = Launcher(environments)
        self._eras = EraMemory()
        available = {each.kind for each in drivers if each.available}
        self._boxes: dict[BoxKind, Box] = {
            kind: box() for kind, box in BOXES.items() if kind in available
        }

    def __call__(
        self,
        *,
        on_status: Callable[[ServerStatus], None],
        on_tools_changed: Callable[[str], None],
        on_log: Callable[[str, LogLine], None],
    ) -> McpHost:
        return McpHost(
            boxes=self._boxes,
            launcher=self._launcher,
            eras=self._eras,
            on_status=on_status,
            on_tools_changed=on_tools_changed,
            on_log=on_log,
        )


@dataclass(frozen=True, slots=True)
class _ManagerMaker:
    """Makes the document managers of a scope that is being opened."""

    settings: Settings
    layout: HomeLayout
    store: FolderDocumentStore
    control: Database
    trust: DefinitionTrust
    secrets: SecretStore
    workspaces: WorkspaceManager
    installation: DocumentManager[InstallationDocument]
    clock: Clock

    async def make(self, scope_id: ScopeId, database: Database) -> ScopeManagers:
        base_models = DocumentManager(
            INSTALLATION_MODELS, INSTALLATION_SCOPE, self.store, self.control, self.clock
        )
        base_prompt = DocumentManager(
            PROMPT, INSTALLATION_SCOPE, self.store, self.control, self.clock
        )
        paths = self.layout.installation_paths()
        own_models, own_prompt = base_models, base_prompt
        facts: WorkspaceFacts | None = None
        if scope_id != INSTALLATION_SCOPE:
            grant = access_installation(system_principal("start"))
            paths = await self.workspaces.paths(grant, scope_id)
            own_models = DocumentManager(
                WORKSPACE_MODELS, scope_id, self.store, database, self.clock
            )
            own_prompt = DocumentManager(PROMPT, scope_id, self.store, database, self.clock)
            facts = await self._facts(grant, scope_id, paths.src)
        tools = DocumentManager(TOOLS, scope_id, self.store, database, self.clock)
        environment = self.settings.environment
        return ScopeManagers(
            paths=paths,
            tools=ToolsManager(tools, self.trust, self.secrets, paths, environment),
            models=ModelsManager(own_models, base_models, self.trust, self.secrets, environment),
            prompt=PromptManager(own_prompt, base_prompt),
            dynamic=DocumentManager(DYNAMIC, scope_id, self.store, database, self.clock),
            installation=self.installation,
            facts=lambda: facts,
        )

    async def _facts(self, grant: Grant, scope_id: ScopeId, src: Path | None) -> WorkspaceFacts:
        workspace = await self.workspaces.get(grant, scope_id)
        source = await asyncio.to_thread((src or self.layout.home).resolve)
        return WorkspaceFacts(workspace.name, workspace.description, str(source))
