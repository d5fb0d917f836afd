"""What can be done to a ticket. Each act: the transition table decides, the row changes, an audit row
stands beside it, the citizen is told, the cards are drawn again; all in the caller's transaction."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlmodel import col, select

from core import clocks
from core.conversation.draft import Draft
from core.conversation.effects import Fixed
from core.errors import RuleError
from core.people import Officer
from core.say import Label, Text, Value, say
from core.tickets import Act, Actor, Status, Transition, transition
from handlers import audit, cards, intake, notices, relay
from handlers.audit import CITIZEN, SYSTEM, By
from handlers.service import Service
from storage.tables import AttachmentRow, TicketEntryRow, TicketRow
from storage.transaction import Transaction

_MEET_FROM = 3
"""From this contest of the same matter on the citizen is also shown where to meet somebody."""


def move(
    tx: Transaction, ticket: TicketRow, row: Transition, target: Status, by: By, now: datetime, note: str = ""
) -> None:
    """Write the table's move: the new status, and the audit row beside it."""
    before = ticket.status
    if target is Status.AWAITING_CITIZEN:
        ticket.left_status = before
    ticket.status = target
    ticket.version += 1
    ticket.moved_at = ticket.alert_at = now
    audit.record(
        tx, by, row.act, f"ticket:{ticket.id}", now, before=before, after=target, note=note or row.code
    )


def note(
    tx: Transaction,
    ticket: TicketRow,
    side: str,
    text: str,
    now: datetime,
    *,
    is_public: bool,
    officer: Officer | None = None,
    inbox_id: int | None = None,
) -> None:
    """Add a line to the ticket's timeline."""
    tx.add(
        TicketEntryRow(
            organisation_id=tx.organisation_id,
            ticket_id=ticket.id,
            inbox_id=inbox_id,
            side=side,
            officer_id=None if officer is None else officer.id,
            text=text,
            is_public=is_public,
            created_at=now,
        )
    )


# --- the citizen's acts ------------------------------------------------------------------------------------


def open_ticket(
    service: Service,
    tx: Transaction,
    draft: Draft,
    reporter: relay.Reporter,
    inbox_id: int | None,
    now: datetime,
) -> TicketRow:
    """T1: a confirmed draft becomes a ticket with a number, a secret code and running clocks."""
    row = transition(Status.DRAFT, Act.SUBMIT, Actor.CITIZEN)
    ticket, secret = intake.new_ticket(service, tx, draft, reporter, now)
    audit.record(
        tx,
        CITIZEN,
        row.act,
        f"ticket:{ticket.id}",
        now,
        before=Status.DRAFT,
        after=Status.SUBMITTED,
        note=row.code,
    )
    note(tx, ticket, "citizen", draft.story_text, now, is_public=True, inbox_id=inbox_id)
    for lines in _told_beside(service, draft):
        note(tx, ticket, "citizen", "\n".join(lines), now, is_public=True)
    relay.tell(service, tx, ticket, intake.receipt(service, ticket, secret), now, purpose="receipt")
    cards.post(service, tx, ticket, now)
    notices.ticket_opened(service, tx, ticket, now)
    return ticket


def _told_beside(service: Service, draft: Draft) -> Iterator[tuple[str, ...]]:
    """What was told beside the story: answers to the questions about the field, words at other steps."""
    if draft.extras:
        answers = (f"{extra.question} {extra.answer}" for extra in draft.extras)
        yield (service.catalogue.label("entry.extras"), *answers)
    if draft.notes:
        yield (service.catalogue.label("entry.beside"), *draft.notes)


def add_message(
    service: Service, tx: Transaction, ticket: TicketRow, text: str, inbox_id: int | None, now: datetime
) -> None:
    """A further message of the citizen, in whatever state the ticket is."""
    note(tx, ticket, "citizen", text, now, is_public=True, inbox_id=inbox_id)
    ticket.version += 1
    relay.tell(service, tx, ticket, say("ticket_added", number=ticket.number), now, purpose="added")
    cards.refresh(service, tx, ticket, now)
    notices.citizen_wrote(tx, ticket, text, now)


