"""A new home, and the installed git."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from mandrake.workspaces.git import Git
from tests.workspaces.homes import OpenHome, open_home


@pytest.fixture
async def home(tmp_path: Path) -> AsyncGenerator[OpenHome]:
    """A new home, without git."""
    async with open_home(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def git() -> Git:
    """The installed git; these tests are about it."""
    found = Git.find()
    assert found is not None, "git is a part of every machine that runs these tests"
    return found
