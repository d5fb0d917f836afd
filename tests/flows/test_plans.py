"""A plan document on its way to reminders: read, shown, scheduled, reminded of, done."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from sqlmodel import col, select

from handlers import obligations, plans
from handlers.duties import OPERATOR
from handlers.plans import PlanProposal
from handlers.proposal_words import proposal_lines
from handlers.service import Service
from plans import extract
from storage.tables import ObligationRow, PlanRow, UnitRow
from tests.flows.mornings import Mornings, at

SAMPLE = Path(__file__).parents[2] / "samples" / "ke-hoach-mau.txt"
NOW = at(2026, 1, 12, 9, 0)
PLAN = """ỦY BAN NHÂN DÂN
XÃ SUỐI MÂY
Số: 12/KH-UBND
Suối Mây, ngày 05 tháng 01 năm 2026

KẾ HOẠCH
Thực hiện công tác dân vận chính quyền năm 2026

Thực hiện Chỉ thị số 33/CT-TTg ngày 26/11/2021 của Thủ tướng Chính phủ, Ủy ban nhân dân xã ban hành
kế hoạch như sau:

I. MỤC ĐÍCH, YÊU CẦU
1. Nâng cao chất lượng công tác dân vận.

II. NỘI DUNG
1. Phòng Kinh tế xã rà soát các khoản đóng góp của thôn, gửi Văn phòng trước ngày 20/3/2026.
2. Công an xã, Phòng Văn hóa - Xã hội tổ chức đối thoại với Nhân dân trong Quý II/2026.
3. Văn phòng HĐND và UBND thường xuyên tiếp nhận phản ánh của Nhân dân.
4. Các trường học báo cáo kết quả chậm nhất ngày 10/11/2026.
5. Phòng Kinh tế gửi danh sách hộ vay vốn trước ngày 31/11/2026.
6. Trung tâm Phục vụ hành chính công báo cáo năm trước ngày 15/10/2025.
"""


def proposed(office: Mornings, text: str = PLAN) -> PlanProposal:
    digest = sha256(text.encode()).hexdigest()
    with office.tx() as tx:
        return plans.propose(office.service, tx, extract(text), "ke-hoach.txt", digest, NOW)


def scheduled(office: Mornings, text: str = PLAN) -> int:
    proposal = proposed(office, text)
    with office.tx() as tx:
        return plans.schedule(office.service, tx, proposal, OPERATOR, NOW)


def stored(office: Mornings) -> Sequence[ObligationRow]:
    with office.tx() as tx:
        return tx.session.exec(select(ObligationRow).order_by(col(ObligationRow.id))).all()


def test_nothing_found_in_a_plan_is_dropped(office: Mornings) -> None:
    """Six sentences, of which one orders two units: seven duties, each with its section and source."""
    scheduled(office)

    rows = stored(office)

    assert [row.section for row in rows] == ["II.1", "II.2", "II.2", "II.3", "II.4", "II.5", "II.6"]
    assert all(row.source_text and row.span_start is not None for row in rows)
    assert [row.status for row in rows] == [
        "open",
        "open",
        "open",
        "open",
        "proposed",
        "proposed",
        "proposed",
    ]


def test_a_certain_date_is_scheduled_with_its_strict_day(office: Mornings) -> None:
    scheduled(office)

    row = stored(office)[0]

    assert (row.title, row.due, row.before) == (
        "Rà soát các khoản đóng góp của thôn, gửi Văn phòng",
        date(2026, 3, 20),
        True,
    )
    assert row.strict_due == date(2026, 3, 19)
    assert row.overdue_after == at(2026, 3, 21, 0, 0)
    assert row.next_remind_at == at(2026, 1, 29)


def test_a_quarter_ends_with_its_last_day_for_each_unit_named(office: Mornings) -> None:
    scheduled(office)

    rows = stored(office)[1:3]

    assert {row.due for row in rows} == {date(2026, 6, 30)}
    assert {row.lead_words for row in rows} == {"Công an xã", "Phòng Văn hóa - Xã hội"}
    assert len({row.unit_id for row in rows}) == 2


def test_a_standing_duty_is_kept_and_never_reminds(office: Mornings) -> None:
    scheduled(office)

    row = stored(office)[3]

    assert (row.kind, row.due, row.next_remind_at) == ("continuous", None, None)


def test_what_is_not_certain_waits_for_a_person_and_says_why(office: Mornings) -> None:
    scheduled(office)

    doubts = [row.doubts for row in stored(office)[4:]]

    assert doubts[0] == ["duty_doubt.unit_unknown"]
    assert {"plan_doubt.invalid_date", "duty_doubt.no_day"} <= set(doubts[1])
    assert "duty_doubt.past" in doubts[2]
    assert {row.next_remind_at for row in stored(office)[4:]} == {None}


def test_the_same_file_again_changes_nothing_and_says_so(office: Mornings) -> None:
    first = scheduled(office)
    count = len(stored(office))

    assert scheduled(office) == first
    assert len(stored(office)) == count
    with office.tx() as tx:
        assert len(tx.session.exec(select(PlanRow)).all()) == 1
    lines = proposal_lines(office.service, proposed(office))
    assert any("Nhập lại không thay đổi gì" in line for line in lines)


def test_the_proposal_tells_sure_from_unsure_and_what_was_not_understood(office: Mornings) -> None:
    lines = proposal_lines(office.service, proposed(office))

    text = "\n".join(lines)
    assert lines[0].startswith("Kế hoạch 12/KH-UBND")
    assert "— Chắc chắn, sẽ được nhắc: 3" in lines
    assert "— Cần người xem lại trước khi nhắc (danvan obligation fix): 3" in lines
    assert "— Không có ngày để nhắc, chỉ lưu để tra cứu: 1" in lines
    assert "— Không hiểu được: 1" in lines
    assert "1. [II.1] Rà soát các khoản đóng góp của thôn, gửi Văn phòng" in text
    assert "Phòng Kinh tế · trước 20/3 (nộp chậm nhất hết thứ Năm 19/3)" in text
    assert "chưa rõ đơn vị («Các trường học»)" in text
    assert "→ cần xem lại: đơn vị chủ trì không có trong danh sách đơn vị" in text


def test_a_proposed_duty_is_confirmed_by_fixing_it(office: Mornings) -> None:
    scheduled(office)
    duty_id = stored(office)[5].id

    with office.tx() as tx:
        obligations.fix(office.service, tx, duty_id, due=date(2026, 11, 30), before=True, now=NOW)

    row = office.duty_row(duty_id)
    assert (row.status, row.strict_due, row.doubts) == ("open", date(2026, 11, 29), [])
    assert row.next_remind_at is not None
    assert [act for act, _, _ in office.audits(duty_id)] == ["import", "confirm"]


def test_a_unit_is_known_by_its_name_on_the_day_of_the_plan(office: Mornings, service: Service) -> None:
    """A unit closed since is followed to the one that took over its work."""
    with office.tx() as tx:
        old = UnitRow(
            organisation_id=tx.organisation_id,
            name="Ban Nông nghiệp",
            aliases=[],
            valid_to=date(2026, 1, 8),
        )
        tx.add(old)
    heir = service.organisation.units[1].model_copy(
        update={"name": "Ban Nông nghiệp", "aliases": (), "successors": ("Phòng Kinh tế",)}
    )
    organisation = service.organisation.model_copy(update={"units": (*service.organisation.units, heir)})
    office.service = replace(service, organisation=organisation)
    text = PLAN.replace("Phòng Kinh tế xã rà soát", "Ban Nông nghiệp rà soát")

    scheduled(office, text)

    assert stored(office)[0].unit_id == office.staff.clerk.officer.unit_id


def test_from_the_file_to_done(office: Mornings) -> None:
    scheduled(office)
    duty_id = stored(office)[0].id

    office.morning(at(2026, 1, 29))
    (message,) = office.read(office.staff.clerk)
    assert "Hạn thứ Năm 19/3 · Rà soát các khoản đóng góp của thôn, gửi Văn phòng" in message
    with office.tx() as tx:
        shown = obligations.show(office.service, tx, office.staff.clerk.officer, duty_id, at(2026, 1, 29))
        assert "Nguồn: Kế hoạch 12/KH-UBND, mục II.1" in office.service.catalogue.words(shown)
        obligations.acknowledge(office.service, tx, office.staff.clerk.officer, duty_id, at(2026, 1, 29, 8))
        obligations.complete(
            office.service, tx, office.staff.clerk.officer, duty_id, "8/BC-PKT", at(2026, 2, 10, 8)
        )

    for day in (16, 18, 19, 20, 23):
        office.morning(at(2026, 3, day))
    assert all("Rà soát" not in text for text in office.read(office.staff.clerk))
    assert office.violations(at(2026, 3, 23)) == []


def test_the_sample_plan_gives_duties_that_are_certain(office: Mornings) -> None:
    proposal = proposed(office, SAMPLE.read_text(encoding="utf-8"))

    assert any(duty.is_sure and duty.is_timed for duty in proposal.duties)
    assert proposal_lines(office.service, proposal)
