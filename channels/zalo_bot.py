"""Zalo Bot out: words and photos. There are no buttons: the numbers stand in the text, and suffice."""

import asyncio
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from channels.zalo_bot_account import ZaloBotAccount
from core.channel import (
    CAPABILITIES,
    Channel,
    Delivery,
    MediaKind,
    Outgoing,
    OutgoingFile,
    PermanentSendError,
    SendError,
    SendKind,
    Sent,
    TemporarySendError,
    UnknownOutcome,
)
from core.text import split_message

# Below the lease of an outbox row (60 s).
_DELIVERY_SECONDS = 55.0
_REST_ATTEMPTS = 3
_REST_SECONDS = 1.0
_MAX_TEXT = CAPABILITIES[Channel.ZALO_BOT].max_text


@dataclass(frozen=True, slots=True)
class Part:
    """One call: words, or a photo, which goes as its address."""

    text: str = ""
    photo: OutgoingFile | None = None


def parts_of(message: Outgoing, *, link: Callable[[OutgoingFile], str]) -> list[Part]:
    """The calls in order: photos first, so that the words with the choices stand last on the screen."""
    photos = [file for file in message.files if file.kind is MediaKind.PHOTO]
    others = [file for file in message.files if file.kind is not MediaKind.PHOTO]
    words = "\n".join([message.text, *(f"{file.name}: {link(file)}" for file in others)])
    words = unicodedata.normalize("NFC", words)
    texts = [Part(text=text) for text in split_message(words, _MAX_TEXT) if text.strip()]
    return [*(Part(photo=photo) for photo in photos), *texts]


class ZaloBotSender:
    """The road out to Zalo Bot; see `core.channel.Sender`.

    `link` gives the public address of a stored file. A message of several calls is never begun again once a
    part of it arrived: the rest is tried for a few seconds, then the outcome is unknown.
    """

    def __init__(
        self,
        account: ZaloBotAccount,
        *,
        link: Callable[[OutgoingFile], str],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._account = account
        self._link = link
        self._pause = pause

    async def deliver(self, delivery: Delivery) -> Sent:
        """Carry out one outbox row."""
        try:
            async with asyncio.timeout(_DELIVERY_SECONDS):
                match delivery.kind:
                    case SendKind.MESSAGE:
                        return await self._message(delivery)
                    case SendKind.DOWNLOAD:
                        return Sent(content=await self._account.fetch(delivery.reference or ""))
                    case SendKind.EDIT:
                        raise PermanentSendError("cannot_edit")
                    case SendKind.PRESS_ANSWER:
                        raise PermanentSendError("no_buttons")
        except TimeoutError:
            if delivery.kind is SendKind.DOWNLOAD:
                raise TemporarySendError("no_answer") from None
            raise UnknownOutcome("no_answer") from None

    async def _message(self, delivery: Delivery) -> Sent:
        chat = delivery.address.chat
        parts = parts_of(delivery.message, link=self._link)
        first = await self._send(chat, parts[0])
        for part in parts[1:]:
            first = await self._rest(chat, part)
        return Sent(first)

    async def _send(self, chat: str, part: Part) -> str:
        if part.photo is not None:
            return await self._account.send_photo(chat, self._link(part.photo))
        return await self._account.send_message(chat, part.text)

    async def _rest(self, chat: str, part: Part) -> str:
        """Send a later part of a message whose first part has arrived."""
        for attempt in range(1, _REST_ATTEMPTS + 1):
            try:
                return await self._send(chat, part)
            except TemporarySendError:
                if attempt < _REST_ATTEMPTS:
                    await self._pause(_REST_SECONDS * attempt)
            except SendError:
                break
        raise UnknownOutcome("partly_sent")
