"""Server-sent events out of a byte stream: only the `data` field, in bounded memory.

Owns lines and events. Deliberately does not know JSON, HTTP or any provider.

Source: WHATWG HTML, 9.2.6 "Interpreting an event stream", seen 2026-11-20. One rule is bent on
purpose: an event that the end of the stream leaves without its blank line is still given by
`flush`, as some servers never send the last one.
"""

from __future__ import annotations

MAX_LINE_BYTES = 8 * 1024 * 1024

_BOM = b"\xef\xbb\xbf"


class LineTooLong(ValueError):
    """A line or an event is longer than the bound; the stream is of no use any more."""


class SseReader:
    """Cuts chunks of any size into the `data` of whole events, as bytes.

    Lines end in LF, CRLF or CR, also when a chunk ends between the two; a character split between
    chunks is whole again, as nothing is decoded here.
    """

    def __init__(self, *, max_line_bytes: int = MAX_LINE_BYTES) -> None:
        self._max_line_bytes = max_line_bytes
        self._pieces: list[bytes] = []
        self._pieces_bytes = 0
        self._data: list[bytes] = []
        self._data_bytes = 0
        self._after_cr = False
        self._at_start = True

    def feed(self, chunk: bytes) -> list[bytes]:
        """Take the next bytes; return the data of the events they complete.

        Raises:
            LineTooLong: The bound was met.
        """
        if b"\r" in chunk or self._after_cr:
            chunk = self._normalise(chunk)
        if b"\n" not in chunk:
            self._keep(chunk)
            return []
        if self._pieces:
            self._pieces.append(chunk)
            chunk = b"".join(self._pieces)
        lines = chunk.split(b"\n")
        self._pieces, self._pieces_bytes = [], 0
        self._keep(lines.pop())
        events: list[bytes] = []
        for line in lines:
            if line:
                self._take(line)
            elif self._data:
                events.append(self._event())
        return events

    def flush(self) -> list[bytes]:
        """The stream has ended: the data of an event whose blank line never came, if any."""
        line = b"".join(self._pieces)
        self._pieces, self._pieces_bytes = [], 0
        if line:
            self._take(line)
        return [self._event()] if self._data else []

    def _normalise(self, chunk: bytes) -> bytes:
        if self._after_cr and chunk.startswith(b"\n"):
            chunk = chunk[1:]
            self._after_cr = False
        if chunk:
            self._after_cr = chunk.endswith(b"\r")
        return chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _keep(self, piece: bytes) -> None:
        if piece:
            self._pieces.append(piece)
            self._pieces_bytes += len(piece)
            self._bound(self._pieces_bytes)

    def _take(self, line: bytes) -> None:
        if self._at_start:
            self._at_start = False
            line = line.removeprefix(_BOM)
        if line.startswith(b"data:"):
            value = line[6:] if line[5:6] == b" " else line[5:]
            self._data.append(value)
            self._data_bytes += len(value)
            self._bound(self._data_bytes)

    def _event(self) -> bytes:
        data = self._data[0] if len(self._data) == 1 else b"\n".join(self._data)
        self._data, self._data_bytes = [], 0
        return data

    def _bound(self, length: int) -> None:
        if length > self._max_line_bytes:
            raise LineTooLong(f"more than {self._max_line_bytes} bytes in one line or event")
