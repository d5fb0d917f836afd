"""A citizen tells a matter, on web chat and on Telegram, through the real doors."""

import unicodedata
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.channel import Channel
from storage.tables import AccountRow, AttachmentRow, SealedRow, TicketEntryRow, TicketRow, WebMessageRow
from storage.transaction import Transaction, table
from tests.conftest import NOW, POSTGRESQL, SQLITE
from tests.fakes.telegram import TOKEN
from tests.flows.town import Phone, Town, WebPhone, town

STORY = "Đèn đường trước nhà văn hóa thôn 3 hỏng từ tối thứ Hai"


DOORS = [
    (SQLITE, Channel.WEBCHAT),
    (SQLITE, Channel.TELEGRAM),
    (SQLITE, Channel.ZALO_BOT),
    (SQLITE, Channel.ZALO_OA),
    (POSTGRESQL, Channel.WEBCHAT),
]
"""Every channel, and both databases: a database does not know which channel it is told of."""


@pytest.fixture(params=DOORS, ids="-".join)
def door(request: pytest.FixtureRequest) -> tuple[str, Channel]:
    found: tuple[str, Channel] = request.param
    return found


@pytest.fixture
def kind(door: tuple[str, Channel]) -> str:
    return door[0]


@pytest.fixture
def channel(door: tuple[str, Channel]) -> Channel:
    return door[1]


with_buttons = pytest.mark.parametrize(
    "door", [door for door in DOORS if door[1] is not Channel.ZALO_BOT], ids="-".join, indirect=True
)
"""Zalo Bot has neither buttons nor pins."""


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path, NOW) as opened:
        yield opened


@pytest.fixture
async def citizen(place: Town, channel: Channel) -> Phone:
    return await place.citizen(channel)


async def consent(citizen: Phone) -> None:
    await citizen.write("xin chào")
    await citizen.write("1")
    assert "kể việc" in await citizen.write("1")


async def tell(citizen: Phone, *answers: str) -> str:
    """Send the answers one after the other; what was said to the last one."""
    said = ""
    for answer in answers:
        said = await citizen.write(answer)
    return said


async def file_ticket(citizen: Phone, story: str = STORY) -> str:
    """A whole intake with as little as possible; the number of the ticket."""
    await consent(citizen)
    await tell(citizen, story, "xong", "không có", "thôn 3", "1", "2", "3", "1")
    receipt = await citizen.write("gửi")
    assert "Mã hồ sơ: PA-" in receipt, receipt
    return receipt.split("Mã hồ sơ: ")[1][:10]


async def count(place: Town, rows: type, **wanted: object) -> int:
    of = table(rows)
    query = select(func.count()).where(*(of.c[name] == value for name, value in wanted.items()))

    def read(tx: Transaction) -> int:
        return int(tx.connection.execute(query.select_from(of)).scalar_one())

    return await place.app.runtime.database.read(read)


async def test_a_matter_told_in_several_messages_becomes_a_ticket_with_a_receipt(
    place: Town, citizen: Phone
) -> None:
    await consent(citizen)
    await citizen.write(STORY)
    await citizen.write("tối rất nguy hiểm cho các cháu đi học")
    assert "ảnh, video" in await citizen.write("xong")
    assert "tổng 1/10" in await citizen.photo()
    assert "ở đâu" in await citizen.write("xong")
    assert "chiếu sáng" in await citizen.write("trước nhà văn hóa thôn 3")
    assert "nguy hiểm" in await citizen.write("dung roi")
    assert "được biết đến" in await citizen.write("không")
    assert "họ tên" in await citizen.write("1")
    assert "Số điện thoại" in await citizen.write("Nguyễn Thị Hoa")
    assert "văn bản trả lời" in await citizen.write("0912.345.678")
    review = await citizen.write("không cần")
    assert "0912345678" in review
    assert "các cháu" in review
    receipt = await citizen.write("gui")
    assert "Mã hồ sơ: PA-" in receipt
    assert "mã bí mật" in receipt
    assert await count(place, TicketRow, status="submitted", identity="desk_only") == 1
    assert await count(place, AttachmentRow, state="stored", draft_id="") == 1
    assert "Phản ánh này đã được gửi" in await citizen.write("gửi") or await count(place, TicketRow) == 1


