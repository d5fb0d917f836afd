"""The common ground of the tests: a real database with the sample commune, and a fixed moment."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.channel import Address, Channel
from core.people import Officer, Role
from handlers import people
from handlers.organisation import Organisation
from handlers.service import Service, build_service
from handlers.setup import initialise, load_file
from storage.database import Database
from storage.files import FileStore
from storage.keys import Keys
from storage.schema import migrate
from storage.tables import OfficerChannelRow, OfficerRow, RoomRow
from storage.transaction import Transaction
from tests.postgresql import Reused, Server, running
from texts import Catalogue, load

ROOT = Path(__file__).parents[1]
SQLITE, POSTGRESQL = "sqlite", "postgresql"
SAMPLE = ROOT / "samples" / "to-chuc.toml"
NOW = datetime(2026, 3, 10, 2, tzinfo=UTC)
"""Tuesday 10 March 2026, 09:00 in Viet Nam: a plain working morning."""


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def organisation() -> Organisation:
    """The sample commune «xã Suối Mây»."""
    return load_file(SAMPLE.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load()


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory, organisation: Organisation) -> Path:
    """A database file as `danvan init` leaves it, copied for every test."""
    path = tmp_path_factory.mktemp("template") / "danvan.db"
    _initialise(f"sqlite:///{path}", organisation)
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server, started by the first test that wants one."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def _reused(postgresql: Server, organisation: Organisation) -> Iterator[Reused]:
    """The same as `_template` on PostgreSQL."""
    with postgresql.fresh() as url:
        _initialise(url, organisation)
        with closing(Reused(url)) as reused:
            yield reused


def _initialise(url: str, organisation: Organisation) -> None:
    database = Database(url)
    migrate(database.engine)
    with database.transaction() as tx:
        initialise(tx, organisation, NOW)
    database.close()


@pytest.fixture
def kind() -> str:
    """Which database a test runs on. Folders whose tests run on both have their own fixture of this name."""
    return SQLITE


@pytest.fixture
def database_url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh database of the sample commune, before any officer joined."""
    if kind == SQLITE:
        path = tmp_path / "danvan.db"
        shutil.copyfile(request.getfixturevalue("_template"), path)
        yield f"sqlite:///{path}"
        return
    reused: Reused = request.getfixturevalue("_reused")
    yield reused.url
    reused.put_back()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def keys() -> Keys:
    return Keys(b"k" * 32)


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


@pytest.fixture
def service(database: Database, catalogue: Catalogue, keys: Keys, files: FileStore) -> Service:
    with database.transaction() as tx:
        return build_service(
            tx, catalogue=catalogue, keys=keys, files=files, public_url="https://suoimay.example"
        )


@pytest.fixture
def tx(database: Database, request: pytest.FixtureRequest) -> Iterator[Transaction]:
    """One open write transaction. Not beside `database.write` in the same test: there is one writer."""
    for writes_itself in {"service", "staff"} & set(request.fixturenames):
        request.getfixturevalue(writes_itself)
    with database.transaction() as opened:
        yield opened


@dataclass(frozen=True)
class Member:
    """An officer with the private chat and account that are bound to them."""

    officer: Officer
    address: Address
    sender: str


@dataclass(frozen=True)
class Staff:
    """Who works in the sample commune. `officer` heads Phòng Kinh tế, `clerk` works under them."""

    desk: Member
    officer: Member
    clerk: Member
    leader: Member
    admin: Member
    room: Address


def join(
    tx: Transaction, name: str, unit: str, role: Role, chat: str, *, channel: Channel = Channel.WEBCHAT
) -> Member:
    """A new officer of the unit, bound to a private chat whose account has the chat's id."""
    of = people.unit_named(tx, unit)
    assert of is not None
    row = OfficerRow(organisation_id=tx.organisation_id, name=name, unit_id=of.id, role=role, created_at=NOW)
    tx.add(row)
    link = OfficerChannelRow(
        organisation_id=tx.organisation_id,
        officer_id=row.id,
        channel=channel,
        sender=chat,
        chat=chat,
        linked_at=NOW,
    )
    tx.add(link)
    return Member(Officer(row.id, name, of.id, role), Address(channel, chat), chat)


@pytest.fixture
def staff(database: Database) -> Staff:
    """One member of every role on web chat, and the desk's web-chat room."""
    with database.transaction() as tx:
        room = RoomRow(
            organisation_id=tx.organisation_id, channel=Channel.WEBCHAT, chat="room:desk", linked_at=NOW
        )
        tx.add(room)
        return Staff(
            desk=join(tx, "Tống Thị Hiên", "Văn phòng HĐND và UBND", Role.DESK, "p:desk"),
            officer=join(tx, "Vi Quang Tuyến", "Phòng Kinh tế", Role.OFFICER, "p:officer"),
            clerk=join(tx, "Bế Văn Soạn", "Phòng Kinh tế", Role.OFFICER, "p:clerk"),
            leader=join(tx, "Lương Đình Khải", "Văn phòng HĐND và UBND", Role.LEADER, "p:leader"),
            admin=join(tx, "Ngô Minh Trí", "Văn phòng HĐND và UBND", Role.ADMIN, "p:admin"),
            room=Address(Channel.WEBCHAT, "room:desk"),
        )
