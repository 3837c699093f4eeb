"""One SQLite file: a single writer thread with group commit, and a few read-only connections.

A *unit of work* is a plain function over a SQLAlchemy Core connection: no other I/O, at most a few
milliseconds. Units waiting at the same time share one transaction, each in a SAVEPOINT of its own;
a unit's future resolves after the outer commit, and a failing unit rolls back alone.

Events appended in a unit (see `journal`) are handed to `on_committed` after the commit and before
the unit's future resolves, in commit order, on the event loop. Knows no tables.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from mandrake.domain.events import CommittedEvent
from mandrake.errors import MandrakeError, Unavailable
from mandrake.persistence import migrate
from mandrake.telemetry.logging import get_logger

T = TypeVar("T")
Unit = Callable[[Connection], T]
CommitListener = Callable[[Sequence[CommittedEvent]], None]

MAX_UNITS_PER_COMMIT = 500
READER_COUNT = 2
BUSY_TIMEOUT_MS = 5_000
CLOSE_SECONDS = 10.0
WRITER_PRAGMAS = ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL")
READER_PRAGMAS = ("foreign_keys=ON", "query_only=ON")
APPENDED_EVENTS = "mandrake.appended_events"
"""Key in `connection.info` under which `journal.append` leaves a unit's events."""

_log = get_logger(__name__)


@dataclass(slots=True)
class _Pending(Generic[T]):
    unit: Unit[T]
    future: asyncio.Future[T]
    result: T | None = None
    error: BaseException | None = None
    events: list[CommittedEvent] = field(default_factory=list[CommittedEvent])


