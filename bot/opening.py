"""Opens what a command needs: the migrated database, and the service with a transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from bot.settings import Settings, load_settings
from bot.words import catalogue
from core.errors import RuleError
from handlers.runtime import Clock
from handlers.service import Service, build_service
from storage.database import Database
from storage.files import FileStore
from storage.keys import Keys
from storage.schema import SchemaState, state
from storage.transaction import Transaction


def database_path(settings: Settings) -> Path:
    """Where the SQLite file lies."""
    return Path(str(make_url(settings.database).database))


@contextmanager
def open_database(settings: Settings) -> Iterator[Database]:
    """The database, closed at the end.

    Raises RuleError("not_initialised"), ("schema_old"), ("schema_newer") or ("database_unreachable") when it
    cannot serve as it is.
    """
    if not settings.is_postgresql and not database_path(settings).exists():
        raise RuleError("not_initialised")
    with any_database(settings.database) as (database, found):
        if found is SchemaState.EMPTY:
            raise RuleError("not_initialised")
        if found is not SchemaState.CURRENT:
            raise RuleError(f"schema_{found}")
        yield database


@contextmanager
def any_database(url: str) -> Iterator[tuple[Database, SchemaState]]:
    """The database in whatever state it is; of SQLite, its folder must be there.

    Raises RuleError("database_unreachable").
    """
    database = Database(url)
    try:
        yield database, _state(database)
    finally:
        database.close()


def _state(database: Database) -> SchemaState:
    try:
        return state(database.engine)
    except DBAPIError:  # whose words may name the account
        url = database.engine.url
        where = f"{url.host or url.query.get('host', '')}/{url.database}"
        raise RuleError("database_unreachable", where=where) from None


@dataclass(frozen=True, slots=True)
class Work:
    """One transaction of one command."""

    service: Service
    tx: Transaction
    now: datetime


@contextmanager
def at_work() -> Iterator[Work]:
    """The service and one write transaction, committed when the body ends well. Runs beside the service."""
    settings = load_settings()
    with open_database(settings) as database, database.transaction() as tx:
        service = build_service(
            tx,
            catalogue=catalogue(),
            keys=Keys(settings.secret),
            files=FileStore(settings.files_dir),
            public_url=settings.public_url,
        )
        yield Work(service, tx, Clock().now())
