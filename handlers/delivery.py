"""Between the outbox and the networks: what may leave now, and what becomes of what left."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Row, update
from sqlalchemy.exc import OperationalError

from core import delivery as rules
from core.channel import (
    Address,
    Channel,
    SendError,
    SendKind,
    Sent,
    TemporarySendError,
    UnknownOutcome,
)
from core.delivery import Attempt, OnUnknown, RowState, Settlement
from core.failure import without_words
from core.pacing import Pacer
from handlers import aftermath, claiming, media, replies, rooms
from handlers.alone import alone
from handlers.claiming import Claimed
from handlers.media import Prepared, RefusedFileError
from handlers.service import Service
from storage import outbox
from storage.tables import OutboxRow, ReplyRow
from storage.transaction import Transaction, table

log = structlog.get_logger()

_OUTBOX = table(OutboxRow)
_REPLY = table(ReplyRow)


@dataclass(frozen=True, slots=True)
class Ended:
    """How one delivery ended. `file`: what a download was made into, or why it is not kept.

    `attempt` tells this try from a later one of the same row; None when there was no other.
    """

    id: int
    end: Sent | SendError
    file: Prepared | RefusedFileError | None = None
    attempt: int | None = None


def pump(
    service: Service, tx: Transaction, pacer: Pacer, ended: Sequence[Ended], free: int, now: datetime
) -> Claimed:
    """Write down what ended, let go of replies whose hold is over, and claim up to `free` deliveries.

    A row whose handling fails by a bug of ours ends alone: all are tried as one, and one by one only then.
    """
    settle(service, tx, pacer, ended, now)
    _release(service, tx, now)
    return claiming.claim(service, tx, pacer, free, now) if free > 0 else Claimed()


def settle(service: Service, tx: Transaction, pacer: Pacer, ended: Iterable[Ended], now: datetime) -> None:
    """Write down how deliveries ended, and do what follows from it."""
    items = {item.id: item for item in ended}
    sent: list[tuple[Row[Any], Ended, Sent]] = []
    for number, row in outbox.leased(tx, list(items)).items():
        item = items[number]
        if item.attempt not in {None, row.attempts}:
            continue  # the row is on its way once more: this end is not that one's
        match item.end:
            case Sent() as end:
                sent.append((row, item, end))
            case error if row.state == RowState.SENDING:
                _fail(service, tx, pacer, row, error, now)
            case _:
                log.info("end_came_late", outbox_id=number)
    _write_sent(service, tx, sent, now)


def reap(
    service: Service, tx: Transaction, pacer: Pacer, now: datetime, held: Collection[int] = frozenset()
) -> None:
    """Rows whose sender died on the way: perhaps they arrived, so their outcome is unknown.

    Not those in `held`: their sender lives, only the clock or the machine made a leap.
    """
    for row in outbox.abandoned(tx, now):
        if row.id not in held:
            _fail(service, tx, pacer, row, UnknownOutcome(outbox.LEASE_OVER), now)


def orphan_all(tx: Transaction, now: datetime) -> None:
    """At start of the only process nothing can be on its way: every lease is over."""
    tx.connection.execute(update(_OUTBOX).where(_OUTBOX.c.state == RowState.SENDING).values(leased_until=now))


def _write_sent(
    service: Service, tx: Transaction, sent: Sequence[tuple[Row[Any], Ended, Sent]], now: datetime
) -> None:
    """All in one savepoint, since nearly always nothing fails; one by one when something did."""
    if not sent:
        return
    try:
        with tx.savepoint():
            outbox.mark_sent(tx, {row.id: end.message_id for row, _, end in sent}, now)
            for row, item, end in sent:
                _sent(service, tx, row, item, end, now)
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - said again below for the row whose fault it is
        log.warning("settling_one_by_one", rows=len(sent), **without_words(error))
        for row, item, end in sent:
            _write_one_sent(service, tx, row, item, end, now)


def _write_one_sent(
    service: Service, tx: Transaction, row: Row[Any], item: Ended, end: Sent, now: datetime
) -> None:
    def write() -> None:
        outbox.mark_sent(tx, {row.id: end.message_id}, now)
        _sent(service, tx, row, item, end, now)

    arrived = None if row.kind == SendKind.DOWNLOAD else end.message_id
    aftermath.guarded(service, tx, row.id, now, write, arrived=arrived)


def _release(service: Service, tx: Transaction, now: datetime) -> None:
    """Let go of replies whose hold is over; one that fails by a bug of ours ends alone."""
    for reply_id in replies.held_over(tx, now):
        if not alone(
            tx, "reply_failed_inside", reply_id, partial(replies.release, service, tx, reply_id, now)
        ):
            aftermath.reply_given_up(service, tx, reply_id, now)


def _sent(service: Service, tx: Transaction, row: Row[Any], item: Ended, sent: Sent, now: datetime) -> None:
    if row.kind == SendKind.DOWNLOAD:
        _downloaded(service, tx, row, item.file, now)
        return
    aftermath.sent(service, tx, row, sent, now)


def _downloaded(
    service: Service, tx: Transaction, row: Row[Any], file: Prepared | RefusedFileError | None, now: datetime
) -> None:
    if isinstance(file, Prepared):
        media.stored(service, tx, row, file, now)
    else:
        media.refused(service, tx, row, file.code if file else "broken", now)


def _fail(
    service: Service, tx: Transaction, pacer: Pacer, row: Row[Any], error: SendError, now: datetime
) -> None:
    aftermath.guarded(service, tx, row.id, now, lambda: _failed(service, tx, pacer, row, error, now))


def _failed(
    service: Service, tx: Transaction, pacer: Pacer, row: Row[Any], error: SendError, now: datetime
) -> None:
    decision = rules.settle(_attempt(row), error, now)
    log.info("delivery_failed", outbox_id=row.id, channel=row.channel, code=error.code, state=decision.state)
    if isinstance(error, TemporarySendError) and error.retry_after is not None:
        pacer.penalise(outbox.address_of(row), until=now + error.retry_after, now=now)
        aftermath.waits(service, tx, row, error.code, now)
    _write(tx, row, decision)
    if decision.new_chat:
        rooms.move(tx, Address(Channel(row.channel), row.chat), decision.new_chat)
    if decision.state in {RowState.DEAD, RowState.UNKNOWN, RowState.EXPIRED}:
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
