"""The life of workspaces: made, found, changed, put into the trash.

Owns folders and registry. Documents inside a workspace, sessions and servers have managers of
their own; what holds files open is closed through `ScopeDatabases` before a folder moves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from mandrake.domain.documents import (
    WORKSPACE,
    DocumentKind,
    WorkspaceDocument,
    WorkspaceSource,
    check_workspace_name,
    new_workspace_tools,
    parse_document,
)
from mandrake.domain.ids import ScopeId, new_id
from mandrake.domain.principals import Grant, Right
from mandrake.errors import FieldProblem, InvalidDocument, InvalidInput, NotFound
from mandrake.kit.clock import Clock, SystemClock, parse_instant
from mandrake.persistence.ports import DocumentStore
from mandrake.security.trust import DefinitionTrust
from mandrake.tenancy.access import access_scope
from mandrake.workspaces import folders
from mandrake.workspaces.documents import DocumentManager
from mandrake.workspaces.git import Git, OnProgress
from mandrake.workspaces.layout import HomeLayout, ScopePaths, workspace_paths_in
from mandrake.workspaces.new_source import CLONE_SECONDS, make_source
from mandrake.workspaces.ports import ScopeDatabases
from mandrake.workspaces.registry import Registered, WorkspaceRegistry, name_taken
from mandrake.workspaces.resolution import definition_hash
from mandrake.workspaces.source import SourceView, read_source
from mandrake.workspaces.source_request import SourceRequest, judge_request
from mandrake.workspaces.welcome import write_sample
from mandrake.workspaces.workspace import (
    SourceInfo,
    Workspace,
    WorkspaceProblem,
    source_info,
)

__all__ = ["SourceInfo", "Workspace", "WorkspaceManager", "WorkspaceProblem"]

FillSource = Callable[[Path], Awaitable[WorkspaceSource]]


class WorkspaceManager:
    """All workspaces of an installation. Grants are for the installation."""

    def __init__(
        self,
        layout: HomeLayout,
        registry: WorkspaceRegistry,
        store: DocumentStore,
        databases: ScopeDatabases,
        trust: DefinitionTrust,
        *,
        git: Git | None,
        clock: Clock | None = None,
    ) -> None:
        self._layout = layout
        self._registry = registry
        self._store = store
        self._databases = databases
        self._trust = trust
        self._git = git
        self._clock = clock or SystemClock()
        self._moving = asyncio.Lock()

    # ---- looking ----

    async def list(self, grant: Grant) -> tuple[Workspace, ...]:
        """Every workspace, by name. Opens none of them."""
        grant.require(Right.READ)
        return tuple([await self._view(known) for known in self._registry.all()])

    async def get(self, grant: Grant, id_or_name: str) -> Workspace:
        """One workspace.

        Raises:
            NotFound: None of that id or name.
        """
        grant.require(Right.READ)
        return await self._view(self._registry.get(id_or_name))

    async def paths(self, grant: Grant, scope_id: ScopeId) -> ScopePaths:
        """The folders of a workspace, judged: for whoever opens it.

        Raises:
            NotFound: No such workspace, or its folder is gone.
            InvalidInput: A place of ours in it is a link.
        """
        grant.require(Right.READ)
        paths = self._paths_of(self._registry.get(scope_id))
        if not await asyncio.to_thread(paths.folder.is_dir):
            raise NotFound(
                f"The folder of the workspace `{paths.folder.name}` is gone.",
                hint=f"Put it back below `{self._layout.workspaces}`, or delete the workspace.",
            )
        await asyncio.to_thread(folders.require_plain_folders, paths)
        await asyncio.to_thread(folders.make_folders, paths)
        return paths

    async def read_source(self, grant: Grant, scope_id: ScopeId) -> SourceView:
        """Branch, changes, commits and tree of `src`."""
        grant.require(Right.READ)
        known = self._registry.get(scope_id)
        workspace = await self._view(known)
        src = self._paths_of(known).folder / "src"
        return await read_source(src, self._git, is_link=workspace.source.kind == "link")

    # ---- changing ----

    async def create(
        self,
        grant: Grant,
        name: str,
        *,
        description: str = "",
        source: SourceRequest | None = None,
        clone_seconds: float = CLONE_SECONDS,
        on_progress: OnProgress | None = None,
    ) -> Workspace:
        """Make a workspace with its defaults. Whole or not at all, also when cancelled.

        Raises:
            InvalidInput: Name, description or source can't be used.
            Conflict: The name is taken.
            Unavailable: git failed.
            DeadlineExceeded: The clone took longer than `clone_seconds`.
        """
        request = source or SourceRequest()

        async def fill(src: Path) -> WorkspaceSource:
            return await make_source(
                src,
                request,
                self._git,
                home=self._layout.home,
                clone_seconds=clone_seconds,
                on_progress=on_progress,
            )

        grant.require(Right.CONFIGURE)
        _require_name(name)
        judge_request(request)
        return await self._create(grant, name, description, fill)

    async def create_sample(self, grant: Grant, name: str, description: str) -> Workspace:
        """Make the sample workspace of a new home."""

        async def fill(src: Path) -> WorkspaceSource:
            await asyncio.to_thread(src.mkdir, mode=0o700)
            await write_sample(src, self._git)
            return WorkspaceSource(kind="empty")

        grant.require(Right.CONFIGURE)
        return await self._create(grant, name, description, fill)

    async def update(
        self,
        grant: Grant,
        scope_id: ScopeId,
        *,
        name: str | None = None,
        description: str | None = None,
        metadata: Mapping[str, str] | None = None,
        if_match: str | None = None,
    ) -> Workspace:
        """Change what is given. A new name renames the folder, as one step; the scope is closed
        for that.

        Raises:
            NotFound: No such workspace.
            InvalidInput: A value can't be used.
            Conflict: The name is taken.
            PreconditionFailed: `workspace.json` has another revision than `if_match`.
        """
        grant.require(Right.CONFIGURE)
        async with self._moving:
            known = self._registry.get(scope_id)
            new_name = known.name if name is None else name
            if new_name != known.name:
                _require_name(new_name)
                self._registry.require_free(new_name, but=scope_id)
                if new_name.casefold() != known.name.casefold():
                    await self._require_free_folder(new_name)
            changes: dict[str, object] = {"name": new_name, "updated_at": self._clock.now()}
            if description is not None:
                changes["description"] = _require_description(description)
            if metadata is not None:
                changes["metadata"] = dict(metadata)
            manager = await self._documents(scope_id)
            # First the document: broken or stale, it refuses, and nothing has moved yet.
            await manager.edit(
                access_scope(grant.principal, scope_id),
                lambda document: document.model_copy(update=changes),
                if_match=if_match,
            )
            if new_name == known.name:
                return await self._view(await self._registry.change(grant, scope_id, new_name))
            async with self._databases.held_closed(scope_id):
                await self._rename(known, new_name)
                changed = await self._registry.change(grant, scope_id, new_name)
            return await self._view(changed)

    async def delete(
        self, grant: Grant, scope_id: ScopeId, *, files: Literal["keep", "remove"] = "keep"
    ) -> None:
        """Put a workspace into the trash (`keep`: restorable for 30 days), or erase its folder
        (`remove`). The target of a linked source is never touched; acceptances are withdrawn.

        Raises:
            NotFound: No such workspace.
        """
        grant.require(Right.CONFIGURE)
        async with self._moving:
            known = self._registry.get(scope_id)
            folder = self._paths_of(known).folder
            stamp = self._clock.now().strftime("%Y%m%dT%H%M%SZ")
            resting = self._layout.trash / f"{stamp}-{known.name}-{scope_id}"

            def beside(connection: Connection) -> None:
                self._trust.forget_scope_in(connection, grant, scope_id)

            async with self._databases.held_closed(scope_id):
                if await asyncio.to_thread(folder.is_dir):
                    await asyncio.to_thread(folders.move, folder, resting)
                await self._registry.remove(grant, scope_id, beside)
            if files == "remove":
                await asyncio.to_thread(folders.erase, resting)

    async def adopt(self, grant: Grant, folder_name: str) -> Workspace:
        """Take in a folder that somebody put below `workspaces/`. None of its definitions is
        accepted. A copy of a known workspace gets an id of its own.

        Raises:
            NotFound: No such folder, or it has no `workspace.json`.
            InvalidInput: Its name or a place in it can't be used.
            Conflict: The folder is known already.
        """
        grant.require(Right.CONFIGURE)
        _require_name(folder_name)
        async with self._moving:
            self._registry.require_free(folder_name)
            document = await self._look_at(folder_name)
            changes: dict[str, object] = {"name": folder_name}
            if any(known.id == document.id for known in self._registry.all()):
                changes["id"] = new_id("ws")
            adopted = document.model_copy(update=changes)
            paths = self._layout.workspace_paths(ScopeId(adopted.id), folder_name)
            await asyncio.to_thread(folders.make_folders, paths)
            if adopted != document:
                await asyncio.to_thread(folders.write_workspace_document, paths, adopted)
            return await self._view(await self._registry.add(grant, adopted))

    # ---- inside ----

    async def _create(
        self, grant: Grant, name: str, description: str, fill: FillSource
    ) -> Workspace:
        scope_id = ScopeId(new_id("ws"))
        await self._require_free_folder(name)
        making = self._layout.workspaces / f"{folders.CREATING_PREFIX}{scope_id}"
        paths = workspace_paths_in(making, scope_id)
        try:
            await asyncio.to_thread(folders.make_folders, paths)
            source = await fill(making / "src")
            now = self._clock.now()
            document = WorkspaceDocument(
                id=scope_id,
                name=name,
                description=_require_description(description),
                created_at=now,
                updated_at=now,
                source=source,
            )
            await asyncio.to_thread(folders.write_new_documents, paths, document)
            async with self._moving:
                await self._require_free_folder(name)
                await self._put_in_place(grant, making, document)
        except BaseException:
            await asyncio.to_thread(folders.erase, making)
            raise
        return await self._view(self._registry.get(scope_id))

    async def _put_in_place(self, grant: Grant, making: Path, document: WorkspaceDocument) -> None:
        target = self._layout.workspaces / document.name
        scope_grant = access_scope(grant.principal, ScopeId(document.id))
        hashes = {
            key: definition_hash(entry) for key, entry in new_workspace_tools().servers.items()
        }

        def beside(connection: Connection) -> None:
            self._trust.accept_in(connection, scope_grant, "server", hashes)

        try:
            await asyncio.to_thread(folders.move, making, target)
        except FileExistsError:
            raise name_taken(document.name) from None
        try:
            await self._registry.add(grant, document, beside)
        except BaseException:
            await asyncio.to_thread(folders.move, target, making)
            raise

    async def _rename(self, known: Registered, new_name: str) -> None:
        old = self._layout.workspaces / known.name
        new = self._layout.workspaces / new_name
        try:
            await asyncio.to_thread(folders.move, old, new)
        except FileExistsError:
            raise name_taken(new_name) from None

    async def _view(self, known: Registered) -> Workspace:
        paths = self._paths_of(known)
        problems: list[WorkspaceProblem] = []
        document: WorkspaceDocument | None = None
        try:
            stored = await self._store.read(known.id, "workspace")
            if stored is None:
                detail = f"`workspaces/{known.name}/workspace.json` is gone."
                problems.append(WorkspaceProblem("not_found.workspace", detail))
            else:
                label = self._store.label(known.id, "workspace")
                document = parse_document(WorkspaceDocument, stored.content, label=label)
        except InvalidDocument as error:
            problems.append(WorkspaceProblem(error.code, error.detail))
        source, source_problem = await asyncio.to_thread(source_info, paths.folder, document)
        if source_problem is not None:
            problems.append(source_problem)
        return Workspace(
            id=known.id,
            name=known.name,
            description=document.description if document else "",
            created_at=parse_instant(known.created_at),
            updated_at=parse_instant(known.updated_at),
            metadata=dict(document.metadata) if document else {},
            source=source,
            problems=tuple(problems),
        )

    async def _documents(self, scope_id: ScopeId) -> DocumentManager[WorkspaceDocument]:
        kind: DocumentKind[WorkspaceDocument] = WORKSPACE
        database = await self._databases.open(scope_id)
        return DocumentManager(kind, scope_id, self._store, database, self._clock)

    async def _look_at(self, folder_name: str) -> WorkspaceDocument:
        try:
            found = await asyncio.to_thread(folders.look_at, self._layout.workspaces, folder_name)
        except FileNotFoundError:
            raise NotFound(
                f"`workspaces/{folder_name}` is no workspace: it has no `workspace.json`.",
                hint="To work on an existing folder, make a workspace that links to it.",
            ) from None
        if found.document is None:
            raise InvalidInput(f"`workspaces/{folder_name}` can't be adopted: {found.problem}")
        return found.document

    async def _require_free_folder(self, name: str) -> None:
        self._registry.require_free(name)
        if await asyncio.to_thread(folders.is_taken, self._layout.workspaces, name):
            raise name_taken(name)

    def _paths_of(self, known: Registered) -> ScopePaths:
        return self._layout.workspace_paths(known.id, known.name)


def _require_name(name: str) -> None:
    try:
        check_workspace_name(name)
    except ValueError as error:
        raise InvalidInput(f"{error}.", errors=[FieldProblem("name", str(error))]) from None


def _require_description(text: str) -> str:
    if len(text) > 2000 or "\0" in text:
        message = "at most 2000 characters, none of them NUL"
        raise InvalidInput(
            f"The description can't be used: {message}.",
            errors=[FieldProblem("description", message)],
        )
    return text
