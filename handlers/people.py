"""Who works here: officers, their chat accounts, their units, and the rooms of the desk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from core.channel import Address, Channel
from core.people import Officer, Role
from core.text import fold
from storage.prepared import Prepared
from storage.tables import OfficerChannelRow, OfficerRow, RoomRow, UnitRow
from storage.transaction import Transaction, table

_OFFICER = table(OfficerRow)
_LINK = table(OfficerChannelRow)
_ROOM = table(RoomRow)
_UNIT = table(UnitRow)

_OFFICER_OF = Prepared(
    select(_OFFICER.c.id, _OFFICER.c.name, _OFFICER.c.unit_id, _OFFICER.c.role, _OFFICER.c.is_active)
    .join(_LINK, _LINK.c.officer_id == _OFFICER.c.id)
    .where(
        _LINK.c.channel == bindparam("channel"), _LINK.c.sender == bindparam("sender"), _OFFICER.c.is_active
    )
)
"""Asked for every message that comes in."""


@dataclass(frozen=True, slots=True)
class Unit:
    id: int
    name: str
    head: str


def officer_of(tx: Transaction, channel: Channel, sender: str) -> Officer | None:
    """The active officer behind a chat account, or None."""
    found = tx.run(_OFFICER_OF, {"channel": channel, "sender": sender})
    return _officer(found[0]) if found else None


def officer_at(tx: Transaction, address: Address) -> Officer | None:
    """The active officer whose private chat this is, or None."""
    row = tx.connection.execute(
        select(_OFFICER)
        .join(_LINK, _LINK.c.officer_id == _OFFICER.c.id)
        .where(_LINK.c.channel == address.channel, _LINK.c.chat == address.chat, _OFFICER.c.is_active)
    ).first()
    return None if row is None else _officer(row)


def officer_by_id(tx: Transaction, officer_id: int) -> Officer | None:
    """The officer, active or not, or None."""
    row = tx.connection.execute(select(_OFFICER).where(_OFFICER.c.id == officer_id)).first()
    return None if row is None else _officer(row)


def addresses_of(tx: Transaction, officer_id: int) -> list[Address]:
    """The officer's private chats that take messages, the one bound last first."""
    return _addresses(tx, officer_id, _LINK.c.dead_at.is_(None))


def refusing_addresses_of(tx: Transaction, officer_id: int) -> list[Address]:
    """The officer's private chats that refused a message, the one bound last first."""
    return _addresses(tx, officer_id, _LINK.c.dead_at.is_not(None))


def officers_of_unit(tx: Transaction, unit_id: int) -> list[Officer]:
    """Active officers of a unit, in the order they joined."""
    return _officers(tx, _OFFICER.c.unit_id == unit_id)


def is_reachable(tx: Transaction, unit_id: int) -> bool:
    """Whether anybody of the unit who handles tickets has a chat."""
    staff = (officer for officer in officers_of_unit(tx, unit_id) if officer.role is not Role.ADMIN)
    return any(addresses_of(tx, officer.id) for officer in staff)


def officers_with_role(tx: Transaction, role: Role) -> list[Officer]:
    """Active officers of a role, in the order they joined."""
    return _officers(tx, _OFFICER.c.role == role)


def officer_named(tx: Transaction, name: str) -> Officer | None:
    """The active officer of this name, compared without case and accents, or None."""
    wanted = fold(name)
    found = [officer for officer in _officers(tx) if fold(officer.name) == wanted]
    return found[0] if len(found) == 1 else None


def unit_by_id(tx: Transaction, unit_id: int) -> Unit | None:
    """The unit, open or closed, or None: old tickets and duties still name it."""
    row = tx.connection.execute(
        select(_UNIT).where(_UNIT.c.id == unit_id, _UNIT.c.organisation_id == tx.organisation_id)
    ).first()
    return None if row is None else Unit(row.id, row.name, row.head)


def units(tx: Transaction) -> list[Unit]:
    """All units of today, in the order of the organisation file."""
    rows = tx.connection.execute(
        select(_UNIT)
        .where(_UNIT.c.organisation_id == tx.organisation_id, _UNIT.c.valid_to.is_(None))
        .order_by(_UNIT.c.id)
    )
    return [Unit(row.id, row.name, row.head) for row in rows]


def unit_named(tx: Transaction, name: str) -> Unit | None:
    """The unit of today with this name or alias, compared without case and accents, or None."""
    wanted = fold(name)
    open_now = (_UNIT.c.organisation_id == tx.organisation_id, _UNIT.c.valid_to.is_(None))
    for row in tx.connection.execute(select(_UNIT).where(*open_now)):
        if wanted in {fold(known) for known in (row.name, *row.aliases)}:
            return Unit(row.id, row.name, row.head)
    return None


def rooms(tx: Transaction) -> list[Address]:
    """The rooms that serve as the desk now."""
    rows = tx.connection.execute(
        select(_ROOM.c.channel, _ROOM.c.chat)
        .where(_ROOM.c.organisation_id == tx.organisation_id, _ROOM.c.left_at.is_(None))
        .order_by(_ROOM.c.id)
    )
    return [Address(Channel(row.channel), row.chat) for row in rows]


def desk_outside(tx: Transaction) -> list[Officer]:
    """Officers of the desk who see no room of it, having no account on a network that has one."""
    networks = {room.channel for room in rooms(tx)}
    desk = officers_with_role(tx, Role.DESK)
    return [
        officer
        for officer in desk
        if networks.isdisjoint(address.channel for address in addresses_of(tx, officer.id))
    ]


def is_room(tx: Transaction, address: Address) -> bool:
    """Whether this chat is a desk room now."""
    return address in rooms(tx)


def move_room(tx: Transaction, address: Address, new_chat: str) -> None:
    """A group got a new id: the room stays the same room."""
    tx.connection.execute(
        update(_ROOM)
        .where(_ROOM.c.channel == address.channel, _ROOM.c.chat == address.chat)
        .values(chat=new_chat)
    )


def mark_reachable(tx: Transaction, address: Address, now: datetime, *, reachable: bool) -> None:
    """Remember whether an officer's private chat takes messages."""
    tx.connection.execute(
        update(_LINK)
        .where(_LINK.c.channel == address.channel, _LINK.c.chat == address.chat)
        .values(dead_at=None if reachable else now)
    )


def _addresses(tx: Transaction, officer_id: int, *wanted: Any) -> list[Address]:
    rows = tx.connection.execute(
        select(_LINK.c.channel, _LINK.c.chat)
        .join(_OFFICER, _OFFICER.c.id == _LINK.c.officer_id)
        .where(_LINK.c.officer_id == officer_id, _OFFICER.c.is_active, *wanted)
        .order_by(_LINK.c.id.desc())
    )
    return [Address(Channel(row.channel), row.chat) for row in rows]


def _officers(tx: Transaction, *wanted: Any) -> list[Officer]:
    rows = tx.connection.execute(
        select(_OFFICER)
        .where(_OFFICER.c.organisation_id == tx.organisation_id, _OFFICER.c.is_active, *wanted)
        .order_by(_OFFICER.c.id)
    )
    return [_officer(row) for row in rows]


def _officer(row: Any) -> Officer:
    return Officer(
        id=row.id, name=row.name, unit_id=row.unit_id, role=Role(row.role), is_active=row.is_active
    )
