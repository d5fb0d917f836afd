"""Units and leaders in their private chats: take, return, report, decide; and their duties with a date."""

from datetime import date

import pytest
from sqlmodel import select

from core.channel import MessageEdited
from core.conversation.draft import Identity
from core.tickets import Status
from handlers import obligations, registry, tickets
from storage.tables import ExtensionRow, ObligationRow, TicketRow
from tests.flows.office import CITIZEN, NAME, PHONE, ROOM, Office

RESULT = "Đã thay hai bóng đèn ở thôn Nà Cọ sáng nay."


@pytest.fixture
def ticket(office: Office, ticket: TicketRow) -> TicketRow:
    """A ticket that lies with Phòng Kinh tế."""
    office.press(office.hien, "Chuyển gợi ý", ROOM)
    return ticket


@pytest.fixture
def duty(office: Office) -> int:
    with office.database.transaction() as tx:
        obligations.add(
            office.service,
            tx,
            title="Báo cáo quý I",
            unit="Phòng Kinh tế",
            due=date(2026, 3, 20),
            before=False,
            now=office.now,
        )
        return tx.session.exec(select(ObligationRow.id)).one()


def report(office: Office) -> None:
    """The unit's result, sent to the desk with a photo."""
    office.press(office.tuyen, "Nhận việc")
    office.press(office.tuyen, "Báo kết quả")
    office.write(office.tuyen, "da khac phuc tai cho")
    office.write(office.tuyen, RESULT)
    office.photo(office.tuyen)
    office.press(office.tuyen, "Gửi")


def contest(office: Office) -> None:
    """The result goes out as the answer, and the citizen says that it is not so."""
    report(office)
    office.press(office.hien, "Gửi làm câu trả lời", ROOM)
    office.press(office.hien, "Gửi", ROOM)
    office.wait(seconds=21)
    office.press("7001", "Chưa", CITIZEN)
    office.write("7001", "Đèn vẫn tắt, tối nay vẫn không sáng")


def test_result_of_the_unit_becomes_the_answer_with_its_photo(office: Office, ticket: TicketRow) -> None:
    report(office)
    assert office.ticket(ticket).status == Status.AWAITING_APPROVAL
    assert RESULT in office.find(ROOM, "báo kết quả «Đã khắc phục tại chỗ»").text
    office.press(office.hien, "Gửi làm câu trả lời", ROOM)
    preview = office.find(ROOM, "Gửi công dân").text
    assert RESULT in preview
    assert "1 ảnh" in preview
    office.press(office.hien, "Gửi", ROOM)
    office.wait(seconds=21)
    assert RESULT in office.last(CITIZEN)
    assert office.screen(CITIZEN)[-1].files == 1


def test_result_is_made_an_answer_once_however_often_it_is_pressed(office: Office, ticket: TicketRow) -> None:
    report(office)
    payload = office.payload(ROOM, "Gửi làm câu trả lời")
    for _ in range(5):
        office.push(office.hien, payload, ROOM)
    assert [row.kind for row in office.drafts(ticket)] == ["result", "answer"]
    assert office.text(ROOM).count("Gửi công dân") == 1


def test_desk_sees_the_photos_of_a_result_before_it_answers(office: Office, ticket: TicketRow) -> None:
    report(office)
    office.press(office.hien, "Xem tệp", ROOM)
    assert office.screen(office.hien.address)[-1].files == 1


def test_result_is_nothing_the_citizen_hears_of_by_itself(office: Office, ticket: TicketRow) -> None:
    seen = len(office.screen(CITIZEN))
    report(office)
    office.wait(minutes=30)
    assert len(office.screen(CITIZEN)) == seen


def test_words_under_the_units_card_begin_a_result(office: Office, ticket: TicketRow) -> None:
    office.press(office.tuyen, "Nhận việc")
    office.write(office.tuyen, RESULT, under=f"{ticket.number} ·")
    assert "kết quả là gì?" in office.last(office.tuyen.address)
    assert "Chỉ ghi chú nội bộ" not in office.last(office.tuyen.address)


def test_returned_ticket_goes_to_another_unit_and_the_first_loses_its_card(
    office: Office, ticket: TicketRow
) -> None:
    office.press(office.tuyen, "Trả lại")
    office.write(office.tuyen, "?")
    assert "ghi rõ lý do" in office.last(office.tuyen.address)
    office.write(office.tuyen, "đường tỉnh, thuộc Sở Xây dựng")
    assert "đường tỉnh" in office.find(ROOM, "trả lại hồ sơ").text
    office.press(office.hien, "Chuyển đơn vị", ROOM)
    office.press(office.hien, "Công an xã", office.hien.address)
    assert office.ticket(ticket).unit_id == office.dung.officer.unit_id
    assert "không còn ở đơn vị" in office.find(office.tuyen.address, f"{ticket.number}: hồ sơ").text
    assert "Công an xã" in office.last(CITIZEN)


