"""JSON-RPC on the wire: encoding, decoding, and how a call fails without an answer."""

from __future__ import annotations

import json
import re
from typing import Any, cast

import orjson
from mcp.shared.exceptions import MCPError
from mcp_types import CONNECTION_CLOSED, INTERNAL_ERROR, REQUEST_TIMEOUT

from mandrake.mcp_host.framing import TooLong

_ID_AT_HEAD = re.compile(rb'^\s*\{(?:\s*"jsonrpc"\s*:\s*"2\.0"\s*,)?\s*"id"\s*:\s*(\d+)\s*,')
_ID_AT_TAIL = re.compile(rb'"id"\s*:\s*(\d+)\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$')


class ConnectionLost(MCPError):
    """The server's output ended; every call in flight gets this at once."""

    def __init__(self, message: str, *, sent: bool) -> None:
        super().__init__(code=CONNECTION_CLOSED, message=message)
        self.sent = sent


class CallTimedOut(MCPError):
    """No answer in time; the server was told that nobody waits any more."""

    def __init__(self, method: str) -> None:
        super().__init__(code=REQUEST_TIMEOUT, message=f"`{method}` was not answered in time")


class MessageTooLarge(MCPError):
    """An answer, or a request of ours, above the cap. The connection goes on."""

    def __init__(self, message: str) -> None:
        super().__init__(code=INTERNAL_ERROR, message=message)


def encode_message(message: dict[str, Any]) -> bytes:
    """One line without its newline."""
    try:
        return orjson.dumps(message)
    except TypeError:
        # Integers beyond 64 bits and lone surrogates: legal JSON, unknown to orjson.
        return json.dumps(message, separators=(",", ":")).encode("ascii")


def answered_id(line: TooLong) -> int | None:
    """Which call a too long line answers, as far as its edges tell."""
    match = _ID_AT_HEAD.match(line.head)
    if match is None and line.ended:
        match = _ID_AT_TAIL.search(line.tail)
    return None if match is None else int(match[1])


def parse_message(line: bytes) -> dict[str, Any] | None:
    """One JSON-RPC object, or None for anything else."""
    try:
        message = orjson.loads(line)
    except ValueError:
        return None
    return cast("dict[str, Any]", message) if isinstance(message, dict) else None


def protocol_error(error: dict[str, Any]) -> MCPError:
    """A server's error answer; one that is malformed itself is tolerated."""
    code = error.get("code")
    return MCPError(
        code=code if isinstance(code, int) else INTERNAL_ERROR,
        message=str(error.get("message", "the server gave no reason")),
        data=error.get("data"),
    )
