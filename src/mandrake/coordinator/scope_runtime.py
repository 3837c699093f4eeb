"""An opened scope, and the registry of those that are open.

`ScopeRuntime` owns one task: everything that runs for the scope (tool servers, rounds) lives
inside it and ends with it. Opening recovers unfinished rounds; closing leaves them `running`, to
be recovered at the next start. Documents, tool host and providers meet here and in a round,
nowhere else.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from mandrake.coordinator import recovery
from mandrake.coordinator.index import ScopeIndex
from mandrake.coordinator.questions import QuestionCoordinator
from mandrake.coordinator.round_scope import RoundScope
from mandrake.coordinator.scope_documents import ScopeDocuments, WorkspaceFacts
from mandrake.coordinator.session_coordinator import SessionCoordinator
from mandrake.coordinator.stream import StreamHub
from mandrake.coordinator.tool_servers import ScopeToolServers
from mandrake.coordinator.turn_loop import TurnLoop
from mandrake.coordinator.work_driver import LocalWorkDriver
from mandrake.domain.conversation import Limits
from mandrake.domain.documents import DynamicDocument, InstallationDocument
from mandrake.domain.events import CommittedEvent, EphemeralEvent, tools_topic, workspace_topic
from mandrake.domain.ids import INSTALLATION_SCOPE, ScopeId
from mandrake.domain.principals import Grant, Principal
from mandrake.domain.tools import BoxKind, LogLine, ServerStatus
from mandrake.errors import MandrakeError, Unavailable
from mandrake.kit.clock import Clock, format_instant
from mandrake.mcp_host.host import McpHost
from mandrake.persistence.database import Database
from mandrake.providers.manager import ProviderManager
from mandrake.telemetry.logging import get_logger
from mandrake.tenancy.access import access_scope, system_principal
from mandrake.workspaces.documents import DocumentManager
from mandrake.workspaces.layout import ScopePaths
from mandrake.workspaces.models import ModelsManager
from mandrake.workspaces.prompt import PromptManager
from mandrake.workspaces.tools import ToolsManager

OPEN_SECONDS = 30.0
CLOSE_SECONDS = 4.0
_log = get_logger(__name__)


class HostFactory(Protocol):
    """Makes the tool host of a scope with the machine's boxes."""

    def __call__(
        self,
        *,
        on_status: Callable[[ServerStatus], None],
        on_tools_changed: Callable[[str], None],
        on_log: Callable[[str, LogLine], None],
    ) -> McpHost: ...


