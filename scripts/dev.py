"""The development loop: the server, started again on each change, and Vite in front of it.

Arguments go to `mandrake up`. Ctrl-C ends both.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from scripts.node import ensure_node, install_packages
from scripts.steps import ROOT, exit_with, say

POLL_SECONDS = 0.5
STOP_SECONDS = 10
SOURCES = ROOT / "src" / "mandrake"


def newest_change() -> tuple[float, int]:
    """Give the newest time stamp among the Python sources, and their number."""
    stamps = [path.stat().st_mtime for path in SOURCES.rglob("*.py")]
    return max(stamps, default=0.0), len(stamps)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, and end it if it does not."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_SECONDS)


def main() -> int:
    """Run until interrupted, or until Vite ends."""
    node = ensure_node(Path(sys.executable))
    web = ROOT / "web"
    install_packages(node, web)
    server_command = [str(Path(sys.executable).with_name("mandrake")), "up", *sys.argv[1:]]
    # Vite is started from its script, not through npm, so that it gets our signal itself.
    vite_command = [str(node.executable), "node_modules/vite/bin/vite.js"]
    vite = subprocess.Popen(vite_command, cwd=web, env={**node.environment()})
    server = subprocess.Popen(server_command, cwd=ROOT, env={**os.environ})
    seen = newest_change()
    try:
        while vite.poll() is None:
            time.sleep(POLL_SECONDS)
            now = newest_change()
            if now != seen:
                seen = now
                say("sources changed, starting the server again")
                stop(server)
                server = subprocess.Popen(server_command, cwd=ROOT, env={**os.environ})
        return vite.returncode
    finally:
        stop(server)
        stop(vite)


if __name__ == "__main__":
    exit_with(main)
