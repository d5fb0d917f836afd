"""From an officer's words to the citizen: draft, preview, undo, release, delivery, and every way it stops."""

from core.channel import Address, ChatMoved, PermanentSendError, TextReceived, UnknownOutcome
from core.tickets import Status
from handlers import tickets
from storage.tables import TicketRow
from tests.flows.office import CITIZEN, ROOM, Office

ANSWER = "Tổ điện đã thay bóng đèn sáng nay, xin cảm ơn ông bà."


def explain(office: Office, text: str = ANSWER) -> None:
    """Hiên's answer up to its preview."""
    office.press(office.hien, "Trả lời", ROOM)
    office.press(office.hien, "Trả lời, giải thích", ROOM)
    office.write(office.hien, text, ROOM, under="xin viết câu trả lời")


def test_answer_is_previewed_held_sent_and_marked_on_the_card(office: Office, ticket: TicketRow) -> None:
    explain(office)
    preview = office.find(ROOM, "Gửi công dân")
    assert preview.text.startswith(f"Tống Thị Hiên:\nGửi công dân {ticket.number} (Telegram, ")
    assert ", 1 tin, 0 ảnh)?" in preview.text
    assert "Chúng tôi trả lời ông/bà như sau:\n" + ANSWER in preview.text
    assert list(preview.buttons) == ["Gửi", "Ghi chú nội bộ", "Sửa", "Hủy"]
    seen = len(office.screen(CITIZEN))
    office.press(office.hien, "Gửi", ROOM)
    office.wait(seconds=19)
    assert len(office.screen(CITIZEN)) == seen
    office.wait(seconds=2)
    assert ANSWER in office.last(CITIZEN)
    assert list(office.screen(CITIZEN)[-1].buttons) == ["Đã xong", "Xong một phần", "Chưa"]
    assert office.ticket(ticket).status == Status.ANSWERED
    assert "✓ Đã gửi 09:00" in office.card(ticket).text
    assert "sẽ gửi sau" not in office.text(ROOM)
    assert not any("Hoàn tác" in shown.buttons for shown in office.screen(ROOM))


def test_undo_brings_the_draft_back(office: Office, ticket: TicketRow) -> None:
    explain(office)
    seen = len(office.screen(CITIZEN))
    office.press(office.hien, "Gửi", ROOM)
    office.press(office.hien, "Hoàn tác", ROOM)
    assert "Gửi công dân" in office.last(ROOM)
    office.wait(minutes=1)
    assert len(office.screen(CITIZEN)) == seen
    assert [row.state for row in office.drafts(ticket)] == ["draft"]


def test_undo_after_it_left_says_so(office: Office, ticket: TicketRow) -> None:
    explain(office)
    office.press(office.hien, "Gửi", ROOM)
    payload = office.payload(ROOM, "Hoàn tác")
    office.wait(seconds=21)
    office.push(office.hien, payload, ROOM)
    assert "cũ" in office.last(ROOM)
    assert office.ticket(ticket).status == Status.ANSWERED


def test_send_pressed_five_times_is_sent_once(office: Office, ticket: TicketRow) -> None:
    explain(office)
    payload = office.payload(ROOM, "Gửi")
    for _ in range(5):
        office.push(office.hien, payload, ROOM)
    office.wait(seconds=21)
    office.wait(seconds=21)
    assert office.text(CITIZEN).count(ANSWER) == 1
    assert len(office.audits("answer")) == 1


def test_numbers_alone_lead_to_the_citizen_in_private(office: Office, ticket: TicketRow) -> None:
    office.write(office.hien, f"hồ sơ {ticket.number[-3:]}")
    answer = list(office.card(ticket, office.hien.address).buttons).index("Trả lời") + 1
    office.write(office.hien, str(answer))
    office.write(office.hien, "tra loi giai thich")
    office.write(office.hien, ANSWER)
    assert "Gửi công dân" in office.last(office.hien.address)
    office.write(office.hien, "1")
    assert "sẽ gửi sau 20 giây" in office.last(office.hien.address)
    office.wait(seconds=21)
    assert ANSWER in office.last(CITIZEN)


