"""What becomes of a confirmed message: released, delivered, lost, in doubt; and drafts nobody confirmed."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import bindparam, literal_column
from sqlmodel import col, select

from core.conversation.officer_effects import DraftBegun
from core.conversation.officer_states import Holding, ReplyKind, reply_of
from core.errors import RuleError
from core.people import Officer, Role
from core.say import Label, say
from core.tickets import Outcome, check_answer
from handlers import audit, cards, casework, dialogue, drafts, notices, people, shown
from handlers.alone import alone
from handlers.audit import By
from handlers.service import Service
from handlers.staff import Turn
from storage import outbox
from storage.prepared import Prepared
from storage.tables import ReplyRow, TicketRow
from storage.transaction import Transaction, table

DRAFT_LIFE = timedelta(minutes=10)
"""A draft nobody touches for so long stays inside as a note."""

WAIT_FOR_FILES = timedelta(minutes=2)
"""How long a confirmed message waits for its own photos to be fetched."""

_AT_ONCE = 50

_HELD_OVER = Prepared(
    select(table(ReplyRow).c.id).where(
        table(ReplyRow).c.state == literal_column("'held'"), table(ReplyRow).c.release_at <= bindparam("now")
    )
)
"""Asked with every look of the sending loop; the state as it stands in the partial index."""


def held_over(tx: Transaction, now: datetime) -> list[int]:
    """Ids of the replies that were confirmed and not undone in time."""
    return [row.id for row in tx.run(_HELD_OVER, {"now": now})]


def release(service: Service, tx: Transaction, reply_id: int, now: datetime) -> None:
    """Send it once its files are there. What a rule now forbids becomes a draft again, and is told."""
    row = _row(tx, reply_id)
    assert row.release_at is not None
    if now >= row.release_at + WAIT_FOR_FILES or not drafts.has_waiting_files(tx, reply_id):
        _let_go(service, tx, row, now)


def lapse_drafts(service: Service, tx: Transaction, now: datetime) -> None:
    """Drafts not confirmed in time become notes on their tickets, and their writers are told."""
    for reply_id in _ids(tx, ReplyRow.state == "draft", col(ReplyRow.touched_at) <= now - DRAFT_LIFE):
        alone(tx, "draft_unlapsed", reply_id, partial(_lapse, service, tx, reply_id, now))


def _lapse(service: Service, tx: Transaction, reply_id: int, now: datetime) -> None:
    row = _row(tx, reply_id)
    officer = _writer(tx, row)
    if not row.text:
        row.state = "dropped"
        row.ended_at = now
        return
    ticket = _ticket(tx, row)
    drafts.keep_as_note(tx, row, ticket, officer, now)
    if officer.may_work:
        turn = _turn(service, tx, row, officer, "lapse", now)
        turn.tell(turn.addressed(say("reply_lapsed", number=ticket.number)))


def settled(
    service: Service, tx: Transaction, reply_id: int, outcome: str, failure: str, now: datetime
) -> None:
    """How the message ended. `outcome`: delivered, failed or doubtful; `failure` is the network's code."""
    row = tx.session.get(ReplyRow, reply_id)
    if row is None or row.state != "released":
        return
    ticket = _ticket(tx, row)
    row.state = outcome
    row.ended_at = now
    if outcome == "failed":
        known = f"failure.{failure}" in service.catalogue.labels
        row.failure = failure if known else "other"
        notices.answer_lost(tx, ticket, row, Label(f"failure.{row.failure}"), now)
    elif outcome == "doubtful":
        notices.answer_doubtful(tx, ticket, row, now)
    ticket.version += 1
    cards.refresh(service, tx, ticket, now)


def send_again(
    service: Service, tx: Transaction, ticket: TicketRow, officer: Officer, reply_id: int, now: datetime
) -> None:
    """A person decided that a doubtful message goes out once more. It stays one row: one message."""
    row = _doubtful(tx, ticket, officer, reply_id)
    row.state = "released"
    row.ended_at = None
    ticket.version += 1
    audit.record(tx, By("desk", officer), "send_again", f"ticket:{ticket.id}", now, note=f"reply {row.id}")
    outbox.try_again(tx, subject=f"ticket:{ticket.id}", reference=f"reply:{row.id}", now=now)
    cards.refresh(service, tx, ticket, now)


