"""How a message is laid out on Telegram: which calls, which keyboard, which file travels how."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from telegram import InputMediaPhoto, LinkPreviewOptions, Message

from channels.telegram_account import TelegramAccount
from core.channel import CAPABILITIES, Button, Channel, MediaKind, Outgoing, OutgoingFile, PermanentSendError
from core.text import clip, split_message, utf16_length

MAX_TEXT = CAPABILITIES[Channel.TELEGRAM].max_text
MAX_CAPTION = 1024
MAX_ALBUM = 10
MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_UPLOAD_BYTES = 50 * 1024 * 1024

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

Markup = dict[str, Any]
"""A keyboard as the Bot API wants it. Plain values: every message has one, and an object each costs more
than the request."""

REMOVE_KEYBOARD: Markup = {"remove_keyboard": True}


@dataclass(frozen=True, slots=True)
class KeyboardWords:
    """Labels of the two buttons that ask the phone for something: its place, its number."""

    location: str
    contact: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file found on disk and small enough to leave."""

    path: Path
    name: str
    kind: MediaKind
    mime: str


@dataclass(frozen=True, slots=True)
class Part:
    """One call: a text, one file with the text as its caption, or an album without text."""

    text: str = ""
    files: tuple[Attachment, ...] = ()
    markup: Markup | None = None

    @property
    def opens_keyboard(self) -> bool:
        return self.markup is not None and "keyboard" in self.markup

    async def send(self, account: TelegramAccount, chat: int) -> int:
        """Make the call: the number of the message. Raises telegram.error.TelegramError."""
        if not self.files:
            return await account.send_text(chat, self.text, self.markup)
        contents = [await asyncio.to_thread(file.path.read_bytes) for file in self.files]
        if len(self.files) > 1:
            album = [
                InputMediaPhoto(content, filename=file.name)
                for file, content in zip(self.files, contents, strict=True)
            ]
            return (await account.bot.send_media_group(chat, album))[0].message_id
        return await self._send_file(account, chat, contents[0])

    async def _send_file(self, account: TelegramAccount, chat: int, content: bytes) -> int:
        bot, name, caption = account.bot, self.files[0].name, self.text or None
        send: Callable[..., Awaitable[Message]]
        match self.files[0].kind:
            case MediaKind.PHOTO:
                send = bot.send_photo
            case MediaKind.VIDEO:
                send = bot.send_video
            case MediaKind.VOICE:
                send = bot.send_voice
            case MediaKind.DOCUMENT:
                send = bot.send_document
        sent = await send(chat, content, filename=name, caption=caption, api_kwargs=as_extra(self.markup))
        return sent.message_id


def as_extra(markup: Markup | None) -> dict[str, Any] | None:
    """The keyboard as what the library adds to a call unread."""
    return None if markup is None else {"reply_markup": markup}


def parts_of(message: Outgoing, *, is_private: bool, files: Path, words: KeyboardWords) -> list[Part]:
    """The calls in order; the last one carries the keyboard.

    Reads the disk. Raises PermanentSendError for an empty message, a missing file and one too big.
    """
    attachments = tuple(_attachment(file, files) for file in message.files)
    markup = _keyboard(message, words) if is_private else inline_keyboard(message.buttons)
    if len(attachments) == 1 and utf16_length(message.text) <= MAX_CAPTION:
        return [Part(message.text, attachments, markup)]
    parts = list(_file_parts(attachments))
    if message.text:
        *before, last = split_message(message.text, MAX_TEXT)
        parts += [Part(text) for text in before]
        parts.append(Part(last, markup=markup))
    if not parts:
        raise PermanentSendError("empty_message")
    return parts


def inline_keyboard(buttons: Sequence[Sequence[Button]]) -> Markup | None:
    """The buttons under the message, None without any."""
    rows = [[{"text": button.label, "callback_data": button.payload} for button in row] for row in buttons]
    return {"inline_keyboard": rows} if rows else None


def _keyboard(message: Outgoing, words: KeyboardWords) -> Markup | None:
    """A question for place or phone needs the big keyboard; choices beside it type their own label there."""
    asked: list[list[dict[str, Any]]] = []
    if message.ask_location:
        asked.append([{"text": words.location, "request_location": True}])
    if message.ask_contact:
        asked.append([{"text": words.contact, "request_contact": True}])
    if not asked:
        return inline_keyboard(message.buttons)
    asked += [[{"text": button.label} for button in row] for row in message.buttons]
    return {"keyboard": asked, "resize_keyboard": True, "one_time_keyboard": True}


def _attachment(file: OutgoingFile, folder: Path) -> Attachment:
    path = (folder / file.path).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise PermanentSendError("file_missing")
    size = path.stat().st_size
    if size > MAX_UPLOAD_BYTES:
        raise PermanentSendError("file_too_big")
    too_big_to_show = file.kind is MediaKind.PHOTO and size > MAX_PHOTO_BYTES
    kind = MediaKind.DOCUMENT if too_big_to_show else file.kind
    return Attachment(path, clip(file.name, 120), kind, file.mime)


def _file_parts(attachments: Sequence[Attachment]) -> Iterator[Part]:
    photos = tuple(item for item in attachments if item.kind is MediaKind.PHOTO)
    for start in range(0, len(photos), MAX_ALBUM):
        yield Part(files=photos[start : start + MAX_ALBUM])
    for item in attachments:
        if item.kind is not MediaKind.PHOTO:
            yield Part(files=(item,))
