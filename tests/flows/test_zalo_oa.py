"""Citizens on the Official Account: buttons that are texts, people who write beside us, tokens."""

import logging
import unicodedata
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.channel import Channel
from core.people import Role
from handlers import invites
from storage import channel_tokens
from storage.tables import ChannelTokenRow, HeldRow, TicketEntryRow, TicketRow
from tests.conftest import NOW
from tests.fakes.zalo_oa import CS, refused
from tests.fakes.zalo_oa_state import APP_SECRET, OA_ID, OA_SECRET
from tests.flows.test_intake import STORY, consent, count, file_ticket, tell
from tests.flows.town import Phone, Town, ZaloOaPhone, picture, town

OA = Channel.ZALO_OA


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path, NOW) as opened:
        yield opened


@pytest.fixture
async def citizen(place: Town) -> ZaloOaPhone:
    phone = await place.citizen(OA)
    assert isinstance(phone, ZaloOaPhone)
    return phone


@pytest.fixture
async def desk(place: Town) -> Phone:
    """The desk's only officer, without a room."""
    return await place.officer("Tống Thị Hiên", "Văn phòng HĐND và UBND", Role.DESK, Channel.TELEGRAM)


@pytest.fixture
async def admin(place: Town) -> Phone:
    return await place.officer("Ngô Minh Trí", "Văn phòng HĐND và UBND", Role.ADMIN, Channel.WEBCHAT)


async def answer(place: Town, desk: Phone, words: str) -> None:
    """The desk accepts what came last and answers it."""
    await desk.press("Tiếp nhận")
    await desk.press("Trả lời")
    await desk.press("Trả lời, giải thích")
    await desk.write(words)
    await desk.press("Gửi")
    await place.wait(timedelta(seconds=21))


async def test_a_matter_goes_from_the_citizen_to_the_desk_and_the_answer_comes_back(
    place: Town, citizen: ZaloOaPhone, desk: Phone
) -> None:
    number = await file_ticket(citizen)
    assert number in await desk.read()
    await answer(place, desk, "Đội quản lý điện thay bóng đèn vào sáng thứ Năm.")
    seen = await citizen.read()
    assert "thay bóng đèn vào sáng thứ Năm" in seen
    assert "[Đã xong | Xong một phần | Chưa]" in seen
    await citizen.press("Đã xong")
    assert await count(place, TicketRow, status="closed", fixed="done") == 1


async def test_who_follows_is_greeted_and_who_is_in_the_middle_of_something_is_not(
    place: Town, citizen: ZaloOaPhone
) -> None:
    place.zalo_oa.people.follow(citizen.who)
    assert "Kính chào" in await citizen.read()
    await consent(citizen)
    await citizen.write(STORY)
    place.zalo_oa.people.unfollow(citizen.who)
    place.zalo_oa.people.follow(citizen.who)
    assert "Kính chào" not in await citizen.read()


async def test_an_officer_is_bound_by_the_code_and_works_by_buttons(
    place: Town, citizen: ZaloOaPhone
) -> None:
    desk = await place.officer("Tống Thị Hiên", "Văn phòng HĐND và UBND", Role.DESK, OA)
    number = await file_ticket(citizen)
    assert number in await desk.read()
    await desk.press("Tiếp nhận")
    assert "đã được tiếp nhận" in await citizen.read()


# --- people who write by hand ---


async def test_a_reply_by_hand_stands_on_the_ticket_and_the_service_stays_silent_for_a_while(
    place: Town, citizen: ZaloOaPhone, desk: Phone
) -> None:
    number = await file_ticket(citizen)
    await desk.read()
    await citizen.read()
    place.zalo_oa.people.reply_by_hand(citizen.who, "Chúng tôi đang kiểm tra.")
    told = await desk.read()
    assert "trả lời dân ngoài hệ thống" in told
    assert "Chúng tôi đang kiểm tra." in told
    assert number in told
    assert await count(place, TicketEntryRow, side="by_hand", text="Chúng tôi đang kiểm tra.") == 1
    assert await citizen.write("vâng, hôm nào xong vậy ạ") == ""
    assert "hôm nào xong vậy" in await desk.read()
    await place.wait(timedelta(minutes=31))
    assert await citizen.write("xin chào") != ""


async def test_a_reply_by_hand_to_somebody_without_a_ticket_is_told_to_the_desk(
    place: Town, citizen: ZaloOaPhone, desk: Phone
) -> None:
    place.zalo_oa.people.reply_by_hand(citizen.who, "Chào bác, bác gọi giúp số 0987654321 nhé.")
    told = await desk.read()
    assert "chưa có hồ sơ nào đang mở" in told
    assert "0987654321" not in told


