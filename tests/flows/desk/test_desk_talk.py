"""Talk in the desk's room: what is meant for us, what is not, and what the desk is told."""

from collections.abc import Callable

import pytest

from core.channel import MediaKind, MediaReceived, MediaRef, TextReceived
from core.tickets import Status
from handlers import notices, tickets
from storage.tables import TicketRow
from storage.transaction import Transaction
from tests.flows.office import PHONE, ROOM, Office

ANSWER = "Tổ điện đã thay bóng đèn sáng nay, xin cảm ơn ông bà."


def asked(office: Office, outcome: str = "Trả lời, giải thích") -> None:
    """Hiên is asked for the words of an answer."""
    office.press(office.hien, "Trả lời", ROOM)
    office.press(office.hien, outcome, ROOM)


def previewed(office: Office) -> None:
    """Hiên's answer lies ready in the room."""
    asked(office)
    office.write(office.hien, ANSWER, ROOM, under="xin viết câu trả lời")


def change(office: Office, ticket: TicketRow, act: Callable[[Transaction, TicketRow], None]) -> None:
    """Something happens to the ticket elsewhere."""
    with office.database.transaction() as tx:
        act(tx, tx.session.get_one(TicketRow, ticket.id))
    office.deliver()


def states(office: Office, ticket: TicketRow) -> list[str]:
    return [row.state for row in office.drafts(ticket)]


# --- talk of the room --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "talk", ["ok", "ừ", "vâng", "đúng", "đồng ý", "xong", "xong rồi", "Gửi", "gửi đi", "một", "số 1", "Huy"]
)
def test_talk_beside_a_preview_sends_nothing_and_changes_nothing(
    office: Office, ticket: TicketRow, talk: str
) -> None:
    previewed(office)
    before = len(office.rows())
    office.send(office.hien, ROOM, TextReceived(talk))
    office.send(office.hien, ROOM, TextReceived(talk), reply_to="in1")
    assert states(office, ticket) == ["draft"]
    assert len(office.rows()) == before


def test_whole_label_without_a_reply_counts_when_it_lets_nothing_go(
    office: Office, ticket: TicketRow
) -> None:
    previewed(office)
    office.send(office.hien, ROOM, TextReceived("Hủy"))
    assert states(office, ticket) == ["dropped"]


def test_yes_in_reply_to_the_preview_sends(office: Office, ticket: TicketRow) -> None:
    previewed(office)
    office.write(office.hien, "ok", ROOM, under="Gửi công dân")
    assert states(office, ticket) == ["held"]


def test_yes_in_reply_to_an_older_preview_does_not_send(office: Office, ticket: TicketRow) -> None:
    previewed(office)
    old = office.find(ROOM, "Gửi công dân").id
    office.write(office.hien, "Xin ông bà xem lại giúp.", ROOM, under="Gửi công dân")
    office.send(office.hien, ROOM, TextReceived("ok"), reply_to=old)
    assert states(office, ticket) == ["draft"]
    assert "chưa hiểu" in office.last(ROOM)


def test_words_and_photos_without_a_reply_are_no_draft_and_the_question_says_so(
    office: Office, ticket: TicketRow
) -> None:
    asked(office)
    assert "trả lời (reply) tin này" in office.last(ROOM)
    before = len(office.rows())
    office.send(office.hien, ROOM, TextReceived("Chị Lan ơi, ông này khiếu nại mãi, để chiều nhé."))
    office.send(office.hien, ROOM, MediaReceived(MediaRef("f1", MediaKind.PHOTO)))
    assert len(office.rows()) == before
    assert [row.text for row in office.drafts(ticket)] == [""]


# --- replies to our messages -------------------------------------------------------------------------------


def test_words_under_the_line_about_a_kept_file_are_the_answer(office: Office, ticket: TicketRow) -> None:
    asked(office)
    office.photo(office.hien, ROOM, under="xin viết câu trả lời")
    office.write(office.hien, ANSWER, ROOM, under="đã giữ tệp")
    assert ANSWER in office.last(ROOM)
    assert "1 ảnh)?" in office.last(ROOM)


