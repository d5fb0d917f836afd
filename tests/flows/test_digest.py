"""The morning's message: who hears of what and when, through the tick and the outbox of a real database."""

from datetime import date, datetime, timedelta

import pytest

from storage.tables import ObligationRow
from tests.conftest import Member
from tests.flows.mornings import Mornings, at


def days_with_a_message(office: Mornings, member: Member, start: datetime, days: int) -> list[date]:
    """The days on which a reminder reached the person, looking every 30 minutes from `start`."""
    heard = []
    for half_hour in range(days * 48):
        now = start + timedelta(minutes=30 * half_hour)
        office.morning(now)
        if office.read(member, "digest", "reminder"):
            heard.append(now.astimezone(start.tzinfo).date())
    return heard


def test_the_unit_hears_on_the_named_working_days_before_the_strict_day(office: Mornings) -> None:
    """«trước 20/3» (Friday) ends on Thursday 19/3; 7, 3 and 1 working days before, and the two last days."""
    office.duty("Báo cáo quý I", date(2026, 3, 20))

    heard = days_with_a_message(office, office.staff.clerk, at(2026, 3, 3), 18)

    assert heard == [date(2026, 3, day) for day in (3, 10, 16, 18, 19, 20)]
    assert office.violations(at(2026, 3, 21)) == []


def test_the_message_says_when_it_is_due_and_opens_by_its_number(office: Mornings) -> None:
    duty_id = office.duty("Báo cáo quý I", date(2026, 3, 20))

    office.tick(at(2026, 3, 10))

    (message,) = office.read(office.staff.clerk)
    assert message.startswith("Việc của anh/chị, thứ Ba 10/03/2026: 1 việc.")
    assert message.endswith("1. Hạn thứ Năm 19/3 · Báo cáo quý I")
    assert office.payloads(office.staff.clerk) == [f"d:-:duty:{duty_id}"]


def test_the_head_of_the_unit_hears_from_three_working_days_before(office: Mornings) -> None:
    head = office.join("Mạc Văn Dũng", "Văn phòng HĐND và UBND")
    policeman = office.join("Lò Văn Páo", "Công an xã")
    office.duty("Rà soát cư trú", date(2026, 3, 20), unit="Công an xã")

    office.morning(at(2026, 3, 10))
    assert len(office.read(policeman)) == 1
    assert office.read(head, "digest", "reminder") == []

    office.morning(at(2026, 3, 16))
    (message,) = office.read(head, "digest", "reminder")
    assert "Công an xã: Rà soát cư trú" in message


def test_a_working_day_after_the_date_the_coordinating_unit_hears_by_a_message_of_its_own(
    office: Mornings,
) -> None:
    office.duty("Báo cáo quý I", date(2026, 3, 12))
    for day in (10, 11, 12):
        office.morning(at(2026, 3, day))
    assert office.read(office.staff.desk, "digest", "reminder") == []

    office.morning(at(2026, 3, 13))

    (single,) = office.read(office.staff.desk, "digest", "reminder")
    assert single.startswith("Đã quá hạn mà chưa có báo cáo: «Phòng Kinh tế: Báo cáo quý I».")
    assert single.endswith("1. Mở việc này")
    assert "QUÁ HẠN 11/3 · Báo cáo quý I" in office.read(office.staff.clerk)[-1]

    office.morning(at(2026, 3, 16))
    (later,) = office.read(office.staff.desk, "digest", "reminder")
    assert later.startswith("Việc của anh/chị")


def test_the_leader_hears_what_slips_with_the_names_of_the_units(office: Mornings) -> None:
    office.duty("Báo cáo quý I", date(2026, 3, 12))
    office.morning(at(2026, 3, 12))
    assert office.read(office.staff.leader) == []

    office.morning(at(2026, 3, 13))

    (message,) = office.read(office.staff.leader)
    assert "QUÁ HẠN 11/3 · Phòng Kinh tế: Báo cáo quý I" in message


def test_a_date_on_a_day_off_is_reminded_of_on_the_working_day_before(office: Mornings) -> None:
    """«trước 15/3» is a Sunday: the strict day is Saturday 14/3, the last reminder Friday 13/3."""
    duty_id = office.duty("Nộp danh sách", date(2026, 3, 15))
    office.morning(at(2026, 3, 12))
    office.read(office.staff.clerk)

    office.morning(at(2026, 3, 13))

    assert "Cần xong hôm nay · Nộp danh sách" in office.read(office.staff.clerk)[-1]
    for day in (14, 15):
        office.morning(at(2026, 3, day, 9))
    assert office.read(office.staff.clerk) == []
    assert office.duty_row(duty_id).next_remind_at == at(2026, 3, 16)


def test_nothing_is_sent_during_tet_and_the_last_word_comes_before_it(office: Mornings) -> None:
    """Tết of 2026 rests from Saturday 14/2 to Sunday 22/2."""
    office.duty("Báo cáo chăm lo Tết", date(2026, 2, 20), now=at(2026, 2, 9, 10))

    heard = days_with_a_message(office, office.staff.clerk, at(2026, 2, 10), 14)

    assert heard == [date(2026, 2, day) for day in (10, 11, 13, 23)]


