"""Ticket clocks that run out by themselves: a question unanswered, an answer nobody spoke about."""

from datetime import datetime

from sqlmodel import col, select

from core.tickets import Status
from handlers import tickets
from handlers.service import Service
from storage.tables import TicketRow
from storage.transaction import Transaction

_AT_ONCE = 100


def run(service: Service, tx: Transaction, now: datetime) -> None:
    """T5 and T22 for every ticket whose time is over."""
    for ticket in _over(tx, Status.AWAITING_CITIZEN, TicketRow.question_until, now):
        tickets.lapse_question(service, tx, ticket, now)
    for ticket in _over(tx, Status.ANSWERED, TicketRow.feedback_until, now):
        tickets.expire(service, tx, ticket, now)


def _over(tx: Transaction, status: Status, until: datetime | None, now: datetime) -> list[TicketRow]:
    rows = tx.session.exec(
        select(TicketRow)
        .where(TicketRow.status == status, col(until) <= now)
        .order_by(col(TicketRow.id))
        .limit(_AT_ONCE)
    )
    return list(rows)
