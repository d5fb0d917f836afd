"""Our own page as a network: what it posts becomes an Inbound, what leaves goes into its mailbox."""

import re
from collections.abc import Mapping
from typing import Any, Protocol

from channels.look_received import as_received
from core.channel import (
    CAPABILITIES,
    Address,
    ButtonPressed,
    Channel,
    ContactShared,
    Delivery,
    Event,
    Inbound,
    LocationShared,
    MediaKind,
    MediaReceived,
    MediaRef,
    NotUnderstood,
    Outgoing,
    PermanentSendError,
    SendKind,
    Sent,
    TemporarySendError,
    TextReceived,
)
from core.errors import TemporarilyUnavailable
from core.text import clean

MAX_TEXT = CAPABILITIES[Channel.WEBCHAT].max_text
MAX_FILE_BYTES = 20_000_000

_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_PAYLOAD = 64


# --- in ----------------------------------------------------------------------------------------------------


class BadMessage(ValueError):  # noqa: N818 - it is the page's message that is bad
    """The page sent what no page of ours sends."""


_ID = 18
"""Digits of a message's number: so many fit a column of the database."""
_FIELDS = ("client_msg_id", "chat", "text", "press", "message_id", "reply_to", "phone", "location", "file")


def storable(message: Mapping[str, Any]) -> dict[str, Any]:
    """The known parts of what the page posted, each text fit to be stored: no NUL, no half of a pair."""
    return {name: _storable(message[name]) for name in _FIELDS if name in message}


def _storable(value: Any) -> Any:
    match value:
        case str():
            return value.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
        case {"latitude": latitude, "longitude": longitude}:
            return {"latitude": latitude, "longitude": longitude}
        case dict() | list():
            return {}  # nothing of ours: refused where it is read
        case _:
            return value


def envelope(
    message: Mapping[str, Any], *, identity: str, upload: MediaRef | None, look: Channel
) -> dict[str, Any]:
    """What the page posted with who posted it: everything `parse` needs, now or when it is replayed."""
    file = None
    if upload is not None:
        file = {"ref": upload.file_id, "kind": upload.kind, "name": upload.name, "size": upload.size_bytes}
    return {"identity": identity, "message": dict(message), "upload": file, "look": look}


def parse(body: Mapping[str, Any]) -> Inbound:
    """The event in an envelope. Raises BadMessage. Whether the sender may write there was asked before."""
    message, sender = body["message"], body["identity"]
    client_id = message.get("client_msg_id")
    if not isinstance(client_id, str) or not _CLIENT_ID.fullmatch(client_id):
        raise BadMessage("client_msg_id")
    chat = _string(message, "chat", 80) or sender
    event = as_received(
        Channel(body["look"]), _event(message, body["upload"], callback_id=f"{sender}/{client_id}")
    )
    pressed_on = _string(message, "message_id", _ID)
    if isinstance(event, ButtonPressed) and event.callback_id is None:
        pressed_on = ""  # a tap that came as a text: nobody tells which message carried the button
    return Inbound(
        external_id=f"w:{chat}:{client_id}",
        chat=Address(Channel.WEBCHAT, chat),
        sender=sender,
        event=event,
        is_private=chat == sender,
        message_id=(pressed_on or None) if isinstance(event, ButtonPressed) else client_id,
        reply_to=_string(message, "reply_to", _ID) or None,
    )


def _event(message: Mapping[str, Any], upload: Mapping[str, Any] | None, *, callback_id: str) -> Event:
    text = clean(_string(message, "text", MAX_TEXT))
    if upload is not None:
        media = MediaRef(upload["ref"], MediaKind(upload["kind"]), upload["name"], upload["size"])
        return MediaReceived(media, text)
    if "press" in message:
        return ButtonPressed(_string(message, "press", _PAYLOAD), callback_id)
    if "location" in message:
        return _location(message["location"])
    if "phone" in message:
        return ContactShared(clean(_string(message, "phone", 30)), own=True)  # typed by who holds the page
    return TextReceived(text) if text else NotUnderstood()


def _location(point: Any) -> LocationShared:
    match point:
        case {"latitude": int() | float() as latitude, "longitude": int() | float() as longitude}:
            if abs(latitude) <= 90 and abs(longitude) <= 180:
                return LocationShared(float(latitude), float(longitude))
    raise BadMessage("location")


def _string(message: Mapping[str, Any], name: str, limit: int) -> str:
    value = message.get(name, "")
    if not isinstance(value, str) or len(value) > limit:
        raise BadMessage(name)
    return value


# --- out ---------------------------------------------------------------------------------------------------


class Mailbox(Protocol):
    """Where the page finds its messages. All may raise TemporarilyUnavailable."""

    async def put(self, chat: str, key: str, message: Outgoing) -> str | None:
        """Store a message once per `key`; its id. None when there is no such chat."""

    async def edit(self, chat: str, message_id: str, message: Outgoing) -> bool:
        """Replace a message; false when there is no such message."""

    async def toast(self, reference: str, text: str) -> None:
        """Answer a press: a short notice on the page that pressed, if it is still open."""

    async def fetch(self, reference: str) -> bytes | None:
        """The bytes of a file that a page handed over, or None when it is gone."""


class WebchatSender:
    """The road out to our own page. Nothing can stay unknown here: the mailbox answers after its commit."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def deliver(self, delivery: Delivery) -> Sent:
        """See `core.channel.Sender`."""
        try:
            return await self._deliver(delivery)
        except TemporarilyUnavailable as error:
            raise TemporarySendError("database") from error

    async def _deliver(self, delivery: Delivery) -> Sent:
        chat, message = delivery.address.chat, delivery.message
        match delivery.kind:
            case SendKind.MESSAGE:
                return Sent(_known(await self._mailbox.put(chat, delivery.key, message), "chat_unknown"))
            case SendKind.EDIT:
                edited = await self._mailbox.edit(chat, delivery.message_id or "", message)
                return Sent(_known(delivery.message_id if edited else None, "message_unknown"))
            case SendKind.PRESS_ANSWER:
                await self._mailbox.toast(delivery.reference or "", message.text)
                return Sent()
            case SendKind.DOWNLOAD:
                content = await self._mailbox.fetch(delivery.reference or "")
                if content is None:
                    raise PermanentSendError("file_gone")
                return Sent(content=content)


def _known(message_id: str | None, code: str) -> str:
    if message_id is None:
        raise PermanentSendError(code)
    return message_id
