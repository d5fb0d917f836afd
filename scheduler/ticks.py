"""What the clock sets off: each tick is a use case that asks the database what is due."""

from datetime import datetime

import structlog

from core.delivery import Pacer
from core.errors import TemporarilyUnavailable
from handlers import citizen, clocks, contacts, delivery, digest, housekeeping, replies
from handlers.runtime import Runtime
from handlers.service import Service
from storage import conversations
from storage.transaction import Transaction

log = structlog.get_logger()

_AT_ONCE = 200
"""Dialogues woken in one transaction; the rest follow with the next tick."""


async def tick(runtime: Runtime, pacer: Pacer) -> None:
    """Everything that may be due. Idempotent: a double fire or a restart changes nothing."""
    now = runtime.clock.now()
    try:
        runtime.service = await runtime.database.read(runtime.service.refreshed)
        service = runtime.service
        for step in (
            _wake_dialogues,
            clocks.run,
            replies.lapse_drafts,
            contacts.hide_shown,
            digest.remind_due,
        ):
            await runtime.database.write(lambda tx, step=step: step(service, tx, now))  # type: ignore[misc]
        await runtime.database.write(lambda tx: delivery.reap(service, tx, pacer, now))
    except TemporarilyUnavailable:
        log.warning("tick_postponed")
    except Exception:
        log.exception("tick_failed")


async def clean_up(runtime: Runtime) -> None:
    """Once a night: what is no longer needed."""
    now = runtime.clock.now()
    await runtime.database.write(lambda tx: housekeeping.run(runtime.service, tx, now))


def _wake_dialogues(service: Service, tx: Transaction, now: datetime) -> None:
    for conversation in conversations.to_wake(tx, now, _AT_ONCE):
        citizen.wake(service, tx, conversation, now)