def test_former_unit_can_do_nothing_with_its_old_buttons(office: Office, ticket: TicketRow) -> None:
    payload = office.payload(office.tuyen.address, "Nhận việc")
    office.press(office.tuyen, "Trả lại")
    office.write(office.tuyen, "không thuộc phòng Kinh tế")
    office.press(office.hien, "Chuyển đơn vị", ROOM)
    office.press(office.hien, "Công an xã", office.hien.address)
    office.push(office.tuyen, payload, office.tuyen.address)
    assert office.toasts[-1] == "Không có hồ sơ này, hoặc anh/chị không xem được hồ sơ này."


def test_second_return_is_decided_by_the_leader(office: Office, ticket: TicketRow) -> None:
    for _ in range(2):
        office.press(office.tuyen, "Trả lại")
        office.write(office.tuyen, "không thuộc phòng Kinh tế")
        if office.ticket(ticket).returns == 1:
            office.press(office.hien, "Chuyển gợi ý", ROOM)
    office.press(office.hien, "Chuyển gợi ý", ROOM)
    assert "lãnh đạo quyết định" in office.toasts[-1]
    assert "đã bị trả lại 2 lần" in office.last(office.khai.address)
    office.write(office.khai, "cong an xa")
    assert office.ticket(ticket).status == Status.FORWARDED
    assert office.ticket(ticket).unit_id == office.dung.officer.unit_id


def test_leader_names_who_looks_again_after_the_citizen_contests(office: Office, ticket: TicketRow) -> None:
    contest(office)
    assert office.ticket(ticket).status == Status.UNDER_REVIEW
    assert "xem xét lại" in office.last(office.khai.address)
    office.press(office.khai, "Công an xã")
    assert office.ticket(ticket).status == Status.IN_PROGRESS
    assert list(office.card(ticket, office.dung.address).buttons) == ["Báo kết quả", "Xem tệp"]


def test_a_ticket_does_not_go_where_nobody_could_take_it(office: Office) -> None:
    ticket = office.citizen_files()
    with office.database.transaction() as tx:
        registry.unbind(tx, office.tuyen.officer.id, office.now)
    office.press(office.hien, "Tiếp nhận", ROOM)
    office.press(office.hien, "Chuyển gợi ý", ROOM)
    assert office.ticket(ticket).status == Status.ACCEPTED
    assert "«Phòng Kinh tế» chưa có cán bộ nào kết nối chat" in office.toasts[-1]


def test_desk_hears_what_a_leader_without_a_chat_should_decide(office: Office, ticket: TicketRow) -> None:
    with office.database.transaction() as tx:
        registry.unbind(tx, office.khai.officer.id, office.now)
    contest(office)
    assert "Chưa có lãnh đạo nào kết nối chat" in office.text(ROOM)


def test_unit_never_hears_who_wrote(office: Office) -> None:
    office.citizen_files(Identity.DESK_ONLY, story=f"Đèn tắt, gọi tôi {PHONE}.")
    office.press(office.hien, "Tiếp nhận", ROOM)
    office.press(office.hien, "Chuyển gợi ý", ROOM)
    office.press(office.tuyen, "Xem tệp")
    report(office)
    office.push(office.tuyen, office.payload(ROOM, "Xem liên hệ"), office.tuyen.address)
    assert office.toasts[-1] == "Việc này không thuộc phần của anh/chị nên chưa được ghi."
    for secret in (NAME, PHONE):
        assert secret not in office.text(office.tuyen.address)


def test_officer_disabled_while_a_message_waits_sends_nothing(office: Office, ticket: TicketRow) -> None:
    report(office)
    office.press(office.hien, "Gửi làm câu trả lời", ROOM)
    office.press(office.hien, "Gửi", ROOM)
    with office.database.transaction() as tx:
        registry.disable(tx, office.hien.officer, office.now)
    office.wait(seconds=21)
    assert office.ticket(ticket).status == Status.AWAITING_APPROVAL
    assert RESULT not in office.text(CITIZEN)
    assert office.notes(ticket) == [RESULT]
    office.press(office.hien, "Trả lời", ROOM)
    assert "chưa được kết nối" in office.toasts[-1]


def test_withdrawn_ticket_stops_the_units_report(office: Office, ticket: TicketRow) -> None:
    office.press(office.tuyen, "Nhận việc")
    office.press(office.tuyen, "Báo kết quả")
    office.write(office.tuyen, "trả lời giải thích")
    office.write(office.tuyen, RESULT)
    with office.database.transaction() as tx:
        found = tx.session.get(TicketRow, ticket.id)
        assert found is not None
        tickets.withdraw(office.service, tx, found, office.now)
    office.press(office.tuyen, "Gửi")
    assert "Công dân đã rút" in office.toasts[-1]
    assert office.ticket(ticket).status == Status.WITHDRAWN


