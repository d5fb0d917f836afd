"""The citizen is reminded once: of a question left open, of an answer nobody spoke about."""

import pytest

from core.tickets import Status
from handlers import tickets
from storage.tables import TicketRow
from tests.flows.office import CITIZEN, ROOM, Office

QUESTION = "đang chờ ông/bà cho biết thêm: Đèn số mấy ạ?"
ANSWER = "chúng tôi chưa biết ý kiến của ông/bà"


def ask(office: Office) -> None:
    office.press(office.hien, "Hỏi thêm", ROOM)
    office.write(office.hien, "Đèn số mấy ạ?", ROOM, under="xin viết một câu hỏi")
    office.press(office.hien, "Gửi", ROOM)
    office.wait(seconds=21)


def answer(office: Office) -> None:
    office.press(office.hien, "Trả lời", ROOM)
    office.press(office.hien, "Trả lời, giải thích", ROOM)
    office.write(office.hien, "Tổ điện sẽ kiểm tra theo lịch.", ROOM, under="xin viết câu trả lời")
    office.press(office.hien, "Gửi", ROOM)
    office.wait(seconds=21)


def reminders(office: Office, words: str) -> int:
    return office.text(CITIZEN).count(words)


def test_question_is_reminded_of_once_on_the_third_day(office: Office, ticket: TicketRow) -> None:
    ask(office)
    office.wait(days=2, hours=23)
    assert reminders(office, QUESTION) == 0
    for _ in range(3):
        office.wait(hours=1)
    assert reminders(office, QUESTION) == 1
    assert "hết" in office.last(CITIZEN)
    office.wait(days=1)
    assert reminders(office, QUESTION) == 1


def test_reminded_citizen_answers_right_under_the_reminder(office: Office, ticket: TicketRow) -> None:
    ask(office)
    office.wait(days=3)
    office.write("7001", "Đèn số 12, cạnh nhà văn hóa")
    assert office.ticket(ticket).status == Status.ACCEPTED


def test_answered_question_is_not_reminded_of(office: Office, ticket: TicketRow) -> None:
    ask(office)
    office.write("7001", "Đèn số 12, cạnh nhà văn hóa")
    office.wait(days=4)
    assert reminders(office, QUESTION) == 0


def test_second_question_has_a_reminder_of_its_own(office: Office, ticket: TicketRow) -> None:
    ask(office)
    office.wait(days=3)
    office.write("7001", "Đèn số 12, cạnh nhà văn hóa")
    ask(office)
    office.wait(days=3)
    assert reminders(office, QUESTION) == 2


def test_reminder_rests_at_night_and_on_days_off(office: Office, ticket: TicketRow) -> None:
    office.wait(days=2)  # Thursday: the third day is a Sunday
    ask(office)
    office.wait(days=3)
    assert reminders(office, QUESTION) == 0
    office.wait(hours=21, minutes=59)
    assert reminders(office, QUESTION) == 0
    office.wait(hours=1)
    assert reminders(office, QUESTION) == 1


def test_answer_nobody_spoke_about_is_asked_about_once_on_the_seventh_day(
    office: Office, ticket: TicketRow
) -> None:
    answer(office)
    office.wait(days=6, hours=23)
    assert reminders(office, ANSWER) == 0
    office.wait(hours=1)
    office.wait(hours=1)
    office.wait(days=2)
    assert reminders(office, ANSWER) == 1


@pytest.mark.parametrize("word", ["1", "Đã xong"])
def test_reminder_of_an_answer_takes_the_verdict(office: Office, ticket: TicketRow, word: str) -> None:
    answer(office)
    office.wait(days=7)
    office.write("7001", word)
    assert office.ticket(ticket).status == Status.CLOSED


def test_withdrawn_or_confirmed_tickets_are_left_in_peace(office: Office, ticket: TicketRow) -> None:
    answer(office)
    office.press("7001", "Đã xong", CITIZEN)
    second = office.citizen_files()
    office.press(office.hien, "Tiếp nhận", ROOM)
    ask(office)
    with office.database.transaction() as tx:
        tickets.withdraw(office.service, tx, tx.session.get_one(TicketRow, second.id), office.now)
    office.wait(days=8)
    assert reminders(office, QUESTION) + reminders(office, ANSWER) == 0


def test_silence_after_the_reminder_ends_as_before(office: Office, ticket: TicketRow) -> None:
    ask(office)
    office.wait(days=3)
    office.wait(days=3)
    assert office.ticket(ticket).status == Status.ACCEPTED
    assert "dân chưa bổ sung" in office.card(ticket).text
