"""One byte form for a value, and its hash: equal values hash equal in every process."""

from __future__ import annotations

import hashlib

import msgspec

_ENCODER = msgspec.msgpack.Encoder(order="sorted")


def canonical_bytes(value: object) -> bytes:
    """Msgpack with sorted map keys. Only plain data: maps, lists, text, bytes, numbers, None."""
    return _ENCODER.encode(value)


def decode_canonical(content: bytes) -> object:
    """The inverse of `canonical_bytes`."""
    return msgspec.msgpack.decode(content)


def digest(value: object) -> str:
    """SHA-256 (hex) of the canonical bytes."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()