async def test_what_somebody_without_a_ticket_says_to_a_person_is_heard_when_that_one_is_gone(
    place: Town, citizen: ZaloOaPhone, desk: Phone
) -> None:
    place.zalo_oa.people.reply_by_hand(citizen.who, "Chào bác, bác cần gì ạ?")
    await place.settle()
    for words in (STORY, "tối rất nguy hiểm cho các cháu"):
        assert await citizen.write(words) == ""
    assert await citizen.photo(picture()) == ""
    await place.wait(timedelta(minutes=31))

    said = await citizen.read()
    assert "chưa ghi lời ông/bà" in said
    assert await count(place, HeldRow) == 0
    await citizen.write("1")
    await citizen.write("1")
    for answer in ("xong", "xong", "thôn 3", "1", "2", "3", "1"):
        await citizen.write(answer)
    shown = await citizen.write("sửa")
    assert f"{STORY} tối rất nguy hiểm cho các cháu" in shown
    assert "1 ảnh" in shown


async def test_what_waits_for_a_person_to_go_comes_before_the_word_that_calls_us(
    place: Town, citizen: ZaloOaPhone
) -> None:
    place.zalo_oa.people.reply_by_hand(citizen.who, "Chào bác ạ")
    await place.settle()
    assert await citizen.write("cảm ơn") == ""
    assert await citizen.write("dạ") == ""
    await place.wait(timedelta(minutes=31))
    assert await citizen.read() == "", "that was said to the person"
    place.zalo_oa.people.reply_by_hand(citizen.who, "Vâng")
    await place.settle()
    assert await citizen.write(STORY) == ""
    said = await citizen.write("gặp cán bộ")
    assert "chưa ghi lời ông/bà" in said
    assert await count(place, HeldRow) == 0


@pytest.mark.parametrize("words", ["/start", "gặp cán bộ", "cháy nhà ở thôn 3 rồi cứu với"])
async def test_a_person_beside_us_does_not_keep_us_from_who_calls_or_is_in_danger(
    place: Town, citizen: ZaloOaPhone, words: str
) -> None:
    await file_ticket(citizen)
    place.zalo_oa.people.reply_by_hand(citizen.who, "Chúng tôi đang kiểm tra.")
    await place.settle()
    assert await citizen.write(words) != ""


async def test_who_is_telling_a_matter_goes_on_beside_a_person_who_writes(
    place: Town, citizen: ZaloOaPhone
) -> None:
    await consent(citizen)
    await citizen.write(STORY)
    place.zalo_oa.people.reply_by_hand(citizen.who, "Bác cứ kể tiếp ạ")
    await place.settle()
    assert "ảnh, video" in await citizen.write("xong")


async def test_a_short_word_by_hand_is_not_taken_for_an_echo(
    place: Town, citizen: ZaloOaPhone, desk: Phone
) -> None:
    await file_ticket(citizen)
    place.zalo_oa.people.reply_by_hand(citizen.who, "Vâng")
    await place.settle()
    assert await count(place, TicketEntryRow, side="by_hand", text="Vâng") == 1


async def test_echoes_of_our_own_messages_are_not_taken_for_a_person(
    place: Town, citizen: ZaloOaPhone, desk: Phone
) -> None:
    place.zalo_oa.echoes = place.zalo_oa.people.names_admin = True
    await file_ticket(citizen)
    assert "ngoài hệ thống" not in await desk.read()
    assert await count(place, TicketEntryRow, side="by_hand") == 0
    assert await citizen.write("xin chào") != ""


# --- tokens ---


async def test_the_first_pair_lies_in_the_database_and_wins_from_then_on(
    place: Town, citizen: ZaloOaPhone
) -> None:
    assert "Kính chào" in await citizen.write("xin chào")
    assert await count(place, ChannelTokenRow, lost_at=None, rotating_since=None) == 1
    await place.wait(timedelta(hours=30))
    assert await citizen.write("xin chào") != ""
    assert place.zalo_oa.oauth.refreshes == 2


async def test_lost_tokens_make_messages_wait_and_the_administrators_hear_once(
    place: Town, citizen: ZaloOaPhone, admin: Phone
) -> None:
    await citizen.write("xin chào")
    await admin.read()
    good, place.zalo_oa.oauth.refresh = place.zalo_oa.oauth.refresh, "spent by somebody else"
    await place.wait(timedelta(hours=26))
    place.zalo_oa.people.say(citizen.who, "/start")
    await place.settle()
    before = len(place.zalo_oa.screen(citizen.who))
    await place.wait(timedelta(minutes=1))
    assert "danvan zalo-oa connect" in await admin.read()
    await place.wait(timedelta(minutes=1))
    assert "zalo-oa connect" not in await admin.read()
    place.zalo_oa.oauth.refresh = good
    await place.wait(timedelta(minutes=11))
    assert len(place.zalo_oa.screen(citizen.who)) > before


