"""The commands of an administrator whose data lie on a PostgreSQL server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.conftest import Danvan
from tests.conftest import SAMPLE
from tests.postgresql import Server

PASSWORD = "mat-khau-canary"


@pytest.fixture
def server_url(postgresql: Server, danvan: Danvan, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty database, which the settings name."""
    with postgresql.fresh() as url:
        monkeypatch.setenv("DANVAN_DATABASE_URL", url)
        yield url


@pytest.mark.usefixtures("server_url")
def test_a_deployment_begins_and_is_looked_over(danvan: Danvan) -> None:
    assert "danvan init" in danvan("check").err
    assert danvan("init", str(SAMPLE)).code == 0
    assert danvan("migrate").code == 0
    assert danvan("invite", "group", "--desk").code == 0
    assert danvan("check").code == 0
    told = danvan("doctor").out
    assert "PostgreSQL đang tắt fsync" in told  # as the tests' own server has it
    assert "Bảng dữ liệu lệch" not in told


@pytest.mark.usefixtures("server_url")
def test_backup_and_restore_name_the_tools_of_the_server(danvan: Danvan, tmp_path: Path) -> None:
    danvan("init", str(SAMPLE))
    for command in ("backup", "restore"):
        refused = danvan(command, str(tmp_path / "copy.tar"))
        assert refused.code == 1
        assert "pg_dump" in refused.err


def test_a_server_that_does_not_answer_is_told_without_the_password(
    danvan: Danvan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DANVAN_DATABASE_URL", f"postgresql://danvan:{PASSWORD}@127.0.0.1:1/danvan")
    for command in (("check",), ("run",), ("init", str(SAMPLE))):
        refused = danvan(*command)
        assert refused.code == 1
        assert "127.0.0.1/danvan" in refused.err
        assert PASSWORD not in refused.out + refused.err
        assert "Traceback" not in refused.err


@pytest.mark.parametrize("rest", ["danvan:{}@127.0.0.1:x/danvan", "danvan:{}@127.0.0.1"])
def test_an_address_nobody_can_read_is_named_by_its_setting(
    danvan: Danvan, monkeypatch: pytest.MonkeyPatch, rest: str
) -> None:
    monkeypatch.setenv("DANVAN_DATABASE_URL", "postgresql://" + rest.format(PASSWORD))
    refused = danvan("check")
    assert "DANVAN_DATABASE_URL" in refused.err
    assert PASSWORD not in refused.err


def test_a_copy_on_the_server_is_the_same_each_time(danvan: Danvan, postgresql: Server) -> None:
    danvan("init", str(SAMPLE))
    with postgresql.fresh() as url:
        first, second = (danvan("move", "sqlite-to-postgres", "--to", url) for _ in range(2))
    assert (first.code, second.code) == (0, 0)
    assert first.out == second.out
    assert "KHÁC NHAU" not in first.out
    assert danvan("move", "sqlite-to-postgres", "--to", "mysql://danvan").code == 2
