"""What a home needs before anything can be opened in it, and what a new one gets."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from mandrake.domain.documents import (
    Document,
    DynamicDocument,
    InstallationDocument,
    ToolsDocument,
    new_installation_models,
    new_installation_prompt,
    render_document,
)
from mandrake.domain.principals import Grant, Right
from mandrake.kit.atomic_file import write_atomically
from mandrake.kit.clock import Clock, SystemClock
from mandrake.telemetry.logging import get_logger
from mandrake.workspaces import folders
from mandrake.workspaces.layout import HomeLayout
from mandrake.workspaces.manager import WorkspaceManager
from mandrake.workspaces.registry import WorkspaceRegistry
from mandrake.workspaces.welcome import WELCOME_DESCRIPTION, WELCOME_NAME

TRASH_KEPT: Final = timedelta(days=30)
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class HomeReport:
    """What `ensure_home` found."""

    is_new: bool
    """Whether this was an empty home."""
    unusable: tuple[folders.FoundFolder, ...]
    """Folders below `workspaces/` that could not be taken in, with the reason."""


async def ensure_home(
    grant: Grant,
    layout: HomeLayout,
    registry: WorkspaceRegistry,
    manager: WorkspaceManager,
    clock: Clock | None = None,
) -> HomeReport:
    """Make the home usable: folders, documents of a new one, registry, the sample workspace.

    Idempotent; an interrupted first run is finished by the next. Call it once at start, holding
    the home's lock, before any document is read.
    """
    grant.require(Right.CONFIGURE)
    await asyncio.to_thread(layout.prepare)
    await asyncio.to_thread(folders.sweep_creating, layout.workspaces)
    await asyncio.to_thread(_sweep_trash, layout.trash, clock or SystemClock())
    marker = layout.home / "mandrake.json"
    # A link there is not followed, and not taken for a new home either.
    is_new = not (marker.exists() or marker.is_symlink())
    if is_new:
        await asyncio.to_thread(_write_new_documents, layout.home)
    unusable = await registry.load(grant)
    if is_new:
        if not registry.all() and not unusable:
            await manager.create_sample(grant, WELCOME_NAME, WELCOME_DESCRIPTION)
        # Last: it marks the home as made.
        content = render_document(InstallationDocument())
        await asyncio.to_thread(write_atomically, marker, content, mode=0o600)
    return HomeReport(is_new, tuple(unusable))


def _write_new_documents(home: Path) -> None:
    documents: dict[str, Document] = {
        "tools.json": ToolsDocument(),
        "models.json": new_installation_models(),
        "prompt.json": new_installation_prompt(),
        "dynamic.json": DynamicDocument(),
    }
    for name, document in documents.items():
        path = home / name
        if not (path.exists() or path.is_symlink()):
            write_atomically(path, render_document(document), mode=0o600)


def _sweep_trash(trash: Path, clock: Clock) -> None:
    """Erase what has been in the trash for 30 days, by the stamp that its name starts with."""
    oldest = (clock.now() - TRASH_KEPT).strftime("%Y%m%dT%H%M%SZ")
    for entry in trash.glob("[0-9]*T[0-9]*Z-*"):
        if entry.name[: len(oldest)] < oldest:
            folders.erase(entry)
            _log.info("trash emptied", entry=entry.name)
