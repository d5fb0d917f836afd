"""Statements of the hot path: turned into SQL once, then handed to the driver itself.

Measured on one inbound message: the toolkit's own execution took five times as long as the database, for
caches, events and results that these few statements do not need. What they mean stays in its expression
language: one definition of the tables, one statement for both databases.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any

from sqlalchemy import JSON, BindParameter, ClauseElement, Dialect, bindparam
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine
from sqlmodel import UTCDateTime

Convert = Callable[[Any], Any]

_PLACES = {"sqlite": "qmark", "postgresql": "format"}
"""How the drivers of each database take values by place."""


class Prepared:
    """One statement. Values and rows are those of its column types."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._by_dialect: dict[str, _Compiled] = {}

    def rows(self, driver: Any, dialect: Dialect, values: Mapping[str, Any]) -> list[Any]:
        """Run it: the rows as named tuples, none for a statement that returns none."""
        return self._in(dialect).rows(driver, values)

    def run_all(self, driver: Any, dialect: Dialect, values: Iterable[Mapping[str, Any]]) -> None:
        """Run one that returns no rows with each of these values: the driver takes them all at once."""
        self._in(dialect).run_all(driver, values)

    def _in(self, dialect: Dialect) -> "_Compiled":
        name = dialect.name
        if name not in self._by_dialect:
            self._by_dialect[name] = _Compiled(self._statement, dialect)
        return self._by_dialect[name]


class PreparedForIds:
    """A statement about some ids: prepared for few lengths of their list, which the last id fills up."""

    def __init__(self, build: Callable[[list[BindParameter[int]]], ClauseElement]) -> None:
        """`build` makes the statement from the places of its ids."""
        self._build = build
        self._by_length: dict[int, Prepared] = {}

    def of(self, ids: Sequence[int]) -> tuple[Prepared, dict[str, Any]]:
        """The statement that takes these ids, at least one, and its values."""
        length = 1 << (len(ids) - 1).bit_length()
        if length not in self._by_length:
            places: list[BindParameter[int]] = [bindparam(f"id_{place}") for place in range(length)]
            self._by_length[length] = Prepared(self._build(places))
        filled = [*ids, *[ids[-1]] * (length - len(ids))]
        return self._by_length[length], {f"id_{place}": number for place, number in enumerate(filled)}


class _Compiled:
    """A statement in the words of one database."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        toolkit: Any = type(dialect)
        # Values go by place, which every driver binds faster than names.
        compiled = statement.compile(dialect=toolkit(paramstyle=_PLACES[dialect.name]))
        self._dialect = dialect
        self._sql = str(compiled)
        binds: Mapping[str, BindParameter[Any]] = compiled.binds
        self._names: Sequence[str] = compiled.positiontup
        self._pick = _picker(self._names)
        self._fixed = {name: bind.value for name, bind in binds.items() if not bind.required}
        written = [_writer(binds[name].type, dialect) for name in self._names]
        self._write = [(place, convert) for place, convert in enumerate(written) if convert]
        columns = tuple(statement.exported_columns)
        row: Any = namedtuple("Row", [column.key for column in columns])  # type: ignore[misc]  # noqa: PYI024
        # From a sequence by the constructor of every tuple: `_make` takes longer.
        self._row: Any = partial(tuple.__new__, row) if columns else None
        read = [_reader(column.type, dialect) for column in columns]
        self._read = [(place, convert) for place, convert in enumerate(read) if convert]

    def rows(self, driver: Any, values: Mapping[str, Any]) -> list[Any]:
        cursor = tell(driver, self._dialect, self._sql, self._sent(values))
        found = cursor.fetchall() if self._row else ()
        cursor.close()
        return [self._made(row) for row in found] if found else []

    def run_all(self, driver: Any, values: Iterable[Mapping[str, Any]]) -> None:
        cursor = driver.cursor()
        try:
            cursor.executemany(self._sql, [self._sent(each) for each in values])
        except self._dialect.loaded_dbapi.Error as error:
            raise _as_of_toolkit(error, self._dialect, self._sql) from error
        finally:
            cursor.close()

    def _sent(self, values: Mapping[str, Any]) -> list[Any]:
        given = {**self._fixed, **values} if self._fixed else values
        sent = list(self._pick(given))
        for place, convert in self._write:
            sent[place] = convert(sent[place])
        return sent

    def _made(self, row: tuple[Any, ...]) -> Any:
        if not self._read:
            return self._row(row)
        values = list(row)
        for place, convert in self._read:
            values[place] = convert(values[place])
        return self._row(values)


def _picker(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """The values under these names, in their order; in one call of the interpreter where that exists."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda given: [given[name] for name in names]


def _writer(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    if dialect.name == "sqlite" and isinstance(kind, UTCDateTime):
        return _moment
    if dialect.name == "sqlite" and isinstance(kind, JSON):
        return _json_of(dialect, "_json_serializer")
    convert: Convert | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return convert


@lru_cache(maxsize=64)
def _moment(value: datetime | None) -> str | None:
    """A moment as the toolkit stores it for SQLite, which takes it four times as long.

    Kept for a while: one message writes the same moment many times.
    """
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    """How the driver's value becomes ours, None when it is already."""
    if dialect.name == "sqlite" and isinstance(kind, UTCDateTime):
        return _read_moment
    if dialect.name == "sqlite" and isinstance(kind, JSON):
        return _json_of(dialect, "_json_deserializer")
    convert: Convert | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return convert


def _json_of(dialect: Dialect, which: str) -> Convert:
    """What the engine was given for it. The toolkit wraps that twice, which takes as long as the work."""
    found: Convert = getattr(dialect, which)
    return found


def _read_moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


def tell(driver: Any, dialect: Dialect, sql: str, values: Sequence[Any] = ()) -> Any:
    """The driver's cursor after this SQL. Its errors come as the toolkit's, without the values."""
    try:
        return driver.execute(sql, values)
    except dialect.loaded_dbapi.Error as error:
        raise _as_of_toolkit(error, dialect, sql) from error


def _as_of_toolkit(error: Any, dialect: Dialect, sql: str) -> DBAPIError:
    without_values(error)
    made: DBAPIError = DBAPIError.instance(
        sql, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect
    )
    return made


def without_values(error: BaseException) -> None:
    """Take out of an error of PostgreSQL what it quotes: its code and the constraint stay."""
    known = getattr(error, "diag", None)
    if known is not None and known.sqlstate:
        error.args = (f"{known.sqlstate} {known.table_name or ''} {known.constraint_name or ''}".rstrip(),)
