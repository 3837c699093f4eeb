"""Install hashed requirement files: with uv where it works, else with pip.

Owns the choice of installer. Knows nothing of what the files are for.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from scripts.steps import ROOT, StepFailed, run_quietly, say

if TYPE_CHECKING:
    from pathlib import Path

REQUIREMENTS = ROOT / "requirements"


def pip_command(python: Path) -> list[str | Path]:
    """Give the words that start pip without its notices and questions."""
    return [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input"]


def uv_environment() -> dict[str, str]:
    """Give uv the machine's own certificates, as pip and browsers use them."""
    return {"UV_SYSTEM_CERTS": "1", "UV_NO_PROGRESS": "1", **os.environ}


def install(lock: Path, *, python: Path, target: Path | None = None) -> None:
    """Install exactly what a lock lists, each file checked against its hash.

    Args:
        lock: A requirement file with hashes.
        python: The interpreter to install for; uv is looked for beside it.
        target: A folder to install into instead of the interpreter's own.

    Raises:
        StepFailed: Neither uv nor pip could install it.
    """
    options: list[str | Path] = ["--require-hashes", "--requirement", lock]
    if target is not None:
        options += ["--target", target]
    uv = python.with_name("uv")
    if uv.is_file():
        try:
            # uv reads neither pip's configuration nor its extra indexes, hence the second try.
            run_quietly(
                [uv, "pip", "install", "--quiet", "--python", python, *options],
                env=uv_environment(),
            )
        except StepFailed as error:
            say(f"uv could not install `{lock.name}`, trying pip ({error.reason()})")
        else:
            return
    run_quietly([*pip_command(python), "install", *options])
