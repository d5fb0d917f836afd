"""The outbox: what is to be sent, in which order, and what became of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)

from core.channel import Address, Channel, SendKind
from core.delivery import Priority
from core.say import Text, to_json
from storage.prepared import Prepared, PreparedForIds
from storage.tables import OutboxRow
from storage.transaction import Transaction, table

LEASE = timedelta(seconds=60)
LEASE_OVER = "lease_over"
"""The error of a row that nobody ended in time. Who sent it may still come back and say that it arrived."""
_OUTBOX = table(OutboxRow)

# Written out, as they stand in the partial indexes: a bound value could not use those.
QUEUED: ColumnElement[str] = literal_column("'queued'")
_SENDING: ColumnElement[str] = literal_column("'sending'")
_UNKNOWN: ColumnElement[str] = literal_column("'unknown'")
WAITING = (QUEUED, _SENDING)
_ORDERED: tuple[ColumnElement[str], ...] = tuple(
    literal_column(f"'{kind}'") for kind in (SendKind.MESSAGE, SendKind.EDIT)
)

_TO_CHOOSE = ("id", "dedupe_key", "channel", "chat", "is_group", "kind", "priority", "expires_at")
"""What decides whether a row leaves. A queue is looked through often, so its words are read only then."""


def _due(resting: int) -> Select[Any]:
    """Rows of a class that may leave, but for those of so many networks."""
    older = _OUTBOX.alias("older")
    held_back = exists().where(
        older.c.channel == _OUTBOX.c.channel,
        older.c.chat == _OUTBOX.c.chat,
        older.c.state.in_(WAITING),
        older.c.priority == _OUTBOX.c.priority,
        older.c.kind.in_(_ORDERED),
        older.c.id < _OUTBOX.c.id,
    )
    return (
        select(*(_OUTBOX.c[name] for name in _TO_CHOOSE))
        .where(
            _OUTBOX.c.state == QUEUED,
            _OUTBOX.c.priority == bindparam("class"),
            _OUTBOX.c.not_before <= bindparam("now"),
            or_(_OUTBOX.c.kind.not_in(_ORDERED), ~held_back),
            *(
                or_(_OUTBOX.c.kind.not_in(_ORDERED), _OUTBOX.c.channel != bindparam(f"resting_{place}"))
                for place in range(resting)
            ),
        )
        .order_by(_OUTBOX.c.not_before, _OUTBOX.c.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True, of=_OUTBOX)
    )


_TO_PRINT = (
    *("id", "dedupe_key", "channel", "chat", "kind", "message", "press", "files", "subject"),
    *("reference", "attempts", "on_unknown"),
)
_NOT_TO_SETTLE = frozenset({"message", "files", "not_before", "leased_until", "sent_at"})
"""What the end of a sending does not ask for: words, and moments, which take long to read."""

_DUE = tuple(Prepared(_due(resting)) for resting in range(len(Channel) + 1))
_NEXT = Prepared(
    select(_OUTBOX.c.not_before)
    .where(
        _OUTBOX.c.state == QUEUED,
        _OUTBOX.c.priority == bindparam("class"),
        _OUTBOX.c.not_before > bindparam("now"),
    )
    .order_by(_OUTBOX.c.not_before)
    .limit(1)
)
_REPLACE = Prepared(
    update(_OUTBOX)
    .where(
        _OUTBOX.c.state.in_(WAITING),
        _OUTBOX.c.state == QUEUED,
        _OUTBOX.c.coalesce == bindparam("name"),
        _OUTBOX.c.channel == bindparam("on"),
        _OUTBOX.c.chat == bindparam("in"),
    )
    .values({name: bindparam(name) for name in ("message", "press", "not_before")})
    .returning(_OUTBOX.c.id)
)
_LEASE = PreparedForIds(
    lambda ids: (
        update(_OUTBOX)
        .where(_OUTBOX.c.id.in_(ids))
        .values(state="sending", leased_until=bindparam("until"), attempts=_OUTBOX.c.attempts + 1)
        .returning(*(_OUTBOX.c[name] for name in _TO_PRINT))
    )
)
_LEASED = PreparedForIds(
    lambda ids: select(*(column for column in _OUTBOX.c if column.name not in _NOT_TO_SETTLE)).where(
        _OUTBOX.c.id.in_(ids),
        or_(
            _OUTBOX.c.state == _SENDING,
            and_(_OUTBOX.c.state.in_((QUEUED, _UNKNOWN)), _OUTBOX.c.error == LEASE_OVER),
        ),
    )
)
_SENT = Prepared(
    update(_OUTBOX)
    .where(_OUTBOX.c.id == bindparam("row_id"))
    .values(state="sent", sent_at=bindparam("now"), provider_id=bindparam("known_there"), error="")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What one row asks for. `key` is unique for ever: the same wish twice is queued once.

    `press`: front of the button payloads. `coalesce`: a waiting row of this name is replaced, not joined.
    `reference`: the press to answer or the file to fetch. `files`: attachment ids.
    """

    key: str
    address: Address
    text: Text | None = None
    kind: SendKind = SendKind.MESSAGE
    priority: Priority = Priority.INTERACTIVE
    is_group: bool = False
    press: str = ""
    files: tuple[int, ...] = ()
    coalesce: str = ""
    subject: str = ""
    purpose: str = ""
    reference: str = ""
    not_before: datetime | None = None
    expires_at: datetime | None = None
    on_unknown: str = "ask"


