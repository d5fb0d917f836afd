"""Telegram without a public address: ask for updates, store them, only then let Telegram forget them."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from bot.stopping import rest, unless_stopped
from channels.telegram_account import TelegramAccount
from channels.telegram_parse import parse
from core.channel import Inbound, SendError, TemporarySendError
from core.errors import TemporarilyUnavailable

WAIT_SECONDS = 25
MAX_DELAY_SECONDS = 30.0

Receive = Callable[[Inbound, bytes], Awaitable[None]]

log = structlog.get_logger(__name__)

# What an administrator can do about it; anything else passes by itself.
_REMEDIES = {
    "conflict": "another program polls with this token, or a webhook is set: stop it, "
    "or run `danvan webhook delete telegram`",
    "bad_token": "the token is refused: set DANVAN_TELEGRAM__TOKEN to the one BotFather shows",
}


async def poll_telegram(
    account: TelegramAccount,
    *,
    receive: Receive,
    stop: asyncio.Event,
    first_delay: float = 1.0,
    wait_seconds: int = WAIT_SECONDS,
) -> None:
    """Fetch and store until `stop` is set; what is being stored is finished first.

    `receive` returns after the commit. The offset moves when every update of a batch is committed; a batch
    that could not be stored is fetched again, and repeats are harmless. Starts without an offset: Telegram
    knows what was confirmed. `first_delay` in seconds doubles with every failure in a row.
    """
    offset: int | None = None
    failures = 0
    while not stop.is_set():
        try:
            # An open long poll may be dropped at any time: what it brings is not confirmed yet.
            fetching = account.updates(offset=offset, wait_seconds=wait_seconds)
            batch = await unless_stopped(fetching, stop) or []
            for update in batch:
                await _store(update, receive)
            if batch:
                offset = int(batch[-1]["update_id"]) + 1
            failures = 0
        except (SendError, TemporarilyUnavailable) as error:
            failures += 1
            _tell(error)
            await rest(stop, _delay(error, first_delay * 2 ** min(failures - 1, 10)))


async def _store(update: dict[str, Any], receive: Receive) -> None:
    inbound = parse(update)
    if inbound is None:
        log.debug("update_ignored", channel="telegram")
        return
    await receive(inbound, json.dumps(update).encode())


def _delay(error: SendError | TemporarilyUnavailable, grown: float) -> float:
    if isinstance(error, TemporarySendError) and error.retry_after:
        return error.retry_after.total_seconds()
    return min(grown, MAX_DELAY_SECONDS)


def _tell(error: SendError | TemporarilyUnavailable) -> None:
    code = error.code if isinstance(error, SendError) else "storage_unavailable"
    if remedy := _REMEDIES.get(code):
        log.error("polling_refused", channel="telegram", code=code, remedy=remedy)
    else:
        log.warning("polling_failed", channel="telegram", code=code)
