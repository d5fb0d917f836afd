"""Work in a private chat by words alone: short commands, an open ticket, and what a number may mean."""

import pytest
from sqlmodel import select

from core.channel import Channel
from core.people import Role
from core.tickets import Status
from storage.tables import RoomRow, TicketRow
from tests.conftest import SQLITE, join
from tests.flows.office import CITIZEN, PHONE, ROOM, Office

ANSWER = "Tổ điện đã thay bóng đèn sáng nay, xin cảm ơn ông bà."
QUESTION = "Đèn ở gần nhà số mấy?"


@pytest.fixture
def kind() -> str:
    """Words are read alike on both databases."""
    return SQLITE


@pytest.fixture
def fresh(office: Office) -> TicketRow:
    """A ticket that nobody holds; its card stands in the room."""
    return office.citizen_files()


def handle(ticket: TicketRow) -> str:
    return ticket.number[-3:]


def said(office: Office) -> str:
    return office.last(office.hien.address)


# --- commands ----------------------------------------------------------------------------------------------


def test_commands_lead_from_the_new_ticket_to_the_answer(office: Office, fresh: TicketRow) -> None:
    office.write(office.hien, f"tc {fresh.number}")
    assert office.ticket(fresh).holder_id == office.hien.officer.id
    office.write(office.hien, f"gc {handle(fresh)}: đã gọi trưởng thôn")
    assert office.notes(fresh) == ["đã gọi trưởng thôn"]
    office.write(office.hien, f"TL {fresh.number} {ANSWER}")
    office.write(office.hien, "3")
    assert ANSWER in said(office)
    office.write(office.hien, "1")
    office.wait(seconds=21)
    assert ANSWER in office.last(CITIZEN)


def test_question_by_command_is_seen_before_it_goes(office: Office, ticket: TicketRow) -> None:
    office.write(office.hien, f"hỏi {handle(ticket)} {QUESTION}")
    assert "Gửi công dân" in said(office)
    office.write(office.hien, f"hỏi {handle(ticket)} Đèn tắt từ hôm nào?")
    assert QUESTION in said(office)
    assert "Đèn tắt từ hôm nào?" in said(office)
    office.write(office.hien, "gửi")
    office.wait(seconds=21)
    assert QUESTION in office.last(CITIZEN)


@pytest.mark.parametrize("words", ["2", "Phòng Kinh tế", "phong kt", "gợi ý"])
def test_unit_is_named_by_its_place_or_its_name(office: Office, ticket: TicketRow, words: str) -> None:
    office.write(office.hien, f"chuyển {handle(ticket)} {words}")
    assert office.ticket(ticket).unit_id == office.tuyen.officer.unit_id


def test_unit_that_is_not_there_is_answered_with_those_that_are(office: Office, ticket: TicketRow) -> None:
    assert "2. Phòng Kinh tế" in office.write(office.hien, f"ch {handle(ticket)} 99")
    assert "2. Phòng Kinh tế" in office.write(office.hien, f"ch {handle(ticket)} phòng Địa chính")
    assert "cho đơn vị nào?" in office.write(office.hien, f"ch {handle(ticket)}")
    assert office.ticket(ticket).status == Status.ACCEPTED


def test_unit_takes_reports_and_returns_by_commands(office: Office, ticket: TicketRow) -> None:
    office.press(office.hien, "Chuyển gợi ý", ROOM)
    assert "đã nhận" in office.write(office.tuyen, f"nhận {handle(ticket)}")
    assert "kết quả là gì?" in office.write(office.tuyen, f"kq {handle(ticket)} Đã thay hai bóng đèn.")
    office.write(office.tuyen, "hủy")
    office.write(office.tuyen, f"tr {handle(ticket)} đường tỉnh, thuộc Sở Xây dựng")
    assert office.ticket(ticket).status == Status.RETURNED
    assert "thuộc Sở Xây dựng" in office.find(ROOM, "trả lại hồ sơ").text


