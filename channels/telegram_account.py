"""One Telegram bot: its client, and what an administrator asks of it."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

from telegram.error import TelegramError
from telegram.ext import ExtBot

from channels.telegram_errors import as_send_error
from channels.telegram_request import AiohttpRequest
from channels.webhook import WebhookState

API_HOST = "https://api.telegram.org"

# Always named: left out, Telegram keeps whatever was set last, perhaps by another program.
ALLOWED_UPDATES: Sequence[str] = ("message", "edited_message", "callback_query", "my_chat_member")
MAX_CONNECTIONS = 40


@dataclass(frozen=True, slots=True)
class BotIdentity:
    """Who the token belongs to. `reads_groups`: privacy mode is off, so it sees every message of a group."""

    id: int
    username: str
    reads_groups: bool


class TelegramAccount:
    """The client of one bot; open it with `async with`, which sends nothing.

    `host` is scheme and host, `proxy` an http:// URL. All methods raise the send errors of `core.channel`.
    """

    def __init__(self, token: str, *, host: str = API_HOST, proxy: str | None = None) -> None:
        # At DEBUG the library writes its URL (with the token) and every message's words.
        for name in ("telegram", "httpx", "httpcore"):
            _raise_level(logging.getLogger(name), logging.INFO)
        self._request = AiohttpRequest(proxy=proxy)
        self._api = f"{host}/bot{token}"
        self.bot: ExtBot[None] = ExtBot(
            token,
            base_url=f"{host}/bot",
            base_file_url=f"{host}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )

    async def __aenter__(self) -> Self:
        await self._request.initialize()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._request.shutdown()

    async def send_text(self, chat: int, text: str, markup: Mapping[str, Any] | None) -> int:
        """The number of the message sent; `markup` as the Bot API wants it. Raises the library's errors.

        Past the library's `send_message`, whose objects cost more than the request: docs/decisions/0012.
        """
        parameters = {"chat_id": chat, "text": text, "link_preview_options": {"is_disabled": True}}
        if markup is not None:
            parameters["reply_markup"] = markup
        sent = await self._request.call(f"{self._api}/sendMessage", parameters)
        return _message_id(sent)

    async def identity(self) -> BotIdentity:
        """Whose token this is (getMe)."""
        try:
            user = await self.bot.get_me()
        except TelegramError as error:
            raise as_send_error(error) from None
        return BotIdentity(user.id, user.username or "", bool(user.can_read_all_group_messages))

    async def updates(self, *, offset: int | None, wait_seconds: int) -> list[dict[str, Any]]:
        """Updates from `offset` on, as they came, waiting up to `wait_seconds` for the first one.

        Everything below `offset` is forgotten by Telegram.
        """
        query: dict[str, str | int] = {
            "timeout": wait_seconds,
            "allowed_updates": json.dumps(list(ALLOWED_UPDATES)),
        }
        if offset is not None:
            query["offset"] = offset
        url = f"{self._api}/getUpdates?{urlencode(query)}"
        try:
            # Not `bot.get_updates`: it builds objects and writes what it cannot parse to the log.
            found = await self._request.post(url, read_timeout=wait_seconds + 10)
        except TelegramError as error:
            raise as_send_error(error) from None
        return found if isinstance(found, list) else []

    async def webhook(self) -> WebhookState:
        """What Telegram has on record."""
        try:
            info = await self.bot.get_webhook_info()
        except TelegramError as error:
            raise as_send_error(error) from None
        return WebhookState(
            info.url, info.pending_update_count, info.last_error_message or "", tuple(info.allowed_updates)
        )

    async def set_webhook(self, url: str, *, secret: str) -> None:
        """Have updates delivered to `url` with `secret` in the header; what waits is kept."""
        try:
            await self.bot.set_webhook(
                url,
                secret_token=secret,
                allowed_updates=list(ALLOWED_UPDATES),
                max_connections=MAX_CONNECTIONS,
            )
        except TelegramError as error:
            raise as_send_error(error) from None

    async def delete_webhook(self) -> None:
        """Back to polling; what waits is kept."""
        try:
            await self.bot.delete_webhook()
        except TelegramError as error:
            raise as_send_error(error) from None


def _message_id(sent: Any) -> int:
    match sent:
        case {"message_id": int(number)}:
            return number
    raise TelegramError("unreadable_answer")


def _raise_level(logger: logging.Logger, level: int) -> None:
    logger.setLevel(max(logger.level, level))
