"""The door Telegram delivers to: POST /hook/telegram."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from channels.reading import from_json
from channels.telegram_parse import parse
from core.channel import Inbound
from core.errors import TemporarilyUnavailable

PATH = "/hook/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of the header
MIN_SECRET_BYTES = 32
MAX_BODY_BYTES = 1024 * 1024
READ_SECONDS = 10.0

Receive = Callable[[Inbound, bytes], Awaitable[None]]
Park = Callable[[bytes], Awaitable[None]]
Handler = Callable[[web.Request], Awaitable[web.Response]]

log = structlog.get_logger(__name__)


def telegram_hook(*, secret: str, receive: Receive, park: Park) -> Handler:
    """The handler of `PATH`.

    `receive` and `park` return once their row is committed and raise TemporarilyUnavailable when it cannot
    be; `park` takes a body nobody can read, so that it does not stop what comes after. 200 is only answered
    after either. Raises ValueError for a secret under 32 bytes: without one the door stands open.
    """
    expected = secret.encode()
    if len(expected) < MIN_SECRET_BYTES:
        raise ValueError(f"the webhook secret must have at least {MIN_SECRET_BYTES} bytes")

    async def handle(request: web.Request) -> web.Response:
        if not _is_telegram(request, expected):
            return web.Response(status=403)
        body = await _read(request)
        try:
            await _store(body, receive=receive, park=park)
        except TemporarilyUnavailable:
            return web.Response(status=503)
        return web.Response()

    return handle


def _is_telegram(request: web.Request, expected: bytes) -> bool:
    """Whether the secret header is there once and right; compared as bytes, in constant time."""
    given = request.headers.getall(SECRET_HEADER, [])
    return len(given) == 1 and hmac.compare_digest(given[0].encode("utf-8", "surrogateescape"), expected)


async def _read(request: web.Request) -> bytes:
    """The body. Raises HTTP 413 past 1 MB and 408 when it does not come."""
    if request.content.is_eof() and request.content.total_bytes <= MAX_BODY_BYTES:
        return await request.content.read()  # all of it is here already
    body = bytearray()
    try:
        async with asyncio.timeout(READ_SECONDS):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > MAX_BODY_BYTES:
                    raise web.HTTPRequestEntityTooLarge(max_size=MAX_BODY_BYTES, actual_size=len(body))
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    return bytes(body)


async def _store(body: bytes, *, receive: Receive, park: Park) -> None:
    try:
        update = from_json(body)
    except (ValueError, RecursionError):
        log.warning("update_unreadable", channel="telegram", size_bytes=len(body))
        await park(body)
        return
    inbound = parse(update)
    if inbound is None:
        log.debug("update_ignored", channel="telegram", size_bytes=len(body))
        return
    await receive(inbound, body)
