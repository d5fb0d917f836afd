"""What officers write about tickets: kept when it cannot be an answer yet, and never a button's name."""

import pytest

from core.channel import MediaKind, MediaReceived, MediaRef, TextReceived
from storage.tables import TicketRow
from tests.flows.desk.test_desk_talk import ANSWER, asked, previewed, states
from tests.flows.office import CITIZEN, ROOM, Office

RESULT = "Đã thay hai bóng đèn ở thôn Nà Cọ sáng nay."


# --- answers that cannot be written yet --------------------------------------------------------------------


def test_answer_before_the_ticket_is_accepted_is_kept_as_a_note(office: Office) -> None:
    fresh = office.citizen_files()
    office.write(office.hien, ANSWER, ROOM, under=f"{fresh.number} ·")
    assert "bấm «Tiếp nhận»" in office.last(ROOM)
    assert office.notes(fresh) == [ANSWER]
    assert states(office, fresh) == []


def returned(office: Office) -> None:
    office.press(office.hien, "Chuyển gợi ý", ROOM)
    office.press(office.tuyen, "Trả lại")
    office.write(office.tuyen, "đường tỉnh, thuộc Sở Xây dựng")


def test_answer_in_a_returned_ticket_is_kept_and_the_line_promised_none(
    office: Office, ticket: TicketRow
) -> None:
    returned(office)
    office.write("7001", "Đèn vẫn tắt", CITIZEN)
    line = office.find(ROOM, "dân nhắn thêm")
    assert list(line.buttons) == ["Xem tệp"]
    assert "để soạn câu trả lời" not in line.text
    office.write(office.hien, ANSWER, ROOM, under="dân nhắn thêm")
    assert "«Chuyển đơn vị»" in office.last(ROOM)
    assert office.notes(ticket) == [ANSWER]


def test_line_about_more_words_offers_the_answer_where_it_may_be_written(
    office: Office, ticket: TicketRow
) -> None:
    office.write("7001", "Đèn vẫn tắt", CITIZEN)
    line = office.find(ROOM, "dân nhắn thêm")
    assert list(line.buttons) == ["Trả lời", "Xem tệp"]
    assert "để soạn câu trả lời" in line.text


def test_reply_to_the_line_about_a_return_is_kept_too(office: Office, ticket: TicketRow) -> None:
    returned(office)
    office.write(office.hien, "Đã gọi điện cho Sở", ROOM, under="trả lại hồ sơ")
    assert office.notes(ticket) == ["Đã gọi điện cho Sở"]


def test_result_before_the_unit_took_the_ticket_is_kept_as_a_note(office: Office, ticket: TicketRow) -> None:
    office.press(office.hien, "Chuyển gợi ý", ROOM)
    office.write(office.tuyen, RESULT, under=f"{ticket.number} ·")
    assert "«Nhận việc»" in office.last(office.tuyen.address)
    assert office.notes(ticket) == [RESULT]


def test_photo_that_cannot_be_an_answer_yet_is_refused_in_words(office: Office) -> None:
    fresh = office.citizen_files()
    office.photo(office.hien, ROOM, under=f"{fresh.number} ·")
    assert "tệp chưa được giữ" in office.last(ROOM)
    assert states(office, fresh) == []


def test_two_slashes_in_a_caption_are_a_note_too(office: Office, ticket: TicketRow) -> None:
    previewed(office)
    under = office.find(ROOM, "Gửi công dân").id
    event = MediaReceived(MediaRef("f1", MediaKind.PHOTO), "// ảnh ông này gửi riêng")
    office.send(office.hien, ROOM, event, reply_to=under)
    assert office.notes(ticket) == ["ảnh ông này gửi riêng"]
    assert [row.text for row in office.drafts(ticket)] == [ANSWER]
    assert "không được giữ" in office.last(ROOM)


# --- names of buttons and of outcomes ----------------------------------------------------------------------


def reporting(office: Office) -> None:
    """Tuyến is asked what came out."""
    office.press(office.hien, "Chuyển gợi ý", ROOM)
    office.press(office.tuyen, "Nhận việc")
    office.press(office.tuyen, "Báo kết quả")


