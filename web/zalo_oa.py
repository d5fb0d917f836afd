"""The door the Official Account delivers to: POST /hook/zalo-oa."""

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from aiohttp import web

from channels.zalo_oa_parse import parse
from channels.zalo_oa_signature import is_signed
from core.errors import TemporarilyUnavailable
from web.answers import Refusal, read_body
from web.telegram import Handler, Park, Receive

PATH = "/hook/zalo-oa"
SIGNATURE_HEADER = "X-ZEvent-Signature"
MAX_BODY_BYTES = 256 * 1024
_ALARM_SECONDS = 60.0

log = structlog.get_logger(__name__)


def zalo_oa_hook(
    *,
    oa_id: str,
    secret: str,
    fronts: tuple[str, ...],
    receive: Receive,
    park: Park,
    seconds: Callable[[], float] = time.monotonic,
) -> Handler:
    """The handler of `PATH`, for GET and POST; `receive` and `park` as in `web.telegram.telegram_hook`.

    `secret` is the one of the account's webhook page; ValueError without one. `fronts`: the ids that may
    stand before the body in what is signed. A GET is the platform asking whether anybody is there. Events
    that are not signed are refused with 401 and noted once a minute at most; `seconds` measures that.
    """
    if not secret:
        raise ValueError("the webhook of an Official Account needs its secret")
    return _Door(oa_id, secret, fronts, receive, park, _Alarm(seconds)).handle


class _Alarm:
    """Notes refused events. Anybody may send them, so they must not fill the log."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._quiet_until = -math.inf

    def unsigned(self, size_bytes: int) -> None:
        now = self._seconds()
        if now < self._quiet_until:
            return
        self._quiet_until = now + _ALARM_SECONDS
        log.warning("webhook_unsigned", channel="zalo_oa", size_bytes=size_bytes)


@dataclass(frozen=True, slots=True)
class _Door:
    """Whose events come in here, and where they go."""

    oa_id: str
    secret: str
    fronts: tuple[str, ...]
    receive: Receive
    park: Park
    alarm: _Alarm

    async def handle(self, request: web.Request) -> web.Response:
        """200 once what the event says is committed."""
        if request.method != "POST":
            return web.Response()
        try:
            body = await read_body(request, MAX_BODY_BYTES)
        except Refusal as refusal:
            return web.Response(status=refusal.status)
        event = _read(body)
        if not self._is_zalo(request, body, event):
            self.alarm.unsigned(len(body))
            return web.Response(status=401)
        try:
            await self._take(event, body)
        except TemporarilyUnavailable:
            return web.Response(status=503)
        return web.Response()

    def _is_zalo(self, request: web.Request, body: bytes, event: dict[str, Any] | None) -> bool:
        """Whether the signature header is there once and signs the body."""
        given = request.headers.getall(SIGNATURE_HEADER, [])
        return len(given) == 1 and is_signed(
            body,
            given[0],
            fronts=self.fronts,
            secret=self.secret,
            timestamp=str((event or {}).get("timestamp", "")),
        )

    async def _take(self, event: dict[str, Any] | None, body: bytes) -> None:
        """Hand on what the event says. Interrupted half-way it comes again, and repeats are harmless."""
        try:
            found = None if event is None else parse(event, oa_id=self.oa_id)
        except ValueError:
            found = None
        if found is None:
            log.warning("update_unreadable", channel="zalo_oa", size_bytes=len(body))
            await self.park(body)
            return
        if not found:
            log.debug("update_ignored", channel="zalo_oa", size_bytes=len(body))
        for each in found:
            await self.receive(each, body)


def _read(body: bytes) -> dict[str, Any] | None:
    """The event, None for what is none. Not trusted yet: the signature covers a field of it."""
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) else None
