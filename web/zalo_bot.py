"""The door Zalo Bot delivers to: POST /hook/zalo-bot."""

import hmac
import json

import structlog
from aiohttp import web

from channels.zalo_bot_parse import parse
from core.errors import TemporarilyUnavailable
from web.answers import read_body
from web.telegram import Handler, Park, Receive

PATH = "/hook/zalo-bot"
SECRET_HEADER = "X-Bot-Api-Secret-Token"  # noqa: S105 - the name of the header
MAX_BODY_BYTES = 256 * 1024

log = structlog.get_logger(__name__)


def zalo_bot_hook(*, secret: str, receive: Receive, park: Park) -> Handler:
    """The handler of `PATH`; `receive` and `park` as in `web.telegram.telegram_hook`.

    An empty body is the platform asking whether anybody is there, and may come without the secret.
    """
    expected = secret.encode()

    async def handle(request: web.Request) -> web.Response:
        if request.method == "GET" or not request.can_read_body:
            return web.Response()
        given = request.headers.getall(SECRET_HEADER, [])
        if len(given) != 1 or not hmac.compare_digest(given[0].encode("utf-8", "surrogateescape"), expected):
            return web.Response(status=401)
        body = await read_body(request, MAX_BODY_BYTES)
        try:
            await _store(body, receive=receive, park=park)
        except TemporarilyUnavailable:
            return web.Response(status=503)
        return web.json_response({"message": "Success"})

    return handle


async def _store(body: bytes, *, receive: Receive, park: Park) -> None:
    try:
        update = json.loads(body)
        inbound = parse(update) if isinstance(update, dict) else None
    except (ValueError, RecursionError):
        log.warning("update_unreadable", channel="zalo_bot", size_bytes=len(body))
        await park(body)
        return
    if inbound is None:
        log.debug("update_ignored", channel="zalo_bot", size_bytes=len(body))
        return
    await receive(inbound, body)
