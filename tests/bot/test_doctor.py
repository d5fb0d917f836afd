"""Every problem of a deployment is found and comes with its remedy."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from bot.doctor import examine
from bot.lock import only_one
from bot.settings import Settings, TelegramSettings
from core.people import Role
from core.say import say
from handlers.service import Service
from storage.database import Database
from storage.outbox import Wish, enqueue
from storage.tables import InboxRow, OfficerRow
from tests.conftest import NOW, Staff, join
from texts import Catalogue


@pytest.fixture
def settings(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    tmp_path.chmod(0o700)
    return Settings(data_dir=tmp_path, database_url=database_url, secret_key=SecretStr("k" * 43))


def look(settings: Settings, catalogue: Catalogue, now: datetime = NOW) -> list[str]:
    """The problems, in words."""
    return [catalogue.body(found.text) for found in examine(settings, now) if found.is_problem]


def test_complete_deployment_has_no_problem(settings: Settings, catalogue: Catalogue, staff: Staff) -> None:
    assert look(settings, catalogue) == []


def test_fresh_deployment_hears_who_is_missing(
    settings: Settings, catalogue: Catalogue, service: Service
) -> None:
    found = "\n".join(look(settings, catalogue))
    assert "Lương Đình Khải" in found
    assert "Chưa có cán bộ tiếp công dân" in found
    assert "Chưa có phòng tiếp dân" in found


def test_machine_without_ffmpeg_hears_what_to_install_unless_no_copies_are_wanted(
    settings: Settings, catalogue: Catalogue, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    without = settings.model_copy(update={"voice_copies": False})
    advice = [[catalogue.body(found.text) for found in examine(each, NOW)] for each in (settings, without)]
    assert ["apt-get install -y ffmpeg" in "\n".join(lines) for lines in advice] == [True, False]


def test_officer_without_account_is_named(
    settings: Settings, catalogue: Catalogue, database: Database, staff: Staff
) -> None:
    with database.transaction() as tx:
        tx.add(
            OfficerRow(
                organisation_id=1,
                name="Lục Thị Sen",
                unit_id=staff.desk.officer.unit_id,
                role=Role.OFFICER,
                created_at=NOW,
            )
        )
    assert [line for line in look(settings, catalogue) if "Lục Thị Sen chưa kết nối" in line]


def test_leader_named_twice_is_no_leader(
    settings: Settings, catalogue: Catalogue, database: Database, staff: Staff
) -> None:
    with database.transaction() as tx:
        join(tx, staff.leader.officer.name, "Phòng Kinh tế", Role.OFFICER, "p:second")
    (problem,) = look(settings, catalogue)
    assert "có nhiều" in problem


@pytest.mark.usefixtures("staff")
def test_year_without_holidays_is_named(settings: Settings, catalogue: Catalogue) -> None:
    (problem,) = look(settings, catalogue, NOW + timedelta(days=3 * 365))
    assert "2030" in problem


@pytest.mark.usefixtures("staff")
def test_clock_that_went_back_is_noticed(settings: Settings, catalogue: Catalogue) -> None:
    (problem,) = look(settings, catalogue, NOW - timedelta(hours=1))
    assert "timedatectl" in problem


@pytest.mark.usefixtures("staff")
def test_parked_messages_are_named(settings: Settings, catalogue: Catalogue, database: Database) -> None:
    with database.transaction() as tx:
        tx.add(
            InboxRow(
                organisation_id=1,
                channel="telegram",
                external_id="1",
                body_hash="x",
                state="parked",
                received_at=NOW,
                body="lời dân",
            )
        )
    (problem,) = look(settings, catalogue)
    assert "số: 1" in problem
    assert "lời dân" not in problem


def test_messages_that_do_not_leave_are_a_problem_of_a_running_service(
    settings: Settings, catalogue: Catalogue, database: Database, staff: Staff
) -> None:
    with database.transaction() as tx:
        enqueue(tx, Wish(key="k", address=staff.desk.address, text=say("invite_used")), NOW)
    later = NOW + timedelta(minutes=20)
    assert look(settings, catalogue, later) == []
    with only_one(settings.data_dir):
        (problem,) = look(settings, catalogue, later)
    assert "1 tin chờ gửi" in problem


@pytest.mark.usefixtures("staff")
def test_folder_open_to_strangers_is_named(settings: Settings, catalogue: Catalogue) -> None:
    settings.data_dir.chmod(0o755)
    (problem,) = look(settings, catalogue)
    assert "chmod 700" in problem


@pytest.mark.usefixtures("staff")
def test_mistyped_setting_and_missing_key_are_named(
    settings: Settings, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DANVAN_PROT", "1")
    found = look(settings.model_copy(update={"secret_key": None}), catalogue)
    assert any("DANVAN_PROT" in line for line in found)
    assert any("DANVAN_SECRET_KEY" in line for line in found)


@pytest.mark.usefixtures("staff")
def test_tables_of_another_shape_are_noticed(
    settings: Settings, catalogue: Catalogue, database: Database
) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE sealed ADD COLUMN extra TEXT"))
    (problem,) = look(settings, catalogue)
    assert "extra" in problem


def test_before_init_the_remedy_is_init(tmp_path: Path, catalogue: Catalogue) -> None:
    tmp_path.chmod(0o700)
    found = look(Settings(data_dir=tmp_path, secret_key=SecretStr("k" * 43)), catalogue)
    assert any("danvan init" in line for line in found)


@pytest.mark.usefixtures("staff")
def test_telegram_that_cannot_be_reached_is_a_problem(settings: Settings, catalogue: Catalogue) -> None:
    telegram = TelegramSettings(token=SecretStr("1:x"), base_url="http://127.0.0.1:9")
    (problem,) = look(settings.model_copy(update={"telegram": telegram}), catalogue)
    assert "Không hỏi được Telegram" in problem