def test_stages_that_passed_during_an_outage_come_as_one(office: Mornings) -> None:
    duty_id = office.duty("Báo cáo quý I", date(2026, 3, 27))
    office.morning(at(2026, 3, 6))

    office.morning(at(2026, 3, 20, 9, 30))

    (message,) = office.read(office.staff.clerk)[-1:]
    assert message.count("Báo cáo quý I") == 1
    assert "Tin này gửi muộn hơn giờ thường lệ" in message
    stages = [stage for stage, day, _ in office.reminders(duty_id) if day == "2026-03-20"]
    assert set(stages) == {"ahead_7"}


def test_a_second_tick_says_nothing_again(office: Mornings) -> None:
    office.duty("Báo cáo quý I", date(2026, 3, 20))

    for second in (0, 15, 30):
        office.tick(at(2026, 3, 10) + timedelta(seconds=second))

    assert len(office.read(office.staff.clerk)) == 1


def test_a_duty_that_is_due_today_is_told_at_once_not_tomorrow(office: Mornings) -> None:
    office.morning(at(2026, 3, 10))
    office.duty("Gửi số liệu", date(2026, 3, 10), before=False, now=at(2026, 3, 10, 10))

    for minute in (0, 1):
        office.morning(at(2026, 3, 10, 10, minute))

    (message,) = office.read(office.staff.clerk)
    assert message.endswith("1. Cần xong hôm nay · Gửi số liệu")


def test_a_tick_before_the_digest_hour_waits_for_it(office: Mornings) -> None:
    office.duty("Báo cáo quý I", date(2026, 3, 20))

    office.tick(at(2026, 3, 10, 7, 44))

    assert office.read(office.staff.clerk) == []


@pytest.mark.parametrize(
    "now", [at(2026, 3, 10, 20), at(2026, 3, 10, 23), at(2026, 3, 11, 6, 59), at(2026, 3, 14, 9)]
)
def test_nobody_is_disturbed_at_night_or_on_a_day_off(office: Mornings, now: datetime) -> None:
    office.duty("Báo cáo quý I", date(2026, 3, 11), before=False)

    office.tick(now)

    assert office.read(office.staff.clerk) == []


def test_both_halves_come_in_one_message_the_worst_first(office: Mornings) -> None:
    office.duty("Báo cáo tuần", date(2026, 3, 12), before=False)
    office.duty("Báo cáo quý I", date(2026, 3, 9), before=False)
    office.duty("Rà soát hộ nghèo", date(2026, 3, 24), before=False)
    ticket = office.forwarded("Ổ gà lớn ở đầu thôn Nà Cọ", at(2026, 3, 5, 8))

    office.morning(at(2026, 3, 12))

    (message,) = office.read(office.staff.clerk, "digest", "reminder")
    lines = [line.partition(". ")[2] for line in message.splitlines() if line[:1].isdigit()]
    assert [line.partition(" · ")[0] for line in lines] == [
        "QUÁ HẠN 9/3",
        "Cần xong hôm nay",
        "Cần xong hôm nay",
        "Hạn thứ Ba 24/3",
    ]
    assert any(ticket.number in line for line in lines)


def test_the_desk_hears_of_tickets_that_nobody_has_received(office: Mornings) -> None:
    ticket = office.ticket("Đèn đường hỏng đã ba hôm", at(2026, 3, 9, 16))

    office.morning(at(2026, 3, 10))

    (message,) = office.read(office.staff.desk, "digest")
    assert ticket.number in message
    assert "Mới gửi" in message
    assert office.read(office.staff.clerk) == []


def test_a_morning_without_anything_is_silent(office: Mornings) -> None:
    office.morning(at(2026, 3, 10))

    for member in (office.staff.desk, office.staff.clerk, office.staff.leader, office.staff.admin):
        assert office.read(member) == []


def test_the_administrator_reads_no_content(office: Mornings) -> None:
    office.duty("Báo cáo quý I", date(2026, 3, 9), before=False, unit="Văn phòng HĐND và UBND")

    office.morning(at(2026, 3, 10))

    assert office.read(office.staff.admin, "digest", "reminder") == []


def test_a_deadline_with_an_hour_rings_by_itself(office: Mornings) -> None:
    duty_id = office.duty("Gửi số liệu họp giao ban", date(2026, 3, 12), before=False)
    with office.tx() as tx:
        row = tx.session.get(ObligationRow, duty_id)
        assert row is not None
        row.due_time = "14:00"
        row.overdue_after = at(2026, 3, 12, 14, 0)
        row.next_remind_at = at(2026, 3, 12)
    office.morning(at(2026, 3, 12))
    assert "Cần xong hôm nay" in office.read(office.staff.clerk)[0]

    office.morning(at(2026, 3, 12, 12, 0))

    (single,) = office.read(office.staff.clerk)
    assert single.startswith("Sắp đến giờ hạn: «Gửi số liệu họp giao ban». Hạn: 14:00 thứ Năm 12/3.")


def test_a_long_morning_names_fifteen_and_counts_the_rest(office: Mornings) -> None:
    for number in range(1, 19):
        office.duty(f"Báo cáo số {number}", date(2026, 3, 20))

    office.morning(at(2026, 3, 10))

    (message,) = office.read(office.staff.clerk)
    assert ": 18 việc." in message
    assert "Còn 3 việc nữa" in message
    assert "15. Hạn" in message
    assert "16. " not in message