def test_number_without_a_reply_counts_for_the_own_question_only(office: Office, ticket: TicketRow) -> None:
    explain(office)
    office.send(office.luu, ROOM, TextReceived("1"))
    assert [row.state for row in office.drafts(ticket)] == ["draft"]
    office.send(office.hien, ROOM, TextReceived("1"))
    assert [row.state for row in office.drafts(ticket)] == ["held"]


def test_colleague_cannot_press_another_officers_question(office: Office, ticket: TicketRow) -> None:
    explain(office)
    office.press(office.luu, "Gửi", ROOM)
    assert office.toasts[-1].startswith("Câu hỏi này dành cho người khác")
    assert [row.state for row in office.drafts(ticket)] == ["draft"]


def test_reply_to_the_card_is_a_draft(office: Office, ticket: TicketRow) -> None:
    office.write(office.hien, ANSWER, ROOM, under=f"{ticket.number} ·")
    assert "kết quả là gì?" in office.last(ROOM)
    office.press(office.hien, "Trả lời, giải thích", ROOM)
    assert ANSWER in office.find(ROOM, "Gửi công dân").text


def test_reply_to_what_the_citizen_added_is_a_draft(office: Office, ticket: TicketRow) -> None:
    office.write("7001", "Đèn trước nhà văn hóa cũng tắt", CITIZEN)
    office.write(office.hien, ANSWER, ROOM, under="dân nhắn thêm")
    assert "kết quả là gì?" in office.last(ROOM)


def test_two_slashes_make_a_note_that_goes_nowhere(office: Office, ticket: TicketRow) -> None:
    seen = len(office.screen(CITIZEN))
    office.write(office.hien, "// đã gọi trưởng thôn", ROOM, under=f"{ticket.number} ·")
    assert "ghi chú nội bộ" in office.last(ROOM)
    assert office.notes(ticket) == ["đã gọi trưởng thôn"]
    assert office.drafts(ticket) == []
    assert len(office.screen(CITIZEN)) == seen


def test_note_in_the_middle_of_a_draft_leaves_the_draft(office: Office, ticket: TicketRow) -> None:
    explain(office)
    office.write(office.hien, "// hỏi lại tổ điện", ROOM, under="Gửi công dân")
    assert office.notes(ticket) == ["hỏi lại tổ điện"]
    assert [row.text for row in office.drafts(ticket)] == [ANSWER]


def test_preview_can_become_a_note(office: Office, ticket: TicketRow) -> None:
    explain(office)
    office.press(office.hien, "Ghi chú nội bộ", ROOM)
    assert office.notes(ticket) == [ANSWER]
    assert [row.state for row in office.drafts(ticket)] == ["note"]


def test_draft_can_be_rewritten_and_dropped(office: Office, ticket: TicketRow) -> None:
    explain(office)
    office.press(office.hien, "Sửa", ROOM)
    office.write(office.hien, "Chúng tôi đã báo điện lực thay đèn.", ROOM, under="xin viết lại")
    assert ANSWER not in office.last(ROOM)
    office.press(office.hien, "Hủy", ROOM)
    assert "chưa có gì được gửi đi" in office.last(ROOM)
    assert [row.state for row in office.drafts(ticket)] == ["dropped"]


def test_unconfirmed_draft_becomes_a_note_after_ten_minutes(office: Office, ticket: TicketRow) -> None:
    explain(office)
    payload = office.payload(ROOM, "Gửi")
    office.wait(minutes=11)
    assert office.notes(ticket) == [ANSWER]
    assert "chưa gửi cho dân" in office.last(ROOM)
    office.push(office.hien, payload, ROOM)
    office.wait(minutes=1)
    assert ANSWER not in office.text(CITIZEN)


