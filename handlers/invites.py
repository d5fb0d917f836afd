"""One-time codes: they join a chat account to an officer and a group to the desk. Rights begin only here."""

import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlmodel import col
from sqlmodel import select as select_rows

from core.channel import Address, Channel, Inbound
from core.codes import CROCKFORD
from core.errors import RuleError
from core.people import Officer, Role
from core.say import Label, Text, say
from core.text import clean, fold
from handlers import audit, cards, looks, people
from handlers.registry import retire_cards, unbind, void_codes
from handlers.service import Service
from handlers.webchat import DESK_ROOM, join_room
from storage.keys import Keys
from storage.tables import AuditRow, InviteRow, OfficerChannelRow, OfficerRow, RoomRow
from storage.transaction import Transaction, table

LENGTH = 10
"""Crockford base-32 characters: 50 bits, short enough for a telephone keyboard."""
VALID = timedelta(hours=72)
_TRIES = 5
_TRY_WINDOW = timedelta(hours=1)
_LOOK_ALIKES = str.maketrans("oil", "011")
_CODE = re.compile(r"(?:start|ketnoi|ket noi)(?: \w+bot)? ([0-9a-z]{5}) ?([0-9a-z]{5})")

_LINK = table(OfficerChannelRow)


# --- giving a code -----------------------------------------------------------------------------------------


def invite_officer(tx: Transaction, keys: Keys, *, name: str, unit: str, role: Role, now: datetime) -> str:
    """A code for an officer of a unit, who is registered or brought up to date at once.

    The same name in the same unit is the same person; a code given earlier no longer works.
    Raises RuleError("unit_unknown").
    """
    of = people.unit_named(tx, unit)
    if of is None:
        raise RuleError("unit_unknown", unit=unit, known=", ".join(each.name for each in people.units(tx)))
    row = _namesake(tx, name, of.id)
    if row is None:
        row = OfficerRow(
            organisation_id=tx.organisation_id, name=clean(name), unit_id=of.id, role=role, created_at=now
        )
    row.role = role
    row.is_active = True
    tx.add(row)
    retire_cards(tx, Officer(row.id, row.name, row.unit_id, role), now)
    audit.record(tx, audit.SYSTEM, "officer_invited", f"officer:{row.id}", now, after=role)
    return _give(tx, keys, row.id, now)


def link(tx: Transaction, keys: Keys, officer: Officer, now: datetime, *, only: bool) -> str:
    """A code for one more chat account of an officer; with `only` the accounts bound before are let go."""
    if only:
        unbind(tx, officer.id, now)
    audit.record(tx, audit.SYSTEM, "officer_invited", f"officer:{officer.id}", now, after=officer.role)
    return _give(tx, keys, officer.id, now)


def invite_room(tx: Transaction, keys: Keys, now: datetime) -> str:
    """A code that makes the group in which a desk officer sends it a room of the desk."""
    return _give(tx, keys, None, now)


def spell(code: str) -> str:
    """The code as it is printed."""
    return f"{code[:5]}-{code[5:]}"


# --- using a code ------------------------------------------------------------------------------------------


def find_code(text: str) -> str | None:
    """The code in «/start CODE», «kết nối CODE» or «/ketnoi CODE», or None when the text is no such thing."""
    match = _CODE.fullmatch(fold(text))
    return None if match is None else "".join(match.groups()).translate(_LOOK_ALIKES).upper()


def use_code(service: Service, tx: Transaction, inbound: Inbound, code: str, now: datetime) -> Text:
    """Do what the code stands for, for whoever sent it; the reply says what came of it."""
    fingerprint = service.keys.blind("account", f"{inbound.chat.channel}:{inbound.sender}")
    account = f"account:{fingerprint[:16]}"
    if _wrong_tries(tx, account, now) >= _TRIES:
        return say("invite_wait")
    invite = tx.session.exec(
        select_rows(InviteRow).where(
            col(InviteRow.code_hmac) == service.keys.blind("invite", code),
            col(InviteRow.organisation_id) == tx.organisation_id,
        )
    ).first()
    if invite is None:
        audit.record(tx, audit.SYSTEM, "invite_refused", account, now)
        return say("invite_unknown")
    if invite.used_at is not None or invite.expires_at <= now:
        return say("invite_used" if invite.used_at else "invite_expired")
    if invite.officer_id is None:
        return _open_room(tx, inbound, invite, now)
    return _bind(tx, inbound, invite, invite.officer_id, now)


