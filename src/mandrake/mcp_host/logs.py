"""The last lines a server wrote, bounded in bytes and in lines per second."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Literal

from mandrake.domain.tools import LogLine
from mandrake.kit.clock import Clock, SystemClock

CAPACITY_BYTES = 65_536
LONGEST_LINE_BYTES = 4_096
LINES_PER_SECOND = 200.0
BURST_LINES = 400.0

Stream = Literal["stderr", "protocol", "host"]


class LogBuffer:
    """A ring of lines. Output beyond the rate is counted, and said in one line, not kept."""

    def __init__(
        self,
        on_line: Callable[[LogLine], None] | None = None,
        *,
        clock: Clock | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._on_line = on_line
        self._clock = clock or SystemClock()
        self._monotonic = monotonic
        self._lines: deque[LogLine] = deque()
        self._bytes = 0
        self._partial = b""
        self._allowance = BURST_LINES
        self._refilled_at = monotonic()
        self._dropped = 0

    def feed(self, data: bytes) -> None:
        """Standard error as it comes; lines are decoded with replacement and cut when long."""
        *lines, rest = (self._partial + data).split(b"\n")
        for line in lines:
            self._stderr(line)
        if len(rest) > LONGEST_LINE_BYTES:
            self._stderr(rest)
            rest = b""
        self._partial = rest

    def end(self) -> None:
        """The stream ended: what is left of a line is a line."""
        if self._partial:
            self._stderr(self._partial)
            self._partial = b""

    def add(self, stream: Stream, text: str) -> None:
        """A line of the host's own; only `protocol` lines count against the rate."""
        if stream == "host" or self._admit():
            self._append(stream, text[:LONGEST_LINE_BYTES])

    def tail(self, limit: int) -> list[LogLine]:
        """The newest lines, oldest first."""
        if limit <= 0:
            return []
        return list(self._lines)[-limit:]

    def error_tail(self, limit: int = 5) -> str:
        """The last lines of standard error, as one text for an error message."""
        lines = [line.text for line in self._lines if line.stream == "stderr" and line.text.strip()]
        if self._partial.strip():
            lines.append(_decode(self._partial))
        return "\n".join(lines[-limit:])

    def _stderr(self, line: bytes) -> None:
        if self._admit():
            self._append("stderr", _decode(line))

    def _admit(self) -> bool:
        now = self._monotonic()
        gained = (now - self._refilled_at) * LINES_PER_SECOND
        self._allowance = min(BURST_LINES, self._allowance + gained)
        self._refilled_at = now
        if self._allowance < 1.0:
            self._dropped += 1
            return False
        self._allowance -= 1.0
        if self._dropped:
            dropped, self._dropped = self._dropped, 0
            self._append(
                "host", f"{dropped} lines dropped: more than {LINES_PER_SECOND:g} a second"
            )
        return True

    def _append(self, stream: Stream, text: str) -> None:
        line = LogLine(at=self._clock.now(), stream=stream, text=text)
        self._lines.append(line)
        self._bytes += len(text.encode("utf-8", "replace"))
        while self._bytes > CAPACITY_BYTES:
            self._bytes -= len(self._lines.popleft().text.encode("utf-8", "replace"))
        if self._on_line is not None:
            self._on_line(line)


def _decode(line: bytes) -> str:
    text = line[:LONGEST_LINE_BYTES].decode("utf-8", "replace").rstrip("\r")
    return text + " …" if len(line) > LONGEST_LINE_BYTES else text
