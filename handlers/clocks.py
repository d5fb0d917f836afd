"""Ticket clocks that run by themselves: a question unanswered, an answer nobody spoke about."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select

from core.tickets import Status
from handlers import tickets
from handlers.alone import alone
from handlers.service import Service
from storage.tables import TicketRow
from storage.transaction import Transaction

_Act = Callable[[Service, Transaction, TicketRow, datetime], None]
_AT_ONCE = 100


def run(service: Service, tx: Transaction, now: datetime) -> None:
    """T5 and T22 for every ticket whose time is over; a reminder to the citizen some days before."""
    asked = _found(tx, Status.AWAITING_CITIZEN, col(TicketRow.question_until) <= now)
    _each(service, tx, asked, tickets.lapse_question, now)
    answered = _found(tx, Status.ANSWERED, col(TicketRow.feedback_until) <= now)
    _each(service, tx, answered, tickets.expire, now)
    if service.calendar.allowed_push(now) == now:
        _remind(service, tx, now)


def _remind(service: Service, tx: Transaction, now: datetime) -> None:
    """The citizen hears once that a question, or whether the matter is done, is still open."""
    asked = now - timedelta(days=service.clocks.question_reminder_calendar_days)
    open_questions = _found(tx, Status.AWAITING_CITIZEN, *_unreminded(TicketRow.paused_at, asked))
    _each(service, tx, open_questions, tickets.remind_of_question, now)
    answered = now - timedelta(days=service.clocks.feedback_reminder_calendar_days)
    unjudged = _found(tx, Status.ANSWERED, *_unreminded(TicketRow.answered_at, answered))
    _each(service, tx, unjudged, tickets.remind_of_answer, now)


def _each(service: Service, tx: Transaction, ids: list[int], act: _Act, now: datetime) -> None:
    for number in ids:
        alone(tx, "clock_failed", number, partial(_one, service, tx, number, act, now))


def _one(service: Service, tx: Transaction, number: int, act: _Act, now: datetime) -> None:
    act(service, tx, tx.session.get_one(TicketRow, number), now)


def _unreminded(since: datetime | None, latest: datetime) -> tuple[ColumnElement[bool], ...]:
    """Waiting since `latest` or longer, and not reminded since it began to wait."""
    nudged = col(TicketRow.nudged_at)
    return col(since) <= latest, or_(nudged.is_(None), nudged < col(since))


def _found(tx: Transaction, status: Status, *wanted: ColumnElement[bool]) -> list[int]:
    tx.flush()
    rows = tx.session.exec(
        select(TicketRow.id)
        .where(TicketRow.status == status, *wanted)
        .order_by(col(TicketRow.id))
        .limit(_AT_ONCE)
    )
    return list(rows)
