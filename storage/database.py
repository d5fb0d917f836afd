"""Opens the database and runs transactions: one writer thread with group commit, readers beside it.

Measured (knowledge of this design stands in docs/decisions/0004): a writer thread that commits up to 64
waiting jobs at once makes full durability cheap. A job's failure rolls back that job alone, for which the
group is run anew with savepoints; an answer is given only after the commit that holds it.
"""

import asyncio
import json
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from core.errors import TemporarilyUnavailable
from storage.transaction import NothingToGoBackToError, Transaction

T = TypeVar("T")

GROUP = 64
"""Jobs that may share one commit."""


@dataclass(frozen=True, slots=True)
class _Job:
    """`answer` belongs to the event loop `loop`; the writer only looks whether anybody still waits."""

    run: Callable[[Transaction], Any]
    loop: asyncio.AbstractEventLoop
    answer: "asyncio.Future[Any]"


@dataclass(frozen=True, slots=True)
class _Done:
    job: _Job
    result: Any = None
    error: BaseException | None = None


class Database:
    """One database. `on_queued` is called from the writer thread after a commit that queued a sending."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._reading = _engine(url, read_only=True)
        self.on_queued: Callable[[], None] = lambda: None
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._writer: threading.Thread | None = None
        self._known: dict[str, int] = {}
        self._readers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="reader")

    async def write(self, run: Callable[[Transaction], T]) -> T:
        """What `run` returns, after its transaction is committed.

        It may run a second time, the first one undone: what it does beside the database has to bear that.
        Raises TemporarilyUnavailable when the database cannot be had, and what `run` raised otherwise.
        """
        if self._writer is None:
            self._writer = threading.Thread(target=self._serve, name="writer", daemon=True)
            self._writer.start()
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        self._jobs.put(_Job(run, loop, answer))
        return await answer

    async def read(self, run: Callable[[Transaction], T]) -> T:
        """What `run` returns, from one consistent snapshot that it cannot change."""

        def job() -> T:
            with _begin(self._reading) as connection:
                return _run(Transaction(connection, self._known), run)

        return await asyncio.get_running_loop().run_in_executor(self._readers, job)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A short write transaction of a command that runs beside the service."""
        with _begin(self.engine) as connection:
            transaction = Transaction(connection, self._known)
            try:
                yield transaction
                transaction.flush()
            finally:
                transaction.forget()
        if transaction.queued:
            self.on_queued()

    def close(self) -> None:
        """Finish the waiting jobs and let go of every connection."""
        if self._writer is not None:
            self._jobs.put(None)
            self._writer.join()
            self._writer = None
        self._readers.shutdown()
        self._reading.dispose()
        self.engine.dispose()

    def _serve(self) -> None:
        while (first := self._jobs.get()) is not None:
            jobs = [first]
            stop = False
            while len(jobs) < GROUP and not stop:
                try:
                    waiting = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if waiting is None:
                    stop = True
                else:
                    jobs.append(waiting)
            self._commit(jobs)
            if stop:
                return

    def _commit(self, jobs: list[_Job]) -> None:
        """Run the jobs somebody still waits for in one transaction; answer each after the commit."""
        jobs = [job for job in jobs if not job.answer.cancelled()]
        try:
            done, queued = self._run_group(jobs)
        except Exception as error:  # noqa: BLE001 - the thread must outlive any failure of a commit
            _answer([_Done(job, error=error) for job in jobs])
            return
        _answer(done)
        if queued:
            self.on_queued()

    def _run_group(self, jobs: list[_Job]) -> tuple[list[_Done], bool]:
        """How each ended, and whether any queued a sending.

        First without savepoints, since nearly always nothing fails and each message would take four
        statements for them. Once something does, nothing of that is kept, and all run anew with savepoints.
        """
        try:
            return self._attempt_all(jobs, hopeful=True)
        except NothingToGoBackToError:
            return self._attempt_all(jobs, hopeful=False)

    def _attempt_all(self, jobs: list[_Job], *, hopeful: bool) -> tuple[list[_Done], bool]:
        done: list[_Done] = []
        queued = False
        with _begin(self.engine) as connection:
            for job in jobs:
                transaction = Transaction(connection, self._known, hopeful=hopeful)
                done.append(_attempt(transaction, job))
                queued = queued or transaction.queued
        return done, queued


@contextmanager
def _begin(engine: Engine) -> Iterator[Connection]:
    try:
        with engine.begin() as connection:
            yield connection
    except OperationalError as error:
        raise TemporarilyUnavailable(type(error.orig).__name__) from error


def _answer(done: list[_Done]) -> None:
    """Tell those who wait, with one call into their loop for all: each call costs a write to a pipe."""
    for loop in {each.job.loop for each in done}:
        mine = [each for each in done if each.job.loop is loop]
        with suppress(RuntimeError):  # the loop was closed meanwhile: nobody waits
            loop.call_soon_threadsafe(_tell, mine)


def _tell(done: list[_Done]) -> None:
    for each in done:
        if each.job.answer.done():
            continue
        if each.error is None:
            each.job.answer.set_result(each.result)
        else:
            each.job.answer.set_exception(each.error)


def _attempt(transaction: Transaction, job: _Job) -> _Done:
    """Run one job inside a savepoint: what it returned or raised.

    A failure of the database itself passes on: no job of this group can be trusted then.
    """
    try:
        with transaction.savepoint():
            result = job.run(transaction)
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - handed to the one who asked, who decides
        return _Done(job, error=error)
    finally:
        transaction.forget()
    return _Done(job, result)


def _run(transaction: Transaction, run: Callable[[Transaction], T]) -> T:
    try:
        return run(transaction)
    finally:
        transaction.forget()


def _engine(url: str, *, read_only: bool = False) -> Engine:
    parsed = make_url(url)
    common = {"max_overflow": 0, "hide_parameters": True, "json_serializer": _to_json}
    # Hidden: an error may reach the log, and the values are people's words.
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_size=6, pool_pre_ping=True, **common)
    connect = {"timeout": 1.5, "check_same_thread": False}
    engine = create_engine(parsed, poolclass=QueuePool, pool_size=6, connect_args=connect, **common)

    def opened(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        _prepare_sqlite(connection, read_only=read_only)

    def begun(connection: Connection) -> None:
        # A writer takes its lock at once, so that no transaction has to upgrade a read lock.
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", opened)
    event.listen(engine, "begin", begun)
    return engine


_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Letters as they are: Vietnamese ones would take six characters each."""


def _prepare_sqlite(connection: sqlite3.Connection, *, read_only: bool) -> None:
    """WAL with FULL: with NORMAL a power cut loses acknowledged commits. The driver's own BEGIN is off."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}").close()
    for pragma, wanted in (("synchronous", 2), ("foreign_keys", 1)):
        (found,) = connection.execute(f"PRAGMA {pragma}").fetchone()
        if found != wanted:
            raise RuntimeError(f"SQLite refuses PRAGMA {pragma}={wanted}")
    if read_only:
        connection.execute("PRAGMA query_only=ON").close()
