"""Zalo Bot without a public address: ask for the next message, and store it before asking again."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import structlog

from bot.stopping import rest, unless_stopped
from channels.zalo_bot_account import ZaloBotAccount
from channels.zalo_bot_parse import parse
from core.channel import SendError
from core.errors import TemporarilyUnavailable
from web.telegram import Park, Receive

WAIT_SECONDS = 25
MAX_DELAY_SECONDS = 30.0

log = structlog.get_logger(__name__)


async def poll_zalo_bot(
    account: ZaloBotAccount,
    *,
    receive: Receive,
    park: Park,
    stop: asyncio.Event,
    first_delay: float = 1.0,
    wait_seconds: int = WAIT_SECONDS,
) -> None:
    """Fetch and store until `stop` is set. Zalo forgets a message once it was fetched, so one that the
    database does not take is tried again here until it does, or until the service ends.

    `first_delay` in seconds doubles with every failure in a row.
    """
    failures = 0
    while not stop.is_set():
        try:
            updates = await unless_stopped(account.next_updates(wait_seconds), stop) or []
        except SendError as error:
            failures += 1
            if failures == 1:
                log.warning("polling_failed", channel="zalo_bot", code=error.code)
            await rest(stop, min(first_delay * 2 ** min(failures - 1, 10), MAX_DELAY_SECONDS))
            continue
        failures = 0
        for update in updates:
            await _keep(update, receive=receive, park=park, stop=stop, delay=first_delay)


async def _keep(
    update: Mapping[str, Any], *, receive: Receive, park: Park, stop: asyncio.Event, delay: float
) -> None:
    body = json.dumps(update).encode()
    is_told = False
    while True:
        try:
            await _store(update, body, receive=receive, park=park)
        except TemporarilyUnavailable:
            if stop.is_set():
                log.error("message_lost", channel="zalo_bot", code="storage_unavailable")
                return
            if not is_told:
                log.warning("polling_failed", channel="zalo_bot", code="storage_unavailable")
            is_told = True
            await rest(stop, delay)
        else:
            return


async def _store(update: Mapping[str, Any], body: bytes, *, receive: Receive, park: Park) -> None:
    try:
        inbound = parse(update)
    except ValueError:
        log.warning("update_unreadable", channel="zalo_bot", size_bytes=len(body))
        await park(body)
        return
    if inbound is not None:
        await receive(inbound, body)
