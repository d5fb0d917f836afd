"""What the clock sets off: each tick is a use case that asks the database what is due."""

from collections.abc import Awaitable, Callable
from collections.abc import Set as AbstractSet
from datetime import datetime
from functools import partial

import structlog

from core.errors import TemporarilyUnavailable
from core.failure import without_words
from core.pacing import Pacer
from handlers import (
    alerts,
    channel_tokens,
    citizen,
    clocks,
    contacts,
    delivery,
    digest,
    held,
    housekeeping,
    quotas,
    reach,
    replies,
)
from handlers.alone import alone
from handlers.runtime import Runtime
from handlers.service import Service
from scheduler.plan_reading import read_plans
from storage import conversations
from storage.transaction import Transaction

log = structlog.get_logger()

_Tick = Callable[[Service, Transaction, datetime], None]
_AT_ONCE = 200
"""Dialogues woken in one transaction; the rest follow with the next tick."""


async def tick(runtime: Runtime, pacer: Pacer, held: AbstractSet[int] = frozenset()) -> None:
    """Everything that may be due. Idempotent: a double fire or a restart changes nothing.

    `held` names the rows of the outbox that this process is sending. A step that fails leaves the others be.
    """
    now = runtime.clock.now()
    try:
        await _step("refresh", _refresh(runtime))
        for step in _STEPS:
            await _step(step.__name__, runtime.database.write(_due(step, runtime.service, now)))
        await _step("read_plans", read_plans(runtime))
        service = runtime.service
        await _step("reap", runtime.database.write(lambda tx: delivery.reap(service, tx, pacer, now, held)))
    except TemporarilyUnavailable:
        log.warning("tick_postponed")


async def clean_up(runtime: Runtime) -> None:
    """Once a night: what is no longer needed."""
    now = runtime.clock.now()
    try:
        await _step("clean_up", runtime.database.write(_due(housekeeping.run, runtime.service, now)))
    except TemporarilyUnavailable:
        log.warning("clean_up_postponed")


async def meter(runtime: Runtime) -> None:
    """Once an hour: how much of what the networks allow in a month is used."""
    now = runtime.clock.now()
    try:
        await _step("meter", runtime.database.write(_due(quotas.watch, runtime.service, now)))
    except TemporarilyUnavailable:
        log.warning("meter_postponed")


async def _step(name: str, work: Awaitable[None]) -> None:
    """Do it; a bug of ours there is logged, and the next step follows."""
    try:
        await work
    except TemporarilyUnavailable:
        raise  # the next step would fare no better
    except Exception as error:  # noqa: BLE001 - the ticks must outlive any failure of one
        log.error("tick_failed", step=name, **without_words(error))


async def _refresh(runtime: Runtime) -> None:
    runtime.service = await runtime.database.read(runtime.service.refreshed)


def _due(step: _Tick, service: Service, now: datetime) -> Callable[[Transaction], None]:
    return lambda tx: step(service, tx, now)


def _wake_dialogues(service: Service, tx: Transaction, now: datetime) -> None:
    for conversation in conversations.to_wake(tx, now, _AT_ONCE):
        wake = partial(citizen.wake, service, tx, conversation, now)
        alone(tx, "dialogue_unwoken", conversation.id, wake)


_STEPS = (
    _wake_dialogues,
    clocks.run,
    alerts.run,
    replies.lapse_drafts,
    contacts.hide_shown,
    digest.remind_due,
    channel_tokens.watch,
    reach.watch,
    held.come_back,
)
