"""One service on a PostgreSQL database, whichever machine it runs on: its server keeps the lock."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from core.errors import TemporarilyUnavailable
from storage.engines import open_engine

KEY = 110369627857263
"""Of the advisory lock: one more than that of a writer's turn."""
LOOK_SECONDS = 5.0


@contextmanager
def serving_alone(
    url: str, *, lost: Callable[[], None] = lambda: None, every: float = LOOK_SECONDS
) -> Iterator[bool]:
    """Whether nobody else serves there; if so, nobody can while the body runs. Raises TemporarilyUnavailable.

    The server lets go when the process ends in whatever way, and when it is restarted itself. Then the lock
    is taken anew, and `lost` called from another thread when somebody else was faster.
    """
    holder = _Holder(open_engine(url), lost)
    try:
        is_ours = holder.take()
        if is_ours:
            holder.watch(every)
        yield is_ours
    finally:
        holder.close()


class _Holder:
    def __init__(self, engine: Engine, lost: Callable[[], None]) -> None:
        self._engine = engine
        self._lost = lost
        self._connection: Connection | None = None
        self._stop = threading.Event()
        self._watcher: threading.Thread | None = None

    def take(self) -> bool:
        """Whether the lock is ours now."""
        try:
            self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            return bool(self._connection.execute(text(f"SELECT pg_try_advisory_lock({KEY})")).scalar())
        except DBAPIError as error:
            raise TemporarilyUnavailable(type(error.orig).__name__) from error

    def watch(self, every: float) -> None:
        """See to it that it stays ours."""
        self._watcher = threading.Thread(target=self._look, args=(every,), name="serving", daemon=True)
        self._watcher.start()

    def _look(self, every: float) -> None:
        while not self._stop.wait(every):
            try:
                if not self._is_connected() and not self.take():
                    self._lost()
                    return
            except TemporarilyUnavailable:
                continue  # nobody has it then: there is no server

    def _is_connected(self) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.execute(text("SELECT 1"))
        except DBAPIError:
            self._drop()
            return False
        return True

    def _drop(self) -> None:
        if self._connection is not None:
            with suppress(DBAPIError):
                self._connection.close()
            self._connection = None

    def close(self) -> None:
        """Let go."""
        self._stop.set()
        if self._watcher is not None:
            self._watcher.join()
        self._drop()
        self._engine.dispose()
