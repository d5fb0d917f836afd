"""Group chats: what happens to a room as a whole."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, delete, exists, select, update

from core.channel import Address
from core.people import Role
from core.say import Label, say
from handlers import audit, notices, people
from storage import outbox
from storage.outbox import Wish
from storage.tables import CardRow, ConversationRow, OutboxRow, ReplyRow, RoomRow
from storage.transaction import Transaction, table

_CARD = table(CardRow)
_CONVERSATION = table(ConversationRow)
_OUTBOX = table(OutboxRow)
_REPLY = table(ReplyRow)
_ROOM = table(RoomRow)


def greet(tx: Transaction, chat: Address, now: datetime) -> None:
    """Somebody put the service into a group: one sentence, once; nothing of the group is stored."""
    if people.is_room(tx, chat):
        return
    outbox.enqueue(
        tx,
        Wish(
            key=f"greet:{chat}", address=chat, is_group=True, text=say("group_greeting"), purpose="greeting"
        ),
        now,
    )


def lost(tx: Transaction, chat: Address, why: Label, now: datetime) -> None:
    """The group takes nothing of ours any more: no desk room now, and the administrators hear of it once."""
    left = tx.connection.execute(
        update(_ROOM)
        .where(_ROOM.c.channel == chat.channel, _ROOM.c.chat == chat.chat, _ROOM.c.left_at.is_(None))
        .values(left_at=now)
        .returning(_ROOM.c.id)
    ).scalar()
    if left is None:
        return
    audit.record(tx, audit.SYSTEM, "room_lost", f"room:{left}", now)
    text = say("notice_room_lost", channel=Label(f"channel.{chat.channel}"), why=why)
    for administrator in people.officers_with_role(tx, Role.ADMIN):
        notices.to_officer(tx, administrator, text, now, key=f"room_lost:{left}:{now:%Y%m%d%H%M%S}")


def move(tx: Transaction, chat: Address, new_chat: str) -> None:
    """The group has a new id: the room, its cards and what waits for it go along. Twice is once.

    What stands in the new chat already stays: somebody may have linked it before the old one said «moved».
    """
    _move_room(tx, chat, new_chat)
    _retire_doubled_cards(tx, chat, new_chat)
    there = _CONVERSATION.alias("there")
    is_doubled = exists().where(
        there.c.channel == chat.channel, there.c.chat == new_chat, there.c.sender == _CONVERSATION.c.sender
    )
    _rename(tx, _CARD, chat, new_chat, _CARD.c.ticket_id.not_in(_shown_in(chat, new_chat)))
    _rename(tx, _CONVERSATION, chat, new_chat, ~is_doubled)
    _rename(tx, _REPLY, chat, new_chat)
    _rename(tx, _OUTBOX, chat, new_chat, _OUTBOX.c.state.in_(("queued", "sending")))


def _rename(tx: Transaction, rows: Table, chat: Address, new_chat: str, *wanted: ColumnElement[bool]) -> None:
    tx.connection.execute(
        update(rows)
        .where(rows.c.channel == chat.channel, rows.c.chat == chat.chat, *wanted)
        .values(chat=new_chat)
    )


def _move_room(tx: Transaction, chat: Address, new_chat: str) -> None:
    found = {room.chat: room for room in _rooms(tx, chat, new_chat)}
    old, new = found.get(chat.chat), found.get(new_chat)
    if old is None or new is None:
        people.move_room(tx, chat, new_chat)
        return
    tx.connection.execute(delete(_ROOM).where(_ROOM.c.id == old.id))
    if old.left_at is None:
        tx.connection.execute(update(_ROOM).where(_ROOM.c.id == new.id).values(left_at=None))


def _rooms(tx: Transaction, chat: Address, new_chat: str) -> Sequence[Any]:
    tx.flush()
    wanted = _ROOM.c.channel == chat.channel, _ROOM.c.chat.in_((chat.chat, new_chat))
    return tx.connection.execute(select(_ROOM.c.id, _ROOM.c.chat, _ROOM.c.left_at).where(*wanted)).all()


def _shown_in(chat: Address, new_chat: str) -> Select[Any]:
    """Tickets that have a card in the new chat."""
    there = _CARD.alias("there")
    return select(there.c.ticket_id).where(there.c.channel == chat.channel, there.c.chat == new_chat)


def _retire_doubled_cards(tx: Transaction, chat: Address, new_chat: str) -> None:
    """A ticket shown in the new chat already has its live card there; what waits for the old one goes."""
    mine = _CARD.c.channel == chat.channel, _CARD.c.chat == chat.chat
    doubled = tx.connection.execute(
        update(_CARD)
        .where(*mine, _CARD.c.ticket_id.in_(_shown_in(chat, new_chat)))
        .values(is_live=False)
        .returning(_CARD.c.id)
    ).scalars()
    for card_id in doubled.all():
        outbox.cancel(tx, subject=f"card:{card_id}")
