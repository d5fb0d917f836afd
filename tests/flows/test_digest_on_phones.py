"""The morning's message on a phone, and the four answers to a duty, on both networks."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from core.channel import Channel
from core.people import Role
from handlers import obligations
from tests.flows.mornings import at
from tests.flows.town import Phone, Town, town

BOTH = pytest.mark.parametrize("channel", [Channel.WEBCHAT, Channel.TELEGRAM])
EVENING = at(2026, 3, 9, 18)


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """Monday evening; the next morning brings the first message."""
    async with town(database_url, tmp_path / "data", EVENING) as opened:
        yield opened


async def add(place: Town, title: str, due: date) -> None:
    service = place.app.runtime.service
    await place.app.runtime.database.write(
        lambda tx: obligations.add(
            service, tx, title=title, unit="Phòng Kinh tế", due=due, before=True, now=EVENING
        )
    )


async def morning(place: Town) -> None:
    """Let it be a quarter to eight the next day."""
    await place.wait(timedelta(hours=13, minutes=45))


async def clerk(place: Town, channel: Channel) -> Phone:
    return await place.officer("Bế Văn Soạn", "Phòng Kinh tế", Role.OFFICER, channel)


@BOTH
async def test_a_number_opens_the_item_and_another_answers_it(place: Town, channel: Channel) -> None:
    phone = await clerk(place, channel)
    await add(place, "Báo cáo quý I", date(2026, 3, 20))
    await add(place, "Rà soát hộ vay", date(2026, 3, 17))

    await morning(place)

    said = await phone.read()
    assert "1. Hạn thứ Hai 16/3 · Rà soát hộ vay" in said
    assert "2. Hạn thứ Năm 19/3 · Báo cáo quý I" in said
    assert "Hạn: trước 20/3 (nộp chậm nhất hết thứ Năm 19/3)" in await phone.write("2")
    assert "Đã ghi nhận anh/chị đã nhận việc «Báo cáo quý I»" in await phone.write("1")


@BOTH
async def test_done_takes_the_number_of_the_report(place: Town, channel: Channel) -> None:
    phone = await clerk(place, channel)
    await add(place, "Báo cáo quý I", date(2026, 3, 20))
    await morning(place)
    await phone.read()

    await phone.press("Hạn thứ Năm 19/3 · Báo cáo quý I")
    await phone.press("Đã xong (số văn bản / tệp)")
    assert "đã xong (45/BC-UBND ngày 13/3)" in await phone.write("45/BC-UBND ngày 13/3")
    assert "Hiện không có việc nào" in await phone.write("việc của tôi")


@BOTH
async def test_more_time_goes_to_the_leader_and_comes_back_granted(place: Town, channel: Channel) -> None:
    phone = await clerk(place, channel)
    leader = await place.officer("Lương Đình Khải", "Văn phòng HĐND và UBND", Role.LEADER, channel)
    await add(place, "Báo cáo quý I", date(2026, 3, 20))
    await morning(place)
    await phone.read()
    await leader.read()

    await phone.write("1")
    await phone.press("Xin gia hạn")
    await phone.write("27/3/2026")
    assert "Lãnh đạo đã được báo" in await phone.write("chờ số liệu của các thôn")
    assert "xin gia hạn việc «Báo cáo quý I»" in await leader.read()

    assert "Đã đồng ý gia hạn" in await leader.write("1")
    assert "hạn mới là hết thứ Sáu 27/03/2026" in await phone.read()


async def test_not_mine_is_told_to_the_coordinating_unit(place: Town) -> None:
    phone = await clerk(place, Channel.WEBCHAT)
    desk, _ = await place.desk(Channel.WEBCHAT)
    await add(place, "Báo cáo quý I", date(2026, 3, 20))
    await morning(place)
    await phone.read()
    await desk.read()

    await phone.write("1")
    await phone.press("Không phải việc của tôi")
    assert "không phải việc của đơn vị" in await phone.write("việc của Phòng Văn hóa - Xã hội")

    assert "Bế Văn Soạn báo không phải việc của mình" in await desk.read()


async def test_who_blocked_the_bot_is_named_to_people(place: Town) -> None:
    phone = await clerk(place, Channel.TELEGRAM)
    desk, _ = await place.desk(Channel.WEBCHAT)
    await add(place, "Báo cáo quý I", date(2026, 3, 20))
    place.telegram.people.block(phone.person)

    await morning(place)

    assert "- Bế Văn Soạn (Phòng Kinh tế)" in await desk.read()
