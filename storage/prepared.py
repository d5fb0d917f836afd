"""Statements of the hot path: turned into SQL once, then handed to the driver itself.

Measured on one inbound message: the toolkit's own execution took five times as long as the database, for
caches, events and results that these few statements do not need. What they mean stays in its expression
language: one definition of the tables, one statement for both databases.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BindParameter, ClauseElement, Dialect
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine
from sqlmodel import UTCDateTime

Convert = Callable[[Any], Any]


class Prepared:
    """One statement without lists of unknown length. Values and rows are those of its column types."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._by_dialect: dict[str, _Compiled] = {}

    def rows(self, driver: Any, dialect: Dialect, values: Mapping[str, Any]) -> list[Any]:
        """Run it: the rows as named tuples, none for a statement that returns none."""
        compiled = self._by_dialect.get(dialect.name)
        if compiled is None:
            compiled = self._by_dialect[dialect.name] = _Compiled(self._statement, dialect)
        return compiled.rows(driver, values)


class _Compiled:
    """A statement in the words of one database."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        # Values go by name with both drivers; for SQLite the toolkit would choose places.
        named = sqlite.dialect(paramstyle="named") if dialect.name == "sqlite" else dialect
        compiled = statement.compile(dialect=named)
        self._dialect = dialect
        self._sql = str(compiled)
        binds: Mapping[str, BindParameter[Any]] = compiled.binds
        self._fixed = {name: bind.value for name, bind in binds.items() if not bind.required}
        self._write = _writers(binds, dialect)
        columns = tuple(statement.exported_columns)
        self._row: Any = namedtuple("Row", [column.key for column in columns]) if columns else None  # noqa: PYI024
        self._read = _readers(columns, dialect)

    def rows(self, driver: Any, values: Mapping[str, Any]) -> list[Any]:
        sent = {**self._fixed, **values}
        for name, convert in self._write:
            sent[name] = convert(sent[name])
        cursor = tell(driver, self._dialect, self._sql, sent)
        found = cursor.fetchall() if self._row else ()
        cursor.close()
        return [self._made(row) for row in found]

    def _made(self, row: tuple[Any, ...]) -> Any:
        if not self._read:
            return self._row._make(row)
        values = list(row)
        for place, convert in self._read:
            values[place] = convert(values[place])
        return self._row._make(values)


def _writers(binds: Mapping[str, BindParameter[Any]], dialect: Dialect) -> list[tuple[str, Convert]]:
    """How values become the driver's, for those that have to."""
    made = {name: _writer(bind.type, dialect) for name, bind in binds.items()}
    return [(name, convert) for name, convert in made.items() if convert]


def _writer(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    if dialect.name == "sqlite" and isinstance(kind, UTCDateTime):
        return _moment
    convert: Convert | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return convert


def _moment(value: datetime | None) -> str | None:
    """A moment as the toolkit stores it for SQLite, which takes it four times as long."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _readers(columns: Sequence[Any], dialect: Dialect) -> list[tuple[int, Convert]]:
    """How the driver's values become ours, by place."""
    made = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    return [(place, convert) for place, convert in enumerate(made) if convert]


def tell(driver: Any, dialect: Dialect, sql: str, values: Mapping[str, Any] | tuple[()] = ()) -> Any:
    """The driver's cursor after this SQL. Its errors come as the toolkit's, without the values."""
    try:
        return driver.execute(sql, values)
    except dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(
            sql, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect
        ) from error