def answer_question(
    service: Service, tx: Transaction, ticket: TicketRow, text: str, inbox_id: int | None, now: datetime
) -> None:
    """T4: the citizen answers; the promised date moves by the time the question took."""
    row = transition(Status(ticket.status), Act.REPLY, Actor.CITIZEN)
    has_more = bool(text) or _sent_file_since(tx, ticket, ticket.paused_at)
    _resume(service, tx, ticket, row, CITIZEN, now)
    if text:
        note(tx, ticket, "citizen", text, now, is_public=True, inbox_id=inbox_id)
    relay.tell(service, tx, ticket, _thanks(ticket, has_more=has_more), now, purpose="question_answered")
    cards.refresh(service, tx, ticket, now)
    no_words = "card.no_words" if has_more else "card.nothing_more"
    notices.citizen_wrote(tx, ticket, text, now, no_words=no_words)


def _sent_file_since(tx: Transaction, ticket: TicketRow, since: datetime | None) -> bool:
    of_ticket = (AttachmentRow.ticket_id == ticket.id, AttachmentRow.side == "citizen")
    tx.flush()
    sent = select(AttachmentRow.id).where(*of_ticket, col(AttachmentRow.created_at) >= since)
    return tx.session.exec(sent.limit(1)).first() is not None


def _thanks(ticket: TicketRow, *, has_more: bool) -> Text:
    """With the date of the answer; before acceptance only the date by which that is decided."""
    if ticket.promised_by is None:
        key = "ticket_question_answered_early" if has_more else "ticket_nothing_more_early"
        return say(key, number=ticket.number, receive_by=ticket.receive_by)
    key = "ticket_question_answered" if has_more else "ticket_nothing_more"
    return say(key, number=ticket.number, promised_by=ticket.promised_by)


def remind_of_question(service: Service, tx: Transaction, ticket: TicketRow, now: datetime) -> None:
    """The question still waits for the citizen; said once a question."""
    assert ticket.question_until is not None
    text = say(
        "ticket_question_reminder",
        number=ticket.number,
        question=ticket.question,
        until=ticket.question_until,
    )
    _remind(service, tx, ticket, text, "question_reminder", now)


def remind_of_answer(service: Service, tx: Transaction, ticket: TicketRow, now: datetime) -> None:
    """Nobody has said yet whether the answer settles the matter; asked once more an answer."""
    assert ticket.feedback_until is not None
    text = say("ticket_answer_reminder", number=ticket.number, until=ticket.feedback_until)
    _remind(service, tx, ticket, text, "answer_reminder", now)


def _remind(
    service: Service, tx: Transaction, ticket: TicketRow, text: Text, purpose: str, now: datetime
) -> None:
    ticket.nudged_at = now
    audit.record(tx, SYSTEM, purpose, f"ticket:{ticket.id}", now)
    relay.tell(service, tx, ticket, text, now, purpose=purpose)


def lapse_question(service: Service, tx: Transaction, ticket: TicketRow, now: datetime) -> None:
    """T5: the citizen stayed silent; the ticket goes on with what is known, never refused by itself."""
    row = transition(Status(ticket.status), Act.LAPSE, Actor.SYSTEM)
    _resume(service, tx, ticket, row, SYSTEM, now)
    ticket.marks = [*ticket.marks, "silent_citizen"]
    relay.tell(
        service,
        tx,
        ticket,
        say("ticket_question_lapsed", number=ticket.number),
        now,
        purpose="question_lapsed",
    )
    cards.refresh(service, tx, ticket, now)


def _resume(
    service: Service, tx: Transaction, ticket: TicketRow, row: Transition, by: By, now: datetime
) -> None:
    move(tx, ticket, row, Status(ticket.left_status), by, now)
    ticket.left_status = ""
    if ticket.promised_by is not None and ticket.paused_at is not None:
        ticket.promised_by = clocks.resumed(
            ticket.promised_by,
            paused_at=ticket.paused_at,
            now=now,
            calendar=service.calendar,
            policy=service.clocks,
            already_paused=timedelta(seconds=ticket.paused_seconds),
        )
        ticket.paused_seconds += int((now - ticket.paused_at).total_seconds())
    if ticket.status == Status.SUBMITTED:
        # The desk waited for the citizen: its own time to decide begins anew.
        ticket.receive_by = clocks.receive_by(
            now, urgent=ticket.is_urgent, calendar=service.calendar, policy=service.clocks
        )
    ticket.paused_at = None
    ticket.question = ""
    ticket.question_until = None


