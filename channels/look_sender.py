"""Our own page in other clothes: messages of the demo, laid out as Telegram, Zalo OA or Zalo Bot shows them.

The layout is the one that the network's own sender makes. Only the wire is missing: what would be a call
there is a message on the page here.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from channels import telegram_message, zalo_bot, zalo_oa_message
from core.channel import (
    CAPABILITIES,
    Address,
    Button,
    Channel,
    Delivery,
    Outgoing,
    OutgoingFile,
    PermanentSendError,
    Sender,
    SendKind,
    Sent,
    TemporarySendError,
)
from core.errors import TemporarilyUnavailable
from core.text import clip, utf16_length

_ROOM = "room:"


@dataclass(frozen=True, slots=True)
class Worn:
    """How a chat is shown now. `is_closed`: its network would let nothing through until the person writes."""

    look: Channel
    is_closed: bool = False


class Wardrobe(Protocol):
    """Who wears what. May raise TemporarilyUnavailable."""

    async def worn_in(self, chat: Address) -> Worn:
        """How this chat is shown now."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What the layouts need: where files lie, and the address of one that travels as a link."""

    files: Path
    link: Callable[[OutgoingFile], str]
    words: telegram_message.KeyboardWords

    def parts(self, look: Channel, message: Outgoing, *, is_private: bool) -> list[Outgoing]:
        """The message as it stands on the screen there, in order; at least one.

        Reads the disk. Raises PermanentSendError for an empty message and a missing file.
        """
        match look:
            case Channel.TELEGRAM:
                files = self.files.resolve()
                laid = telegram_message.parts_of(
                    message, is_private=is_private, files=files, words=self.words
                )
                return [self._of_telegram(part) for part in laid]
            case Channel.ZALO_OA:
                files = self.files.resolve()
                return [
                    _of_zalo_oa(part)
                    for part in zalo_oa_message.parts_of(message, files=files, link=self.link)
                ]
            case Channel.ZALO_BOT:
                return [_of_zalo_bot(part) for part in zalo_bot.parts_of(message, link=self.link)]
            case Channel.WEBCHAT:
                return [message]

    def _of_telegram(self, part: telegram_message.Part) -> Outgoing:
        """Keys of the big keyboard have no payload: they type their own label."""
        markup = part.markup or {}
        keys = [key for row in markup.get("keyboard", ()) for key in row]
        rows = markup.get("inline_keyboard") or [
            typed
            for row in markup.get("keyboard", ())
            if (typed := [key for key in row if key.keys() == {"text"}])
        ]
        return Outgoing(
            part.text,
            tuple(tuple(Button(key["text"], key.get("callback_data", "")) for key in row) for row in rows),
            tuple(OutgoingFile(str(file.path), file.name, file.kind, file.mime) for file in part.files),
            ask_location=any("request_location" in key for key in keys),
            ask_contact=any("request_contact" in key for key in keys),
        )


def _of_zalo_oa(part: zalo_oa_message.Part) -> Outgoing:
    buttons = (
        Button(clip(button.label, zalo_oa_message.MAX_TITLE), button.payload) for button in part.buttons
    )
    files = () if part.upload is None else (replace(part.upload.file, name=part.upload.name),)
    return Outgoing(part.text, tuple((button,) for button in buttons), files)


def _of_zalo_bot(part: zalo_bot.Part) -> Outgoing:
    return Outgoing(part.text, files=() if part.photo is None else (part.photo,))


class LookSender:
    """The road out to the pages of the demo; see `core.channel.Sender`. Chats without a look go to `page`."""

    def __init__(self, page: Sender, *, wardrobe: Wardrobe, layout: Layout) -> None:
        self._page = page
        self._wardrobe = wardrobe
        self._layout = layout

    async def deliver(self, delivery: Delivery) -> Sent:
        """Carry out one outbox row. `Sent.message_id` is the message that holds the words and the buttons."""
        try:
            worn = await self._wardrobe.worn_in(delivery.address)
        except TemporarilyUnavailable as error:
            raise TemporarySendError("database") from error
        if worn.look is Channel.WEBCHAT:
            return await self._page.deliver(delivery)
        match delivery.kind:
            case SendKind.MESSAGE:
                return await self._message(delivery, worn)
            case SendKind.EDIT:
                return await self._edit(delivery, worn.look)
            case SendKind.PRESS_ANSWER:
                # A tap of Zalo is a text: nothing on the screen waits for an answer.
                return await self._page.deliver(delivery) if worn.look is Channel.TELEGRAM else Sent()
            case SendKind.DOWNLOAD:
                return await self._page.deliver(delivery)

    async def _message(self, delivery: Delivery, worn: Worn) -> Sent:
        if delivery.message.template is not None:
            raise PermanentSendError("no_template")
        if worn.is_closed:
            raise PermanentSendError("window_closed")
        *before, last = await self._parts(delivery, worn.look)
        for number, part in enumerate(before):
            await self._page.deliver(replace(delivery, key=f"{delivery.key}/{number}", message=part))
        return await self._page.deliver(replace(delivery, message=last))

    async def _edit(self, delivery: Delivery, look: Channel) -> Sent:
        able = CAPABILITIES[look]
        if not able.edits:
            raise PermanentSendError("cannot_edit")
        if utf16_length(delivery.message.text) > able.max_text:
            raise PermanentSendError("text_too_long")
        return await self._page.deliver(delivery)

    async def _parts(self, delivery: Delivery, look: Channel) -> list[Outgoing]:
        """The messages it takes; off the event loop only when there are files to look at."""
        message, is_private = delivery.message, not delivery.address.chat.startswith(_ROOM)

        def lay_out() -> list[Outgoing]:
            return self._layout.parts(look, message, is_private=is_private)

        return await asyncio.to_thread(lay_out) if message.files else lay_out()
