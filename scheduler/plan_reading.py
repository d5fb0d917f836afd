"""Plans that came as files: each is read beside the transactions, then laid out for review in one."""

import asyncio
from functools import partial

import structlog

from core.errors import TemporarilyUnavailable
from core.failure import without_words
from handlers import plan_files
from handlers.runtime import Runtime
from plans.parsing import ReadingStoppedError, stop_reading

log = structlog.get_logger()

PATIENCE = 5.0
"""Seconds that whoever asks waits. A scan takes minutes, and goes on beside what follows."""
_AGAIN = 0.2
"""Seconds after which a child is ended that was only about to begin."""


async def read_plans(runtime: Runtime) -> None:
    """Read every plan whose file has come, each by one at a time. Done twice, the second does nothing."""
    for draft_id in await runtime.database.read(plan_files.waiting):
        if draft_id not in runtime.reading:
            task = asyncio.create_task(_read(runtime, draft_id))
            runtime.reading[draft_id] = task
            task.add_done_callback(partial(_was_read, runtime, draft_id))
    if runtime.reading:
        await asyncio.wait(runtime.reading.values(), timeout=PATIENCE)


async def end(runtime: Runtime) -> None:
    """Give up what is being read: it is read again after the restart."""
    while runtime.reading:
        stop_reading()
        await asyncio.wait(runtime.reading.values(), timeout=_AGAIN)


async def _read(runtime: Runtime, draft_id: int) -> None:
    service = runtime.service
    plan = await runtime.database.write(lambda tx: plan_files.begin_reading(service, tx, draft_id))
    if plan is None:
        return
    found = await asyncio.to_thread(plan_files.read, plan)
    now = runtime.clock.now()
    await runtime.database.write(lambda tx: plan_files.was_read(service, tx, plan, found, now))


def _was_read(runtime: Runtime, draft_id: int, task: "asyncio.Task[None]") -> None:
    """What failed here the next tick repeats."""
    del runtime.reading[draft_id]
    error = None if task.cancelled() else task.exception()
    if isinstance(error, ReadingStoppedError):
        log.info("reading_stopped", draft_id=draft_id)
    elif isinstance(error, TemporarilyUnavailable):
        log.warning("database_unavailable")
    elif error is not None:
        log.error("plans_unread", **without_words(error))
