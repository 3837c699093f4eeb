"""Files that are generated and committed: `python -m scripts.generated check|write`.

To add one, write a function that returns its whole content and list it in `GENERATED`. `check`
generates again, in memory, and names each file that differs.
"""

from __future__ import annotations

import difflib
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.steps import ROOT, exit_with, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DIFF_LINES = 20
TYPES_TIMEOUT_SECONDS = 120


@dataclass(frozen=True)
class GeneratedFile:
    """One committed file and the function that knows what it must hold."""

    path: str
    """Relative to the checkout, with `/`."""
    content: Callable[[], str]
    """Imports what it needs when called, so that listing costs nothing. Must not depend on the
    time, the machine or the order of a set."""


def openapi() -> str:
    """The API's own description."""
    from mandrake.api.export import render_openapi

    return render_openapi()


def api_types() -> str:
    """The types of the API's description, for the web application."""
    from scripts.node import ensure_node, install_packages

    node, folder = ensure_node(Path(sys.executable)), ROOT / "web" / "tools" / "openapi"
    install_packages(node, folder)
    with tempfile.TemporaryDirectory() as temporary:
        source = Path(temporary) / "openapi.json"
        source.write_text(openapi(), encoding="utf-8")
        return subprocess.run(
            [node.executable, folder / "generate.mjs", source, "--print"],
            env=node.environment(),
            stdout=subprocess.PIPE,
            encoding="utf-8",
            timeout=TYPES_TIMEOUT_SECONDS,
            check=True,
        ).stdout


def document_schema(name: str) -> str:
    """The JSON Schema of one document, for editors."""
    from mandrake.domain.documents import render_document_schemas

    return json.dumps(render_document_schemas()[name], indent=2, ensure_ascii=False) + "\n"


GENERATED: tuple[GeneratedFile, ...] = (
    GeneratedFile("schemas/openapi.json", openapi),
    GeneratedFile("web/src/api/schema.d.ts", api_types),
    *(
        GeneratedFile(f"schemas/documents/{name}.schema.json", partial(document_schema, name))
        for name in ("mandrake", "workspace", "tools", "models", "prompt", "dynamic")
    ),
)


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
