"""Who runs rounds. The port knows sessions by id only; the journal and tables are the queue.

`LocalWorkDriver` runs each session's work in a task of this process, one at a time per session.
A cluster's driver comes later behind the same port.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from mandrake.telemetry.logging import get_logger

CANCEL_SECONDS = 15.0
_log = get_logger(__name__)


class WorkDriver(Protocol):
    """Runs what a session has to do; forgets nothing that the tables hold."""

    def wake(self, session_id: str) -> None:
        """There may be work for this session. Waking a busy session makes it look again."""
        ...

    async def cancel(self, session_id: str) -> None:
        """End what runs for this session now; returns when it has ended."""
        ...


@dataclass(slots=True)
class _Job:
    task: asyncio.Task[None]
    again: bool = False


class LocalWorkDriver:
    """Tasks in one task group, which the scope's runtime owns."""

    def __init__(
        self, tasks: asyncio.TaskGroup, run_session: Callable[[str], Awaitable[None]]
    ) -> None:
        self._tasks = tasks
        self._run_session = run_session
        self._jobs: dict[str, _Job] = {}

    def wake(self, session_id: str) -> None:
        job = self._jobs.get(session_id)
        if job is not None:
            job.again = True
            return
        task = self._tasks.create_task(self._drive(session_id), name=f"session {session_id}")
        self._jobs[session_id] = _Job(task)

    async def cancel(self, session_id: str) -> None:
        job = self._jobs.get(session_id)
        if job is None:
            return
        job.task.cancel()
        async with asyncio.timeout(CANCEL_SECONDS):
            await asyncio.wait([job.task])

    def active_sessions(self) -> list[str]:
        """Sessions with a running task."""
        return list(self._jobs)

    async def _drive(self, session_id: str) -> None:
        try:
            job_ran = False
            while not job_ran or self._jobs[session_id].again:
                job_ran = True
                self._jobs[session_id].again = False
                await self._run_session(session_id)
        except Exception:  # noqa: BLE001 - logged whole, see below
            # One session's defect must not end its siblings; the round is recovered at next wake.
            _log.exception("a session's work ended by an error", session_id=session_id)
        finally:
            del self._jobs[session_id]
