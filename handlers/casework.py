"""What the desk, the units and the leaders do with a ticket: the transition table decides, the citizen is
told, the cards are drawn again; all in the caller's transaction."""

from datetime import date, datetime, timedelta

from sqlmodel import col, select

from core import clocks
from core.conversation.draft import Identity
from core.errors import RuleError
from core.people import Officer, Role, may_see_contact, ticket_actors, ticket_transition
from core.say import Label, Text, Value, say
from core.tickets import MAX_QUESTIONS, NEEDS_DATE, Act, Actor, Outcome, Status, Transition
from handlers import audit, cards, classification, intake, notices, people, relay, tickets
from handlers.audit import By
from handlers.service import Service
from storage.tables import AuditRow, TicketContactRow, TicketRow
from storage.transaction import Transaction


def allowed(tx: Transaction, ticket: TicketRow, officer: Officer, act: Act) -> Transition:
    """The row of the table by which this officer may do it now.

    Raises RuleError as `ticket_transition`; where a colleague's act stands in the way, it names them. What a
    leader assigned is not returned any more.
    """
    try:
        row = ticket_transition(officer, Status(ticket.status), act, unit_id=ticket.unit_id)
    except RuleError as error:
        colleague = _came_first(tx, ticket, officer) if error.code == "act_not_possible" else None
        if colleague is None:
            raise
        raise RuleError("act_came_second", officer=colleague.name, **error.fields) from error
    if act is Act.RETURN and ticket.is_assigned:
        raise RuleError("assigned_by_leader", number=ticket.number)
    return row


def _came_first(tx: Transaction, ticket: TicketRow, officer: Officer) -> Officer | None:
    """The colleague who brought the ticket to where it is; None when it was this officer, or the citizen."""
    officer_id = tx.session.exec(
        select(AuditRow.officer_id)
        .where(AuditRow.subject == f"ticket:{ticket.id}", AuditRow.after == ticket.status)
        .order_by(col(AuditRow.id).desc())
        .limit(1)
    ).first()
    return people.officer_by_id(tx, officer_id) if officer_id and officer_id != officer.id else None


def _by_officer(tx: Transaction, ticket: TicketRow, officer: Officer, act: Act, now: datetime) -> By:
    """Check the officer's right, make the table's move, and return who acts."""
    row = allowed(tx, ticket, officer, act)
    by = By(next(actor for actor in ticket_actors(officer, ticket.unit_id) if actor in row.actors), officer)
    tickets.move(tx, ticket, row, row.target or Status(ticket.left_status), by, now)
    return by


def accept(service: Service, tx: Transaction, ticket: TicketRow, officer: Officer, now: datetime) -> None:
    """T2: the desk takes it; from here the citizen has a promised date. The officer holds it."""
    _by_officer(tx, ticket, officer, Act.ACCEPT, now)
    ticket.holder_id = officer.id
    ticket.promised_from = now
    ticket.promised_by = classification.promise(service, ticket, now)
    text = say(
        "ticket_accepted",
        number=ticket.number,
        field=service.field_label(ticket.field),
        promised_by=ticket.promised_by,
    )
    relay.tell(service, tx, ticket, text, now, purpose="accepted")
    cards.refresh(service, tx, ticket, now)


def hold(service: Service, tx: Transaction, ticket: TicketRow, officer: Officer, now: datetime) -> None:
    """Claim it, or take it over from a colleague."""
    before = ticket.holder_id
    ticket.holder_id = officer.id
    ticket.version += 1
    audit.record(tx, By("desk", officer), "hold", f"ticket:{ticket.id}", now, note=f"{before or 0}")
    cards.refresh(service, tx, ticket, now)


def forward(
    service: Service, tx: Transaction, ticket: TicketRow, officer: Officer, unit_id: int, now: datetime
) -> None:
    """T10, T13 or T24: one lead unit gets it, without the citizen's identity unless they allowed it."""
    unit = people.unit_by_id(tx, unit_id)
    if unit is None:
        raise RuleError("unit_gone")
    if not people.is_reachable(tx, unit.id):
        raise RuleError("unit_unreached", unit=unit.name)  # there nobody could take it or give it back
    act = check_forward(tx, ticket, officer)
    if act is Act.REASSIGN and unit.id == ticket.unit_id:
        raise RuleError("review_by_another", unit=unit.name)
    by = _by_officer(tx, ticket, officer, act, now)
    ticket.is_assigned = by.actor == Actor.LEADER
    cards.retire_unit_cards(tx, ticket, now)
    ticket.unit_id = unit.id
    due = ticket.promised_by or ticket.legal_by
    key = "ticket_forwarded" if act is Act.FORWARD else "ticket_forwarded_again"
    fields: dict[str, Value] = {"number": ticket.number, "unit": unit.name, "promised_by": due}
    if act is Act.FORWARD:
        fields["desk"] = service.organisation.desk.unit
    relay.tell(service, tx, ticket, Text(key, fields), now, purpose="forwarded")
    cards.post_to_unit(service, tx, ticket, now)
    cards.refresh(service, tx, ticket, now)


_FORWARD_ACTS = {Status.RETURNED: Act.FORWARD_AGAIN, Status.UNDER_REVIEW: Act.REASSIGN}


def check_forward(tx: Transaction, ticket: TicketRow, officer: Officer) -> Act:
    """The act by which the ticket goes to a unit now. Raises RuleError when this officer may not do it."""
    act = _FORWARD_ACTS.get(Status(ticket.status), Act.FORWARD)
    if act is Act.FORWARD_AGAIN and ticket.returns >= 2 and officer.role is not Role.LEADER:
        raise RuleError("leader_decides", number=ticket.number)
    allowed(tx, ticket, officer, act)
    return act


