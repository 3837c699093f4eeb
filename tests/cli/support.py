"""How tests run `mandrake`: as people do, in processes, and with a look at what stays behind."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

import psutil

from tests.server_cache import SERVER_CACHE

COMMAND = (sys.executable, "-m", "mandrake")
QUESTION = re.compile(r"qst_\w+")


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


class Cli:
    """`mandrake` on one home."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
        source = str(Path(__file__).parents[2] / "src")
        return {
            **kept,
            "MANDRAKE_HOME": str(self.home),
            "MANDRAKE_SERVER_CACHE": str(SERVER_CACHE),
            "PYTHONPATH": source,
            "TERM": "xterm",
        }

    def run(
        self,
        *arguments: str,
        stdin: str = "",
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Result:
        done = subprocess.run(
            [*COMMAND, *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            cwd=cwd or self.folder,
            env={**self.environment, **(environment or {})},
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Result(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str, **more: Any) -> subprocess.Popen[str]:
        pipes: dict[str, Any] = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "text": True,
        }
        return subprocess.Popen(
            [*COMMAND, *arguments], cwd=self.folder, env=self.environment, **{**pipes, **more}
        )

    def assert_nothing_left(self) -> None:
        """No process of this home lives, and `run/` holds the lock file alone."""
        wait_until(lambda: not self.processes(), "processes of the home end", seconds=3)
        run = self.home / "run"
        left = {entry.name for entry in run.iterdir()} if run.exists() else set()
        assert left <= {"lock"}, left

    def processes(self) -> list[psutil.Process]:
        """Every process that was started with this home in its environment or its arguments."""
        found: list[psutil.Process] = []
        for process in psutil.process_iter():
            try:
                words = [*process.cmdline(), process.environ().get("MANDRAKE_HOME", "")]
            except psutil.Error:
                continue
            if process.status() != psutil.STATUS_ZOMBIE and any(
                str(self.home) in word for word in words
            ):
                found.append(process)
        return found


class Up:
    """A running `mandrake up`."""

    def __init__(self, cli: Cli, *arguments: str) -> None:
        self.process = cli.start("up", "--port", "0", *arguments)
        assert self.process.stdout is not None
        try:
            self.lines = read_until(self.process.stdout, "Stop ")
        except AssertionError:
            self.process.kill()
            print(self.process.communicate())
            raise
        found = re.search(r"http://mandrake\.localhost:(\d+)/#code=(\S+)", self.lines)
        assert found, self.lines
        self.port, self.code = int(found[1]), found[2]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            assert self.end() == 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and give the exit code; it must come within five seconds."""
        self.process.send_signal(number)
        self.process.communicate(timeout=5)
        return self.process.returncode


def read_until(stream: IO[str], mark: str, seconds: float = 20) -> str:
    """What comes through a pipe up to and with `mark`, and what came in the same moment."""
    text = ""
    until = time.monotonic() + seconds
    while mark not in text:
        # Past the stream's own buffer, which `select` cannot see.
        ready, _, _ = select.select([stream], [], [], max(0, until - time.monotonic()))
        piece = os.read(stream.fileno(), 65536).decode("utf-8", "replace") if ready else ""
        assert piece, f"`{mark}` did not come; there was:\n{text}"
        text += piece
    return text


def wait_until(condition: Callable[[], object], what: str, seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"in vain: {what}"
        time.sleep(0.02)


def status_of(url: str, **more: Any) -> int:
    request = urllib.request.Request(url, **more)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
