"""What the staff hear of: a line in the desk room, or a private message to the one it concerns."""

from dataclasses import replace
from datetime import datetime

from core.channel import Address, Channel
from core.delivery import Priority
from core.people import Officer, Role
from core.say import Choice, Label, Text, say
from core.text import clip, mask_digits
from core.tickets import Act, Actor, Status, may
from handlers import people
from handlers.card_face import EXCERPT
from handlers.service import Service
from storage import outbox
from storage.outbox import Wish
from storage.tables import ReplyRow, TicketRow
from storage.transaction import Transaction

RESULT_EXCERPT = 500
"""How much of a unit's words a line in the room shows; the whole stands in the draft made of it."""


def to_desk(tx: Transaction, text: Text, now: datetime, *, key: str, press: str = "") -> None:
    """A line in every desk room, and privately to each officer of the desk who sees none."""
    for officer in people.desk_outside(tx):
        to_officer(tx, officer, text, now, key=f"{key}:{officer.id}", press=press)
    for place, room in enumerate(people.rooms(tx)):
        outbox.enqueue(
            tx,
            Wish(
                key=f"desk:{key}:{place}",
                address=room,
                is_group=True,
                text=text,
                press=press,
                priority=Priority.DESK,
                subject=f"desk:{key}",
                purpose="notice",
                on_unknown="repeat",
            ),
            now,
        )


def to_officer(
    tx: Transaction,
    officer: Officer,
    text: Text,
    now: datetime,
    *,
    key: str,
    press: str = "",
    priority: Priority = Priority.DESK,
    not_over: Channel | None = None,
) -> bool:
    """A private message to an officer on the chat they bound last; False when none of theirs takes any.

    One that refused is tried then all the same: they may have opened it again, and else people hear of it.
    `not_over`: a network that is of no use now, unless it is all they have.
    """
    addresses: list[Address] = people.addresses_of(tx, officer.id)
    addresses.sort(key=lambda address: address.channel is not_over)
    is_reached = bool(addresses)
    addresses = addresses or people.refusing_addresses_of(tx, officer.id)
    if not addresses:
        return False
    outbox.enqueue(
        tx,
        Wish(
            key=f"officer:{officer.id}:{key}",
            address=addresses[0],
            text=text,
            press=press,
            priority=priority,
            subject=f"officer:{officer.id}",
            purpose="notice",
            on_unknown="repeat",
        ),
        now,
    )
    return is_reached


def ticket_opened(service: Service, tx: Transaction, ticket: TicketRow, now: datetime) -> None:
    """Danger rings the duty list at once, also out of hours."""
    if not ticket.is_urgent:
        return
    for name in service.organisation.desk.duty:
        officer = people.officer_named(tx, name)
        if officer is not None:
            text = say(
                "notice_urgent",
                number=ticket.number,
                place=mask_digits(ticket.place) or Label("card.no_place"),
            )
            to_officer(tx, officer, text, now, key=f"urgent:{ticket.id}")


def citizen_wrote(
    tx: Transaction, ticket: TicketRow, text: str, now: datetime, *, no_words: str = "card.no_words"
) -> None:
    """The citizen added something: the desk sees it masked and short, with a way to answer.

    `no_words`: the label that stands where nothing was written.
    """
    excerpt = clip(mask_digits(text), EXCERPT) or Label(no_words)
    status = Status(ticket.status)
    if may(status, Act.PROPOSE, Actor.DESK) or may(status, Act.ANSWER, Actor.DESK):
        line = say("notice_citizen_wrote", number=ticket.number, excerpt=excerpt)
    else:
        at = Label(f"status.{status}")
        line = say("notice_citizen_wrote_early", number=ticket.number, excerpt=excerpt, status=at)
    to_desk(tx, line, now, key=f"wrote:{ticket.id}:{ticket.version}", press=_about(ticket))


def question_reopened(tx: Transaction, ticket: TicketRow, now: datetime) -> None:
    """T4b: what the desk was shown as an answer was none; the question waits again."""
    assert ticket.question_until is not None
    line = say("notice_question_reopened", number=ticket.number, until=ticket.question_until)
    to_desk(tx, line, now, key=f"reopened:{ticket.id}:{ticket.version}", press=_about(ticket))


def answer_taken_back(tx: Transaction, ticket: TicketRow, now: datetime) -> None:
    """What the desk was shown as an answer was none, and the ticket has gone on meanwhile."""
    line = say("notice_answer_taken_back", number=ticket.number)
    to_desk(tx, line, now, key=f"taken_back:{ticket.id}:{ticket.version}", press=_about(ticket))


