"""The desk's room: cards, claims, contacts, and who is obeyed."""

import json

import pytest
from sqlmodel import select

from core.channel import TextReceived
from core.conversation.draft import Identity
from core.tickets import Status
from handlers import invites
from storage.tables import OutboxRow, RoomRow
from tests.flows.office import CITIZEN, NAME, PHONE, ROOM, Office


def test_new_ticket_shows_a_card_in_the_room(office: Office) -> None:
    ticket = office.citizen_files()
    card = office.card(ticket)
    assert "Mới gửi" in card.text
    assert "Người giữ: chưa ai" in card.text
    assert list(card.buttons) == ["Tiếp nhận", "Hỏi thêm", "Sửa phân loại", "Xem tệp", "Xem liên hệ"]


def test_first_press_claims_and_tells_the_citizen_the_day(office: Office) -> None:
    ticket = office.citizen_files()
    assert "đã tiếp nhận" in office.press(office.hien, "Tiếp nhận", ROOM)
    card = office.card(ticket)
    assert "Người giữ: Tống Thị Hiên" in card.text
    assert "Chuyển gợi ý" in card.buttons
    assert ticket.number in office.last(CITIZEN)


def test_five_presses_are_one(office: Office) -> None:
    ticket = office.citizen_files()
    payload = office.payload(ROOM, "Tiếp nhận")
    told = len(office.screen(CITIZEN))
    for _ in range(5):
        office.push(office.hien, payload, ROOM)
    assert len(office.audits("accept")) == 1
    assert len(office.screen(CITIZEN)) == told + 1
    assert office.toasts[-1] == f"Anh/chị đang giữ hồ sơ {ticket.number}."
    assert len(office.toasts) == 5


def test_second_officer_is_told_who_has_it_and_takes_over_with_another_press(office: Office) -> None:
    ticket = office.citizen_files()
    payload = office.payload(ROOM, "Tiếp nhận")
    office.push(office.hien, payload, ROOM)
    office.push(office.luu, payload, ROOM)
    assert office.toasts[-1] == "Tống Thị Hiên đang xử lý từ 09:00. Bấm hoặc nhắn lần nữa để nhận thay."
    assert office.ticket(ticket).holder_id == office.hien.officer.id
    office.push(office.luu, payload, ROOM)
    assert office.toasts[-1] == f"Anh/chị đã nhận thay hồ sơ {ticket.number}."
    assert "Người giữ: Hà Thị Bích Lựu" in office.card(ticket).text
    assert len(office.audits("accept")) == 1


def test_warning_of_yesterday_is_no_leave_to_take_over(office: Office) -> None:
    ticket = office.citizen_files()
    payload = office.payload(ROOM, "Tiếp nhận")
    office.push(office.hien, payload, ROOM)
    office.push(office.luu, payload, ROOM)
    office.wait(hours=20)
    office.push(office.luu, payload, ROOM)
    assert office.ticket(ticket).holder_id == office.hien.officer.id


def test_colleague_is_warned_before_any_other_act_too(office: Office) -> None:
    office.citizen_files()
    office.press(office.hien, "Tiếp nhận", ROOM)
    before = len(office.screen(ROOM))
    office.press(office.luu, "Trả lời", ROOM)
    assert "Bấm hoặc nhắn lần nữa để nhận thay" in office.toasts[-1]
    assert len(office.screen(ROOM)) == before
    office.press(office.luu, "Trả lời", ROOM)
    assert "Hà Thị Bích Lựu:" in office.last(ROOM)


def test_stranger_in_the_room_is_refused_and_nothing_happens(office: Office) -> None:
    ticket = office.citizen_files()
    office.press("999", "Tiếp nhận", ROOM)
    assert "chưa được kết nối" in office.toasts[-1]
    assert office.ticket(ticket).status == Status.SUBMITTED
    assert "chưa được kết nối" in office.write("999", f"/hs {ticket.number[-3:]}", ROOM)


def test_officer_of_a_unit_gets_no_desk_rights_from_the_room(office: Office) -> None:
    ticket = office.citizen_files()
    office.press(office.dung, "Tiếp nhận", ROOM)
    assert office.toasts[-1] == "Không có hồ sơ này, hoặc anh/chị không xem được hồ sơ này."
    assert office.ticket(ticket).status == Status.SUBMITTED


def test_anonymous_administrator_is_asked_to_show_himself(office: Office) -> None:
    ticket = office.citizen_files()
    office.send(office.hien, ROOM, TextReceived(f"/hs {ticket.number}"), is_anonymous=True)
    assert office.last(ROOM) == "Xin tắt chế độ quản trị ẩn danh để thao tác."


def test_peoples_own_talk_is_neither_answered_nor_kept(office: Office) -> None:
    office.citizen_files()
    before = len(office.rows())
    for text in ("Trưa nay ăn gì?", "2", "//", "Gửi", "PA-xxx", "/chao"):
        office.send(office.hien, ROOM, TextReceived(text))
        office.send("999", ROOM, TextReceived(text))
    assert len(office.rows()) == before


