"""What officers, leaders and the command line do with a duty."""

from datetime import date

import pytest

from core.errors import RuleError
from core.people import Officer
from handlers import obligations
from storage.tables import AttachmentRow
from storage.transaction import Transaction
from tests.flows.mornings import Mornings, at

NOW = at(2026, 3, 10, 9, 0)


def photo(tx: Transaction, ticket_id: int | None = None) -> AttachmentRow:
    file = AttachmentRow(
        organisation_id=tx.organisation_id,
        ticket_id=ticket_id,
        channel="webchat",
        file_ref="f1",
        kind="photo",
        created_at=NOW,
    )
    tx.add(file)
    return file


# --- seeing ------------------------------------------------------------------------------------------------


def test_a_duty_shows_its_date_literal_and_strict_and_four_answers(office: Mornings, clerk: Officer) -> None:
    duty_id = office.duty("Báo cáo quý I", date(2026, 3, 17))

    shown = office.show(clerk, duty_id, NOW)

    assert "Hạn: trước 17/3 (nộp chậm nhất hết thứ Hai 16/3)" in shown
    assert "Nguồn: giao trực tiếp" in shown
    assert shown.splitlines()[-4:] == [
        "1. Đã nhận",
        "2. Đã xong (số văn bản / tệp)",
        "3. Xin gia hạn",
        "4. Không phải việc của tôi",
    ]


def test_a_strict_day_off_names_the_working_day_before(office: Mornings, clerk: Officer) -> None:
    duty_id = office.duty("Nộp danh sách", date(2026, 3, 15))

    assert (
        "trước 15/3 (nộp chậm nhất hết thứ Bảy 14/3, là ngày nghỉ nên xin làm xong trong thứ Sáu 13/3)"
        in office.show(clerk, duty_id, NOW)
    )


def test_a_date_of_another_year_carries_the_year(office: Mornings, clerk: Officer) -> None:
    duty_id = office.duty("Tổng kết", date(2027, 1, 15), before=False)

    assert "Hạn: hết thứ Sáu 15/1/2027" in office.show(clerk, duty_id, NOW)


def test_a_duty_of_another_unit_answers_like_one_that_does_not_exist(office: Mornings, duty: int) -> None:
    stranger = office.join("Lò Văn Páo", "Công an xã").officer
    codes = []
    for wanted in (duty, 999_999):
        with office.tx() as tx, pytest.raises(RuleError) as refused:
            obligations.show(office.service, tx, stranger, wanted, NOW)
        codes.append(refused.value.code)

    assert codes == ["obligation_not_yours"] * 2


def test_the_coordinating_unit_and_leaders_see_every_duty(office: Mornings, duty: int) -> None:
    assert "1. Đã xong" in office.show(office.staff.desk.officer, duty, NOW)
    assert "Đơn vị: Phòng Kinh tế" in office.show(office.staff.leader.officer, duty, NOW)


def test_the_administrator_sees_none(office: Mornings, duty: int) -> None:
    with office.tx() as tx, pytest.raises(RuleError, match="obligation_not_yours"):
        obligations.show(office.service, tx, office.staff.admin.officer, duty, NOW)


def test_my_work_lists_both_halves_and_numbers_open_them(office: Mornings, duty: int, clerk: Officer) -> None:
    ticket = office.forwarded("Ổ gà lớn ở đầu thôn Nà Cọ", NOW)

    with office.tx() as tx:
        text = obligations.my_work(office.service, tx, clerk, NOW)

    assert {choice.code for choice in text.choices} == {f"duty:{duty}", f"ticket:{ticket.id}"}
    assert office.words(text).startswith("Anh/chị đang có 2 việc.")


def test_my_work_says_so_when_there_is_nothing(office: Mornings, clerk: Officer) -> None:
    assert office.work(clerk, NOW) == "Hiện không có việc nào đang chờ anh/chị."


def test_my_work_of_the_desk_holds_what_nobody_has_received(office: Mornings) -> None:
    ticket = office.ticket("Đèn đường hỏng", NOW)

    assert ticket.number in office.work(office.staff.desk.officer, NOW)


