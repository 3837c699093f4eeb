"""A workspace as it is shown: values, and what can be told of its source by looking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from mandrake.domain.documents import WorkspaceDocument
from mandrake.domain.ids import ScopeId


@dataclass(frozen=True, slots=True)
class WorkspaceProblem:
    """Something about a workspace that a person should mend."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """Where the source is."""

    kind: Literal["empty", "clone", "link"]
    path: Path
    """For a link: where it leads."""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace as it is now."""

    id: ScopeId
    name: str
    description: str
    created_at: datetime
    updated_at: datetime
    metadata: Mapping[str, str]
    source: SourceInfo
    problems: tuple[WorkspaceProblem, ...]


def source_info(
    folder: Path, document: WorkspaceDocument | None
) -> tuple[SourceInfo, WorkspaceProblem | None]:
    """Where the source of the workspace in `folder` is, and what is wrong with it. Blocking."""
    src = folder / "src"
    kind = document.source.kind if document is not None else "empty"
    url = document.source.url if document is not None else None
    if not src.is_symlink():
        problem = None
        if not src.is_dir():
            problem = WorkspaceProblem("not_found.source", "The folder `src` is gone.")
        return SourceInfo("empty" if kind == "link" else kind, src, url), problem
    target = Path(src.readlink())
    if not src.is_dir():
        detail = f"`src` links to `{target}`, which is not there."
        return SourceInfo("link", target), WorkspaceProblem("not_found.source", detail)
    return SourceInfo("link", src.resolve()), None
