"""Messages of the Official Account that no webhook brought: read from its history, at the start and later.

Zalo tries a webhook six times within two hours and then switches it off, until a person sees it.
"""

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from bot.stopping import rest, unless_stopped
from channels.zalo_oa_account import ZaloOaAccount
from channels.zalo_oa_history import History, Json
from channels.zalo_oa_parse import parse
from core.channel import Channel, Inbound, SendError
from core.errors import TemporarilyUnavailable
from handlers import catching_up
from handlers.runtime import Runtime
from web.telegram import Park, Receive

_CHANNEL = Channel.ZALO_OA
_EVERY_SECONDS = 600.0
_OVERLAP = timedelta(minutes=10)
"""Read again each time: lines may appear late. What was taken before is not taken twice."""
_LATE = timedelta(minutes=5)
"""A webhook that is well brings a message sooner; also one whose first try met a restart."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CatchUp:
    """The account, whose messages they are, and where they go; as in `web.zalo_oa`."""

    account: ZaloOaAccount
    oa_id: str
    runtime: Runtime
    receive: Receive
    park: Park

    async def run(self, stop: asyncio.Event) -> None:
        """Look now, and then every ten minutes, until `stop`."""
        history = History(self.account, oa_id=self.oa_id, pause=partial(rest, stop))
        while not stop.is_set():
            try:
                await unless_stopped(self._look(history), stop)
            except SendError as error:
                log.warning("history_unread", channel=_CHANNEL, code=error.code)
            except TemporarilyUnavailable:
                log.warning("history_unread", channel=_CHANNEL, code="database_unavailable")
            await rest(stop, _EVERY_SECONDS)

    async def _look(self, history: History) -> None:
        """What was written before the very first look is not ours: people may have answered it."""
        database = self.runtime.database
        until = await database.read(lambda tx: catching_up.read_until(tx, _CHANNEL))
        if until is None:
            start = _millis(self.runtime.clock.now())
            await database.write(lambda tx: catching_up.note(tx, _CHANNEL, start))
            return
        found = await history.since(until - _OVERLAP // timedelta(milliseconds=1))
        late = 0
        for moment, event in found.events:
            taken = await self._take(event)
            age = self.runtime.clock.now() - datetime.fromtimestamp(moment / 1000, UTC)
            late += taken if age >= _LATE else 0
        now = self.runtime.clock.now()
        if late or not found.is_whole:
            await database.write(
                lambda tx: catching_up.tell(tx, _CHANNEL, late, now, is_whole=found.is_whole)
            )
        await database.write(lambda tx: catching_up.note(tx, _CHANNEL, max(until, found.newest)))

    async def _take(self, event: Json) -> int:
        """Take the event in like one of a webhook; how much of it was new."""
        body = json.dumps(event, ensure_ascii=False).encode()
        try:
            said = parse(event, oa_id=self.oa_id)
        except ValueError:
            await self.park(body)
            return 0
        new: list[Inbound] = await self.runtime.database.read(lambda tx: catching_up.unknown(tx, said))
        for each in new:
            log.info("message_caught_up", channel=_CHANNEL)
            await self.receive(each, body)
        return len(new)


def _millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
