"""A message that goes to a second chat in the place of the first: which chats it has tried, what waits."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, exists, func, insert, or_, select

from core.channel import Address, SendKind
from core.delivery import Priority
from storage import outbox
from storage.tables import OutboxRow
from storage.transaction import Transaction, table

_OUTBOX = table(OutboxRow)
_OF_ITS_SENDING = frozenset(
    {"id", "dedupe_key", "coalesce", "channel", "chat", "state", "attempts", "not_before", "leased_until"}
    | {"created_at", "sent_at", "provider_id", "error", "instead_of"}
)
"""What a row does not hand on to the one in its place."""


def first_of(row: Row[Any]) -> int:
    """The id of the row that the message was first."""
    return int(row.instead_of or row.id)


def tried(tx: Transaction, row: Row[Any]) -> dict[Address, str]:
    """The chats that the message was queued for, and the state it came to in each."""
    first = first_of(row)
    query = select(_OUTBOX.c.channel, _OUTBOX.c.chat, _OUTBOX.c.state)
    rows = tx.connection.execute(
        query.where(or_(_OUTBOX.c.id == first, _OUTBOX.c.instead_of == first)).order_by(_OUTBOX.c.id)
    )
    return {outbox.address_of(each): each.state for each in rows}


def queue(tx: Transaction, row: Row[Any], address: Address, now: datetime) -> int:
    """The same message for another chat; the id of its row."""
    tx.queued = True
    first = first_of(row)
    whole = tx.connection.execute(select(_OUTBOX).where(_OUTBOX.c.id == row.id)).mappings().one()
    own = {name: value for name, value in whole.items() if name not in _OF_ITS_SENDING}
    key = f"{outbox.find(tx, first).dedupe_key}+{len(tried(tx, row))}:{row.id}"
    values = {
        **own,
        "dedupe_key": key,
        "coalesce": "",
        "channel": address.channel,
        "chat": address.chat,
        "state": "queued",
        "attempts": 0,
        "not_before": now,
        "created_at": now,
        "provider_id": "",
        "error": "",
        "instead_of": first,
    }
    return int(tx.connection.execute(insert(_OUTBOX).values(values).returning(_OUTBOX.c.id)).scalar_one())


def withdraw(tx: Transaction, row_id: int) -> bool:
    """Take a message back that still waits; whether it did."""
    still = (_OUTBOX.c.id == row_id, _OUTBOX.c.state == "queued")
    taken = _OUTBOX.update().where(*still).values(state="cancelled", error="sent_elsewhere")
    return tx.connection.execute(taken).rowcount == 1


def stuck(
    tx: Transaction, since: datetime, in_place_since: datetime, purposes: Collection[str]
) -> list[Row[Any]]:
    """Messages of these purposes that wait since `since` or longer, the oldest first; not their words.

    What goes in the place of another, since `in_place_since`. Only where this message, or one before it in
    its chat, was put off until then or later: otherwise it was the service that was away, and not the chat.
    """
    first, put_off = _OUTBOX.alias("first"), _OUTBOX.alias("put_off")
    is_put_off = exists().where(
        put_off.c.channel == _OUTBOX.c.channel,
        put_off.c.chat == _OUTBOX.c.chat,
        put_off.c.state.in_(outbox.WAITING),
        put_off.c.state == outbox.QUEUED,
        put_off.c.id <= _OUTBOX.c.id,
        put_off.c.not_before > in_place_since,
    )
    columns = (column for column in _OUTBOX.c if column.name not in {"message", "files"})
    query = (
        select(*columns)
        .join(first, first.c.id == func.coalesce(_OUTBOX.c.instead_of, _OUTBOX.c.id))
        .where(
            _OUTBOX.c.state == outbox.QUEUED,
            _OUTBOX.c.priority.in_(tuple(Priority)),  # for the index: nothing else waits
            _OUTBOX.c.kind == SendKind.MESSAGE,
            _OUTBOX.c.purpose.in_(tuple(purposes)),
            first.c.created_at <= since,
            _OUTBOX.c.created_at <= in_place_since,
            is_put_off,
        )
    )
    return sorted(tx.connection.execute(query), key=lambda row: int(row.id))
