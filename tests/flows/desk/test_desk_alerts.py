"""Warnings of a ticket's clocks, once half-way and once at the end, to who holds it."""

from core.tickets import Status
from storage.tables import TicketRow
from tests.conftest import Member, join
from tests.flows.desk.test_desk_class import correct
from tests.flows.desk.test_desk_reminders import ask
from tests.flows.office import CITIZEN, ROOM, Office

HALF_RECEIVE, LATE_RECEIVE = "đã qua nửa hạn tiếp nhận", "quá hạn tiếp nhận"
HALF_TAKE, LATE_TAKE = "đơn vị chưa nhận việc, đã qua nửa hạn", "quá hạn nhận việc"
HALF_PROMISE, LATE_PROMISE = "đã qua nửa thời gian hẹn", "quá hạn hẹn trả lời dân"


def hears(office: Office, whom: Member, words: str) -> int:
    return office.text(whom.address).count(words)


def room_hears(office: Office, words: str) -> int:
    return office.text(ROOM).count(words)


def head_of_economy(office: Office) -> Member:
    """A head who works in another unit: they hear nothing of the unit's tickets before the end."""
    with office.database.transaction() as tx:
        tx.connection.exec_driver_sql("UPDATE unit SET head = 'Bế Văn Soạn' WHERE name = 'Phòng Kinh tế'")
        return join(tx, "Bế Văn Soạn", "Công an xã", office.tuyen.officer.role, "22", channel=ROOM.channel)


def test_room_is_warned_when_half_the_time_to_accept_is_over_and_leaders_at_the_end(office: Office) -> None:
    office.citizen_files()  # at 09:00: eight office hours end at 09:30 the next day
    office.wait(hours=5, minutes=59)
    assert room_hears(office, HALF_RECEIVE) == 0
    for _ in range(3):
        office.wait(minutes=1)
    assert room_hears(office, HALF_RECEIVE) == 1
    assert hears(office, office.khai, LATE_RECEIVE) == 0
    office.wait(hours=18, minutes=30)
    office.wait(hours=1)
    assert (room_hears(office, LATE_RECEIVE), hears(office, office.khai, LATE_RECEIVE)) == (1, 1)
    assert room_hears(office, HALF_RECEIVE) == 1


def test_accepted_in_time_nobody_is_warned_of_acceptance(office: Office, ticket: TicketRow) -> None:
    office.wait(days=2)
    assert room_hears(office, HALF_RECEIVE) + room_hears(office, LATE_RECEIVE) == 0


def test_unit_is_warned_half_way_and_its_head_at_the_end(office: Office, ticket: TicketRow) -> None:
    head = head_of_economy(office)
    office.press(office.hien, "Chuyển gợi ý", ROOM)
    office.wait(hours=6)
    office.wait(minutes=1)
    assert (hears(office, office.tuyen, HALF_TAKE), hears(office, head, HALF_TAKE)) == (1, 0)
    office.wait(hours=18, minutes=30)
    office.wait(hours=1)
    assert (hears(office, office.tuyen, LATE_TAKE), hears(office, head, LATE_TAKE)) == (1, 1)
    assert room_hears(office, LATE_TAKE) == 0


def test_unit_that_took_it_is_warned_of_the_promise_only(office: Office, ticket: TicketRow) -> None:
    office.press(office.hien, "Chuyển gợi ý", ROOM)
    office.press(office.tuyen, "Nhận việc")
    office.wait(days=6)
    office.wait(days=2)
    assert hears(office, office.tuyen, HALF_TAKE) + hears(office, office.tuyen, LATE_TAKE) == 0
    assert (hears(office, office.tuyen, HALF_PROMISE), hears(office, office.tuyen, LATE_PROMISE)) == (1, 1)


def test_desk_is_warned_of_the_promise_it_gave(office: Office, ticket: TicketRow) -> None:
    office.wait(days=3)
    assert room_hears(office, HALF_PROMISE) == 1
    office.wait(days=7)
    assert (room_hears(office, HALF_PROMISE), room_hears(office, LATE_PROMISE)) == (1, 1)


def test_two_warnings_missed_together_are_one(office: Office, ticket: TicketRow) -> None:
    office.wait(days=9)
    assert (room_hears(office, HALF_PROMISE), room_hears(office, LATE_PROMISE)) == (0, 1)


def test_citizen_who_is_asked_stops_the_warnings(office: Office, ticket: TicketRow) -> None:
    ask(office)
    office.wait(days=4)
    assert room_hears(office, HALF_PROMISE) == 0
    office.write("7001", "Đèn số 12, cạnh nhà văn hóa")
    assert office.ticket(ticket).status == Status.ACCEPTED


def test_warning_of_the_evening_comes_in_the_morning_but_an_urgent_one_at_once(office: Office) -> None:
    for is_urgent in (False, True):
        found = office.citizen_files()
        with office.database.transaction() as tx:
            row = tx.session.get_one(TicketRow, found.id)
            row.is_urgent = is_urgent
    office.wait(hours=13)  # 22:00
    assert room_hears(office, HALF_RECEIVE) + room_hears(office, LATE_RECEIVE) == 1
    office.wait(hours=8, minutes=59)
    assert room_hears(office, HALF_RECEIVE) + room_hears(office, LATE_RECEIVE) == 1
    office.wait(minutes=1)
    assert room_hears(office, HALF_RECEIVE) + room_hears(office, LATE_RECEIVE) == 2


def test_citizen_hears_nothing_of_warnings(office: Office, ticket: TicketRow) -> None:
    seen = len(office.screen(CITIZEN))
    office.wait(days=9)
    assert len(office.screen(CITIZEN)) == seen


def test_moved_promise_is_warned_of_anew(office: Office, ticket: TicketRow) -> None:
    office.wait(days=3)
    correct(office, "phức tạp")
    office.wait(days=5)
    assert room_hears(office, HALF_PROMISE) == 1
    office.wait(days=6)
    assert room_hears(office, HALF_PROMISE) == 2


def test_a_ticket_that_cannot_be_read_keeps_no_other_from_its_clock(office: Office) -> None:
    broken, sound = office.citizen_files(), office.citizen_files(story="Rác ở chợ Nà Cọ chưa ai dọn.")
    office.execute(f"UPDATE ticket SET status = 'nonsense' WHERE id = {broken.id}")
    office.wait(hours=6)
    assert room_hears(office, f"{sound.number} «Rác ở chợ Nà Cọ chưa ai dọn.»: {HALF_RECEIVE}") == 1
    office.execute(f"UPDATE ticket SET status = 'submitted' WHERE id = {broken.id}")
    office.wait(minutes=1)
    assert (
        room_hears(office, f"{broken.number} «Đèn đường thôn Nà Cọ tắt từ tối thứ Hai.»: {HALF_RECEIVE}") == 1
    )