def test_repaired_needs_a_photo_and_carries_it(office: Office, ticket: TicketRow) -> None:
    office.press(office.hien, "Trả lời", ROOM)
    office.press(office.hien, "Đã khắc phục tại chỗ", ROOM)
    office.write(office.hien, ANSWER, ROOM, under="xin viết câu trả lời")
    assert "ít nhất một ảnh" in office.last(ROOM)
    office.photo(office.hien, ROOM, under="ít nhất một ảnh")
    assert "1 ảnh)?" in office.last(ROOM)
    office.press(office.hien, "Gửi", ROOM)
    office.wait(seconds=21)
    assert "đã được khắc phục" in office.last(CITIZEN)
    assert office.screen(CITIZEN)[-1].files == 1


def test_partly_repaired_needs_a_photo_and_a_day(office: Office, ticket: TicketRow) -> None:
    office.press(office.hien, "Trả lời", ROOM)
    office.press(office.hien, "Khắc phục một phần", ROOM)
    office.photo(office.hien, ROOM, under="xin viết câu trả lời")
    office.write(office.hien, ANSWER, ROOM, under="xin viết câu trả lời")
    assert "một ngày dự kiến" in office.last(ROOM)
    office.write(office.hien, "31/2", ROOM, under="một ngày dự kiến")
    assert "chưa đọc được ngày" in office.last(ROOM)
    office.write(office.hien, "20/3", ROOM, under="một ngày dự kiến")
    assert "dự kiến xong thứ Sáu 20/03/2026" in office.last(ROOM)


def test_photos_under_a_card_begin_a_draft(office: Office, ticket: TicketRow) -> None:
    office.photo(office.hien, ROOM, under=f"{ticket.number} ·")
    office.photo(office.hien, ROOM, under=f"{ticket.number} ·")
    assert len(office.drafts(ticket)) == 1
    office.press(office.hien, "Đã khắc phục tại chỗ", ROOM)
    office.write(office.hien, ANSWER, ROOM, under="xin viết câu trả lời")
    assert "2 ảnh)?" in office.last(ROOM)


def test_too_short_an_answer_is_asked_again(office: Office, ticket: TicketRow) -> None:
    explain(office, "Xong.")
    assert "quá ngắn" in office.last(ROOM)
    office.write(office.hien, ANSWER, ROOM, under="quá ngắn")
    assert "Gửi công dân" in office.last(ROOM)


def test_question_goes_to_the_citizen_and_stops_the_promised_clock(office: Office, ticket: TicketRow) -> None:
    office.press(office.hien, "Hỏi thêm", ROOM)
    office.write(office.hien, "Đèn ở gần nhà số mấy?", ROOM, under="một câu hỏi rõ ràng")
    office.press(office.hien, "Gửi", ROOM)
    office.wait(seconds=21)
    assert "Đèn ở gần nhà số mấy?" in office.last(CITIZEN)
    assert office.ticket(ticket).status == Status.AWAITING_CITIZEN
    assert "Chờ dân bổ sung" in office.card(ticket).text


def test_withdrawn_meanwhile_keeps_the_draft_and_tells_the_officer(office: Office, ticket: TicketRow) -> None:
    explain(office)
    office.press(office.hien, "Gửi", ROOM)
    with office.database.transaction() as tx:
        found = tx.session.get(TicketRow, ticket.id)
        assert found is not None
        tickets.withdraw(office.service, tx, found, office.now)
    office.wait(seconds=21)
    assert ANSWER not in office.text(CITIZEN)
    assert "chưa gửi được" in office.find(ROOM, "chưa gửi được").text
    assert [row.state for row in office.drafts(ticket)] == ["draft"]
    office.press(office.hien, "Ghi chú nội bộ", ROOM)
    assert office.notes(ticket) == [ANSWER]


