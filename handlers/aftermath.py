"""What follows from the end of a sending: cards learn their message, replies their fate, people hear."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import structlog
from sqlalchemy import Row, update
from sqlalchemy.exc import OperationalError

from core.calendar import local_day
from core.channel import Channel, SendKind, Sent
from core.delivery import OnUnknown, RowState, Settlement
from core.failure import without_words
from core.people import Role
from core.say import Label, from_json, say
from handlers import cards, digest, media, notices, outreach, people, reach, replies, rooms
from handlers.alone import alone
from handlers.service import Service
from storage import conversations, outbox
from storage.tables import CardRow, OutboxRow, ReplyRow, TicketRow
from storage.transaction import Transaction, table

T = TypeVar("T")
Fate = Callable[[Service, Transaction, Row[Any], Settlement, datetime], None]
"""What follows when a row of some purpose did not arrive."""
_OF_THE_ACCOUNT = frozenset({"account_refused", "bad_token"})

log = structlog.get_logger()

UNTOLD = "failure_untold"
FAILED_INSIDE = "failed_inside"
"""The error of a row whose handling hit a bug of ours."""
_OUTBOX = table(OutboxRow)
_DIGESTS = frozenset({"digest", "reminder"})
_OF_A_REPLY = frozenset({"answer", "question"})
_REPLY = table(ReplyRow)
_UNREACHABLE = frozenset({"blocked", "chat_unknown", "chat_unreachable"})


def sent(service: Service, tx: Transaction, row: Row[Any], end: Sent, now: datetime) -> None:
    """The network took it."""
    purpose = row.purpose
    if purpose == "card" and row.kind == "message":
        _card_shown(tx, row, end.message_id)
    elif purpose == "receipt":
        _forget_secret(tx, row)
    elif purpose in _DIGESTS:
        digest.settled(service, tx, row, "sent", now)
    elif purpose == "notice" and not row.is_group:
        people.mark_reachable(tx, outbox.address_of(row), now, reachable=True)
    if purpose in _OF_A_REPLY and row.reference:
        _reply_delivered(service, tx, row, now)


def not_sent(service: Service, tx: Transaction, row: Row[Any], decision: Settlement, now: datetime) -> None:
    """It ended undelivered, or perhaps undelivered. Never in silence: a person is told."""
    if outreach.rescue(service, tx, row, decision, now):
        return
    to_chat = row.kind != SendKind.DOWNLOAD and row.purpose != outreach.PURPOSE
    if decision.error in _UNREACHABLE and to_chat:
        _mark_unreachable(service, tx, row, decision, now)
    if row.purpose == "receipt":
        _forget_secret(tx, row)  # it is not sent again, and the queue keeps no secret
    _FATES.get(row.purpose, _tell_somebody)(service, tx, row, decision, now)


def waits(service: Service, tx: Transaction, row: Row[Any], code: str, now: datetime) -> None:
    """It is tried again later. What only an administrator can mend they hear once a day."""
    if code not in _OF_THE_ACCOUNT:
        return
    channel = Channel(row.channel)
    text = say("notice_account_refused", channel=Label(f"channel.{channel}"), why=_why(service, code))
    for administrator in people.officers_with_role(tx, Role.ADMIN):
        key = f"account:{channel}:{code}:{local_day(now)}"
        notices.to_officer(tx, administrator, text, now, key=key, not_over=channel)


def guarded(
    service: Service,
    tx: Transaction,
    row_id: int,
    now: datetime,
    act: Callable[[], T],
    *,
    arrived: str | None = None,
) -> T | None:
    """What `act` returns. A bug of ours there ends that row alone, is logged, and people are told."""
    try:
        with tx.savepoint():
            return act()
    except OperationalError:
        raise  # the database itself: nothing of this transaction can be kept
    except Exception as error:  # noqa: BLE001 - one row must not stop all the others
        log.error("delivery_failed_inside", outbox_id=row_id, **without_words(error))
        give_up(service, tx, row_id, now, arrived=arrived)
        return None


def give_up(
    service: Service, tx: Transaction, row_id: int, now: datetime, *, arrived: str | None = None
) -> None:
    """End a row that hit a bug of ours: dead, or sent when it had arrived as the message `arrived`."""
    row = outbox.find(tx, row_id)
    if arrived is not None:
        outbox.mark_sent(tx, {row_id: arrived}, now)
        outbox.change(tx, row_id, error=FAILED_INSIDE)
    else:
        outbox.change(tx, row_id, state=RowState.DEAD, error=FAILED_INSIDE, leased_until=None)
        told = row.kind != SendKind.PRESS_ANSWER
        end = Settlement(
            state=RowState.DEAD, error=FAILED_INSIDE, on_unknown=OnUnknown.ASK, needs_person=told
        )
        alone(tx, UNTOLD, row_id, lambda: not_sent(service, tx, row, end, now))
    if row.kind != SendKind.PRESS_ANSWER and FAILED_INSIDE not in row.dedupe_key:
        alone(tx, UNTOLD, row_id, lambda: _tell_of_bug(tx, f"outbox {row_id}", now))


def reply_given_up(service: Service, tx: Transaction, reply_id: int, now: datetime) -> None:
    """A held reply whose release hits a bug of ours is not held for ever: it failed, and people are told."""
    tx.connection.execute(
        update(_REPLY).where(_REPLY.c.id == reply_id).values(state="dropped", release_at=None, ended_at=now)
    )
    alone(tx, UNTOLD, reply_id, lambda: _tell_of_reply(service, tx, reply_id, now))
    alone(tx, UNTOLD, reply_id, lambda: _tell_of_bug(tx, f"reply {reply_id}", now))


def _tell_of_bug(tx: Transaction, what: str, now: datetime) -> None:
    text = say("notice_failed_inside", at=now, what=what)
    for administrator in people.officers_with_role(tx, Role.ADMIN):
        notices.to_officer(tx, administrator, text, now, key=f"{FAILED_INSIDE}:{what}")


def _tell_of_reply(service: Service, tx: Transaction, reply_id: int, now: datetime) -> None:
    reply = tx.session.get_one(ReplyRow, reply_id)
    ticket = tx.session.get_one(TicketRow, reply.ticket_id)
    notices.answer_lost(tx, ticket, reply, _why(service, FAILED_INSIDE), now)


def _digest_lost(
    service: Service, tx: Transaction, row: Row[Any], decision: Settlement, now: datetime
) -> None:
    digest.settled(service, tx, row, decision.state, now)


def _reply_lost(
    service: Service, tx: Transaction, row: Row[Any], decision: Settlement, now: datetime
) -> None:
    if not row.reference:
        _tell_somebody(service, tx, row, decision, now)
        return
    fate = "doubtful" if decision.state is RowState.UNKNOWN else "failed"
    replies.settled(service, tx, _reply_id(row), fate, decision.error, now)


def _reply_delivered(service: Service, tx: Transaction, row: Row[Any], now: datetime) -> None:
    """Also when it was in doubt until now: the network has the last word before a person."""
    reply = tx.session.get(ReplyRow, _reply_id(row))
    if reply is not None and reply.state == "doubtful":
        reply.state = "released"
    replies.settled(service, tx, _reply_id(row), "delivered", "", now)


def _file_lost(service: Service, tx: Transaction, row: Row[Any], decision: Settlement, now: datetime) -> None:
    code = decision.error if decision.error == "file_too_big" else "lost"
    media.refused(service, tx, row, code, now)


def _reply_id(row: Row[Any]) -> int:
    return int(row.reference.partition(":")[2])


def _card_shown(tx: Transaction, row: Row[Any], message_id: str) -> None:
    """The card's message is known from here on; what was queued for the card meanwhile finds it by itself."""
    card = tx.session.get(CardRow, _card_id(row))
    if card is not None:
        card.message_id = message_id
        card.is_live = card.is_live or row.error == outbox.LEASE_OVER


