"""One bot of the Zalo Bot Platform: its calls, and how each of them ends.

The token stands in every URL, so no exception of the HTTP library leaves this file, not even as a cause.
Facts: docs.zaloplatforms.com/docs/BOT, and captures of others where the documents are silent.
"""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import aiohttp

from channels.downloading import content_of
from channels.webhook import WebhookState
from core.channel import PermanentSendError, SendError, TemporarySendError, UnknownOutcome

HOST = "https://bot-api.zaloplatforms.com"
MEDIA_HOSTS = ("zdn.vn", "zadn.vn", "zalo.me")
"""Where files of people lie, beside the platform's own host. An update names the address, which anybody
might have written: no other host is ever asked."""
_CALL_SECONDS = 10.0
_PHOTO_SECONDS = 50.0
"""Zalo fetches the photo from us before it answers."""
_FETCH_SECONDS = 45.0
_NOTHING_CAME = 408
_UNKNOWN_THERE = "not_found"
_REFUSALS = {
    400: "bad_request",
    403: "refused",  # documented as an error of the server: no proof that somebody blocked the bot
    404: _UNKNOWN_THERE,
    429: "quota_exhausted",  # the month's: no wait of ours would help
}
_BAD_TOKEN = 401
# Wrong until the administrator acts; what waits meanwhile is not lost.
_TOKEN_PAUSE = timedelta(minutes=10)


class ZaloBotAccount:
    """The client of one bot; a context manager. Errors are those of `core.channel`, nothing else."""

    def __init__(self, token: str, *, host: str = HOST) -> None:
        self._url = f"{host}/bot{token}/"
        self._media_hosts = (*MEDIA_HOSTS, urlsplit(host).hostname or "")
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def identity(self) -> Mapping[str, Any]:
        """The bot's own id and `account_name`."""
        return _mapping(await self._call("getMe", {}))

    async def send_message(self, chat: str, text: str) -> str:
        """Send up to 2,000 characters; the id of the message."""
        return _message_id(await self._call("sendMessage", {"chat_id": chat, "text": text}))

    async def send_photo(self, chat: str, url: str) -> str:
        """Send the photo that lies at a public address; the id of the message."""
        wish = {"chat_id": chat, "photo": url}
        return _message_id(await self._call("sendPhoto", wish, seconds=_PHOTO_SECONDS))

    async def next_updates(self, wait_seconds: int) -> list[Mapping[str, Any]]:
        """What came in, mostly one update; none when nothing did. What is returned is not returned again."""
        try:
            wish = {"timeout": str(wait_seconds)}
            found = await self._call("getUpdates", wish, seconds=wait_seconds + 15.0)
        except _CameToNothingError:
            return []
        updates = found if isinstance(found, list) else [found]
        return [update for update in updates if isinstance(update, dict) and update]

    async def webhook(self) -> WebhookState:
        """Where Zalo delivers."""
        try:
            return WebhookState(str(_mapping(await self._call("getWebhookInfo", {})).get("url") or ""))
        except PermanentSendError as error:
            if error.code == _UNKNOWN_THERE:  # the bot never had one
                return WebhookState("")
            raise

    async def set_webhook(self, url: str, *, secret: str) -> None:
        """Have updates delivered to `url` with the secret in a header."""
        await self._call("setWebhook", {"url": url, "secret_token": secret})

    async def delete_webhook(self) -> None:
        """Have no updates delivered; no error when there was no webhook."""
        try:
            await self._call("deleteWebhook", {})
        except PermanentSendError as error:
            if error.code != "bad_request":
                raise

    async def fetch(self, url: str) -> bytes:
        """A file somebody sent. Raises PermanentSendError("file_gone") when its address has run out."""
        if not self._is_media(url):
            raise PermanentSendError("file_gone")
        try:
            timeout = aiohttp.ClientTimeout(total=_FETCH_SECONDS)
            async with self._http.get(url, timeout=timeout, allow_redirects=False) as response:
                return await content_of(response, gone="file_gone")
        except (aiohttp.ClientError, TimeoutError):
            raise TemporarySendError("unreachable") from None

    @property
    def _http(self) -> aiohttp.ClientSession:
        assert self._session is not None, "used outside its context"
        return self._session

    def _is_media(self, url: str) -> bool:
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        host = parts.hostname or ""
        is_known = any(host == known or host.endswith(f".{known}") for known in self._media_hosts)
        return parts.scheme in {"http", "https"} and is_known

    async def _call(self, method: str, wish: Mapping[str, str], *, seconds: float = _CALL_SECONDS) -> Any:
        """`result` of the answer. Errors stand in the body, under whatever HTTP status, 200 included."""
        timeout = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._http.post(
                self._url + method, json=wish, timeout=timeout, allow_redirects=False
            ) as response:
                status, body = response.status, await response.read()
        except aiohttp.ClientConnectorError:
            raise TemporarySendError("unreachable") from None
        except (aiohttp.ClientError, TimeoutError):
            raise UnknownOutcome("no_answer") from None
        answer = _answer(body)
        if answer.get("ok") is True:
            return answer.get("result")
        raise _refusal(_code(answer.get("error_code"), status), is_ours=bool(answer))


class _CameToNothingError(TemporarySendError):
    """The platform waited in vain: for a poll that is no error, and a message was surely not sent."""


def _refusal(code: int, *, is_ours: bool) -> SendError:
    """`is_ours`: the platform itself answered, and not something on the way to it."""
    if code == _NOTHING_CAME:
        return _CameToNothingError("server_error")
    if is_ours and code == _BAD_TOKEN:
        return TemporarySendError("bad_token", _TOKEN_PAUSE)
    if is_ours and code in _REFUSALS:
        return PermanentSendError(_REFUSALS[code])
    if code == 504 or code < 400:  # perhaps the platform took it, and only its answer is lost on us
        return UnknownOutcome("server_error")
    return TemporarySendError("server_error")


def _code(named: Any, status: int) -> int:
    """The number of an error, which the platform may write out; the HTTP status where it names none."""
    return int(named) if re.fullmatch("[0-9]{3}", str(named)) else status


def _answer(body: bytes) -> Mapping[str, Any]:
    """The envelope; empty for a page of something on the way."""
    try:
        return _mapping(json.loads(body))
    except (ValueError, RecursionError):
        return {}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _message_id(result: Any) -> str:
    return str(_mapping(result).get("message_id") or "")
