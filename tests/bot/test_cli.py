"""What an administrator does at the command line, from the first day on."""

import asyncio
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.lock import only_one
from storage.database import Database
from tests.bot.conftest import Danvan
from tests.conftest import SAMPLE
from tests.fakes.zalo_bot import FakeZaloBot

DANVAN = str(Path(sys.executable).with_name("danvan"))


@pytest.fixture
def ready(danvan: Danvan) -> Danvan:
    """After `danvan init` of the sample commune."""
    assert danvan("init", str(SAMPLE)).code == 0
    return danvan


def opened() -> Database:
    return Database("sqlite:///data/danvan.db")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["--help"], 0), (["--version"], 0), (["nothing"], 2), (["init"], 2), (["migrate"], 1)],
)
def test_exit_codes_of_the_installed_command(tmp_path: Path, arguments: list[str], code: int) -> None:
    ended = subprocess.run([DANVAN, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode == code
    assert "Traceback" not in ended.stderr


def test_help_starts_without_the_heavy_libraries() -> None:
    heavy = (
        "sqlalchemy",
        "sqlmodel",
        "pydantic",
        "telegram",
        "aiohttp",
        "alembic",
        "holidays",
        "apscheduler",
        "docx",
    )
    show = f"import sys, bot.cli; print([name for name in {heavy!r} if name in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"


def test_module_is_the_command() -> None:
    command = [sys.executable, "-m", "bot", "--help"]
    assert b"danvan" in subprocess.run(command, capture_output=True, check=True).stdout


def test_every_command_has_help(danvan: Danvan) -> None:
    listed = re.findall(r"^  (\w+)  ", danvan("--help").out.partition("Commands:")[2], re.MULTILINE)
    assert {"init", "migrate", "invite", "officer", "backup", "restore", "doctor", "webhook"} <= set(listed)
    for name in listed:
        shown = danvan(name, "--help")
        assert shown.code == 0
        assert len(shown.out.splitlines()[2].strip()) > 10


def test_init_makes_key_tables_and_organisation(danvan: Danvan) -> None:
    done = danvan("init", str(SAMPLE))
    assert done.code == 0
    assert "UBND xã Suối Mây: 5 đơn vị, 21 lĩnh vực" in done.out
    assert re.fullmatch(r"DANVAN_SECRET_KEY=[\w-]{43}\n", Path(".env").read_text(encoding="utf-8"))
    assert stat.S_IMODE(Path(".env").stat().st_mode) == 0o600
    assert stat.S_IMODE(Path("data").stat().st_mode) == 0o700


def test_init_again_keeps_the_key(ready: Danvan) -> None:
    before = Path(".env").read_text(encoding="utf-8")
    assert ready("init", str(SAMPLE)).code == 0
    assert Path(".env").read_text(encoding="utf-8") == before


def test_init_fills_the_empty_line_of_the_example(danvan: Danvan) -> None:
    Path(".env").write_text("# khóa\nDANVAN_SECRET_KEY=\nDANVAN_PORT=8099\n", encoding="utf-8")
    Path(".env").chmod(0o600)
    assert danvan("init", str(SAMPLE)).code == 0
    lines = Path(".env").read_text(encoding="utf-8").splitlines()
    assert (lines[0], lines[2]) == ("# khóa", "DANVAN_PORT=8099")
    assert re.fullmatch(r"DANVAN_SECRET_KEY=[\w-]{43}", lines[1])


def test_key_is_added_after_a_line_without_an_end(danvan: Danvan) -> None:
    Path(".env").write_text("DANVAN_PORT=8099", encoding="utf-8")
    Path(".env").chmod(0o600)
    assert danvan("init", str(SAMPLE)).code == 0
    assert Path(".env").read_text(encoding="utf-8").startswith("DANVAN_PORT=8099\nDANVAN_SECRET_KEY=")


def test_broken_organisation_file_is_explained_and_nothing_is_made(danvan: Danvan, tmp_path: Path) -> None:
    broken = tmp_path / "hong.toml"
    broken.write_text(
        SAMPLE.read_text(encoding="utf-8").replace('phone = "0299 000 0100"', ""), encoding="utf-8"
    )
    refused = danvan("init", str(broken))
    assert refused.code == 1
    assert "Phần [desk], mục «phone»: còn thiếu" in refused.err
    assert not Path("data").exists()


def test_missing_file_is_named(danvan: Danvan) -> None:
    refused = danvan("init", "khong-co.toml")
    assert (refused.code, refused.out) == (1, "")
    assert "khong-co.toml" in refused.err


@pytest.mark.parametrize(
    "arguments", [("officer", "list"), ("migrate",), ("backup", "x.tar"), ("invite", "group", "--desk")]
)
def test_before_init_every_command_says_what_to_do(danvan: Danvan, arguments: tuple[str, ...]) -> None:
    refused = danvan(*arguments)
    assert refused.code == 1
    assert "danvan init" in refused.err
    assert not Path("data").exists()


def test_readable_env_file_is_refused(ready: Danvan) -> None:
    Path(".env").chmod(0o644)
    refused = ready("officer", "list")
    assert refused.code == 1
    assert "chmod 600 .env" in refused.err


def test_officer_is_invited_listed_and_disabled(ready: Danvan) -> None:
    invited = ready(
        "invite", "officer", "--name", "Lục Thị Sen", "--unit", "phong kinh te", "--role", "officer"
    )
    assert re.search(r"Mã của Lục Thị Sen: [0-9A-Z]{5}-[0-9A-Z]{5}", invited.out)
    assert "http://127.0.0.1:8080/chat" in invited.out
    assert "1. Lục Thị Sen · Phòng Kinh tế · cán bộ · đã cấp mã, chưa dùng" in ready("officer", "list").out
    assert "không còn quyền nào" in ready("officer", "disable", "luc thi sen").out
    assert "đã khóa" in ready("officer", "list").out


def test_unknown_unit_and_officer_are_named(ready: Danvan) -> None:
    refused = ready("invite", "officer", "--name", "A", "--unit", "Phòng Lạ", "--role", "desk")
    assert refused.code == 1
    assert "Phòng Kinh tế" in refused.err
    assert ready("officer", "disable", "Không Ai").code == 1
    assert ready("invite", "officer", "--name", "A", "--unit", "Phòng Kinh tế", "--role", "vua").code == 2


def test_another_code_is_given_to_a_known_officer(ready: Danvan) -> None:
    ready("invite", "officer", "--name", "Lục Thị Sen", "--unit", "Phòng Kinh tế", "--role", "officer")
    assert "Mã của Lục Thị Sen:" in ready("officer", "link", "1", "--only").out


def test_group_invitation_needs_its_purpose(ready: Danvan) -> None:
    assert ready("invite", "group").code == 2
    assert "/ketnoi" in ready("invite", "group", "--desk").out


def test_newer_schema_is_left_alone(ready: Danvan) -> None:
    database = opened()
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    for command in (("migrate",), ("officer", "list")):
        refused = ready(*command)
        assert refused.code == 1
        assert "mới hơn" in refused.err


def test_restore_is_refused_while_the_service_runs(ready: Danvan) -> None:
    assert ready("backup", "copy.tar").code == 0
    with only_one(Path("data")):
        refused = ready("restore", "copy.tar")
    assert refused.code == 1
    assert "đang chạy" in refused.err


def test_webhook_commands_need_a_token(ready: Danvan, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "DANVAN_TELEGRAM__TOKEN" in ready("webhook", "show", "telegram").err
    monkeypatch.setenv("DANVAN_TELEGRAM__SECRET", "s" * 32)
    refused = ready("webhook", "set", "telegram")
    assert "https" in refused.err
    assert ready("webhook", "show", "zalo").code == 2


async def test_webhook_of_zalo_is_set_shown_and_deleted_by_command(
    ready: Danvan, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with FakeZaloBot() as zalo:
        monkeypatch.setenv("DANVAN_ZALO_BOT__TOKEN", zalo.token)
        monkeypatch.setenv("DANVAN_ZALO_BOT__BASE_URL", zalo.host)
        monkeypatch.setenv("DANVAN_PUBLIC_URL", "https://suoimay.example")
        refused = await asyncio.to_thread(ready, "webhook", "set", "zalo-bot")
        assert "DANVAN_ZALO_BOT__SECRET" in refused.err
        monkeypatch.setenv("DANVAN_ZALO_BOT__SECRET", "s" * 32)
        assert (await asyncio.to_thread(ready, "webhook", "set", "zalo-bot")).code == 0
        shown = await asyncio.to_thread(ready, "webhook", "show", "zalo-bot")
        assert "https://suoimay.example/hook/zalo-bot" in shown.out
        told = await asyncio.to_thread(ready, "doctor")
        assert "webhook delete zalo-bot" in told.out + told.err, "the service is set to poll"
        assert "bot.suoimay" in told.out + told.err
        assert (await asyncio.to_thread(ready, "webhook", "delete", "zalo-bot")).code == 0
        assert zalo.webhook == ""
