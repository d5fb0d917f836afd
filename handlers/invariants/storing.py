"""Invariants of the database file, of the files beside it, and of who owns which row."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from PIL import Image
from sqlalchemy import CompoundSelect, String, literal_column, select, text, union_all

from handlers.invariants.finding import EXAMPLES, Finding
from handlers.service import Service
from storage.prepared import Prepared
from storage.tables import AttachmentRow, metadata
from storage.transaction import Transaction, table

_ATTACHMENT = table(AttachmentRow)
_ORPHAN_ALLOWED = timedelta(hours=24)
_REFERENCE = "reference"


def i18(service: Service, tx: Transaction, now: datetime) -> Iterator[Finding]:
    """Every stored attachment has its file, unchanged; every file has its row or is fresh."""
    named = set()
    for row in _stored(tx):
        for name in filter(None, (row.sha256, row.playable_sha256)):
            named.add(name)
            path = service.files.path(name)
            if not path.exists():
                yield Finding("I18", "an attachment without its file", (f"attachment:{row.id}",))
            elif hashlib.sha256(path.read_bytes()).hexdigest() != name:
                yield Finding("I18", "a file changed on disk", (f"attachment:{row.id}",))
    strays = [
        path.name
        for path in service.files.root.glob("*/*")
        if path.name not in named
        and datetime.fromtimestamp(path.stat().st_mtime, UTC) < now - _ORPHAN_ALLOWED
    ]
    if strays:
        yield Finding("I18", "files that no row names", tuple(strays[:EXAMPLES]))


def i19(service: Service, tx: Transaction, _now: datetime) -> Iterator[Finding]:
    """No stored photo carries what the camera wrote beside it."""
    for row in _stored(tx):
        path = service.files.path(row.sha256)
        if row.mime.startswith("image/") and path.exists():
            with Image.open(path) as picture:
                if picture.getexif():
                    yield Finding("I19", "a photo with camera data", (f"attachment:{row.id}",))


def i20(_service: Service, tx: Transaction, _now: datetime) -> Iterator[Finding]:
    """No row refers to a row of another organisation."""
    found: dict[str, list[str]] = {}
    for number, reference in tx.run(_ACROSS, {}):
        found.setdefault(reference, []).append(str(number))
    for reference, rows in found.items():
        yield Finding("I20", f"{reference} crosses organisations", tuple(rows[:EXAMPLES]))


def _across() -> CompoundSelect[Any]:
    """Of every reference between rows that belong to an organisation: those that lead to another one."""
    queries = []
    for rows in metadata.sorted_tables:
        for key in rows.foreign_keys:
            other = key.column.table
            if "organisation_id" not in rows.c or "organisation_id" not in other.c:
                continue
            named = other.alias()
            reference = literal_column(f"'{rows.name}.{key.parent.name}'", String)
            queries.append(
                select(rows.c.id, reference.label(_REFERENCE))
                .join(named, named.c[key.column.name] == key.parent)
                .where(named.c.organisation_id != rows.c.organisation_id)
            )
    return union_all(*queries)


_ACROSS = Prepared(_across())


def i29(_service: Service, tx: Transaction, _now: datetime) -> Iterator[Finding]:
    """The database is whole, and this connection is as durable as it should be."""
    if tx.connection.dialect.name != "sqlite":
        yield from _i29_on_postgresql(tx)
        return
    wanted = {"integrity_check": "ok", "synchronous": 2, "foreign_keys": 1}
    for pragma, value in wanted.items():
        found = tx.connection.execute(text(f"PRAGMA {pragma}")).scalar()
        if found != value:
            yield Finding("I29", f"PRAGMA {pragma} is not {value}", (str(found),))
    loose = tx.connection.execute(text("PRAGMA foreign_key_check")).all()
    if loose:
        yield Finding(
            "I29", "rows that refer to nothing", tuple(f"{row[0]}:{row[1]}" for row in loose[:EXAMPLES])
        )


_LOOSE = text("SELECT conname FROM pg_constraint WHERE NOT convalidated")
_BROKEN = text("SELECT CAST(CAST(indexrelid AS regclass) AS text) FROM pg_index WHERE NOT indisvalid")


def _i29_on_postgresql(tx: Transaction) -> Iterator[Finding]:
    if tx.connection.execute(text("SHOW synchronous_commit")).scalar() == "off":
        yield Finding("I29", "commits are acknowledged before they are on disk", ("synchronous_commit",))
    for what, query in (("references nobody checked", _LOOSE), ("a broken index", _BROKEN)):
        found = tx.connection.execute(query).scalars().all()
        if found:
            yield Finding("I29", what, tuple(str(each) for each in found[:EXAMPLES]))


def _stored(tx: Transaction) -> list[AttachmentRow]:
    rows: list[AttachmentRow] = list(
        tx.connection.execute(select(_ATTACHMENT).where(_ATTACHMENT.c.state == "stored"))  # type: ignore[arg-type]
    )
    return rows


CHECKS = (i18, i19, i20, i29)
