"""Files that are generated and committed: `python -m scripts.generated check|write`.

To add one, write a function that returns its whole content and list it in `GENERATED`. `check`
generates again, in memory, and names each file that differs.
"""

from __future__ import annotations

import difflib
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.steps import ROOT, exit_with, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

DIFF_LINES = 20


@dataclass(frozen=True)
class GeneratedFile:
    """One committed file and the function that knows what it must hold."""

    path: str
    """Relative to the checkout, with `/`."""
    content: Callable[[], str]
    """Imports what it needs when called, so that listing costs nothing. Must not depend on the
    time, the machine or the order of a set."""


# Due with the API: `schemas/openapi.json`, `web/src/api/schema.d.ts` (made from it in
# `web/tools/openapi`) and the JSON Schema of each document in `schemas/documents/`.
GENERATED: tuple[GeneratedFile, ...] = ()


def stale_files(files: Sequence[GeneratedFile], root: Path = ROOT) -> dict[str, str]:
    """Give the files that are missing or differ, each with the start of its difference."""
    stale: dict[str, str] = {}
    for file in files:
        path = root / file.path
        committed = path.read_text(encoding="utf-8") if path.is_file() else ""
        wanted = file.content()
        if committed != wanted:
            lines = difflib.unified_diff(
                committed.splitlines(), wanted.splitlines(), "committed", "generated", lineterm=""
            )
            stale[file.path] = "\n".join([*lines][:DIFF_LINES])
    return stale


def write_files(files: Sequence[GeneratedFile], root: Path = ROOT) -> None:
    """Write every file, also those that did not change."""
    for file in files:
        path = root / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.content(), encoding="utf-8")


def main() -> int:
    """Check or write all of them."""
    action = sys.argv[1] if len(sys.argv) == 2 else ""
    if action == "write":
        write_files(GENERATED)
        say(f"{len(GENERATED)} generated files written")
        return 0
    if action != "check":
        print("usage: python -m scripts.generated check|write", file=sys.stderr)
        return 2
    stale = stale_files(GENERATED)
    for path, difference in stale.items():
        print(f"`{path}` is not what its generator gives; run `make generate`\n{difference}")
    say(f"{len(GENERATED)} generated files, {len(stale)} stale")
    return 1 if stale else 0


if __name__ == "__main__":
    exit_with(main)
