"""Telegram out: one delivery becomes one or more calls of the Bot API, and ends in one of the four ends."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from telegram.error import BadRequest, InvalidToken, TelegramError

from channels.downloading import MAX_DOWNLOAD_BYTES
from channels.telegram_account import TelegramAccount
from channels.telegram_errors import NO_TEXT_TO_EDIT, NOT_MODIFIED, QUERY_TOO_OLD, as_send_error, says
from channels.telegram_message import (
    MAX_TEXT,
    NO_PREVIEW,
    REMOVE_KEYBOARD,
    KeyboardWords,
    Part,
    as_extra,
    inline_keyboard,
    parts_of,
)
from core.channel import (
    Delivery,
    Outgoing,
    PermanentSendError,
    SendError,
    SendKind,
    Sent,
    TemporarySendError,
    UnknownOutcome,
)
from core.text import clip, utf16_length

MAX_PRESS_ANSWER = 200

# Below the lease of an outbox row (60 s): past it another worker might take the row for abandoned.
_DELIVERY_SECONDS = 55.0
# How long the rest of a half-delivered message may wait for its turn, and how often.
_REST_PAUSE = timedelta(seconds=15)
_REST_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class _Chat:
    id: int

    @property
    def is_private(self) -> bool:
        """Telegram numbers people above zero, groups below."""
        return self.id > 0


class TelegramSender:
    """The road out to Telegram; see `core.channel.Sender`.

    Files to send lie under `files`; `words` label the two buttons that ask for a place or a phone number.
    A message that takes several calls is never begun again once a part of it arrived: the rest is tried for a
    few seconds, then the outcome is unknown. Repeating an edit, an answer to a press or a download does no
    harm, so there a missing answer counts as not done.
    """

    def __init__(
        self,
        account: TelegramAccount,
        *,
        files: Path,
        words: KeyboardWords,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._account = account
        self._bot = account.bot
        self._files = files.resolve()
        self._words = words
        self._pause = pause
        # Private chats where a keyboard of ours may still be open. Lost at a restart: the keyboard folds
        # itself after one use, and whatever it types is a valid answer anyway.
        self._keyboards: set[int] = set()

    async def deliver(self, delivery: Delivery) -> Sent:
        """Carry out one outbox row. `Sent.message_id` is the message that holds the text and the buttons."""
        chat = _chat(delivery)
        try:
            async with asyncio.timeout(_DELIVERY_SECONDS):
                match delivery.kind:
                    case SendKind.MESSAGE:
                        return await self._message(chat, delivery)
                    case SendKind.EDIT:
                        return await self._edit(chat, delivery)
                    case SendKind.PRESS_ANSWER:
                        return await self._answer_press(delivery)
                    case SendKind.DOWNLOAD:
                        return await self._download(delivery)
        except TelegramError as error:
            raise _harmless_to_repeat(as_send_error(error), delivery.kind) from None
        except TimeoutError:
            raise _harmless_to_repeat(UnknownOutcome("no_answer"), delivery.kind) from None
        except OSError:  # the network's own were turned into the above
            raise PermanentSendError("file_missing") from None

    async def _message(self, chat: _Chat, delivery: Delivery) -> Sent:
        parts = await self._parts(chat, delivery.message)
        parts[-1] = await self._folding_keyboard(chat, parts[-1])
        carrier = await parts[0].send(self._account, chat.id)
        for part in parts[1:]:
            carrier = await self._rest(chat, part)
        if parts[-1].opens_keyboard:
            self._keyboards.add(chat.id)
        else:
            self._keyboards.discard(chat.id)
        return Sent(str(carrier))

    async def _parts(self, chat: _Chat, message: Outgoing) -> list[Part]:
        """The calls it takes; off the event loop only when there are files to look at."""

        def lay_out() -> list[Part]:
            return parts_of(message, is_private=chat.is_private, files=self._files, words=self._words)

        return await asyncio.to_thread(lay_out) if message.files else lay_out()

    async def _rest(self, chat: _Chat, part: Part) -> int:
        """Send a later part of a message whose first part has arrived."""
        attempt = 1
        while True:
            try:
                return await part.send(self._account, chat.id)
            except TelegramError as error:
                wait = _wait_for_rest(as_send_error(error), attempt)
            await self._pause(wait.total_seconds())
            attempt += 1

    async def _folding_keyboard(self, chat: _Chat, last: Part) -> Part:
        """The last part of a message, which also takes away the keyboard of an earlier question.

        A message carries one keyboard only. Without buttons it carries the removal itself; with buttons a
        short message does, which is deleted again. A message that opens a new keyboard replaces the old one.
        """
        if chat.id not in self._keyboards or last.opens_keyboard:
            return last
        if last.markup is None:
            return replace(last, markup=REMOVE_KEYBOARD)
        with suppress(TelegramError):  # tidiness: the message itself must not fail by it
            carrier = await self._bot.send_message(
                chat.id, "…", disable_notification=True, api_kwargs=as_extra(REMOVE_KEYBOARD)
            )
            await self._bot.delete_message(chat.id, carrier.message_id)
        return last

    async def _edit(self, chat: _Chat, delivery: Delivery) -> Sent:
        message_id = _message_id(delivery)
        if utf16_length(delivery.message.text) > MAX_TEXT:
            raise PermanentSendError("text_too_long")
        try:
            await self._edit_words(chat.id, message_id, delivery.message)
        except BadRequest as error:
            if not says(error, NOT_MODIFIED):
                raise
        return Sent(str(message_id))

    async def _edit_words(self, chat: int, message_id: int, message: Outgoing) -> None:
        extra = as_extra(inline_keyboard(message.buttons))
        try:
            await self._bot.edit_message_text(
                message.text, chat, message_id, link_preview_options=NO_PREVIEW, api_kwargs=extra
            )
        except BadRequest as error:
            if not says(error, NO_TEXT_TO_EDIT):
                raise
            # It was sent as the caption of a file.
            await self._bot.edit_message_caption(chat, message_id, caption=message.text, api_kwargs=extra)

    async def _answer_press(self, delivery: Delivery) -> Sent:
        text = _toast(delivery.message.text)
        try:
            await self._bot.answer_callback_query(delivery.reference or "", text)
        except BadRequest as error:
            if not says(error, QUERY_TOO_OLD):
                raise
        return Sent()

    async def _download(self, delivery: Delivery) -> Sent:
        file = await self._bot.get_file(delivery.reference or "")
        if (file.file_size or 0) > MAX_DOWNLOAD_BYTES:
            raise PermanentSendError("file_too_big")
        try:
            content = await file.download_as_bytearray(read_timeout=40)
        except InvalidToken:  # what the library makes of any 404: the link has run out
            raise TemporarySendError("link_expired") from None
        return Sent(content=bytes(content))


def _wait_for_rest(end: SendError, attempt: int) -> timedelta:
    """How long to wait before trying again. Raises the end of the whole delivery when there is no point."""
    if isinstance(end, PermanentSendError | UnknownOutcome):
        raise end from None
    if not isinstance(end, TemporarySendError) or attempt == _REST_ATTEMPTS:
        raise UnknownOutcome("partly_sent") from None
    wait = end.retry_after or timedelta(seconds=attempt)
    if wait > _REST_PAUSE:
        raise UnknownOutcome("partly_sent") from None
    return wait


def _toast(text: str) -> str | None:
    """At most 200 UTF-16 units: every letter outside the basic plane costs two."""
    double = utf16_length(text) - len(text)
    return clip(text, max(MAX_PRESS_ANSWER - double, MAX_PRESS_ANSWER // 2)) or None


def _harmless_to_repeat(end: SendError, kind: SendKind) -> SendError:
    if isinstance(end, UnknownOutcome) and kind is not SendKind.MESSAGE:
        return TemporarySendError(end.code)
    return end


def _chat(delivery: Delivery) -> _Chat:
    try:
        return _Chat(int(delivery.address.chat))
    except ValueError:
        raise PermanentSendError("chat_unknown") from None


def _message_id(delivery: Delivery) -> int:
    try:
        return int(delivery.message_id or "")
    except ValueError:
        raise PermanentSendError("message_gone") from None
