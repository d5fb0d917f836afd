"""T4b: the citizen says that a message was no answer to the desk's question but another matter."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from core import clocks
from core.say import say
from core.tickets import Act, Actor, Status, may, transition
from handlers import cards, notices, relay, tickets
from handlers.audit import CITIZEN
from handlers.service import Service
from storage.tables import TicketEntryRow, TicketRow
from storage.transaction import Transaction


def take_back(service: Service, tx: Transaction, ticket: TicketRow, text: str, now: datetime) -> None:
    """The words leave the ticket, and its question waits again until the same day as before.

    Where work went on meanwhile the ticket stays where it is; the desk hears of it in both cases.
    """
    question, answer = _latest(tx, ticket, "desk"), _latest(tx, ticket, "citizen", text)
    if question is None or answer is None:
        return
    pause = answer.created_at - question.created_at
    tx.session.delete(answer)
    if may(Status(ticket.status), Act.TAKE_BACK, Actor.CITIZEN):
        _wait_again(service, tx, ticket, question, pause, now)
        notices.question_reopened(tx, ticket, now)
    else:
        ticket.version += 1
        notices.answer_taken_back(tx, ticket, now)
    cards.refresh(service, tx, ticket, now)


def _wait_again(
    service: Service,
    tx: Transaction,
    ticket: TicketRow,
    question: TicketEntryRow,
    pause: timedelta,
    now: datetime,
) -> None:
    row = transition(Status(ticket.status), Act.TAKE_BACK, Actor.CITIZEN)
    tickets.move(tx, ticket, row, Status.AWAITING_CITIZEN, CITIZEN, now)
    earlier = timedelta(seconds=ticket.paused_seconds) - pause
    ticket.question = question.text
    ticket.paused_at = now
    ticket.question_until = clocks.question_until(
        question.created_at,
        calendar=service.calendar,
        policy=service.clocks,
        already_paused=max(earlier, timedelta()),
    )
    text = say("ticket_question_open", number=ticket.number, until=ticket.question_until)
    relay.tell(service, tx, ticket, text, now, purpose="question_open")


def _latest(tx: Transaction, ticket: TicketRow, side: str, text: str | None = None) -> TicketEntryRow | None:
    """The newest public line of that side, of these words when they are given."""
    of_side = (TicketEntryRow.ticket_id == ticket.id, TicketEntryRow.side == side)
    wanted = select(TicketEntryRow).where(*of_side, col(TicketEntryRow.is_public))
    if text is not None:
        wanted = wanted.where(TicketEntryRow.text == text)
    tx.flush()
    return tx.session.exec(wanted.order_by(col(TicketEntryRow.id).desc()).limit(1)).first()
