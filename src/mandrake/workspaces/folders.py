"""Workspace folders on disk: finding, making, judging and erasing them. Blocking, all of it.

Knows no database and no history. A folder is never followed through a link: what lies below
`workspaces/` may have been prepared by somebody else.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from mandrake.domain.documents import (
    Document,
    DynamicDocument,
    ModelsDocument,
    PromptDocument,
    WorkspaceDocument,
    check_workspace_name,
    new_workspace_tools,
    parse_document,
    render_document,
)
from mandrake.domain.documents.parsing import MAX_DOCUMENT_BYTES
from mandrake.domain.ids import ScopeId
from mandrake.errors import InvalidDocument, InvalidInput
from mandrake.kit.atomic_file import sync_folder, write_atomically
from mandrake.workspaces.layout import WORKSPACE_DATA, ScopePaths, workspace_paths_in

CREATING_PREFIX = ".creating-"
"""Folders being made; never listed, swept at the next start."""


@dataclass(frozen=True, slots=True)
class FoundFolder:
    """A folder below `workspaces/` that looks like a workspace."""

    name: str
    document: WorkspaceDocument | None
    problem: str | None = None
    """Why it can't be used as it is."""


def scan(workspaces: Path) -> list[FoundFolder]:
    """Every folder with a `workspace.json`, by name. Links and hidden folders are left out."""
    found: list[FoundFolder] = []
    with os.scandir(workspaces) as entries:
        names = sorted(
            entry.name
            for entry in entries
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith(".")
        )
    for name in names:
        with contextlib.suppress(FileNotFoundError):
            found.append(look_at(workspaces, name))
    return found


def look_at(workspaces: Path, name: str) -> FoundFolder:
    """One folder.

    Raises:
        FileNotFoundError: It has no `workspace.json`.
    """
    label = f"workspaces/{name}/workspace.json"
    folder = workspaces / name
    try:
        content = _read_regular(folder, "workspace.json")
        check_workspace_name(name)
        require_plain_folders(workspace_paths_in(folder, ScopeId("")))
        document = parse_document(WorkspaceDocument, content, label=label)
    except (InvalidInput, ValueError) as error:
        return FoundFolder(name, None, str(error))
    except FileNotFoundError:
        raise
    except OSError as error:
        return FoundFolder(name, None, f"`{label}` can't be read: {error.strerror}")
    return FoundFolder(name, document)


def _read_regular(folder: Path, name: str) -> bytes:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        with os.fdopen(os.open(name, flags, dir_fd=descriptor), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise InvalidDocument(f"`{folder.name}/{name}` is not a regular file.")
            return file.read(MAX_DOCUMENT_BYTES + 1)
    finally:
        os.close(descriptor)


def require_plain_folders(paths: ScopePaths) -> None:
    """Pass a workspace whose own places are real: a link there would send our reads and writes
    to wherever whoever prepared the folder wanted.

    Raises:
        InvalidInput: Names the link and the next step.
    """
    data = paths.folder / WORKSPACE_DATA
    database = paths.database
    places = [paths.folder, data, data / "config", paths.files, paths.mcpdata, paths.blobs]
    places += [database.with_name(database.name + suffix) for suffix in ("", "-wal", "-shm")]
    for place in places:
        if place.is_symlink():
            inner = place.relative_to(paths.folder.parent)
            raise InvalidInput(
                f"`workspaces/{inner}` is a link, which Mandrake does not follow.",
                code="invalid.workspace",
                hint="Replace the link by the real file or folder.",
            )


def make_folders(paths: ScopePaths) -> None:
    """The tree of a workspace but for `src`; what is there stays."""
    data = paths.folder / WORKSPACE_DATA
    for folder in (paths.folder, data, data / "config", paths.files, paths.mcpdata):
        folder.mkdir(mode=0o700, exist_ok=True)


def write_new_documents(paths: ScopePaths, document: WorkspaceDocument) -> None:
    """The documents of a new workspace, with its defaults."""
    config = paths.folder / WORKSPACE_DATA / "config"
    documents: dict[Path, Document] = {
        paths.folder / "workspace.json": document,
        config / "tools.json": new_workspace_tools(),
        config / "models.json": ModelsDocument(),
        config / "prompt.json": PromptDocument(),
        config / "dynamic.json": DynamicDocument(),
    }
    for path, content in documents.items():
        write_atomically(path, render_document(content), mode=0o600)


def write_workspace_document(paths: ScopePaths, document: WorkspaceDocument) -> None:
    """`workspace.json` alone, of a folder that nobody has open."""
    write_atomically(paths.folder / "workspace.json", render_document(document), mode=0o600)


def is_taken(workspaces: Path, name: str) -> bool:
    """Whether a file or folder of that name, in any case, is there."""
    wanted = name.casefold()
    with os.scandir(workspaces) as entries:
        return any(entry.name.casefold() == wanted for entry in entries)


def move(source: Path, target: Path) -> None:
    """Rename a folder within one file system, durably.

    Raises:
        FileExistsError: Something is at `target`.
    """
    if target.is_symlink() or target.exists():
        raise FileExistsError(target)
    source.rename(target)
    sync_folder(source.parent)
    sync_folder(target.parent)


def erase(folder: Path) -> None:
    """Delete a tree. Links in it are removed, never followed; folders without rights are opened."""
    if folder.is_symlink():
        folder.unlink()
        return
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except PermissionError:
        for inner, folders, _ in os.walk(folder, topdown=True, followlinks=False):
            for name in folders:
                path = Path(inner) / name
                if not path.is_symlink():
                    path.chmod(0o700)
        shutil.rmtree(folder)


def sweep_creating(workspaces: Path) -> None:
    """Erase what a crash left half made."""
    for leftover in workspaces.glob(CREATING_PREFIX + "*"):
        erase(leftover)
