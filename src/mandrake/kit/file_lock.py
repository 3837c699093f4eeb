"""An exclusive lock on a file, held by a process and freed by its death.

Source: flock(2), Linux and macOS.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from typing import Self

_RETRY_SECONDS = 0.02


class FileLock:
    """Held while the object is open. The file stays: deleting a lock file invites two owners."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor: int | None = descriptor

    @classmethod
    def acquire(cls, path: Path, *, wait_seconds: float = 0.0) -> Self | None:
        """Take the lock; None when another process (or object) still holds it after the wait.

        Blocking.
        """
        until = time.monotonic() + wait_seconds
        while (lock := cls._try(path)) is None and time.monotonic() < until:
            time.sleep(_RETRY_SECONDS)
        return lock

    @classmethod
    def _try(cls, path: Path) -> Self | None:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(path, flags, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        except BaseException:
            os.close(descriptor)
            raise
        return cls(path, descriptor)

    def release(self) -> None:
        """Free the lock. Safe to call twice."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