# --- steps -------------------------------------------------------------------------------------------------


def _namesake(tx: Transaction, name: str, unit_id: int) -> OfficerRow | None:
    rows = tx.session.exec(select_rows(OfficerRow).where(col(OfficerRow.unit_id) == unit_id))
    return next((row for row in rows if fold(row.name) == fold(name)), None)


def _give(tx: Transaction, keys: Keys, officer_id: int | None, now: datetime) -> str:
    void_codes(tx, officer_id, now)
    code = "".join(secrets.choice(CROCKFORD) for _ in range(LENGTH))
    tx.add(
        InviteRow(
            organisation_id=tx.organisation_id,
            code_hmac=keys.blind("invite", code),
            officer_id=officer_id,
            expires_at=now + VALID,
        )
    )
    return code


def _wrong_tries(tx: Transaction, account: str, now: datetime) -> int:
    tx.flush()
    rows = table(AuditRow)
    found = tx.connection.execute(
        select(func.count()).where(
            rows.c.subject == account, rows.c.act == "invite_refused", rows.c.at > now - _TRY_WINDOW
        )
    ).scalar_one()
    return int(found)


def _bind(tx: Transaction, inbound: Inbound, invite: InviteRow, officer_id: int, now: datetime) -> Text:
    invite.used_at = now
    if not inbound.is_private:
        return say("invite_exposed")
    officer = people.officer_by_id(tx, officer_id)
    assert officer is not None
    _join_account(tx, inbound, officer, now)
    unit = people.unit_by_id(tx, officer.unit_id)
    assert unit is not None
    return say(
        f"invite_welcome_{officer.role}",
        name=officer.name,
        unit=unit.name,
        role=Label(f"role.{officer.role}"),
    )


def _join_account(tx: Transaction, inbound: Inbound, officer: Officer, now: datetime) -> None:
    """The account belongs to this officer from now on, whoever had it before."""
    where = inbound.chat
    cards.retire_at(tx, where, officer, now)
    tx.connection.execute(
        delete(_LINK).where(_LINK.c.channel == where.channel, _LINK.c.sender == inbound.sender)
    )
    tx.add(
        OfficerChannelRow(
            organisation_id=tx.organisation_id,
            officer_id=officer.id,
            channel=where.channel,
            sender=inbound.sender,
            chat=where.chat,
            linked_at=now,
        )
    )
    if officer.role is Role.DESK and where.channel is Channel.WEBCHAT:
        _make_room(tx, Address(Channel.WEBCHAT, DESK_ROOM), now)
        join_room(tx, where.chat)
    _record(tx, officer, "officer_bound", where.channel, now)


def _open_room(tx: Transaction, inbound: Inbound, invite: InviteRow, now: datetime) -> Text:
    if inbound.is_private:
        return say("invite_needs_group")
    if not looks.can_edit(tx, inbound.chat):
        return say("invite_group_cannot")
    officer = people.officer_of(tx, inbound.chat.channel, inbound.sender)
    if officer is None or officer.role is not Role.DESK:
        return say("invite_needs_desk")
    _make_room(tx, inbound.chat, now)
    invite.used_at = now
    _record(tx, officer, "room_linked", str(inbound.chat), now)
    return say("invite_room_ready")


def _record(tx: Transaction, officer: Officer, act: str, after: str, now: datetime) -> None:
    audit.record(tx, audit.By(officer.role, officer), act, f"officer:{officer.id}", now, after=after)


def _make_room(tx: Transaction, where: Address, now: datetime) -> None:
    room = tx.session.exec(
        select_rows(RoomRow).where(col(RoomRow.channel) == where.channel, col(RoomRow.chat) == where.chat)
    ).first()
    if room is None:
        room = RoomRow(
            organisation_id=tx.organisation_id, channel=where.channel, chat=where.chat, linked_at=now
        )
    elif room.left_at is not None:
        room.linked_at = now
    room.left_at = None
    tx.add(room)
