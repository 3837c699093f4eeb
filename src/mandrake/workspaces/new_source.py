"""The source of a new workspace, made as it was asked for: an empty repository, a clone, a link."""

from __future__ import annotations

import asyncio
from pathlib import Path

from mandrake.domain.documents import WorkspaceSource
from mandrake.errors import InvalidInput
from mandrake.workspaces.git import Git, OnProgress
from mandrake.workspaces.source_request import (
    SourceRequest,
    judge_clone_url,
    judge_link_path,
)
from mandrake.workspaces.welcome import make_repository

CLONE_SECONDS = 900.0
"""How long a clone may take unless the caller says otherwise."""


async def make_source(
    src: Path,
    request: SourceRequest,
    git: Git | None,
    *,
    home: Path,
    clone_seconds: float,
    on_progress: OnProgress | None,
) -> WorkspaceSource:
    """Make `src`, which does not exist yet, and give what the document says about it.

    Raises:
        InvalidInput: Address or path can't be used, or there is no git to clone with.
        Unavailable: git failed.
        DeadlineExceeded: The clone took longer than `clone_seconds`.
    """
    if request.kind == "link":
        target = await asyncio.to_thread(judge_link_path, request.path or "", home)
        await asyncio.to_thread(src.symlink_to, target, target_is_directory=True)
        return WorkspaceSource(kind="link")
    if request.kind == "clone":
        address = await asyncio.to_thread(judge_clone_url, request.url or "")
        if git is None:
            raise InvalidInput(
                "`git` is not installed, so nothing can be cloned.",
                code="unavailable.git",
                hint="Install git, or link an existing folder.",
            )
        await git.clone(
            address.url,
            src,
            local=address.local,
            deadline_seconds=clone_seconds,
            on_progress=on_progress,
        )
        return WorkspaceSource(kind="clone", url=address.shown)
    await asyncio.to_thread(src.mkdir, mode=0o700)
    if git is not None:
        # A repository from the start, so that the git server of the defaults works on it.
        await make_repository(src, git)
    return WorkspaceSource(kind="empty")
