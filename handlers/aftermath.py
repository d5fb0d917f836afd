"""What follows from the end of a sending: cards learn their message, replies their fate, people hear."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, update

from core.channel import Sent
from core.delivery import RowState, Settlement
from core.people import Role
from core.say import Label, say
from handlers import cards, digest, notices, people, replies
from handlers.service import Service
from storage import conversations, outbox
from storage.tables import CardRow, OutboxRow, TicketRow
from storage.transaction import Transaction, table

_OUTBOX = table(OutboxRow)
_DIGESTS = frozenset({"digest", "reminder"})
_OF_A_REPLY = frozenset({"answer", "question"})
_UNREACHABLE = frozenset({"blocked", "chat_unknown"})


def sent(service: Service, tx: Transaction, row: Row[Any], end: Sent, now: datetime) -> None:
    """The network took it."""
    purpose = row.purpose
    if purpose == "card" and row.kind == "message":
        _card_shown(tx, row, end.message_id)
    elif purpose == "receipt":
        _forget_secret(tx, row)
    elif purpose in _DIGESTS:
        digest.settled(service, tx, row, "sent", now)
    if purpose in _OF_A_REPLY and row.reference:
        replies.settled(service, tx, _reply_id(row), "delivered", "", now)


def not_sent(service: Service, tx: Transaction, row: Row[Any], decision: Settlement, now: datetime) -> None:
    """It ended undelivered, or perhaps undelivered. Never in silence: a person is told."""
    if decision.error in _UNREACHABLE:
        _mark_unreachable(tx, row, now)
    if row.purpose in _DIGESTS:
        digest.settled(service, tx, row, decision.state, now)
    elif row.purpose in _OF_A_REPLY and row.reference:
        fate = "doubtful" if decision.state is RowState.UNKNOWN else "failed"
        replies.settled(service, tx, _reply_id(row), fate, decision.error, now)
    elif row.purpose == "card":
        _card_lost(service, tx, row, decision, now)
    elif decision.needs_person and row.subject.startswith("ticket:"):
        _tell_desk(service, tx, row, decision, now)
    elif decision.needs_person and row.subject.startswith("officer:"):
        _tell_administrators(tx, row, now)


def _reply_id(row: Row[Any]) -> int:
    return int(row.reference.partition(":")[2])


def _card_shown(tx: Transaction, row: Row[Any], message_id: str) -> None:
    """The card's message is known from here on; what was queued for the card meanwhile finds it by itself."""
    card = tx.session.get(CardRow, _card_id(row))
    if card is not None:
        card.message_id = message_id


def _card_lost(service: Service, tx: Transaction, row: Row[Any], decision: Settlement, now: datetime) -> None:
    card = tx.session.get(CardRow, _card_id(row))
    ticket = tx.session.get(TicketRow, card.ticket_id) if card else None
    if card is None or ticket is None:
        return
    if decision.error == "message_gone":
        cards.draw_anew(service, tx, ticket, card, now)
        return
    card.is_live = False
    text = say("notice_card_lost", number=ticket.number, why=_why(service, decision.error))
    for role in (Role.DESK, Role.ADMIN):
        for officer in people.officers_with_role(tx, role):
            notices.to_officer(tx, officer, text, now, key=f"card_lost:{row.id}")


def _card_id(row: Row[Any]) -> int:
    return int(row.subject.partition(":")[2])


def _forget_secret(tx: Transaction, row: Row[Any]) -> None:
    """The secret code was shown once; the queue does not keep it."""
    message = outbox.find(tx, row.id).message
    hidden = {**message, "fields": {**message["fields"], "secret": "••••"}}
    tx.connection.execute(update(_OUTBOX).where(_OUTBOX.c.id == row.id).values(message=hidden))


def _mark_unreachable(tx: Transaction, row: Row[Any], now: datetime) -> None:
    address = outbox.address_of(row)
    people.mark_reachable(tx, address, now, reachable=False)
    conversations.change_account(tx, address, blocked_at=now)


def _tell_desk(service: Service, tx: Transaction, row: Row[Any], decision: Settlement, now: datetime) -> None:
    ticket = tx.session.get(TicketRow, int(row.subject.partition(":")[2]))
    if ticket is None:
        return
    key = "notice_doubtful" if decision.state is RowState.UNKNOWN else "notice_undelivered"
    text = say(
        key, number=ticket.number, what=Label(f"purpose.{row.purpose}"), why=_why(service, decision.error)
    )
    notices.to_desk(tx, text, now, key=f"undelivered:{row.id}")


def _tell_administrators(tx: Transaction, row: Row[Any], now: datetime) -> None:
    officer = people.officer_by_id(tx, int(row.subject.partition(":")[2]))
    for administrator in people.officers_with_role(tx, Role.ADMIN):
        if officer is None or administrator.id == officer.id:
            continue
        text = say("notice_officer_unreachable", name=officer.name, channel=Label(f"channel.{row.channel}"))
        notices.to_officer(tx, administrator, text, now, key=f"unreachable:{row.id}")


def _why(service: Service, code: str) -> Label:
    key = f"failure.{code}"
    return Label(key if key in service.catalogue.labels else "failure.other")
