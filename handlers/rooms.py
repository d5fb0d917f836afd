"""Group chats: what happens to a room as a whole."""

from datetime import datetime

from sqlalchemy import update

from core.channel import Address
from core.say import say
from handlers import people
from storage import outbox
from storage.outbox import Wish
from storage.tables import CardRow, ConversationRow, OutboxRow, ReplyRow
from storage.transaction import Transaction, table

_CARD = table(CardRow)
_CONVERSATION = table(ConversationRow)
_OUTBOX = table(OutboxRow)
_REPLY = table(ReplyRow)


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


def move(tx: Transaction, chat: Address, new_chat: str) -> None:
    """The group has a new id: the room, its cards and what waits for it go along. Twice is once."""
    people.move_room(tx, chat, new_chat)
    for rows in (_CARD, _CONVERSATION, _REPLY):
        tx.connection.execute(
            update(rows).where(rows.c.channel == chat.channel, rows.c.chat == chat.chat).values(chat=new_chat)
        )
    tx.connection.execute(
        update(_OUTBOX)
        .where(
            _OUTBOX.c.channel == chat.channel,
            _OUTBOX.c.chat == chat.chat,
            _OUTBOX.c.state.in_(("queued", "sending")),
        )
        .values(chat=new_chat)
    )