async def test_a_pair_lost_on_its_way_alarms_the_administrators_within_five_minutes(
    place: Town, citizen: ZaloOaPhone, admin: Phone
) -> None:
    await citizen.write("xin chào")
    await admin.read()
    place.zalo_oa.oauth.crashes = 1
    await place.wait(timedelta(hours=26))
    place.zalo_oa.people.say(citizen.who, "/start")
    await place.settle()
    await place.wait(timedelta(minutes=5))
    assert "danvan zalo-oa connect" in await admin.read()


@pytest.mark.parametrize("number", [-224, -320])
async def test_a_package_that_has_run_out_makes_messages_wait_and_the_administrators_hear_once_a_day(
    place: Town, citizen: ZaloOaPhone, admin: Phone, number: int
) -> None:
    place.zalo_oa.fail(CS, *[refused(number)] * 2)
    assert await citizen.write("xin chào") == ""
    told = await admin.read()
    assert told.count("gói dịch vụ, quyền hoặc số dư") == 1
    await place.wait(timedelta(minutes=31))
    assert "gói dịch vụ" not in await admin.read()
    await place.wait(timedelta(hours=2))
    assert "Kính chào" in await citizen.read()


async def test_the_administrators_hear_of_lost_tokens_over_another_network(
    place: Town, citizen: ZaloOaPhone, admin: Phone
) -> None:
    code = await place.app.runtime.database.write(
        lambda tx: invites.invite_officer(
            tx,
            place.keys,
            name="Ngô Minh Trí",
            unit="Văn phòng HĐND và UBND",
            role=Role.ADMIN,
            now=place.clock.now(),
        )
    )
    await citizen.write(f"kết nối {code}")
    await admin.read()
    place.zalo_oa.oauth.refresh = "spent by somebody else"
    await place.wait(timedelta(hours=26))
    place.zalo_oa.people.say(citizen.who, "/start")
    await place.wait(timedelta(minutes=1))
    assert "danvan zalo-oa connect" in await admin.read()


async def test_a_service_that_died_in_the_middle_of_a_refresh_alarms_within_a_minute(
    place: Town, admin: Phone
) -> None:
    began = place.clock.now()
    await place.app.runtime.database.write(
        lambda tx: channel_tokens.note(tx, OA, OA_ID, began, rotating_since=began)
    )
    await place.wait(timedelta(seconds=59))
    assert "chưa có kết quả" not in await admin.read()
    await place.wait(timedelta(seconds=1))
    told = await admin.read()
    assert "chưa có kết quả" in told
    assert "danvan zalo-oa connect" in told


# --- what else comes in ---


async def test_an_event_delivered_several_times_counts_once(place: Town, citizen: ZaloOaPhone) -> None:
    place.zalo_oa.events.copies = 3
    assert (await citizen.write("xin chào")).count("Kính chào") == 1


async def test_a_phone_number_shared_by_the_card_of_zalo_is_taken(place: Town, citizen: ZaloOaPhone) -> None:
    await consent(citizen)
    await tell(citizen, STORY, "xong", "không có", "thôn 3", "1", "2", "1", "Nguyễn Thị Hoa")
    place.zalo_oa.people.share_info(citizen.who)
    assert "văn bản trả lời" in await citizen.read()
    assert "0912345678" in await citizen.write("1")


async def test_a_photo_that_is_gone_before_it_is_fetched_is_asked_for_again(
    place: Town, citizen: ZaloOaPhone
) -> None:
    await consent(citizen)
    await tell(citizen, STORY, "xong")
    place.zalo_oa.people.show(citizen.who, picture())
    place.zalo_oa.people.expire_media()
    assert "xin gửi lại" in await citizen.read()


async def test_words_in_pieces_of_letters_mean_the_same(place: Town, citizen: ZaloOaPhone) -> None:
    await citizen.write("xin chào")
    await citizen.write("1")
    assert "kể việc" in await citizen.write(unicodedata.normalize("NFD", "Tôi đồng ý"))


async def test_an_event_nobody_signed_changes_nothing(place: Town, citizen: ZaloOaPhone) -> None:
    place.zalo_oa.people.say(citizen.who, "xin chào")
    await place.settle()
    body = place.zalo_oa.events.signed(place.zalo_oa.events.emitted[-1]).body
    for headers in ({}, {"X-ZEvent-Signature": "mac=" + "0" * 64}):
        async with place.http.post(f"{place.app.url}/hook/zalo-oa", data=body, headers=headers) as answer:
            assert answer.status == 401


async def test_no_secret_stands_in_a_log(
    place: Town, citizen: ZaloOaPhone, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await tell(citizen, "xin chào", "1", "1")
    assert "canary" not in caplog.text
    assert APP_SECRET not in caplog.text
    assert OA_SECRET not in caplog.text
