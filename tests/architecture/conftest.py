"""Reading the checkout, for tests about the sources themselves."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src" / "mandrake"


@pytest.fixture(scope="session")
def tracked_files() -> list[Path]:
    """Every file that is in the repository or would be after `git add --all`, sorted."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=True,
    ).stdout.decode("utf-8")
    paths = (ROOT / name for name in sorted(set(listed.split("\0"))) if name)
    return [path for path in paths if path.is_file()]


@pytest.fixture(scope="session")
def modules() -> dict[Path, ast.Module]:
    """The syntax tree of every Python module of the package, by its path inside it."""
    return dict(_parse_all())


def _parse_all() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(SOURCES.rglob("*.py")):
        yield path.relative_to(SOURCES), ast.parse(path.read_text(encoding="utf-8"), str(path))
