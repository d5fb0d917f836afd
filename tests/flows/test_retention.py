"""What the consent promises: some time after the end nothing is left of who said what."""

from datetime import timedelta

import pytest
from sqlalchemy import inspect, text

from core.tickets import Status
from handlers import housekeeping, tickets
from handlers.service import Service
from storage.database import Database
from storage.tables import TicketRow
from tests.flows.office import CITIZEN, NAME, PHONE, ROOM, Office

STORY = "Đèn đường cạnh giếng làng tắt từ tối thứ Hai."
ADDED = "Hôm nay thêm hai cột nữa bị tắt"


@pytest.fixture
def office(database: Database, service: Service) -> Office:
    return Office(database, service)


def everything(office: Office) -> str:
    """All that the database holds, as text."""
    with office.database.transaction() as tx:
        tables = inspect(tx.connection).get_table_names()
        rows = [tx.connection.execute(text(f'SELECT * FROM "{name}"')).all() for name in tables]
    return str([tuple(row) for found in rows for row in found])


def closed(office: Office) -> int:
    """The id of a ticket that the citizen added to and then took back."""
    ticket = office.citizen_files(story=STORY)
    office.press(office.hien, "Tiếp nhận", ROOM)
    office.write("7001", ADDED)
    with office.database.transaction() as tx:
        row = tx.session.get_one(TicketRow, ticket.id)
        tickets.withdraw(office.service, tx, row, office.now)
    office.deliver()
    assert office.ticket(ticket).status == Status.WITHDRAWN
    return ticket.id


def forget_after(office: Office, months: int) -> None:
    with office.database.transaction() as tx:
        housekeeping.run(office.service, tx, office.now + timedelta(days=31 * months, hours=1))


def test_before_the_term_nothing_is_forgotten(office: Office) -> None:
    closed(office)
    forget_after(office, 23)
    assert NAME in everything(office)


def test_after_the_term_neither_words_nor_name_nor_account_are_left(office: Office) -> None:
    ticket_id = closed(office)
    forget_after(office, 24)
    left = everything(office)
    for word in (STORY, "giếng làng", ADDED, NAME, PHONE, PHONE.replace(" ", "")):
        assert word not in left
    with office.database.transaction() as tx:
        about = {"subject": f"ticket:{ticket_id}", "chat": CITIZEN.chat}
        found = tx.connection.execute(
            text("SELECT count(*) FROM outbox WHERE subject = :subject AND chat = :chat"), about
        )
        assert found.scalar() == 0
    assert office.violations() == []


def test_open_tickets_are_kept_however_old(office: Office) -> None:
    office.citizen_files(story=STORY)
    forget_after(office, 60)
    assert STORY in everything(office)
