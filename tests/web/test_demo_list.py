"""The demo's list of what was sent to whom, and its next deadline, over real rows."""

from datetime import timedelta

from core.channel import Address, Channel
from core.say import say
from handlers import demo
from handlers.service import Service
from storage.database import Database
from storage.outbox import Wish, enqueue
from storage.tables import ObligationRow
from tests.conftest import NOW, Staff


def test_the_list_names_people_and_rooms_in_words_newest_first(
    database: Database, service: Service, staff: Staff
) -> None:
    addresses = [staff.room, staff.leader.address, Address(Channel.TELEGRAM, "77")]
    with database.transaction() as tx:
        for number, address in enumerate(addresses):
            enqueue(tx, Wish(key=f"k{number}", address=address, text=say("web_busy")), NOW)
        listed = demo.recent_sendings(service, tx)
    assert [row.to for row in listed] == ["Công dân (Telegram)", staff.leader.officer.name, "Phòng chung"]
    assert {(row.kind, row.state_word) for row in listed} == {("Tin nhắn", "Chờ gửi")}
    assert listed[0].words.startswith("Hệ thống đang bận")


def test_the_next_deadline_is_the_morning_of_the_earliest_day_still_ahead(
    database: Database, service: Service
) -> None:
    today = NOW.date()
    with database.transaction() as tx:
        assert demo.next_deadline(service, tx, NOW) is None
        for days, status in ((9, "open"), (3, "done"), (5, "acknowledged"), (-1, "open")):
            due = today + timedelta(days=days)
            row = ObligationRow(
                organisation_id=tx.organisation_id,
                title="Báo cáo",
                kind="deadline",
                status=status,
                due=due,
                strict_due=due,
                overdue_after=service.calendar.end_of_day(due),
                doubts=[],
                created_at=NOW,
            )
            tx.add(row)
        found = demo.next_deadline(service, tx, NOW)
    assert found == service.calendar.at(today + timedelta(days=5), demo.MORNING)


def test_the_next_morning_is_the_next_working_day(service: Service) -> None:
    friday = NOW + timedelta(days=3)
    assert demo.next_morning(service, friday) == service.calendar.at(
        friday.date() + timedelta(days=3), demo.MORNING
    )
