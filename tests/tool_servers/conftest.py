"""The filesystem server as a real process, spoken to by the SDK's own client."""

# ruff: noqa: ASYNC230 - a test looks at files while its own loop waits

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

import mandrake

SOURCE = Path(mandrake.__file__).parents[1]


@dataclass(frozen=True)
class Outcome:
    text: str
    is_error: bool
    structured: dict | None


def filesystem_command(*roots: str) -> list[str]:
    return ["-P", "-s", "-m", "mandrake.tool_servers.filesystem", *roots]


@asynccontextmanager
async def connected(*arguments: str, modern: bool = False) -> AsyncIterator[ClientSession]:
    parameters = StdioServerParameters(
        command=sys.executable,
        args=filesystem_command(*arguments),
        env={"PYTHONPATH": str(SOURCE)},
    )
    with Path(os.devnull).open("w", encoding="utf-8") as null:
        async with stdio_client(parameters, errlog=null) as streams, ClientSession(*streams) as one:
            await (one.discover() if modern else one.initialize())
            yield one


Use = Callable[..., Awaitable[Outcome]]


@pytest.fixture
def root(tmp_path) -> Path:
    folder = tmp_path / "root"
    folder.mkdir()
    return folder


@pytest.fixture
async def use(root) -> AsyncIterator[Use]:
    """Calls a tool of a server that may touch `root`, and read `root/../readable`."""
    readable = root.parent / "readable"
    readable.mkdir()
    async with connected("--root", str(root), "--read-only-root", str(readable)) as session:

        async def call(tool: str, **arguments: object) -> Outcome:
            result = await session.call_tool(tool, arguments, read_timeout_seconds=30)
            structured = result.structured_content
            text = "".join(item.text for item in result.content if item.type == "text")
            return Outcome(text, bool(result.is_error), structured)

        yield call
