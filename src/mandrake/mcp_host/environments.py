"""The Python environments of shipped servers that are not part of Mandrake itself.

Each lives in the cache under a name that holds the hash of its requirements and the Python
version, so that it is made once, and again only when one of them changes. Making one contacts the
package index that this machine's pip is configured for, and only then.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Sequence
from importlib import resources
from pathlib import Path

from mandrake.errors import InvalidInput, ServerUnavailable
from mandrake.telemetry.logging import get_logger

_log = get_logger(__name__)

INSTALL_TIMEOUT_SECONDS = 300.0
LOCK_POLL_SECONDS = 0.1
TAIL_LINES = 8
_TITLES = {"mcp-server-git": "the git server"}
_KEYS = {"mcp-server-git": "git"}

Progress = Callable[[str], None]


class ServerEnvironments:
    """Makes and finds environments below `cache_folder`. Safe across processes.

    Args:
        cache_folder: Usually `cache/servers` of the home; disposable.
        on_progress: Gets every line of progress, beside the listener given to `ensure`.
    """

    def __init__(self, cache_folder: Path, on_progress: Progress | None = None) -> None:
        self._cache = cache_folder
        self._on_progress = on_progress
        self._locks: dict[str, asyncio.Lock] = {}

    async def ensure(self, name: str, on_progress: Progress | None = None) -> Path:
        """The environment's Python program, made first if it isn't there.

        Raises:
            InvalidInput: There is no such environment.
            ServerUnavailable: It can't be installed; holds the installer's last lines.
        """
        requirements = await asyncio.to_thread(_requirements, name)
        folder = self._cache / f"{name}-{_fingerprint(requirements)}"
        python = folder / "bin" / "python"
        if await asyncio.to_thread(_is_complete, folder):
            return python
        loop = asyncio.get_running_loop()

        def tell(text: str) -> None:
            # Comes from the installing thread.
            for listener in (on_progress, self._on_progress):
                if listener is not None:
                    loop.call_soon_threadsafe(listener, text)

        async with self._locks.setdefault(name, asyncio.Lock()):
            abandoned = _Abandoned()
            try:
                await asyncio.to_thread(_make, name, folder, requirements, tell, abandoned)
            except asyncio.CancelledError:
                abandoned.set()
                raise
        return python


class _Abandoned:
    """Told to the installing thread when nobody wants the environment any more."""

    def __init__(self) -> None:
        self._is_set = False

    def set(self) -> None:
        self._is_set = True

    def is_set(self) -> bool:
        return self._is_set


def _requirements(name: str) -> bytes:
    if name not in _TITLES:
        raise InvalidInput(f"there is no environment `{name}`")
    return (resources.files("mandrake.mcp_host") / "requirements" / f"{name}.txt").read_bytes()


def _fingerprint(requirements: bytes) -> str:
    version = ".".join(map(str, sys.version_info[:3]))
    content = requirements + version.encode() + sys.base_prefix.encode()
    return hashlib.sha256(content).hexdigest()[:16]


def _is_complete(folder: Path) -> bool:
    # The folder is renamed into place as the last step; its Python is gone if the one it was
    # made from is.
    return (folder / "bin" / "python").exists()


def _make(
    name: str, folder: Path, requirements: bytes, tell: Progress, abandoned: _Abandoned
) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + INSTALL_TIMEOUT_SECONDS
    with _locked(folder.with_name(f".{name}.lock"), deadline, abandoned, tell, name):
        if _is_complete(folder):
            return
        _sweep(folder.parent, name)
        shutil.rmtree(folder, ignore_errors=True)
        temporary = folder.with_name(f".{name}-{secrets.token_hex(6)}.tmp")
        try:
            tell(f"installing {_TITLES[name]} (first use)")
            _install(name, temporary, requirements, tell, _Limits(deadline, abandoned))
            temporary.rename(folder)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        tell(f"installed {_TITLES[name]}")


def _sweep(cache: Path, name: str) -> None:
    """Remove what an interrupted installation left; the lock is ours, so nobody is at it."""
    for leftover in cache.glob(f".{name}-*.tmp"):
        shutil.rmtree(leftover, ignore_errors=True)


class _Limits:
    def __init__(self, deadline: float, abandoned: _Abandoned) -> None:
        self._deadline = deadline
        self._abandoned = abandoned

    def reached(self) -> str | None:
        if self._abandoned.is_set():
            return "nobody waits for it any more"
        if time.monotonic() > self._deadline:
            return f"it took longer than {INSTALL_TIMEOUT_SECONDS:g} seconds"
        return None


def _install(name: str, folder: Path, requirements: bytes, tell: Progress, limits: _Limits) -> None:
    listing = folder.with_suffix(".txt")
    python = str(folder / "bin" / "python")
    uv = _uv()
    try:
        listing.write_bytes(requirements)
        try:
            if uv is not None:
                _run(
                    name,
                    [uv, "venv", "--quiet", "--python", sys.executable, str(folder)],
                    tell,
                    limits,
                )
                install = [
                    uv,
                    "pip",
                    "install",
                    "--python",
                    python,
                    "--require-hashes",
                    "--no-deps",
                ]
                _run(name, [*install, "-r", str(listing)], tell, limits)
            else:
                _install_with_pip(name, folder, listing, tell, limits)
        except ServerUnavailable:
            if uv is None or limits.reached() is not None:
                raise
            # uv doesn't read pip's configuration, and the machine may have only that.
            tell(f"installing {_TITLES[name]} (first use): once more, with pip")
            shutil.rmtree(folder, ignore_errors=True)
            _install_with_pip(name, folder, listing, tell, limits)
        # The environment is read-only inside a box: without this every start compiles anew.
        compile_all = [python, "-I", "-m", "compileall", "-q", "-j", "2", str(folder / "lib")]
        _run(name, compile_all, tell, limits)
    finally:
        listing.unlink(missing_ok=True)


def _install_with_pip(
    name: str, folder: Path, listing: Path, tell: Progress, limits: _Limits
) -> None:
    _run(name, [sys.executable, "-m", "venv", str(folder)], tell, limits)
    install = [str(folder / "bin" / "python"), "-m", "pip", "install", "--no-input"]
    install += ["--disable-pip-version-check", "--require-hashes", "--no-deps"]
    _run(name, [*install, "-r", str(listing)], tell, limits)


def _uv() -> str | None:
    beside = Path(sys.executable).parent / "uv"
    return str(beside) if os.access(beside, os.X_OK) else None


def _run(name: str, command: Sequence[str], tell: Progress, limits: _Limits) -> None:
    """Run one step, its lines told as they come; kill it when it may not go on."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        env=_installer_environment(),
    )
    assert process.stdout is not None
    os.set_blocking(process.stdout.fileno(), False)
    lines: list[str] = []
    reason: str | None = None
    pending = b""
    while True:
        piece = process.stdout.read()
        *whole, pending = (pending + (piece or b"")).split(b"\n")
        for raw in whole:
            if text := raw.decode("utf-8", "replace").strip():
                lines.append(text)
                tell(f"installing {_TITLES[name]} (first use): {text[:200]}")
        if process.poll() is not None and not piece:
            break
        if (reason := limits.reached()) is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            break
        time.sleep(0.02)
    process.stdout.close()
    lines += [pending.decode("utf-8", "replace")] if pending else []
    if process.returncode != 0 or reason is not None:
        tail = "\n".join(lines[-TAIL_LINES:])
        what = reason or f"the installer ended with status {process.returncode}"
        _log.warning("environment_not_installed", environment=name, reason=what)
        raise ServerUnavailable(
            f"{_TITLES[name]} could not be installed: {what}" + (f"\n{tail}" if tail else ""),
            hint="check the connection to your package index, then"
            f" `mandrake tool restart {_KEYS[name]}`",
        )


def _installer_environment() -> dict[str, str]:
    """The machine's own settings for pip, without what would point it into our environment."""
    dropped = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_TARGET", "PIP_USER", "PIP_PREFIX")
    return {name: value for name, value in os.environ.items() if name not in dropped}


@contextlib.contextmanager
def _locked(
    path: Path, deadline: float, abandoned: _Abandoned, tell: Progress, name: str
) -> Generator[None]:
    """Hold a lock that ends with the process holding it."""
    import fcntl

    limits = _Limits(deadline, abandoned)
    told = False
    with path.open("ab") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if (reason := limits.reached()) is not None:
                    raise ServerUnavailable(
                        f"another process is still installing {_TITLES[name]}: {reason}",
                        hint=f"wait for it, then `mandrake tool restart {_KEYS[name]}`",
                    ) from None
                if not told:
                    tell(f"waiting: another process is installing {_TITLES[name]}")
                    told = True
                time.sleep(LOCK_POLL_SECONDS)
        yield