def test_two_answers_meet_and_the_second_is_kept(office: Office, ticket: TicketRow) -> None:
    explain(office)
    office.write(office.luu, "Điện lực sẽ thay đèn trong tuần.", ROOM, under=f"{ticket.number} ·")
    office.press(office.luu, "Trả lời, giải thích", ROOM)
    office.press(office.luu, "Gửi", ROOM)
    office.send(office.hien, ROOM, TextReceived("1"))
    office.wait(seconds=21)
    states = sorted(row.state for row in office.drafts(ticket))
    assert states == ["delivered", "draft"]
    assert len(office.audits("answer")) == 1


def test_blocked_citizen_is_told_to_the_desk_with_the_telephone(office: Office, ticket: TicketRow) -> None:
    explain(office)
    office.fails[CITIZEN.chat] = PermanentSendError("blocked")
    office.press(office.hien, "Gửi", ROOM)
    office.wait(seconds=21)
    assert "✗ Không gửi được: người dân đã chặn tin" in office.card(ticket).text
    assert "gọi điện" in office.find(ROOM, "không tới được").text
    office.press(office.hien, "Xem liên hệ", ROOM)
    assert "để làm gì" in office.last(office.hien.address)


def test_doubtful_answer_waits_for_a_person(office: Office, ticket: TicketRow) -> None:
    explain(office)
    office.fails[CITIZEN.chat] = UnknownOutcome("no_answer")
    office.press(office.hien, "Gửi", ROOM)
    office.wait(seconds=21)
    assert "Chưa rõ tin đã tới" in office.card(ticket).text
    office.fails.clear()
    payload = office.payload(ROOM, "Gửi lại")
    for _ in range(5):
        office.push(office.hien, payload, ROOM)
    assert office.text(CITIZEN).count(ANSWER) == 1
    assert "✓ Đã gửi" in office.card(ticket).text


def test_doubtful_answer_may_be_declared_arrived(office: Office, ticket: TicketRow) -> None:
    explain(office)
    office.fails[CITIZEN.chat] = UnknownOutcome("no_answer")
    office.press(office.hien, "Gửi", ROOM)
    office.wait(seconds=21)
    office.press(office.luu, "Đã tới", ROOM)
    assert office.toasts[-1] == f"{ticket.number}: đã ghi là tin đã tới dân."
    assert "✓ Đã gửi" in office.card(ticket).text


def test_answer_before_the_ticket_is_accepted_says_what_is_missing(office: Office) -> None:
    fresh = office.citizen_files()
    office.write(office.hien, ANSWER, ROOM, under=f"{fresh.number} ·")
    assert "hồ sơ đang ở bước «Mới gửi»" in office.last(ROOM)
    assert office.drafts(fresh) == []


def test_refused_message_does_not_stop_the_next_one(office: Office, ticket: TicketRow) -> None:
    explain(office)
    office.press(office.hien, "Gửi", ROOM)
    other = office.citizen_files()
    office.press(office.luu, "Tiếp nhận", ROOM)
    office.write(office.luu, "Điện lực sẽ thay đèn trong tuần.", ROOM, under=f"{other.number} ·")
    office.press(office.luu, "Trả lời, giải thích", ROOM)
    office.press(office.luu, "Gửi", ROOM)
    with office.database.transaction() as tx:
        found = tx.session.get(TicketRow, ticket.id)
        assert found is not None
        tickets.withdraw(office.service, tx, found, office.now)
    office.wait(seconds=21)
    assert office.ticket(other).status == Status.ANSWERED
    assert [row.state for row in office.drafts(other)] == ["delivered"]
    assert office.text(CITIZEN).count("Điện lực sẽ thay đèn") == 1


def test_room_that_moved_keeps_its_drafts(office: Office, ticket: TicketRow) -> None:
    explain(office)
    office.press(office.hien, "Gửi", ROOM)
    office.send("999", ROOM, ChatMoved("-100999"))
    with office.database.transaction() as tx:
        found = tx.session.get(TicketRow, ticket.id)
        assert found is not None
        tickets.withdraw(office.service, tx, found, office.now)
    office.wait(seconds=21)
    assert "chưa gửi được" in office.text(Address(ROOM.channel, "-100999"))
