"""What the desk sets right on a ticket: kind, field, level; and the promised date that follows."""

import pytest

from core.tickets import Status
from storage.tables import TicketRow
from tests.flows.office import CITIZEN, ROOM, Office

FORM = "Sửa phân loại"


def correct(office: Office, *answers: str) -> None:
    """Hiên sets something right, in private, in words or numbers."""
    office.press(office.hien, FORM, ROOM)
    for answer in answers:
        office.write(office.hien, answer)


def test_accepting_stays_one_press_and_takes_what_was_detected(office: Office, ticket: TicketRow) -> None:
    found = office.ticket(ticket)
    assert (found.status, found.field) == (Status.ACCEPTED, "dien_chieu_sang")
    assert "Phản ánh: Điện, chiếu sáng công cộng" in office.card(ticket).text
    assert "bình thường" in office.card(ticket).text.splitlines()[0]
    assert FORM in office.card(ticket).buttons


@pytest.mark.parametrize(
    ("answer", "date"),
    [
        ("Khẩn", "15:00 thứ Ba 10/03/2026"),
        ("khan", "15:00 thứ Ba 10/03/2026"),
        ("2", "15:00 thứ Ba 10/03/2026"),
        ("phức tạp", "17:00 thứ Ba 31/03/2026"),
        ("3", "17:00 thứ Ba 31/03/2026"),
    ],
)
def test_level_moves_the_promised_date_and_the_citizen_hears_it(
    office: Office, ticket: TicketRow, answer: str, date: str
) -> None:
    correct(office, answer)
    assert date in office.last(CITIZEN)
    assert f"Hẹn trả lời dân trước: {date}" in office.card(ticket).text


def test_level_is_set_with_a_button_as_well(office: Office, ticket: TicketRow) -> None:
    correct(office)
    office.press(office.hien, "Phức tạp")
    assert "phức tạp" in office.card(ticket).text.splitlines()[0]
    assert "nay là: Phản ánh" in office.last(office.hien.address)


def test_later_date_is_called_later_and_a_sooner_one_sooner(office: Office, ticket: TicketRow) -> None:
    correct(office, "phức tạp")
    assert "lùi lại so với lần hẹn trước" in office.last(CITIZEN)
    correct(office, "bình thường")
    assert "sớm hơn đã hẹn" in office.last(CITIZEN)
    assert "17:00 thứ Ba 17/03/2026" in office.last(CITIZEN)


def test_field_brings_its_unit_and_leaves_the_date(office: Office, ticket: TicketRow) -> None:
    correct(office, "lĩnh vực khác", "an ninh trật tự, phòng cháy")
    assert "Gợi ý đơn vị: Công an xã" in office.card(ticket).text
    assert "Hạn trả lời ông/bà không đổi: 17:00 thứ Ba 17/03/2026" in office.last(CITIZEN)
    office.press(office.hien, "Chuyển gợi ý", ROOM)
    assert office.ticket(ticket).unit_id == office.dung.officer.unit_id


def test_kind_alone_is_nothing_the_citizen_hears_of(office: Office, ticket: TicketRow) -> None:
    seen = len(office.screen(CITIZEN))
    correct(office, "kiến nghị")
    assert office.ticket(ticket).kind == "kien_nghi"
    assert "Kiến nghị: Điện" in office.card(ticket).text
    assert len(office.screen(CITIZEN)) == seen


def test_before_acceptance_nobody_is_told_and_the_promise_is_right_from_the_start(office: Office) -> None:
    found = office.citizen_files()
    seen = len(office.screen(CITIZEN))
    correct(office, "phức tạp")
    assert len(office.screen(CITIZEN)) == seen
    office.press(office.hien, "Tiếp nhận", ROOM)
    assert office.ticket(found).status == Status.ACCEPTED
    assert "17:00 thứ Ba 31/03/2026" in office.last(CITIZEN)


def test_each_change_is_on_record(office: Office, ticket: TicketRow) -> None:
    correct(office, "kiến nghị")
    correct(office, "phức tạp")
    notes = [row.note for row in office.audits("classify")]
    assert notes == [
        "phan_anh/dien_chieu_sang/normal > kien_nghi/dien_chieu_sang/normal",
        "kien_nghi/dien_chieu_sang/normal > kien_nghi/dien_chieu_sang/complex",
    ]


def test_same_answer_twice_changes_nothing_twice(office: Office, ticket: TicketRow) -> None:
    correct(office)
    payload = office.payload(office.hien.address, "Phức tạp")
    for _ in range(3):
        office.push(office.hien, payload, office.hien.address)
    assert len(office.audits("classify")) == 1


def test_time_spent_waiting_for_the_citizen_stays_added(office: Office, ticket: TicketRow) -> None:
    office.press(office.hien, "Hỏi thêm", ROOM)
    office.write(office.hien, "Đèn số mấy ạ?", ROOM, under="xin viết một câu hỏi")
    office.press(office.hien, "Gửi", ROOM)
    office.wait(seconds=21)
    office.wait(hours=2)
    office.write("7001", "Đèn số 12")
    normal = office.ticket(ticket).promised_by
    correct(office, "phức tạp")
    correct(office, "bình thường")
    assert normal is not None
    assert office.ticket(ticket).promised_by == normal


def test_level_without_time_left_counts_from_now(office: Office, ticket: TicketRow) -> None:
    office.wait(days=2)
    correct(office, "khẩn")
    assert "15:00 thứ Năm 12/03/2026" in office.last(CITIZEN)


def test_once_the_unit_has_it_the_class_stands(office: Office, ticket: TicketRow) -> None:
    payload = office.payload(ROOM, FORM)
    correct(office)
    office.press(office.hien, "Chuyển gợi ý", ROOM)
    assert FORM not in office.card(ticket).buttons
    office.write(office.hien, "phức tạp", under="Sửa gì?")
    office.push(office.hien, payload, ROOM)
    assert "Chưa làm được" in office.toasts[-1]
    assert not office.ticket(ticket).is_complex


def test_only_the_desk_sets_it_right(office: Office, ticket: TicketRow) -> None:
    office.push(office.khai, office.payload(ROOM, FORM), ROOM)
    assert "không thuộc phần của anh/chị" in office.toasts[-1]
