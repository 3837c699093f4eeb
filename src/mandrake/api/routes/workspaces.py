"""Workspaces of the installation, and what their source trees hold."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict

from mandrake.api.commands import CommandRoute
from mandrake.api.deps import CurrentRuntime, Cursor, IfMatch, Installation, Limit
from mandrake.api.paging import Page, page_of
from mandrake.bootstrap import Runtime
from mandrake.coordinator.index import ScopeSummary
from mandrake.workspaces.manager import Workspace
from mandrake.workspaces.source import SourceView
from mandrake.workspaces.source_request import SourceRequest

router = APIRouter(tags=["workspaces"], route_class=CommandRoute)


class WorkspaceSourceView(BaseModel):
    """Where the source is."""

    kind: Literal["empty", "clone", "link"]
    path: str
    url: str | None = None


class WorkspaceProblemView(BaseModel):
    """Something about a workspace that a person should mend."""

    code: str
    detail: str


class WorkspaceView(BaseModel):
    """An isolated project."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: str
    name: str
    description: str
    created_at: datetime
    updated_at: datetime
    metadata: dict[str, str]
    source: WorkspaceSourceView
    session_count: int
    last_activity_at: datetime | None
    state: Literal["open", "closed"]
    """Whether its servers and sessions are loaded; looking at it opens it."""
    problems: list[WorkspaceProblemView]


class NewSource(BaseModel):
    """Where the source of a new workspace comes from."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    kind: Literal["empty", "clone", "link"] = "empty"
    url: str | None = None
    """For `clone`."""
    path: str | None = None
    """For `link`: an existing folder."""


class NewWorkspace(BaseModel):
    """A workspace to make."""

    model_config = ConfigDict(extra="forbid")

    name: str
    description: str = ""
    source: NewSource = NewSource()


class WorkspacePatch(BaseModel):
    """What is to change; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = None
    description: str | None = None
    metadata: dict[str, str] | None = None


@router.get("/workspaces")
async def list_workspaces(
    runtime: CurrentRuntime, grant: Installation, limit: Limit = 50, cursor: Cursor = None
) -> Page[WorkspaceView]:
    """Every workspace, by name."""
    page = page_of(await runtime.workspaces.list(grant), limit, cursor)
    shown = await _shown(runtime, page.items)
    return Page(items=shown, next_cursor=page.next_cursor)


@router.post("/workspaces", status_code=201)
async def create_workspace(
    body: NewWorkspace, runtime: CurrentRuntime, grant: Installation
) -> WorkspaceView:
    """Make a workspace; a clone answers when it is complete."""
    made = await runtime.workspaces.create(
        grant,
        body.name,
        description=body.description,
        source=SourceRequest(**body.source.model_dump()),
    )
    return (await _shown(runtime, [made]))[0]


@router.get("/workspaces/{workspace}")
async def get_workspace(
    workspace: str, runtime: CurrentRuntime, grant: Installation
) -> WorkspaceView:
    """One workspace, by id or name."""
    return (await _shown(runtime, [await runtime.workspaces.get(grant, workspace)]))[0]


@router.patch("/workspaces/{workspace}")
async def patch_workspace(
    workspace: str,
    body: WorkspacePatch,
    runtime: CurrentRuntime,
    grant: Installation,
    if_match: IfMatch,
) -> WorkspaceView:
    """Change what is given. A new name renames the folder; its servers are started anew."""
    known = await runtime.workspaces.get(grant, workspace)
    changed = await runtime.workspaces.update(
        grant, known.id, **body.model_dump(), if_match=if_match
    )
    return (await _shown(runtime, [changed]))[0]


@router.delete("/workspaces/{workspace}", status_code=204)
async def delete_workspace(
    workspace: str,
    runtime: CurrentRuntime,
    grant: Installation,
    files: Annotated[Literal["keep", "remove"], Query()] = "keep",
    purge: bool = False,
) -> Response:
    """Move it to the trash (30 days), or erase it. The target of a link is never touched."""
    known = await runtime.workspaces.get(grant, workspace)
    await runtime.workspaces.delete(grant, known.id, files="remove" if purge else files)
    return Response(status_code=204)


@router.get("/workspaces/{workspace}/source")
async def get_source(workspace: str, runtime: CurrentRuntime, grant: Installation) -> SourceView:
    """Branch, changes, newest commits and tree of `src`."""
    known = await runtime.workspaces.get(grant, workspace)
    return await runtime.workspaces.read_source(grant, known.id)


async def _shown(runtime: Runtime, found: list[Workspace]) -> list[WorkspaceView]:
    summaries = await runtime.index.summaries()
    still = ScopeSummary(0, None)
    opened = set(runtime.registry.open_scopes())
    return [
        WorkspaceView(
            id=each.id,
            name=each.name,
            description=each.description,
            created_at=each.created_at,
            updated_at=each.updated_at,
            metadata=dict(each.metadata),
            source=WorkspaceSourceView(
                kind=each.source.kind, path=str(each.source.path), url=each.source.url
            ),
            session_count=(summary := summaries.get(each.id, still)).session_count,
            last_activity_at=None
            if summary.last_activity_at is None
            else datetime.fromisoformat(summary.last_activity_at),
            state="open" if each.id in opened else "closed",
            problems=[WorkspaceProblemView(code=p.code, detail=p.detail) for p in each.problems],
        )
        for each in found
    ]
