"""Out of the outbox: which rows leave now, and in which words."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Row, select
from sqlalchemy.exc import OperationalError

from core.channel import CAPABILITIES, Button, Channel, Delivery, MediaKind, Outgoing, OutgoingFile, SendKind
from core.delivery import OnUnknown, Priority, RowState, Settlement
from core.failure import without_words
from core.pacing import Pacer
from core.say import Choice, from_json, say
from handlers import aftermath, joining, media, outreach, page_links
from handlers.service import Service
from storage import outbox
from storage.tables import AttachmentRow, CardRow
from storage.transaction import Transaction, table

log = structlog.get_logger()

_ATTACHMENT = table(AttachmentRow)
_CARD = table(CardRow)
_UNPACED = frozenset({Channel.WEBCHAT})
"""Networks of our own: nobody counts there."""
_SHORT_LABEL = 18
_CANDIDATES = 96
MOST_DOWNLOADS = 4
"""Files on their way at once."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """What leaves now. When that is nothing, `again_at` is the moment at which something may."""

    deliveries: tuple[Delivery, ...] = ()
    again_at: datetime | None = None


def claim(service: Service, tx: Transaction, pacer: Pacer, free: int, now: datetime) -> Claimed:
    """Rows that leave now, leased and printed. One whose chat must rest waits until its moment."""
    chosen: list[tuple[int, ...]] = []
    taken: set[int] = set()
    downloads = _Downloads(tx)
    resting = set(pacer.resting(now))
    for row in outbox.due(tx, now, max(free, _CANDIDATES), resting):
        if len(chosen) == free:
            break
        if row.id in taken:
            continue
        if row.channel in resting and Priority(row.priority).is_bulk and _is_paced(row):
            continue
        if row.kind == SendKind.DOWNLOAD and not downloads.take():
            continue
        if row.expires_at is not None and row.expires_at <= now:
            aftermath.guarded(service, tx, row.id, now, partial(_expire, service, tx, row.id, now))
        elif _may_leave(service, tx, pacer, row, now):
            chosen.append((row.id, *_riders(service, tx, row, now, taken)))
            taken.update(chosen[-1])
            resting = set(pacer.resting(now))
    deliveries = _leased(service, tx, chosen, now)
    return Claimed(deliveries) if deliveries else Claimed(again_at=_again_at(tx, pacer, now))


def _leased(
    service: Service, tx: Transaction, groups: Sequence[tuple[int, ...]], now: datetime
) -> tuple[Delivery, ...]:
    """One delivery for each group of rows, but for rows that cannot be printed."""
    rows = outbox.lease(tx, [row_id for group in groups for row_id in group], now)
    printed = {row.id: _printed(service, tx, row, now) for row in rows}
    found: list[Delivery] = []
    for group in groups:
        parts = [part for part in (printed[row_id] for row_id in group) if part is not None]
        found += [joining.joined(parts)] if parts else []
    return tuple(found)


def _again_at(tx: Transaction, pacer: Pacer, now: datetime) -> datetime | None:
    """When a row's own moment comes, or the bulk of a network may go on."""
    moments = [*pacer.resting(now).values(), outbox.next_due(tx, now)]
    return min((moment for moment in moments if moment is not None), default=None)


@dataclass
class _Downloads:
    """Room for more downloads: each may hold 20 MB for a minute, and answers must not wait for them."""

    tx: Transaction
    left: int | None = None

    def take(self) -> bool:
        """Whether there is room for one more, which is then taken."""
        if self.left is None:
            self.left = MOST_DOWNLOADS - outbox.downloading(self.tx)
        self.left -= 1
        return self.left >= 0


def _may_leave(service: Service, tx: Transaction, pacer: Pacer, row: Any, now: datetime) -> bool:
    """Whether its chat takes it now. Without a savepoint for each message: nothing is to undo."""
    try:
        moment = _earliest(pacer, row, now)
        if moment > now:
            outbox.change(tx, row.id, not_before=moment)
            return False
        _record(pacer, row, now)
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - one row must not stop all the others
        log.error("message_unpaceable", outbox_id=row.id, **without_words(error))
        aftermath.give_up(service, tx, row.id, now)
        return False
    return True


def _riders(service: Service, tx: Transaction, row: Any, now: datetime, taken: Collection[int]) -> list[int]:
    try:
        return joining.riders(service, tx, row, now, taken=taken)
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - one row must not stop all the others
        log.error("message_unjoinable", outbox_id=row.id, **without_words(error))
        return []