def test_number_counts_as_a_reply_to_our_card(office: Office) -> None:
    ticket = office.citizen_files()
    office.write(office.hien, "1", ROOM, under=f"{ticket.number} ·")
    assert office.ticket(ticket).status == Status.ACCEPTED


def test_label_without_accents_counts_as_a_reply_to_our_card(office: Office) -> None:
    ticket = office.citizen_files()
    office.write(office.hien, "tiep nhan", ROOM, under=f"{ticket.number} ·")
    assert office.ticket(ticket).status == Status.ACCEPTED


@pytest.mark.parametrize("form", ["/hs {handle}", "/hs@danvan_bot {number}", "{number}"])
def test_card_is_called_again_and_the_old_one_says_so(office: Office, form: str) -> None:
    ticket = office.citizen_files()
    old = office.card(ticket)
    office.write(office.hien, form.format(handle=ticket.number[-3:], number=ticket.number), ROOM)
    assert office.card(ticket).id != old.id
    assert "thẻ cũ" in old.text
    assert old.buttons == {}
    office.press(office.hien, "Tiếp nhận", ROOM)
    assert "Người giữ: Tống Thị Hiên" in office.card(ticket).text


def test_unknown_number_gets_one_sentence(office: Office) -> None:
    assert "Không tìm thấy hồ sơ" in office.write(office.hien, "/hs 222", ROOM)


def test_contact_is_given_in_private_after_its_purpose_and_logged(office: Office) -> None:
    office.citizen_files()
    assert office.press(office.hien, "Xem liên hệ", ROOM) == "Đã gửi riêng cho anh/chị."
    assert office.audits("reveal_contact") == []
    office.write(office.hien, "goi xac minh")
    assert NAME in office.last(office.hien.address)
    assert PHONE in office.last(office.hien.address)
    (row,) = office.audits("reveal_contact")
    assert (row.officer_id, row.note) == (office.hien.officer.id, "call")


def test_a_wish_for_a_letter_stands_on_the_card_and_its_address_only_with_the_contact(office: Office) -> None:
    ticket = office.citizen_files(address="số nhà 12, thôn Nà Cọ")
    assert "cần văn bản trả lời" in office.card(ticket).text
    office.press(office.hien, "Xem liên hệ", ROOM)
    assert "số nhà 12" not in office.text(ROOM)
    office.write(office.hien, "gui van ban")
    assert "Địa chỉ nhận văn bản: số nhà 12, thôn Nà Cọ" in office.last(office.hien.address)


def test_contact_leaves_the_screen_and_the_queue_after_ten_minutes(office: Office) -> None:
    office.citizen_files()
    office.press(office.hien, "Xem liên hệ", ROOM)
    office.write(office.hien, "1")
    office.wait(minutes=9)
    assert PHONE in office.text(office.hien.address)
    office.wait(minutes=2)
    assert "liên hệ đã ẩn" in office.last(office.hien.address)
    kept = json.dumps([row.message for row in office.rows()], ensure_ascii=False)
    assert PHONE not in kept
    assert NAME not in kept


def test_contact_asked_five_times_asks_once(office: Office) -> None:
    office.citizen_files()
    for _ in range(5):
        office.press(office.hien, "Xem liên hệ", ROOM)
    assert len(office.screen(office.hien.address)) == 1


def test_anonymous_sender_has_no_contact_to_see(office: Office) -> None:
    ticket = office.citizen_files(Identity.ANONYMOUS)
    office.press(office.hien, "Xem liên hệ", ROOM)
    assert office.toasts[-1] == f"Người gửi hồ sơ {ticket.number} ẩn danh, không để lại liên hệ."


def test_files_and_the_whole_story_come_in_private(office: Office) -> None:
    story = "Đèn đường tắt. " * 30 + "Hết."
    office.citizen_files(story=story)
    office.press(office.hien, "Xem tệp", ROOM)
    assert "Hết." in office.last(office.hien.address)
    assert "Hết." not in office.text(ROOM)


def test_forward_list_opens_in_private_and_the_unit_gets_its_card(office: Office) -> None:
    ticket = office.citizen_files()
    office.press(office.hien, "Tiếp nhận", ROOM)
    office.press(office.hien, "Chuyển đơn vị", ROOM)
    assert office.toasts[-1] == "Đã gửi riêng cho anh/chị."
    office.write(office.hien, "cong an")
    assert office.last(office.hien.address) == f"Đã chuyển {ticket.number} cho Công an xã."
    assert list(office.card(ticket, office.dung.address).buttons) == ["Nhận việc", "Trả lại", "Xem tệp"]
    assert "Công an xã" in office.last(CITIZEN)


def test_suggested_unit_is_one_press_and_five_are_one(office: Office) -> None:
    office.citizen_files()
    office.press(office.hien, "Tiếp nhận", ROOM)
    payload = office.payload(ROOM, "Chuyển gợi ý")
    for _ in range(5):
        office.push(office.hien, payload, ROOM)
    assert len(office.audits("forward")) == 1
    assert len(office.screen(office.tuyen.address)) == 1
    assert "hồ sơ đang ở bước «Đã chuyển, chờ đơn vị nhận»" in office.toasts[-1]


