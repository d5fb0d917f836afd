"""Answers that come too late for Zalo: a template by chat, by telephone, a person; never silence."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from core.channel import Channel
from core.people import Role
from handlers import invites
from storage.tables import ReplyRow, TicketRow
from tests.conftest import NOW
from tests.fakes.zalo_oa_state import Shown, Template
from tests.flows.test_intake import STORY, consent, count, tell
from tests.flows.test_zalo_oa import answer
from tests.flows.town import Phone, Town, ZaloOaPhone, town

OA = Channel.ZALO_OA
ANSWER = "Đội quản lý điện đã thay bóng đèn."
EIGHT_DAYS = timedelta(days=8)
RESULT = Template({"ma_pa": 30, "trang_thai": 30, "ngay": 20})


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path, NOW, template_result="312345") as opened:
        opened.zalo_oa.state.templates["312345"] = RESULT
        yield opened


@pytest.fixture
async def citizen(place: Town) -> ZaloOaPhone:
    phone = await place.citizen(OA, "Hoa")
    assert isinstance(phone, ZaloOaPhone)
    return phone


@pytest.fixture
async def desk(place: Town) -> Phone:
    return await place.officer("Tống Thị Hiên", "Văn phòng HĐND và UBND", Role.DESK, Channel.TELEGRAM)


async def file_with_phone(citizen: Phone) -> str:
    await consent(citizen)
    await tell(citizen, STORY, "xong", "không có", "thôn 3", "1", "2", "1", "Nguyễn Thị Hoa", "0912345678")
    await citizen.write("1")
    receipt = await citizen.write("gửi")
    assert "Mã hồ sơ: PA-" in receipt, receipt
    return receipt.split("Mã hồ sơ: ")[1][:10]


def templates(place: Town, citizen: ZaloOaPhone) -> list[dict[str, object]]:
    shown: list[Shown] = place.zalo_oa.screen(citizen.who)
    return [each.message["template"] for each in shown if "template" in each.message]


async def test_a_late_answer_is_announced_by_template_and_follows_when_the_citizen_writes(
    place: Town, citizen: ZaloOaPhone, desk: Phone
) -> None:
    number = await file_with_phone(citizen)
    await place.wait(EIGHT_DAYS)
    await desk.read()
    await answer(place, desk, ANSWER)
    [sent] = templates(place, citizen)
    assert sent["user_id"] == citizen.who.id
    assert sent["template_data"] == {"ma_pa": number, "trang_thai": "Đã có trả lời", "ngay": "18/03/2026"}
    told = await desk.read()
    assert "Tôi báo dân bằng tin mẫu" in told
    assert "chờ dân nhắn lại" in "".join(words for _, words in await desk.screen())
    assert ANSWER not in await citizen.read()
    seen = await citizen.write("1")
    assert ANSWER in seen
    assert await count(place, TicketRow, status="answered") == 1, "nobody confirms what they have not read"
    assert await count(place, ReplyRow, state="delivered", failure="") == 1
    await citizen.press("Đã xong")
    assert await count(place, TicketRow, status="closed", fixed="done") == 1


async def test_where_the_chat_takes_no_template_it_goes_by_telephone(
    place: Town, citizen: ZaloOaPhone, desk: Phone
) -> None:
    place.zalo_oa.state.templates["312345"] = Template(RESULT.params, by_uid=False)
    await file_with_phone(citizen)
    await place.wait(EIGHT_DAYS)
    await answer(place, desk, ANSWER)
    [sent] = templates(place, citizen)
    assert sent["phone"] == "84912345678"


async def test_where_no_template_arrives_a_person_is_asked_to_call(
    place: Town, citizen: ZaloOaPhone, desk: Phone
) -> None:
    await file_with_phone(citizen)
    citizen.who.phone = "84999999999"
    place.zalo_oa.state.templates["312345"] = Template(RESULT.params, by_uid=False)
    await place.wait(EIGHT_DAYS)
    await desk.read()
    await answer(place, desk, ANSWER)
    assert "chặn tin hoặc không còn dùng Zalo" in await desk.read()
    assert await count(place, ReplyRow, state="failed", failure="chat_unreachable") == 1
    assert ANSWER in await citizen.write("có gì mới không cán bộ ơi, tôi chờ lâu quá rồi")
    assert await count(place, ReplyRow, state="delivered") == 1


async def test_at_night_the_template_waits_for_the_morning(
    place: Town, citizen: ZaloOaPhone, desk: Phone
) -> None:
    await file_with_phone(citizen)
    await place.wait(EIGHT_DAYS + timedelta(hours=13, minutes=30))  # 22:30
    await answer(place, desk, ANSWER)
    assert templates(place, citizen) == []
    assert "06:05" in await desk.read()
    await place.wait(timedelta(hours=7, minutes=36))
    assert len(templates(place, citizen)) == 1


async def test_the_card_says_until_when_the_citizen_can_be_written_to(
    place: Town, citizen: ZaloOaPhone, desk: Phone
) -> None:
    await file_with_phone(citizen)
    card = await desk.read()
    assert "Còn nhắn được cho dân đến 09:00 thứ Ba 17/03/2026 (miễn phí đến 09:00 thứ Năm 12/03/2026)" in card
    await place.wait(timedelta(hours=3))
    await citizen.write("đèn còn nhấp nháy suốt đêm, cả khu không ngủ được")
    await citizen.write("1")
    assert "đến 12:00 thứ Ba 17/03/2026" in await desk.read()


async def test_an_officer_who_may_not_be_written_to_here_hears_on_another_network(
    place: Town, citizen: ZaloOaPhone
) -> None:
    desk = await place.officer("Tống Thị Hiên", "Văn phòng HĐND và UBND", Role.DESK, Channel.TELEGRAM)
    code = await place.app.runtime.database.write(
        lambda tx: invites.invite_officer(
            tx,
            place.keys,
            name="Tống Thị Hiên",
            unit="Văn phòng HĐND và UBND",
            role=Role.DESK,
            now=place.clock.now(),
        )
    )
    other = await place.citizen(OA, "Hiên")
    await other.write(f"kết nối {code}")
    await place.wait(EIGHT_DAYS)
    await desk.read()
    place.zalo_oa.people.reply_by_hand(citizen.who, "Bác gọi giúp số điện thoại của xã nhé")
    assert "trả lời ngoài hệ thống" in await desk.read()


async def test_no_reminder_is_missed_of_an_answer_nobody_has_read(
    place: Town, citizen: ZaloOaPhone, desk: Phone
) -> None:
    await file_with_phone(citizen)
    await place.wait(EIGHT_DAYS)
    await answer(place, desk, ANSWER)
    await desk.read()
    await place.wait(timedelta(days=7))
    assert "nhắc xác nhận" not in await desk.read()
    assert ANSWER in await citizen.write("xem")
    row = await place.app.runtime.database.read(lambda tx: tx.session.exec(select(TicketRow)).one())
    assert row.feedback_until is not None
    assert row.feedback_until > place.clock.now() + timedelta(days=10)


async def test_a_late_question_is_announced_and_follows_too(
    place: Town, citizen: ZaloOaPhone, desk: Phone
) -> None:
    await file_with_phone(citizen)
    await place.wait(EIGHT_DAYS)
    await desk.press("Hỏi thêm")
    await desk.write("Cột đèn số mấy ạ?")
    await desk.press("Gửi")
    await place.wait(timedelta(seconds=21))
    [sent] = templates(place, citizen)
    assert sent["template_data"]["trang_thai"] == "Cần ông/bà bổ sung"
    assert "Cột đèn số mấy" in await citizen.write("ok")
    await citizen.write("Cột số 7, ngay đầu ngõ")
    assert await count(place, TicketRow, status="awaiting_citizen") == 0


async def test_following_anew_opens_the_window_as_well(
    place: Town, citizen: ZaloOaPhone, desk: Phone
) -> None:
    await file_with_phone(citizen)
    await place.wait(EIGHT_DAYS)
    await answer(place, desk, ANSWER)
    place.zalo_oa.people.follow(citizen.who)
    assert ANSWER in await citizen.read()


async def test_a_message_that_says_something_is_kept_beside_the_answer(
    place: Town, citizen: ZaloOaPhone, desk: Phone
) -> None:
    await file_with_phone(citizen)
    await place.wait(EIGHT_DAYS)
    await answer(place, desk, ANSWER)
    await citizen.read()
    said = await citizen.write("ở xóm dưới ống nước lại vỡ, nước chảy tràn ra cả đường từ sáng")
    assert ANSWER in said
    assert said.count("---") >= 1, "what they say is answered as well"