@dataclass(frozen=True, slots=True)
class ScopeManagers:
    """The managers of one scope's documents."""

    paths: ScopePaths
    tools: ToolsManager
    models: ModelsManager
    prompt: PromptManager
    dynamic: DocumentManager[DynamicDocument]
    installation: DocumentManager[InstallationDocument]
    facts: Callable[[], WorkspaceFacts | None]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every scope shares."""

    make_host: HostFactory
    box_kinds: frozenset[BoxKind]
    providers: ProviderManager
    index: ScopeIndex
    clock: Clock
    make_managers: Callable[[ScopeId, Database], Awaitable[ScopeManagers]]
    open_database: Callable[[ScopeId], Awaitable[Database]]


class ScopeRuntime:
    """One opened scope. Made by the registry; its parts are public, its task is not."""

    def __init__(
        self,
        grant: Grant,
        database: Database,
        managers: ScopeManagers,
        around: Surroundings,
    ) -> None:
        self.grant = grant
        self.scope_id = grant.scope_id
        self.database = database
        self.hub = StreamHub()
        self.tools = managers.tools
        self.models = managers.models
        self.prompt = managers.prompt
        self.dynamic = managers.dynamic
        self.paths = managers.paths
        self.sessions: SessionCoordinator
        self.questions: QuestionCoordinator
        self.servers: ScopeToolServers
        self._managers = managers
        self._around = around
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        # Whoever waits for it gets the error; that nobody does any more is no defect.
        self._opened.add_done_callback(lambda opened: opened.cancelled() or opened.exception())
        self._closing = asyncio.Event()
        self._servers_dirty = asyncio.Event()
        self.closed = asyncio.Event()
        database.on_committed(self._committed)

    async def run(self) -> None:
        """The scope's whole life, in one task. Ends after `close`."""
        try:
            async with self._around.make_host(
                on_status=self._status, on_tools_changed=self._tools_changed, on_log=self._log_line
            ) as host:
                await self._live(host)
        except BaseException as error:
            if not self._opened.done():
                self._opened.set_exception(error)
                return
            raise
        finally:
            self.hub.close()
            self.database.forget_listener(self._committed)
            self.closed.set()

    async def wait_opened(self) -> None:
        """Return when the scope can be used.

        Raises:
            MandrakeError: It can't be opened; says why.
        """
        async with asyncio.timeout(OPEN_SECONDS):
            await asyncio.shield(self._opened)

    async def close(self) -> None:
        """End everything that runs for the scope; rounds stay as they are stored."""
        self._closing.set()
        async with asyncio.timeout(CLOSE_SECONDS):
            await self.closed.wait()

    async def _live(self, host: McpHost) -> None:
        documents = ScopeDocuments(
            self.grant,
            tools=self.tools,
            models=self.models,
            prompt=self.prompt,
            providers=self._around.providers,
            facts=self._managers.facts,
        )
        scope = RoundScope(self.grant, self.database, self.hub, host, documents)
        loop = TurnLoop(scope)
        async with asyncio.TaskGroup() as tasks:
            driver = LocalWorkDriver(tasks, self._run_session)
            self.sessions = SessionCoordinator(
                scope, loop, driver, self._around.index, self._read_limits
            )
            self.questions = QuestionCoordinator(scope, driver)
            self.servers = ScopeToolServers(self.grant, host, self.tools, self._around.box_kinds)
            # Before any round goes on: a turn waits for servers that are starting, no others.
            await self._apply_servers()
            keeper = tasks.create_task(self._keep_servers())
            await recovery.recover(scope, driver, self._around.clock)
            await self._around.index.release_claims(
                self.scope_id, await recovery.unfinished_rounds(scope)
            )
            self._opened.set_result(None)
            await self._closing.wait()
            keeper.cancel()
            for session_id in driver.active_sessions():
                await driver.cancel(session_id)

    async def _run_session(self, session_id: str) -> None:
        await self.sessions.run_session(session_id)

    async def _keep_servers(self) -> None:
        """Apply the definitions whenever the document changed."""
        while True:
            await self._servers_dirty.wait()
            self._servers_dirty.clear()
            await self._apply_servers()

    async def _apply_servers(self) -> None:
        try:
            await self.servers.apply()
        except MandrakeError as error:
            _log.warning("tool servers not applied", scope_id=self.scope_id, error=error.detail)

    async def _read_limits(self) -> Limits:
        """Bounds of a round as the installation sets them now."""
        installation = access_scope(self.grant.principal, INSTALLATION_SCOPE)
        limits = (await self._managers.installation.get(installation)).document.limits
        return Limits(
            max_turns=limits.max_turns,
            max_tokens=limits.max_tokens,
            max_seconds=limits.max_seconds,
        )

    # ---- what others tell us, on the loop ----

    def _committed(self, events: Sequence[CommittedEvent]) -> None:
        own = [each for each in events if each.event.scope_id == self.scope_id]
        self.hub.publish_committed(own)
        self._around.index.follow(own)
        for committed in own:
            event = committed.event
            if event.type == "document.changed" and event.data.get("name") == "tools":
                self._servers_dirty.set()
            elif event.type == "session.updated":
                # Lists of sessions follow the scope's topic, not every session's.
                topic, shown = workspace_topic(self.scope_id), dict(committed.transient)
                self.hub.publish(EphemeralEvent(topic, "session.updated", shown))

    def _status(self, status: ServerStatus) -> None:
        self.hub.publish(
            EphemeralEvent(
                tools_topic(self.scope_id),
                "server.status",
                {
                    "server": status.key,
                    "status": status.state,
                    "detail": status.detail,
                    "last_error": status.last_error,
                    "tool_count": status.tool_count,
                },
            )
        )

    def _tools_changed(self, key: str) -> None:
        self.hub.publish(
            EphemeralEvent(tools_topic(self.scope_id), "tools.changed", {"server": key})
        )

    def _log_line(self, key: str, line: LogLine) -> None:
        self.hub.publish(
            EphemeralEvent(
                tools_topic(self.scope_id),
                "server.log",
                {
                    "server": key,
                    "stream": line.stream,
                    "line": line.text,
                    "at": format_instant(line.at),
                },
            )
        )


