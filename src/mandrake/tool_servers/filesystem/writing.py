"""Changing files: atomic writes, exact edits, moves and new folders."""

from __future__ import annotations

import contextlib
import difflib
import errno
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from mandrake.tool_servers.arguments import ToolFailure
from mandrake.tool_servers.filesystem.paths import Place, explained, opened_folder

DIFF_BYTES = 65_536
_NEAREST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `old` by `new`; `old` must occur exactly once unless `everywhere`."""

    old: str
    new: str
    everywhere: bool


def write_file(place: Place, content: bytes, mode: int | None = None) -> bool:
    """Replace or make a file, in one step for every reader; whether it is new.

    The folder must exist. The permission bits of an existing file stay.

    Raises:
        ToolFailure: The folder is missing, or the place is not a file.
    """
    if not place.parts:
        raise ToolFailure(f"`{place.given}` is a folder")
    folder_parts, name = place.parts[:-1], place.parts[-1]
    if not place.path.parent.is_dir():
        raise ToolFailure(
            f"`{place.given}`: its folder does not exist; make it with create_directory"
        )
    temporary = f".{name[:100]}.{secrets.token_hex(6)}.tmp"
    with opened_folder(place, folder_parts) as folder:
        existing = _existing_mode(place, name, folder)
        bits = mode if mode is not None else existing
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(temporary, flags, 0o644, dir_fd=folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                if bits is not None:
                    os.fchmod(file.fileno(), bits)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary, dir_fd=folder)
            raise
        return existing is None


def _existing_mode(place: Place, name: str, folder: int) -> int | None:
    import stat

    try:
        facts = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(facts.st_mode):
        raise ToolFailure(f"`{place.given}` is a folder")
    if not stat.S_ISREG(facts.st_mode):
        raise ToolFailure(f"`{place.given}` is not a regular file")
    return facts.st_mode & 0o7777


def apply_edits(place: Place, content: bytes, edits: Sequence[Edit]) -> str:
    """The text with all edits made, one after the other.

    Raises:
        ToolFailure: An edit doesn't match exactly once; names the edit, the count and the line.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ToolFailure(f"`{place.given}` is not UTF-8 (byte {error.start})") from None
    for index, edit in enumerate(edits):
        text = _apply(place, text, edit, index)
    return text


def _apply(place: Place, text: str, edit: Edit, index: int) -> str:
    if not edit.old:
        raise ToolFailure(f"`edits[{index}].old_text` is empty; use write_file for a new file")
    old, new = edit.old, edit.new
    count = text.count(old)
    if count == 0 and "\r\n" in text and "\r\n" not in old:
        # The file has Windows line ends and the caller was shown none: follow the file.
        old, new = old.replace("\n", "\r\n"), new.replace("\r\n", "\n").replace("\n", "\r\n")
        count = text.count(old)
    if count == 0:
        raise ToolFailure(
            f"`edits[{index}].old_text` is not in `{place.given}`{_nearest(text, old)}"
        )
    if count > 1 and not edit.everywhere:
        lines = ", ".join(map(str, _line_numbers(text, old)))
        raise ToolFailure(
            f"`edits[{index}].old_text` occurs {count} times in `{place.given}` (lines {lines});"
            " add lines around it, or set replace_all"
        )
    return text.replace(old, new)


def _line_numbers(text: str, old: str, limit: int = 10) -> list[int]:
    found: list[int] = []
    position = text.find(old)
    while position >= 0 and len(found) < limit:
        found.append(text.count("\n", 0, position) + 1)
        position = text.find(old, position + len(old))
    return found


def _nearest(text: str, old: str) -> str:
    wanted = next((line.strip() for line in old.splitlines() if line.strip()), "")
    lines = text.splitlines()
    if not wanted or len(lines) > _NEAREST_LINES:
        return ""
    stripped = [line.strip() for line in lines]
    close = difflib.get_close_matches(wanted, [line for line in stripped if line], n=1, cutoff=0.5)
    if not close:
        return "; no line resembles it"
    number = stripped.index(close[0]) + 1
    return f"; the nearest line is {number}: `{lines[number - 1][:200]}`"


def unified_diff(shown: str, before: str, after: str) -> str:
    """A unified diff, cut when long."""
    lines = difflib.unified_diff(
        before.splitlines(keepends=True),
        after.splitlines(keepends=True),
        f"a/{shown}",
        f"b/{shown}",
    )
    text = "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end\n" for line in lines
    )
    if len(text) > DIFF_BYTES:
        return text[:DIFF_BYTES] + "\n[cut: the diff is longer]\n"
    return text or "no change\n"


def move(source: Place, target: Place) -> None:
    """Rename a file, a folder or a link; the target must not exist.

    Raises:
        ToolFailure: The source is missing, the target exists, or they are on two disks.
    """
    if not source.parts or not target.parts:
        raise ToolFailure("an allowed folder itself can't be moved or replaced")
    if not os.path.lexists(source.path):
        raise ToolFailure(f"`{source.given}` does not exist")
    if os.path.lexists(target.path):
        raise ToolFailure(f"`{target.given}` exists already; move or edit it first")
    if not target.path.parent.is_dir():
        raise ToolFailure(
            f"`{target.given}`: its folder does not exist; make it with create_directory"
        )
    with (
        opened_folder(source, source.parts[:-1]) as origin,
        opened_folder(target, target.parts[:-1]) as destination,
    ):
        try:
            os.rename(source.parts[-1], target.parts[-1], src_dir_fd=origin, dst_dir_fd=destination)
        except OSError as error:
            if error.errno == errno.EXDEV:
                raise ToolFailure(
                    f"`{source.given}` and `{target.given}` are on different disks; write a copy"
                ) from None
            if error.errno == errno.EINVAL:
                raise ToolFailure(f"`{source.given}` can't be moved into itself") from None
            raise


def create_folder(place: Place) -> bool:
    """Make a folder and those above it; whether anything was made."""
    made = False
    with explained(place):
        folder = os.open(place.root.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for part in place.parts:
                try:
                    os.mkdir(part, 0o755, dir_fd=folder)
                    made = True
                except FileExistsError:
                    pass
                flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
                deeper = os.open(part, flags, dir_fd=folder)
                os.close(folder)
                folder = deeper
        finally:
            os.close(folder)
    return made
