"""One matter from card to contest, with the desk and the unit on every network, by whatever it offers."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.channel import Channel
from core.people import Role
from tests.conftest import NOW, SQLITE
from tests.flows.test_intake import consent, tell
from tests.flows.town import Phone, TelegramPhone, Town, ZaloBotPhone, ZaloOaPhone, town

RESULT = "Đã thay hai bóng đèn ở thôn 3 sáng nay."
OFFICE, ECONOMY = "Văn phòng HĐND và UBND", "Phòng Kinh tế"

WHERE = pytest.mark.parametrize(
    ("channel", "has_room"),
    [
        (Channel.WEBCHAT, True),
        (Channel.TELEGRAM, True),
        (Channel.TELEGRAM, False),
        (Channel.ZALO_BOT, False),
        (Channel.ZALO_OA, False),
    ],
)


@pytest.fixture
def kind() -> str:
    """What is shown here differs by network, not by database."""
    return SQLITE


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path, NOW) as opened:
        yield opened


async def filed(citizen: Phone) -> str:
    """A matter with a photo, a name and a telephone; its number."""
    await consent(citizen)
    await tell(citizen, "Đèn đường trước nhà văn hóa thôn 3 hỏng từ tối thứ Hai", "xong")
    await citizen.photo()
    await tell(citizen, "xong", "thôn 3", "1", "2", "1", "Nguyễn Thị Hoa", "0912345678", "1")
    return (await citizen.write("gửi")).split("Mã hồ sơ: ")[1][:10]


@WHERE
async def test_a_matter_is_worked_from_card_to_contest(place: Town, channel: Channel, has_room: bool) -> None:
    private = await place.officer("Tống Thị Hiên", OFFICE, Role.DESK, channel)
    desk = await place.room(private) if has_room else private
    unit = await place.officer("Vi Quang Tuyến", ECONOMY, Role.OFFICER, channel)
    citizen = await place.citizen(Channel.WEBCHAT)
    number = await filed(citizen)

    assert f"{number} · Mới gửi" in await desk.read()
    await accepted_and_set_right(private, desk, citizen)
    await looked_into(private, desk)
    assert photos_shown(place, private) == 1
    await asked(place, desk, citizen)
    await forwarded(private, desk)
    assert f"{number} · Đã chuyển" in await unit.read()
    await reported(unit)
    await answered(place, desk, citizen)
    await contested(desk, citizen, number)


async def accepted_and_set_right(private: Phone, desk: Phone, citizen: Phone) -> None:
    assert "Người giữ: Tống Thị Hiên" in await desk.choose("Tiếp nhận")
    assert "đã được tiếp nhận" in await citizen.read()
    await desk.choose("Sửa phân loại")
    assert "mức khẩn" in await private.choose("Khẩn")
    await desk.read()


async def looked_into(private: Phone, desk: Phone) -> None:
    """The files and the contact, in private."""
    assert "Kèm 1 tệp" in await desk.choose("Xem tệp") + await private.read()
    await desk.choose("Xem liên hệ")
    said = await private.choose("Gọi xác minh")
    assert "Nguyễn Thị Hoa" in said
    assert "0912345678" in said
    await desk.read()


def photos_shown(place: Town, phone: Phone) -> int:
    """How many photos an officer has on the private screen."""
    match phone:
        case ZaloBotPhone():
            return sum(all(reads) for reads in place.zalo_bot.photos)
        case ZaloOaPhone():
            return sum("media" in str(shown.message) for shown in place.zalo_oa.screen(phone.who))
        case TelegramPhone():
            return sum("photo" in message for message in place.telegram.people.screen(phone.chat))
        case _:
            return 1  # its page shows what its message names: `tests/web`


async def asked(place: Town, desk: Phone, citizen: Phone) -> None:
    """A question to the citizen, and its answer."""
    question = await desk.choose("Hỏi thêm")
    assert "xin viết một câu hỏi" in question
    assert "Gửi công dân" in await desk.reply("Đèn ở gần nhà số mấy?", "xin viết một câu hỏi")
    assert "sẽ gửi sau 20 giây" in await desk.choose("Gửi")
    await place.wait(timedelta(seconds=21))
    assert "Đèn ở gần nhà số mấy?" in await citizen.read()
    await citizen.write("Gần nhà số 12")
    assert "Gần nhà số 12" in await desk.read()


async def forwarded(private: Phone, desk: Phone) -> None:
    await desk.choose("Chuyển đơn vị")
    assert "cho Phòng Kinh tế" in await private.choose(ECONOMY)
    await desk.read()


async def reported(unit: Phone) -> None:
    """The unit's result, with a photo."""
    assert "Báo kết quả" in await unit.choose("Nhận việc")
    assert "kết quả là gì?" in await unit.choose("Báo kết quả")
    assert "xin viết kết quả" in await unit.choose("Đã khắc phục tại chỗ")
    assert "ít nhất một ảnh" in await unit.write(RESULT)
    assert "1 ảnh" in await unit.photo()
    assert "đã báo kết quả" in await unit.choose("Gửi")


async def answered(place: Town, desk: Phone, citizen: Phone) -> None:
    """The result becomes the answer: seen before, taken back once, delivered."""
    assert RESULT in await desk.read()
    preview = await desk.choose("Gửi làm câu trả lời")
    assert "1 ảnh)?" in preview
    await desk.choose("Gửi")
    assert "Gửi công dân" in await desk.choose("Hoàn tác")
    await place.wait(timedelta(seconds=21))
    assert RESULT not in await citizen.read()
    await desk.read()
    await desk.choose("Gửi")
    await place.wait(timedelta(seconds=21))
    assert RESULT in await citizen.read()
    assert "✓ Đã gửi" in await desk.read()


async def contested(desk: Phone, citizen: Phone, number: str) -> None:
    await citizen.press("Chưa")
    await citizen.write("Đèn vẫn tắt, tối nay vẫn không sáng")
    said = await desk.read()
    assert f"{number}: dân cho biết việc chưa xong" in said
    assert "Đèn vẫn tắt" in said
