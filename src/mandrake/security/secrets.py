"""Secrets at rest: sealed values by scope and name, in `secrets.db`.

AES-256-GCM with a random nonce each; `scope/name/key id` is authenticated with the value, so a
ciphertext moved to another scope or name does not open. Every value that is read is registered
with the redactor. Values leave only through `resolve`.

Source: NIST SP 800-38D, section 8 (random 96-bit nonces; far below 2^32 values per key).
"""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from cryptography.exceptions import InvalidTag

from mandrake.domain.documents.base import SECRET_NAME_PATTERN
from mandrake.domain.ids import INSTALLATION_SCOPE, ScopeId
from mandrake.domain.principals import Grant, Right
from mandrake.errors import InvalidInput, LimitExceeded, NotFound, Unavailable
from mandrake.kit.clock import Clock, SystemClock, format_instant
from mandrake.kit.redaction import Redactor
from mandrake.security.key_ring import KeyRing

MAX_VALUE_BYTES: Final = 64 * 1024
_NONCE_BYTES = 12
_HINT_FROM_LENGTH = 12
"""Shorter values have no hint: four characters would be too much of them."""
_BUSY_SECONDS = 5.0
_TABLE = """
CREATE TABLE IF NOT EXISTS secrets (
    organization_id TEXT NOT NULL,
    scope_id TEXT NOT NULL,
    name TEXT NOT NULL,
    key_id TEXT NOT NULL,
    nonce BLOB NOT NULL,
    ciphertext BLOB NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (organization_id, scope_id, name)
)
"""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SecretInfo:
    """What may be shown of a secret."""

    name: str
    scope_id: ScopeId
    hint: str
    """`…` and the last four characters, or empty when the value is short."""
    updated_at: str


@dataclass(frozen=True, slots=True)
class _Sealed:
    name: str
    key_id: str
    nonce: bytes
    ciphertext: bytes
    updated_at: str


class SecretStore:
    """Secrets of an installation. Use `SecretStore.open`; no file is held open between calls."""

    def __init__(self, path: Path, ring: KeyRing, redactor: Redactor, clock: Clock) -> None:
        self._path = path
        self._ring = ring
        self._redactor = redactor
        self._clock = clock
        self._lock = asyncio.Lock()

    @classmethod
    async def open(
        cls, path: Path, ring_path: Path, redactor: Redactor, clock: Clock | None = None
    ) -> SecretStore:
        """Open or create `secrets.db` at `path` and the key ring at `ring_path`.

        Raises:
            Unavailable: The ring is missing though secrets exist, or can't be used.
        """
        chosen = clock or SystemClock()

        def prepare() -> KeyRing:
            if not path.exists():
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            path.chmod(0o600)
            with _connect(path) as connection:
                connection.execute(_TABLE)
                count = int(connection.execute("SELECT count(*) FROM secrets").fetchone()[0])
            return KeyRing.open(ring_path, now=chosen.now(), may_create=count == 0)

        return cls(path, await asyncio.to_thread(prepare), redactor, chosen)

    async def set(self, grant: Grant, name: str, value: str) -> SecretInfo:
        """Store a value in the grant's scope; an older one of that name is gone.

        Raises:
            InvalidInput: The name or the value can't be used.
        """
        grant.require(Right.CONFIGURE)
        _check_name(name)
        encoded = _encode(value)
        self._redactor.add(value)
        at = format_instant(self._clock.now())

        def save(connection: sqlite3.Connection) -> None:
            key_id, nonce, ciphertext = self._seal(grant.scope_id, name, encoded)
            connection.execute(
                "INSERT OR REPLACE INTO secrets VALUES (?,?,?,?,?,?,?)",
                (grant.organization_id, grant.scope_id, name, key_id, nonce, ciphertext, at),
            )

        await self._run(save)
        return SecretInfo(name, grant.scope_id, _hint(value), at)

    async def list(self, grant: Grant) -> tuple[SecretInfo, ...]:
        """Secrets of the grant's scope by name, with hints."""
        grant.require(Right.READ)
        rows = await self._run(lambda connection: _select(connection, grant, grant.scope_id))
        infos: list[SecretInfo] = []
        for row in rows:
            value = self._open(grant.scope_id, row)
            infos.append(SecretInfo(row.name, grant.scope_id, _hint(value), row.updated_at))
        return tuple(infos)

    async def remove(self, grant: Grant, name: str) -> None:
        """Erase a value.

        Raises:
            NotFound: There is none of that name in the grant's scope.
        """
        grant.require(Right.CONFIGURE)

        def erase(connection: sqlite3.Connection) -> int:
            return connection.execute(
                "DELETE FROM secrets WHERE organization_id=? AND scope_id=? AND name=?",
                (grant.organization_id, grant.scope_id, name),
            ).rowcount

        if await self._run(erase) == 0:
            raise _missing(name)

    async def remove_scope(self, grant: Grant, scope_id: ScopeId) -> None:
        """Erase every value of a scope that is deleted for good."""
        grant.require(Right.CONFIGURE)
        await self._run(
            lambda connection: (
                connection.execute(
                    "DELETE FROM secrets WHERE organization_id=? AND scope_id=?",
                    (grant.organization_id, scope_id),
                )
                and None
            )
        )

    async def resolve(self, grant: Grant, name: str) -> str:
        """The value, from the grant's scope or else from the installation.

        Raises:
            NotFound: Neither has it; the message says how to set it.
            Unavailable: The sealed value does not open.
        """
        grant.require(Right.READ)
        for scope_id in dict.fromkeys((grant.scope_id, INSTALLATION_SCOPE)):
            rows = await self._run(
                lambda connection, scope_id=scope_id: _select(connection, grant, scope_id, name)
            )
            if rows:
                return self._open(scope_id, rows[0])
        raise _missing(name)

    async def rotate(self, *, drop_old_keys: bool = False) -> str:
        """Seal everything anew with a new key; gives the key's id.

        Old keys stay in the ring, so that an older copy of `secrets.db` still opens, unless
        `drop_old_keys`.

        Raises:
            Unavailable: A value does not open; nothing was changed.
        """
        async with self._lock:
            return await asyncio.to_thread(self._rotate, drop_old_keys)

    # ---- in a thread ----

    def _rotate(self, drop_old_keys: bool) -> str:
        with _connect(self._path) as connection:
            connection.execute("BEGIN IMMEDIATE")
            rows = connection.execute(
                "SELECT organization_id, scope_id, name, key_id, nonce, ciphertext, updated_at "
                "FROM secrets"
            ).fetchall()
            opened = [
                (row[0], row[1], row[2], _encode(self._open(ScopeId(row[1]), _Sealed(*row[2:]))))
                for row in rows
            ]
            # The ring first: a crash between the two leaves a ring that opens old and new.
            key_id = self._ring.rotate(now=self._clock.now())
            for organization_id, scope_id, name, value in opened:
                sealed = self._seal(ScopeId(scope_id), name, value)
                connection.execute(
                    "UPDATE secrets SET key_id=?, nonce=?, ciphertext=? "
                    "WHERE organization_id=? AND scope_id=? AND name=?",
                    (*sealed, organization_id, scope_id, name),
                )
        if drop_old_keys:
            self._ring.drop_inactive()
        return key_id

    async def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        def run() -> T:
            try:
                with _connect(self._path) as connection:
                    return work(connection)
            except sqlite3.Error as error:
                raise Unavailable(
                    f"The secret store `{self._path.name}` can't be used: {error}.",
                    code="unavailable.secrets",
                    hint="Run `mandrake doctor`; check free space and permissions of the home.",
                ) from error

        async with self._lock:
            return await asyncio.to_thread(run)

    def _seal(self, scope_id: ScopeId, name: str, value: bytes) -> tuple[str, bytes, bytes]:
        key_id = self._ring.active_id
        nonce = os.urandom(_NONCE_BYTES)
        bound = _bound(scope_id, name, key_id)
        return key_id, nonce, self._ring.cipher(key_id).encrypt(nonce, value, bound)

    def _open(self, scope_id: ScopeId, row: _Sealed) -> str:
        bound = _bound(scope_id, row.name, row.key_id)
        try:
            value = self._ring.cipher(row.key_id).decrypt(row.nonce, row.ciphertext, bound)
        except InvalidTag:
            raise Unavailable(
                f"The secret `{row.name}` does not open: it was damaged, moved from another "
                "place, or sealed with another key.",
                code="unavailable.secrets",
                hint=f"Set it again: `mandrake secret set {row.name}`.",
            ) from None
        text = value.decode("utf-8")
        self._redactor.add(text)
        return text