def test_changed_message_changes_nothing_and_says_so(office: Office, ticket: TicketRow) -> None:
    office.send(office.tuyen, office.tuyen.address, MessageEdited("in1", "khác"))
    assert "không làm thay đổi" in office.last(office.tuyen.address)


# --- duties ------------------------------------------------------------------------------------------------


def open_duty(office: Office) -> None:
    office.write(office.tuyen, "việc của tôi")
    office.write(office.tuyen, "1")


def test_work_list_opens_a_duty_by_its_number_and_takes_its_answers(office: Office, duty: int) -> None:
    open_duty(office)
    assert "Báo cáo quý I" in office.last(office.tuyen.address)
    office.write(office.tuyen, "1")
    with office.database.transaction() as tx:
        assert tx.session.get_one(ObligationRow, duty).status == "acknowledged"


def test_done_asks_for_a_number_and_takes_it(office: Office, duty: int) -> None:
    open_duty(office)
    office.write(office.tuyen, "da xong")
    assert "số, ngày văn bản" in office.last(office.tuyen.address)
    office.write(office.tuyen, "45/BC-UBND ngày 13/3")
    with office.database.transaction() as tx:
        row = tx.session.get_one(ObligationRow, duty)
        assert (row.status, row.evidence) == ("done", "45/BC-UBND ngày 13/3")


def test_done_takes_files(office: Office, duty: int) -> None:
    open_duty(office)
    office.write(office.tuyen, "da xong")
    office.photo(office.tuyen)
    assert "Đã nhận 1 tệp" in office.last(office.tuyen.address)
    office.write(office.tuyen, "xong")
    with office.database.transaction() as tx:
        assert tx.session.get_one(ObligationRow, duty).status == "done"


def test_words_without_a_number_are_asked_again(office: Office, duty: int) -> None:
    open_duty(office)
    office.write(office.tuyen, "da xong")
    office.write(office.tuyen, "…")
    office.write(office.tuyen, "12/BC")
    with office.database.transaction() as tx:
        assert tx.session.get_one(ObligationRow, duty).evidence == "12/BC"


def test_extension_is_asked_with_a_day_and_granted_by_the_leader(office: Office, duty: int) -> None:
    open_duty(office)
    office.write(office.tuyen, "xin gia han")
    office.write(office.tuyen, "31/2")
    assert "chưa đọc được ngày" in office.last(office.tuyen.address)
    office.write(office.tuyen, "12/3")
    office.write(office.tuyen, "chờ số liệu của các thôn")
    assert "gia hạn đến ngày nào" in office.last(office.tuyen.address)
    office.write(office.tuyen, "25/3")
    office.write(office.tuyen, "chờ số liệu của các thôn")
    with office.database.transaction() as tx:
        assert tx.session.exec(select(ExtensionRow)).one().new_due == date(2026, 3, 25)
    office.write(office.khai, "1")
    with office.database.transaction() as tx:
        assert tx.session.get_one(ObligationRow, duty).due == date(2026, 3, 25)


def test_duty_of_another_unit_is_refused(office: Office, duty: int) -> None:
    office.push(office.dung, f"o:{duty}:0:done", office.dung.address)
    assert "không thuộc phần" in office.toasts[-1]


def test_not_mine_needs_a_reason(office: Office, duty: int) -> None:
    open_duty(office)
    office.write(office.tuyen, "không phải việc của tôi")
    office.write(office.tuyen, "việc của Công an xã")
    with office.database.transaction() as tx:
        assert tx.session.get_one(ObligationRow, duty).status == "rejected"


def test_cancel_leaves_a_question_from_everywhere(office: Office, duty: int) -> None:
    open_duty(office)
    office.write(office.tuyen, "da xong")
    assert "Đã thôi" in office.write(office.tuyen, "hủy")
    with office.database.transaction() as tx:
        assert tx.session.get_one(ObligationRow, duty).status == "open"


def test_desk_handles_what_lies_with_its_own_unit(office: Office) -> None:
    ticket = office.citizen_files()
    office.press(office.hien, "Tiếp nhận", ROOM)
    office.press(office.hien, "Chuyển đơn vị", ROOM)
    office.press(office.hien, "Văn phòng HĐND và UBND", office.hien.address)
    assert "Nhận việc" in office.card(ticket).buttons
    office.press(office.hien, "Nhận việc", ROOM)
    assert office.ticket(ticket).status == Status.IN_PROGRESS