def confirm(service: Service, tx: Transaction, ticket: TicketRow, fixed: Fixed, now: datetime) -> None:
    """T21: the citizen says it is done, wholly or partly; a fact of its own beside the answer."""
    row = transition(Status(ticket.status), Act.CONFIRM, Actor.CITIZEN)
    move(tx, ticket, row, Status.CLOSED, CITIZEN, now, note=f"T21 {fixed}")
    ticket.fixed = fixed
    ticket.closed_at = now
    relay.tell(service, tx, ticket, say("ticket_confirmed", number=ticket.number), now, purpose="confirmed")
    cards.refresh(service, tx, ticket, now)


def rate(service: Service, tx: Transaction, ticket: TicketRow, score: int, now: datetime) -> None:
    """How the citizen feels about it, after the fact is told."""
    if ticket.status != Status.CLOSED:
        raise RuleError("act_not_possible", status=Label(f"status.{ticket.status}"))
    ticket.rating = score
    audit.record(tx, CITIZEN, "rate", f"ticket:{ticket.id}", now, note=str(score))
    cards.refresh(service, tx, ticket, now)


def contest(
    service: Service, tx: Transaction, ticket: TicketRow, fixed: Fixed, reason: str, now: datetime
) -> None:
    """T23: not done; a leader has another person look again."""
    row = transition(Status(ticket.status), Act.CONTEST, Actor.CITIZEN)
    move(tx, ticket, row, Status.UNDER_REVIEW, CITIZEN, now, note=f"T23 {fixed}")
    ticket.fixed = fixed
    ticket.reviews += 1
    ticket.holder_id = None
    ticket.promised_from = now
    ticket.promised_by = clocks.review_by(now, service.calendar, service.clocks)
    if reason:
        note(tx, ticket, "citizen", reason, now, is_public=True)
    relay.tell(service, tx, ticket, _under_review(service, ticket), now, purpose="under_review")
    cards.refresh(service, tx, ticket, now)
    notices.contested(tx, ticket, reason, now)
    notices.review_asked(tx, ticket, reason, now)


def _under_review(service: Service, ticket: TicketRow) -> Text:
    """Who looks again and by when; from the third time on also where the citizen can meet somebody."""
    assert ticket.promised_by is not None
    fields: dict[str, Value] = {
        "number": ticket.number,
        "leader": service.organisation.organisation.leader,
        "until": ticket.promised_by,
    }
    if ticket.reviews < _MEET_FROM:
        return Text("ticket_under_review", fields)
    office = service.office
    met = {"address": office.address, "hours": office.hours, "phone": office.phone}
    return Text("ticket_under_review_meet", {**fields, **met})


def withdraw(service: Service, tx: Transaction, ticket: TicketRow, now: datetime) -> None:
    """T26: the citizen takes the matter back; nobody writes to them about it again."""
    row = transition(Status(ticket.status), Act.WITHDRAW, Actor.CITIZEN)
    move(tx, ticket, row, Status.WITHDRAWN, CITIZEN, now)
    ticket.closed_at = now
    relay.cancel_waiting(tx, ticket)
    relay.tell(service, tx, ticket, say("ticket_withdrawn", number=ticket.number), now, purpose="withdrawn")
    cards.refresh(service, tx, ticket, now)
    notices.withdrawn(tx, ticket, now)


def expire(service: Service, tx: Transaction, ticket: TicketRow, now: datetime) -> None:
    """T22: nobody said whether it is done; closed, and counted apart."""
    row = transition(Status(ticket.status), Act.EXPIRE, Actor.SYSTEM)
    move(tx, ticket, row, Status.CLOSED, SYSTEM, now)
    ticket.closed_at = now
    days = service.clocks.feedback_calendar_days
    relay.tell(
        service, tx, ticket, say("ticket_expired", number=ticket.number, days=days), now, purpose="expired"
    )
    cards.refresh(service, tx, ticket, now)
