"""A citizen whom the network no longer lets us write to: an approved template, else a person; never silence.

The answer itself is kept and leaves once they write again, which the template asks them to do.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from core import clocks
from core.calendar import local_day
from core.channel import Address, Event, Template, TextReceived
from core.conversation import storing
from core.conversation.answers import resolve
from core.conversation.events import ChoiceMade, TextGiven
from core.conversation.screening import is_denunciation, is_emergency
from core.conversation.states import State
from core.delivery import Priority, RowState, Settlement
from core.say import Label, from_json, say
from core.tickets import Status
from core.windows import NO_WINDOW, template_leaves_at
from handlers import audit, cards, intake, looks, notices, replies
from handlers.service import Service
from storage import conversations, outbox
from storage.outbox import Wish
from storage.tables import OutboxRow, ReplyRow, TicketRow
from storage.transaction import Transaction, table

PURPOSE = "template"
_BY_CHAT, _BY_PHONE = "chat", "phone"
_OF_A_REPLY = ("answer", "question")
_REMINDERS = frozenset({"answer_reminder", "question_reminder"})
_GOES_ON = 20
"""Up to so many letters are taken for the tap or the word that the template asks for, and for no more."""
_OUTBOX = table(OutboxRow)


def rescue(service: Service, tx: Transaction, row: Row[Any], decision: Settlement, now: datetime) -> bool:
    """Try a template for an answer or a question that came too late; whether nothing else is to be done.

    A reminder of what nobody has read is not missed: the desk knows of that already.
    """
    if decision.error in NO_WINDOW and row.purpose in _REMINDERS:
        return True
    is_late = decision.error in NO_WINDOW and row.purpose in _OF_A_REPLY and bool(row.reference)
    if not is_late or looks.abilities(tx, outbox.address_of(row)).window is None:
        return False
    ticket = _ticket(tx, row)
    reply = _reply(tx, row.reference)
    if ticket is None or reply is None:
        return False
    reply.failure = decision.error
    conversations.change_account(tx, outbox.address_of(row), is_owed=True)
    leaves_at = _queue(service, tx, ticket, row.id, row.purpose, outbox.address_of(row), _BY_CHAT, now)
    ticket.version += 1
    cards.refresh(service, tx, ticket, now)
    text = say(
        "notice_window_closed",
        number=ticket.number,
        what=Label(f"purpose.{row.purpose}"),
        why=Label(f"failure.{decision.error}"),
        at=leaves_at,
    )
    notices.to_desk(tx, text, now, key=f"window:{row.id}")
    return True


def template_lost(
    service: Service, tx: Transaction, row: Row[Any], decision: Settlement, now: datetime
) -> None:
    """The next way: by telephone number after the chat, a person after that or when nobody knows."""
    _, way, late_id = row.reference.split(":")
    late = outbox.find(tx, int(late_id))
    ticket = _ticket(tx, row)
    if ticket is None:
        return
    code = decision.error
    if way == _BY_CHAT and decision.state is RowState.DEAD:
        contact = intake.contact(tx, ticket)
        if contact is not None and contact.phone and code != "no_template":
            _queue(service, tx, ticket, late.id, late.purpose, outbox.address_of(row), _BY_PHONE, now)
            return
    replies.settled(service, tx, int(late.reference.partition(":")[2]), "failed", code, now)


def template(tx: Transaction, row: Row[Any]) -> Template | None:
    """What stands in the blanks of the approved text when this row is one, with the telephone number."""
    if not row.reference.startswith(f"{PURPOSE}:"):
        return None
    fields = from_json(row.message).fields
    values = {name: str(fields[name]) for name in ("ma_pa", "trang_thai", "ngay")}
    ticket = _ticket(tx, row)
    contact = intake.contact(tx, ticket) if ticket and row.reference.split(":")[1] == _BY_PHONE else None
    return Template(values, phone=contact.phone if contact else "")


def came_back(service: Service, tx: Transaction, chat: Address, now: datetime) -> bool:
    """They wrote: what they were told of leaves now, the newest message of each ticket; whether any does."""
    conversations.change_account(tx, chat, is_owed=False)
    late = (_OUTBOX.c.state == RowState.DEAD, _OUTBOX.c.error.in_(NO_WINDOW))
    mine = (_OUTBOX.c.channel == chat.channel, _OUTBOX.c.chat == chat.chat)
    query = select(_OUTBOX).where(*mine, *late, _OUTBOX.c.purpose.in_(_OF_A_REPLY))
    newest = {row.subject: row for row in tx.connection.execute(query.order_by(_OUTBOX.c.id))}
    left = [_release(service, tx, row, now) for row in newest.values()]
    return any(left)


def is_only_a_sign(tx: Transaction, chat: Address, sender: str, event: Event, now: datetime) -> bool:
    """Whether somebody who has not yet seen an answer can have meant no more than «show me».

    Their number would else answer a question that they have not read.
    """
    if not isinstance(event, TextReceived) or is_emergency(event.text) or is_denunciation(event.text):
        return False
    words = event.text
    talk = conversations.load(tx, chat, sender, now)
    meant = resolve(event, storing.from_json(talk.state) if talk.state else State(), talk.offered)
    return isinstance(meant, ChoiceMade) or (isinstance(meant, TextGiven) and len(words) <= _GOES_ON)


def _queue(
    service: Service,
    tx: Transaction,
    ticket: TicketRow,
    late_id: int,
    purpose: str,
    chat: Address,
    way: str,
    now: datetime,
) -> datetime:
    """Queue the template, in the morning when it is night; when it may leave."""
    leaves_at = template_leaves_at(now)
    text = say(
        "template_result",
        ma_pa=ticket.number,
        trang_thai=service.catalogue.label(f"template.{purpose}"),
        ngay=f"{local_day(now):%d/%m/%Y}",
    )
    outbox.enqueue(
        tx,
        Wish(
            key=f"{PURPOSE}:{way}:{late_id}",
            address=chat,
            text=text,
            priority=Priority.DESK,
            subject=f"ticket:{ticket.id}",
            purpose=PURPOSE,
            reference=f"{PURPOSE}:{way}:{late_id}",
            not_before=leaves_at,
        ),
        now,
    )
    audit.record(tx, audit.SYSTEM, PURPOSE, f"ticket:{ticket.id}", now, note=way)
    return leaves_at


def _release(service: Service, tx: Transaction, row: Row[Any], now: datetime) -> bool:
    """Whether it leaves: not what its ticket has gone past."""
    ticket, reply = _ticket(tx, row), _reply(tx, row.reference)
    if ticket is None or reply is None or ticket.status == Status.WITHDRAWN:
        return False
    if row.purpose == "question" and ticket.status != Status.AWAITING_CITIZEN:
        return False
    reply.state, reply.failure, reply.ended_at = "released", "", None
    if ticket.status == Status.ANSWERED:
        # The time to say whether it is done begins when it can be read.
        ticket.feedback_until = clocks.feedback_until(now, service.calendar, service.clocks)
    # Its life begins anew: it was written long ago, and may not count as too old to be tried.
    outbox.change(tx, row.id, state=RowState.QUEUED, error="", attempts=0, not_before=now, created_at=now)
    tx.queued = True
    outbox.cancel(tx, subject=row.subject, purpose=PURPOSE)
    ticket.version += 1
    cards.refresh(service, tx, ticket, now)
    return True


def _ticket(tx: Transaction, row: Row[Any]) -> TicketRow | None:
    tx.flush()
    return tx.session.get(TicketRow, int(row.subject.partition(":")[2]))


def _reply(tx: Transaction, reference: str) -> ReplyRow | None:
    return tx.session.get(ReplyRow, int(reference.partition(":")[2]))
