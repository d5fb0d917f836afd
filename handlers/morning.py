"""What one person has to do, of both halves: duties with a date, and citizens' tickets."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import col

from core.calendar import local_day
from core.obligations import WAITING
from core.people import Officer, Role
from core.reminders import DigestItem, Stage, StageKind, Standing, compose, digest_item, stage_at
from core.say import Choice, Label, Text, Value, say
from core.text import clip, mask_digits
from core.tickets import Status
from handlers import access, duties, people
from handlers.service import Service
from storage.tables import ObligationRow, TicketRow
from storage.transaction import Transaction

TITLE = 70
"""Characters of a title in a list."""

ITEMS = 15
"""Items one message lists; the others are counted."""

MANY = 500
"""Open tickets looked through for one person."""

_AT_DESK = frozenset({Status.SUBMITTED, Status.RETURNED, Status.AWAITING_APPROVAL})
_WITH_UNIT = frozenset({Status.FORWARDED, Status.IN_PROGRESS})
_TO_BEGIN = _AT_DESK | {Status.FORWARDED, Status.UNDER_REVIEW}


def gather(
    service: Service,
    tx: Transaction,
    officer: Officer,
    reminded: Iterable[ObligationRow],
    now: datetime,
    *,
    whole: bool,
) -> tuple[DigestItem, ...]:
    """The duties the person is reminded of; with `whole` also tickets and, for leaders, what slips."""
    found = [duty_item(service, tx, officer, row, now) for row in reminded]
    if whole:
        found += _pressing(service, tx, officer, now)
        found += slipping(service, tx, officer, now) if officer.role is Role.LEADER else []
    return compose(found).items


def slipping(service: Service, tx: Transaction, officer: Officer, now: datetime) -> list[DigestItem]:
    """Every duty that is late and every ticket past its promise, for those above."""
    late = duties.duties(
        tx, col(ObligationRow.overdue_after) <= now, col(ObligationRow.status).in_(tuple(WAITING))
    )
    tickets = access.open_tickets(tx, officer, MANY)
    broken = [each for each in tickets if each.promised_by and each.promised_by <= now and _runs(each)]
    return [
        *(duty_item(service, tx, officer, row, now) for row in late),
        *(ticket_item(service, tx, officer, ticket, now) for ticket in broken),
    ]


def concerning(tx: Transaction, officer: Officer) -> list[TicketRow]:
    """Open tickets on which this very person can act or which they hold, the one due first at the top."""
    return [ticket for ticket in access.open_tickets(tx, officer, MANY) if _concerns(officer, ticket)]


def duty_item(
    service: Service, tx: Transaction, officer: Officer, row: ObligationRow, now: datetime
) -> DigestItem:
    """A duty with a date as an item; it names the unit to whoever is of another one."""
    duty = duties.as_rule(row)
    stage = stage_at(duty, now, service.calendar, service.reminders) or Stage(StageKind.AHEAD)
    item = digest_item(duty, stage)
    return DigestItem(
        subject=f"duty:{row.id}",
        title=_of_unit(service, tx, officer, row.unit_id, clip(row.title, TITLE)),
        day=item.day,
        standing=Standing.OVERDUE if duty.is_overdue(now) else item.standing,
    )


def ticket_item(
    service: Service, tx: Transaction, officer: Officer, ticket: TicketRow, now: datetime
) -> DigestItem:
    """A ticket as an item: its number, what it is about and where it stands."""
    due = _clock(ticket)
    fields: dict[str, Value] = {
        "number": ticket.number,
        "title": clip(mask_digits(ticket.title), TITLE),
        "status": Label(f"status.{ticket.status}"),
    }
    about = service.catalogue.body(Text("line_ticket", fields))
    if officer.role is Role.LEADER and ticket.unit_id is not None:
        about = _of_unit(service, tx, officer, ticket.unit_id, about)
    return DigestItem(f"ticket:{ticket.id}", about, local_day(due), _standing(due, now))


def line(service: Service, item: DigestItem, now: datetime) -> str:
    """One item in words: how it stands, then what it is."""
    fields: dict[str, Value] = {
        "title": item.title,
        "day": duties.short_day(item.day, local_day(now)),
        "weekday": Label(f"weekday.{item.day.weekday()}"),
    }
    return service.catalogue.body(Text(f"line_{item.standing.name.lower()}", fields))


def listed(service: Service, items: tuple[DigestItem, ...], now: datetime) -> tuple[Choice, ...]:
    """The items as numbered choices that open them, as many as one message holds."""
    return tuple(Choice(item.subject, line(service, item, now)) for item in items[:ITEMS])


def unlisted(items: tuple[DigestItem, ...]) -> tuple[Text, ...]:
    """The line that counts what did not fit, if anything."""
    return (say("list_more", count=len(items) - ITEMS),) if len(items) > ITEMS else ()


def _pressing(service: Service, tx: Transaction, officer: Officer, now: datetime) -> list[DigestItem]:
    """Tickets that wait for this person to begin, or are promised for today or earlier."""
    found = []
    for ticket in concerning(tx, officer):
        item = ticket_item(service, tx, officer, ticket, now)
        if ticket.status in _TO_BEGIN or (_runs(ticket) and item.standing is not Standing.AHEAD):
            found.append(item)
    return found


def _of_unit(service: Service, tx: Transaction, officer: Officer, unit_id: int | None, title: str) -> str:
    if officer.is_of(unit_id):
        return title
    unit = None if unit_id is None else people.unit_by_id(tx, unit_id)
    name = unit.name if unit else Label("obligation.no_unit")
    return service.catalogue.body(say("line_of_unit", unit=name, title=title))


def _clock(ticket: TicketRow) -> datetime:
    """The moment the ticket runs towards now."""
    if ticket.status == Status.SUBMITTED:
        return ticket.receive_by
    return ticket.promised_by or ticket.legal_by


def _standing(due: datetime, now: datetime) -> Standing:
    if due <= now:
        return Standing.OVERDUE
    return Standing.TODAY if local_day(due) == local_day(now) else Standing.AHEAD


def _runs(ticket: TicketRow) -> bool:
    """While the citizen is asked nobody of the authority is late."""
    return ticket.status != Status.AWAITING_CITIZEN


def _concerns(officer: Officer, ticket: TicketRow) -> bool:
    status = Status(ticket.status)
    if officer.role is Role.LEADER:
        return status is Status.UNDER_REVIEW or (status is Status.RETURNED and ticket.returns >= 2)
    if status in _WITH_UNIT and officer.is_of(ticket.unit_id):
        return True
    if officer.role is not Role.DESK:
        return False
    return ticket.holder_id == officer.id or (status in _AT_DESK and ticket.holder_id is None)
