"""The HTTP layer under python-telegram-bot: one aiohttp session, and a clear word on whether a request left.

The token stands in every URL, so no exception of the HTTP library leaves this file, not even as a cause.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any, ClassVar, cast

import aiohttp

# Read by python-telegram-bot when a 429 arrives: without it `retry_after` is a number and warns.
os.environ.setdefault("PTB_TIMEDELTA", "1")

from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from channels.reading import from_json

CONNECT_SECONDS = 10.0
READ_SECONDS = 20.0
FILE_SECONDS = 45.0
MAX_ANSWER_BYTES = 21 * 1024 * 1024  # a bot may download files of 20 MB

Seconds = Any  # python-telegram-bot passes a number, None, or its own "not given" object


@dataclass(frozen=True, slots=True)
class _JsonBody:
    """Parameters of a call as one JSON body; stands where the library's own bag of parameters would."""

    content: bytes
    contains_files: ClassVar[bool] = False


_to_json = json.JSONEncoder(separators=(",", ":")).encode
_JSON_HEADERS = {"Content-Type": "application/json"}


class NotSentError(NetworkError):
    """No connection was made, so the request surely did not reach Telegram."""


class AiohttpRequest(BaseRequest):
    """`telegram.request.BaseRequest` on one shared session: far cheaper under load than the stock one.

    `proxy` is an http:// URL. Raises NotSentError before, TimedOut or NetworkError after the request left.
    """

    __slots__ = ("_proxy", "_session")

    def __init__(self, *, proxy: str | None = None) -> None:
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return READ_SECONDS

    async def initialize(self) -> None:
        """Open the session; needs the running loop. Nothing is sent yet."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                proxy=self._proxy,
                headers={"User-Agent": self.USER_AGENT},
                cookie_jar=aiohttp.DummyCookieJar(),
            )

    async def shutdown(self) -> None:
        """Close the session and its connections."""
        if self._session is not None:
            await self._session.close()

    async def call(self, url: str, parameters: Mapping[str, Any]) -> Any:
        """The result of one call without files. Raises what `post` raises.

        For the messages of every dialogue: building the library's objects, its form and the objects of the
        answer takes more time than the request itself.
        """
        body = _JsonBody(_to_json(parameters).encode("ascii"))
        # `post` reads nothing of it but `contains_files`, and hands it to `do_request`.
        return await self.post(url, cast("RequestData", body))

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        write_timeout: Seconds = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - the total covers writing
        connect_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        pool_timeout: Seconds = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - the connect time-out covers the pool
    ) -> tuple[int, bytes]:
        """Status and body of one call. Redirects are not followed: they would carry the token elsewhere."""
        if self._session is None or self._session.closed:
            raise NotSentError("session_closed")
        uploads = request_data is not None and request_data.contains_files
        data, headers = _body(request_data)
        try:
            async with self._session.request(
                method,
                url,
                data=data,
                headers=headers,
                timeout=_timeout(read_timeout, connect_timeout, uploads=uploads),
                allow_redirects=False,
            ) as response:
                return response.status, _presentable(response.status, await _read(response))
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _classify(error) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """The answer as JSON. The stock version writes an unreadable one, words and all, to the log."""
        try:
            answer = from_json(payload)
        except (ValueError, RecursionError):
            answer = None
        if isinstance(answer, dict) and ("result" in answer or answer.get("ok") is False):
            return answer
        raise TelegramError("unreadable_answer")


@lru_cache(maxsize=32)
def _timeout(read: Seconds, connect: Seconds, *, uploads: bool) -> aiohttp.ClientTimeout:
    connect_seconds = _seconds(connect, CONNECT_SECONDS)
    total = connect_seconds + _seconds(read, FILE_SECONDS if uploads else READ_SECONDS)
    return aiohttp.ClientTimeout(total=total, connect=connect_seconds)


def _seconds(given: Seconds, default: float) -> float:
    return float(given) if isinstance(given, int | float) else default


def _body(
    request_data: RequestData | _JsonBody | None,
) -> tuple[aiohttp.FormData | dict[str, str] | bytes | None, dict[str, str] | None]:
    if request_data is None:
        return None, None
    if isinstance(request_data, _JsonBody):
        return request_data.content, _JSON_HEADERS
    return _form(request_data) if request_data.contains_files else request_data.json_parameters, None


def _form(request_data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in request_data.multipart_data.items():
        # A stream: bytes over 1 MB would be written in one go and hold up the loop.
        body = BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, body, filename=filename, content_type=mime)
    return form


async def _read(response: aiohttp.ClientResponse) -> bytes:
    if (response.content_length or MAX_ANSWER_BYTES + 1) <= MAX_ANSWER_BYTES:
        return await response.read()
    content = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        content += chunk
        if len(content) > MAX_ANSWER_BYTES:
            raise aiohttp.ClientPayloadError("answer too long")
    return bytes(content)


def _presentable(status: int, content: bytes) -> bytes:
    """A page of something in between becomes an empty answer: such pages like to repeat the URL."""
    if 200 <= status < 300:
        return content
    try:
        answer = from_json(content)
    except (ValueError, RecursionError):
        return b"{}"
    return content if isinstance(answer, dict) else b"{}"


def _classify(error: Exception) -> NetworkError:
    before_the_body = (
        aiohttp.ClientConnectorError,
        aiohttp.ConnectionTimeoutError,
        aiohttp.ClientHttpProxyError,
        aiohttp.InvalidURL,
    )
    name = type(error).__name__
    if isinstance(error, before_the_body):
        return NotSentError(name)
    return TimedOut(name) if isinstance(error, TimeoutError) else NetworkError(name)
