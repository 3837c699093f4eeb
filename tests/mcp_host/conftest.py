"""Real servers under a real host; every test ends with a look for survivors."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator

import psutil
import pytest

from mandrake.mcp_host.boxes.guard import landlock_abi
from mandrake.mcp_host.boxes.landlock import LandlockBox
from mandrake.mcp_host.boxes.process import ProcessBox
from mandrake.mcp_host.environments import ServerEnvironments
from mandrake.mcp_host.host import McpHost
from mandrake.mcp_host.launch import Launcher
from tests.mcp_host.support import Heard


@pytest.fixture(autouse=True)
def _needs(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("sandbox") and landlock_abi() < 1:
        pytest.skip("this kernel has no Landlock")


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def make_host(heard: Heard) -> Callable[..., McpHost]:
    def make(environments: ServerEnvironments | None = None) -> McpHost:
        return McpHost(
            boxes={"process": ProcessBox(), "landlock": LandlockBox()},
            launcher=Launcher(environments),
            on_status=heard.statuses.append,
            on_tools_changed=heard.changed.append,
            on_log=lambda key, line: heard.lines.append((key, line)),
        )

    return make


@pytest.fixture
async def host(make_host: Callable[..., McpHost]) -> AsyncIterator[McpHost]:
    async with make_host() as made:
        yield made


@pytest.fixture(autouse=True)
def _no_survivors() -> Iterator[None]:
    mine = psutil.Process()
    before = {child.pid for child in mine.children(recursive=True)}
    yield
    deadline = time.monotonic() + 3.0
    while left := [one for one in mine.children(recursive=True) if one.pid not in before]:
        assert time.monotonic() < deadline, f"alive after the test: {left}"
        time.sleep(0.02)
