"""Cuts a stream of bytes into lines, linear in the bytes and bounded by a cap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

MESSAGE_CAP_BYTES = 33_554_432
"""32 MB: no line above it is ever held."""
SKIP_CAP_BYTES = 8 * MESSAGE_CAP_BYTES
_EDGE_BYTES = 4_096


@dataclass(frozen=True, slots=True)
class TooLong:
    """A line above the cap. Reported when it passes the cap, and again when it has ended."""

    head: bytes
    tail: bytes
    """Empty until the line has ended."""
    skipped_bytes: int
    ended: bool


class LineSplitter:
    """Feeds out whole lines; a line above the cap is skipped, only its edges are kept."""

    def __init__(self, cap_bytes: int = MESSAGE_CAP_BYTES) -> None:
        self._cap = cap_bytes
        self._pieces: list[bytes] = []
        self._held = 0
        self._head: bytes | None = None
        self._tail = b""
        self._skipped = 0

    @property
    def skipped_bytes(self) -> int:
        """How much of a too long, unfinished line was thrown away so far."""
        return self._skipped if self._head is not None else 0

    def feed(self, data: bytes) -> Iterator[bytes | TooLong]:
        """The lines that `data` completes, without their newline, in order."""
        lines = data.split(b"\n")
        rest = lines.pop()
        for line in lines:
            yield from self._finish(line)
        if rest:
            yield from self._hold(rest)

    def _finish(self, piece: bytes) -> Iterator[bytes | TooLong]:
        if self._head is None and self._held + len(piece) > self._cap:
            yield from self._hold(piece)
            piece = b""
        if self._head is not None:
            self._skip(piece)
            yield TooLong(self._head, self._tail, self._skipped, ended=True)
            self._head, self._tail, self._skipped = None, b"", 0
        elif self._pieces:
            self._pieces.append(piece)
            line = b"".join(self._pieces)
            self._pieces, self._held = [], 0
            yield line
        elif piece:
            yield piece

    def _hold(self, piece: bytes) -> Iterator[TooLong]:
        if self._head is not None:
            self._skip(piece)
            return
        self._pieces.append(piece)
        self._held += len(piece)
        if self._held <= self._cap:
            return
        self._head = b"".join(self._pieces)[:_EDGE_BYTES]
        self._tail = b"".join(self._pieces[-2:])[-_EDGE_BYTES:]
        self._skipped = self._held
        self._pieces, self._held = [], 0
        yield TooLong(self._head, b"", self._skipped, ended=False)

    def _skip(self, piece: bytes) -> None:
        self._skipped += len(piece)
        self._tail = (self._tail + piece[-_EDGE_BYTES:])[-_EDGE_BYTES:]
