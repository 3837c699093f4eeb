"""A real database file for each test, and the owner's grant."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from mandrake.domain.principals import Grant
from mandrake.persistence.database import Database
from mandrake.tenancy.access import OWNER, access_installation


@pytest.fixture
def grant() -> Grant:
    return access_installation(OWNER)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncGenerator[Database]:
    opened = await Database.open(tmp_path / "session.db")
    yield opened
    await opened.close()
