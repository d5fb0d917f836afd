"""One violated invariant, and how queries become findings."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from storage.transaction import Transaction

EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """`rows` names at most a few of the rows that break the invariant `code`."""

    code: str
    what: str
    rows: tuple[str, ...] = ()


def rows_of(tx: Transaction, code: str, what: str, query: Select[Any]) -> Iterator[Finding]:
    """A finding when the query, whose first column names a row, returns anything."""
    found = tx.connection.execute(query.limit(EXAMPLES)).all()
    if found:
        yield Finding(code, what, tuple(str(row[0]) for row in found))