def enqueue(tx: Transaction, wish: Wish, now: datetime) -> int | None:
    """Queue it: the id of its row, or None when this key was queued before."""
    tx.queued = True
    message = to_json(wish.text) if wish.text else {}
    not_before = wish.not_before or now
    if wish.coalesce:
        replaced = _replace_waiting(tx, wish, message, not_before)
        if replaced is not None:
            return replaced
    return tx.insert_once(
        OutboxRow,
        {
            "organisation_id": tx.organisation_id,
            "dedupe_key": wish.key,
            "coalesce": wish.coalesce,
            "subject": wish.subject,
            "purpose": wish.purpose,
            "channel": wish.address.channel,
            "chat": wish.address.chat,
            "is_group": wish.is_group,
            "kind": wish.kind,
            "priority": wish.priority,
            "message": message,
            "press": wish.press,
            "files": list(wish.files),
            "message_id": "",
            "reference": wish.reference,
            "state": "queued",
            "attempts": 0,
            "not_before": not_before,
            "expires_at": wish.expires_at,
            "created_at": now,
            "provider_id": "",
            "error": "",
            "on_unknown": wish.on_unknown,
        },
        key=["dedupe_key"],
    )


def _replace_waiting(
    tx: Transaction, wish: Wish, message: dict[str, Any], not_before: datetime
) -> int | None:
    changed = tx.run(
        _REPLACE,
        {
            "name": wish.coalesce,
            "on": wish.address.channel,
            "in": wish.address.chat,
            "message": message,
            "press": wish.press,
            "not_before": not_before,
        },
    )
    return int(changed[0].id) if changed else None


def cancel(tx: Transaction, *, subject: str, purpose: str | None = None) -> int:
    """Withdraw what still waits about a subject; returns how many rows."""
    wanted = [_OUTBOX.c.subject == subject, _OUTBOX.c.state == "queued"]
    if purpose is not None:
        wanted.append(_OUTBOX.c.purpose == purpose)
    done = tx.connection.execute(update(_OUTBOX).where(*wanted).values(state="cancelled"))
    return int(done.rowcount)


def try_again(tx: Transaction, *, subject: str, reference: str, now: datetime) -> None:
    """Queue once more what perhaps arrived, because a person decided so."""
    tx.queued = True
    tx.connection.execute(
        update(_OUTBOX)
        .where(_OUTBOX.c.subject == subject, _OUTBOX.c.reference == reference, _OUTBOX.c.state == "unknown")
        .values(state="queued", not_before=now, error="")
    )


