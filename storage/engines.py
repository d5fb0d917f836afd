"""Connections to the two databases, each as durable and as strict as the service needs it.

SQLite lets one transaction write at a time. On PostgreSQL an advisory lock of the transaction does the same
for all that touches more than one chat (docs/decisions/0016).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from core.errors import TemporarilyUnavailable
from storage.prepared import without_values

LOCK_SECONDS = 1.5
"""How long a transaction waits for another process before the database counts as not to be had."""
_POOL = 6
_WRITING = 0x64616E76616E
"""Key of the advisory lock, one a database. Its letters spell the service's name."""
_TAKE_TURN = text(f"SELECT pg_advisory_xact_lock({_WRITING})")
_LOST_RACES = frozenset({"40001", "40P01"})
"""PostgreSQL's serialization_failure and deadlock_detected."""


def open_engine(url: str, *, read_only: bool = False) -> Engine:
    """An engine for either database. A reading one gives each transaction one snapshot it cannot change."""
    parsed = make_url(url)
    # Hidden: an error may reach the log, and the values are people's words.
    common = {"max_overflow": 0, "pool_size": _POOL, "hide_parameters": True, "json_serializer": _to_json}
    common["json_deserializer"] = _from_json
    if is_postgresql(parsed):
        return _postgresql(parsed, common, read_only=read_only)
    return _sqlite(parsed, common, read_only=read_only)


def is_postgresql(url: str | URL) -> bool:
    """Whether this URL names a PostgreSQL server; it names an SQLite file otherwise."""
    return make_url(url).get_backend_name() == "postgresql"


@contextmanager
def begin(engine: Engine, *, alone: bool = True) -> Iterator[Connection]:
    """A transaction, with `alone` no other one writing beside it. Raises TemporarilyUnavailable."""
    try:
        with engine.begin() as connection:
            if alone and engine.dialect.name == "postgresql":
                connection.execute(_TAKE_TURN)
            yield connection
    except OperationalError as error:
        raise TemporarilyUnavailable(type(error.orig).__name__) from error


def is_lost_race(error: TemporarilyUnavailable) -> bool:
    """Whether two transactions stood in each other's way: the one that was broken off may run anew."""
    cause = error.__cause__
    return isinstance(cause, OperationalError) and getattr(cause.orig, "sqlstate", "") in _LOST_RACES


def _to_json(value: Any) -> str:
    """Letters as they are: with escapes Vietnamese ones would take six characters each."""
    return orjson.dumps(value).decode()


def _from_json(stored: str | float) -> Any:
    """A bare number is one in SQLite's column already."""
    return stored if isinstance(stored, int | float) else orjson.loads(stored)


# --- SQLite ------------------------------------------------------------------------------------------------


def _sqlite(url: URL, common: dict[str, Any], *, read_only: bool) -> Engine:
    connect = {"timeout": LOCK_SECONDS, "check_same_thread": False}
    engine = create_engine(url, poolclass=QueuePool, connect_args=connect, **common)

    def opened(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        _prepare_sqlite(connection, read_only=read_only)

    def begun(connection: Connection) -> None:
        # A writer takes its lock at once, so that no transaction has to upgrade a read lock.
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", opened)
    event.listen(engine, "begin", begun)
    return engine


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


# --- PostgreSQL --------------------------------------------------------------------------------------------


def _postgresql(url: URL, common: dict[str, Any], *, read_only: bool) -> Engine:
    """READ COMMITTED for writers: who waited for a lock must see what the one before has done."""
    options: dict[str, Any] = {"isolation_level": "READ COMMITTED"}
    if read_only:
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5},
        execution_options=options,
        **common,
    )
    event.listen(engine, "connect", _prepare_postgresql)
    event.listen(engine, "handle_error", _without_words)
    return engine


def _without_words(context: ExceptionContext) -> None:
    """PostgreSQL quotes the row that it refuses: what is raised says no more than its code and constraint."""
    error = context.sqlalchemy_exception
    without_values(context.original_exception)
    if error is not None:
        error.args = context.original_exception.args


def _prepare_postgresql(connection: Any, _: ConnectionPoolEntry) -> None:
    """Times in UTC, no endless waiting, and no commit that is acknowledged before it is on disk."""
    connection.autocommit = True
    connection.execute("SET timezone TO 'UTC'")
    connection.execute(f"SET lock_timeout TO '{int(LOCK_SECONDS * 1000)}ms'")
    (kept,) = connection.execute("SHOW synchronous_commit").fetchone()
    if kept == "off":
        connection.execute("SET synchronous_commit TO on")
    connection.autocommit = False
