"""Warnings of a ticket's clocks: who holds it hears once half-way and once when the time is over.

A ticket's `alert_at` says when it is looked at again; whatever moves it or its clocks has it looked at anew.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from sqlmodel import col, select

from core import clocks
from core.alerts import RUNNING, Alert, AlertClock, AlertStage, alerts
from core.people import Officer, Role
from core.say import Label, Text
from core.text import clip, mask_digits
from core.tickets import Status
from handlers import notices, people
from handlers.alone import alone
from handlers.morning import TITLE
from handlers.service import Service
from storage.tables import TicketRow
from storage.transaction import Transaction

_AT_ONCE = 100


def run(service: Service, tx: Transaction, now: datetime) -> None:
    """Give the warnings whose moment has come. At night and on days off only urgent tickets are warned of."""
    tx.flush()
    due = (
        select(TicketRow.id).where(col(TicketRow.alert_at) <= now).order_by(col(TicketRow.id)).limit(_AT_ONCE)
    )
    for number in list(tx.session.exec(due)):
        alone(tx, "alert_failed", number, partial(_turn_of, service, tx, number, now))


def _turn_of(service: Service, tx: Transaction, number: int, now: datetime) -> None:
    ticket = tx.session.get_one(TicketRow, number)
    allowed = now if ticket.is_urgent else service.calendar.allowed_push(now)
    if allowed > now and _unsaid(service, ticket, now):
        ticket.alert_at = allowed
    else:
        _look_at(service, tx, ticket, now)


def _look_at(service: Service, tx: Transaction, ticket: TicketRow, now: datetime) -> None:
    """Of two warnings of one clock that are due together only the graver is given."""
    unsaid = _unsaid(service, ticket, now)
    for alert in {alert.clock: alert for alert in unsaid}.values():
        _give(service, tx, ticket, alert, now)
    ticket.alerted = [*ticket.alerted, *(alert.code for alert in unsaid)]
    ticket.alert_at = min((alert.at for alert in _all(service, ticket) if alert.at > now), default=None)


def _unsaid(service: Service, ticket: TicketRow, now: datetime) -> list[Alert]:
    return [alert for alert in _all(service, ticket) if alert.at <= now and alert.code not in ticket.alerted]


def _all(service: Service, ticket: TicketRow) -> list[Alert]:
    return [
        alert
        for clock in RUNNING.get(Status(ticket.status), ())
        for alert in _of_clock(service, ticket, clock)
    ]


def _of_clock(service: Service, ticket: TicketRow, clock: AlertClock) -> tuple[Alert, ...]:
    start, until, in_office_time = ticket.moved_at, ticket.receive_by, not ticket.is_urgent
    match clock:
        case AlertClock.RECEIVE:
            pass
        case AlertClock.TAKE:
            until = clocks.take_by(
                start, urgent=ticket.is_urgent, calendar=service.calendar, policy=service.clocks
            )
        case AlertClock.PROMISE:
            if ticket.promised_from is None or ticket.promised_by is None:
                return ()
            start, until, in_office_time = ticket.promised_from, ticket.promised_by, True
    return alerts(clock, start, until, in_office_time=in_office_time, calendar=service.calendar)


# --- who hears ---------------------------------------------------------------------------------------------


def _give(service: Service, tx: Transaction, ticket: TicketRow, alert: Alert, now: datetime) -> None:
    text = Text(
        f"alert_{alert.clock}_{alert.stage}",
        {
            "number": ticket.number,
            "title": clip(mask_digits(ticket.title), TITLE),
            "status": Label(f"status.{ticket.status}"),
            "by": alert.until,
        },
    )
    key, press = f"alert:{ticket.id}:{alert.code}", f"t:{ticket.id}:{ticket.version}"
    hearers = _hearers(service, tx, ticket, alert)
    heard = [notices.to_officer(tx, officer, text, now, key=key, press=press) for officer in hearers]
    if _is_with_desk(service, tx, ticket) or not any(heard):
        notices.to_desk(tx, text, now, key=key, press=press)


def _is_with_desk(service: Service, tx: Transaction, ticket: TicketRow) -> bool:
    """Whether the desk holds it, which handles some matters itself as a unit."""
    if _is_with_leader(ticket):
        return False
    if Status(ticket.status) not in {Status.FORWARDED, Status.IN_PROGRESS}:
        return True
    unit = people.unit_by_id(tx, ticket.unit_id or 0)
    return unit is None or unit.name == service.organisation.desk.unit


def _is_with_leader(ticket: TicketRow) -> bool:
    return ticket.status == Status.UNDER_REVIEW or (ticket.status == Status.RETURNED and ticket.returns >= 2)


def _hearers(service: Service, tx: Transaction, ticket: TicketRow, alert: Alert) -> Iterable[Officer]:
    """Who hears it in private: the leaders or the unit where they hold it, and those above at the end."""
    is_over = alert.stage is AlertStage.DUE
    if _is_with_leader(ticket) or (alert.clock is AlertClock.RECEIVE and is_over):
        return people.officers_with_role(tx, Role.LEADER)
    unit = people.unit_by_id(tx, ticket.unit_id or 0)
    if unit is None or _is_with_desk(service, tx, ticket):
        return ()
    of_unit = {officer.id: officer for officer in people.officers_of_unit(tx, unit.id) if officer.may_work}
    head = people.officer_named(tx, unit.head) if is_over and unit.head else None
    if head is not None and head.may_work:
        of_unit[head.id] = head
    return of_unit.values()
