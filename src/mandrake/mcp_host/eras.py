"""Which protocol revision to speak with a server, and the memory of what was found.

A server is asked with the newest revision's `server/discover` first. One that never answers it
costs the probe's time-out, so the finding is remembered by command and server version.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from mcp import ClientSession

    from mandrake.mcp_host.dispatcher import StdioDispatcher

Era = Literal["modern", "handshake"]

PROBE_TIMEOUT_SECONDS = 2.0
_PROBE_METHOD = "server/discover"


@dataclass(frozen=True, slots=True)
class KnownEra:
    """What a server of this version speaks."""

    era: Era
    server_version: str | None


class EraMemory:
    """Findings of one process, by command; shared by hosts if given to several."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], KnownEra] = {}

    def recall(self, command: tuple[str, ...]) -> KnownEra | None:
        return self._known.get(command)

    def learn(self, command: tuple[str, ...], known: KnownEra) -> None:
        self._known[command] = known

    def forget(self, command: tuple[str, ...]) -> None:
        self._known.pop(command, None)


async def negotiate(
    session: ClientSession,
    dispatcher: StdioDispatcher,
    command: tuple[str, ...],
    memory: EraMemory,
) -> None:
    """Agree on a revision; `session` is ready for use afterwards.

    Raises:
        MCPError: The server speaks no revision that we do, or refused the handshake.
        RuntimeError: The server answered the handshake with an unknown revision.
    """
    known = memory.recall(command)
    if known is not None and known.era == "handshake":
        await session.initialize()
        if _version(session) != known.server_version:
            memory.forget(command)  # another version may speak another era: probe next time
        return
    if known is None:
        dispatcher.deadlines[_PROBE_METHOD] = PROBE_TIMEOUT_SECONDS
    era = await _probe(session)
    if _PROBE_METHOD in dispatcher.late_answers:
        return  # slow, not silent: no finding worth keeping
    memory.learn(command, KnownEra(era, _version(session)))


async def _probe(session: ClientSession) -> Era:
    from mcp.shared.exceptions import MCPError
    from mcp_types import UNSUPPORTED_PROTOCOL_VERSION
    from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS, LATEST_MODERN_VERSION

    from mandrake.mcp_host.wire import ConnectionLost

    try:
        if await _discover(session, LATEST_MODERN_VERSION):
            return "modern"
    except ConnectionLost:
        raise
    except MCPError as error:
        if error.code == UNSUPPORTED_PROTOCOL_VERSION:
            named = _named_versions(error)
            if (mutual := _mutual(named)) is not None and await _discover(session, mutual):
                return "modern"
            if named and not any(version in HANDSHAKE_PROTOCOL_VERSIONS for version in named):
                raise
    try:
        await session.initialize()
    except MCPError as error:
        # A slow server that took the late probe for the beginning of a modern connection.
        mutual = _mutual(_named_versions(error))
        if error.code != UNSUPPORTED_PROTOCOL_VERSION or mutual is None:
            raise
        if not await _discover(session, mutual):
            raise
        return "modern"
    return "handshake"


async def _discover(session: ClientSession, version: str) -> bool:
    from mcp_types import DiscoverResult
    from pydantic import ValidationError

    try:
        found = DiscoverResult.model_validate(await session.send_discover(version))
    except ValidationError:
        return False
    if _mutual(found.supported_versions) is None:
        return False
    session.adopt(found)
    return True


def _mutual(versions: list[str]) -> str | None:
    from mcp_types.version import MODERN_PROTOCOL_VERSIONS

    shared = [version for version in MODERN_PROTOCOL_VERSIONS if version in versions]
    return shared[-1] if shared else None


def _named_versions(error: Exception) -> list[str]:
    from mcp_types import UnsupportedProtocolVersionErrorData
    from pydantic import ValidationError

    try:
        data = getattr(error, "data", None)
        return UnsupportedProtocolVersionErrorData.model_validate(data).supported
    except ValidationError:
        return []


def _version(session: ClientSession) -> str | None:
    return session.server_info.version if session.server_info else None