@contextmanager
def _connect(path: Path) -> Generator[sqlite3.Connection]:
    """A connection for one piece of work: committed at its end, rolled back on an error."""
    with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS)) as connection:
        connection.execute("PRAGMA synchronous=FULL")
        # Erased values must not stay readable in free pages of the file.
        connection.execute("PRAGMA secure_delete=ON")
        with connection:
            yield connection


def _select(
    connection: sqlite3.Connection, grant: Grant, scope_id: ScopeId, name: str | None = None
) -> list[_Sealed]:
    rows = connection.execute(
        "SELECT name, key_id, nonce, ciphertext, updated_at FROM secrets "
        "WHERE organization_id=? AND scope_id=? AND (? IS NULL OR name=?) ORDER BY name",
        (grant.organization_id, scope_id, name, name),
    )
    return [_Sealed(*row) for row in rows]


def _bound(scope_id: ScopeId, name: str, key_id: str) -> bytes:
    return f"{scope_id}/{name}/{key_id}".encode()


def _check_name(name: str) -> None:
    if re.fullmatch(SECRET_NAME_PATTERN, name) is None:
        raise InvalidInput(
            f"{name!r:.80} is not a secret's name: letters, digits, `_`, `.` and `-`, at most 64, "
            "starting with a letter or digit."
        )


def _encode(value: str) -> bytes:
    try:
        encoded = value.encode("utf-8")
    except UnicodeEncodeError:
        raise InvalidInput("The value is not text that can be stored.") from None
    if not encoded:
        raise InvalidInput("The value is empty; remove the secret instead.")
    if b"\0" in encoded:
        raise InvalidInput("The value holds a NUL character, which no environment can carry.")
    if len(encoded) > MAX_VALUE_BYTES:
        raise LimitExceeded(f"The value is larger than {MAX_VALUE_BYTES // 1024} KB.")
    return encoded


def _hint(value: str) -> str:
    return f"…{value[-4:]}" if len(value) >= _HINT_FROM_LENGTH else ""


def _missing(name: str) -> NotFound:
    return NotFound(
        f"There is no secret `{name:.80}`.", hint=f"Set it: `mandrake secret set {name:.80}`."
    )
