"""The only way to a ticket: every read names who is reading, and says no as if nothing were there."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from core.channel import Address
from core.codes import find_number
from core.errors import RuleError
from core.people import Officer, Role, may_read_ticket
from core.tickets import OPEN, Status
from storage.keys import Keys
from storage.tables import TicketRow
from storage.transaction import Transaction


def reporter_key(keys: Keys, reporter: Address) -> str:
    """The fingerprint by which a reporter's own tickets are found from the same chat account."""
    return keys.blind("reporter", str(reporter))


def may_read(officer: Officer, ticket: TicketRow) -> bool:
    """Desk and leaders read all tickets, a unit's officers those that are with their unit."""
    return may_read_ticket(officer, ticket.unit_id)


def ticket_for(tx: Transaction, officer: Officer, ticket_id: int) -> TicketRow:
    """The ticket an officer may read. Raises RuleError("ticket_unknown") when there is none for them."""
    ticket = tx.session.get(TicketRow, ticket_id)
    if ticket is None or ticket.organisation_id != tx.organisation_id or not may_read(officer, ticket):
        raise RuleError("ticket_unknown")
    return ticket


def ticket_of_reporter(tx: Transaction, keys: Keys, reporter: Address, ticket_id: int) -> TicketRow:
    """The reporter's own ticket. Raises RuleError("ticket_unknown") when it is not theirs."""
    ticket = tx.session.get(TicketRow, ticket_id)
    if ticket is None or ticket.reporter_hmac != reporter_key(keys, reporter):
        raise RuleError("ticket_unknown")
    return ticket


def tickets_named(tx: Transaction, officer: Officer, words: str) -> list[TicketRow]:
    """The tickets an officer may mean by a full number or, among the open ones, its last three digits."""
    number = find_number(words)
    if number is not None:
        found: Sequence[TicketRow] = _select(tx, col(TicketRow.number) == number)
    else:
        digits = words.strip()
        if len(digits) != 3 or not digits.isdigit():
            return []
        live = {*OPEN, Status.ANSWERED}
        ending = col(TicketRow.number).endswith(digits, autoescape=True)
        found = _select(tx, ending, col(TicketRow.status).in_(live))
    return [ticket for ticket in found if may_read(officer, ticket)]


def open_tickets(tx: Transaction, officer: Officer, limit: int) -> list[TicketRow]:
    """Open tickets an officer may read, the one due first at the top."""
    wanted: list[ColumnElement[bool]] = [col(TicketRow.status).in_(OPEN)]
    if officer.role is Role.OFFICER:
        wanted.append(col(TicketRow.unit_id) == officer.unit_id)
    rows = tx.session.exec(
        select(TicketRow)
        .where(col(TicketRow.organisation_id) == tx.organisation_id, *wanted)
        .order_by(col(TicketRow.promised_by).is_(None), col(TicketRow.promised_by), col(TicketRow.id))
        .limit(limit)
    )
    return [ticket for ticket in rows if may_read(officer, ticket)]


def _select(tx: Transaction, *wanted: object) -> Sequence[TicketRow]:
    mine = col(TicketRow.organisation_id) == tx.organisation_id
    return tx.session.exec(select(TicketRow).where(mine, *wanted).limit(20)).all()  # type: ignore[arg-type]
