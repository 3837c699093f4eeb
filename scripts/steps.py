"""Steps of the set-up: announced in one line, quiet when they work, loud when they fail.

Owns printing, running a command and remembering what was done. Knows no particular step.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
COMMAND_TIMEOUT_SECONDS = 1200
SHOWN_LINES = 20


class StepFailed(Exception):
    """A command of a step failed; the message carries its first and last lines."""

    def reason(self) -> str:
        """Give the one line that says most."""
        lines = [line.strip() for line in str(self).splitlines() if line.strip()]
        marked = (line for line in lines[1:] if line.lower().startswith(("error", "×")))
        return next(marked, lines[-1])


class _Line:
    """The line on the terminal: open while a step runs, until something else is said."""

    is_open = False


def say(text: str) -> None:
    """Print one line at once, also into a pipe and also in the middle of a step."""
    if _Line.is_open:
        print(flush=True)
        _Line.is_open = False
    print(f"mandrake: {text}", flush=True)


@contextmanager
def step(text: str) -> Generator[None]:
    """Print `text`, then the seconds the body took, on one line."""
    print(f"mandrake: {text} …", end=" ", flush=True)
    _Line.is_open = True
    started_at = time.monotonic()
    outcome = "failed"
    try:
        yield
        outcome = f"{time.monotonic() - started_at:.1f} s"
    finally:
        print(outcome if _Line.is_open else f"mandrake: {text} … {outcome}", flush=True)
        _Line.is_open = False


def run_quietly(
    command: Sequence[str | Path], *, cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> None:
    """Run a command without showing its output.

    Raises:
        StepFailed: It could not start, failed, or took over `COMMAND_TIMEOUT_SECONDS`.
    """
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=COMMAND_TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        msg = f"`{' '.join(words)}` did not finish: {error}"
        raise StepFailed(msg) from error
    if done.returncode:
        lines = done.stdout.decode("utf-8", "replace").splitlines()
        # Some programs give the reason first and some last.
        if len(lines) > 2 * SHOWN_LINES:
            lines[SHOWN_LINES:-SHOWN_LINES] = ["…"]
        msg = "\n".join([f"`{' '.join(words)}` exited with {done.returncode}:", *lines])
        raise StepFailed(msg)


def digest_of(*parts: str | Path) -> str:
    """Hash texts and the contents of files; a missing file counts as empty."""
    whole = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            content = part.read_bytes() if part.is_file() else b""
            whole.update(part.name.encode() + b"\0" + content + b"\0")
        else:
            whole.update(part.encode() + b"\0")
    return whole.hexdigest()


class Stamp:
    """Remembers, in one small file, the digest of what a step was last done for."""

    def __init__(self, path: Path, digest: str) -> None:
        """Keep the record at `path`; `digest` is what the step would be done for now."""
        self.path = path
        self.digest = digest

    def is_fresh(self) -> bool:
        """Tell whether the step was done for this very digest."""
        return self.path.is_file() and self.path.read_text(encoding="utf-8") == self.digest

    def set(self) -> None:
        """Record the step as done."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.digest, encoding="utf-8")


def exit_with(main: Callable[[], int]) -> None:
    """Run `main` and exit with what it returns; a failed step is a message, not a traceback."""
    try:
        sys.exit(main())
    except StepFailed as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
