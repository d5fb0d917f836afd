"""«Không phải, việc khác»: the words go to a new matter, and the desk's question waits again."""

import pytest
from sqlmodel import select

from core.channel import MediaKind, MediaReceived, MediaRef
from core.tickets import Status
from storage.tables import TicketEntryRow, TicketRow
from tests.flows.desk.test_desk_reminders import ask
from tests.flows.office import CITIZEN, ROOM, Office

OTHER = "Quán karaoke đầu thôn hát đến hai giờ sáng"


@pytest.fixture
def asked(office: Office, ticket: TicketRow) -> TicketRow:
    """A ticket whose question the citizen has, it seems, just answered."""
    ask(office)
    office.wait(hours=1)
    office.write("7001", OTHER)
    assert office.ticket(ticket).status == Status.ACCEPTED
    return ticket


def words(office: Office, ticket: TicketRow) -> list[str]:
    with office.database.transaction() as tx:
        wanted = (TicketEntryRow.ticket_id == ticket.id, TicketEntryRow.side == "citizen")
        return list(tx.session.exec(select(TicketEntryRow.text).where(*wanted).order_by(TicketEntryRow.id)))


@pytest.mark.parametrize("answer", ["1", "Không phải, việc khác", "khong phai, viec khac"])
def test_question_waits_again_and_the_words_go_to_the_new_matter(
    office: Office, asked: TicketRow, answer: str
) -> None:
    said = office.write("7001", answer)
    found = office.ticket(asked)
    assert (found.status, found.left_status) == (Status.AWAITING_CITIZEN, Status.ACCEPTED)
    assert found.question == "Đèn số mấy ạ?"
    assert "vẫn chờ ông/bà trả lời đến hết" in said
    assert OTHER not in words(office, asked)
    assert "câu hỏi lại chờ dân" in office.text(ROOM)


def test_question_waits_until_the_same_day_as_before(office: Office, ticket: TicketRow) -> None:
    ask(office)
    until = office.ticket(ticket).question_until
    office.wait(days=2)
    office.write("7001", OTHER)
    office.write("7001", "1")
    assert office.ticket(ticket).question_until == until


def test_waiting_question_is_answered_afterwards(office: Office, asked: TicketRow) -> None:
    office.write("7001", "1")
    office.write("7001", "không đồng ý")  # the new matter ends there
    office.write("7001", f"hồ sơ {asked.number}")
    office.write("7001", "Trả lời câu hỏi của cán bộ")
    office.write("7001", "Đèn số 12, cạnh nhà văn hóa")
    assert office.ticket(asked).status == Status.ACCEPTED
    assert words(office, asked)[-1] == "Đèn số 12, cạnh nhà văn hóa"


def test_ticket_that_went_on_meanwhile_stays_and_the_desk_hears_it(office: Office, asked: TicketRow) -> None:
    office.press(office.hien, "Chuyển gợi ý", ROOM)
    office.press("7001", "Không phải, việc khác", CITIZEN)
    assert office.ticket(asked).status == Status.FORWARDED
    assert OTHER not in words(office, asked)
    assert "nếu vẫn cần, xin hỏi lại" in office.text(ROOM)


def test_nothing_to_add_is_told_as_that_and_not_as_a_file(office: Office, ticket: TicketRow) -> None:
    ask(office)
    office.write("7001", "không có thêm")
    assert office.ticket(ticket).status == Status.ACCEPTED
    assert "xem xét tiếp theo những gì đã có" in office.last(CITIZEN)
    assert "(không có thêm thông tin)" in office.text(ROOM)
    assert "(gửi tệp)" not in office.text(ROOM)


def test_a_file_alone_is_an_answer_with_a_file(office: Office, ticket: TicketRow) -> None:
    ask(office)
    office.send("7001", CITIZEN, MediaReceived(MediaRef("photo-of-the-pole", MediaKind.PHOTO)))
    office.write("7001", "xong")
    office.wait(seconds=3)
    assert "thông tin đã được thêm" in office.last(CITIZEN)
    assert "(gửi tệp)" in office.text(ROOM)