def _card_lost(service: Service, tx: Transaction, row: Row[Any], decision: Settlement, now: datetime) -> None:
    card = tx.session.get(CardRow, _card_id(row))
    ticket = tx.session.get(TicketRow, card.ticket_id) if card else None
    if card is None or ticket is None:
        return
    if decision.error == "message_gone":
        cards.draw_anew(service, tx, ticket, card, now)
        return
    card.is_live = False
    if not row.is_group and decision.error != FAILED_INSIDE:
        reach.lost(service, tx, row, people.officer_at(tx, outbox.address_of(row)), now)
        return
    text = say("notice_card_lost", number=ticket.number, why=_why(service, decision.error))
    for role in (Role.DESK, Role.ADMIN):
        for officer in people.officers_with_role(tx, role):
            notices.to_officer(tx, officer, text, now, key=f"card_lost:{row.id}")


def _card_id(row: Row[Any]) -> int:
    return int(row.subject.partition(":")[2])


def _forget_secret(tx: Transaction, row: Row[Any]) -> None:
    """The secret code was shown once; the queue does not keep it."""
    message = outbox.find(tx, row.id).message
    if not message:
        return
    hidden = {**message, "fields": {**message["fields"], "secret": "••••"}}
    tx.connection.execute(update(_OUTBOX).where(_OUTBOX.c.id == row.id).values(message=hidden))


