"""Tool names on a provider's wire: `server__tool`, one name for one tool. Pure.

Providers take 1-64 of `a-z A-Z 0-9 _ -`. A name that doesn't fit, or that two tools would share,
is cut and gets 8 characters of a hash of both keys. Names are never parsed back: the map is kept.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable

from mandrake.domain.tools import ToolDefinition

LONGEST = 64
_SEPARATOR = "__"
_HASH_CHARACTERS = 8
_ALLOWED = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_ODD = re.compile(r"[^a-zA-Z0-9_-]")


def wire_names(definitions: Iterable[ToolDefinition]) -> dict[str, tuple[str, str]]:
    """From wire name to `(server, tool)`, injective, in the order of the definitions.

    A tool's name depends on the other tools only where two plain names meet, so that a prompt's
    cache survives the arrival of a server.
    """
    keys = list(dict.fromkeys((one.server, one.tool) for one in definitions))
    plain = Counter(_plain(server, tool) for server, tool in keys)
    taken: dict[str, tuple[str, str]] = {}
    for server, tool in keys:
        name = _plain(server, tool)
        if _ALLOWED.fullmatch(name) is None or plain[name] > 1:
            name = _hashed(server, tool)
        attempt = 0
        while name in taken or (name in plain and name != _plain(server, tool)):
            attempt += 1
            name = _hashed(server, tool, attempt)
        taken[name] = (server, tool)
    return taken


def _plain(server: str, tool: str) -> str:
    return f"{server}{_SEPARATOR}{tool}"


def _hashed(server: str, tool: str, attempt: int = 0) -> str:
    content = f"{server}\0{tool}\0{attempt or ''}".encode("utf-8", "surrogatepass")
    tail = hashlib.sha256(content).hexdigest()[:_HASH_CHARACTERS]
    readable = _ODD.sub("_", _plain(server, tool))
    return f"{readable[: LONGEST - _HASH_CHARACTERS - 1]}_{tail}"
