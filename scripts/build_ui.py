"""Build the web UI into `src/mandrake/web/_static`, when it is due.

The one implementation behind `make run`, `make test` and the build hook of the wheel.
`MANDRAKE_UI=skip` leaves what is there, `MANDRAKE_UI=force` builds in any case.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path

from scripts.node import Node, ensure_node, install_packages
from scripts.steps import ROOT, exit_with, run_quietly, step

STATIC = Path("src", "mandrake", "web", "_static")
STAMP = ".inputs"
NOT_INPUTS = frozenset({"node_modules", "dist", "coverage", "tools"})
NOT_INPUT_SUFFIXES = (".test.ts", ".test.tsx", ".md", ".tsbuildinfo")


def inputs_digest(web: Path) -> str:
    """Hash every file under `web` that can change what is built, with its path."""
    whole = hashlib.sha256()
    for folder, names, files in os.walk(web):
        here = Path(folder)
        if here == web:
            names[:] = [name for name in names if name not in NOT_INPUTS]
        names.sort()
        for name in sorted(files):
            if not name.endswith(NOT_INPUT_SUFFIXES):
                path = here / name
                whole.update(path.relative_to(web).as_posix().encode() + b"\0")
                whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def is_due(root: Path = ROOT) -> bool:
    """Tell whether the built UI is missing or older than its sources.

    Raises:
        ValueError: `MANDRAKE_UI` has a value that means nothing.
    """
    mode = os.environ.get("MANDRAKE_UI", "auto")
    if mode not in {"auto", "skip", "force"}:
        msg = f"`MANDRAKE_UI` is `{mode}`; leave it out, or set `skip` or `force`"
        raise ValueError(msg)
    web = root / "web"
    if mode == "skip" or not (web / "package.json").is_file():
        return False
    static = root / STATIC
    stamp = static / STAMP
    is_built = stamp.is_file() and (static / "index.html").is_file()
    return (
        mode == "force" or not is_built or stamp.read_text(encoding="utf-8") != inputs_digest(web)
    )


def build(node: Node, root: Path = ROOT) -> None:
    """Build with `node` and put the result in place whole.

    Raises:
        StepFailed: npm could not install or build; the old UI is left as it was.
    """
    web, static = root / "web", root / STATIC
    digest = inputs_digest(web)
    install_packages(node, web)
    with step("building the web UI"):
        env = {**node.environment(), "NO_COLOR": "1"}
        run_quietly(node.npm("run", "build"), cwd=web, env=env)
        fresh = static.with_name("_static.partial")
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(web / "dist", fresh)
        (fresh / STAMP).write_text(digest, encoding="utf-8")
        shutil.rmtree(static, ignore_errors=True)
        fresh.rename(static)


def ensure_ui(python: Path) -> None:
    """Build if due; node is fetched only then, with `python`'s installer."""
    if is_due():
        build(ensure_node(python))


def main() -> int:
    """Build if due."""
    ensure_ui(Path(sys.executable))
    return 0


if __name__ == "__main__":
    exit_with(main)
