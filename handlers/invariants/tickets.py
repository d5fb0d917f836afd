"""Invariants of tickets and of the record of who did what."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select

from handlers.invariants.finding import EXAMPLES, Finding, rows_of
from handlers.service import Service
from storage.tables import AuditRow, ObligationRow, TicketRow
from storage.transaction import Transaction, table

_AUDIT = table(AuditRow)
_OBLIGATION = table(ObligationRow)
_TICKET = table(TicketRow)


def i04(_service: Service, tx: Transaction, _now: datetime) -> Iterator[Finding]:
    """Numbers and secret codes are unique."""
    for column in (_TICKET.c.number, _TICKET.c.secret_hmac):
        query = select(func.min(_TICKET.c.id)).group_by(column).having(func.count() > 1)
        yield from rows_of(tx, "I04", f"two tickets share {column.name}", query)


def i16(_service: Service, tx: Transaction, _now: datetime) -> Iterator[Finding]:
    """Replaying the audit rows gives the present state, step by step without a break."""
    replayed: dict[str, str] = {}
    broken: list[str] = []
    rows = tx.connection.execute(
        select(_AUDIT.c.id, _AUDIT.c.subject, _AUDIT.c.before, _AUDIT.c.after)
        .where(_AUDIT.c.after != "", _AUDIT.c.subject.regexp_match("^(ticket|obligation):"))
        .order_by(_AUDIT.c.id)
    )
    for row in rows:
        if row.subject in replayed and replayed[row.subject] != row.before:
            broken.append(row.subject)
        replayed[row.subject] = row.after
    for name, subjects in (("ticket", _TICKET), ("obligation", _OBLIGATION)):
        present = tx.connection.execute(select(subjects.c.id, subjects.c.status))
        broken += [f"{name}:{id_}" for id_, status in present if replayed.get(f"{name}:{id_}") != status]
    if broken:
        yield Finding("I16", "the audit rows do not lead to the present state", tuple(broken[:EXAMPLES]))


def i32(_service: Service, tx: Transaction, _now: datetime) -> Iterator[Finding]:
    """The record only grows: no audit row is missing between the first and the last."""
    if tx.connection.dialect.name != "sqlite":
        return  # a sequence of PostgreSQL may skip numbers by itself
    last, count = tx.connection.execute(select(func.max(_AUDIT.c.id), func.count())).one()
    if last is not None and last != count:
        yield Finding("I32", "audit rows are missing", (f"last {last}, count {count}",))


CHECKS = (i04, i16, i32)
