"""The tool servers of one scope: from accepted definitions to running servers, and their status.

Owns which servers are wanted. A definition that was not accepted starts nothing; one that can't be
resolved (a missing secret, a missing folder) is shown as failed with the reason. Isolation `auto`
becomes the strongest available kind, and never `process` unless the server is one we ship and the
machine has nothing better.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from mandrake.coordinator.arguments import argument_problems
from mandrake.coordinator.round_scope import ToolPolicy
from mandrake.coordinator.scope_documents import tool_policy
from mandrake.domain.ids import ScopeId
from mandrake.domain.principals import Grant, Right
from mandrake.domain.tools import (
    BoxKind,
    JsonObject,
    LogLine,
    ServerStatus,
    ToolDefinition,
    ToolResult,
)
from mandrake.errors import Forbidden, InvalidInput, MandrakeError, NotFound, Unavailable
from mandrake.mcp_host.host import McpHost
from mandrake.mcp_host.spec import BoxSpec, Limits, Mount, ServerSpec
from mandrake.security.decide import Deny, Facts, ToolFacts, decide
from mandrake.telemetry.logging import get_logger
from mandrake.workspaces.resolution import ResolvedServer
from mandrake.workspaces.tools import ServerDefinition, ToolsManager

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ServerView:
    """A definition with what its server is doing."""

    definition: ServerDefinition
    status: ServerStatus


class ScopeToolServers:
    """Starts, stops and shows the servers of one scope."""

    def __init__(
        self,
        grant: Grant,
        host: McpHost,
        tools: ToolsManager,
        box_kinds: frozenset[BoxKind],
    ) -> None:
        self._grant = grant
        self._host = host
        self._tools = tools
        self._box_kinds = box_kinds
        self._problems: dict[str, MandrakeError] = {}
        self._started_by_hand: set[str] = set()
        self._stopped_by_hand: set[str] = set()
        self._lock = asyncio.Lock()

    @property
    def scope_id(self) -> ScopeId:
        return self._grant.scope_id

    async def apply(self) -> None:
        """Make what runs follow the documents. Returns when servers are starting, not ready."""
        async with self._lock:
            specs: dict[str, ServerSpec] = {}
            self._problems.clear()
            for definition in await self._tools.list(self._grant):
                if self._is_wanted(definition):
                    spec = await self._spec(definition)
                    if spec is not None:
                        specs[definition.key] = spec
            await self._host.apply(specs)
            for key in self._stopped_by_hand & specs.keys():
                await self._host.stop(key)

    async def settled(self, timeout_seconds: float) -> bool:
        """Wait until no server is starting or stopping; whether that was so in time."""
        return await self._host.wait_settled(timeout_seconds=timeout_seconds)

    async def views(self, grant: Grant) -> list[ServerView]:
        """Every definition of the scope with its status, in the document's order."""
        grant.require(Right.READ)
        return [self._view(each) for each in await self._tools.list(grant)]

    async def view(self, grant: Grant, key: str) -> ServerView:
        """One server.

        Raises:
            NotFound: No such server.
        """
        grant.require(Right.READ)
        return self._view(await self._tools.get(grant, key))

    async def start(self, grant: Grant, key: str) -> ServerView:
        """Start a server that is stopped or failed.

        Raises:
            Conflict: It waits for review, or is disabled.
            MandrakeError: It can't be resolved; says what is missing.
        """
        return await self._operate(grant, key, "start")

    async def stop(self, grant: Grant, key: str) -> ServerView:
        """Stop a server until it is started again or Mandrake restarts."""
        grant.require(Right.OPERATE)
        await self._tools.get(grant, key)
        self._started_by_hand.discard(key)
        self._stopped_by_hand.add(key)
        if self._runs(key):
            await self._host.stop(key)
        return await self.view(grant, key)

    async def restart(self, grant: Grant, key: str) -> ServerView:
        """Replace the running instance, or start it; see `start`."""
        return await self._operate(grant, key, "restart")

    async def _operate(self, grant: Grant, key: str, verb: str) -> ServerView:
        grant.require(Right.OPERATE)
        await self._tools.resolve(grant, key)  # names what is missing before anything happens
        self._stopped_by_hand.discard(key)
        self._started_by_hand.add(key)
        running = self._runs(key)
        await self.apply()
        if self._runs(key):
            if running and verb == "restart":
                await self._host.restart(key)
            else:
                await self._host.start(key)
        return await self.view(grant, key)

    def logs(self, grant: Grant, key: str, limit: int) -> list[LogLine]:
        """The newest lines of a server, oldest first."""
        grant.require(Right.READ)
        return self._host.logs(key, limit) if self._runs(key) else []

    # ---- tools ----

    async def methods(
        self, grant: Grant, key: str | None = None
    ) -> list[tuple[ToolDefinition, ToolPolicy]]:
        """Tools of one server, or of all that are ready, by qualified name.

        Raises:
            NotFound: No such server.
            ServerUnavailable: It isn't running.
        """
        grant.require(Right.READ)
        servers = (await self._tools.documents.get(grant)).document.servers
        if key is None:
            found = self._host.catalog()
        else:
            await self._tools.get(grant, key)
            if not self._runs(key):
                raise _not_running(key, self._problems.get(key))
            found = await self._host.list_tools(key)
        return [(each, tool_policy(each, servers.get(each.server))) for each in found]

    async def call(self, grant: Grant, key: str, tool: str, arguments: JsonObject) -> ToolResult:
        """Call a tool directly, on a person's own word.

        Validated and decided like a model's call; what would be asked is allowed, since the
        person asks for it themselves. What is denied stays denied.

        Raises:
            InvalidInput: The arguments don't fit the schema.
            Forbidden: The documents deny it.
            NotFound: No such server or tool.
        """
        grant.require(Right.OPERATE)
        definition, policy = await self._method(grant, key, tool)
        problems = await asyncio.to_thread(argument_problems, definition.input_schema, arguments)
        if problems:
            raise InvalidInput(
                f"The arguments don't fit `{definition.qualified}`.", errors=problems
            )
        decision = decide(
            grant,
            "call_tool",
            definition.qualified,
            Facts(
                tool=ToolFacts(
                    effects=policy.effects,
                    configured=policy.approval,
                    allowed_patterns=policy.allowed_patterns,
                    denied_patterns=policy.denied_patterns,
                    answered="allow",
                )
            ),
        )
        if isinstance(decision, Deny):
            raise Forbidden(f"`{definition.qualified}` was not called: {decision.reason}.")
        result = await self._host.call_tool(
            key, tool, arguments, timeout_seconds=policy.timeout_seconds
        )
        _log.info(
            "tool called directly",
            scope_id=self.scope_id,
            tool=definition.qualified,
            principal=grant.principal.id,
            is_error=result.is_error,
        )
        return result

    async def _method(self, grant: Grant, key: str, tool: str) -> tuple[ToolDefinition, ToolPolicy]:
        await self._host.wait_settled([key] if self._runs(key) else [], timeout_seconds=30.0)
        for definition, policy in await self.methods(grant, key):
            if definition.tool == tool:
                return definition, policy
        raise NotFound(
            f"The server `{key}` has no tool `{tool}`.",
            hint=f"`mandrake tool methods {key}` lists what it has.",
        )

    # ---- from definition to spec ----

    def _is_wanted(self, definition: ServerDefinition) -> bool:
        entry = definition.entry
        wanted = entry.autostart or definition.key in self._started_by_hand
        return definition.accepted and entry.enabled and wanted

    async def _spec(self, definition: ServerDefinition) -> ServerSpec | None:
        try:
            resolved = await self._tools.resolve(self._grant, definition.key)
            await asyncio.to_thread(_make_data_folder, resolved)
            return self._to_spec(resolved)
        except MandrakeError as error:
            self._problems[definition.key] = error
            return None

    def _to_spec(self, resolved: ResolvedServer) -> ServerSpec:
        if not resolved.command or resolved.image is not None:
            raise Unavailable(
                f"`{resolved.key}` is reached by address or image, which this version can't do "
                "yet.",
                code="unavailable.server.kind",
                hint="Use a server with a `command`.",
            )
        if resolved.network == "allowlist":
            raise Unavailable(
                f"`{resolved.key}` asks for a network allow-list, which this version can't do yet.",
                code="unavailable.server.network",
                hint="Set `network` to `none`, or to `open` if you trust the server.",
            )
        mounts = [Mount(each.source, each.target, each.mode) for each in resolved.mounts]
        mounts.append(Mount(resolved.data_folder, resolved.data_folder, "rw"))
        limits = resolved.limits
        return ServerSpec(
            key=resolved.key,
            command=resolved.command,
            box=BoxSpec(
                kind=self._box_kind(resolved),
                mounts=tuple(mounts),
                network=resolved.network,
                limits=Limits(limits.memory_mb, limits.pids, limits.cpus),
            ),
            definition_hash=resolved.launch_hash,
            env=resolved.env,
            cwd=resolved.cwd or resolved.data_folder,
            shipped=resolved.shipped,
        )

    def _box_kind(self, resolved: ResolvedServer) -> BoxKind:
        if resolved.box != "auto":
            if resolved.box not in self._box_kinds:
                raise Unavailable(
                    f"`{resolved.key}` asks for the box `{resolved.box}`, which this machine "
                    "does not have.",
                    code="unavailable.box",
                    hint="`mandrake doctor` lists the boxes; choose one of them, or `auto`.",
                )
            return resolved.box
        for kind in ("engine", "bwrap", "landlock"):
            if kind in self._box_kinds:
                return kind
        if resolved.shipped:
            return "process"
        raise Unavailable(
            f"This machine has no isolation for `{resolved.key}`.",
            code="unavailable.box",
            hint="Set its `box` to `process` if you trust it: it then runs with your own rights.",
        )

    # ---- status ----

    def _runs(self, key: str) -> bool:
        return any(status.key == key for status in self._host.statuses())

    def _view(self, definition: ServerDefinition) -> ServerView:
        key, entry = definition.key, definition.entry
        if not entry.enabled:
            status = ServerStatus(key, "disabled")
        elif not definition.accepted:
            status = ServerStatus(key, "needs_review")
        elif self._runs(key):
            status = self._host.status(key)
        elif key in self._problems:
            problem = self._problems[key]
            text = " ".join(filter(None, (problem.detail, problem.hint)))
            status = ServerStatus(key, "failed", last_error=text)
        else:
            status = ServerStatus(key, "stopped")
        return ServerView(definition, status)


def _make_data_folder(resolved: ResolvedServer) -> None:
    folder = resolved.data_folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink():
        raise Unavailable(
            f"The data folder of `{resolved.key}` is a link, which is not followed.",
            code="unavailable.server",
            hint=f"Replace `{folder}` by a folder.",
        )


def _not_running(key: str, problem: MandrakeError | None) -> MandrakeError:
    if problem is not None:
        return problem
    return Unavailable(
        f"The server `{key}` is not running.",
        code="unavailable.server",
        hint=f"Start it: `mandrake tool start {key}`.",
    )