class Database:
    """An open database file. Use `Database.open`; close it in the loop that opened it."""

    def __init__(self, path: Path, loop: asyncio.AbstractEventLoop) -> None:
        self.path = path
        self._loop = loop
        self._queue: queue.SimpleQueue[_Pending[Any] | None] = queue.SimpleQueue()
        self._listeners: list[CommitListener] = []
        self._writer_engine = _engine(path)
        self._readers = ThreadPoolExecutor(READER_COUNT, thread_name_prefix=f"read-{path.stem}")
        self._reader = threading.local()
        self._reader_engines: list[Engine] = []
        self._closed = False
        self._writer = threading.Thread(target=self._write_loop, name=f"write-{path.stem}")

    @classmethod
    async def open(cls, path: Path) -> Database:
        """Open or create the file and bring its schema to the current version.

        Raises:
            Unavailable: It can't be opened, is damaged, or was made by a newer Mandrake.
        """
        database = cls(path, asyncio.get_running_loop())
        preparing = database._loop.run_in_executor(
            None, migrate.prepare, database._writer_engine, path
        )
        try:
            await asyncio.shield(preparing)
        except asyncio.CancelledError:
            # The thread goes on; a connection that is closed beneath it takes the process down.
            preparing.add_done_callback(database._abandon)
            raise
        except DBAPIError as error:
            await asyncio.to_thread(database._dispose)
            raise _unavailable(path, error) from error
        except BaseException:
            await asyncio.to_thread(database._dispose)
            raise
        database._writer.start()
        return database

    def on_committed(self, listener: CommitListener) -> None:
        """Call `listener` on the loop with each commit's events, in order. It must not raise."""
        self._listeners.append(listener)

    def forget_listener(self, listener: CommitListener) -> None:
        """The inverse of `on_committed`."""
        self._listeners.remove(listener)

    async def write(self, unit: Unit[T]) -> T:
        """Run `unit` in the writer; when this returns its changes are on disk.

        A caller that is cancelled while waiting does not undo the unit.

        Raises:
            Unavailable: The database can't be written (disk full, read-only, closed).
        """
        return await self.submit(unit)

    def submit(self, unit: Unit[T]) -> asyncio.Future[T]:
        """Queue `unit` and return at once; units run in the order in which they were queued."""
        future: asyncio.Future[T] = self._loop.create_future()
        if self._closed:
            future.set_exception(Unavailable(f"The database `{self.path.name}` is closed."))
            return future
        self._queue.put(_Pending(unit, future))
        return future

    async def read(self, query: Unit[T]) -> T:
        """Run `query` on a read-only connection in a thread; sees everything committed before."""
        if self._closed:
            raise Unavailable(f"The database `{self.path.name}` is closed.")
        try:
            return await self._loop.run_in_executor(self._readers, self._run_query, query)
        except DBAPIError as error:
            raise _unavailable(self.path, error) from error

    async def close(self) -> None:
        """Finish what is queued, then close. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        self._queue.put(None)
        async with asyncio.timeout(CLOSE_SECONDS):
            await asyncio.to_thread(self._writer.join)
            # What the writer posted last is delivered before the caller goes on.
            await asyncio.sleep(0)
        await asyncio.to_thread(self._dispose)

    # ---- reading ----

    def _run_query(self, query: Unit[T]) -> T:
        connection: Connection | None = getattr(self._reader, "connection", None)
        if connection is None:
            engine = _engine(self.path, read_only=True)
            self._reader_engines.append(engine)
            connection = self._reader.connection = engine.connect()
        # One deferred transaction per query: everything it reads is of the same moment.
        connection.exec_driver_sql("BEGIN")
        try:
            return query(connection)
        finally:
            connection.exec_driver_sql("ROLLBACK")

    # ---- writing (all of this in the writer thread) ----

    def _write_loop(self) -> None:
        with self._writer_engine.connect() as connection:
            while True:
                batch, stop = self._next_batch()
                if batch:
                    self._commit(connection, batch)
                    self._loop.call_soon_threadsafe(self._deliver, batch)
                if stop:
                    return

    def _next_batch(self) -> tuple[list[_Pending[Any]], bool]:
        first = self._queue.get()
        if first is None:
            return [], True
        batch = [first]
        while len(batch) < MAX_UNITS_PER_COMMIT:
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                break
            if item is None:
                return batch, True
            batch.append(item)
        return batch, False

    def _commit(self, connection: Connection, batch: list[_Pending[Any]]) -> None:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            for pending in batch:
                self._run_unit(connection, pending)
            connection.exec_driver_sql("COMMIT")
        except Exception as error:  # noqa: BLE001 - handed to every waiting caller
            _rollback(connection)
            for pending in batch:
                pending.error = pending.error or error
                pending.events = []

    def _run_unit(self, connection: Connection, pending: _Pending[Any]) -> None:
        appended: list[CommittedEvent] = []
        connection.info[APPENDED_EVENTS] = appended
        connection.exec_driver_sql("SAVEPOINT unit")
        try:
            pending.result = pending.unit(connection)
        except Exception as error:  # noqa: BLE001 - handed to the waiting caller, not swallowed
            pending.error = error
            connection.exec_driver_sql("ROLLBACK TO unit")
        else:
            pending.events = appended
        connection.exec_driver_sql("RELEASE unit")

    def _deliver(self, batch: list[_Pending[Any]]) -> None:
        for pending in batch:
            if pending.events:
                self._publish(pending.events)
            if pending.future.cancelled():
                if pending.error is not None:
                    _log.warning("unit failed after its caller left", error=str(pending.error))
            elif pending.error is None:
                pending.future.set_result(pending.result)
            else:
                pending.future.set_exception(_as_raised(self.path, pending.error))

    def _publish(self, events: Sequence[CommittedEvent]) -> None:
        for listener in self._listeners:
            try:
                listener(events)
            except Exception:  # noqa: BLE001 - a listener must not undo what is committed
                _log.exception("a commit listener failed", database=self.path.name)

    def _abandon(self, preparing: asyncio.Future[None]) -> None:
        if not preparing.cancelled() and (error := preparing.exception()) is not None:
            _log.warning("opening failed after its caller left", error=str(error))
        self._dispose()

    def _dispose(self) -> None:
        self._readers.shutdown(wait=True)
        for engine in self._reader_engines:
            engine.dispose()
        self._writer_engine.dispose()


def _engine(path: Path, *, read_only: bool = False) -> Engine:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            path, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None, check_same_thread=False
        )
        try:
            for pragma in READER_PRAGMAS if read_only else WRITER_PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    # AUTOCOMMIT keeps SQLAlchemy from opening transactions: the writer does, by hand.
    return create_engine(
        "sqlite://", creator=connect, poolclass=StaticPool, isolation_level="AUTOCOMMIT"
    )


def _rollback(connection: Connection) -> None:
    dbapi = cast("sqlite3.Connection", connection.connection.dbapi_connection)
    if dbapi.in_transaction:
        dbapi.execute("ROLLBACK")


def _as_raised(path: Path, error: BaseException) -> BaseException:
    if isinstance(error, DBAPIError) and not isinstance(error.orig, sqlite3.IntegrityError):
        mapped = _unavailable(path, error)
        mapped.__cause__ = error
        return mapped
    return error


def _unavailable(path: Path, error: DBAPIError) -> MandrakeError:
    return Unavailable(
        f"The database `{path.name}` can't be used: {error.orig}.",
        code="unavailable.database",
        hint="Run `mandrake doctor`; check free space and permissions of the home folder.",
    )
