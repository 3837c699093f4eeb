"""Reading text files by lines, within one bound for a whole call."""

from __future__ import annotations

import os
from dataclasses import dataclass

from mandrake.tool_servers.arguments import Json, ToolFailure
from mandrake.tool_servers.filesystem.paths import Place, opened_file

TOTAL_BYTES = 262_144
WHOLE_FILE_BYTES = 16_777_216
"""Above it the lines of a file are not counted, and it can't be edited."""
_SNIFF_BYTES = 8_192


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines `first` to `last` of a file (from 1, both included; `last < first`: none)."""

    text: str
    first: int
    last: int
    total: int | None
    bytes: int
    cut: bool
    """Whether the bound ended it before the asked last line."""

    def describe(self) -> str:
        total = "more" if self.total is None else str(self.total)
        if self.last < self.first:
            return f"no lines; the file has {total}"
        return f"lines {self.first}-{self.last} of {total}"

    def facts(self) -> dict[str, Json]:
        return {
            "start_line": self.first,
            "end_line": self.last,
            "total_lines": self.total,
            "bytes": self.bytes,
            "truncated": self.cut,
        }


def read_excerpt(place: Place, start: int | None, end: int | None, budget: int) -> Excerpt:
    """The asked lines, as far as `budget` bytes go.

    Raises:
        ToolFailure: Not a text file, or not readable.
    """
    first = start or 1
    if end is not None and end < first:
        raise ToolFailure(f"`{place.given}`: end_line {end} is before start_line {first}")
    taken: list[bytes] = []
    used = 0
    number = 0
    cut = False
    with opened_file(place) as (descriptor, facts), os.fdopen(os.dup(descriptor), "rb") as file:
        refuse_binary(place, file.peek(_SNIFF_BYTES)[:_SNIFF_BYTES], facts.st_size)
        count_all = facts.st_size <= WHOLE_FILE_BYTES
        ended = True
        for line in file:
            number += 1
            if number < first or cut or (end is not None and number > end):
                if not count_all and number > first:
                    ended = False
                    break
                continue
            if used + len(line) > budget:
                cut = True
                if not taken:
                    taken.append(line[:budget])
                continue
            taken.append(line)
            used += len(line)
    last = first + len(taken) - 1
    return Excerpt(
        text=b"".join(taken).decode("utf-8", "replace"),
        first=first,
        last=last,
        total=number if ended else None,
        bytes=facts.st_size,
        cut=cut,
    )


def read_whole(place: Place) -> tuple[bytes, int]:
    """A whole text file that is small enough to edit, and its permission bits."""
    with opened_file(place) as (descriptor, facts):
        if facts.st_size > WHOLE_FILE_BYTES:
            raise ToolFailure(
                f"`{place.given}` has {facts.st_size} bytes; files above 16 MB can't be edited"
            )
        with os.fdopen(os.dup(descriptor), "rb") as file:
            content = file.read()
        refuse_binary(place, content[:_SNIFF_BYTES], facts.st_size)
        return content, facts.st_mode & 0o7777


def refuse_binary(place: Place, beginning: bytes, size: int) -> None:
    """Raise `ToolFailure` when this is no text."""
    if is_binary(beginning):
        raise ToolFailure(
            f"`{place.given}` is a binary file of {size} bytes; only text can be read"
        )


def is_binary(beginning: bytes) -> bool:
    return b"\0" in beginning[:_SNIFF_BYTES]
