"""The list of officers as the administrator keeps it: who is there, and how one leaves."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from core.channel import Address, Channel
from core.errors import RuleError
from core.people import Officer, Role
from core.text import fold
from handlers import audit, cards, people
from storage.tables import InviteRow, OfficerChannelRow, OfficerRow, OutboxRow
from storage.transaction import Transaction, table

_INVITE = table(InviteRow)
_LINK = table(OfficerChannelRow)
_OUTBOX = table(OutboxRow)


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the registry. `is_invited`: a code is out that nobody has used yet."""

    officer: Officer
    unit: str
    channels: tuple[Channel, ...]
    is_invited: bool


def registry(tx: Transaction, now: datetime) -> list[Listed]:
    """Every officer, active or not, with the networks that reach them."""
    units = {unit.id: unit.name for unit in people.units(tx)}
    waiting = select(_INVITE.c.officer_id).where(_INVITE.c.used_at.is_(None), _INVITE.c.expires_at > now)
    invited = set(tx.connection.execute(waiting).scalars())
    rows = tx.session.exec(
        select_rows(OfficerRow)
        .where(col(OfficerRow.organisation_id) == tx.organisation_id)
        .order_by(col(OfficerRow.id))
    )
    return [
        Listed(
            Officer(row.id, row.name, row.unit_id, Role(row.role), row.is_active),
            units.get(row.unit_id, ""),
            tuple(address.channel for address in people.addresses_of(tx, row.id)),
            row.id in invited,
        )
        for row in rows
    ]


def pick(tx: Transaction, words: str, now: datetime) -> Officer:
    """The officer of this number or name. Raises RuleError("officer_unknown") or ("officer_ambiguous")."""
    officers = [each.officer for each in registry(tx, now)]
    found = [each for each in officers if str(each.id) == words.strip()]
    found = found or [each for each in officers if fold(each.name) == fold(words)]
    if not found:
        raise RuleError("officer_unknown", name=words)
    if len(found) > 1:
        raise RuleError("officer_ambiguous", name=words, ids=", ".join(str(each.id) for each in found))
    return found[0]


def disable(tx: Transaction, officer: Officer, now: datetime) -> None:
    """Take every right away at once: accounts, codes, and what still waits to be sent to them."""
    for chat in _chats_of(tx, officer.id):
        waiting = (_OUTBOX.c.channel == chat.channel) & (_OUTBOX.c.chat == chat.chat)
        tx.connection.execute(
            update(_OUTBOX)
            .where(waiting, _OUTBOX.c.state == "queued")
            .values(state="cancelled", error="officer_disabled")
        )
    unbind(tx, officer.id, now)
    void_codes(tx, officer.id, now)
    row = tx.session.get_one(OfficerRow, officer.id)
    row.is_active = False
    audit.record(tx, audit.SYSTEM, "officer_disabled", f"officer:{officer.id}", now, before=officer.role)
    tx.flush()


def unbind(tx: Transaction, officer_id: int, now: datetime) -> None:
    """Let go of every chat account of the officer. With it the web-chat rooms close to them too.

    Cards that stand in those chats say that they are no longer kept, while the chats are still known.
    """
    for chat in _chats_of(tx, officer_id):
        cards.retire_at(tx, chat, None, now)
    tx.connection.execute(delete(_LINK).where(_LINK.c.officer_id == officer_id))


def retire_cards(tx: Transaction, officer: Officer, now: datetime) -> None:
    """Cards of tickets that the officer, as they are now, may not read go from their chats."""
    for chat in _chats_of(tx, officer.id):
        cards.retire_at(tx, chat, officer, now)


def void_codes(tx: Transaction, officer_id: int | None, now: datetime) -> None:
    """Codes given for this officer (None: for a room) no longer work."""
    mine = _INVITE.c.officer_id.is_(None) if officer_id is None else _INVITE.c.officer_id == officer_id
    tx.connection.execute(update(_INVITE).where(mine, _INVITE.c.used_at.is_(None)).values(used_at=now))


def _chats_of(tx: Transaction, officer_id: int) -> list[Address]:
    """Every private chat bound to the officer, also one that takes no messages now."""
    links = tx.connection.execute(
        select(_LINK.c.channel, _LINK.c.chat).where(_LINK.c.officer_id == officer_id)
    )
    return [Address(Channel(link.channel), link.chat) for link in links.all()]