@with_buttons
async def test_buttons_alone_carry_the_whole_intake(place: Town, citizen: Phone) -> None:
    await citizen.write("/start")
    await citizen.press("Gửi phản ánh, kiến nghị")
    await citizen.press("Tôi đồng ý")
    await tell(citizen, STORY, "xong")
    await citizen.press("Không có")
    await citizen.pin(15.1, 108.8)
    assert "nơi xảy ra việc" in await citizen.read()
    await citizen.press("Đúng")
    await citizen.press("Đúng")
    await citizen.press("Không rõ")
    await citizen.press("Ẩn danh – không ai ở cơ quan biết tên tôi")
    await citizen.press("Tiếp tục ẩn danh")
    assert "Mã hồ sơ" in await citizen.press("Gửi")
    assert await count(place, TicketRow, identity="anonymous", latitude=15.1) == 1


async def test_a_refusal_leaves_nothing_behind(place: Town, citizen: Phone) -> None:
    await citizen.write(STORY)
    await citizen.write("1")
    said = await citizen.write("khong dong y")
    assert "không lưu nội dung nào" in said
    assert await count(place, TicketRow) == 0
    assert await count(place, AccountRow, consent_version="") == 1
    found = await place.app.runtime.database.read(_everything)
    assert "nhà văn hóa" not in found


def _everything(tx: Transaction) -> str:
    """All text of the rows that could hold a citizen's words."""
    rows = [TicketRow, TicketEntryRow, WebMessageRow]
    held = [str(tuple(row)) for each in rows for row in tx.connection.execute(select(table(each)))]
    held += [str(row) for row in tx.connection.exec_driver_sql("SELECT state FROM conversation")]
    held += [str(row) for row in tx.connection.exec_driver_sql("SELECT body FROM inbox")]
    return "\n".join(held)


async def test_ok_is_not_consent(citizen: Phone) -> None:
    await citizen.write("xin chào")
    await citizen.write("1")
    assert "chọn 1, 2 hoặc 3" in await citizen.write("ok")
    assert "kể việc" in await citizen.write("đồng ý ạ")


async def test_a_poster_answers_the_place(citizen: Phone) -> None:
    assert "báo việc ở bảng mã: thôn Nà Cọ" in await citizen.write("/start noi-na-co")
    review = await tell(citizen, "1", STORY, "xong", "không có", "1", "2", "3", "1")
    assert "Nơi: thôn Nà Cọ" in review
    assert "Mã hồ sơ: PA-" in await citizen.write("gửi")


async def test_any_line_can_be_edited_before_sending(citizen: Phone) -> None:
    await consent(citizen)
    await tell(citizen, STORY, "xong", "2", "thôn 3", "1", "2", "3", "1")
    await citizen.press("Sửa nơi")
    review = await citizen.write("xóm Bến, thôn 5")
    assert "xóm Bến, thôn 5" in review
    assert "Mã hồ sơ" in await citizen.write("gửi")


async def test_decomposed_letters_are_understood(place: Town, citizen: Phone) -> None:
    await consent(citizen)
    await citizen.write(unicodedata.normalize("NFD", "Cống thoát nước đầu thôn bị nghẹt đã ba ngày"))
    assert "ảnh, video" in await citizen.write(unicodedata.normalize("NFD", "Xong"))


async def test_what_cannot_be_read_gets_its_sentence(citizen: Phone) -> None:
    await consent(citizen)
    await citizen.sticker()
    assert "chưa đọc được loại tin này" in await citizen.read()


async def test_a_long_story_is_kept_whole(place: Town, citizen: Phone) -> None:
    await consent(citizen)
    long = "Cống nghẹt, nước ngập cả xóm. " * 200
    assert "tờ kèm theo" in await citizen.write(long.strip() + " cuối cùng")
    await tell(citizen, "xong", "2", "thôn 3", "1", "2", "3", "1", "gửi")
    assert await count(place, TicketRow) == 1
    told = await place.app.runtime.database.read(_everything)
    assert "cuối cùng" in told