# --- acknowledging, completing, giving back ----------------------------------------------------------------


def test_an_acknowledged_duty_is_left_in_peace_until_three_days_before(
    office: Mornings, duty: int, clerk: Officer
) -> None:
    with office.tx() as tx:
        said = obligations.acknowledge(office.service, tx, clerk, duty, at(2026, 3, 3, 9))

    assert "đã nhận việc «Báo cáo quý I»" in office.words(said)
    assert office.duty_row(duty).next_remind_at == at(2026, 3, 16)
    assert office.audits(duty)[-1] == ("acknowledge", "open", "acknowledged")
    assert "1. Đã xong" in office.show(clerk, duty, NOW)


def test_done_needs_a_number_or_a_file(office: Mornings, duty: int, clerk: Officer) -> None:
    with office.tx() as tx, pytest.raises(RuleError, match="completion_needs_evidence"):
        obligations.complete(office.service, tx, clerk, duty, " … ", NOW)

    assert office.duty_row(duty).status == "open"


def test_done_keeps_its_evidence_and_ends_the_reminders(office: Mornings, duty: int, clerk: Officer) -> None:
    version = office.duty_row(duty).version
    with office.tx() as tx:
        said = obligations.complete(office.service, tx, clerk, duty, "45/BC-UBND ngày 13/3", NOW)

    row = office.duty_row(duty)
    assert (row.status, row.evidence, row.next_remind_at) == ("done", "45/BC-UBND ngày 13/3", None)
    assert row.version == version + 1
    assert "đã xong (45/BC-UBND ngày 13/3)" in office.words(said)
    assert office.audits(duty)[-1] == ("complete", "open", "done")
    assert office.violations(NOW) == []


def test_a_file_alone_is_evidence_and_belongs_to_the_duty(
    office: Mornings, duty: int, clerk: Officer
) -> None:
    with office.tx() as tx:
        file = photo(tx)
        obligations.complete(office.service, tx, clerk, duty, "", NOW, file_ids=(file.id,))
        tx.session.refresh(file)
        assert file.obligation_id == duty


def test_a_file_of_another_matter_is_no_evidence(office: Mornings, duty: int, clerk: Officer) -> None:
    ticket = office.ticket("Đèn đường hỏng", NOW)
    with office.tx() as tx:
        file = photo(tx, ticket_id=ticket.id)
        with pytest.raises(RuleError, match="completion_needs_evidence"):
            obligations.complete(office.service, tx, clerk, duty, "", NOW, file_ids=(file.id,))


def test_done_twice_says_that_it_is_done(office: Mornings, duty: int, clerk: Officer) -> None:
    with office.tx() as tx:
        obligations.complete(office.service, tx, clerk, duty, "45/BC-UBND", NOW)
    with office.tx() as tx, pytest.raises(RuleError, match="obligation_is_done"):
        obligations.complete(office.service, tx, clerk, duty, "45/BC-UBND", NOW)


def test_a_duty_given_back_is_told_to_the_coordinating_unit_and_reminds_them_alone(
    office: Mornings, duty: int, clerk: Officer
) -> None:
    with office.tx() as tx:
        said = obligations.reject(office.service, tx, clerk, duty, "việc của Phòng Văn hóa", NOW)

    assert "Người điều phối đã được báo" in office.words(said)
    (notice,) = office.read(office.staff.desk)
    assert "Bế Văn Soạn báo không phải việc của mình" in notice
    assert notice.endswith("1. Mở việc này")
    assert office.payloads(office.staff.desk) == [f"d:-:duty:{duty}"]
    office.morning(at(2026, 3, 16))
    assert office.read(office.staff.clerk) == []
    assert len(office.read(office.staff.desk)) == 1
    assert "Phòng Kinh tế: Báo cáo quý I" in office.work(office.staff.desk.officer, NOW)


def test_giving_back_needs_a_reason(office: Mornings, duty: int, clerk: Officer) -> None:
    with office.tx() as tx, pytest.raises(RuleError, match="rejection_needs_reason"):
        obligations.reject(office.service, tx, clerk, duty, " ", NOW)
