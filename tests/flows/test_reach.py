"""An officer with two chats is reached on the other when one fails; with none left a person is told."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from core.channel import Channel
from core.people import Role
from core.say import say
from handlers import notices, obligations, people, reach
from storage import outbox
from storage.tables import OutboxRow
from storage.transaction import Transaction
from tests.conftest import SQLITE
from tests.fakes import telegram as faults
from tests.fakes.zalo_bot_state import Fault as ZaloFault
from tests.flows.mornings import Mornings, at
from tests.flows.test_intake import file_ticket
from tests.flows.town import Phone, Town, town

NIGHT = at(2026, 3, 9, 18)
QUOTA_SPENT = {"ok": False, "error_code": 429, "description": "Quota exceeded"}
CLERK = ("Bế Văn Soạn", "Phòng Kinh tế", Role.OFFICER)
ADMIN = ("Ngô Minh Trí", "Văn phòng HĐND và UBND", Role.ADMIN)

ON_SQLITE = pytest.mark.parametrize("kind", [SQLITE], indirect=True)
"""Where the statements are those of a journey that goes on both databases."""


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """Monday evening."""
    async with town(database_url, tmp_path / "data", NIGHT) as opened:
        yield opened


@pytest.fixture
async def admin(place: Town) -> Phone:
    return await place.officer(*ADMIN, Channel.WEBCHAT)


async def add_duty(place: Town, title: str, due: date) -> None:
    service = place.app.runtime.service
    await place.app.runtime.database.write(
        lambda tx: obligations.add(
            service, tx, title=title, unit="Phòng Kinh tế", due=due, before=True, now=NIGHT
        )
    )


async def five_minutes(place: Town) -> None:
    """Not quite: three ticks, the last a quarter of a minute before."""
    for seconds in (195, 45, 45):
        await place.wait(timedelta(seconds=seconds))


async def test_a_morning_that_the_first_chat_keeps_comes_on_the_second_once_and_its_numbers_work(
    place: Town, admin: Phone
) -> None:
    zalo = await place.officer(*CLERK, Channel.ZALO_BOT)
    telegram = await place.officer(*CLERK, Channel.TELEGRAM)
    await add_duty(place, "Báo cáo quý I", date(2026, 3, 20))
    place.telegram.outage = faults.answered(401, "Unauthorized")

    await place.wait(timedelta(hours=13, minutes=45))
    assert await zalo.read() == ""
    await five_minutes(place)

    said = await zalo.read()
    assert said.count("1. Hạn thứ Năm 19/3 · Báo cáo quý I") == 1
    await zalo.write("1")
    assert "đã nhận việc «Báo cáo quý I»" in await zalo.write("1")
    place.telegram.outage = None
    await place.wait(timedelta(hours=2))
    assert "Báo cáo quý I" not in await telegram.read()
    assert "Bế Văn Soạn" not in await admin.read()


@ON_SQLITE
async def test_a_ticket_for_an_officer_who_blocked_the_bot_comes_on_their_other_chat_with_its_buttons(
    place: Town, admin: Phone
) -> None:
    desk, room = await place.desk(Channel.WEBCHAT)
    web = await place.officer(*CLERK, Channel.WEBCHAT)
    await place.officer(*CLERK, Channel.TELEGRAM)
    place.telegram.fail("sendMessage", faults.forbidden())
    number = await file_ticket(await place.citizen(Channel.WEBCHAT))
    await room.press("Tiếp nhận")
    await room.press("Chuyển đơn vị")
    await desk.press("Phòng Kinh tế")

    card = await web.read()
    assert f"{number} ·" in card
    await web.press("Nhận việc")
    assert "đang xử lý" in (await room.read()).lower()
    assert "Bế Văn Soạn" not in await admin.read()


@ON_SQLITE
async def test_what_the_second_chat_refuses_waits_for_the_first_again(place: Town, admin: Phone) -> None:
    await place.officer(*CLERK, Channel.ZALO_BOT)
    telegram = await place.officer(*CLERK, Channel.TELEGRAM)
    place.telegram.outage = faults.answered(401, "Unauthorized")
    place.zalo_bot.outage = ZaloFault(429, QUOTA_SPENT)
    await notice(place, "first")
    await five_minutes(place)
    assert "Bế Văn Soạn (Phòng Kinh tế): thông báo" in await admin.read()

    place.telegram.outage = None
    await place.wait(timedelta(minutes=15))
    assert (await telegram.read()).count("tiếp nhận kín") == 1
    await place.wait(timedelta(hours=1))
    assert await telegram.read() == ""


async def test_with_no_chat_left_people_hear_within_five_minutes_and_once_a_day(
    place: Town, admin: Phone
) -> None:
    desk, _ = await place.desk(Channel.WEBCHAT)
    await place.officer(*CLERK, Channel.ZALO_BOT)
    await place.officer(*CLERK, Channel.TELEGRAM)
    place.telegram.outage = faults.answered(401, "Unauthorized")
    place.zalo_bot.outage = ZaloFault(502, {})
    await notice(place, "first")
    await notice(place, "second")

    await five_minutes(place)

    for phone in (desk, admin):
        assert (await phone.read()).count("Bế Văn Soạn (Phòng Kinh tế): thông báo; chưa tới 2 tin") == 1
    assert await waiting(place) == {"Bế Văn Soạn": 2}
    await notice(place, "third")
    await five_minutes(place)
    assert "Bế Văn Soạn" not in await admin.read()
    place.telegram.outage = None
    place.zalo_bot.outage = None
    await place.wait(timedelta(hours=2))
    assert await waiting(place) == {}


@ON_SQLITE
async def test_a_spent_quota_of_the_only_chat_is_told_at_once(place: Town, admin: Phone) -> None:
    await place.officer(*CLERK, Channel.ZALO_BOT)
    place.zalo_bot.faults.append(ZaloFault(429, QUOTA_SPENT))
    await notice(place, "first")

    assert "Bế Văn Soạn (Phòng Kinh tế): thông báo" in await admin.read()


@ON_SQLITE
async def test_a_chat_that_refused_is_tried_again_when_it_is_all_there_is(place: Town, admin: Phone) -> None:
    telegram = await place.officer(*CLERK, Channel.TELEGRAM)
    for key in ("first", "second"):
        place.telegram.fail("sendMessage", faults.forbidden())
        await notice(place, key)
        assert "Bế Văn Soạn (Phòng Kinh tế): thông báo" in await admin.read()
        await place.wait(timedelta(days=1))

    await notice(place, "third")
    assert "tiếp nhận kín" in await telegram.read()
    await notice(place, "fourth")
    assert "tiếp nhận kín" in await telegram.read()
    assert "Bế Văn Soạn" not in await admin.read()


@ON_SQLITE
async def test_a_room_of_the_desk_out_of_reach_is_told_to_the_desk_in_private(place: Town) -> None:
    await place.desk(Channel.TELEGRAM)
    private = await place.officer("Tống Thị Hiên", "Văn phòng HĐND và UBND", Role.DESK, Channel.ZALO_BOT)
    place.telegram.outage = faults.answered(401, "Unauthorized")
    await file_ticket(await place.citizen(Channel.WEBCHAT))

    await five_minutes(place)

    assert "Phòng tiếp công dân trên Telegram: chưa tới 1 tin" in await private.read()


async def notice(place: Town, key: str) -> None:
    """Something that an officer is told outside of any list."""
    now = place.clock.now()

    def queue(tx: Transaction) -> None:
        officer = people.officer_named(tx, CLERK[0])
        assert officer is not None
        notices.to_officer(tx, officer, say("notice_sealed"), now, key=key)

    await place.app.runtime.database.write(queue)


async def waiting(place: Town) -> dict[str, int]:
    found = await place.app.runtime.database.read(lambda tx: reach.waiting(tx, place.clock.now()))
    return {officer.name: count for officer, count in found.items()}


@ON_SQLITE
def test_what_waited_only_because_the_service_was_away_is_not_taken_for_a_dead_chat(office: Mornings) -> None:
    clerk, now = office.staff.clerk.officer, at(2026, 3, 10)
    with office.tx() as tx:
        notices.to_officer(tx, clerk, say("notice_sealed"), at(2026, 3, 9), key="first")
        notices.to_officer(tx, clerk, say("notice_sealed"), at(2026, 3, 9), key="second")
    with office.tx() as tx:
        reach.watch(office.service, tx, now)
        assert reach.waiting(tx, now) == {}
        outbox.change(tx, min(tx.session.exec(select(OutboxRow.id))), not_before=now)
        assert reach.waiting(tx, now) == {clerk: 2}, "the second waits behind the first"
