"""Everybody on Zalo Bot: no buttons, no edits, no room; numbers and words carry the whole of it."""

import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import running
from bot.settings import FixedSettings, ZaloBotSettings
from core.channel import Channel
from core.errors import RuleError
from core.people import Role
from handlers import invites
from handlers.quotas import usage
from storage.tables import AttachmentRow
from tests.conftest import NOW
from tests.fakes.zalo_bot import PHOTO_READS, TOKEN, FakeZaloBot
from tests.fakes.zalo_bot_state import Fault
from tests.flows.test_intake import count, file_ticket
from tests.flows.town import Phone, Town, ZaloBotPhone, picture, town

ZALO = Channel.ZALO_BOT


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path, NOW) as opened:
        yield opened


@pytest.fixture
async def desk(place: Town) -> Phone:
    """The desk's only officer, who has Zalo and nothing else."""
    return await place.officer("Tống Thị Hiên", "Văn phòng HĐND và UBND", Role.DESK, ZALO)


async def test_a_matter_goes_from_the_citizen_to_the_desk_and_back_by_numbers(
    place: Town, desk: Phone
) -> None:
    citizen = await place.citizen(ZALO)
    number = await file_ticket(citizen)
    assert number in await desk.read()
    accepted = await desk.choose("Tiếp nhận")
    assert "Chuyển đơn vị" in accepted, "what can be done next is shown, though nothing can be changed"
    assert "đã được tiếp nhận" in await citizen.read()
    await desk.choose("Trả lời")
    await desk.choose("Trả lời, giải thích")
    await desk.write("Đội quản lý điện thay bóng đèn vào sáng thứ Năm.")
    await desk.photo()
    assert "1 ảnh" in await desk.read() or "1 ảnh" in "".join(words for _, words in await desk.screen())
    await desk.choose("Gửi")
    await place.wait(timedelta(seconds=21))
    answer = await citizen.read()
    assert "thay bóng đèn vào sáng thứ Năm" in answer
    assert "[ảnh]" in answer
    assert len(set(place.zalo_bot.photos[-1])) == 1
    assert len(place.zalo_bot.photos[-1]) == PHOTO_READS
    assert place.zalo_bot.photos[-1][0] > 0, "the link to a photo may be read again and again"


async def test_a_card_comes_anew_only_when_there_is_something_else_to_do(place: Town, desk: Phone) -> None:
    citizen = await place.citizen(ZALO)
    await file_ticket(citizen)
    await desk.choose("Tiếp nhận")
    seen = len(await desk.screen())
    await citizen.write("đèn còn nhấp nháy")
    await citizen.write("1")
    await place.settle()
    cards = [words for _, words in (await desk.screen())[seen:] if "Chuyển đơn vị" in words]
    assert cards == []


async def test_what_one_act_sets_off_is_one_message_whose_numbers_work(place: Town, desk: Phone) -> None:
    assert isinstance(desk, ZaloBotPhone)
    citizen = await place.citizen(ZALO)
    await file_ticket(citizen)
    await desk.read()
    seen = len(await desk.screen())
    used = (await place.app.runtime.database.read(lambda tx: usage(tx, ZALO, NOW))).messages
    place.zalo_bot.faults.append(Fault(502, {}))

    assert await desk.write("1") == ""
    await place.wait(timedelta(seconds=31))

    (_, words), *others = (await desk.screen())[seen:]
    assert "Anh/chị đã tiếp nhận" in words
    assert "· Đã tiếp nhận ·" in words.split("\n\n", 1)[1]
    assert others == []
    now_used = (await place.app.runtime.database.read(lambda tx: usage(tx, ZALO, NOW))).messages
    assert now_used == used + 3, "the press, what answers it, and what the citizen is told"
    assert "kết quả là gì" in await desk.choose("Trả lời")


async def test_contact_says_that_it_cannot_be_taken_back(place: Town, desk: Phone) -> None:
    citizen = await place.citizen(ZALO)
    await citizen.write("xin chào")
    for answer in ("1", "1", "Rác ở cổng chợ thôn 2 chưa ai dọn", "xong", "2", "chợ thôn 2"):
        await citizen.write(answer)
    for answer in ("1", "hai ngày", "2", "1"):
        await citizen.write(answer)
    for answer in ("Nguyễn Thị Hoa", "0912345678", "1", "gửi"):
        await citizen.write(answer)
    await desk.choose("Tiếp nhận")
    await desk.choose("Xem liên hệ")
    shown = await desk.write("1")
    assert "Nguyễn Thị Hoa" in shown
    assert "xóa giúp khỏi máy" in shown


