"""The sending loop: claims what is due, sends it side by side, writes down how each ended."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime

import structlog

from core.channel import (
    Delivery,
    MediaKind,
    PermanentSendError,
    SendError,
    Senders,
    SendKind,
    Sent,
    UnknownOutcome,
)
from core.errors import TemporarilyUnavailable
from core.failure import without_words
from core.pacing import Pacer
from handlers import delivery as use_case
from handlers import media
from handlers.claiming import Claimed
from handlers.delivery import Ended
from handlers.media import Prepared, RefusedFileError
from handlers.runtime import Runtime
from scheduler.plan_reading import read_plans
from scheduler.voice import VoiceCopies
from storage.transaction import Transaction

log = structlog.get_logger()

IN_FLIGHT = 192
"""Three times as many as events may share one commit: with half of this, answers fell behind a burst
of questions, and the one in the middle came after 550 ms instead of 90 (`bench intake`)."""
POLL_SECONDS = 2.0
"""Longest wait between looks: commands beside the service queue without waking the loop."""
GATHER_SECONDS = 0.005
"""Under load, how long ends of sendings gather before one transaction writes them all down."""
_FEW = 4
STOP_SECONDS = 8.0


class Drain:
    """One loop per process. `run` until `stop`; `settle_all` sends everything that may leave now.

    `voice` makes copies of recordings; None leaves them as they came.
    `held`: ids of the rows that this process has on their way, their ends not yet written down. Changed
    by the writer thread only, so that the reaper, which runs there, sees it as the database stands.
    """

    def __init__(self, runtime: Runtime, senders: Senders, voice: VoiceCopies | None = None) -> None:
        self._runtime = runtime
        self._senders = senders
        self._voice = voice
        self.pacer = Pacer()
        self.held: set[int] = set()
        self._news = asyncio.Event()
        self._on_their_way: set[asyncio.Task[None]] = set()
        self._ended: list[Ended] = []
        self._one_round = asyncio.Lock()

    def waker(self) -> Callable[[], None]:
        """A function that other threads call when something was queued."""
        loop = asyncio.get_running_loop()

        def wake() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._news.set)

        return wake

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop`, then finish what is on its way and claim nothing new."""
        stopping = asyncio.ensure_future(stop.wait())
        stopping.add_done_callback(lambda _: self._news.set())
        while not stop.is_set():
            seconds = POLL_SECONDS
            try:
                seconds = self._seconds_until(await self._round(IN_FLIGHT - len(self._on_their_way)))
            except TemporarilyUnavailable:
                log.warning("database_unavailable")
            except Exception as error:  # noqa: BLE001 - who waits for other rows must not pay for this one
                log.error("round_failed", **without_words(error))
            await self._rest(seconds)
        await self._finish()

    async def settle_all(self) -> datetime | None:
        """Send what may leave now, and what follows from it; the moment at which more may, if any waits."""
        while True:
            self._news.clear()
            claimed = await self._round(IN_FLIGHT - len(self._on_their_way))
            if not self._on_their_way and not self._ended and not claimed.deliveries:
                return claimed.again_at
            if self._on_their_way:
                await asyncio.wait(set(self._on_their_way), return_when=asyncio.FIRST_COMPLETED)

    def wake(self) -> None:
        """Look again at once."""
        self._news.set()

    def _seconds_until(self, claimed: Claimed) -> float:
        """How long nothing that is queued now can leave; never longer than the poll."""
        if claimed.again_at is None:
            return POLL_SECONDS
        return min((claimed.again_at - self._runtime.clock.now()).total_seconds(), POLL_SECONDS)

    async def _rest(self, seconds: float) -> None:
        """Until something happens: a sending ended, a row was queued, or the time is over."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return
        if len(self._on_their_way) > _FEW:
            await asyncio.sleep(GATHER_SECONDS)
        self._news.clear()

    async def _round(self, free: int) -> Claimed:
        """Settle what ended and start what may leave."""
        async with self._one_round:
            return await self._settle_and_claim(free)

    async def _settle_and_claim(self, free: int) -> Claimed:
        ended, self._ended = self._ended, []
        held = frozenset(self.held)
        try:
            claimed = await self._runtime.database.write(lambda tx: self._pump(tx, ended, free))
        except BaseException:
            self._ended = [*ended, *self._ended]
            self.held |= held
            raise
        for delivery in claimed.deliveries:
            self._begin(self._send(delivery))
        if any(isinstance(item.file, Prepared) for item in ended):
            self._begin(self._read_plans())
        return claimed

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._on_their_way.add(task)
        task.add_done_callback(self._on_their_way.discard)

    async def _read_plans(self) -> None:
        """A file has come: if it is a plan, whoever sent it waits. What fails here the next tick repeats."""
        try:
            await read_plans(self._runtime)
        except TemporarilyUnavailable:
            log.warning("database_unavailable")
        except Exception as error:  # noqa: BLE001 - sending must outlive a bug in reading
            log.error("plans_unread", **without_words(error))
        self._news.set()

    def _pump(self, tx: Transaction, ended: Sequence[Ended], free: int) -> Claimed:
        runtime = self._runtime
        claimed = use_case.pump(runtime.service, tx, self.pacer, ended, free, runtime.clock.now())
        self.held.difference_update(item.id for item in ended)
        for delivery in claimed.deliveries:
            self.held.update((delivery.id, *(row_id for row_id, _ in delivery.carries)))
        return claimed

    async def _send(self, delivery: Delivery) -> None:
        end = await self._deliver(delivery)
        file = await _prepare(end) if delivery.kind is SendKind.DOWNLOAD else None
        if self._voice is not None and isinstance(file, Prepared):
            file = await self._voice.with_copy(file)
        self._ended.append(Ended(delivery.id, end, file, delivery.attempt))
        self._ended += [Ended(row_id, end, attempt=attempt) for row_id, attempt in delivery.carries]
        self._news.set()

    async def _deliver(self, delivery: Delivery) -> Sent | SendError:
        sender = self._senders.get(delivery.address.channel)
        if sender is None:
            return PermanentSendError("channel_off")
        try:
            return await sender.deliver(delivery)
        except SendError as error:
            return error
        except Exception as error:  # noqa: BLE001 - the loop must outlive a bug of a sender
            log.error("sender_failed", outbox_id=delivery.id, **without_words(error))
            return UnknownOutcome("sender_failed")

    async def _finish(self) -> None:
        if self._on_their_way:
            await asyncio.wait(set(self._on_their_way), timeout=STOP_SECONDS)
        if self._ended:
            await self._round(free=0)


async def _prepare(end: Sent | SendError) -> Prepared | RefusedFileError | None:
    """Check and redraw what came down, off the event loop: a large photo takes half a second."""
    if not isinstance(end, Sent):
        return None
    try:
        return await asyncio.to_thread(media.prepare, end.content, MediaKind.DOCUMENT)
    except RefusedFileError as error:
        return error
    except Exception as error:  # noqa: BLE001 - a sending that never ends would hold its row for ever
        log.error("file_unprepared", **without_words(error))
        return RefusedFileError("broken")
