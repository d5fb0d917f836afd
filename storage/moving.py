"""The rows of one database in another, and a fingerprint that is the same on both."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, Table, collate, func, insert, select, text

from core.errors import RuleError
from storage.tables import metadata

_AT_ONCE = 1000
_MARK = "danvan move "


@dataclass(frozen=True, slots=True)
class Content:
    """How many rows a table has, and their fingerprint."""

    table: str
    rows: int
    sha256: str


def contents(connection: Connection) -> tuple[Content, ...]:
    """What stands in every table, in this transaction's snapshot."""
    return tuple(_content(connection, each) for each in metadata.sorted_tables)


def fingerprint(found: Sequence[Content]) -> str:
    """One fingerprint for all tables."""
    lines = "".join(f"{each.table} {each.rows} {each.sha256}\n" for each in found)
    return hashlib.sha256(lines.encode()).hexdigest()


def copy(source: Connection, target: Connection) -> tuple[Content, ...]:
    """Replace the rows of `target`, a PostgreSQL database, by those of `source`; what stands there now.

    Raises RuleError("move_target_used") when it holds anything but an untouched copy.
    """
    before = contents(target)
    if any(each.rows for each in before) and _marked(target) != fingerprint(before):
        raise RuleError("move_target_used")
    names = ", ".join(f'"{each.name}"' for each in metadata.sorted_tables)
    target.execute(text(f"TRUNCATE {names}"))
    for each in metadata.sorted_tables:
        for rows in source.execute(_in_parts(select(each))).mappings().partitions():
            target.execute(insert(each), [dict(row) for row in rows])
        _count_on(target, each)
    after = contents(target)
    target.execute(text(f"COMMENT ON TABLE organisation IS '{_MARK}{fingerprint(after)}'"))
    return after


def _in_parts(query: Select[Any]) -> Select[Any]:
    """So that a large table is never in memory whole."""
    return query.execution_options(yield_per=_AT_ONCE)


def _marked(target: Connection) -> str:
    """The fingerprint of the last copy. Not in a row, which would be no part of the source."""
    mark = target.execute(text("SELECT obj_description(CAST('organisation' AS regclass))")).scalar()
    return str(mark or "").removeprefix(_MARK)


def _count_on(target: Connection, rows: Table) -> None:
    """Let the next row of this table get the number after the last one copied."""
    if "id" not in rows.c:
        return
    last = target.execute(select(func.max(rows.c.id))).scalar()
    sequence = func.pg_get_serial_sequence(rows.name, "id")
    target.execute(select(func.setval(sequence, last or 1, last is not None)))


def _content(connection: Connection, rows: Table) -> Content:
    count, hashed = 0, hashlib.sha256()
    order = [_in_order_of_bytes(connection, column) for column in rows.primary_key]
    for part in connection.execute(_in_parts(select(rows).order_by(*order))).partitions():
        count += len(part)
        for line in _lines(part):
            hashed.update(line)
    return Content(rows.name, count, hashed.hexdigest())


def _in_order_of_bytes(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Text sorted as SQLite sorts it, whatever language PostgreSQL was set up for."""
    if connection.dialect.name == "postgresql" and isinstance(column.type, String):
        return collate(column, "C")
    return column


def _lines(rows: Sequence[Any]) -> Iterator[bytes]:
    for row in rows:
        yield json.dumps(list(row), default=_plain, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _plain(value: object) -> str:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case _:
            raise TypeError(f"no way to write a {type(value).__name__}")
