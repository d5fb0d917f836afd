"""Plans and duties at the command line."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import select

from channels import page
from core.channel import Address, Channel, Inbound, LocationShared
from storage.database import Database
from storage.tables import InboxRow, ObligationRow, OutboxRow
from tests.bot.conftest import Danvan
from tests.conftest import NOW, SAMPLE
from tests.plans.documents import workbook

DANVAN = str(Path(sys.executable).with_name("danvan"))
PLAN = """\
ỦY BAN NHÂN DÂN
XÃ SUỐI MÂY
Số: 12/KH-UBND
Suối Mây, ngày 12 tháng 01 năm 2099
KẾ HOẠCH
Thực hiện quy chế dân chủ ở cơ sở năm 2099
I. NHIỆM VỤ
1. Phòng Kinh tế báo cáo kết quả công khai về Văn phòng HĐND và UBND trước ngày 15/3/2099.
2. Công an xã tổ chức đối thoại với Nhân dân, hoàn thành chậm nhất ngày 30/6/2099.
"""


@pytest.fixture
def ready(danvan: Danvan) -> Danvan:
    """After `danvan init` of the sample commune, beside a plan in ke-hoach.txt."""
    assert danvan("init", str(SAMPLE)).code == 0
    Path("ke-hoach.txt").write_text(PLAN, encoding="utf-8")
    return danvan


def duties() -> list[ObligationRow]:
    database = Database("sqlite:///data/danvan.db")
    with database.transaction() as tx:
        rows = list(tx.session.exec(select(ObligationRow)))
    database.close()
    return rows


def test_extraction_needs_no_database(danvan: Danvan) -> None:
    Path("ke-hoach.txt").write_text(PLAN, encoding="utf-8")
    found = json.loads(danvan("plan", "extract", "ke-hoach.txt", "--json").out)
    assert found["document"]["number"] == "12/KH-UBND"
    assert {"2099-03-15", "2099-06-30"} <= {each["due"] for each in found["obligations"]}
    assert "15/03/2099" in danvan("plan", "extract", "ke-hoach.txt").out
    assert not Path("data").exists()


def test_the_template_is_written_once_and_read_back(danvan: Danvan) -> None:
    assert danvan("plan", "template").code == 0
    (example,) = json.loads(danvan("plan", "extract", "ke-hoach-mau.xlsx", "--json").out)["obligations"]
    assert (example["lead"], example["kind"]) == (["Phòng Thả Diều"], "deadline")
    assert example["due_places"][0]["cell"] == "F3"
    refused = danvan("plan", "template")
    assert refused.code == 1
    assert "ke-hoach-mau.xlsx" in refused.err


def test_a_workbook_is_imported_and_told_by_its_cells(ready: Danvan) -> None:
    Path("bang.xlsx").write_bytes(workbook())
    assert "ô F5" in ready("plan", "extract", "bang.xlsx").out
    assert ready("plan", "import", "bang.xlsx", "--yes").code == 0
    assert "Sửa kè suối" in {row.title for row in duties()}


def test_file_that_is_no_plan_is_refused_in_one_line(danvan: Danvan) -> None:
    Path("anh.txt").write_bytes(b"\x00\x01\x02")
    for name in ("anh.txt", "khong-co.docx"):
        refused = danvan("plan", "extract", name)
        assert (refused.code, refused.out) == (1, "")
        assert len(refused.err.splitlines()) <= 3


def test_plan_is_imported_once(ready: Danvan) -> None:
    done = ready("plan", "import", "ke-hoach.txt", "--yes")
    assert done.code == 0
    assert "Đã lưu kế hoạch số 1" in done.out
    stored = len(duties())
    assert stored >= 2
    assert ready("plan", "import", "ke-hoach.txt", "--yes").code == 0
    assert len(duties()) == stored


def test_nothing_is_scheduled_without_a_yes(ready: Danvan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert ready("plan", "import", "ke-hoach.txt").code == 1
    assert duties() == []


def test_plan_waits_for_the_review_of_a_named_officer(ready: Danvan) -> None:
    assert "--officer" in ready("plan", "import", "ke-hoach.txt", "--review").err
    for name, unit in (("Hà Thị Bích Lựu", "Văn phòng"), ("Bế Văn Soạn", "Phòng Kinh tế")):
        ready("invite", "officer", "--name", name, "--unit", unit, "--role", "officer")
    refused = ready("plan", "import", "ke-hoach.txt", "--review", "--officer", "Bế Văn Soạn")
    assert (refused.code, "không soát kế hoạch được" in refused.err) == (1, True)
    done = ready("plan", "import", "ke-hoach.txt", "--review", "--officer", "ha thi bich luu")
    assert (done.code, "bản soát 1" in done.out, "/soat/mo/" in done.out) == (0, True, True)
    assert "bản soát 1" in ready("plan", "import", "ke-hoach.txt", "--review", "--officer", "1").out
    assert duties() == []


def test_duty_is_added_fixed_and_cancelled(ready: Danvan) -> None:
    added = ready(
        "obligation", "add", "--title", "Báo cáo quý", "--unit", "phong kt", "--due", "15/03/2099", "--before"
    )
    number = re.search(r"\d+", added.out)
    assert number is not None
    fixed = ready("obligation", "fix", number.group(), "--due", "2099-03-20", "--unit", "Công an xã")
    assert (fixed.code, fixed.err) == (0, "")
    assert "Công an xã" in ready("obligation", "list").out
    assert ready("obligation", "cancel", number.group()).code == 0
    (row,) = duties()
    assert row.status == "cancelled"


def test_unknown_duty_and_date_that_is_none(ready: Danvan) -> None:
    assert ready("obligation", "cancel", "99").code == 1
    wrong = ready("obligation", "add", "--title", "X", "--unit", "Công an xã", "--due", "31/11/2099")
    assert wrong.code == 2


def test_every_line_of_dates_is_answered(tmp_path: Path) -> None:
    good = '{"text": "trước ngày 15/3/2023", "doc_date": "2023-01-10", "more": 1}'
    asked = good.encode() + "\nkhông phải JSON\n\n".encode() + b"\xff\n"
    ended = subprocess.run([DANVAN, "dates"], input=asked, cwd=tmp_path, capture_output=True, check=True)
    answers = [json.loads(line) for line in ended.stdout.splitlines()]
    assert len(answers) == 4
    assert (answers[0]["due"], answers[0]["before"]) == ("2023-03-15", True)


def test_every_line_of_classify_is_answered(tmp_path: Path) -> None:
    good = '{"text": "Nhà bên đang cháy, cứu với", "doc_date": 1}'
    asked = good.encode() + "\nkhông phải JSON\n\n[]\n".encode() + b'\xff\n{"text": "den duong tat"}'
    ended = subprocess.run([DANVAN, "classify"], input=asked, cwd=tmp_path, capture_output=True, check=True)
    danger, *bad, lamp = [json.loads(line) for line in ended.stdout.splitlines()]
    assert (danger["kind"], danger["warnings"][0]["kind"]) == ("khan_cap", "khan_cap")
    assert "cứu với" in danger["warnings"][0]["why"]
    assert [set(answer) for answer in bad] == [{"error"}] * 4
    assert (lamp["kind"], lamp["field"], lamp["warnings"]) == ("phan_anh", "dien_chieu_sang", [])
    assert lamp["fields"][0] == "dien_chieu_sang"


def test_check_of_healthy_data_is_json_and_nothing_else(ready: Danvan) -> None:
    checked = ready("check", "--json")
    assert checked.code == 0
    assert json.loads(checked.out)["violations"] == []
    assert "không có vi phạm" in ready("check").out


def test_violation_makes_check_fail(ready: Danvan) -> None:
    ready("obligation", "add", "--title", "Báo cáo", "--unit", "Công an xã", "--due", "15/03/2099")
    database = Database("sqlite:///data/danvan.db")
    with database.transaction() as tx:
        tx.session.exec(select(ObligationRow)).one().status = "done"
    database.close()
    failed = ready("check", "--json")
    assert failed.code == 1
    assert json.loads(failed.out)["violations"]
    assert "danvan backup" in ready("check").err


def park(body: str, channel: str = "telegram", external_id: str = "parked") -> int:
    database = Database("sqlite:///data/danvan.db")
    with database.transaction() as tx:
        row = InboxRow(
            organisation_id=tx.organisation_id,
            channel=channel,
            external_id=external_id,
            body_hash="x",
            state="parked",
            received_at=NOW,
            body=body,
        )
        tx.add(row)
    database.close()
    return row.id


def test_parked_message_is_taken_again(ready: Danvan) -> None:
    person = {"id": 77, "is_bot": False, "first_name": "A"}
    message = {
        "message_id": 5,
        "date": 1,
        "chat": {"id": 77, "type": "private"},
        "from": person,
        "text": "xin chào",
    }
    number = park(json.dumps({"update_id": 1, "message": message}))
    assert (ready("replay", str(number)).code, ready("replay", str(number)).code) == (0, 1)
    database = Database("sqlite:///data/danvan.db")
    with database.transaction() as tx:
        assert [row.chat for row in tx.session.exec(select(OutboxRow))] == ["77"]
        assert [(row.state, row.body) for row in tx.session.exec(select(InboxRow))] == [("done", "")]
    database.close()


def test_parked_pin_of_a_page_is_taken_again(ready: Danvan) -> None:
    pin = Inbound("page:1:ghim", Address(Channel.ZALO_BOT, "77"), "77", LocationShared(21.0285, 105.8048))
    number = park(json.dumps(page.envelope(pin)), "zalo_bot", pin.external_id)
    assert ready("replay", str(number)).code == 0
    database = Database("sqlite:///data/danvan.db")
    with database.transaction() as tx:
        assert [(row.channel, row.chat) for row in tx.session.exec(select(OutboxRow))] == [("zalo_bot", "77")]
    database.close()


@pytest.mark.parametrize("body", ["not json", "{}", "[]"])
def test_body_nobody_can_read_stays_parked(ready: Danvan, body: str) -> None:
    refused = ready("replay", str(park(body)))
    assert refused.code == 1
    assert "vẫn chưa đọc được" in refused.err


def test_replay_of_a_number_that_is_not_parked(ready: Danvan) -> None:
    refused = ready("replay", "7")
    assert refused.code == 1
    assert "Traceback" not in refused.err