def withdrawn(tx: Transaction, ticket: TicketRow, now: datetime) -> None:
    """T26: the citizen took it back; the card alone changes too quietly for whoever works on it."""
    line = say("notice_withdrawn", number=ticket.number)
    to_desk(tx, line, now, key=f"withdrawn:{ticket.id}:{ticket.version}", press=_about(ticket))


def contested(tx: Transaction, ticket: TicketRow, reason: str, now: datetime) -> None:
    """T23: the citizen says that it is not done, and why; masked and short."""
    excerpt = clip(mask_digits(reason), EXCERPT) or Label("card.no_words")
    line = say("notice_contested", number=ticket.number, excerpt=excerpt)
    to_desk(tx, line, now, key=f"contested:{ticket.id}:{ticket.version}", press=_about(ticket))


def _about(ticket: TicketRow) -> str:
    """By it the buttons of a line, and a reply to it, find the ticket."""
    return f"t:{ticket.id}:{ticket.version}"


def ticket_returned(tx: Transaction, ticket: TicketRow, officer: Officer, reason: str, now: datetime) -> None:
    """A unit gave it back; from the second time the leader decides and hears of it."""
    line = say(
        "notice_returned",
        number=ticket.number,
        officer=officer.name,
        reason=clip(mask_digits(reason), EXCERPT),
    )
    to_desk(tx, line, now, key=f"returned:{ticket.id}:{ticket.version}", press=_about(ticket))
    if ticket.returns >= 2:
        text = say("notice_leader_decides", choices=_units(tx), number=ticket.number, times=ticket.returns)
        _to_leaders(tx, ticket, text, now)


def result_reported(
    tx: Transaction, ticket: TicketRow, officer: Officer, result: ReplyRow, now: datetime
) -> None:
    """A unit says what came out: the desk sees it, and can send it as the answer."""
    line = say(
        "notice_result",
        choices=(Choice(f"send_result:{result.id}"), Choice("files")),
        number=ticket.number,
        officer=officer.name,
        outcome=Label(f"outcome.{result.outcome}"),
        text=clip(mask_digits(result.text), RESULT_EXCERPT),
    )
    to_desk(tx, line, now, key=f"result:{result.id}", press=_about(ticket))


def answer_lost(tx: Transaction, ticket: TicketRow, reply: ReplyRow, why: Label, now: datetime) -> None:
    """What an officer wrote did not reach the citizen: the telephone is left."""
    text = say("notice_answer_lost", choices=(Choice("contact"),), number=ticket.number, why=why)
    to_desk(tx, text, now, key=f"lost:{reply.id}", press=_about(ticket))


def answer_doubtful(tx: Transaction, ticket: TicketRow, reply: ReplyRow, now: datetime) -> None:
    """Perhaps it arrived: a person decides whether it is sent once more."""
    choices = (Choice(f"arrived:{reply.id}"), Choice(f"resend:{reply.id}"))
    text = say("notice_answer_doubtful", choices=choices, number=ticket.number)
    key = f"doubtful:{reply.id}:{ticket.version}:{now:%H%M%S}"
    to_desk(tx, text, now, key=key, press=_about(ticket))


def review_asked(tx: Transaction, ticket: TicketRow, reason: str, now: datetime) -> None:
    """The citizen says it is not done: the leader names who looks again, somebody else than before."""
    before = people.unit_by_id(tx, ticket.unit_id) if ticket.unit_id else None
    text = say(
        "notice_review",
        choices=(*_units(tx, but=ticket.unit_id), Choice("files")),
        number=ticket.number,
        times=say("notice_review_times", count=ticket.reviews) if ticket.reviews > 1 else "",
        title=mask_digits(ticket.title),
        reason=clip(mask_digits(reason), EXCERPT) or Label("card.no_words"),
        before=before.name if before else Label("card.no_unit"),
    )
    _to_leaders(tx, ticket, text, now)


def _units(tx: Transaction, *, but: int | None = None) -> tuple[Choice, ...]:
    return tuple(Choice(f"unit:{unit.id}", unit.name) for unit in people.units(tx) if unit.id != but)


def _to_leaders(tx: Transaction, ticket: TicketRow, text: Text, now: datetime) -> None:
    """To every leader, or to the desk, without the leader's choices, when none is connected."""
    press = _about(ticket)
    key = f"leader:{ticket.id}:{ticket.version}"
    leaders = people.officers_with_role(tx, Role.LEADER)
    told = [to_officer(tx, leader, text, now, key=key, press=press) for leader in leaders]
    if not any(told):
        to_desk(tx, say("notice_no_leader", body=replace(text, choices=())), now, key=key)
