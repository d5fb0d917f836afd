"""Zalo Bot without a public address: ask for the next message, and store it before asking again."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import structlog

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
    database does not take is tried again here until it does.

    `first_delay` in seconds doubles with every failure in a row.
    """
    failures = 0
    while not stop.is_set():
        try:
            updates = await _fetch(account, wait_seconds=wait_seconds, stop=stop)
        except SendError as error:
            failures += 1
            if failures == 1:
                log.warning("polling_failed", channel="zalo_bot", code=error.code)
            await _rest(stop, min(first_delay * 2 ** min(failures - 1, 10), MAX_DELAY_SECONDS))
            continue
        failures = 0
        for update in updates:
            await _keep(update, receive=receive, park=park, delay=first_delay)


async def _fetch(
    account: ZaloBotAccount, *, wait_seconds: int, stop: asyncio.Event
) -> list[Mapping[str, Any]]:
    """The next messages; none when stopped meanwhile."""
    fetching = asyncio.ensure_future(account.next_updates(wait_seconds))
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((fetching, stopping), return_when=asyncio.FIRST_COMPLETED)
        return fetching.result() if fetching.done() else []
    finally:
        stopping.cancel()
        fetching.cancel()
        await asyncio.gather(fetching, stopping, return_exceptions=True)


async def _keep(update: Mapping[str, Any], *, receive: Receive, park: Park, delay: float) -> None:
    body = json.dumps(update).encode()
    is_told = False
    while True:
        try:
            await _store(update, body, receive=receive, park=park)
        except TemporarilyUnavailable:
            if not is_told:
                log.warning("polling_failed", channel="zalo_bot", code="storage_unavailable")
            is_told = True
            await asyncio.sleep(delay)
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


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
