"""Make the checkout ready: `python -m scripts.prepare run|dev`.

`run` installs the run-time packages and builds the UI, `dev` installs the development packages.
Each step is remembered by the hash of what it was done for, so a second run does nothing. Runs on
any supported Python with nothing installed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from scripts import build_ui, packages
from scripts.steps import ROOT, Stamp, StepFailed, digest_of, exit_with, run_quietly, say, step

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / ".mandrake"
SUPPORTED = "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))"


def ensure_venv() -> None:
    """Make `.venv`, or make it anew if its interpreter is gone or not supported."""
    if Path(sys.prefix) == VENV or _works(PYTHON):
        return
    version = ".".join(map(str, sys.version_info[:3]))
    with step(f"creating .venv with Python {version}"):
        run_quietly([sys.executable, "-m", "venv", "--clear", VENV])


def ensure_installer() -> None:
    """Put uv into `.venv`; without it pip does the work, more slowly."""
    lock = packages.REQUIREMENTS / "installer.txt"
    stamp = Stamp(STAMPS / "installer", digest_of(lock))
    if stamp.is_fresh():
        return
    try:
        with step("installing uv"):
            run_quietly([*packages.pip_command(PYTHON), "install", "--require-hashes", "-r", lock])
    except StepFailed as error:
        say(f"going on with pip ({error.reason()})")
        return
    stamp.set()


def ensure_requirements(*, with_development: bool) -> None:
    """Install the locked packages; the development set contains the run-time set."""
    runtime = _lock_stamp("runtime")
    wanted = _lock_stamp("dev") if with_development else runtime
    if wanted.is_fresh():
        return
    lock = packages.REQUIREMENTS / f"{wanted.path.name}.txt"
    what = "run-time and development packages" if with_development else "packages"
    with step(f"installing the {what} of requirements/{lock.name}"):
        packages.install(lock, python=PYTHON)
    wanted.set()
    runtime.set()


def ensure_package() -> None:
    """Install Mandrake itself, editable, so that `.venv/bin/mandrake` runs this checkout."""
    inputs = [ROOT / "pyproject.toml", ROOT / "hatch_build.py", ROOT / "src/mandrake/__init__.py"]
    stamp = Stamp(STAMPS / "package", digest_of(str(ROOT), *inputs))
    if stamp.is_fresh() and (VENV / "bin" / "mandrake").is_file():
        return
    with step("installing mandrake into .venv"):
        lock = packages.REQUIREMENTS / "build.txt"
        backend = ROOT / ".cache" / f"build-{digest_of(lock)[:12]}"
        if not backend.is_dir():
            partial = backend.with_suffix(".partial")
            packages.install(lock, python=PYTHON, target=partial)
            partial.rename(backend)
        # The backend stays out of the environment and comes from its own lock.
        run_quietly(
            [
                *packages.pip_command(PYTHON),
                *("install", "--no-deps", "--no-build-isolation", "--editable", ROOT),
            ],
            env={**os.environ, "PYTHONPATH": str(backend), "MANDRAKE_UI": "skip"},
        )
        stamp.set()


def _works(python: Path) -> bool:
    try:
        done = subprocess.run(
            [python, "-I", "-c", SUPPORTED], capture_output=True, timeout=60, check=False
        )
    except OSError:
        return False
    return done.returncode == 0


def _lock_stamp(name: str) -> Stamp:
    return Stamp(STAMPS / name, digest_of(packages.REQUIREMENTS / f"{name}.txt"))


def main() -> int:
    """Prepare for one purpose."""
    purpose = sys.argv[1] if len(sys.argv) == 2 else ""
    if purpose not in {"run", "dev"}:
        print("usage: python -m scripts.prepare run|dev", file=sys.stderr)
        return 2
    ensure_venv()
    ensure_installer()
    ensure_requirements(with_development=purpose == "dev")
    ensure_package()
    if purpose == "run":
        build_ui.ensure_ui(PYTHON)
    return 0


if __name__ == "__main__":
    exit_with(main)
