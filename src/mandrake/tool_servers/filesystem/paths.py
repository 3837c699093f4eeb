"""Which paths may be touched: resolved with all symbolic links first, judged after.

A judged path is then opened component by component from its root without following links, so a
link put there in between is refused, not followed. Hard links can't be told from files: a write
replaces the name and never the content behind another name of it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from mandrake.tool_servers.arguments import ToolFailure

HIDDEN = ".ws"
GIT = ".git"


@dataclass(frozen=True, slots=True)
class Root:
    """A folder whose content may be reached; `path` is resolved."""

    path: Path
    writable: bool
    name: str = ""
    """What people call it: `src/a.py` then means `a.py` in it, unless it has a `src` itself."""


@dataclass(frozen=True, slots=True)
class Place:
    """A judged path: its root, and the way down from it without links."""

    root: Root
    parts: tuple[str, ...]
    given: str
    """The path as the caller wrote it, for messages."""

    @property
    def path(self) -> Path:
        return self.root.path.joinpath(*self.parts)

    @property
    def shown(self) -> str:
        """The path relative to its root, `.` for the root itself."""
        return "/".join(self.parts) or "."


class Roots:
    """The allowed folders. Relative paths begin at the first."""

    def __init__(self, roots: tuple[Root, ...]) -> None:
        self.roots = roots

    def resolve(self, given: str) -> Place:
        """Judge a path for reading, following every link in it, also the last.

        Raises:
            ToolFailure: It leads outside, or to something that is hidden.
        """
        return self._judge(given, self._resolved(given))

    def resolve_entry(self, given: str) -> Place:
        """Judge a name in a folder: the folder is resolved, a link as last part stays itself."""
        candidate = self._absolute(given)
        name = candidate.name
        if name in ("", ".", ".."):
            return self.resolve(given)
        return self._judge(given, Path(os.path.realpath(candidate.parent)) / name)

    def for_writing(self, place: Place) -> Place:
        """The same place, if it may be changed.

        Raises:
            ToolFailure: The root is read-only, or the place belongs to git.
        """
        if not place.root.writable:
            raise ToolFailure(f"`{place.given}` is in a read-only folder; {self.describe()}")
        if any(_folded(part) == GIT for part in place.parts):
            raise ToolFailure(
                f"`{place.given}` belongs to git and can't be written; use the git tools"
            )
        return place

    def prefix(self, place: Place) -> str:
        """What to put before names below `place` so that they are paths for these tools."""
        if place.root != self.roots[0]:
            return f"{place.path}/"
        return f"{place.shown}/" if place.parts else ""

    def describe(self) -> str:
        """The allowed folders, for messages."""
        names = [
            (f"`{root.name}`, that is " if root.name else "")
            + f"`{root.path}`"
            + ("" if root.writable else " (read-only)")
            for root in self.roots
        ]
        return f"allowed: {', '.join(names)}"

    def _absolute(self, given: str) -> Path:
        if not given:
            raise ToolFailure("the path is empty")
        if "\0" in given:
            raise ToolFailure(f"`{given.replace(chr(0), '?')}` holds a NUL byte")
        # An absolute path replaces the root here; where it leads is judged below.
        plain = self.roots[0].path / given
        first, _, rest = given.partition("/")
        for root in self.roots:
            if root.name and root.name == first and not os.path.lexists(self.roots[0].path / first):
                return root.path / rest.lstrip("/")
        return plain

    def _resolved(self, given: str) -> Path:
        try:
            return Path(os.path.realpath(self._absolute(given)))
        except (OSError, ValueError) as error:
            raise ToolFailure(f"`{given}` can't be resolved: {error}") from None

    def _judge(self, given: str, real: Path) -> Place:
        inside = [root for root in self.roots if real.is_relative_to(root.path)]
        if not inside:
            raise ToolFailure(f"`{given}` leads outside the allowed folders; {self.describe()}")
        root = max(inside, key=lambda one: len(one.path.parts))
        parts = real.relative_to(root.path).parts
        if any(_folded(part) == HIDDEN for part in parts):
            raise not_found(given)
        return Place(root, parts, given)


def not_found(given: str) -> ToolFailure:
    return ToolFailure(f"`{given}` does not exist")


def is_hidden(name: str) -> bool:
    """Whether an entry is left out of every listing."""
    return _folded(name) == HIDDEN


def is_git(name: str) -> bool:
    return _folded(name) == GIT


def _folded(name: str) -> str:
    # Some file systems take `.GIT`, and some drop dots and blanks at the end.
    return name.casefold().rstrip(". ") or name


@contextlib.contextmanager
def opened_folder(place: Place, parts: tuple[str, ...]) -> Generator[int]:
    """A descriptor of the folder `parts` below the place's root, reached without any link."""
    with explained(place):
        descriptor = os.open(place.root.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for part in parts:
                flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
                deeper = os.open(part, flags, dir_fd=descriptor)
                os.close(descriptor)
                descriptor = deeper
            yield descriptor
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def opened_file(place: Place) -> Generator[tuple[int, os.stat_result]]:
    """A descriptor of a regular file, for reading, and its facts."""
    if not place.parts:
        raise ToolFailure(f"`{place.given}` is a folder; use list_directory")
    with opened_folder(place, place.parts[:-1]) as folder:
        # Not blocking: opening a named pipe would wait for its other end.
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(place.parts[-1], flags, dir_fd=folder)
        try:
            facts = os.fstat(descriptor)
            if stat.S_ISDIR(facts.st_mode):
                raise ToolFailure(f"`{place.given}` is a folder; use list_directory")
            if not stat.S_ISREG(facts.st_mode):
                raise ToolFailure(f"`{place.given}` is not a regular file")
            yield descriptor, facts
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def explained(place: Place) -> Generator[None]:
    """Turn what the system refuses into words about the path that was given."""
    reasons = {
        errno.ENOENT: "does not exist",
        errno.ENOTDIR: "goes through something that is not a folder",
        errno.ELOOP: "became a symbolic link while it was being opened; try again",
        errno.EACCES: "may not be touched: permission denied",
        errno.EPERM: "may not be touched: not permitted",
        errno.ENAMETOOLONG: "is too long",
        errno.ENOSPC: "can't be written: the disk is full",
        errno.EROFS: "can't be written: the disk is read-only",
        errno.EISDIR: "is a folder",
        errno.EEXIST: "exists already",
    }
    try:
        yield
    except OSError as error:
        reason = reasons.get(error.errno or 0, f"can't be used: {error.strerror}")
        raise ToolFailure(f"`{place.given}` {reason}") from None
