"""One search over a folder: its results as far as they go, and its limit in time."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Generator
from types import FrameType

from mandrake.tool_servers.filesystem import walking
from mandrake.tool_servers.filesystem.paths import Place
from mandrake.tool_servers.stdio import Call

SEARCH_SECONDS = 20.0


class Search:
    """One search, whose partial results are good when time runs out."""

    def __init__(self, call: Call, place: Place, prefix: str, *, ignored_too: bool) -> None:
        self._call = call
        self._place = place
        self._prefix = prefix
        self._ignored_too = ignored_too
        self.results: list[str] = []
        self.seen = 0
        self.timed_out = False

    def run(
        self,
        wanted: Callable[[walking.Found], bool] | None,
        lines_of: Callable[[bytes], list[tuple[int, str]]] | None,
        limit: int,
    ) -> None:
        base = str(self._place.path)
        above = self._prefix
        for found in walking.walk(
            self._place, ignored_too=self._ignored_too, stop=lambda: self._call.cancelled
        ):
            if len(self.results) >= limit:
                return
            if found.is_folder:
                continue
            self.seen += 1
            if wanted is not None and not wanted(found):
                continue
            if lines_of is None:
                self.results.append(above + found.shown)
                continue
            content = walking.read_searchable(os.path.join(base, found.shown))  # noqa: PTH118 - once for every file of a search
            if content:
                self.results += [
                    f"{above}{found.shown}:{number}:{text}" for number, text in lines_of(content)
                ]


class _OutOfTime(Exception):
    pass


@contextlib.contextmanager
def time_limit(search: Search) -> Generator[None]:
    """End the search by a signal: a bad regular expression can't be ended otherwise.

    Python's regular expressions look for signals while they match, but only in the main thread.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise _OutOfTime

    previous = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, SEARCH_SECONDS)
    try:
        yield
    except _OutOfTime:
        search.timed_out = True
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
