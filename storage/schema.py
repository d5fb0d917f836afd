"""Brings the database to the tables of this version, and tells whether it is there."""

from enum import StrEnum
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, text

from core.errors import RuleError
from storage.tables import metadata

_MIGRATIONS = Path(__file__).with_name("migrations")


class SchemaState(StrEnum):
    """How the tables of a database stand to those of this version."""

    EMPTY = "empty"
    OLD = "old"
    CURRENT = "current"
    NEWER = "newer"


def state(engine: Engine) -> SchemaState:
    """How the database stands to this version."""
    with engine.connect() as connection:
        return _state(connection)


def migrate(engine: Engine) -> None:
    """Bring the tables up to date, all or nothing.

    Raises RuleError("schema_newer"), or ("database_not_utf8") for one that could not hold every letter.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            encoding = connection.execute(text("SHOW server_encoding")).scalar()
            if encoding != "UTF8":
                raise RuleError("database_not_utf8", encoding=str(encoding))
        if _state(connection) is SchemaState.NEWER:
            raise RuleError("schema_newer")
        command.upgrade(_config(connection), "head")


def check(engine: Engine) -> list[str]:
    """Differences between the database and the tables of this version; none in a migrated database."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        return [str(difference) for difference in compare_metadata(context, metadata)]


def draft(number: str, name: str) -> None:
    """Write the next step: what the tables have beyond the steps there are. Read it before it is used.

    Until a first release there is one step: delete it and draft it again.
    """
    with create_engine("sqlite://").begin() as connection:
        config = _config(connection)
        command.upgrade(config, "head")
        command.revision(config, message=name, autogenerate=True, rev_id=number)


def _state(connection: Connection) -> SchemaState:
    current = MigrationContext.configure(connection).get_current_revision()
    if current is None:
        return SchemaState.EMPTY
    scripts = ScriptDirectory.from_config(_config(connection))
    if current == scripts.get_current_head():
        return SchemaState.CURRENT
    known = {script.revision for script in scripts.walk_revisions()}
    return SchemaState.OLD if current in known else SchemaState.NEWER


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    attributes: dict[str, Any] = config.attributes
    attributes["connection"] = connection
    return config