def test_files_and_contact_by_commands(office: Office, ticket: TicketRow) -> None:
    assert "Nơi: thôn Nà Cọ" in office.write(office.hien, f"tệp {handle(ticket)}")
    office.write(office.hien, f"lh {handle(ticket)}")
    assert PHONE in office.write(office.hien, "1")


def test_place_in_the_list_shown_last_names_a_ticket(office: Office) -> None:
    first, second = office.citizen_files(), office.citizen_files()
    office.write(office.hien, "hồ sơ")
    office.write(office.hien, "tc 2")
    office.write(office.hien, "nhận 1")
    assert office.ticket(first).status == office.ticket(second).status == Status.ACCEPTED
    assert "Không tìm thấy" in office.write(office.hien, "tc 7")


def test_place_in_an_old_list_is_answered_with_a_new_list(office: Office, fresh: TicketRow) -> None:
    office.write(office.hien, "hồ sơ")
    office.wait(minutes=16)
    answer = office.write(office.hien, "tc 1")
    assert "Danh sách trước đã cũ" in answer
    assert f"1. {fresh.number}" in answer
    assert office.ticket(fresh).status == Status.SUBMITTED


def test_command_takes_nothing_that_the_registry_does_not_give(office: Office, fresh: TicketRow) -> None:
    assert "Không tìm thấy hồ sơ" in office.write(office.dung, f"tc {handle(fresh)}")
    assert "không thuộc phần" in office.write(office.khai, f"pl {handle(fresh)}")
    assert office.ticket(fresh).status == Status.SUBMITTED


def test_colleagues_ticket_is_taken_over_only_the_second_time(office: Office, ticket: TicketRow) -> None:
    command = f"tl {handle(ticket)} {ANSWER}"
    assert "Tống Thị Hiên đang xử lý" in office.write(office.luu, command)
    assert office.drafts(ticket) == []
    assert "kết quả là gì?" in office.write(office.luu, command)


def test_words_of_an_answer_that_look_like_a_command_stay_words(office: Office, ticket: TicketRow) -> None:
    office.write(office.hien, f"tl {handle(ticket)}")
    office.write(office.hien, "3")
    office.write(office.hien, "Chuyển 120 bóng đèn về thôn, thay trong tuần.")
    assert "Chuyển 120 bóng đèn" in said(office)
    assert "Gửi công dân" in said(office)


# --- an open ticket ----------------------------------------------------------------------------------------


def opened(office: Office, ticket: TicketRow) -> None:
    office.write(office.hien, f"mở {handle(ticket)}")
    assert "Đang mở hồ sơ này" in said(office)


def test_words_and_photos_in_an_open_ticket_are_a_draft(office: Office, ticket: TicketRow) -> None:
    opened(office, ticket)
    office.write(office.hien, ANSWER)
    assert "kết quả là gì?" in said(office)
    office.photo(office.hien)
    office.write(office.hien, "1")
    assert "1 ảnh)?" in said(office)
    assert ANSWER in said(office)
    assert len(office.drafts(ticket)) == 1


def test_photo_alone_begins_the_draft_of_an_open_ticket(office: Office, ticket: TicketRow) -> None:
    opened(office, ticket)
    office.photo(office.hien)
    assert [row.text for row in office.drafts(ticket)] == [""]


@pytest.mark.parametrize("ending", ["thoát", "time"])
def test_closed_ticket_takes_no_words(office: Office, ticket: TicketRow, ending: str) -> None:
    opened(office, ticket)
    if ending == "time":
        office.wait(minutes=16)
    else:
        office.write(office.hien, ending)
    office.write(office.hien, ANSWER)
    assert "Tôi chưa hiểu" in said(office)
    office.photo(office.hien)
    assert "cho việc nào" in said(office)
    assert office.drafts(ticket) == []


def test_yes_to_nothing_is_no_draft(office: Office, ticket: TicketRow) -> None:
    opened(office, ticket)
    office.write(office.hien, "vâng ok")
    assert office.drafts(ticket) == []


