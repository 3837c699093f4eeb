"""The product as a person runs it: `mandrake up` in a process of its own, on an empty home."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest

from tests.server_cache import SERVER_CACHE

START_SECONDS = 30.0
STOP_SECONDS = 5.0
WAIT_SECONDS = 60.0
Json = dict[str, Any]


class Installation:
    """A home, and the server that is started on it again and again."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.process: subprocess.Popen[str] | None = None
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home.parent),
            "MANDRAKE_HOME": str(home),
            "MANDRAKE_SERVER_CACHE": str(SERVER_CACHE),
        }

    def start(self) -> None:
        """Start the server; returns when it prints its sign-in link."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mandrake", "up", "--port", "0"],
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if "Sign in" in line:
                return
        pytest.fail("the server ended before it printed its link")

    def stop(self) -> int:
        """End it as a person does; gives the exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(STOP_SECONDS)
        self._forget()
        return status

    def kill(self) -> list[psutil.Process]:
        """`kill -9`; gives the processes it had started."""
        assert self.process is not None
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.process.kill()
        self.process.wait(STOP_SECONDS)
        self._forget()
        return children

    def _forget(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process = None

    def run(self, *words: str, status: int = 0) -> str:
        """Run a command of the CLI; gives what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "mandrake", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=WAIT_SECONDS * 2,
            check=False,
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout

    def client(self) -> httpx2.Client:
        """The API, signed in by the token."""
        server = json.loads((self.home / "run" / "server.json").read_text(encoding="utf-8"))
        token = (self.home / "keys" / "token").read_text(encoding="utf-8").strip()
        return httpx2.Client(
            base_url=f"http://127.0.0.1:{server['port']}/api/v1",
            headers={"Authorization": f"Bearer {token}"},
            timeout=30.0,
        )


def wait_for(found: Callable[[], Any], *, seconds: float = WAIT_SECONDS) -> Any:
    """Ask until the answer is true; gives it."""
    deadline = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.02)
    return answer


@pytest.fixture
def installation(tmp_path: Path) -> Generator[Installation]:
    made = Installation(tmp_path / "home")
    yield made
    if made.process is not None:
        made.process.kill()
        made.process.wait(STOP_SECONDS)
        made._forget()
