"""Identifiers: `prefix_` + 26 characters of Crockford base 32, time-ordered within a process.

The first ten characters are the Unix time in milliseconds, the rest random; two ids made in the
same millisecond of one process still sort in the order in which they were made.

Source: the ULID specification (monotonic form), https://github.com/ulid/spec, seen 2026-11-20.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from typing import Literal, NewType

WorkspaceId = NewType("WorkspaceId", str)
ScopeId = NewType("ScopeId", str)
"""`installation`, or the id of a workspace."""
SessionId = NewType("SessionId", str)
RoundId = NewType("RoundId", str)
TurnId = NewType("TurnId", str)
ToolCallId = NewType("ToolCallId", str)
QuestionId = NewType("QuestionId", str)
BlobId = NewType("BlobId", str)
"""`blob_` + SHA-256 in hex: blobs are named by their content, so they carry no time."""
OrganizationId = NewType("OrganizationId", str)
PrincipalId = NewType("PrincipalId", str)

INSTALLATION_SCOPE = ScopeId("installation")
LOCAL_ORGANIZATION = OrganizationId("local")
LOCAL_OWNER = PrincipalId("owner")

Prefix = Literal["ws", "ses", "rnd", "trn", "tc", "qst"]

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_lock = threading.Lock()
_last: tuple[int, int] = (0, 0)


def new_id(prefix: Prefix) -> str:
    """A fresh id. Wrap it in the `NewType` of its kind: `SessionId(new_id("ses"))`."""
    global _last  # noqa: PLW0603 - the monotonic counter is process-wide by definition
    with _lock:
        milliseconds = time.time_ns() // 1_000_000
        last_milliseconds, last_random = _last
        if milliseconds <= last_milliseconds:
            # Also when the clock went back: order of making wins over the wall clock.
            milliseconds, random = last_milliseconds, last_random + 1
        else:
            random = secrets.randbits(79)
        _last = (milliseconds, random)
    return f"{prefix}_{_base32(milliseconds, 10)}{_base32(random, 16)}"


def is_id(text: str, prefix: Prefix) -> bool:
    """Whether `text` has the shape of an id of this kind."""
    return re.fullmatch(rf"{prefix}_[0-9A-HJKMNP-TV-Z]{{26}}", text) is not None


def _base32(number: int, length: int) -> str:
    digits: list[str] = []
    for _ in range(length):
        number, digit = divmod(number, 32)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))
