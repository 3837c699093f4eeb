"""The hashed requirement files: `python -m scripts.locks check|write|upgrade`.

`check` is offline and quick: every dependency named in `pyproject.toml` must be in its lock at a
version it accepts, and locks must agree with each other. `write` keeps pins that still fit,
`upgrade` takes the newest.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.packages import REQUIREMENTS, uv_environment
from scripts.steps import ROOT, exit_with, say

PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Lock:
    """One requirement file and where its input stands."""

    name: str
    sources: tuple[str, ...]
    """What uv compiles, as command line words."""
    groups: tuple[str, ...]
    has_project: bool

    @property
    def path(self) -> Path:
        """Where the file is."""
        return REQUIREMENTS / f"{self.name}.txt"

    def pins(self) -> dict[str, str]:
        """Give the version of each package; a package may stand once only."""
        text = self.path.read_text(encoding="utf-8") if self.path.is_file() else ""
        return {canonicalize_name(name): version for name, version in PIN.findall(text)}

    def wanted(self, project: dict[str, Any]) -> list[Requirement]:
        """List what `pyproject.toml` asks this lock for."""
        texts: list[str] = []
        if self.has_project:
            texts += project["project"]["dependencies"]
        for group in self.groups:
            texts += project["dependency-groups"][group]
        return [Requirement(text) for text in texts]


LOCKS = (
    Lock("runtime", ("pyproject.toml",), (), has_project=True),
    Lock(
        "dev",
        ("pyproject.toml", "--group", "dev", "--constraints", "requirements/runtime.txt"),
        ("dev",),
        has_project=True,
    ),
    Lock("build", ("--group", "build"), ("build",), has_project=False),
    Lock("node", ("--group", "node"), ("node",), has_project=False),
    Lock("installer", ("--group", "installer"), ("installer",), has_project=False),
)


def problems() -> list[str]:
    """List, in sentences, where the locks do not hold what `pyproject.toml` asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[str] = []
    everywhere: dict[str, tuple[str, str]] = {}
    for lock in LOCKS:
        pins = lock.pins()
        for requirement in lock.wanted(project):
            version = pins.get(canonicalize_name(requirement.name))
            if version is None:
                found.append(f"requirements/{lock.name}.txt lacks `{requirement}`")
            elif not requirement.specifier.contains(version, prereleases=True):
                found.append(f"requirements/{lock.name}.txt has {version} for `{requirement}`")
        for name, version in pins.items():
            first, other = everywhere.setdefault(name, (lock.name, version))
            if other != version:
                found.append(f"`{name}` is {other} in {first}.txt and {version} in {lock.name}.txt")
    return found


def write(*, with_upgrade: bool) -> None:
    """Compile every lock for all supported Pythons and systems, without naming any index."""
    uv = Path(sys.executable).with_name("uv")
    for lock in LOCKS:
        command = [str(uv), "pip", "compile", *lock.sources, "--output-file"]
        command += [str(lock.path.relative_to(ROOT)), "--universal", "--python-version", "3.11"]
        command += ["--generate-hashes", "--no-header", "--quiet"]
        if with_upgrade:
            command.append("--upgrade")
        subprocess.run(command, cwd=ROOT, env=uv_environment(), timeout=600, check=True)


def main() -> int:
    """Check or write the locks."""
    action = sys.argv[1] if len(sys.argv) == 2 else ""
    if action in {"write", "upgrade"}:
        write(with_upgrade=action == "upgrade")
    elif action != "check":
        print("usage: python -m scripts.locks check|write|upgrade", file=sys.stderr)
        return 2
    found = problems()
    for problem in found:
        print(problem)
    say(f"{len(LOCKS)} requirement files, {len(found)} problems")
    if found:
        print("`make lock` writes them again")
    return 1 if found else 0


if __name__ == "__main__":
    exit_with(main)
