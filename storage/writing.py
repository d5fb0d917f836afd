"""The threads that write: each takes what waits into one commit and answers after it.

A job's failure rolls back that job alone, for which its group is run anew with savepoints.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from core.errors import TemporarilyUnavailable
from storage.engines import begin, is_lost_race
from storage.transaction import MustBeAloneError, NothingToGoBackToError, Transaction

GROUP = 64
"""Jobs that may share one commit."""
_TRIES = 4
"""How often a group runs that a deadlock broke off."""


@dataclass(frozen=True, slots=True)
class Job:
    """`answer` belongs to the event loop `loop`; the writer only looks whether anybody still waits."""

    run: Callable[[Transaction], Any]
    loop: asyncio.AbstractEventLoop
    answer: "asyncio.Future[Any]"


@dataclass(frozen=True, slots=True)
class _Done:
    job: Job
    result: Any = None
    error: BaseException | None = None


class Writer:
    """One thread, started by its first job. Jobs are done in the order in which they came."""

    def __init__(
        self,
        engine: Engine,
        known: dict[str, int],
        *,
        queued: Callable[[], None],
        turn: threading.Lock,
        beside_others: bool,
    ) -> None:
        """`queued` is called after a commit that queued a sending; all writers of a process share `turn`.

        `beside_others`: jobs that stay within one chat need not wait for their turn.
        """
        self._engine = engine
        self._known = known
        self._queued = queued
        self._turn = turn
        self._beside_others = beside_others
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def put(self, job: Job) -> None:
        """Have it done."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="writer", daemon=True)
            self._thread.start()
        self._jobs.put(job)

    def close(self) -> None:
        """Finish what waits."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()
            self._thread = None

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
            # Only what somebody still waits for.
            self._commit([job for job in jobs if not job.answer.cancelled()])
            if stop:
                return

    def _commit(self, jobs: list[Job]) -> None:
        """Do them, each answered after the commit that holds it."""
        if self._beside_others:
            jobs = self._commit_with(self._attempt_beside_others, jobs)
        if jobs:
            with self._turn:
                self._commit_with(self._attempt_alone, jobs)

    def _commit_with(
        self, attempt: Callable[[list[Job]], tuple[list[_Done], bool]], jobs: list[Job]
    ) -> list[Job]:
        """Which of them are still to be done."""
        try:
            done, has_queued = _again_after_lost_races(attempt, jobs)
        except Exception as error:  # noqa: BLE001 - the thread must outlive any failure of a commit
            _answer([_Done(job, error=error) for job in jobs])
            return []
        _answer(done)
        if has_queued:
            self._queued()
        return jobs[len(done) :]

    def _attempt_alone(self, jobs: list[Job]) -> tuple[list[_Done], bool]:
        """How each ended, and whether any queued a sending.

        First without savepoints, since nearly always nothing fails and each message would take four
        statements for them. Once something does, nothing of that is kept, and all run anew with savepoints.
        """
        try:
            return self._attempt_all(jobs, hopeful=True)
        except NothingToGoBackToError:
            return self._attempt_all(jobs, hopeful=False)

    def _attempt_all(self, jobs: list[Job], *, hopeful: bool) -> tuple[list[_Done], bool]:
        done: list[_Done] = []
        queued = False
        with begin(self._engine) as connection:
            for job in jobs:
                transaction = Transaction(connection, self._known, hopeful=hopeful)
                done.append(_attempt(transaction, job))
                queued = queued or transaction.queued
        return done, queued

    def _attempt_beside_others(self, jobs: list[Job]) -> tuple[list[_Done], bool]:
        """The same without the turn, as far as they go: up to one that fails or leaves its own chat."""
        done: list[_Done] = []
        queued = False
        stopped = suppress(NothingToGoBackToError, MustBeAloneError)
        with stopped, begin(self._engine, alone=False) as connection:
            for job in jobs:
                transaction = Transaction(connection, self._known, hopeful=True, alone=False)
                ended = _attempt_marked(transaction, job) if done else _attempt(transaction, job)
                if ended is None:
                    break
                done.append(ended)
                queued = queued or transaction.queued
        return done, queued


def _again_after_lost_races(
    attempt: Callable[[list[Job]], tuple[list[_Done], bool]], jobs: list[Job]
) -> tuple[list[_Done], bool]:
    for _ in range(_TRIES - 1):
        try:
            return attempt(jobs)
        except TemporarilyUnavailable as error:
            if not is_lost_race(error):
                raise
    return attempt(jobs)


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


def _attempt(transaction: Transaction, job: Job) -> _Done:
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


def _attempt_marked(transaction: Transaction, job: Job) -> _Done | None:
    """The same behind others of its group; None when it has to run anew, and those before it stay done."""
    try:
        with transaction.marked():
            return _attempt(transaction, job)
    except (NothingToGoBackToError, MustBeAloneError):
        return None