def declare_arrived(
    service: Service, tx: Transaction, ticket: TicketRow, officer: Officer, reply_id: int, now: datetime
) -> None:
    """A person found out that a doubtful message did arrive."""
    row = _doubtful(tx, ticket, officer, reply_id)
    row.state = "delivered"
    ticket.version += 1
    audit.record(
        tx, By("desk", officer), "declare_arrived", f"ticket:{ticket.id}", now, note=f"reply {row.id}"
    )
    cards.refresh(service, tx, ticket, now)


# --- steps -------------------------------------------------------------------------------------------------


def _ids(tx: Transaction, *wanted: Any) -> list[int]:
    tx.flush()
    mine = col(ReplyRow.organisation_id) == tx.organisation_id
    found = select(ReplyRow.id).where(mine, *wanted).order_by(col(ReplyRow.id)).limit(_AT_ONCE)
    return list(tx.session.exec(found))


def _row(tx: Transaction, reply_id: int) -> ReplyRow:
    row = tx.session.get(ReplyRow, reply_id)
    assert row is not None
    return row


def _writer(tx: Transaction, row: ReplyRow) -> Officer:
    officer = people.officer_by_id(tx, row.officer_id)
    assert officer is not None
    return officer


def _ticket(tx: Transaction, row: ReplyRow) -> TicketRow:
    ticket = tx.session.get(TicketRow, row.ticket_id)
    assert ticket is not None
    return ticket


def _let_go(service: Service, tx: Transaction, row: ReplyRow, now: datetime) -> None:
    reply_id, officer = row.id, _writer(tx, row)
    try:
        with tx.savepoint():
            _release(service, tx, row, _ticket(tx, row), officer, now)
    except RuleError as error:
        _give_back(service, tx, reply_id, officer, error, now)
    else:
        _close_hold(_turn(service, tx, row, officer, "left", now), row, _ticket(tx, row))


def _close_hold(turn: Turn, row: ReplyRow, ticket: TicketRow) -> None:
    """It can be undone no longer: the message that offered it says so."""
    standing = dialogue.standing(turn, as_stored=True)
    held = standing.state.step
    if not isinstance(held, Holding) or held.reply.id != row.id:
        return
    message_id = shown.message_with(turn.tx, turn.chat, f"d:{standing.question_id}")
    if message_id:
        turn.replace(message_id, turn.addressed(say("reply_left", number=ticket.number)))


def _release(
    service: Service, tx: Transaction, row: ReplyRow, ticket: TicketRow, officer: Officer, now: datetime
) -> None:
    row.state = "released"
    files = drafts.stored_files(tx, row.id)
    if row.kind == ReplyKind.QUESTION:
        casework.ask(service, tx, ticket, officer, row.text, reply_id=row.id, now=now)
        return
    outcome = Outcome(row.outcome)
    photos = len(drafts.stored_photos(tx, row.id))
    check_answer(outcome, row.text, photos=photos, has_date=row.promised_on is not None)
    casework.publish_answer(
        service,
        tx,
        ticket,
        officer,
        outcome=outcome,
        text=row.text,
        promised_on=row.promised_on,
        files=files,
        reply_id=row.id,
        now=now,
    )


def _give_back(
    service: Service, tx: Transaction, reply_id: int, officer: Officer, error: RuleError, now: datetime
) -> None:
    """It could not leave: a draft again, with the reason and the ways that are left."""
    row = _row(tx, reply_id)
    ticket = _ticket(tx, row)
    row.state = "draft"
    row.release_at = None
    row.touched_at = now
    if not officer.may_work:
        drafts.keep_as_note(tx, row, ticket, officer, now)
        return
    turn = _turn(service, tx, row, officer, f"refused:{now:%H%M%S}", now)
    turn.tell(turn.addressed(say("reply_refused", number=ticket.number, why=error.sentence)))
    present = reply_of(dialogue.standing(turn).state.step)
    if present is None or present.id == row.id:
        dialogue.advance(turn, DraftBegun(drafts.as_reply(row, ticket)))


def _turn(
    service: Service, tx: Transaction, row: ReplyRow, officer: Officer, why: str, now: datetime
) -> Turn:
    chat = drafts.chat_of(row)
    is_private = not people.is_room(tx, chat)
    return Turn(service, tx, officer, chat, f"reply:{row.id}:{why}", now, is_private)


def _doubtful(tx: Transaction, ticket: TicketRow, officer: Officer, reply_id: int) -> ReplyRow:
    row = tx.session.get(ReplyRow, reply_id)
    if officer.role is not Role.DESK:
        raise RuleError("act_not_yours")
    if row is None or row.ticket_id != ticket.id or row.state != "doubtful":
        raise RuleError("reply_decided", number=ticket.number)
    return row
