"""What the tracking page may show: a ticket found by its secret code, without names and without the story."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from core.codes import read_secret
from core.say import Label
from core.tickets import STAGES, Status
from handlers.service import Service
from storage.tables import TicketEntryRow, TicketRow
from storage.transaction import Transaction, table

_MONTH = timedelta(days=31)
_TICKET = table(TicketRow)
_ENTRY = table(TicketEntryRow)


@dataclass(frozen=True, slots=True)
class PublicEntry:
    """One line of the timeline. `side`: citizen, desk, unit or system."""

    at: datetime
    side: str
    text: str


@dataclass(frozen=True, slots=True)
class LookupResult:
    """Where a ticket stands."""

    number: str
    field: str
    stage: Label
    sent_at: datetime
    receive_by: datetime
    promised_by: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    entries: tuple[PublicEntry, ...]


def find(service: Service, tx: Transaction, secret: str, now: datetime) -> LookupResult | None:
    """The ticket behind a secret code as a person typed it. None: no such code, or its time is over."""
    code = read_secret(secret)
    fingerprint = service.keys.blind("ticket_secret", code or "")
    row = tx.connection.execute(
        select(_TICKET).where(
            _TICKET.c.organisation_id == tx.organisation_id, _TICKET.c.secret_hmac == fingerprint
        )
    ).first()
    if row is None or code is None or _is_over(service, row, now):
        return None
    labels = {option.code: option.label for option in service.fields}
    return LookupResult(
        number=row.number,
        field=labels.get(row.field, ""),
        stage=Label(STAGES[Status(row.status)]),
        sent_at=row.created_at,
        receive_by=row.receive_by,
        promised_by=row.promised_by,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
        entries=_entries(tx, row.id),
    )


def _is_over(service: Service, ticket: Row[Any], now: datetime) -> bool:
    kept = service.organisation.organisation.retention_months * _MONTH
    return ticket.closed_at is not None and ticket.closed_at + kept < now


def _entries(tx: Transaction, ticket_id: int) -> tuple[PublicEntry, ...]:
    rows = tx.connection.execute(
        select(_ENTRY.c.created_at, _ENTRY.c.side, _ENTRY.c.text)
        .where(_ENTRY.c.ticket_id == ticket_id, _ENTRY.c.is_public, _ENTRY.c.side != "citizen")
        .order_by(_ENTRY.c.id)
    )
    return tuple(PublicEntry(row.created_at, row.side, row.text) for row in rows)