def _expire(service: Service, tx: Transaction, row_id: int, now: datetime) -> None:
    """Too late to leave; whoever counted on it hears of that."""
    row = outbox.find(tx, row_id)
    ended = Settlement(state=RowState.EXPIRED, error="expired", on_unknown=OnUnknown(row.on_unknown))
    outbox.change(tx, row.id, state=ended.state, error=ended.error)
    aftermath.not_sent(service, tx, row, ended, now)


def _earliest(pacer: Pacer, row: Any, now: datetime) -> datetime:
    if not _is_paced(row):
        return now
    is_bulk = Priority(row.priority).is_bulk
    return pacer.allow(outbox.address_of(row), is_group=row.is_group, is_bulk=is_bulk, now=now)


def _record(pacer: Pacer, row: Any, now: datetime) -> None:
    if _is_paced(row):
        pacer.record(outbox.address_of(row), is_group=row.is_group, now=now)


def _is_paced(row: Any) -> bool:
    return row.channel not in _UNPACED and row.kind in {SendKind.MESSAGE, SendKind.EDIT}


def _printed(service: Service, tx: Transaction, row: Row[Any], now: datetime) -> Delivery | None:
    """The row with its words. One that cannot be printed is a bug: it ends, is told, and stops nobody.

    Printing only reads, so there is nothing that a savepoint would take back.
    """
    try:
        return _delivery(service, tx, row)
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - one row must not stop all the others
        log.error("message_unprintable", outbox_id=row.id, **without_words(error))
        aftermath.give_up(service, tx, row.id, now)
        return None


def _delivery(service: Service, tx: Transaction, row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        key=row.dedupe_key,
        address=outbox.address_of(row),
        kind=SendKind(row.kind),
        message=_outgoing(service, tx, row),
        message_id=_message_to_edit(tx, row) if row.kind == SendKind.EDIT else None,
        reference=row.reference or None,
        attempt=row.attempts,
    )


def _outgoing(service: Service, tx: Transaction, row: Row[Any]) -> Outgoing:
    if not row.message:
        return Outgoing("")
    catalogue = service.catalogue
    text = page_links.printable(service, from_json(row.message))
    words = catalogue.words(text)
    if row.on_unknown == OnUnknown.REPEATED:
        words = catalogue.body(say("message_repeated", body=words))
    asks = catalogue.asks(text)
    return Outgoing(
        text=words,
        buttons=_buttons(catalogue.choices(text), row.press),
        files=_files(service, tx, row.files, Channel(row.channel)),
        ask_location=asks == "location",
        ask_contact=asks == "contact",
        template=outreach.template(tx, row),
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


def _files(
    service: Service, tx: Transaction, ids: Sequence[int], channel: Channel
) -> tuple[OutgoingFile, ...]:
    if not ids:
        return ()
    rows = tx.connection.execute(
        select(_ATTACHMENT)
        .where(_ATTACHMENT.c.id.in_(ids), _ATTACHMENT.c.state == "stored")
        .order_by(_ATTACHMENT.c.id)
    )
    return tuple(_file(service, row, channel) for row in rows)


def _file(service: Service, row: Row[Any], channel: Channel) -> OutgoingFile:
    """The file as it came, or its copy where people on this network could not listen to it."""
    digest, mime = row.sha256, row.mime
    name = row.name or f"tep-{row.id}.{media.extension(mime)}"
    if row.playable_sha256 and media.extension(mime) not in CAPABILITIES[channel].plays:
        digest, mime = row.playable_sha256, media.PLAYABLE_MIME
        name = f"{Path(name).stem}.{media.extension(mime)}"
    return OutgoingFile(
        path=str(service.files.path(digest)),
        name=name,
        kind=MediaKind.PHOTO if mime == "image/jpeg" else MediaKind(row.kind),
        mime=mime,
    )


def _message_to_edit(tx: Transaction, row: Row[Any]) -> str | None:
    """The message as it was when the row was queued, or the card's, which had not left yet then."""
    if row.reference:
        return str(row.reference)
    found = tx.connection.execute(
        select(_CARD.c.message_id).where(_CARD.c.id == int(row.subject.partition(":")[2]))
    ).scalar()
    return found or None
