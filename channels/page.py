"""Our own pages as a second door of every network: what they post becomes an Inbound of that network, and
the files they hold are fetched from here."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from core.channel import (
    Address,
    Channel,
    Delivery,
    Event,
    Inbound,
    LocationShared,
    MediaKind,
    MediaReceived,
    MediaRef,
    PermanentSendError,
    Sender,
    SendKind,
    Sent,
    TemporarySendError,
    TextReceived,
)
from core.errors import TemporarilyUnavailable

_MARK = "page_event"


def envelope(inbound: Inbound) -> dict[str, Any]:
    """The event as plain JSON values; `parse` gives it back when it is replayed."""
    where = {"channel": inbound.chat.channel, "chat": inbound.chat.chat, "sender": inbound.sender}
    return {_MARK: _content(inbound.event), "id": inbound.external_id, **where}


def is_ours(body: Any) -> bool:
    """Whether a stored body came from one of our pages, whatever its network."""
    return isinstance(body, dict) and _MARK in body


def parse(body: Mapping[str, Any]) -> Inbound:
    """The event in an envelope."""
    return Inbound(
        external_id=body["id"],
        chat=Address(Channel(body["channel"]), body["chat"]),
        sender=body["sender"],
        event=_event(body[_MARK]),
    )


def _content(event: Event) -> dict[str, Any]:
    match event:
        case MediaReceived(media):
            return {"ref": media.file_id, "kind": media.kind, "file_name": media.name}
        case LocationShared(latitude, longitude):
            return {"latitude": latitude, "longitude": longitude}
        case TextReceived(text):
            return {"text": text}
        case _:
            raise TypeError("no page of ours posts this")


def _event(content: Mapping[str, Any]) -> Event:
    match content:
        case {"ref": str(ref), "kind": kind, "file_name": str(name)}:
            return MediaReceived(MediaRef(ref, MediaKind(kind), name))
        case {"latitude": float(latitude), "longitude": float(longitude)}:
            return LocationShared(latitude, longitude)
        case {"text": str(text)}:
            return TextReceived(text)
        case _:
            raise ValueError("no event of a page")


class PageFilesSender:
    """A network's sender that finds the files of our pages here, and leaves all else to the network."""

    def __init__(
        self,
        inner: Sender,
        *,
        is_here: Callable[[str], bool],
        fetch: Callable[[str], Awaitable[bytes | None]],
    ) -> None:
        self._inner = inner
        self._is_here = is_here
        self._fetch = fetch

    async def deliver(self, delivery: Delivery) -> Sent:
        """See `core.channel.Sender`."""
        reference = delivery.reference or ""
        if delivery.kind is not SendKind.DOWNLOAD or not self._is_here(reference):
            return await self._inner.deliver(delivery)
        try:
            content = await self._fetch(reference)
        except TemporarilyUnavailable as error:
            raise TemporarySendError("database") from error
        if content is None:
            raise PermanentSendError("file_gone")
        return Sent(content=content)
