"""How someone proves who they are: the local token, a one-time sign-in code, a browser session.

The token lies in the home (`keys/token`, 0600); codes and browser sessions are kept as hashes in
`mandrake.db`. Knows nothing of cookies or headers.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection

from mandrake.domain.principals import Grant, Principal
from mandrake.errors import Unauthenticated
from mandrake.kit.atomic_file import write_atomically
from mandrake.kit.clock import Clock, format_instant
from mandrake.persistence.database import Database
from mandrake.persistence.schema import browser_sessions, sign_in_codes
from mandrake.tenancy.access import OWNER

CODE_LIFETIME = timedelta(minutes=10)
BROWSER_SESSION_LIFETIME = timedelta(days=30)
TOKEN_BYTES = 32


def ensure_token(path: Path) -> str:
    """Read the local token, making it at first use. Blocking."""
    if not path.exists():
        write_atomically(path, f"mdk_{secrets.token_urlsafe(TOKEN_BYTES)}\n".encode(), mode=0o600)
    return path.read_text(encoding="utf-8").strip()


class Authentication:
    """Turns proofs into principals."""

    def __init__(self, database: Database, grant: Grant, clock: Clock, token: str) -> None:
        self._database = database
        self._grant = grant
        self._clock = clock
        self._token = token

    def by_token(self, token: str) -> Principal:
        """The principal of a bearer token.

        Raises:
            Unauthenticated: Unknown token.
        """
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            raise Unauthenticated(
                "The token is not valid.", hint="`mandrake token` prints the right one."
            )
        return OWNER

    async def new_sign_in_code(self) -> str:
        """A code for one sign-in within ten minutes."""
        code = secrets.token_urlsafe(24)
        expires_at = format_instant(self._clock.now() + CODE_LIFETIME)

        def unit(connection: Connection) -> None:
            connection.execute(
                sign_in_codes.insert().values(
                    organization_id=self._grant.organization_id,
                    scope_id=self._grant.scope_id,
                    code_hash=_hash(code),
                    principal_id=OWNER.id,
                    expires_at=expires_at,
                )
            )

        await self._database.write(unit)
        return code

    async def sign_in(self, code: str) -> str:
        """Use up a code and return the token of a new browser session.

        Raises:
            Unauthenticated: Wrong, used or expired; which one is not said.
        """
        token = secrets.token_urlsafe(TOKEN_BYTES)
        at = self._clock.now()

        def unit(connection: Connection) -> bool:
            used = connection.execute(
                sign_in_codes.update()
                .where(
                    sign_in_codes.c.code_hash == _hash(code),
                    sign_in_codes.c.used_at.is_(None),
                    sign_in_codes.c.expires_at > format_instant(at),
                )
                .values(used_at=format_instant(at))
            ).rowcount
            if used != 1:
                return False
            connection.execute(
                browser_sessions.insert().values(
                    organization_id=self._grant.organization_id,
                    scope_id=self._grant.scope_id,
                    token_hash=_hash(token),
                    principal_id=OWNER.id,
                    created_at=format_instant(at),
                    expires_at=format_instant(at + BROWSER_SESSION_LIFETIME),
                )
            )
            return True

        if not await self._database.write(unit):
            raise Unauthenticated(
                "This sign-in link is not valid any more.",
                hint="`mandrake open` makes a new one.",
            )
        return token

    async def by_browser_session(self, token: str) -> Principal:
        """The principal of a browser's cookie.

        Raises:
            Unauthenticated: Unknown, signed out or expired.
        """
        at = format_instant(self._clock.now())
        table = browser_sessions

        def query(connection: Connection) -> bool:
            row = connection.execute(
                table.select().where(
                    table.c.token_hash == _hash(token),
                    table.c.revoked_at.is_(None),
                    table.c.expires_at > at,
                )
            ).first()
            return row is not None

        if not await self._database.read(query):
            raise Unauthenticated(
                "You are not signed in.", hint="`mandrake open` prints a sign-in link."
            )
        return OWNER

    async def sign_out(self, token: str) -> None:
        """End a browser session; unknown ones are no error."""
        at = format_instant(self._clock.now())

        def unit(connection: Connection) -> None:
            connection.execute(
                browser_sessions.update()
                .where(browser_sessions.c.token_hash == _hash(token))
                .values(revoked_at=at)
            )

        await self._database.write(unit)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