def _mark_unreachable(
    service: Service, tx: Transaction, row: Row[Any], decision: Settlement, now: datetime
) -> None:
    address = outbox.address_of(row)
    if row.is_group:
        rooms.lost(tx, address, _why(service, decision.error), now)
        return
    people.mark_reachable(tx, address, now, reachable=False)
    conversations.change_account(tx, address, blocked_at=now)


def _tell_somebody(
    service: Service, tx: Transaction, row: Row[Any], decision: Settlement, now: datetime
) -> None:
    """By what the row is about; the administrators when it is about nothing we know."""
    head, _, number = row.subject.partition(":")
    if head == "officer" and decision.error != FAILED_INSIDE:  # a bug is told by itself
        reach.lost(service, tx, row, people.officer_by_id(tx, int(number)), now)
    if not decision.needs_person:
        return
    match head:
        case "ticket":
            _tell_desk(service, tx, row, decision, now)
        case "officer":
            pass
        case "desk":
            _tell_privately(service, tx, row, decision, now)
        case _ if row.kind == SendKind.MESSAGE and decision.error != FAILED_INSIDE:
            _tell_of_loss(service, tx, row, decision, now)


def _nobody(service: Service, tx: Transaction, row: Row[Any], decision: Settlement, now: datetime) -> None:
    """Who waits for this answer sits before the screen and asks again."""


def _tell_privately(
    service: Service, tx: Transaction, row: Row[Any], decision: Settlement, now: datetime
) -> None:
    """A line that the desk's room did not take: the same to each desk officer, unless another room has it."""
    message = outbox.find(tx, row.id).message
    if not message or set(people.rooms(tx)) - {outbox.address_of(row)}:
        return
    key = f"room_lost:{row.id}"
    desk = people.officers_with_role(tx, Role.DESK)
    told = [notices.to_officer(tx, each, from_json(message), now, key=key, press=row.press) for each in desk]
    if not any(told):
        _tell_of_loss(service, tx, row, decision, now)


def _tell_of_loss(
    service: Service, tx: Transaction, row: Row[Any], decision: Settlement, now: datetime
) -> None:
    text = say("notice_lost", what=f"outbox {row.id}", why=_why(service, decision.error))
    for administrator in people.officers_with_role(tx, Role.ADMIN):
        notices.to_officer(tx, administrator, text, now, key=f"message_lost:{row.id}")


def _tell_desk(service: Service, tx: Transaction, row: Row[Any], decision: Settlement, now: datetime) -> None:
    ticket = tx.session.get(TicketRow, int(row.subject.partition(":")[2]))
    if ticket is None:
        return
    key = "notice_doubtful" if decision.state is RowState.UNKNOWN else "notice_undelivered"
    text = say(
        key, number=ticket.number, what=Label(f"purpose.{row.purpose}"), why=_why(service, decision.error)
    )
    notices.to_desk(tx, text, now, key=f"undelivered:{row.id}")


def _why(service: Service, code: str) -> Label:
    key = f"failure.{code}"
    return Label(key if key in service.catalogue.labels else "failure.other")


_FATES: dict[str, Fate] = {
    **dict.fromkeys(_DIGESTS, _digest_lost),
    **dict.fromkeys(_OF_A_REPLY, _reply_lost),
    **dict.fromkeys(("answer_now", "contact", "contact_hidden", "dialogue"), _nobody),
    **dict.fromkeys(("file_refused", "greeting", "press", "room"), _nobody),
    outreach.PURPOSE: outreach.template_lost,
    "card": _card_lost,
    "download": _file_lost,
}
