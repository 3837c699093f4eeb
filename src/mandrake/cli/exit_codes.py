"""What a command tells the shell."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Documented in `docs/cli.md`; scripts rely on them."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    """What was asked can't be done as it was written; nothing happened."""
    WAITING = 3
    """A question waits for a person; `mandrake question list` shows it."""
    INTERRUPTED = 130
