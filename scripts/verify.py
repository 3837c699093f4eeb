"""Run every check or every test and sum up: `python -m scripts.verify check|test`.

Each runner's own output is passed through; one failure does not hide the next. `CI=true` is left to
the runners: there a skipped browser, sandbox or engine test is a failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from scripts.ensure_browser import ensure_browser
from scripts.steps import ROOT, exit_with, say

PYRIGHT = "tools/pyright"
STEP_TIMEOUT_SECONDS = 1200


@dataclass(frozen=True)
class Run:
    """One runner: its name in the summary and the words that start it."""

    name: str
    command: tuple[str, ...]


def _module(name: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", name, *arguments)


def _program(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(Path(sys.executable).with_name(name)), *arguments)


CHECKS = (
    Run("lint", _program("ruff", "check", ".")),
    Run("format", _program("ruff", "format", "--check", ".")),
    Run(
        "types",
        _module(
            *("scripts.node", "node", PYRIGHT, f"{PYRIGHT}/node_modules/pyright/index.js"),
            *("--pythonpath", sys.executable),
        ),
    ),
    Run("imports", _program("lint-imports", "--no-logo")),
    Run("generated files", _module("scripts.generated", "check")),
    Run("requirement files", _module("scripts.locks", "check")),
    Run("web lint", _module("scripts.node", "npm", "web", "run", "lint")),
    Run("web types", _module("scripts.node", "npm", "web", "run", "typecheck")),
)

# The browser's driver keeps an event loop in the main thread, so its tests get their own process.
TESTS = (
    Run("web build", _module("scripts.build_ui")),
    Run("Python tests", _module("pytest", "-m", "not browser")),
    Run("web tests", _module("scripts.node", "npm", "web", "run", "test")),
    Run("browser tests", _module("pytest", "-m", "browser")),
)


def run_all(runs: tuple[Run, ...]) -> int:
    """Run one after the other; 0 if all passed."""
    results: list[tuple[str, int, float]] = []
    for run in runs:
        print(f"\n=== {run.name}", flush=True)
        started_at = time.monotonic()
        try:
            code = subprocess.run(
                run.command, cwd=ROOT, timeout=STEP_TIMEOUT_SECONDS, check=False
            ).returncode
        except subprocess.TimeoutExpired:
            say(f"{run.name} took over {STEP_TIMEOUT_SECONDS} s and was stopped")
            code = 124
        results.append((run.name, code, time.monotonic() - started_at))
    print("\n=== summary")
    for name, code, seconds in results:
        print(f"{'passed' if code == 0 else f'failed ({code})':<12} {seconds:6.1f} s  {name}")
    return 1 if any(code for _, code, _ in results) else 0


def main() -> int:
    """Run all checks or all tests."""
    purpose = sys.argv[1] if len(sys.argv) == 2 else ""
    if purpose == "check":
        return run_all(CHECKS)
    if purpose != "test":
        print("usage: python -m scripts.verify check|test", file=sys.stderr)
        return 2
    reason = ensure_browser()
    if reason:
        outcome = "fail" if os.environ.get("CI") == "true" else "are skipped"
        say(f"browser tests {outcome}: {reason}")
    return run_all(TESTS)


if __name__ == "__main__":
    exit_with(main)
