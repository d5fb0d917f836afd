"""Opens the database and runs transactions: writing threads with group commit, readers beside them.

Measured (knowledge of this design stands in docs/decisions/0004): a writer thread that commits up to 64
waiting jobs at once makes full durability cheap. An answer is given only after the commit that holds it.
SQLite has one such thread. On PostgreSQL there are a few, and each chat has its own (docs/decisions/0016).
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar
from zlib import crc32

from storage.engines import begin, is_postgresql, open_engine
from storage.transaction import Transaction
from storage.writing import Job, Writer

T = TypeVar("T")

_BESIDE = 3
"""Writing threads for chats on PostgreSQL: as many as keep it and this process busy on a small machine."""


class Database:
    """One database. `on_queued` is called from a writing thread after a commit that queued a sending."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        self._reading = open_engine(url, read_only=True)
        self.on_queued: Callable[[], None] = lambda: None
        self._known: dict[str, int] = {}
        turn = threading.Lock()
        self._writer = self._new_writer(turn, beside_others=False)
        beside = _BESIDE if is_postgresql(url) else 0
        self._of_chats = [self._new_writer(turn, beside_others=True) for _ in range(beside)] or [self._writer]
        self._readers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="reader")

    async def write(self, run: Callable[[Transaction], T], *, chat: str | None = None) -> T:
        """What `run` returns, after its transaction is committed.

        Writes of the same `chat` happen in the order in which they were asked for, and so do those of none.
        It may run a second time, the first one undone: what it does beside the database has to bear that.
        Raises TemporarilyUnavailable when the database cannot be had, and what `run` raised otherwise.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        self._writer_of(chat).put(Job(run, loop, answer))
        return await answer

    async def read(self, run: Callable[[Transaction], T]) -> T:
        """What `run` returns, from one consistent snapshot that it cannot change."""

        def job() -> T:
            with begin(self._reading, alone=False) as connection:
                return _run(Transaction(connection, self._known), run)

        return await asyncio.get_running_loop().run_in_executor(self._readers, job)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A short write transaction of a command that runs beside the service."""
        with begin(self.engine) as connection:
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
        for writer in {self._writer, *self._of_chats}:
            writer.close()
        self._readers.shutdown()
        self._reading.dispose()
        self.engine.dispose()

    def _new_writer(self, turn: threading.Lock, *, beside_others: bool) -> Writer:
        return Writer(
            self.engine,
            self._known,
            queued=self._tell_queued,
            turn=turn,
            beside_others=beside_others,
        )

    def _tell_queued(self) -> None:
        self.on_queued()  # which may have been set after the writers were made

    def _writer_of(self, chat: str | None) -> Writer:
        if chat is None:
            return self._writer
        return self._of_chats[crc32(chat.encode("utf-8", "replace")) % len(self._of_chats)]


def _run(transaction: Transaction, run: Callable[[Transaction], T]) -> T:
    try:
        return run(transaction)
    finally:
        transaction.forget()
