"""Proofs of identity: the token, a link for one sign-in, a browser's session."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mandrake.domain.ids import OrganizationId, PrincipalId
from mandrake.domain.principals import Principal
from mandrake.errors import NotFound, Unauthenticated
from mandrake.kit.clock import SystemClock
from mandrake.persistence.database import Database
from mandrake.tenancy.access import OWNER, access_installation, access_scope
from mandrake.tenancy.authentication import (
    BROWSER_SESSION_LIFETIME,
    CODE_LIFETIME,
    Authentication,
    ensure_token,
)


class MovableClock(SystemClock):
    ahead = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.ahead


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def authentication(tmp_path: Path, clock: MovableClock) -> AsyncGenerator[Authentication]:
    database = await Database.open(tmp_path / "mandrake.db")
    token = ensure_token(tmp_path / "token")
    yield Authentication(database, access_installation(OWNER), clock, token)
    await database.close()


def test_the_token_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "token"
    first = ensure_token(path)
    assert ensure_token(path) == first
    assert path.stat().st_mode & 0o777 == 0o600


async def test_only_the_token_itself_is_accepted(
    authentication: Authentication, tmp_path: Path
) -> None:
    token = ensure_token(tmp_path / "token")
    assert authentication.by_token(token) == OWNER
    for wrong in ("", token[:-1], token + "x", "mdk_" + "a" * 43, "ü"):
        with pytest.raises(Unauthenticated):
            authentication.by_token(wrong)


async def test_a_code_signs_in_once(authentication: Authentication) -> None:
    code = await authentication.new_sign_in_code()
    session = await authentication.sign_in(code)
    assert await authentication.by_browser_session(session) == OWNER
    with pytest.raises(Unauthenticated, match="not valid any more"):
        await authentication.sign_in(code)


async def test_a_code_expires_after_ten_minutes(
    authentication: Authentication, clock: MovableClock
) -> None:
    code = await authentication.new_sign_in_code()
    clock.ahead = CODE_LIFETIME + timedelta(seconds=1)
    with pytest.raises(Unauthenticated):
        await authentication.sign_in(code)


async def test_a_browser_session_ends_by_sign_out_and_by_time(
    authentication: Authentication, clock: MovableClock
) -> None:
    first = await authentication.sign_in(await authentication.new_sign_in_code())
    second = await authentication.sign_in(await authentication.new_sign_in_code())
    await authentication.sign_out(first)
    with pytest.raises(Unauthenticated):
        await authentication.by_browser_session(first)
    assert await authentication.by_browser_session(second) == OWNER
    clock.ahead = BROWSER_SESSION_LIFETIME + timedelta(seconds=1)
    with pytest.raises(Unauthenticated):
        await authentication.by_browser_session(second)


def all_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("mandrake.db*"))


async def test_codes_and_sessions_are_not_in_the_database_as_they_are(
    authentication: Authentication, tmp_path: Path
) -> None:
    code = await authentication.new_sign_in_code()
    session = await authentication.sign_in(await authentication.new_sign_in_code())
    stored = all_bytes(tmp_path)
    assert code.encode() not in stored
    assert session.encode() not in stored


@pytest.mark.parametrize(
    "stranger",
    [
        Principal(PrincipalId("owner"), OrganizationId("elsewhere")),
        Principal(PrincipalId("mallory"), OWNER.organization_id),
    ],
)
def test_a_stranger_is_granted_nothing_and_told_nothing(stranger: Principal) -> None:
    with pytest.raises(NotFound):
        access_scope(stranger, access_installation(OWNER).scope_id)