async def test_the_place_is_asked_in_words_where_no_pin_arrives(place: Town) -> None:
    citizen = await place.citizen(ZALO)
    for answer in ("xin chào", "1", "1", "Đèn đường hỏng trước nhà văn hóa", "xong"):
        await citizen.write(answer)
    asked = await citizen.write("2")
    assert "ở đâu" in asked
    assert "ghim" not in asked


async def test_a_group_on_zalo_does_not_become_the_room(place: Town, desk: Phone) -> None:
    assert isinstance(desk, ZaloBotPhone)
    code = await place.app.runtime.database.write(
        lambda tx: invites.invite_room(tx, place.keys, place.clock.now())
    )
    await place.zalo_bot.says(desk.chat, f"@Bot /ketnoi {code}", group="9a00bb11cc22dd33ee44")
    await place.settle()
    assert "Nhóm Zalo chưa làm phòng" in place.zalo_bot.sent["9a00bb11cc22dd33ee44"][-1]


async def test_the_same_message_delivered_twice_counts_once(place: Town) -> None:
    place.zalo_bot.switches.twice = True
    citizen = await place.citizen(ZALO)
    assert (await citizen.write("xin chào")).count("Kính chào") == 1


async def test_wrapped_updates_and_the_documented_photo_field_are_understood_too(place: Town) -> None:
    place.zalo_bot.switches.wrapped = True
    place.zalo_bot.switches.photo_field = "photo"
    citizen = await place.citizen(ZALO)
    for answer in ("xin chào", "1", "1", "Đèn đường hỏng trước nhà văn hóa", "xong"):
        await citizen.write(answer)
    assert "tổng 1/10" in await citizen.photo(picture())


async def test_a_spent_month_is_not_asked_again_and_the_officer_hears_on_another_network(place: Town) -> None:
    name, unit = "Tống Thị Hiên", "Văn phòng HĐND và UBND"
    telegram = await place.officer(name, unit, Role.DESK, Channel.TELEGRAM)
    now = place.clock.now()
    code = await place.app.runtime.database.write(
        lambda tx: invites.invite_officer(tx, place.keys, name=name, unit=unit, role=Role.DESK, now=now)
    )
    zalo = await place.citizen(ZALO)
    await zalo.write(f"kết nối {code}")
    citizen = await place.citizen(Channel.WEBCHAT)
    place.zalo_bot.is_month_spent = True
    place.zalo_bot.calls.clear()

    number = await file_ticket(citizen)
    assert f"{number} · Mới gửi" in await telegram.read()
    await telegram.press("Tiếp nhận")
    await citizen.write("thêm: đèn ở thôn 4 cũng tắt")
    await citizen.write("1")
    assert "dân nhắn thêm" in await telegram.read()
    assert place.zalo_bot.calls == ["sendMessage"] * 2, "the card once, the line once"


async def test_no_token_stands_in_a_log(place: Town, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    citizen = await place.citizen(ZALO)
    await citizen.write("xin chào")
    assert TOKEN not in caplog.text
    assert TOKEN.partition(":")[2] not in caplog.text


async def test_a_voice_message_of_zalo_is_kept(place: Town) -> None:
    citizen = await place.citizen(ZALO)
    assert isinstance(citizen, ZaloBotPhone)
    for answer in ("xin chào", "1", "1", "Đèn đường hỏng trước nhà văn hóa", "xong"):
        await citizen.write(answer)
    frame = bytes((0xFF, 0xF1, 0x60, 0x40, 0x02, 0x1F, 0xFC))
    await place.zalo_bot.speaks(citizen.chat, frame + bytes(300))
    assert "tổng 1/10" in await citizen.read()
    assert await count(place, AttachmentRow, state="stored", mime="audio/aac") == 1


async def test_a_service_that_polls_refuses_to_start_beside_a_webhook(
    database_url: str, tmp_path: Path
) -> None:
    async with FakeZaloBot() as zalo:
        zalo.webhook = "https://elsewhere.example/hook"
        settings = FixedSettings(
            database_url=database_url,
            data_dir=tmp_path,
            port=0,
            secret_key=SecretStr("k" * 43),
            zalo_bot=ZaloBotSettings(token=SecretStr(zalo.token), base_url=zalo.host),
        )
        with pytest.raises(RuleError, match="zalo_bot_webhook_set"):
            async with running(settings):
                raise AssertionError("it runs")
