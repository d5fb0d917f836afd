"""Messages of one turn to one chat leave as one, on networks where each uses up a month's allowance."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from core.channel import Delivery, Outgoing, SendKind
from core.delivery import OnUnknown, RowState
from core.say import Text, from_json
from core.text import utf16_length
from handlers import looks, page_links
from handlers.service import Service
from storage import outbox
from storage.tables import OutboxRow
from storage.transaction import Transaction, table

_OUTBOX = table(OutboxRow)
_BETWEEN = "\n\n"


def riders(
    service: Service, tx: Transaction, row: Any, now: datetime, *, taken: Collection[int]
) -> list[int]:
    """The rows whose words leave with those of `row`, in this order; none of those `taken` by other messages.

    Nothing rides behind choices: their numbers stand last on the screen. Each class of the chat keeps its
    order, so whatever has to leave alone holds back what follows it there.
    """
    able = looks.abilities(tx, outbox.address_of(row))
    if not able.counts_messages or row.kind != SendKind.MESSAGE:
        return []
    waiting = _waiting(tx, row)
    lead = next(each for each in waiting if each.id == row.id)
    held: set[int] = set()
    found: list[int] = []
    length = _length(service, lead)
    is_open = _is_plain(lead) and not _offers(service, lead)
    for each in waiting:
        if each.id == row.id or not is_open or each.priority in held:
            continue
        longer = length + len(_BETWEEN) + _length(service, each)
        is_of_turn = each.created_at == lead.created_at and _may_leave(each, now)
        is_free = each.id not in taken and is_of_turn
        if not is_free or not _is_plain(each) or longer > able.max_text:
            held.add(each.priority)
            continue
        found.append(each.id)
        length, is_open = longer, not _offers(service, each)
    return found


def joined(parts: Sequence[Delivery]) -> Delivery:
    """One delivery with the words of all, the first of which stands for them."""
    first, *rest = parts
    if not rest:
        return first
    message = Outgoing(
        text=_BETWEEN.join(part.message.text for part in parts),
        buttons=tuple(row for part in parts for row in part.message.buttons),
    )
    return replace(first, message=message, carries=tuple((part.id, part.attempt) for part in rest))


def _waiting(tx: Transaction, row: Any) -> list[Row[Any]]:
    """What has not ended in the chat of `row`, the most urgent class first, each in its order."""
    here = (_OUTBOX.c.channel == row.channel, _OUTBOX.c.chat == row.chat)
    of_order = _OUTBOX.c.kind.in_((SendKind.MESSAGE, SendKind.EDIT))
    query = select(_OUTBOX).where(*here, of_order, _OUTBOX.c.state.in_(outbox.WAITING))
    return list(tx.connection.execute(query.order_by(_OUTBOX.c.priority, _OUTBOX.c.id)))


def _may_leave(row: Row[Any], now: datetime) -> bool:
    is_in_time = row.expires_at is None or row.expires_at > now
    return (
        row.state == RowState.QUEUED and row.kind == SendKind.MESSAGE and row.not_before <= now and is_in_time
    )


def _is_plain(row: Row[Any]) -> bool:
    """Words and nothing else, said for the first time."""
    return bool(row.message) and not row.files and row.on_unknown != OnUnknown.REPEATED


def _offers(service: Service, row: Row[Any]) -> bool:
    return bool(service.catalogue.choices(_text(service, row)))


def _length(service: Service, row: Row[Any]) -> int:
    return utf16_length(service.catalogue.words(_text(service, row))) if row.message else 0


def _text(service: Service, row: Row[Any]) -> Text:
    return page_links.printable(service, from_json(row.message))
