"""Between the outbox and the networks: what may leave now, and what becomes of what left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Row, update

from core import delivery as rules
from core.channel import (
    Address,
    Channel,
    Delivery,
    SendError,
    SendKind,
    Sent,
    TemporarySendError,
    UnknownOutcome,
)
from core.delivery import Attempt, OnUnknown, Pacer, RowState, Settlement
from handlers import aftermath, claiming, media, replies, rooms
from handlers.media import Prepared, RefusedFileError
from handlers.service import Service
from storage import outbox
from storage.tables import OutboxRow
from storage.transaction import Transaction, table

log = structlog.get_logger()

_OUTBOX = table(OutboxRow)


@dataclass(frozen=True, slots=True)
class Ended:
    """How one delivery ended. `file`: what a download was made into, or why it is not kept."""

    id: int
    end: Sent | SendError
    file: Prepared | RefusedFileError | None = None


def pump(
    service: Service, tx: Transaction, pacer: Pacer, ended: Sequence[Ended], free: int, now: datetime
) -> list[Delivery]:
    """Write down what ended, let go of replies whose hold is over, and claim up to `free` deliveries."""
    settle(service, tx, pacer, ended, now)
    replies.release_due(service, tx, now)
    return claiming.claim(service, tx, pacer, free, now) if free > 0 else []


def settle(service: Service, tx: Transaction, pacer: Pacer, ended: Iterable[Ended], now: datetime) -> None:
    """Write down how deliveries ended, and do what follows from it."""
    items = {item.id: item for item in ended}
    # Without those whose lease ran out meanwhile: somebody else has written their end.
    rows = outbox.leased(tx, list(items))
    ends = {number: items[number].end for number in rows}
    outbox.mark_sent(
        tx, {number: end.message_id for number, end in ends.items() if isinstance(end, Sent)}, now
    )
    for number, row in rows.items():
        end = ends[number]
        if isinstance(end, Sent):
            _sent(service, tx, row, items[number], end, now)
        else:
            _failed(service, tx, pacer, row, end, now)


def reap(service: Service, tx: Transaction, pacer: Pacer, now: datetime) -> None:
    """Rows whose sender died on the way: perhaps they arrived, so their outcome is unknown."""
    for row in outbox.abandoned(tx, now):
        _failed(service, tx, pacer, row, UnknownOutcome("lease_over"), now)


def orphan_all(tx: Transaction, now: datetime) -> None:
    """At start of the only process nothing can be on its way: every lease is over."""
    tx.connection.execute(update(_OUTBOX).where(_OUTBOX.c.state == RowState.SENDING).values(leased_until=now))


def _sent(service: Service, tx: Transaction, row: Row[Any], item: Ended, sent: Sent, now: datetime) -> None:
    if row.kind == SendKind.DOWNLOAD:
        _downloaded(service, tx, row, item.file, now)
        return
    aftermath.sent(service, tx, row, sent, now)


def _downloaded(
    service: Service, tx: Transaction, row: Row[Any], file: Prepared | RefusedFileError | None, now: datetime
) -> None:
    if isinstance(file, Prepared):
        media.stored(service, tx, row, file)
    else:
        media.refused(service, tx, row, file.code if file else "broken", now)


def _failed(
    service: Service, tx: Transaction, pacer: Pacer, row: Row[Any], error: SendError, now: datetime
) -> None:
    decision = rules.settle(_attempt(row), error, now)
    log.info("delivery_failed", outbox_id=row.id, channel=row.channel, code=error.code, state=decision.state)
    if isinstance(error, TemporarySendError) and error.retry_after is not None:
        pacer.penalise(outbox.address_of(row), until=now + error.retry_after, now=now)
    _write(tx, row, decision)
    if decision.new_chat:
        rooms.move(tx, Address(Channel(row.channel), row.chat), decision.new_chat)
    if decision.state is RowState.DEAD and row.kind == SendKind.DOWNLOAD:
        media.refused(service, tx, row, error.code if error.code == "file_too_big" else "lost", now)
    elif decision.state in {RowState.DEAD, RowState.UNKNOWN, RowState.EXPIRED}:
        aftermath.not_sent(service, tx, row, decision, now)


def _attempt(row: Row[Any]) -> Attempt:
    return Attempt(
        kind=SendKind(row.kind),
        attempts=row.attempts,
        created_at=row.created_at,
        expires_at=row.expires_at,
        on_unknown=OnUnknown(row.on_unknown),
    )


def _write(tx: Transaction, row: Row[Any], decision: Settlement) -> None:
    values: dict[str, Any] = {
        "state": decision.state,
        "error": decision.error,
        "on_unknown": decision.on_unknown,
        "leased_until": None,
    }
    if decision.not_before is not None:
        values["not_before"] = decision.not_before
    outbox.change(tx, row.id, **values)