def test_going_on_under_the_line_about_a_kept_file_says_what_is_missing(
    office: Office, ticket: TicketRow
) -> None:
    asked(office)
    office.photo(office.hien, ROOM, under="xin viết câu trả lời")
    office.write(office.hien, "xong", ROOM, under="đã giữ tệp")
    assert "quá ngắn" in office.last(ROOM)
    office.write(office.hien, ANSWER, ROOM, under="quá ngắn")
    assert "Gửi công dân" in office.last(ROOM)


def test_number_under_the_line_about_a_kept_file_is_a_choice_of_the_question(
    office: Office, ticket: TicketRow
) -> None:
    office.photo(office.hien, ROOM, under=f"{ticket.number} ·")
    office.write(office.hien, "3", ROOM, under="đã giữ tệp")
    assert "xin viết câu trả lời" in office.last(ROOM)


def test_number_in_private_after_a_kept_file_is_still_a_choice(office: Office, ticket: TicketRow) -> None:
    office.write(office.hien, f"hồ sơ {ticket.number[-3:]}")
    office.write(office.hien, "trả lời")
    office.photo(office.hien)
    office.write(office.hien, "3")
    assert "xin viết câu trả lời" in office.last(office.hien.address)


def test_colleague_replying_to_a_line_of_anothers_draft_is_told(office: Office, ticket: TicketRow) -> None:
    asked(office)
    office.photo(office.hien, ROOM, under="xin viết câu trả lời")
    office.write(office.luu, "Thêm số nhà nữa", ROOM, under="đã giữ tệp")
    assert "dành cho người khác" in office.last(ROOM)


def test_reply_to_a_question_that_is_over_is_told(office: Office, ticket: TicketRow) -> None:
    asked(office)
    office.press(office.hien, "Hủy", ROOM)
    assert "chưa được ghi" in office.write(office.hien, ANSWER, ROOM, under="xin viết câu trả lời")


def test_reply_to_a_message_of_ours_that_takes_none_says_where_to_reply(
    office: Office, ticket: TicketRow
) -> None:
    office.write(office.hien, "/trogiup", ROOM)
    assert "trả lời (reply) thẻ" in office.write(office.hien, ANSWER, ROOM, under="Chuyện khác trong phòng")


# --- what the desk hears -----------------------------------------------------------------------------------


def test_room_hears_that_the_citizen_took_it_back(office: Office, ticket: TicketRow) -> None:
    change(office, ticket, lambda tx, found: tickets.withdraw(office.service, tx, found, office.now))
    change(office, ticket, lambda tx, found: notices.withdrawn(tx, found, office.now))
    assert office.last(ROOM) == f"{ticket.number}: dân đã rút hồ sơ. Không cần làm tiếp."
    assert office.ticket(ticket).status == Status.WITHDRAWN


def test_room_hears_why_the_citizen_contests_without_the_telephone(office: Office, ticket: TicketRow) -> None:
    reason = f"Đèn vẫn tắt, gọi {PHONE}"
    change(office, ticket, lambda tx, found: notices.contested(tx, found, reason, office.now))
    assert f"{ticket.number}: dân cho biết việc chưa xong" in office.last(ROOM)
    assert "Đèn vẫn tắt" in office.last(ROOM)
    assert PHONE not in office.last(ROOM)


def test_second_to_forward_hears_who_forwarded(office: Office, ticket: TicketRow) -> None:
    payload = office.payload(ROOM, "Chuyển gợi ý")
    office.push(office.hien, payload, ROOM)
    office.push(office.luu, payload, ROOM)
    office.push(office.luu, payload, ROOM)
    assert "Tống Thị Hiên đã làm trước" in office.toasts[-1]


def test_second_to_ask_hears_who_asked(office: Office, ticket: TicketRow) -> None:
    office.press(office.hien, "Hỏi thêm", ROOM)
    office.write(office.hien, "Đèn ở gần nhà số mấy?", ROOM, under="một câu hỏi rõ ràng")
    office.press(office.luu, "Hỏi thêm", ROOM)
    office.press(office.luu, "Hỏi thêm", ROOM)
    office.write(office.luu, "Đèn tắt từ hôm nào?", ROOM, under="Hà Thị Bích Lựu:")
    office.send(office.hien, ROOM, TextReceived("1"))
    office.wait(seconds=21)
    office.press(office.luu, "Gửi", ROOM)
    assert "Tống Thị Hiên đã làm trước" in office.toasts[-1]
    assert "«Chờ công dân bổ sung»" in office.toasts[-1]
