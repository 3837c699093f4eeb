"""What `src/` holds: branch, changes, newest commits, tree. Reading only, always bounded.

Works without git and on plain folders: then there is a tree and nothing else. What a repository's
own configuration says is not obeyed where it would run a program or point elsewhere (see `git`).
"""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mandrake.errors import MandrakeError
from mandrake.workspaces.git import READ_SECONDS, Git, GitResult

MAX_ENTRIES = 2000
MAX_COMMITS = 20
_FIELD, _RECORD = "\x1f", "\x1e"
_LOG_FORMAT = _FIELD.join(("%H", "%an", "%aI", "%s")) + _RECORD


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file that differs from the last commit."""

    path: str
    status: str
    """Git's two letters: index and working tree (`M `, ` M`, `??`, …)."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of the current branch."""

    hash: str
    author: str
    at: str
    """RFC 3339 with the author's offset."""
    subject: str


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source tree at one moment."""

    kind: Literal["repository", "folder", "missing"]
    branch: str | None = None
    """None when detached, and outside repositories."""
    head: str | None = None
    """Hash of the newest commit; None in a repository without one."""
    ahead: int | None = None
    """Commits that the remote branch lacks; None without one."""
    behind: int | None = None
    changes: tuple[ChangedFile, ...] = ()
    """At most 2000."""
    commits: tuple[Commit, ...] = ()
    """Newest first, at most 20."""
    tree: tuple[str, ...] = ()
    """Paths of files below `src`, sorted, at most 2000; ignored files are left out."""
    truncated: bool = False
    """Whether changes or tree met their bound."""
    problem: str | None = None
    """Why something is missing here, for a person."""


async def read_source(src: Path, git: Git | None, *, is_link: bool) -> SourceView:
    """Look at `src`. Never fails for what lies there: `problem` says what could not be read."""
    try:
        root = await asyncio.to_thread(_real_folder, src, is_link)
    except OSError as error:
        return SourceView("missing", problem=f"`src` can't be read: {error.strerror or error}.")
    if root is None:
        return SourceView("missing", problem="`src` is no folder, or a link that nobody made here.")
    if not (root / ".git").exists():
        return await _plain(root, None)
    if git is None:
        return await _plain(root, "`git` is not installed; branch and commits are not shown.")
    if not is_link and not await asyncio.to_thread(_is_own_repository, root):
        return await _plain(root, "`.git` points outside of the workspace and is not followed.")
    try:
        async with asyncio.timeout(READ_SECONDS):
            return await _repository(root, git)
    except TimeoutError:
        problem = f"git did not answer within {READ_SECONDS:.0f} seconds"
    except MandrakeError as error:
        problem = error.detail
    return await _plain(root, problem)


async def _repository(root: Path, git: Git) -> SourceView:
    # Named outright: a `core.worktree` in the repository could point at any folder.
    where = (f"--work-tree={root}",)
    status = await git.read(
        root,
        *where,
        "status",
        "--porcelain=v2",
        "--branch",
        "-z",
        "--untracked-files=normal",
        "--ignore-submodules=dirty",
    )
    if status.status != 0:
        return await _plain(root, f"git: {status.errors[:300] or 'status failed'}")
    log = await git.read(
        root, *where, "log", f"--max-count={MAX_COMMITS}", "--no-color", f"--format={_LOG_FORMAT}"
    )
    files = await git.read(
        root, *where, "ls-files", "-z", "--cached", "--others", "--exclude-standard"
    )
    branch, changes = _parse_status(status)
    tree, cut = _parse_tree(files)
    return SourceView(
        "repository",
        branch=branch.get("head"),
        head=branch.get("oid"),
        ahead=_count(branch.get("ahead")),
        behind=_count(branch.get("behind")),
        changes=tuple(changes[:MAX_ENTRIES]),
        commits=_parse_log(log),
        tree=tree,
        truncated=cut or status.truncated or len(changes) > MAX_ENTRIES,
    )


async def _plain(root: Path, problem: str | None) -> SourceView:
    paths = await asyncio.to_thread(_walk_bounded, root)
    return SourceView(
        "folder",
        tree=tuple(sorted(paths[:MAX_ENTRIES])),
        truncated=len(paths) > MAX_ENTRIES,
        problem=problem,
    )


def _real_folder(src: Path, is_link: bool) -> Path | None:
    """The folder itself. A link counts only where `workspace.json` says that one was made."""
    if src.is_symlink() and not is_link:
        return None
    resolved = src.resolve(strict=True)
    return resolved if resolved.is_dir() else None


def _is_own_repository(root: Path) -> bool:
    """Whether `.git` is a folder here, not a pointer to a repository elsewhere."""
    git_folder = root / ".git"
    return stat.S_ISDIR(git_folder.lstat().st_mode) and not (git_folder / "commondir").exists()


def _walk_bounded(root: Path) -> list[str]:
    found: list[str] = []
    for path in _walk(root):
        found.append(path)
        if len(found) > MAX_ENTRIES:
            break
    return found


def _walk(root: Path) -> Generator[str]:
    for folder, folders, files in os.walk(root, onerror=None, followlinks=False):
        folders[:] = sorted(name for name in folders if name not in (".git", ".ws"))
        for name in sorted(files):
            yield os.path.relpath(os.path.join(folder, name), root)  # noqa: PTH118 - hot loop


def _parse_status(result: GitResult) -> tuple[dict[str, str], list[ChangedFile]]:
    """Source: git-status(1), "Porcelain Format Version 2", git 2.39."""
    branch: dict[str, str] = {}
    changes: list[ChangedFile] = []
    records = iter(_records(result))
    for record in records:
        kind = record[:2]
        if kind == "# ":
            _read_header(record, branch)
        elif kind == "1 ":
            changes.append(_changed(record, 8))
        elif kind == "2 ":
            changes.append(_changed(record, 9))
            next(records, None)  # the old path of a rename stands as a record of its own
        elif kind == "u ":
            changes.append(_changed(record, 10))
        elif kind == "? ":
            changes.append(ChangedFile(record[2:], "??"))
    return branch, changes


def _read_header(record: str, branch: dict[str, str]) -> None:
    name, _, value = record.removeprefix("# branch.").partition(" ")
    if name == "oid" and value != "(initial)":
        branch["oid"] = value
    elif name == "head" and value != "(detached)":
        branch["head"] = value
    elif name == "ab":
        ahead, _, behind = value.partition(" ")
        branch["ahead"], branch["behind"] = ahead.lstrip("+"), behind.lstrip("-")


def _changed(record: str, fields: int) -> ChangedFile:
    pieces = record.split(" ", fields)
    return ChangedFile(pieces[-1], pieces[1].replace(".", " "))


def _parse_log(result: GitResult) -> tuple[Commit, ...]:
    if result.status != 0:
        # A repository without a commit answers with an error.
        return ()
    commits: list[Commit] = []
    for record in result.output.decode("utf-8", "replace").split(_RECORD):
        fields = record.strip("\n").split(_FIELD)
        if len(fields) == 4:
            commits.append(Commit(*(field[:300] for field in fields)))
    return tuple(commits)


def _parse_tree(result: GitResult) -> tuple[tuple[str, ...], bool]:
    paths = sorted(set(_records(result)))
    paths = [path for path in paths if not (path + "/").startswith(".ws/")]
    return tuple(paths[:MAX_ENTRIES]), result.truncated or len(paths) > MAX_ENTRIES


def _records(result: GitResult) -> list[str]:
    """NUL-separated records; the last one of cut output is incomplete and left out."""
    records = result.output.decode("utf-8", "replace").split("\0")
    return [record for record in (records[:-1]) if record]


def _count(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdigit() else None
