"""A copy is whole or it is no copy; what comes back is distrusted where the world went on."""

import io
import json
import sqlite3
import stat
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.backup import back_up, restore
from bot.settings import Settings
from core.channel import Address, Channel, SendKind
from core.errors import RuleError
from core.pacing import Pacer
from core.people import Role
from core.say import say
from handlers import delivery, invites, people
from handlers.service import build_service
from storage.database import Database
from storage.files import FileStore
from storage.keys import Keys
from storage.outbox import Wish, enqueue
from storage.tables import AuditRow, InviteRow, OutboxRow
from tests.conftest import NOW, Staff
from texts import Catalogue

LATER = NOW + timedelta(days=3)


@pytest.fixture
def settings(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    return Settings(data_dir=tmp_path, database_url=database_url)


@pytest.fixture
def copy(settings: Settings, database: Database, staff: Staff, keys: Keys, tmp_path: Path) -> Path:
    """A copy with a file, an unused code, and what waits: two messages, a download, a web-chat message."""
    FileStore(settings.files_dir).keep(b"a photo")
    home = Address(Channel.TELEGRAM, "1")
    with database.transaction() as tx:
        enqueue(tx, Wish(key="a", address=home, text=say("invite_used")), NOW)
        enqueue(tx, Wish(key="b", address=home, text=say("invite_used"), is_group=True), NOW)
        enqueue(tx, Wish(key="c", address=home, kind=SendKind.DOWNLOAD, reference="f"), NOW)
        enqueue(tx, Wish(key="d", address=staff.desk.address, text=say("invite_used")), NOW)
        invites.invite_officer(tx, keys, name="A B", unit="Phòng Kinh tế", role=Role.OFFICER, now=NOW)
    copied = back_up(settings, tmp_path / "copy.tar", NOW)
    assert copied.files == 1
    database.close()
    return tmp_path / "copy.tar"


@pytest.fixture
def restored(settings: Settings, copy: Path) -> Iterator[Database]:
    assert restore(settings, copy, LATER).doubtful == 2
    database = Database(settings.database)
    yield database
    database.close()


def rewritten(archive: Path, change: dict[str, bytes | None]) -> Path:
    """The archive with parts replaced or left out."""
    target = archive.with_name("changed.tar")
    with tarfile.open(archive) as old, tarfile.open(target, "w") as new:
        for member in old.getmembers():
            source = old.extractfile(member)
            assert source is not None
            content = change.get(member.name, source.read())
            if content is not None:
                member.size = len(content)
                new.addfile(member, io.BytesIO(content))
    return target


def test_copy_is_one_file_only_its_owner_reads(copy: Path) -> None:
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [path.name for path in copy.parent.glob("copy*")] == ["copy.tar"]


def test_copy_holds_no_key(copy: Path, keys: Keys) -> None:
    assert b"k" * 32 not in copy.read_bytes()


def test_files_and_officers_come_back(settings: Settings, restored: Database, staff: Staff) -> None:
    digest = FileStore(settings.files_dir).keep(b"a photo")
    assert FileStore(settings.files_dir).read(digest) == b"a photo"
    with restored.transaction() as tx:
        assert people.officer_of(tx, Channel.WEBCHAT, staff.desk.sender) == staff.desk.officer


def test_lost_file_is_laid_back(settings: Settings, copy: Path) -> None:
    store = FileStore(settings.files_dir)
    digest = store.keep(b"a photo")
    store.drop(digest)
    restore(settings, copy, LATER)
    assert store.read(digest) == b"a photo"


def test_waiting_messages_are_in_doubt_but_downloads_and_web_chat_go_on(restored: Database) -> None:
    with restored.transaction() as tx:
        rows = tx.session.exec(select(OutboxRow).order_by(OutboxRow.id)).all()  # type: ignore[arg-type]
        assert [(row.state, row.leased_until) for row in rows] == [
            ("sending", LATER),
            ("sending", LATER),
            ("queued", None),
            ("queued", None),
        ]


def test_next_start_asks_a_person_about_what_is_in_doubt(
    restored: Database, catalogue: Catalogue, keys: Keys, files: FileStore
) -> None:
    with restored.transaction() as tx:
        service = build_service(tx, catalogue=catalogue, keys=keys, files=files, public_url="https://x.vn")
        delivery.orphan_all(tx, LATER)
        delivery.reap(service, tx, Pacer(), LATER)
        found = tx.session.exec(select(OutboxRow).where(OutboxRow.dedupe_key == "a")).one()
        assert found.state == "unknown"


def test_codes_given_out_are_void_and_it_is_on_record(restored: Database) -> None:
    with restored.transaction() as tx:
        assert [row.used_at for row in tx.session.exec(select(InviteRow))] == [LATER]
        assert "restored" in [row.act for row in tx.session.exec(select(AuditRow))]


def test_data_of_before_is_kept_aside(settings: Settings, copy: Path) -> None:
    database = Database(settings.database)
    with database.transaction() as tx:
        tx.add(AuditRow(organisation_id=1, at=LATER, actor="system", act="since", subject="x"))
    database.close()
    kept = restore(settings, copy, LATER).kept
    assert kept is not None
    aside = Database(f"sqlite:///{kept}")
    with aside.transaction() as tx:
        assert "since" in [row.act for row in tx.session.exec(select(AuditRow))]
    aside.close()


def test_file_that_vanishes_while_the_copy_is_made_does_not_fail_it(
    settings: Settings, copy: Path, tmp_path: Path
) -> None:
    store = FileStore(settings.files_dir)
    listed = store.path("0" * 64)
    listed.parent.mkdir(parents=True)
    listed.symlink_to(store.path("f" * 64))  # in the folder, and nothing there when it is opened
    assert back_up(settings, tmp_path / "second.tar", LATER).files == 1
    assert restore(settings, tmp_path / "second.tar", LATER).files == 1


def test_data_of_before_is_whole_with_what_its_log_holds(settings: Settings, copy: Path) -> None:
    place = Path(settings.database.removeprefix("sqlite:///"))
    with left_open(place, "CREATE TABLE since (id INTEGER)"):
        assert place.with_name(f"{place.name}-wal").stat().st_size > 0
        kept = restore(settings, copy, LATER).kept
    assert kept is not None
    assert tables_of(kept) >= {"since", "audit"}
    assert "since" not in tables_of(place)


def test_log_left_by_a_restore_that_broke_off_never_meets_the_new_database(
    settings: Settings, copy: Path
) -> None:
    place = Path(settings.database.removeprefix("sqlite:///"))
    with left_open(place, "CREATE TABLE since (id INTEGER)"):
        place.rename(place.with_name("elsewhere"))
        assert restore(settings, copy, LATER).kept is None
    assert not place.with_name(f"{place.name}-wal").exists()
    assert "since" not in tables_of(place)


@contextmanager
def left_open(place: Path, sql: str) -> Iterator[None]:
    """The database as a killed process leaves it: the last change is in its log only."""
    with closing(sqlite3.connect(place)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA wal_autocheckpoint=0")
        database.execute(sql)
        database.commit()
        yield


def tables_of(place: Path) -> set[str]:
    with closing(sqlite3.connect(place)) as database:
        return {name for (name,) in database.execute("SELECT name FROM sqlite_master")}


def test_restore_on_a_new_machine_needs_nothing_there(settings: Settings, copy: Path, tmp_path: Path) -> None:
    elsewhere = settings.model_copy(
        update={"data_dir": tmp_path / "new", "database_url": f"sqlite:///{tmp_path}/new/danvan.db"}
    )
    assert restore(elsewhere, copy, LATER).kept is None
    assert (tmp_path / "new" / "danvan.db").exists()


@pytest.mark.parametrize(
    "change",
    [
        {"danvan.db": b"not a database"},
        {"danvan.db": None},
        {"manifest.json": None},
        {"manifest.json": b"{}"},
        {"manifest.json": json.dumps({"sha256": {"../../evil": "0" * 64}}).encode()},
        {"manifest.json": json.dumps({"sha256": {}}).encode()},
    ],
)
def test_damaged_copy_changes_nothing(
    settings: Settings, copy: Path, change: dict[str, bytes | None]
) -> None:
    before = Path(settings.database.removeprefix("sqlite:///")).read_bytes()
    with pytest.raises(RuleError, match="backup_broken"):
        restore(settings, rewritten(copy, change), LATER)
    assert Path(settings.database.removeprefix("sqlite:///")).read_bytes() == before


def test_cut_copy_is_refused(settings: Settings, copy: Path) -> None:
    short = copy.with_name("short.tar")
    short.write_bytes(copy.read_bytes()[:5000])
    with pytest.raises(RuleError, match="backup_broken"):
        restore(settings, short, LATER)


def test_copy_of_a_database_in_use_is_whole(
    settings: Settings, database: Database, staff: Staff, tmp_path: Path
) -> None:
    with database.transaction() as tx:
        enqueue(tx, Wish(key="a", address=staff.desk.address, text=say("invite_used")), NOW)
        back_up(settings, tmp_path / "copy.tar", NOW)
    database.close()
    assert restore(settings, tmp_path / "copy.tar", LATER).doubtful == 0
