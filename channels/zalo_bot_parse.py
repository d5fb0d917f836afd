"""An update of the Zalo Bot Platform becomes an Inbound.

The fields present decide before the name of the event does: documents and captures differ on both.
"""

import re
from collections.abc import Mapping
from typing import Any

from core.channel import (
    Address,
    Channel,
    Event,
    Inbound,
    MediaKind,
    MediaReceived,
    MediaRef,
    NotUnderstood,
    TextReceived,
)
from core.text import clean

_ID = re.compile(r"[\w.:-]{1,64}", re.ASCII)
_MENTION = re.compile(r"^@\S+\s+")
_ADDRESS = 2000


def parse(body: Mapping[str, Any]) -> Inbound | None:
    """The event in an update, flat or wrapped in `result`; None when it brings none.

    Raises ValueError for a message without the ids by which it could be answered or told from a repeat.
    """
    update = body["result"] if isinstance(body.get("result"), dict) else body
    message = update.get("message")
    if not isinstance(message, dict):
        return None
    chat, sender = _part(message, "chat"), _part(message, "from")
    if sender.get("is_bot") is True:
        return None
    chat_id, message_id = _id(chat.get("id")), _id(message.get("message_id"))
    is_private = chat.get("chat_type") != "GROUP"
    return Inbound(
        external_id=f"{chat_id}:{message_id}",
        chat=Address(Channel.ZALO_BOT, chat_id),
        sender=_id(sender.get("id")),
        event=_event(message, is_private=is_private),
        is_private=is_private,
        message_id=message_id,
    )


def _event(message: Mapping[str, Any], *, is_private: bool) -> Event:
    def words(name: str) -> str:
        text = clean(_string(message, name))
        return text if is_private else _MENTION.sub("", text)

    text = words("text")
    if text:
        return TextReceived(text)
    photo = _string(message, "photo_url") or _string(message, "photo")
    if 0 < len(photo) <= _ADDRESS:
        return MediaReceived(MediaRef(photo, MediaKind.PHOTO), words("caption"))
    voice = _string(message, "voice_url")
    if 0 < len(voice) <= _ADDRESS:
        return MediaReceived(MediaRef(voice, MediaKind.VOICE, "voice.aac"))
    return NotUnderstood()


def _string(message: Mapping[str, Any], name: str) -> str:
    value = message.get(name)
    return value if isinstance(value, str) else ""


def _part(message: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = message.get(name)
    return value if isinstance(value, dict) else {}


def _id(value: Any) -> str:
    text = str(value) if isinstance(value, str | int) else ""
    if not _ID.fullmatch(text):
        raise ValueError("an update without its ids")
    return text
