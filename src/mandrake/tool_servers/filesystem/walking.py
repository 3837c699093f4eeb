"""Walking folders: listings, trees and searches, without following links, bounded."""

from __future__ import annotations

import fnmatch
import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mandrake.tool_servers.arguments import ToolFailure
from mandrake.tool_servers.filesystem.paths import Place, explained, is_git, is_hidden
from mandrake.tool_servers.filesystem.reading import is_binary

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

LIST_ENTRIES = 2_000
TREE_ENTRIES = 1_000
SEARCHED_FILE_BYTES = 5_000_000
LINE_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a folder."""

    name: str
    kind: str
    """`file`, `folder`, `link` or `other`."""
    bytes: int
    target: str | None = None


def list_entries(place: Place) -> list[Entry]:
    """The entries of a folder, sorted by name; links are shown, not followed.

    Raises:
        ToolFailure: Not a folder.
    """
    with explained(place):
        if not place.path.is_dir():
            if place.path.exists():
                raise ToolFailure(f"`{place.given}` is a file; use read_files")
            raise ToolFailure(f"`{place.given}` does not exist")
        with os.scandir(place.path) as found:
            names = sorted(item.name for item in found if not is_hidden(item.name))
        return [_entry(place.path, name) for name in names]


def _entry(folder: Path, name: str) -> Entry:
    try:
        facts = (folder / name).lstat()
    except OSError:
        return Entry(name, "other", 0)
    if stat.S_ISLNK(facts.st_mode):
        try:
            return Entry(name, "link", 0, str((folder / name).readlink()))
        except OSError:
            return Entry(name, "link", 0)
    if stat.S_ISDIR(facts.st_mode):
        return Entry(name, "folder", 0)
    return Entry(name, "file" if stat.S_ISREG(facts.st_mode) else "other", facts.st_size)


@dataclass(frozen=True, slots=True)
class Found:
    """An entry met on a walk; `shown` is relative to where the walk began."""

    shown: str
    name: str
    depth: int
    is_folder: bool


class Ignore:
    """The `.gitignore` rules that hold at one folder: its own and those above it."""

    def __init__(self, layers: tuple[tuple[str, GitIgnoreSpec], ...] = ()) -> None:
        self._layers = layers

    def below(self, folder: str, shown: str) -> Ignore:
        """The rules inside `folder`, which the walk calls `shown` (empty at its beginning)."""
        try:
            with Path(folder, ".gitignore").open(encoding="utf-8", errors="replace") as file:
                lines = file.read(1_000_000).splitlines()
        except OSError:
            return self
        from pathspec import GitIgnoreSpec

        try:
            spec = GitIgnoreSpec.from_lines(lines)
        except ValueError:
            return self
        return Ignore((*self._layers, (f"{shown}/" if shown else "", spec)))

    def hides(self, shown: str, *, is_folder: bool) -> bool:
        """Whether git would leave it out; deeper rules win."""
        for prefix, spec in reversed(self._layers):
            path = shown[len(prefix) :] + ("/" if is_folder else "")
            verdict = spec.check_file(path).include
            if verdict is not None:
                return verdict
        return False


def walk(
    place: Place, *, ignored_too: bool, depth: int | None = None, stop: Callable[[], bool]
) -> Iterator[Found]:
    """Everything below a folder, folders before their content, sorted by name.

    Leaves out hidden folders, what git keeps inside `.git`, and what `.gitignore` names. Rules
    above the beginning of the walk count too, up to the root.
    """
    beginning = Ignore()
    prefix = ""
    if not ignored_too:
        folder = place.root.path
        for part in place.parts:
            beginning = beginning.below(str(folder), prefix)
            folder /= part
            prefix = f"{prefix}/{part}" if prefix else part
    yield from _walk(str(place.path), prefix, 1, beginning, _Walk(ignored_too, depth, stop, prefix))


@dataclass(frozen=True, slots=True)
class _Walk:
    ignored_too: bool
    depth: int | None
    stop: Callable[[], bool]
    prefix: str


def _walk(folder: str, shown: str, depth: int, rules: Ignore, how: _Walk) -> Iterator[Found]:
    if how.stop():
        return
    if not how.ignored_too:
        rules = rules.below(folder, shown)
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda item: item.name)
    except OSError:
        return  # it went away, or may not be read: the walk goes on beside it
    begin = len(how.prefix) + 1 if how.prefix else 0
    for entry in entries:
        if is_hidden(entry.name) or is_git(entry.name):
            continue
        is_folder = entry.is_dir(follow_symlinks=False)
        path = f"{shown}/{entry.name}" if shown else entry.name
        if not how.ignored_too and rules.hides(path, is_folder=is_folder):
            continue
        yield Found(path[begin:], entry.name, depth, is_folder)
        if is_folder and (how.depth is None or depth < how.depth):
            yield from _walk(entry.path, path, depth + 1, rules, how)


def glob_matcher(pattern: str) -> Callable[[Found], bool]:
    """A pattern with `/` matches the path from where the search began, else the name alone."""
    pattern = pattern.removeprefix("./")
    if "/" not in pattern:
        by_name = re.compile(fnmatch.translate(pattern))
        return lambda found: by_name.match(found.name) is not None
    from pathspec import GitIgnoreSpec

    try:
        spec = GitIgnoreSpec.from_lines([pattern if pattern.startswith("/") else f"/{pattern}"])
    except ValueError as error:
        raise ToolFailure(f"the pattern `{pattern}` can't be used: {error}") from None
    return lambda found: bool(spec.check_file(found.shown).include)


def line_matcher(
    query: str, *, is_regex: bool, case_sensitive: bool
) -> Callable[[bytes], list[tuple[int, str]]]:
    """Finds the matching lines of a file's bytes: number and text. Decodes only what matches.

    Raises:
        ToolFailure: Not a regular expression.
    """
    source = query if is_regex else re.escape(query)
    flags = re.MULTILINE | (0 if case_sensitive else re.IGNORECASE)
    if case_sensitive and not is_regex:
        needle = query.encode()
        return lambda content: _lines(content, _positions(content, needle))
    try:
        if source.isascii():
            compiled = re.compile(source.encode("ascii"), flags)
            return lambda content: _lines(
                content, (hit.start() for hit in compiled.finditer(content))
            )
        in_text = re.compile(source, flags)
    except re.error as error:
        raise ToolFailure(f"the query is not a regular expression: {error}") from None

    def match_text(content: bytes) -> list[tuple[int, str]]:
        lines = content.decode("utf-8", "replace").split("\n")
        return [
            (number, _short(line)) for number, line in enumerate(lines, 1) if in_text.search(line)
        ]

    return match_text


def _positions(content: bytes, needle: bytes) -> Iterator[int]:
    position = content.find(needle)
    while position >= 0:
        yield position
        position = content.find(needle, position + 1)


def _lines(content: bytes, positions: Iterator[int]) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    number, counted, line_end = 1, 0, -1
    for position in positions:
        if position <= line_end:
            continue  # another hit in the same line
        number += content.count(b"\n", counted, position)
        counted = position
        begin = content.rfind(b"\n", 0, position) + 1
        line_end = content.find(b"\n", position)
        if line_end < 0:
            line_end = len(content)
        found.append((number, _short(content[begin:line_end].decode("utf-8", "replace"))))
    return found


def _short(line: str) -> str:
    line = line.rstrip("\r")
    return line if len(line) <= LINE_CHARACTERS else line[:LINE_CHARACTERS] + " …"


def read_searchable(path: str) -> bytes | None:
    """A file's bytes, or None for what a text search leaves out."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > SEARCHED_FILE_BYTES:
            return None
        content = os.read(descriptor, facts.st_size + 1)
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return None if is_binary(content) else content
