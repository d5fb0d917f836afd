"""What the flows share beside the town: the office of a commune whose mornings a test reads."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from core.people import Officer
from handlers.service import Service
from storage.database import Database
from tests.conftest import POSTGRESQL, SQLITE, Staff
from tests.flows.mornings import Mornings
from tests.flows.town import OPEN
from tests.postgresql import Reused


@dataclass(frozen=True)
class Kept:
    """An open database, and how it becomes what it was."""

    url: str
    database: Database
    put_back: Callable[[], None]


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def kind(request: pytest.FixtureRequest) -> str:
    """Every journey goes the same way on both databases."""
    found: str = request.param
    return found


@pytest.fixture(scope="session")
def _on_sqlite(_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    path = tmp_path_factory.mktemp("kept") / "danvan.db"
    shutil.copyfile(_template, path)
    url = f"sqlite:///{path}"
    with (
        closing(sqlite3.connect(_template)) as template,
        closing(sqlite3.connect(path)) as copy,
        closing(Database(url)) as database,
    ):
        OPEN[url] = database
        yield Kept(url, database, lambda: template.backup(copy))


@pytest.fixture(scope="session")
def _on_postgresql(_reused: Reused) -> Iterator[Kept]:
    with closing(Database(_reused.url)) as database:
        OPEN[_reused.url] = database
        yield Kept(_reused.url, database, _reused.put_back)


@pytest.fixture
def kept(kind: str, request: pytest.FixtureRequest) -> Iterator[Kept]:
    """One for all tests, which find it as it was: what it has compiled once need not be compiled anew."""
    found: Kept = request.getfixturevalue("_on_sqlite" if kind == SQLITE else "_on_postgresql")
    yield found
    found.put_back()


@pytest.fixture
def database(kept: Kept) -> Database:
    return kept.database


@pytest.fixture
def database_url(kept: Kept) -> str:
    return kept.url


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
