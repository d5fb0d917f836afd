"""In whose manner a chat is shown: the demo dresses its web chats up as other networks, limits included."""

from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from core import windows
from core.channel import CAPABILITIES, Address, Capabilities, Channel
from storage.prepared import Prepared
from storage.tables import WebIdentityRow, WebMessageRow, WebRoomMemberRow
from storage.transaction import Transaction, table

_IDENTITY = table(WebIdentityRow)
_MEMBER = table(WebRoomMemberRow)
_MESSAGE = table(WebMessageRow)
_OF_CHAT = Prepared(select(_IDENTITY.c.look).where(_IDENTITY.c.chat == bindparam("chat")))
_OF_ROOM = Prepared(
    select(_IDENTITY.c.look)
    .join(_MEMBER, _MEMBER.c.identity_id == _IDENTITY.c.id)
    .where(_MEMBER.c.room == bindparam("chat"))
    .order_by(_MEMBER.c.id)
    .limit(1)
)
_ROOM = "room:"


def look_of(tx: Transaction, chat: Address) -> Channel:
    """The network itself, but for a web chat of the demo that wears another's clothes.

    A room looks as it does to whoever joined it first.
    """
    if chat.channel is not Channel.WEBCHAT:
        return chat.channel
    rows = tx.run(_OF_ROOM if chat.chat.startswith(_ROOM) else _OF_CHAT, {"chat": chat.chat})
    return Channel(rows[0].look) if rows and rows[0].look else Channel.WEBCHAT


def abilities(tx: Transaction, chat: Address) -> Capabilities:
    """What can be shown and carried in this chat."""
    return CAPABILITIES[look_of(tx, chat)]


def can_edit(tx: Transaction, chat: Address) -> bool:
    """Whether a message sent into this chat can still be changed."""
    return abilities(tx, chat).edits


def is_closed(tx: Transaction, chat: Address, now: datetime) -> bool:
    """Whether the network of this look would let nothing through: the person has not written for too long.

    Our own pages know that as the network would: by what was written there. Putting on the look opens it, as
    beginning to follow an account does.
    """
    look = look_of(tx, chat)
    wrote = select(func.max(_MESSAGE.c.created_at)).where(
        _MESSAGE.c.chat == chat.chat, _MESSAGE.c.sender == chat.chat
    )
    put_on = select(_IDENTITY.c.look_at).where(_IDENTITY.c.chat == chat.chat)
    moments = [tx.connection.execute(query).scalar() for query in (wrote, put_on)]
    last_at = max((moment for moment in moments if moment is not None), default=None)
    until = windows.closes_at(look, last_at)
    return until is not None and until <= now


def wear(tx: Transaction, chat: str, look: Channel, now: datetime) -> None:
    """Show this private web chat in another manner from now on."""
    worn = "" if look is Channel.WEBCHAT else look
    mine = update(_IDENTITY).where(_IDENTITY.c.chat == chat)
    tx.connection.execute(mine.values(look=worn, look_at=now))


def take_off(tx: Transaction) -> None:
    """Every web chat is itself: what a demo left must change nothing for the people of a real service."""
    tx.connection.execute(update(_IDENTITY).where(_IDENTITY.c.look != "").values(look=""))
