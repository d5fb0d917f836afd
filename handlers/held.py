"""What a citizen says while a person holds the chat and no ticket can take it: kept, and answered afterwards.

The words lie here at most as long as the person writes and half an hour more; then the dialogue hears them as
if they had come just now, and what it does not need is nowhere any more.
"""

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import delete, select

from core.channel import (
    Address,
    Channel,
    Event,
    Inbound,
    LocationShared,
    MediaKind,
    MediaReceived,
    MediaRef,
    TextReceived,
)
from core.conversation.home import SHORTEST_STORY
from core.say import say
from core.text import fold
from handlers import citizen
from handlers.alone import alone
from handlers.service import Service
from storage import outbox
from storage.outbox import Wish
from storage.tables import AccountRow, HeldRow
from storage.transaction import Transaction, table

_ACCOUNT, _HELD = table(AccountRow), table(HeldRow)
_AT_ONCE = 50
"""Chats answered in one transaction; the rest follow with the next tick."""


def keep(tx: Transaction, inbound: Inbound, inbox_id: int, now: datetime) -> None:
    """Hold what the event says until the chat is ours again; a sticker says nothing."""
    event = _to_json(inbound.event)
    if event:
        tx.add(
            HeldRow(
                organisation_id=tx.organisation_id,
                channel=inbound.chat.channel,
                chat=inbound.chat.chat,
                sender=inbound.sender,
                inbox_id=inbox_id,
                event=event,
                created_at=now,
            )
        )


def come_back(service: Service, tx: Transaction, now: datetime) -> None:
    """A tick: chats that nobody holds any more, and in which something was said meanwhile."""
    tx.flush()
    free = (
        select(_HELD.c.channel, _HELD.c.chat)
        .join(_ACCOUNT, (_ACCOUNT.c.channel == _HELD.c.channel) & (_ACCOUNT.c.chat == _HELD.c.chat))
        .where(_ACCOUNT.c.staffed_until.is_(None) | (_ACCOUNT.c.staffed_until <= now))
        .distinct()
        .limit(_AT_ONCE)
    )
    for row in tx.connection.execute(free).all():
        take(service, tx, Address(Channel(row.channel), row.chat), now)


def take(service: Service, tx: Transaction, chat: Address, now: datetime) -> None:
    """Let the dialogue hear what was held in this chat: words as one message, files after them."""
    tx.flush()
    first = select(_HELD.c.id).where(_HELD.c.channel == chat.channel, _HELD.c.chat == chat.chat).limit(1)
    row_id = tx.connection.execute(first).scalar()
    if row_id is not None:
        alone(tx, "held_words_unheard", row_id, partial(_hear, service, tx, chat, now))


def _hear(service: Service, tx: Transaction, chat: Address, now: datetime) -> None:
    """Whoever removes the rows has them: the tick and the citizen's next message may come together."""
    here = (_HELD.c.channel == chat.channel, _HELD.c.chat == chat.chat)
    removed = tx.connection.execute(delete(_HELD).where(*here).returning(*_HELD.c)).all()
    rows = sorted(removed, key=lambda row: int(row.id))
    if not rows:
        return
    events = [(row.inbox_id, _from_json(row.event)) for row in rows]
    words = "\n".join(event.text for _, event in events if isinstance(event, TextReceived))
    others = [(inbox_id, event) for inbox_id, event in events if not isinstance(event, TextReceived)]
    if not others and len(fold(words)) < SHORTEST_STORY:
        return  # «vâng, cảm ơn» was said to the person
    wish = Wish(
        key=f"held:{rows[0].inbox_id}",
        address=chat,
        text=say("back_with_words"),
        subject=f"chat:{chat}",
        purpose="dialogue",
    )
    outbox.enqueue(tx, wish, now)
    heard = ([(rows[0].inbox_id, TextReceived(words))] if words else []) + others
    for inbox_id, event in heard:
        citizen.receive(service, tx, chat, rows[0].sender, event, inbox_id, now)


def _to_json(event: Event) -> dict[str, Any]:
    match event:
        case TextReceived(text):
            return {"text": text}
        case LocationShared(latitude, longitude, label):
            return {"place": [latitude, longitude, label]}
        case MediaReceived(MediaRef(file_id, kind, name, size_bytes), caption, album):
            return {"file": [file_id, kind, name, size_bytes], "caption": caption, "album": album}
        case _:
            return {}


def _from_json(event: dict[str, Any]) -> Event:
    match event:
        case {"text": text}:
            return TextReceived(text)
        case {"place": [latitude, longitude, label]}:
            return LocationShared(latitude, longitude, label)
        case {"file": [file_id, kind, name, size_bytes], "caption": caption, "album": album}:
            return MediaReceived(MediaRef(file_id, MediaKind(kind), name, size_bytes), caption, album)
        case _:
            raise ValueError("not an event that is held")
