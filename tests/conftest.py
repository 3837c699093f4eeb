"""What every test shares: the event loop, the requirement marker, and what counts as a skip.

Fixtures of one area live in that area's own `conftest.py`.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest

from scripts.ensure_browser import find_chromium

IDS_FILE = Path(__file__).with_name("requirements_ids.txt")
NEVER_SKIPPED_IN_CI = ("browser", "sandbox", "engine")
IN_CI = os.environ.get("CI") == "true"

OUTCOMES = pytest.StashKey[dict[str, list[bool]]]()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio, the only loop the server runs on."""
    return "asyncio"


def read_requirement_ids() -> dict[str, str]:
    """Give the stage of each requirement id."""
    lines = IDS_FILE.read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines if line and not line.startswith("#"))
    return {row[0]: row[1] for row in rows}


def requirement_ids_of(item: pytest.Item) -> list[str]:
    """List the ids a test is marked with, its class's and module's marks included."""
    return [str(name) for mark in item.iter_markers("requirement") for name in mark.args]


def pytest_configure(config: pytest.Config) -> None:
    config.stash[OUTCOMES] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    known = read_requirement_ids()
    unknown = [
        f"{item.nodeid}: `{name}`"
        for item in items
        for name in requirement_ids_of(item)
        if name not in known
    ]
    if unknown:
        msg = f"requirement ids not in {IDS_FILE.name}:\n" + "\n".join(unknown)
        raise pytest.UsageError(msg)
    if find_chromium() is None:
        reason = pytest.mark.skip(reason="no Chromium; python -m scripts.ensure_browser says why")
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(reason)
    # The browser's driver keeps an event loop in the main thread: async tests must come before it.
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if IN_CI and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} skipped itself whole; with CI=true it must run"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        marks = [name for name in NEVER_SKIPPED_IN_CI if item.get_closest_marker(name)]
        if marks:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
            report.outcome = "failed"
            report.longrepr = f"a test marked {', '.join(marks)} must run with CI=true: {reason}"
    if report.when == "call" or report.outcome != "passed":
        for name in requirement_ids_of(item):
            item.config.stash[OUTCOMES].setdefault(name, []).append(report.passed)
    return report


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    known = read_requirement_ids()
    covered = {name for name, passed in config.stash[OUTCOMES].items() if all(passed)}
    if not config.stash[OUTCOMES]:
        return
    stages = dict.fromkeys(known.values(), 0)
    counts = ", ".join(
        f"stage {stage}: {count} of {list(known.values()).count(stage)}"
        for stage in stages
        if (count := sum(known[name] == stage for name in covered))
    )
    detail = f" ({counts})" if counts else ""
    terminalreporter.write_sep("-", "requirements")
    terminalreporter.write_line(f"{len(covered)} of {len(known)} requirement ids shown{detail}")