def test_names_of_buttons_do_not_enter_a_result(office: Office, ticket: TicketRow) -> None:
    reporting(office)
    assert "tên nút" in office.write(office.tuyen, "nhận việc")
    assert "tên nút" in office.write(office.tuyen, "bao ket qua")
    office.write(office.tuyen, "trả lời giải thích")
    assert "tên nút" in office.write(office.tuyen, "Nhận việc")
    office.write(office.tuyen, RESULT)
    assert "việc\n" not in office.last(office.tuyen.address).lower()
    assert RESULT in office.last(office.tuyen.address)
    assert [row.text for row in office.drafts(ticket)] == [RESULT]


def test_name_of_a_button_under_a_card_presses_it_or_says_why_not(office: Office, ticket: TicketRow) -> None:
    office.press(office.hien, "Chuyển gợi ý", ROOM)
    office.write(office.hien, "Chuyển đơn vị", ROOM, under=f"{ticket.number} ·")
    assert "Chưa làm được" in office.last(ROOM)
    assert states(office, ticket) == []
    assert office.notes(ticket) == []


def test_words_said_before_the_outcome_are_shown_as_kept(office: Office, ticket: TicketRow) -> None:
    reporting(office)
    office.write(office.tuyen, RESULT)
    assert f"Bản nháp đang giữ: «{RESULT}»" in office.last(office.tuyen.address)
    office.write(office.tuyen, "khac phuc mot phan")
    office.photo(office.tuyen)
    office.write(office.tuyen, "20/3")
    preview = office.last(office.tuyen.address)
    assert RESULT in preview
    assert "Ngày dự kiến: thứ Sáu 20/03/2026" in preview


def test_words_said_where_a_photo_is_asked_for_are_shown_as_kept(office: Office, ticket: TicketRow) -> None:
    reporting(office)
    office.write(office.tuyen, "da khac phuc tai cho")
    office.write(office.tuyen, RESULT)
    said = office.write(office.tuyen, "Ảnh tôi gửi sau.")
    assert "đã giữ lời này" in said
    assert "ít nhất một ảnh" in said


def test_preview_counts_documents_as_well_as_photos(office: Office, ticket: TicketRow) -> None:
    previewed(office)
    under = office.find(ROOM, "Gửi công dân").id
    event = MediaReceived(MediaRef("f1", MediaKind.DOCUMENT))
    office.send(office.hien, ROOM, event, reply_to=under)
    assert "0 ảnh, 1 tệp khác)?" in office.last(ROOM)


@pytest.mark.parametrize("is_reply", [True, False])
def test_name_of_another_outcome_changes_the_outcome(
    office: Office, ticket: TicketRow, is_reply: bool
) -> None:
    asked(office, "Đã khắc phục tại chỗ")
    office.write(office.hien, ANSWER, ROOM, under="xin viết câu trả lời")
    assert "ít nhất một ảnh" in office.last(ROOM)
    under = office.screen(ROOM)[-1].id if is_reply else None
    office.send(office.hien, ROOM, TextReceived("Trả lời giải thích"), reply_to=under)
    assert "Gửi công dân" in office.last(ROOM)
    assert [(row.outcome, row.text) for row in office.drafts(ticket)] == [("explained", ANSWER)]


def test_name_of_another_outcome_changes_it_while_words_are_awaited(
    office: Office, ticket: TicketRow
) -> None:
    reporting(office)
    office.write(office.tuyen, "da khac phuc tai cho")
    office.write(office.tuyen, "Trả lời giải thích")
    assert "xin viết kết quả" in office.last(office.tuyen.address)
    assert [(row.outcome, row.text) for row in office.drafts(ticket)] == [("explained", "")]


def test_explanation_that_says_fixed_is_sent_back_to_its_outcome(office: Office, ticket: TicketRow) -> None:
    office.press(office.hien, "Trả lời", ROOM)
    office.press(office.hien, "Trả lời, giải thích", ROOM)
    office.write(office.hien, "Đèn đã được khắc phục sáng nay.", ROOM, under="xin viết câu trả lời")
    assert "«Đã khắc phục tại chỗ»" in office.last(ROOM)
    office.press(office.hien, "Đổi kết quả", ROOM)
    office.press(office.hien, "Đã khắc phục tại chỗ", ROOM)
    assert "cần ít nhất một ảnh" in office.last(ROOM)
    office.photo(office.hien, ROOM, under="cần ít nhất một ảnh")
    assert "Đèn đã được khắc phục sáng nay." in office.find(ROOM, "Gửi công dân").text
