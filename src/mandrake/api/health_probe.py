"""Whether anything can be stored: a real write, remembered for a second."""

from __future__ import annotations

import asyncio
import time

from mandrake.bootstrap import Runtime
from mandrake.errors import MandrakeError
from mandrake.persistence.stores.idempotency import Command, IdempotencyStore
from mandrake.telemetry.logging import get_logger
from mandrake.tenancy.access import access_installation, system_principal

PROBE_SECONDS = 5.0
REMEMBERED_SECONDS = 1.0
_PROBE = Command("GET /ready", "probe", "")
_log = get_logger(__name__)
_known: dict[int, tuple[float, bool]] = {}


async def is_writable(runtime: Runtime) -> bool:
    """Whether `mandrake.db`, with its journal, takes a write now."""
    known = _known.get(id(runtime.control))
    if known is not None and time.monotonic() - known[0] < REMEMBERED_SECONDS:
        return known[1]
    grant = access_installation(system_principal("health"))
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            await runtime.control.write(
                lambda connection: IdempotencyStore(connection, grant).keep(_PROBE, {})
            )
        writable = True
    except (MandrakeError, TimeoutError) as error:
        _log.error("the database can't be written", error=str(error))
        writable = False
    _known.clear()
    _known[id(runtime.control)] = (time.monotonic(), writable)
    return writable
