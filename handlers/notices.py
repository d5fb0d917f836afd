"""What the staff hear of: a line in the desk room, or a private message to the one it concerns."""

from datetime import datetime

from core.channel import Address
from core.delivery import Priority
from core.people import Officer, Role
from core.say import Label, Text, say
from core.text import clip, mask_digits
from handlers import people
from handlers.cards import EXCERPT
from handlers.service import Service
from storage import outbox
from storage.outbox import Wish
from storage.tables import TicketRow
from storage.transaction import Transaction


def to_desk(tx: Transaction, text: Text, now: datetime, *, key: str, press: str = "") -> None:
    """A line in every desk room; where the desk has no room yet, privately to each desk officer."""
    rooms = people.rooms(tx)
    if not rooms:
        for officer in people.officers_with_role(tx, Role.DESK):
            to_officer(tx, officer, text, now, key=f"{key}:{officer.id}", press=press)
    for place, room in enumerate(rooms):
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
    not_before: datetime | None = None,
) -> bool:
    """A private message to an officer on the chat they bound last; False when they have none."""
    addresses: list[Address] = people.addresses_of(tx, officer.id)
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
            not_before=not_before,
            on_unknown="repeat",
        ),
        now,
    )
    return True


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


def citizen_wrote(tx: Transaction, ticket: TicketRow, text: str, now: datetime) -> None:
    """The citizen added something: the desk sees it masked and short, with a way to answer."""
    line = say("notice_citizen_wrote", number=ticket.number, excerpt=clip(mask_digits(text), EXCERPT))
    to_desk(tx, line, now, key=f"wrote:{ticket.id}:{ticket.version}", press=f"t:{ticket.id}:{ticket.version}")


def ticket_returned(tx: Transaction, ticket: TicketRow, officer: Officer, reason: str, now: datetime) -> None:
    """A unit gave it back; from the second time the leader decides and hears of it."""
    line = say(
        "notice_returned",
        number=ticket.number,
        officer=officer.name,
        reason=clip(mask_digits(reason), EXCERPT),
    )
    to_desk(tx, line, now, key=f"returned:{ticket.id}:{ticket.version}")
    if ticket.returns >= 2:
        _to_leaders(tx, ticket, say("notice_leader_decides", number=ticket.number, times=ticket.returns), now)


def review_asked(tx: Transaction, ticket: TicketRow, now: datetime) -> None:
    """The citizen says it is not done: the leader names who looks again."""
    _to_leaders(tx, ticket, say("notice_review", number=ticket.number, title=mask_digits(ticket.title)), now)


def _to_leaders(tx: Transaction, ticket: TicketRow, text: Text, now: datetime) -> None:
    for leader in people.officers_with_role(tx, Role.LEADER):
        to_officer(
            tx,
            leader,
            text,
            now,
            key=f"leader:{ticket.id}:{ticket.version}",
            press=f"t:{ticket.id}:{ticket.version}",
        )
