"""A denunciation is read by its keeper, at the machine, on record."""

import io

import pytest
from sqlmodel import select

from bot.opening import at_work
from handlers.effects import SEALED
from storage.tables import AuditRow, SealedRow
from tests.bot.conftest import Danvan
from tests.conftest import NOW, SAMPLE

STORY = "lời tố cáo kín"


@pytest.fixture
def ready(danvan: Danvan) -> Danvan:
    """After `danvan init`, with one text under seal."""
    assert danvan("init", str(SAMPLE)).code == 0
    with at_work() as work:
        ciphertext = work.service.keys.seal(SEALED, STORY)
        work.tx.add(SealedRow(organisation_id=1, ciphertext=ciphertext, created_at=NOW))
    return danvan


def invite_keeper(danvan: Danvan) -> None:
    name = ("--name", "Lương Đình Khải", "--unit", "Văn phòng", "--role", "leader")
    assert danvan("invite", "officer", *name).code == 0


def test_list_shows_no_word_of_it(ready: Danvan) -> None:
    listed = ready("sealed", "list")
    assert "1. Nhận lúc 09:00" in listed.out
    assert STORY not in listed.out


def test_keeper_reads_it_and_that_is_recorded(ready: Danvan, monkeypatch: pytest.MonkeyPatch) -> None:
    invite_keeper(ready)
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert STORY in ready("sealed", "open", "1").out
    with at_work() as work:
        row = work.tx.session.exec(select(SealedRow)).one()
        last = work.tx.session.exec(select(AuditRow).where(AuditRow.subject == "sealed:1")).one()
        assert row.opened_by == last.officer_id
        assert (last.actor, last.act) == ("keeper", "open")


def test_whoever_is_not_the_keeper_reads_nothing(ready: Danvan, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "chưa có trong danh sách" in ready("sealed", "open", "1").err
    invite_keeper(ready)
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    refused = ready("sealed", "open", "1")
    assert refused.code == 1
    assert STORY not in refused.out
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert ready("sealed", "open", "2").code == 1
