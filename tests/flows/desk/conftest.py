"""What the tests of the desk share: its staff in memory, and a ticket in hand."""

from collections.abc import Iterator

import pytest

from handlers.service import Service
from storage.database import Database
from storage.tables import TicketRow
from tests.flows.office import ROOM, Office


@pytest.fixture
def office(database: Database, service: Service) -> Iterator[Office]:
    """The commune's staff; whatever a test did, the database holds together after it."""
    opened = Office(database, service)
    yield opened
    assert opened.violations() == []


@pytest.fixture
def ticket(office: Office) -> TicketRow:
    """A ticket that Hiên holds."""
    found = office.citizen_files()
    office.press(office.hien, "Tiếp nhận", ROOM)
    return found
