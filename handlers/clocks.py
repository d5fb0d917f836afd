"""Ticket clocks that run by themselves: a question unanswered, an answer nobody spoke about."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select

from core.tickets import Status
from handlers import tickets
from handlers.service import Service
from storage.tables import TicketRow
from storage.transaction import Transaction

_AT_ONCE = 100


def run(service: Service, tx: Transaction, now: datetime) -> None:
    """T5 and T22 for every ticket whose time is over; a reminder to the citizen some days before."""
    for ticket in _found(tx, Status.AWAITING_CITIZEN, col(TicketRow.question_until) <= now):
        tickets.lapse_question(service, tx, ticket, now)
    for ticket in _found(tx, Status.ANSWERED, col(TicketRow.feedback_until) <= now):
        tickets.expire(service, tx, ticket, now)
    if service.calendar.allowed_push(now) == now:
        _remind(service, tx, now)


def _remind(service: Service, tx: Transaction, now: datetime) -> None:
    """The citizen hears once that a question, or whether the matter is done, is still open."""
    asked = now - timedelta(days=service.clocks.question_reminder_calendar_days)
    for ticket in _found(tx, Status.AWAITING_CITIZEN, *_unreminded(TicketRow.paused_at, asked)):
        tickets.remind_of_question(service, tx, ticket, now)
    answered = now - timedelta(days=service.clocks.feedback_reminder_calendar_days)
    for ticket in _found(tx, Status.ANSWERED, *_unreminded(TicketRow.answered_at, answered)):
        tickets.remind_of_answer(service, tx, ticket, now)


def _unreminded(since: datetime | None, latest: datetime) -> tuple[ColumnElement[bool], ...]:
    """Waiting since `latest` or longer, and not reminded since it began to wait."""
    nudged = col(TicketRow.nudged_at)
    return col(since) <= latest, or_(nudged.is_(None), nudged < col(since))


def _found(tx: Transaction, status: Status, *wanted: ColumnElement[bool]) -> list[TicketRow]:
    tx.flush()
    rows = tx.session.exec(
        select(TicketRow)
        .where(TicketRow.status == status, *wanted)
        .order_by(col(TicketRow.id))
        .limit(_AT_ONCE)
    )
    return list(rows)
