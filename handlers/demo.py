"""What the demo page shows beside its phones: who was written to, and when the next deadline is."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, select

from core.calendar import local_day
from core.channel import Address, Channel
from core.obligations import WAITING
from core.say import from_json
from core.text import clip
from core.tickets import LIVE, Status
from handlers import people
from handlers.service import Service
from storage.tables import ObligationRow, OfficerChannelRow, OfficerRow, OutboxRow, ServiceStateRow, TicketRow
from storage.transaction import Transaction, table

MORNING = time(7, 45)
"""When the day's digest goes out, local time."""

_OFFSET = "demo_offset_seconds"
_OUTBOX = table(OutboxRow)
_LINK = table(OfficerChannelRow)
_OFFICER = table(OfficerRow)


@dataclass(frozen=True, slots=True)
class Sending:
    """One wish to a network, in words. `at`: when it left, or when it may leave."""

    at: datetime
    to: str
    kind: str
    state: str
    state_word: str
    words: str


def recent_sendings(service: Service, tx: Transaction, limit: int = 60) -> list[Sending]:
    """The newest wishes first."""
    rows = tx.connection.execute(select(_OUTBOX).order_by(_OUTBOX.c.id.desc()).limit(limit)).all()
    names = _officer_names(tx)
    rooms = set(people.rooms(tx))
    return [_sending(service, row, names, rooms) for row in rows]


def remember_offset(tx: Transaction, offset: timedelta) -> None:
    """Keep how far the demo's clock was moved: at the next start its data must not lie in the future."""
    tx.session.merge(ServiceStateRow(key=_OFFSET, value=offset.total_seconds()))


def remembered_offset(tx: Transaction) -> timedelta:
    """How far the clock was moved before, nothing at the first start."""
    known = tx.session.get(ServiceStateRow, _OFFSET)
    return timedelta(seconds=float(known.value)) if known else timedelta()


def next_morning(service: Service, now: datetime) -> datetime:
    """The digest's hour that comes next on a working day, today's when it is still to come."""
    today = local_day(now)
    days = (service.calendar.working_day_on_or_after(day) for day in (today, today + timedelta(days=1)))
    return next(moment for day in days if (moment := service.calendar.at(day, MORNING)) > now)


def next_deadline(service: Service, tx: Transaction, now: datetime) -> datetime | None:
    """The next moment at which an open ticket or obligation comes due or late, or None when there is none."""
    tickets, obligations = table(TicketRow), table(ObligationRow)
    moments: list[datetime | None] = []
    for ticket in tx.connection.execute(select(tickets).where(tickets.c.status.in_(LIVE))):
        moments += _running(ticket)
    for duty in tx.connection.execute(select(obligations).where(obligations.c.status.in_(WAITING))):
        due = duty.strict_due
        moments += [service.calendar.at(due, MORNING) if due else None, duty.overdue_after]
    return min((moment for moment in moments if moment is not None and moment > now), default=None)


def mornings_until(service: Service, now: datetime, target: datetime) -> list[datetime]:
    """The digest's hours on the way, then the target: each has to happen in its own time."""
    stops = []
    morning = next_morning(service, now)
    while morning < target:
        stops.append(morning)
        morning = next_morning(service, morning)
    return [*stops, target]


def _running(ticket: Row[Any]) -> list[datetime | None]:
    """The dates that still mean something in the ticket's state."""
    match Status(ticket.status):
        case Status.SUBMITTED:
            return [ticket.receive_by]
        case Status.AWAITING_CITIZEN:
            return [ticket.question_until]
        case Status.ANSWERED:
            return [ticket.feedback_until]
        case _:
            return [ticket.promised_by, ticket.legal_by]


def _officer_names(tx: Transaction) -> dict[Address, str]:
    rows = tx.connection.execute(
        select(_LINK.c.channel, _LINK.c.chat, _OFFICER.c.name).join(
            _OFFICER, _OFFICER.c.id == _LINK.c.officer_id
        )
    )
    return {Address(Channel(row.channel), row.chat): row.name for row in rows}


def _sending(service: Service, row: Row[Any], names: dict[Address, str], rooms: set[Address]) -> Sending:
    label = service.catalogue.label
    address = Address(Channel(row.channel), row.chat)
    to = label("web.room") if address in rooms else names.get(address, label("web.citizen"))
    if address.channel is not Channel.WEBCHAT:
        to = f"{to} ({label(f'channel.{address.channel}')})"
    words = service.catalogue.body(from_json(row.message)) if row.message else ""
    return Sending(
        at=row.sent_at or row.not_before,
        to=to,
        kind=label(f"sending.{row.kind}"),
        state=row.state,
        state_word=label(f"sent.{row.state}"),
        words=clip(words, 90),
    )
