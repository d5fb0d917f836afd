"""Settings come from the environment, from credentials and from .env; mistakes are named, secrets are not."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from bot.settings import FixedSettings, Mode, Send, load_settings, names, unknown_names
from core.errors import RuleError
from tests.conftest import ROOT

TOKEN = "1234567890:AAF" + "x" * 32


@pytest.fixture(autouse=True)
def _empty_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in names():
        monkeypatch.delenv(name, raising=False)


def write_env(text: str, mode: int = 0o600) -> None:
    path = Path(".env")
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def test_nothing_set_is_a_service_that_sends_nothing_out() -> None:
    settings = load_settings()
    assert settings.send is Send.LOG
    assert settings.telegram.token is None
    assert settings.database == "sqlite:///data/danvan.db"


def test_example_names_every_setting_with_a_comment() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    found = [line.partition("=")[0] for line in lines if re.match(r"[A-Z]", line)]
    assert sorted(found) == sorted(names())
    bare = [line for before, line in pairwise(lines) if re.match(r"[A-Z]", line) and not before]
    assert bare == []


def test_example_as_it_stands_is_valid() -> None:
    write_env((ROOT / ".env.example").read_text(encoding="utf-8"))
    assert load_settings().telegram.mode is Mode.POLLING


def test_env_file_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    write_env(f"DANVAN_PORT=9001\nDANVAN_HOST=0.0.0.0\nDANVAN_TELEGRAM__TOKEN={TOKEN}\n")
    monkeypatch.setenv("DANVAN_PORT", "9002")
    settings = load_settings()
    assert (settings.port, settings.host) == (9002, "0.0.0.0")
    assert settings.telegram.token is not None
    assert settings.telegram.token.get_secret_value() == TOKEN


def test_credential_file_beats_the_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "DANVAN_TELEGRAM__TOKEN").write_text(TOKEN + "\n", encoding="utf-8")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    write_env("DANVAN_TELEGRAM__TOKEN=1:old\n")
    token = load_settings().telegram.token
    assert token is not None
    assert token.get_secret_value() == TOKEN


def test_env_file_that_strangers_may_read_is_refused() -> None:
    write_env("DANVAN_PORT=9001\n", mode=0o644)
    with pytest.raises(RuleError, match="env_readable"):
        load_settings()


def test_wrong_values_are_named_without_showing_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DANVAN_PORT", "cao")
    monkeypatch.setenv("DANVAN_SECRET_KEY", "too-short-secret")
    monkeypatch.setenv("DANVAN_TELEGRAM__BASE_URL", "api.telegram.org")
    with pytest.raises(RuleError) as caught:
        load_settings()
    assert caught.value.fields["names"] == "DANVAN_PORT, DANVAN_SECRET_KEY, DANVAN_TELEGRAM__BASE_URL"
    assert "too-short" not in repr(caught.value.fields)


def test_webhook_needs_a_long_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DANVAN_TELEGRAM__MODE", "webhook")
    with pytest.raises(RuleError, match="webhook_needs_secret"):
        load_settings()
    monkeypatch.setenv("DANVAN_TELEGRAM__SECRET", "short")
    with pytest.raises(RuleError, match="settings_wrong"):
        load_settings()
    monkeypatch.setenv("DANVAN_TELEGRAM__SECRET", "s" * 32)
    assert load_settings().telegram.mode is Mode.WEBHOOK


def test_secrets_do_not_show_in_the_printed_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DANVAN_SECRET_KEY", "k" * 43)
    monkeypatch.setenv("DANVAN_TELEGRAM__TOKEN", TOKEN)
    shown = repr(load_settings())
    assert TOKEN not in shown
    assert "k" * 43 not in shown


def test_allowlist_is_split_at_commas_and_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DANVAN_SEND_ALLOWLIST", "telegram:1, telegram:-2")
    assert load_settings().allowed == {"telegram:1", "telegram:-2"}


def test_mistyped_names_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DANVAN_TELEGRAM_TOKEN", "x")
    write_env("DANVAN_PORT=1\nDANVAN_PROT=2\nOTHER=3\n")
    assert unknown_names() == ["DANVAN_PROT", "DANVAN_TELEGRAM_TOKEN"]


def test_stored_files_lie_under_an_absolute_path_also_with_a_relative_folder() -> None:
    """Messages name their files by it, and pages look below the same root."""
    settings = FixedSettings(data_dir=Path("data"))
    assert settings.files_dir.is_absolute()
    assert settings.files_dir == Path.cwd() / "data" / "files"


def test_two_data_folders_on_one_database_share_its_lock(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shared' / 'danvan.db'}"
    one, two = (FixedSettings(data_dir=tmp_path / name, database_url=url) for name in ("a", "b"))
    assert one.lock_dir == two.lock_dir == tmp_path / "shared"
    assert FixedSettings(data_dir=tmp_path / "a").lock_dir == tmp_path / "a"
