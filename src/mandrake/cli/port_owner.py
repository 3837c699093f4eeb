"""Who has a port, so that the refusal to start can name it. Best effort; Linux only.

Source: proc(5): `/proc/net/tcp` lists sockets by inode, `/proc/<pid>/fd` links to them.
"""

from __future__ import annotations

import contextlib
import errno
import sys
from pathlib import Path

from mandrake.errors import Conflict, MandrakeError, Unavailable

_LISTEN = "0A"


def port_in_use(host: str, port: int, error: OSError) -> MandrakeError:
    """What to tell when a port can't be taken."""
    if error.errno != errno.EADDRINUSE:
        return Unavailable(
            f"Port {port} on {host} can't be used: {error.strerror}.",
            code="unavailable.port",
            hint="Choose another with `--port`; 0 takes any free one.",
        )
    hint = f"Choose another: `mandrake up --port {port + 1 if port < 65535 else 0}`"
    owner = find_owner(port)
    if owner is None:
        return Conflict(f"Port {port} is in use.", code="conflict.port", hint=f"{hint}.")
    pid, name = owner
    what = "another Mandrake" if "mandrake" in name else f"`{name}`"
    return Conflict(
        f"Port {port} is in use by {what}, process {pid}.",
        code="conflict.port",
        hint=f"{hint}, or end that one with `kill {pid}`.",
    )


def find_owner(port: int) -> tuple[int, str] | None:
    """Process id and short command line of who listens on `port`, when we may see it."""
    if not sys.platform.startswith("linux"):
        return None
    inodes = _listening_inodes(port)
    if not inodes:
        return None
    wanted = {f"socket:[{inode}]" for inode in inodes}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if any(str(link.readlink()) in wanted for link in (folder / "fd").iterdir()):
                return int(folder.name), _command(folder)
    return None


def _listening_inodes(port: int) -> set[str]:
    found: set[str] = set()
    for table in ("tcp", "tcp6"):
        with contextlib.suppress(OSError):
            text = Path("/proc/net", table).read_text(encoding="ascii")
            for line in text.splitlines()[1:]:
                fields = line.split()
                if fields[3] == _LISTEN and int(fields[1].rpartition(":")[2], 16) == port:
                    found.add(fields[9])
    return found


def _command(folder: Path) -> str:
    words = (folder / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    names = [Path(word).name for word in words if word]
    return " ".join(names[:4])[:80] or "?"