async def test_twenty_messages_at_once_get_one_answer(place: Town, citizen: Phone) -> None:
    await consent(citizen)
    for number in range(19):
        await citizen.send(f"Dòng kể thứ {number}: rác chưa được thu gom ở ngõ này.")
    said = await citizen.read()
    assert said.count("Tôi ghi rồi ạ") == 1
    assert "Dòng kể thứ 0" in await tell(citizen, "xong", "2", "thôn 3", "1", "bỏ qua", "2", "3", "1")
    await citizen.write("gửi")
    told = await place.app.runtime.database.read(_everything)
    assert all(f"Dòng kể thứ {number}:" in told for number in range(19))


@with_buttons
async def test_a_button_of_yesterday_changes_nothing(place: Town, citizen: Phone) -> None:
    await citizen.write("xin chào")
    await citizen.press("Gửi phản ánh, kiến nghị")
    await citizen.press("Tôi đồng ý")
    await tell(citizen, STORY, "xong", "2", "thôn 3", "1", "2", "3", "1", "gửi")
    await place.wait(timedelta(days=1))
    said = await citizen.press("Không có")
    assert "đã kết thúc" in said or "đã được gửi" in said
    assert await count(place, TicketRow) == 1


async def test_an_emergency_shows_the_numbers_before_any_form(citizen: Phone) -> None:
    await consent(citizen)
    said = await citizen.write("Cháy nhà ở xóm Bến, có người kẹt bên trong")
    assert "114" in said
    assert "không gọi thay được" in said


async def test_a_complaint_is_shown_its_lawful_door(citizen: Phone) -> None:
    await consent(citizen)
    await citizen.write("Tôi khiếu nại quyết định số 15 thu hồi đất của gia đình tôi")
    said = await tell(citizen, "xong")
    if "không đồng ý với một quyết định" not in said:
        said = await citizen.read()
    assert "khiếu nại" in await citizen.write("1")


async def test_a_denunciation_is_sealed_and_stands_nowhere_else(place: Town, citizen: Phone) -> None:
    await consent(citizen)
    said = await citizen.write("Tôi tố cáo ông Tư Canary nhận hối lộ khi cấp sổ đỏ")
    assert "giữ bí mật" in said
    guidance = await citizen.write("1")
    assert "niêm kín" in guidance
    assert await count(place, SealedRow) == 1
    assert "Canary" not in await place.app.runtime.database.read(_everything)
    queued = await place.app.runtime.database.read(
        lambda tx: str(tx.connection.exec_driver_sql("SELECT message FROM outbox").all())
    )
    assert "Canary" not in queued


async def test_a_draft_left_for_a_day_is_reminded_once_and_goes_on(place: Town, citizen: Phone) -> None:
    await consent(citizen)
    await tell(citizen, STORY, "xong")
    await place.wait(timedelta(hours=24, minutes=1))
    assert "chưa được gửi" in await citizen.read()
    said = await citizen.write("tiếp")
    assert "ảnh, video" in said or "đang khai dở" in said


async def test_a_draft_left_for_a_week_is_deleted(place: Town, citizen: Phone, channel: Channel) -> None:
    await consent(citizen)
    await tell(citizen, STORY, "xong")
    for _ in range(8):
        await place.wait(timedelta(days=1))
    said = await citizen.read()
    # The Official Account may not write to somebody who was silent for a week; the reminder named the day.
    assert channel is Channel.ZALO_OA or "đã được xóa" in said
    assert "văn hóa" not in await place.app.runtime.database.read(
        lambda tx: str(tx.connection.exec_driver_sql("SELECT state FROM conversation").all())
    )


async def test_tickets_are_listed_added_to_and_withdrawn(place: Town, citizen: Phone) -> None:
    number = await file_ticket(citizen)
    assert number in await citizen.write("hồ sơ")
    assert number in await citizen.write("1")
    await citizen.write("thêm")
    assert "Đã thêm" in await citizen.write("Hôm nay thêm một cột nữa hỏng")
    await citizen.write("xong")
    await citizen.write("rút")
    assert "đã được rút" in await citizen.write("1")
    assert await count(place, TicketRow, status="withdrawn") == 1
    assert await count(place, TicketEntryRow, text="Hôm nay thêm một cột nữa hỏng") == 1


