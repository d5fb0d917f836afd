"""One transaction as the use cases see it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, cached_property
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, SQLModel

from core.errors import RuleError
from storage.prepared import Prepared, tell
from storage.tables import OrganisationRow


def table(row: type[SQLModel]) -> Table:
    """The table of a row class, for Core statements on the hot path."""
    found: Table = row.__table__  # type: ignore[attr-defined]
    return found


class NothingToGoBackToError(BaseException):
    """Something was to be taken back in a transaction that set no savepoints: it must be run once more.

    No `Exception`: nobody but who began the transaction can do anything about it.
    """


class MustBeAloneError(BaseException):
    """A transaction beside others was to touch more than its own chat: it must run anew, alone.

    No `Exception`, for the same reason.
    """


class Transaction:
    """A connection inside a transaction; `session` maps rows to objects where speed does not matter.

    Core statements go through `connection`; call `flush` before reading with them what the session changed.
    `run` and `insert_once` are for statements that touch one chat alone, or only read what seldom changes:
    nothing else goes on beside other writers. `queued` becomes true when something waits to be sent.
    """

    def __init__(
        self, connection: Connection, known: dict[str, int], *, hopeful: bool = False, alone: bool = True
    ) -> None:
        """`known` is the database's own memory of what never changes.

        A `hopeful` transaction sets no savepoints: nearly always nothing has to be taken back. One that is
        not `alone` runs beside other writers, and asking it for its connection or session ends it.
        """
        self.queued = False
        self._connection = connection
        self._known = known
        self._hopeful = hopeful
        self._alone = alone
        self._driver: Any = connection.connection.driver_connection
        self._depth = 0

    @property
    def connection(self) -> Connection:
        """For every statement but those of `run`. Raises MustBeAloneError beside other writers."""
        if not self._alone:
            raise MustBeAloneError
        return self._connection

    @cached_property
    def session(self) -> Session:
        """Objects of this transaction. It never commits by itself."""
        return Session(bind=self.connection, join_transaction_mode="create_savepoint", expire_on_commit=False)

    @property
    def organisation_id(self) -> int:
        """The organisation this deployment serves. RuleError("not_initialised") before `init`."""
        if "organisation" not in self._known:
            found = self._connection.execute(select(table(OrganisationRow).c.id).limit(1)).scalar()
            if found is None:
                raise RuleError("not_initialised")
            self._known["organisation"] = int(found)
        return self._known["organisation"]

    def run(self, statement: Prepared, values: Mapping[str, Any]) -> list[Any]:
        """The rows of a statement of the hot path, none for one that returns none."""
        return statement.rows(self._driver, self._connection.dialect, values)

    def run_all(self, statement: Prepared, values: Iterable[Mapping[str, Any]]) -> None:
        """Run one that returns no rows, once with each of these values."""
        statement.run_all(self._driver, self._connection.dialect, values)

    def add(self, row: SQLModel) -> None:
        """Store a new row now, so that it has its id."""
        self.session.add(row)
        self.session.flush()

    def insert_once(self, row: type[SQLModel], values: dict[str, Any], key: Sequence[str]) -> int | None:
        """The id of the stored row, or None when a row with this natural key is already there."""
        known = _prepared_insert(row, tuple(key), tuple(values), self._connection.dialect.name)
        found = self.run(known, values)
        return int(found[0].id) if found else None

    def compute_once(self, row: type[SQLModel], values: dict[str, Any], key: Sequence[str]) -> int | None:
        """The same where a value is an SQL expression."""
        statement = _insert_once(row, tuple(key), self.connection.dialect.name).values(values)
        stored = self.connection.execute(statement).scalar()
        return None if stored is None else int(stored)

    def flush(self) -> None:
        """Write what the session holds; the transaction itself goes on."""
        if "session" in self.__dict__:
            self.session.commit()  # of the session's own savepoint

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """All that the body does, or nothing of it: an exception takes it back and passes on.

        Objects of the session are forgotten then. A hopeful transaction cannot take anything back: there
        the exception becomes NothingToGoBackToError.
        """
        self.flush()
        if not self._hopeful:
            with self.marked():
                yield
                self.flush()
            return
        try:
            yield
            self.flush()
        except OperationalError:
            raise
        except Exception as error:
            raise NothingToGoBackToError from error

    @contextmanager
    def marked(self) -> Iterator[None]:
        """A savepoint of the driver itself: the toolkit's nested transaction costs as much as a query."""
        self._depth += 1
        name = f"level_{self._depth}"
        self._tell_driver(f"SAVEPOINT {name}")
        try:
            yield
        except OperationalError:
            raise  # the database itself: there is nothing to go back to
        except BaseException:
            self.forget()
            self._tell_driver(f"ROLLBACK TO SAVEPOINT {name}")
            raise
        finally:
            self._depth -= 1
        self._tell_driver(f"RELEASE SAVEPOINT {name}")

    def _tell_driver(self, sql: str) -> None:
        tell(self._driver, self._connection.dialect, sql).close()

    def forget(self) -> None:
        """Drop the session's objects and what it has not written."""
        if "session" in self.__dict__:
            self.session.close()
            del self.__dict__["session"]


@cache
def _prepared_insert(
    row: type[SQLModel], key: tuple[str, ...], columns: tuple[str, ...], dialect: str
) -> Prepared:
    """The statement of `insert_once` for these columns: building it costs six times as much as running it."""
    statement = _insert_once(row, key, dialect)
    return Prepared(statement.values({name: bindparam(name) for name in columns}))


def _insert_once(row: type[SQLModel], key: tuple[str, ...], dialect: str) -> Any:
    target = table(row)
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(target).on_conflict_do_nothing(index_elements=list(key)).returning(target.c.id)
