"""What the flows share beside the town: the office of a commune whose mornings a test reads."""

from datetime import date

import pytest

from core.people import Officer
from handlers.service import Service
from storage.database import Database
from tests.conftest import POSTGRESQL, SQLITE, Staff
from tests.flows.mornings import Mornings


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def kind(request: pytest.FixtureRequest) -> str:
    """Every journey goes the same way on both databases."""
    found: str = request.param
    return found


@pytest.fixture
def office(database: Database, service: Service, staff: Staff) -> Mornings:
    return Mornings(database, service, staff)


@pytest.fixture
def duty(office: Mornings) -> int:
    """A duty of Phòng Kinh tế «trước 20/3/2026», open since 2/3."""
    return office.duty("Báo cáo quý I", date(2026, 3, 20))


@pytest.fixture
def clerk(staff: Staff) -> Officer:
    """An officer of Phòng Kinh tế."""
    return staff.clerk.officer