def take(service: Service, tx: Transaction, ticket: TicketRow, officer: Officer, now: datetime) -> None:
    """T11: an officer of the unit has begun."""
    _by_officer(tx, ticket, officer, Act.TAKE, now)
    cards.refresh(service, tx, ticket, now)


def give_back(
    service: Service, tx: Transaction, ticket: TicketRow, officer: Officer, reason: str, now: datetime
) -> None:
    """T12: the unit says that it is not theirs, and why."""
    _by_officer(tx, ticket, officer, Act.RETURN, now)
    ticket.returns += 1
    tickets.note(tx, ticket, "unit", reason, now, is_public=False, officer=officer)
    cards.refresh(service, tx, ticket, now)
    notices.ticket_returned(tx, ticket, officer, reason, now)


def propose(
    service: Service,
    tx: Transaction,
    ticket: TicketRow,
    officer: Officer,
    outcome: Outcome,
    text: str,
    now: datetime,
) -> None:
    """T18: a result lies ready; the desk (or a leader) sends it."""
    _by_officer(tx, ticket, officer, Act.PROPOSE, now)
    ticket.outcome = outcome
    tickets.note(
        tx,
        ticket,
        "unit" if officer.is_of(ticket.unit_id) else "desk",
        text,
        now,
        is_public=False,
        officer=officer,
    )
    cards.refresh(service, tx, ticket, now)


def publish_answer(
    service: Service,
    tx: Transaction,
    ticket: TicketRow,
    officer: Officer,
    *,
    outcome: Outcome,
    text: str,
    promised_on: date | None,
    files: tuple[int, ...],
    reply_id: int,
    now: datetime,
) -> None:
    """T20: the answer goes to the citizen, with the question whether the matter is really done."""
    if ticket.status != Status.AWAITING_APPROVAL:
        _by_officer(tx, ticket, officer, Act.PROPOSE, now)
    _by_officer(tx, ticket, officer, Act.ANSWER, now)
    ticket.outcome = outcome
    ticket.answered_at = now
    ticket.feedback_until = clocks.feedback_until(now, service.calendar, service.clocks)
    tickets.note(tx, ticket, "desk", text, now, is_public=True, officer=officer)
    message = answer_text(ticket, outcome, text, promised_on)
    relay.tell(service, tx, ticket, message, now, purpose="answer", files=files, reply_id=reply_id)
    cards.refresh(service, tx, ticket, now)


def answer_text(ticket: TicketRow, outcome: Outcome, text: str, promised_on: date | None) -> Text:
    """An answer as the citizen sees it."""
    return say("ticket_answer", number=ticket.number, opening=_opening(outcome, promised_on), answer=text)


def question_text(service: Service, ticket: TicketRow, question: str, now: datetime) -> Text:
    """A question as the citizen sees it when it leaves now."""
    return say(
        "ticket_question", number=ticket.number, question=question, until=_wait_until(service, ticket, now)
    )


def _wait_until(service: Service, ticket: TicketRow, now: datetime) -> datetime:
    return clocks.question_until(
        now,
        calendar=service.calendar,
        policy=service.clocks,
        already_paused=timedelta(seconds=ticket.paused_seconds),
    )


def _opening(outcome: Outcome, promised_on: date | None) -> Text | Label:
    if promised_on is None or outcome not in NEEDS_DATE:
        return Label(f"opening.{outcome}")
    return say(f"opening_{outcome}_by", day=promised_on)


def ask(
    service: Service,
    tx: Transaction,
    ticket: TicketRow,
    officer: Officer,
    question: str,
    *,
    reply_id: int,
    now: datetime,
) -> None:
    """T3: one clear question to the citizen; the promised clock rests until the answer."""
    if ticket.questions_asked >= MAX_QUESTIONS:
        raise RuleError("too_many_questions", most=MAX_QUESTIONS)
    _by_officer(tx, ticket, officer, Act.ASK, now)
    ticket.question = question
    ticket.questions_asked += 1
    ticket.paused_at = now
    ticket.question_until = _wait_until(service, ticket, now)
    tickets.note(tx, ticket, "desk", question, now, is_public=True, officer=officer)
    text = question_text(service, ticket, question, now)
    relay.tell(service, tx, ticket, text, now, purpose="question", reply_id=reply_id)
    cards.refresh(service, tx, ticket, now)


def check_contact(ticket: TicketRow, officer: Officer) -> None:
    """The desk may see the contact, and the handling unit where the citizen allowed it.

    Raises RuleError("contact_anonymous") when there is none to see, else RuleError("act_not_yours").
    """
    identity = Identity(ticket.identity)
    if identity is Identity.ANONYMOUS:
        raise RuleError("contact_anonymous", number=ticket.number)
    if not may_see_contact(officer, identity, ticket.unit_id):
        raise RuleError("act_not_yours")


def reveal_contact(
    tx: Transaction, ticket: TicketRow, officer: Officer, reason: str, now: datetime
) -> TicketContactRow | None:
    """Name and phone, with a reason that is written down; None when the citizen gave none.

    Raises RuleError as `check_contact`.
    """
    check_contact(ticket, officer)
    audit.record(tx, By(officer.role, officer), "reveal_contact", f"ticket:{ticket.id}", now, note=reason)
    return intake.contact(tx, ticket)
