"""Opens what a command needs: the migrated database, the service, the Telegram account."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.settings import Settings
from channels.telegram_account import TelegramAccount
from core.errors import RuleError
from handlers.service import Service, build_service
from storage.database import Database
from storage.files import FileStore
from storage.keys import Keys
from storage.schema import SchemaState, state
from texts import Catalogue


def database_path(settings: Settings) -> Path:
    """Where the SQLite file lies."""
    return Path(str(make_url(settings.database).database))


@contextmanager
def open_database(settings: Settings) -> Iterator[Database]:
    """The database, closed at the end.

    Raises RuleError("not_initialised"), ("schema_old") or ("schema_newer") when it cannot serve as it is.
    """
    if not database_path(settings).exists():
        raise RuleError("not_initialised")
    database = Database(settings.database)
    try:
        found = state(database.engine)
        if found is SchemaState.EMPTY:
            raise RuleError("not_initialised")
        if found is not SchemaState.CURRENT:
            raise RuleError(f"schema_{found}")
        yield database
    finally:
        database.close()


def service_of(settings: Settings, database: Database, catalogue: Catalogue) -> Service:
    """The service of the organisation in the database, as the settings want it."""
    with database.transaction() as tx:
        return build_service(
            tx,
            catalogue=catalogue,
            keys=Keys(settings.secret),
            files=FileStore(settings.files_dir),
            public_url=settings.public_url,
        )


def telegram_account(settings: Settings) -> TelegramAccount | None:
    """The client of the bot, not yet opened; None while Telegram is off."""
    chosen = settings.telegram
    if chosen.token is None:
        return None
    return TelegramAccount(
        chosen.token.get_secret_value(), host=chosen.base_url.rstrip("/"), proxy=chosen.proxy or None
    )
