"""The web chat is a network of our own: who may read which chat, and the messages as the page shows them."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, ScalarSelect, func, select, update

from core.channel import (
    ButtonPressed,
    Channel,
    ContactShared,
    Inbound,
    LocationShared,
    MediaReceived,
    Outgoing,
    TextReceived,
)
from core.people import Role
from handlers import forgetting, people
from storage.tables import (
    OfficerChannelRow,
    OfficerRow,
    WebIdentityRow,
    WebMessageRow,
    WebRoomMemberRow,
)
from storage.transaction import Transaction, table

DESK_ROOM = "room:desk"
FIRST_PAGE = 200
"""Messages of a chat a page gets that has none yet; also the most of one chat in one answer."""

_IDENTITY = table(WebIdentityRow)
_MEMBER = table(WebRoomMemberRow)
_MESSAGE = table(WebMessageRow)
_LINK = table(OfficerChannelRow)
_OFFICER = table(OfficerRow)


@dataclass(frozen=True, slots=True)
class Identity:
    """A visitor of the web chat. `chat` is their private chat and also their name as a sender.

    `look`: see `handlers.looks`.
    """

    id: int
    chat: str
    label: str = ""
    look: Channel = Channel.WEBCHAT


@dataclass(frozen=True, slots=True)
class WebMessage:
    """A message of a chat. `seq` grows with every change in the chat; `sender` is empty for the service."""

    id: str
    chat: str
    seq: int
    sender: str
    client_id: str
    at: datetime
    payload: Mapping[str, Any] = field(default_factory=dict)


# --- identities and rooms ----------------------------------------------------------------------------------


def create_identity(
    tx: Transaction, now: datetime, *, token: str = "", label: str = ""
) -> tuple[Identity, str]:
    """A new identity and its bearer token, of which only the hash is stored.

    With a `token` that is known already, its identity: so sample people keep their chats over restarts.
    """
    token = token or secrets.token_urlsafe(32)
    tx.insert_once(
        WebIdentityRow,
        {
            "organisation_id": tx.organisation_id,
            "token_hash": _hash(token),
            "chat": f"p:{secrets.token_urlsafe(12)}",
            "label": label,
            "look": "",
            "created_at": now,
        },
        key=["token_hash"],
    )
    identity = identity_by_token(tx, token)
    assert identity is not None
    return identity, token


def identity_by_token(tx: Transaction, token: str) -> Identity | None:
    """Whose token this is, or None. Ours are ASCII; what is not may not even have a hash."""
    if not token.isascii():
        return None
    row = tx.connection.execute(select(_IDENTITY).where(_IDENTITY.c.token_hash == _hash(token))).first()
    return None if row is None else Identity(row.id, row.chat, row.label, Channel(row.look or "webchat"))


def join_room(tx: Transaction, chat: str, room: str = DESK_ROOM) -> None:
    """Let the identity of this private chat into a room. Unknown chats are no members of anything."""
    identity_id = tx.connection.execute(select(_IDENTITY.c.id).where(_IDENTITY.c.chat == chat)).scalar()
    if identity_id is not None:
        values = {"organisation_id": tx.organisation_id, "room": room, "identity_id": identity_id}
        tx.insert_once(WebRoomMemberRow, values, key=["room", "identity_id"])


def rooms_of(tx: Transaction, identity: Identity) -> tuple[str, ...]:
    """Rooms the identity may read and write: those it joined, while it is an active officer of the desk."""
    rows = tx.connection.execute(
        select(_MEMBER.c.room)
        .join(_IDENTITY, _IDENTITY.c.id == _MEMBER.c.identity_id)
        .join(_LINK, (_LINK.c.sender == _IDENTITY.c.chat) & (_LINK.c.channel == Channel.WEBCHAT))
        .join(_OFFICER, _OFFICER.c.id == _LINK.c.officer_id)
        .where(_MEMBER.c.identity_id == identity.id, _OFFICER.c.is_active, _OFFICER.c.role == Role.DESK)
        .order_by(_MEMBER.c.id)
    )
    return tuple(row.room for row in rows)


def chats_of(tx: Transaction, identity: Identity) -> tuple[str, ...]:
    """Every chat the identity may read: its private chat, then its rooms."""
    return (identity.chat, *rooms_of(tx, identity))


# --- messages ----------------------------------------------------------------------------------------------


def put(tx: Transaction, chat: str, key: str, message: Outgoing, now: datetime) -> str | None:
    """Store a message of the service; its id, the same one again for the same `key`. None: no such chat."""
    if not _exists(tx, chat):
        return None
    return _insert(tx, chat=chat, key=key, sender="", payload=asdict(message), now=now)


def edit(tx: Transaction, chat: str, message_id: str, message: Outgoing) -> bool:
    """Put other words in the place of a message of the service. False: there is no such message."""
    if not message_id.isdecimal():
        return False
    changed = tx.connection.execute(
        update(_MESSAGE)
        .where(_MESSAGE.c.id == int(message_id), _MESSAGE.c.chat == chat, _MESSAGE.c.sender == "")
        .values(payload=asdict(message) | {"edited": True}, seq=_next_seq(chat))
    )
    return changed.rowcount == 1


def keep_own(tx: Transaction, inbound: Inbound, now: datetime) -> None:
    """Store what a person sent, so that the page shows it again. The same `external_id` is stored once."""
    payload = _own_payload(tx, inbound)
    if payload is None:
        return
    if not inbound.is_private:
        officer = people.officer_of(tx, Channel.WEBCHAT, inbound.sender)
        payload["name"] = officer.name if officer else ""
    _insert(
        tx,
        chat=inbound.chat.chat,
        key=inbound.external_id,
        sender=inbound.sender,
        payload=payload,
        now=now,
    )


def forget_words(tx: Transaction, chat: str, *, within: str | None = None) -> None:
    """Blank what the person wrote in a private chat, and where the service repeated it.

    All of it, or the messages that are part of `within`. For words that must not stay: sent before a refused
    consent, or sealed for the keeper. Never a receipt: it is the only copy of its secret code.
    """
    for message_id in forgetting.messages_with(tx, chat, within):
        tx.connection.execute(
            update(_MESSAGE)
            .where(_MESSAGE.c.id == message_id)
            .values(payload={"forgotten": True}, seq=_next_seq(chat))
        )


def messages_since(tx: Transaction, identity: Identity, since: Mapping[str, int]) -> list[WebMessage]:
    """What changed in the identity's chats after the given `seq` of each, oldest change first.

    A chat that is not named gives its last messages. A chat of somebody else gives nothing.
    """
    found: list[WebMessage] = []
    for chat in chats_of(tx, identity):
        found += _changes(tx, chat, since.get(chat, 0))
    return found


def file_of(tx: Transaction, identity: Identity, message_id: str, number: int) -> Mapping[str, Any] | None:
    """The `number`-th file of a message in a chat the identity may read, or None."""
    if not message_id.isdecimal():
        return None
    row = tx.connection.execute(select(_MESSAGE).where(_MESSAGE.c.id == int(message_id))).first()
    if row is None or row.chat not in chats_of(tx, identity):
        return None
    files: list[Mapping[str, Any]] = row.payload.get("files", [])
    # What the person sent themselves is on their own phone: the page got no path to it.
    return files[number] if number < len(files) and "path" in files[number] else None


def _changes(tx: Transaction, chat: str, seq: int) -> list[WebMessage]:
    newest_first = seq == 0
    order = _MESSAGE.c.seq.desc() if newest_first else _MESSAGE.c.seq
    rows = tx.connection.execute(
        select(_MESSAGE)
        .where(_MESSAGE.c.chat == chat, _MESSAGE.c.seq > seq)
        .order_by(order)
        .limit(FIRST_PAGE)
    ).all()
    return sorted((_message(row) for row in rows), key=lambda message: message.seq)


def _message(row: Row[Any]) -> WebMessage:
    client_id = row.outbox_key.rpartition(":")[2] if row.sender else ""
    return WebMessage(str(row.id), row.chat, row.seq, row.sender, client_id, row.created_at, row.payload)


def _insert(
    tx: Transaction, *, chat: str, key: str, sender: str, payload: Mapping[str, Any], now: datetime
) -> str:
    values = {
        "organisation_id": tx.organisation_id,
        "chat": chat,
        "seq": _next_seq(chat),
        "outbox_key": key,
        "sender": sender,
        "payload": payload,
        "created_at": now,
    }
    stored = tx.compute_once(WebMessageRow, values, key=["outbox_key"])
    if stored is None:
        stored = tx.connection.execute(select(_MESSAGE.c.id).where(_MESSAGE.c.outbox_key == key)).scalar_one()
    return str(stored)


def _next_seq(chat: str) -> ScalarSelect[int]:
    known = _MESSAGE.alias("known")
    return select(func.coalesce(func.max(known.c.seq), 0) + 1).where(known.c.chat == chat).scalar_subquery()


def _exists(tx: Transaction, chat: str) -> bool:
    owner = select(_IDENTITY.c.id).where(_IDENTITY.c.chat == chat)
    members = select(_MEMBER.c.id).where(_MEMBER.c.room == chat)
    return tx.connection.execute(owner.union_all(members).limit(1)).first() is not None


def _own_payload(tx: Transaction, inbound: Inbound) -> dict[str, Any] | None:
    match inbound.event:
        case TextReceived(text):
            return {"text": text}
        case MediaReceived(media, caption):
            return {"text": caption, "files": [{"name": media.name, "kind": media.kind}]}
        case LocationShared(latitude, longitude):
            return {"location": [latitude, longitude]}
        case ContactShared(phone):
            return {"text": phone}
        case ButtonPressed(payload) if inbound.is_private:
            label = _label_of(tx, inbound, payload)
            return {"text": label, "pressed": True} if label else None
        case _:
            return None


def _label_of(tx: Transaction, inbound: Inbound, pressed: str) -> str:
    """The label of a button that really stands under the message it was pressed on, else nothing.

    Where nobody tells which message that was, under one of the last.
    """
    query = select(_MESSAGE.c.payload).where(_MESSAGE.c.chat == inbound.chat.chat, _MESSAGE.c.sender == "")
    if inbound.message_id is None:
        query = query.order_by(_MESSAGE.c.id.desc()).limit(FIRST_PAGE)
    elif inbound.message_id.isdecimal():
        query = query.where(_MESSAGE.c.id == int(inbound.message_id))
    else:
        return ""
    shown = tx.connection.execute(query).scalars()
    buttons = (button for each in shown for row in each.get("buttons", ()) for button in row)
    return next((str(button["label"]) for button in buttons if button["payload"] == pressed), "")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