class RuntimeRegistry:
    """The open scopes. An async context manager; leaving it closes them all."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._open: dict[ScopeId, ScopeRuntime] = {}
        self._locks: dict[ScopeId, asyncio.Lock] = {}
        self._tasks = asyncio.TaskGroup()
        self._stopping = False

    async def __aenter__(self) -> RuntimeRegistry:
        await self._tasks.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._stopping = True
        async with asyncio.TaskGroup() as closing:
            for runtime in list(self._open.values()):
                closing.create_task(runtime.close())
        await self._tasks.__aexit__(None, None, None)

    async def get(self, scope_id: ScopeId) -> ScopeRuntime:
        """The open scope, opening it first if need be.

        Raises:
            NotFound: There is no such scope.
            MandrakeError: It can't be opened; says why.
        """
        lock = self._locks.setdefault(scope_id, asyncio.Lock())
        async with lock:
            runtime = self._open.get(scope_id)
            if runtime is None or runtime.closed.is_set():
                runtime = await self._start(scope_id)
            await runtime.wait_opened()
            return runtime

    async def _start(self, scope_id: ScopeId) -> ScopeRuntime:
        if self._stopping:
            raise Unavailable("Mandrake is stopping.")
        database = await self._around.open_database(scope_id)
        managers = await self._around.make_managers(scope_id, database)
        grant = access_scope(system_principal("rounds"), scope_id)
        runtime = ScopeRuntime(grant, database, managers, self._around)
        # Known from its first moment: whoever asked may be gone before it is open, and a scope
        # that nobody knows would never be closed.
        self._open[scope_id] = runtime
        self._tasks.create_task(runtime.run(), name=f"scope {scope_id}")
        return runtime

    async def access(self, principal: Principal, scope_id: ScopeId) -> tuple[Grant, ScopeRuntime]:
        """A scope for a principal: what they may do, and the opened scope.

        Raises:
            NotFound: Missing or hidden.
        """
        grant = access_scope(principal, scope_id)
        return grant, await self.get(scope_id)

    @contextlib.asynccontextmanager
    async def held_closed(self, scope_id: ScopeId) -> AsyncGenerator[None]:
        """Close a scope and keep it closed meanwhile: `get` waits."""
        async with self._locks.setdefault(scope_id, asyncio.Lock()):
            runtime = self._open.pop(scope_id, None)
            if runtime is not None:
                await runtime.close()
            yield

    def open_scopes(self) -> list[ScopeId]:
        """Scopes that are open now."""
        return list(self._open)

    async def recover(self) -> None:
        """Open every scope that may have unfinished rounds; opening recovers them."""
        for scope_id in await self._around.index.scopes_to_recover():
            try:
                await self.get(scope_id)
            except MandrakeError as error:
                _log.warning("scope not recovered", scope_id=scope_id, error=error.detail)
                if error.kind == "not_found":
                    await self._around.index.release_claims(scope_id, [])
