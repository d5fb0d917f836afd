"""What a ticket is: its kind, its field and its level, as the desk sees it. The promised date follows."""

from dataclasses import dataclass, replace
from datetime import datetime

from core import clocks
from core.clocks import Pace
from core.conversation.draft import Kind
from core.people import Officer, check_classify
from core.say import Choice, Label, Text, Value
from core.tickets import Status
from handlers import audit, cards, relay
from handlers.audit import By
from handlers.service import Service
from storage.tables import TicketRow
from storage.transaction import Transaction

_KINDS = (Kind.FEEDBACK, Kind.PROPOSAL)


def pace(ticket: TicketRow) -> Pace:
    """The level of the ticket."""
    return clocks.pace_of(is_urgent=ticket.is_urgent, is_complex=ticket.is_complex)


def promise(service: Service, ticket: TicketRow, since: datetime) -> datetime:
    """When the citizen is promised an answer, counted from acceptance, without pauses."""
    policy = _clock_policy(service, ticket)
    return clocks.promised_by(since, pace(ticket), calendar=service.calendar, policy=policy)


def question(service: Service, ticket: TicketRow) -> Text:
    """How the ticket is classified now, with everything else it could be."""
    now_is = {ticket.kind, pace(ticket)}
    others = tuple(Choice(code) for code in (*_KINDS, *Pace) if code not in now_is)
    choices = (*others, Choice("field"), Choice("cancel"))
    return Text("officer_class", words(service, ticket), choices)


def words(service: Service, ticket: TicketRow) -> dict[str, Value]:
    """Kind, field and level as blanks of a message, with the number."""
    return {
        "number": ticket.number,
        "kind": Label(f"kind.{ticket.kind}"),
        "field": service.field_label(ticket.field),
        "level": Label(f"level.{pace(ticket)}"),
    }


def change(
    service: Service,
    tx: Transaction,
    ticket: TicketRow,
    officer: Officer,
    now: datetime,
    *,
    kind: Kind | None = None,
    field: str | None = None,
    level: Pace | None = None,
) -> None:
    """Set one of the three right. After acceptance the citizen hears of another field or date."""
    check_classify(officer, Status(ticket.status))
    before = _Before(ticket.kind, ticket.field, pace(ticket), ticket.promised_by)
    old_base = _base(service, ticket)
    ticket.kind = kind or ticket.kind
    ticket.field = ticket.field if field is None else field
    if level is not None:
        ticket.is_urgent, ticket.is_complex = level is Pace.URGENT, level is Pace.COMPLEX
    if (ticket.kind, ticket.field, pace(ticket)) == (before.kind, before.field, before.pace):
        return
    _move_clocks(service, ticket, old_base, now)
    ticket.version += 1
    ticket.alert_at = now
    note = f"{before.kind}/{before.field}/{before.pace} > {ticket.kind}/{ticket.field}/{pace(ticket)}"
    audit.record(tx, By("desk", officer), "classify", f"ticket:{ticket.id}", now, note=note)
    _tell(service, tx, ticket, before, now)
    cards.refresh(service, tx, ticket, now)


@dataclass(frozen=True, slots=True)
class _Before:
    kind: str
    field: str
    pace: Pace
    promised_by: datetime | None


def _base(service: Service, ticket: TicketRow) -> datetime | None:
    return None if ticket.promised_from is None else promise(service, ticket, ticket.promised_from)


def _move_clocks(service: Service, ticket: TicketRow, old_base: datetime | None, now: datetime) -> None:
    """A level that leaves no time any more is counted from now: nobody is promised a day that is over."""
    calendar = service.calendar
    if ticket.status == Status.SUBMITTED and ticket.is_urgent:
        soon = clocks.receive_by(now, urgent=True, calendar=calendar, policy=service.clocks)
        ticket.receive_by = min(ticket.receive_by, soon)
    new_base = _base(service, ticket)
    if old_base is None or new_base is None or ticket.promised_by is None or new_base == old_base:
        return
    moved = clocks.reclassified(ticket.promised_by, old_base=old_base, new_base=new_base, calendar=calendar)
    ticket.promised_by = moved if moved > now else promise(service, ticket, now)


def _tell(service: Service, tx: Transaction, ticket: TicketRow, before: _Before, now: datetime) -> None:
    if before.promised_by is None or ticket.promised_by is None:
        return
    if ticket.promised_by == before.promised_by:
        if ticket.field == before.field:
            return
        key = "ticket_field_changed"
    else:
        key = "ticket_sooner" if ticket.promised_by < before.promised_by else "ticket_later"
    fields: dict[str, Value] = {
        "number": ticket.number,
        "field": service.field_label(ticket.field),
        "promised_by": ticket.promised_by,
    }
    relay.tell(service, tx, ticket, Text(key, fields), now, purpose="classified")


def _clock_policy(service: Service, ticket: TicketRow) -> clocks.ClockPolicy:
    """The organisation's terms with what the ticket's field says of its own."""
    for field in service.organisation.fields:
        if field.code == ticket.field and field.promised_days:
            return replace(service.clocks, promised_days=field.promised_days)
    return service.clocks