def blank(tx: Transaction, subject: str) -> None:
    """Forget the words of what was sent about a subject, and withdraw what still waits.

    What is on its way was printed already. It has no words for a second try, so it expires instead.
    """
    cancel(tx, subject=subject)
    mine = _OUTBOX.c.subject == subject
    tx.connection.execute(
        update(_OUTBOX).where(mine, _OUTBOX.c.state == _SENDING).values(expires_at=_OUTBOX.c.created_at)
    )
    tx.connection.execute(update(_OUTBOX).where(mine).values(message={}))


def due(tx: Transaction, now: datetime, limit: int, resting: Collection[Channel] = frozenset()) -> list[Any]:
    """What decides about rows that may leave now, most urgent first; no bulk message on a network that rests.

    Within one class of one chat an older row that has not ended holds back the younger ones, so nothing
    overtakes. Presses and downloads are free of that: a press has 15 seconds, a file has no order.
    """
    found: list[Any] = []
    for priority in Priority:
        if len(found) < limit:
            held = sorted(resting) if priority.is_bulk else []
            wanted = {"class": priority, "now": now, "most": limit - len(found)}
            names = {f"resting_{place}": channel for place, channel in enumerate(held)}
            found += tx.run(_DUE[len(held)], {**wanted, **names})
    return found


def next_due(tx: Transaction, now: datetime) -> datetime | None:
    """When the next row that still has to wait may leave; None when none waits for its moment."""
    rows = [row for each in Priority for row in tx.run(_NEXT, {"class": each, "now": now})]
    return min((row.not_before for row in rows), default=None)


def downloading(tx: Transaction) -> int:
    """How many files are on their way."""
    count = select(func.count()).where(_OUTBOX.c.state == _SENDING, _OUTBOX.c.kind == SendKind.DOWNLOAD)
    return int(tx.connection.execute(count).scalar_one())


def lease(tx: Transaction, ids: list[int], now: datetime) -> list[Any]:
    """What it takes to print the rows of these ids, in this order, now on their way.

    A lease that runs out makes the outcome unknown.
    """
    if not ids:
        return []
    statement, values = _LEASE.of(ids)
    rows = {row.id: row for row in tx.run(statement, {**values, "until": now + LEASE})}
    return [rows[number] for number in ids]


def leased(tx: Transaction, ids: list[int]) -> dict[int, Any]:
    """The rows of these ids that are still on their way, or whose lease ran out, by id; not their words."""
    return {row.id: row for row in tx.run(*_LEASED.of(ids))} if ids else {}


def find(tx: Transaction, row_id: int) -> Row[Any]:
    """The whole row."""
    return tx.connection.execute(select(_OUTBOX).where(_OUTBOX.c.id == row_id)).one()


def mark_sent(tx: Transaction, sent: dict[int, str], now: datetime) -> None:
    """Write down what the networks took: by row id, the network's own id of the message."""
    tx.run_all(
        _SENT, ({"row_id": number, "known_there": known, "now": now} for number, known in sent.items())
    )


def change(tx: Transaction, row_id: int, **values: Any) -> None:
    """Write the end of a sending, or its next try."""
    tx.connection.execute(update(_OUTBOX).where(_OUTBOX.c.id == row_id).values(**values))


def abandoned(tx: Transaction, now: datetime) -> list[Row[Any]]:
    """Rows whose sender has died: the lease is over and nobody said how it ended."""
    return list(
        tx.connection.execute(
            select(_OUTBOX).where(
                _OUTBOX.c.state.in_(WAITING), _OUTBOX.c.state == "sending", _OUTBOX.c.leased_until <= now
            )
        )
    )


def address_of(row: Any) -> Address:
    """Where a row goes."""
    return Address(Channel(row.channel), row.chat)
