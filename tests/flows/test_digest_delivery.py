"""What becomes of a morning's message that waits, and who is told when it does not arrive."""

from datetime import date

from sqlalchemy import update

from core.channel import Channel
from core.pacing import Pacer
from handlers import claiming, obligations
from storage.tables import OfficerChannelRow, OfficerRow
from storage.transaction import table
from tests.conftest import Member
from tests.flows.mornings import Mornings, at


def test_a_digest_that_did_not_leave_by_evening_comes_the_next_morning(office: Mornings) -> None:
    duty_id = office.duty("Báo cáo quý I", date(2026, 3, 20))
    office.tick(at(2026, 3, 10))
    office.read(office.staff.clerk)

    with office.tx() as tx:
        assert claiming.claim(office.service, tx, Pacer(), 10, at(2026, 3, 10, 20)).deliveries == ()
    assert {state for _, _, state in office.reminders(duty_id)} == {"undeliverable"}
    assert any("Bế Văn Soạn" in text for text in office.read(office.staff.admin))

    office.morning(at(2026, 3, 11))
    (message,) = office.read(office.staff.clerk)
    assert "Báo cáo quý I" in message


def test_what_is_done_is_taken_out_of_the_message_that_still_waits(office: Mornings) -> None:
    done = office.duty("Báo cáo quý I", date(2026, 3, 20))
    office.duty("Kế hoạch tiêm phòng", date(2026, 3, 20))
    office.tick(at(2026, 3, 10))

    with office.tx() as tx:
        obligations.complete(
            office.service, tx, office.staff.officer.officer, done, "12/BC-UBND", at(2026, 3, 10, 7, 46)
        )

    (message,) = office.read(office.staff.clerk)
    assert "Báo cáo quý I" not in message
    assert message.endswith("1. Hạn thứ Năm 19/3 · Kế hoạch tiêm phòng")
    assert {state for _, _, state in office.reminders(done)} == {"cancelled"}
    office.deliver(at(2026, 3, 10, 7, 47))
    office.morning(at(2026, 3, 20))
    assert all("Báo cáo quý I" not in text for text in office.read(office.staff.clerk))
    assert office.violations(at(2026, 3, 20)) == []


def test_a_waiting_message_that_loses_its_only_item_does_not_leave(office: Mornings) -> None:
    done = office.duty("Báo cáo quý I", date(2026, 3, 20))
    office.tick(at(2026, 3, 10))

    with office.tx() as tx:
        obligations.complete(
            office.service, tx, office.staff.officer.officer, done, "12/BC-UBND", at(2026, 3, 10, 7, 46)
        )

    assert office.read(office.staff.clerk) == []
    assert office.read(office.staff.officer) == []


def test_an_officer_without_a_chat_is_named_to_people_the_same_morning(office: Mornings) -> None:
    duty_id = office.duty("Báo cáo quý I", date(2026, 3, 20))
    with office.tx() as tx:
        link = table(OfficerChannelRow)
        tx.connection.execute(
            update(link)
            .where(link.c.officer_id == office.staff.clerk.officer.id)
            .values(dead_at=at(2026, 3, 9))
        )

    for minute in (45, 46):
        office.morning(at(2026, 3, 10, 7, minute))

    for member in (office.staff.desk, office.staff.admin):
        (notice,) = office.read(member)
        assert "- Bế Văn Soạn (Phòng Kinh tế)" in notice
    assert ("ahead_7", "2026-03-10", "undeliverable") in office.reminders(duty_id)


def test_a_unit_where_nobody_has_joined_is_named(office: Mornings) -> None:
    office.duty("Ngày hội đọc sách", date(2026, 3, 20), unit="Phòng Văn hóa - Xã hội")

    office.morning(at(2026, 3, 16))

    (notice,) = office.read(office.staff.admin)
    assert "Phòng Văn hóa - Xã hội: chưa có cán bộ nào kết nối" in notice
    assert "Đàm Thị Ngân, phụ trách Phòng Văn hóa - Xã hội: chưa kết nối" in notice


def test_a_refused_message_goes_to_the_other_chat_of_the_officer(office: Mornings) -> None:
    duty_id = office.duty("Báo cáo quý I", date(2026, 3, 20))
    other = second_chat(office, office.staff.clerk)
    office.tick(at(2026, 3, 10))

    office.fail(other, at(2026, 3, 10, 7, 46))
    office.deliver(at(2026, 3, 10, 7, 47))

    (message,) = office.read(office.staff.clerk)
    assert "Báo cáo quý I" in message
    assert {state for _, _, state in office.reminders(duty_id)} == {"digested"}
    assert office.read(office.staff.admin) == []


def test_a_message_refused_everywhere_is_told_to_people(office: Mornings) -> None:
    duty_id = office.duty("Báo cáo quý I", date(2026, 3, 20))
    office.tick(at(2026, 3, 10))

    office.fail(office.staff.clerk, at(2026, 3, 10, 7, 46))
    office.deliver(at(2026, 3, 10, 7, 46))

    (notice,) = office.read(office.staff.admin)
    assert "Bế Văn Soạn" in notice
    assert sorted(state for _, _, state in office.reminders(duty_id)) == ["digested", "undeliverable"]


def test_who_has_left_hears_nothing_and_nobody_is_alarmed(office: Mornings) -> None:
    office.duty("Báo cáo quý I", date(2026, 3, 20))
    office.tick(at(2026, 3, 10))
    with office.tx() as tx:
        officers = table(OfficerRow)
        tx.connection.execute(
            update(officers).where(officers.c.id == office.staff.clerk.officer.id).values(is_active=False)
        )

    office.fail(office.staff.clerk, at(2026, 3, 10, 7, 46))

    assert office.read(office.staff.admin) == []
    office.morning(at(2026, 3, 16))
    assert office.read(office.staff.clerk) == []


def second_chat(office: Mornings, member: Member) -> Member:
    """The same officer on Telegram, bound last and therefore tried first."""
    with office.tx() as tx:
        link = OfficerChannelRow(
            organisation_id=tx.organisation_id,
            officer_id=member.officer.id,
            channel=Channel.TELEGRAM,
            sender="77",
            chat="77",
            linked_at=at(2026, 3, 9),
        )
        tx.add(link)
    address = type(member.address)(Channel.TELEGRAM, "77")
    return Member(member.officer, address, "77")