def test_name_of_a_button_works_where_its_card_is_far_up(office: Office, ticket: TicketRow) -> None:
    opened(office, ticket)
    office.write(office.hien, "lh " + handle(ticket))
    office.write(office.hien, "1")
    assert "Nơi: thôn Nà Cọ" in office.write(office.hien, "xem tep")


# --- what a number means -----------------------------------------------------------------------------------


def previewed(office: Office, ticket: TicketRow) -> None:
    office.write(office.hien, f"tl {handle(ticket)} {ANSWER}")
    office.write(office.hien, "3")
    assert "Gửi công dân" in said(office)


def test_number_after_something_came_between_is_asked_again(office: Office, ticket: TicketRow) -> None:
    leave_room(office)
    previewed(office, ticket)
    other = office.citizen_files()
    answer = office.write(office.hien, "1")
    assert "Có tin khác vừa tới" in answer
    assert "1. Gửi" in answer
    assert office.ticket(other).status == Status.SUBMITTED
    assert [row.state for row in office.drafts(ticket)] == ["draft"]
    office.write(office.hien, "1")
    assert [row.state for row in office.drafts(ticket)] == ["held"]


def test_number_typed_twice_does_not_reach_the_card_behind_the_question(
    office: Office, fresh: TicketRow
) -> None:
    opened(office, fresh)
    office.write(office.hien, "pl " + handle(fresh))
    office.write(office.hien, "2")
    office.write(office.hien, "1")
    assert office.ticket(fresh).status == Status.SUBMITTED
    assert said(office).startswith(f"{fresh.number} ·")
    office.write(office.hien, "1")
    assert office.ticket(fresh).status == Status.ACCEPTED


def test_number_for_the_card_at_the_bottom_counts_however_late(office: Office, fresh: TicketRow) -> None:
    opened(office, fresh)
    office.wait(hours=2)
    office.write(office.hien, "1")
    assert office.ticket(fresh).status == Status.ACCEPTED


def test_number_for_an_old_card_farther_up_shows_the_card_again(office: Office, fresh: TicketRow) -> None:
    opened(office, fresh)
    office.write(office.hien, "vâng ok")
    office.wait(minutes=16)
    assert "Đang mở hồ sơ này" in office.write(office.hien, "1")
    assert office.ticket(fresh).status == Status.SUBMITTED
    office.write(office.hien, "1")
    assert office.ticket(fresh).status == Status.ACCEPTED


def test_number_for_an_old_line_farther_up_shows_the_line_again(office: Office, ticket: TicketRow) -> None:
    leave_room(office)
    office.write("7001", "Đèn trước nhà văn hóa cũng tắt", CITIZEN)
    office.write(office.hien, "cảm ơn")
    office.wait(minutes=16)
    assert "dân nhắn thêm" in office.write(office.hien, "1")
    assert office.drafts(ticket) == []
    assert "kết quả là gì?" in office.write(office.hien, "1")


# --- who sees no room --------------------------------------------------------------------------------------


def leave_room(office: Office) -> None:
    with office.database.transaction() as tx:
        tx.session.exec(select(RoomRow)).one().left_at = office.now


def test_officer_of_another_network_hears_in_private_what_the_room_hears(office: Office) -> None:
    with office.database.transaction() as tx:
        unit, on = "Văn phòng HĐND và UBND", Channel.ZALO_BOT
        ngan = join(tx, "Đàm Thị Ngân", unit, Role.DESK, "00000000000000000051", channel=on)
    ticket = office.citizen_files()
    office.write(ngan, "1")
    assert office.ticket(ticket).holder_id == ngan.officer.id
    assert "Người giữ: Đàm Thị Ngân" in office.card(ticket).text
    office.write("7001", "Đèn trước nhà văn hóa cũng tắt", CITIZEN)
    assert "dân nhắn thêm" in office.last(ngan.address)
    assert "dân nhắn thêm" in office.last(ROOM)
    assert office.screen(office.hien.address) == []
