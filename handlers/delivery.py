"""Between the outbox and the networks: what may leave now, and what becomes of what left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Row, select, update

from core import delivery as rules
from core.channel import (
    Address,
    Button,
    Channel,
    Delivery,
    MediaKind,
    Outgoing,
    OutgoingFile,
    SendError,
    SendKind,
    Sent,
    TemporarySendError,
    UnknownOutcome,
)
from core.delivery import Attempt, OnUnknown, Pacer, Priority, RowState, Settlement
from core.say import Choice, from_json, say
from handlers import aftermath, media, replies, rooms
from handlers.media import Prepared, RefusedFileError
from handlers.service import Service
from storage import outbox
from storage.tables import AttachmentRow, CardRow, OutboxRow
from storage.transaction import Transaction, table

log = structlog.get_logger()

_ATTACHMENT = table(AttachmentRow)
_CARD = table(CardRow)
_OUTBOX = table(OutboxRow)
_UNPACED = frozenset({Channel.WEBCHAT})
"""Networks of our own: nobody counts there."""
_SHORT_LABEL = 18
_CANDIDATES = 96


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
    return claim(service, tx, pacer, free, now) if free > 0 else []


# --- out ---------------------------------------------------------------------------------------------------


def claim(service: Service, tx: Transaction, pacer: Pacer, free: int, now: datetime) -> list[Delivery]:
    """Rows that leave now, printed and leased. One whose chat must rest waits until its moment."""
    chosen: list[Delivery] = []
    for row in outbox.due(tx, now, max(free, _CANDIDATES)):
        if len(chosen) == free:
            break
        if row.expires_at is not None and row.expires_at <= now:
            _expire(service, tx, row, now)
            continue
        moment = _earliest(pacer, row, now)
        if moment > now:
            outbox.change(tx, row.id, not_before=moment)
            continue
        delivery = _printed(service, tx, row)
        if delivery is not None:
            _record(pacer, row, now)
            chosen.append(delivery)
    outbox.lease(tx, [delivery.id for delivery in chosen], now)
    return chosen


def _expire(service: Service, tx: Transaction, row: Row[Any], now: datetime) -> None:
    """Too late to leave; whoever counted on it hears of that."""
    ended = Settlement(state=RowState.EXPIRED, error="expired", on_unknown=OnUnknown(row.on_unknown))
    _write(tx, row, ended)
    aftermath.not_sent(service, tx, row, ended, now)


def _earliest(pacer: Pacer, row: Row[Any], now: datetime) -> datetime:
    if not _is_paced(row):
        return now
    is_bulk = Priority(row.priority).is_bulk
    return pacer.allow(outbox.address_of(row), is_group=row.is_group, is_bulk=is_bulk, now=now)


def _record(pacer: Pacer, row: Row[Any], now: datetime) -> None:
    if _is_paced(row):
        pacer.record(outbox.address_of(row), is_group=row.is_group, now=now)


def _is_paced(row: Row[Any]) -> bool:
    return row.channel not in _UNPACED and row.kind in {SendKind.MESSAGE, SendKind.EDIT}


def _printed(service: Service, tx: Transaction, row: Row[Any]) -> Delivery | None:
    """The row with its words. One that cannot be printed is a bug: it ends, is logged, and stops nobody."""
    try:
        message = _outgoing(service, tx, row)
    except (KeyError, ValueError):
        log.exception("message_unprintable", outbox_id=row.id)
        outbox.change(tx, row.id, state=RowState.DEAD, error="unprintable")
        return None
    return Delivery(
        id=row.id,
        key=row.dedupe_key,
        address=outbox.address_of(row),
        kind=SendKind(row.kind),
        message=message,
        message_id=_message_to_edit(tx, row) if row.kind == SendKind.EDIT else None,
        reference=row.reference or None,
        attempt=row.attempts + 1,
    )


def _outgoing(service: Service, tx: Transaction, row: Row[Any]) -> Outgoing:
    if not row.message:
        return Outgoing("")
    catalogue = service.catalogue
    text = from_json(row.message)
    words = catalogue.words(text)
    if row.on_unknown == OnUnknown.REPEATED:
        words = catalogue.body(say("message_repeated", body=words))
    asks = catalogue.asks(text)
    return Outgoing(
        text=words,
        buttons=_buttons(catalogue.choices(text), row.press),
        files=_files(service, tx, row.files),
        ask_location=asks == "location",
        ask_contact=asks == "contact",
    )


def _buttons(choices: Iterable[Choice], press: str) -> tuple[tuple[Button, ...], ...]:
    """Short labels stand two in a row, long ones alone."""
    if not press:
        return ()
    rows: list[tuple[Button, ...]] = []
    for choice in choices:
        button = Button(choice.label, f"{press}:{choice.code}")
        last = rows[-1] if rows else ()
        if len(last) == 1 and max(len(last[0].label), len(button.label)) <= _SHORT_LABEL:
            rows[-1] = (*last, button)
        else:
            rows.append((button,))
    return tuple(rows)


def _files(service: Service, tx: Transaction, ids: Sequence[int]) -> tuple[OutgoingFile, ...]:
    if not ids:
        return ()
    rows = tx.connection.execute(
        select(_ATTACHMENT)
        .where(_ATTACHMENT.c.id.in_(ids), _ATTACHMENT.c.state == "stored")
        .order_by(_ATTACHMENT.c.id)
    )
    return tuple(
        OutgoingFile(
            path=str(service.files.path(row.sha256)),
            name=row.name or f"tep-{row.id}.{media.extension(row.mime)}",
            kind=MediaKind.PHOTO if row.mime == "image/jpeg" else MediaKind(row.kind),
            mime=row.mime,
        )
        for row in rows
    )


def _message_to_edit(tx: Transaction, row: Row[Any]) -> str | None:
    """The message as it was when the row was queued, or the card's, which had not left yet then."""
    if row.reference:
        return str(row.reference)
    found = tx.connection.execute(
        select(_CARD.c.message_id).where(_CARD.c.id == int(row.subject.partition(":")[2]))
    ).scalar()
    return found or None


# --- back --------------------------------------------------------------------------------------------------


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