async def test_a_free_message_asks_which_of_two_tickets_it_belongs_to(place: Town, citizen: Phone) -> None:
    first = await file_ticket(citizen)
    await citizen.write("việc mới")
    second = await citizen.write("Chó thả rông ở thôn 5 cắn người đi đường mấy hôm nay")
    await tell(citizen, "xong", "2", "thôn 5", "1", "2", "3", "1")
    second = (await citizen.write("gửi")).split("Mã hồ sơ: ")[1][:10]
    await place.wait(timedelta(hours=1))
    said = await citizen.write("Sáng nay vẫn chưa thấy ai đến xem cả")
    assert first in said
    assert second in said
    assert f"Đã thêm vào hồ sơ {first}" in await citizen.write("2")


async def test_a_person_is_one_word_away(place: Town, citizen: Phone) -> None:
    await consent(citizen)
    await citizen.write("hủy")
    await citizen.write("gặp cán bộ")
    said = await citizen.write("Tôi muốn hỏi lịch làm sổ hộ nghèo")
    assert "cán bộ" in said
    assert await count(place, TicketRow, kind="hoi_dap") == 1


async def test_stored_photos_hold_no_place(place: Town, citizen: Phone) -> None:
    await consent(citizen)
    await tell(citizen, STORY, "xong")
    await citizen.photo()
    files = list(place.app.runtime.service.files.root.glob("*/*"))
    assert len(files) == 1
    assert b"canary-camera" not in files[0].read_bytes()


async def test_a_message_sent_twice_by_the_page_is_taken_once(place: Town) -> None:
    phone = await place.web_phone()
    assert isinstance(phone, WebPhone)
    for _ in range(3):
        await phone.post({"text": "xin chào"}, client_id="the-same-one-1")
    assert (await phone.read()).count("Kính chào") == 1


async def test_another_bot_in_the_same_chat_is_heard_from_its_first_message(
    database_url: str, tmp_path: Path
) -> None:
    """Each bot numbers messages anew, and people keep their chat: a known number is no repeat then."""
    for token in (TOKEN, f"800100200:{'B' * 35}"):
        async with town(database_url, tmp_path, NOW, token=token) as place:
            citizen = await place.citizen(Channel.TELEGRAM)
            assert "Ông/bà cần việc gì?" in await citizen.write("xin chào")


async def test_two_matters_with_a_paper_number_become_two_tickets_that_the_desk_reads(
    place: Town, citizen: Phone
) -> None:
    await consent(citizen)
    await citizen.write("1. Rác thải đổ đầy cổng chợ, người đổ có số 012345678901")
    await citizen.write("2. Đèn đường ở xã Nà Cọ tắt cả tuần")
    assert "số giấy tờ" in await citizen.write("xong")
    assert "2 việc" in await citizen.write("che đi giúp tôi")
    said = await tell(citizen, "1", "không có", "chợ Suối Mây", "đúng")
    assert "kéo dài bao lâu" in said
    await tell(citizen, "một tháng", "không", "3", "1")
    assert "Bây giờ đến việc tiếp theo" in await citizen.write("gửi")
    said = await tell(citizen, "không có", "xã Nà Cọ, gần trạm bơm")
    assert "nay là thôn Nà Cọ" in said
    said = await tell(citizen, "1", "1", "2")
    assert "xã Nà Cọ, gần trạm bơm (nay là thôn Nà Cọ)" in said
    await citizen.write("gửi")
    assert await count(place, TicketRow, identity="anonymous") == 2
    told = await place.app.runtime.database.read(_everything)
    assert "Tình trạng này kéo dài bao lâu rồi ạ? một tháng" in told
    assert "xã Nà Cọ, gần trạm bơm (nay là thôn Nà Cọ)" in told
    assert "012345678901" not in await place.app.runtime.database.read(_tickets_and_states)


def _tickets_and_states(tx: Transaction) -> str:
    """What is kept of a matter beside the citizen's own screen."""
    held = [
        str(tuple(row))
        for each in (TicketRow, TicketEntryRow)
        for row in tx.connection.execute(select(table(each)))
    ]
    held += [str(row) for row in tx.connection.exec_driver_sql("SELECT state FROM conversation")]
    return "\n".join(held)
