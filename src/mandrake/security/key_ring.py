"""The keys that seal secrets: a small JSON file, readable by its owner only.

Several keys may stand in it, one of them active: new values are sealed with that one, old ones
still open. Losing the file means losing every secret, so it is never replaced by a new one while
secrets exist.
"""

from __future__ import annotations

import base64
import os
import stat
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from mandrake.errors import Unavailable
from mandrake.kit.atomic_file import write_atomically
from mandrake.kit.clock import format_instant

KEY_BYTES = 32


class _Key(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    key: str
    created_at: str

    def decoded(self) -> bytes:
        return base64.b64decode(self.key, validate=True)


class _Ring(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    version: int = 1
    active: str
    keys: dict[str, _Key]

    @model_validator(mode="after")
    def _check(self) -> _Ring:
        if self.version != 1:
            raise ValueError("made by a newer Mandrake")
        if self.active not in self.keys:
            raise ValueError("the active key is not in the ring")
        for key in self.keys.values():
            if len(key.decoded()) != KEY_BYTES:
                raise ValueError("a key has the wrong length")
        return self


class KeyRing:
    """An opened ring. Blocking; immutable but for `rotate`."""

    def __init__(self, path: Path, ring: _Ring) -> None:
        self.path = path
        self._ring = ring

    @classmethod
    def open(cls, path: Path, *, now: datetime, may_create: bool) -> KeyRing:
        """Read the ring, or make a new one where there is none and `may_create`.

        Raises:
            Unavailable: Missing though secrets exist, unreadable, damaged, or open to others.
        """
        try:
            status = path.stat()
            content = path.read_bytes()
        except FileNotFoundError:
            return cls._create(path, now=now, may_create=may_create)
        except OSError as error:
            raise _unusable(path, error.strerror or "it can't be read") from error
        if stat.S_IMODE(status.st_mode) & 0o077:
            raise _unusable(
                path, "others on this machine may read it", hint=f"Run `chmod 600 {path}`."
            )
        try:
            return cls(path, _Ring.model_validate_json(content, strict=True))
        except ValidationError:
            # From None: a validation error could show the content.
            raise _unusable(path, "it is damaged") from None

    @classmethod
    def _create(cls, path: Path, *, now: datetime, may_create: bool) -> KeyRing:
        if not may_create:
            raise _unusable(path, "it is missing, and secrets are sealed with it")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        ring = _Ring(active="k1", keys={"k1": _new_key(now)})
        write_atomically(path, _render(ring), mode=0o600)
        return cls(path, ring)

    @property
    def active_id(self) -> str:
        """Id of the key that new values are sealed with."""
        return self._ring.active

    def cipher(self, key_id: str) -> AESGCM:
        """The cipher of one key.

        Raises:
            Unavailable: The ring has no such key.
        """
        key = self._ring.keys.get(key_id)
        if key is None:
            raise _unusable(self.path, f"it has no key `{key_id}`")
        return AESGCM(key.decoded())

    def rotate(self, *, now: datetime) -> str:
        """Add a key and make it the active one; gives its id. Old keys stay."""
        highest = max(int(key_id.removeprefix("k")) for key_id in self._ring.keys)
        key_id = f"k{highest + 1}"
        ring = _Ring(active=key_id, keys={**self._ring.keys, key_id: _new_key(now)})
        self._save(ring)
        return key_id

    def drop_inactive(self) -> None:
        """Remove every key but the active one; what is still sealed with them is lost."""
        active = self._ring.active
        self._save(_Ring(active=active, keys={active: self._ring.keys[active]}))

    def _save(self, ring: _Ring) -> None:
        write_atomically(self.path, _render(ring), mode=0o600)
        self._ring = ring


def _new_key(now: datetime) -> _Key:
    material = os.urandom(KEY_BYTES)
    return _Key(key=base64.b64encode(material).decode("ascii"), created_at=format_instant(now))


def _render(ring: _Ring) -> bytes:
    return (ring.model_dump_json(indent=2) + "\n").encode("utf-8")


def _unusable(path: Path, reason: str, *, hint: str | None = None) -> Unavailable:
    return Unavailable(
        f"The key ring `{path}` can't be used: {reason}.",
        code="unavailable.key_ring",
        hint=hint or "Put back the copy from your backup, or set MANDRAKE_KEY_FILE to where it is.",
    )
