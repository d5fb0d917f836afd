"""How an officer is reached: what one of their chats does not take goes to the next, else a person hears.

Either a row of the outbox ends badly, or it waits too long; the next one is queued in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Row

from core.channel import Address, Channel
from core.delivery import RowState
from core.people import Officer, Role
from core.say import Text
from handlers import cards, looks, missed, people, reminders
from handlers.alone import alone
from handlers.service import Service
from storage import outbox, substitutes
from storage.transaction import Transaction

PATIENCE = timedelta(minutes=3)
"""How long the first chat may keep a message: with the ticks, and two more chats, people hear within five."""
_HOP = timedelta(seconds=30)
"""How long each further chat may."""
_TO_OFFICERS = frozenset({"card", reminders.DIGEST, "notice", reminders.REMINDER, "staff"})
_QUESTION = "d:"
_MISSED = ":missed:"


def elsewhere(service: Service, tx: Transaction, row: Row[Any], officer: Officer, now: datetime) -> bool:
    """Queue what ended badly for a chat of its officer that has not failed it; whether there is one."""
    tried = substitutes.tried(tx, row)
    failed = {address for address, state in tried.items() if state != RowState.CANCELLED}
    other = _next_chat(tx, officer, set(tried)) or _next_chat(tx, officer, failed)
    if other is not None:
        _queue(service, tx, row, other, now)
    return other is not None


def lost(service: Service, tx: Transaction, row: Row[Any], officer: Officer | None, now: datetime) -> None:
    """A message to an officer ended badly: another chat, else people. Who has left is no loss."""
    if officer is None or not officer.is_active:
        return
    if _is_question(row):
        if people.addresses_of(tx, officer.id):
            return  # it can be answered only where it was asked, and is asked again there
    elif elsewhere(service, tx, row, officer, now):
        return
    channel = Channel(row.channel)
    missed.tell(service, tx, missed.about_officer(tx, officer, [row]), now, not_over=channel)


def watch(service: Service, tx: Transaction, now: datetime) -> None:
    """A tick: what waits too long goes to another chat of its officer, or is told to people."""
    for channel, found in _stuck(tx, now).items():
        for officer, rows in list(found.officers.items()):
            found.officers[officer] = _left(service, tx, officer, rows, now)
        missed.tell(
            service, tx, _missed(tx, found), now, not_over=channel, also=_desk(tx) if found.rooms else ()
        )


def waiting(tx: Transaction, now: datetime) -> dict[Officer, int]:
    """How many messages wait too long for each officer."""
    counts: dict[Officer, int] = {}
    for found in _stuck(tx, now).values():
        for officer, rows in found.officers.items():
            counts[officer] = counts.get(officer, 0) + len(rows)
    return counts


@dataclass
class _Stuck:
    """What waits too long on one network: for whom, and in which rooms."""

    officers: dict[Officer, list[Row[Any]]] = field(default_factory=dict)
    rooms: dict[Address, list[Row[Any]]] = field(default_factory=dict)


def _stuck(tx: Transaction, now: datetime) -> dict[Channel, _Stuck]:
    tx.flush()
    by_channel: dict[Channel, _Stuck] = {}
    for row in substitutes.stuck(tx, now - PATIENCE, now - _HOP, _TO_OFFICERS):
        address = outbox.address_of(row)
        found = by_channel.setdefault(address.channel, _Stuck())
        if row.is_group:
            found.rooms.setdefault(address, []).append(row)
            continue
        officer = people.officer_at(tx, address)
        if officer is not None and not _is_question(row):
            found.officers.setdefault(officer, []).append(row)
    return by_channel


def _left(
    service: Service, tx: Transaction, officer: Officer, rows: Sequence[Row[Any]], now: datetime
) -> list[Row[Any]]:
    """The rows for which there is no other chat; the others are on their way to one."""
    kept = []
    for row in rows:
        other = _next_chat(tx, officer, set(substitutes.tried(tx, row)))
        if other is None:
            kept.append(row)
        else:
            alone(tx, "message_unmoved", row.id, partial(_move, service, tx, row, other, now))
    # That somebody else is not reached is told to several, so nobody has to hear that it waits here.
    return [row for row in kept if _MISSED not in row.dedupe_key]


def _move(service: Service, tx: Transaction, row: Row[Any], other: Address, now: datetime) -> None:
    if substitutes.withdraw(tx, row.id):
        _queue(service, tx, row, other, now)


def _queue(service: Service, tx: Transaction, row: Row[Any], other: Address, now: datetime) -> None:
    if row.purpose != "card":
        reminders.follow(tx, row.id, substitutes.queue(tx, row, other, now))
        return
    new_id = cards.post_elsewhere(service, tx, int(row.subject.partition(":")[2]), other, now)
    if new_id is not None:
        outbox.change(tx, new_id, instead_of=substitutes.first_of(row))


def _next_chat(tx: Transaction, officer: Officer, but: set[Address]) -> Address | None:
    """A chat that takes messages now, before one whose window may be shut."""
    left = [address for address in people.addresses_of(tx, officer.id) if address not in but]
    left.sort(key=lambda address: looks.abilities(tx, address).window is not None)
    return left[0] if left else None


def _is_question(row: Row[Any]) -> bool:
    """Whether it belongs to a dialogue, which lives in its chat alone."""
    press = str(row.press)
    return row.purpose == "staff" and press.startswith(_QUESTION) and press != reminders.OPENS


def _missed(tx: Transaction, found: _Stuck) -> dict[str, Text]:
    lines: dict[str, Text] = {}
    for officer, rows in found.officers.items():
        lines |= missed.about_officer(tx, officer, rows) if rows else {}
    for room, rows in found.rooms.items():
        lines |= missed.about_room(room, rows)
    return lines


def _desk(tx: Transaction) -> list[Officer]:
    return people.officers_with_role(tx, Role.DESK)
