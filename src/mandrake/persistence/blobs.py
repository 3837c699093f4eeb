"""Content by its SHA-256, owned by the sessions that use it.

Purging a session drops its ownership, and every blob that nobody owns any more with it.
"""

from __future__ import annotations

import hashlib
from typing import cast

from pydantic import JsonValue
from sqlalchemy import Connection

from mandrake.domain.ids import BlobId, SessionId
from mandrake.domain.principals import Grant
from mandrake.errors import NotFound
from mandrake.kit.canonical import canonical_bytes, decode_canonical
from mandrake.kit.clock import SystemClock, format_instant

TEXT = "text/plain; charset=utf-8"
VALUE = "application/msgpack"
_clock = SystemClock()


class BlobStore:
    """Blobs of one scope, within one unit of work or query."""

    def __init__(self, connection: Connection, grant: Grant) -> None:
        self._connection = connection
        self._grant = grant

    def put(self, content: bytes, *, media_type: str, session_id: SessionId) -> str:
        """Keep `content` for `session_id` and return its hash. Putting it again is free."""
        digest = hashlib.sha256(content).hexdigest()
        scope = (self._grant.organization_id, self._grant.scope_id)
        self._connection.exec_driver_sql(
            "INSERT OR IGNORE INTO blobs (organization_id, scope_id, hash, media_type, bytes, "
            "content, created_at) VALUES (?,?,?,?,?,?,?)",
            (*scope, digest, media_type, len(content), content, format_instant(_clock.now())),
        )
        self._connection.exec_driver_sql(
            "INSERT OR IGNORE INTO blob_owners (organization_id, scope_id, hash, session_id) "
            "VALUES (?,?,?,?)",
            (*scope, digest, session_id),
        )
        return digest

    def put_text(self, text: str, session_id: SessionId) -> str:
        """Keep text as UTF-8; lone surrogates become U+FFFD."""
        return self.put(text.encode(errors="replace"), media_type=TEXT, session_id=session_id)

    def put_value(self, value: JsonValue, session_id: SessionId) -> str:
        """Keep a JSON value in canonical form."""
        return self.put(canonical_bytes(value), media_type=VALUE, session_id=session_id)

    def get(self, digest: str) -> tuple[bytes, str]:
        """Content and media type.

        Raises:
            NotFound: No such blob in this scope, or its content was erased.
        """
        row = self._connection.exec_driver_sql(
            "SELECT content, media_type FROM blobs WHERE scope_id=? AND hash=?",
            (self._grant.scope_id, digest),
        ).first()
        if row is None or row[0] is None:
            raise NotFound(f"There is no blob `{blob_id(digest)}` here; its content may be erased.")
        return bytes(row[0]), str(row[1])

    def text(self, digest: str) -> str:
        """A text blob; see `get`."""
        return self.get(digest)[0].decode()

    def value(self, digest: str) -> JsonValue:
        """A value blob; see `get`."""
        return cast("JsonValue", decode_canonical(self.get(digest)[0]))

    def release(self, session_id: SessionId) -> None:
        """Drop the session's ownership and erase what nobody else owns."""
        scope_id = self._grant.scope_id
        self._connection.exec_driver_sql(
            "DELETE FROM blob_owners WHERE scope_id=? AND session_id=?", (scope_id, session_id)
        )
        self._connection.exec_driver_sql(
            "DELETE FROM blobs WHERE scope_id=? AND NOT EXISTS (SELECT 1 FROM blob_owners o "
            "WHERE o.scope_id=blobs.scope_id AND o.hash=blobs.hash)",
            (scope_id,),
        )


def blob_id(digest: str) -> BlobId:
    """The public id of a blob."""
    return BlobId(f"blob_{digest}")


def digest_of(blob: str) -> str:
    """The hash in a public id, or NotFound when it is no such id."""
    prefix, _, digest = blob.partition("_")
    if prefix != "blob" or len(digest) != 64:
        raise NotFound(f"`{blob[:80]}` is not the id of a blob.")
    return digest