@pytest.mark.parametrize(
    "payload",
    ["t:1", "t:x:1:accept", "t:1:1:dance", "t:99999:1:accept", "d:1.1:send", "d:", "zzz", "", "t:1:1:unit:٣"],
)
def test_forged_payload_is_answered_and_does_nothing(office: Office, payload: str) -> None:
    ticket = office.citizen_files()
    office.push(office.hien, payload, ROOM)
    assert office.toasts
    assert office.ticket(ticket).status == Status.SUBMITTED
    assert office.screen(CITIZEN)[1:] == []


def test_no_room_and_no_unit_ever_hears_the_name_or_the_number(office: Office) -> None:
    ticket = office.citizen_files(story=f"Đèn tắt. Gọi tôi số {PHONE} nhé.")
    office.press(office.hien, "Xem liên hệ", ROOM)
    office.write(office.hien, "1")
    office.press(office.hien, "Tiếp nhận", ROOM)
    office.press(office.hien, "Chuyển gợi ý", ROOM)
    office.press(office.tuyen, "Xem tệp")
    office.press(office.tuyen, "Nhận việc")
    office.write("7001", f"gọi {PHONE}", CITIZEN)
    shown = office.rows(OutboxRow.chat.in_((ROOM.chat, office.tuyen.address.chat)))  # type: ignore[attr-defined]
    written = json.dumps([row.message for row in shown], ensure_ascii=False)
    assert ticket.number in written
    for secret in (NAME, PHONE, PHONE.replace(" ", "")):
        assert secret not in written
    assert NAME in office.text(office.hien.address)


def test_unit_sees_the_contact_when_the_citizen_allowed_it(office: Office) -> None:
    office.citizen_files(Identity.UNIT_TOO)
    office.press(office.hien, "Tiếp nhận", ROOM)
    office.press(office.hien, "Chuyển gợi ý", ROOM)
    office.press(office.tuyen, "Xem liên hệ")
    office.press(office.tuyen, "Gọi xác minh")
    assert PHONE in office.last(office.tuyen.address)
    assert office.audits("reveal_contact")[0].officer_id == office.tuyen.officer.id


def test_lists_and_help_answer_commands(office: Office) -> None:
    ticket = office.citizen_files()
    assert ticket.number in office.write(office.hien, "hồ sơ")
    office.write(office.hien, "1")
    assert office.card(ticket, office.hien.address).buttons
    assert "reply" in office.write(office.hien, "trợ giúp")
    assert "Chuyện khác trong phòng" in office.write(office.hien, "/trogiup", ROOM)


def test_officer_may_be_a_citizen_and_comes_back(office: Office) -> None:
    assert "việc của tôi" in office.write(office.tuyen, "chào bạn")
    answer = office.write(office.tuyen, "phản ánh")
    assert "việc của tôi" not in answer
    assert answer
    assert "Đã thôi" in office.write(office.tuyen, "thoát")


# --- without a room, and how there comes to be one ---------------------------------------------------------


def leave_room(office: Office) -> None:
    with office.database.transaction() as tx:
        tx.session.exec(select(RoomRow)).one().left_at = office.now


def test_desk_without_a_room_works_in_private_chats(office: Office) -> None:
    leave_room(office)
    ticket = office.citizen_files()
    assert office.screen(ROOM) == []
    office.press(office.hien, "Tiếp nhận")
    assert "Người giữ: Tống Thị Hiên" in office.card(ticket, office.luu.address).text
    office.press(office.hien, "Chuyển gợi ý")
    assert "Chuyển" not in office.card(ticket, office.luu.address).buttons
    office.write("7001", "Đèn trước nhà văn hóa cũng tắt", CITIZEN)
    assert "dân nhắn thêm" in office.last(office.luu.address)


def test_group_that_is_no_room_hears_nothing_but_its_code(office: Office) -> None:
    leave_room(office)
    office.citizen_files()
    assert office.write(office.hien, "/hs", ROOM) == ""
    assert "kèm mã" in office.write(office.hien, "/ketnoi", ROOM)
    with office.database.transaction() as tx:
        code = invites.invite_room(tx, office.service.keys, office.now)
    assert "phòng tiếp dân" in office.write(office.hien, f"/ketnoi {code}", ROOM)
    ticket = office.citizen_files()
    assert office.card(ticket).buttons


def test_leader_sees_the_ticket_with_the_acts_of_a_leader(office: Office) -> None:
    ticket = office.citizen_files()
    office.write(office.khai, f"hồ sơ {ticket.number[-3:]}")
    assert list(office.card(ticket, office.khai.address).buttons) == ["Xem tệp", "Xem liên hệ"]


def test_number_typed_as_talk_after_all_is_answered_means_nothing(office: Office) -> None:
    office.citizen_files()
    office.press(office.hien, "Tiếp nhận", ROOM)
    office.press(office.hien, "Trả lời", ROOM)
    office.press(office.hien, "Hủy", ROOM)
    before = len(office.rows())
    office.send(office.hien, ROOM, TextReceived("1"))
    assert len(office.rows()) == before
