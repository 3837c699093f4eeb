"""Every package is logged, tested and run in CI the same way."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "mandrake"
TESTS = ROOT / "tests"
MODULES = sorted(SOURCE.rglob("*.py"))
TESTED_ELSEWHERE = {
    "coordinator": "coordinator",
    "domain": "documents",
    "kit": "persistence",
    "web": "api",
    "testing": "providers",
}
"""Packages whose tests lie in a folder of another name."""
MAY_PRINT = ("cli", "testing", "tool_servers", "mcp_host/boxes/guard.py")
"""Programs of their own: they talk to a terminal, or to whoever started them."""


def calls_in(module: Path) -> set[str]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


@pytest.mark.requirement("Z2")
@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_logging_goes_through_the_shared_logger(module: Path) -> None:
    name = module.relative_to(SOURCE).as_posix()
    calls = calls_in(module)
    if name != "telemetry/logging.py":
        assert not {"logging.getLogger", "structlog.get_logger"} & calls
    if not name.startswith(MAY_PRINT):
        assert "print" not in calls


@pytest.mark.requirement("Z4")
def test_every_package_has_tests() -> None:
    packages = {entry.parent.name for entry in SOURCE.glob("*/__init__.py")}
    missing = {
        package
        for package in packages
        if not list((TESTS / TESTED_ELSEWHERE.get(package, package)).glob("test_*.py"))
    }
    assert missing == set()


@pytest.mark.requirement("Z4")
def test_ci_runs_the_same_two_commands_as_a_person() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make check" in script
    assert "make test" in script
    assert "CI=true" in script
    for kind in ("e2e", "browser", "architecture"):
        assert list((TESTS / kind).glob("test_*.py"))
