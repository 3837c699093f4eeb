"""The control socket's path in a form that fits the kernel's limit.

Source: unix(7): `sun_path` holds 108 bytes on Linux, 104 on macOS.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Generator
from pathlib import Path

from mandrake.errors import Unavailable

MAX_SOCKET_PATH_BYTES = 100


@contextlib.contextmanager
def usable_socket_path(path: Path) -> Generator[str]:
    """A name for `path` that can be bound or connected to, for as long as the block runs.

    Raises:
        Unavailable: The path is too long and this system has no way around it.
    """
    if len(os.fsencode(path)) <= MAX_SOCKET_PATH_BYTES:
        yield str(path)
        return
    if not sys.platform.startswith("linux"):
        raise Unavailable(
            f"The path `{path}` is too long for a socket.",
            code="unavailable.home",
            hint="Use a home with a shorter path: `--home` or MANDRAKE_HOME.",
        )
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
