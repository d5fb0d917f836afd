"""A citizen on Zalo Bot, which carries neither documents nor pins, sends both by one-time links."""

import io
import logging
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import select

from channels.downloading import MAX_DOWNLOAD_BYTES
from core.channel import Channel
from core.people import Role
from handlers import page_links
from storage.tables import AttachmentRow, PageLinkRow, TicketRow, metadata
from tests.conftest import NOW
from tests.flows.test_intake import count
from tests.flows.town import Phone, TelegramPhone, Town, picture, town

SITE = "https://suoimay.example"
GONE = "nhắn «tiếp» để lấy đường dẫn mới"
TO_FILES = ("xin chào", "1", "1", "Đèn đường hỏng trước nhà văn hóa thôn 2", "xong")
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path, NOW, public_url=SITE) as opened:
        yield opened


class Browser:
    """Somebody's browser, which opens what a message of the service links to."""

    def __init__(self, place: Town, said: str) -> None:
        found = re.search(rf"{SITE}(/[\w-]+/[\w-]+)", said)
        assert found, said
        self.place, self.path = place, found[1]
        self.cookies: dict[str, str] = {}

    async def look(self) -> tuple[int, str]:
        return await self._ask("GET", self.path)

    async def send(self, *files: tuple[str, bytes], form_id: str = "form-00001") -> tuple[int, str]:
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("luot", form_id)
        for name, content in files:
            form.add_field("file", io.BytesIO(content), filename=name, content_type="image/jpeg")
        return await self._ask("POST", self.path, form)

    async def send_fields(self, *names: str) -> tuple[int, str]:
        form = aiohttp.FormData()
        for name in names:
            form.add_field(name, "x" * 40, content_type="text/plain")
        return await self._ask("POST", self.path, form)

    async def finish(self) -> tuple[int, str]:
        return await self._ask("POST", f"{self.path}/xong")

    async def pin(self, typed: str) -> tuple[int, str]:
        return await self._ask("POST", self.path, {"vi_tri": typed})

    async def _ask(self, method: str, path: str, data: object = None) -> tuple[int, str]:
        headers = {"Accept": "text/html", "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        async with self.place.http.request(
            method, f"{self.place.app.url}{path}", data=data, headers=headers
        ) as response:
            assert response.headers["Referrer-Policy"] == "no-referrer"
            self.cookies |= {name: cookie.value for name, cookie in response.cookies.items()}
            return response.status, await response.text()


async def told(place: Town, channel: Channel = Channel.ZALO_BOT) -> tuple[Phone, str]:
    """A citizen who has told their matter, and the question for files."""
    citizen = await place.citizen(channel)
    for answer in TO_FILES[:-1]:
        await citizen.write(answer)
    return citizen, await citizen.write(TO_FILES[-1])


async def test_files_and_a_pin_of_the_pages_reach_the_desk_like_those_of_a_chat(place: Town) -> None:
    desk = await place.officer("Tống Thị Hiên", "Văn phòng HĐND và UBND", Role.DESK, Channel.ZALO_BOT)
    citizen, asked = await told(place)
    browser = Browser(place, asked)
    for _ in range(2):
        assert (await browser.look())[0] == 200, "to look at a link, as networks do, spends nothing"
    status, page = await browser.send(("một.jpg", picture()), ("hai.jpg", picture((80, 60))))
    assert (status, 'Đã nhận <strong id="files">2</strong> tệp' in page) == (200, True)
    assert "tổng 2/10" in await citizen.read()
    assert (await browser.send(("đơn.pdf", PDF), form_id="form-00002"))[0] == 200
    assert "tổng 3/10" in await citizen.read()
    assert "Đã nhận 3 tệp" in (await browser.finish())[1]
    where = await citizen.read()
    assert "ở đâu" in where, "the dialogue goes on by itself"
    pin = Browser(place, where)
    assert (await pin.look())[0] == 200
    assert (await pin.pin("gần chợ"))[0] == 422, "no place, so the link stays"
    assert (
        "Đã nhận vị trí" in (await pin.pin("https://maps.example/@21.02,105.8,17z/!3d21.0285!4d105.8048"))[1]
    )
    assert "Đây có phải nơi xảy ra việc" in await citizen.read()
    for answer in ("1", "1", "2", "1"):
        await citizen.write(answer)
    for answer in ("Nguyễn Thị Hoa", "bỏ qua", "1", "gửi"):
        await citizen.write(answer)
    card = await desk.read()
    assert "có ghim trên bản đồ" in card
    assert "3 tệp" in card
    assert await count(place, TicketRow, latitude=21.0285, longitude=105.8048) == 1
    assert await count(place, AttachmentRow, state="stored", mime="image/jpeg", ticket_id=1) == 2
    assert await count(place, AttachmentRow, state="stored", mime="application/pdf", ticket_id=1) == 1
    for spent in (browser, pin):
        status, page = await spent.look()
        assert (status, GONE in page) == (404, True)
    assert (await browser.send(("ba.jpg", picture())))[0] == 404
    assert (await pin.pin("21.0285, 105.8048"))[0] == 404
    assert await count(place, PageLinkRow) == 0


async def test_a_link_is_one_browsers_one_dialogues_and_thirty_minutes_long(place: Town) -> None:
    citizen, asked = await told(place)
    mine, other = Browser(place, asked), Browser(place, asked)
    await mine.look()
    assert (await other.look())[0] == 200, "nobody has begun yet"
    assert (await mine.send(("một.jpg", picture())))[0] == 200
    assert (await other.look())[0] == (await other.send(("hai.jpg", picture())))[0] == 404
    assert (await mine.send(("một.jpg", picture())))[0] == 200, "sent again after a lost answer"
    assert "tổng 1/10" in await citizen.read()
    mine.path = mine.path.replace("gui-tep", "ghim")
    assert (await mine.pin("21.0285, 105.8048"))[0] == 404, "a link opens one page"
    mine.path = "/gui-tep/" + "A" * 32
    assert (await mine.look())[0] == 404
    late = Browser(place, await citizen.write("tiếp"))
    place.clock.move(page_links.VALID)
    assert GONE in (await late.send(("ba.jpg", picture())))[1]
    left = Browser(place, await citizen.write("tiếp"))
    await citizen.write("xong")
    assert (await left.send(("ba.jpg", picture())))[0] == 200, "still the same draft"
    await citizen.write("hủy")
    await citizen.write("1")
    assert (await left.send(("tư.jpg", picture()), form_id="form-00004"))[0] == 404
    assert await count(place, AttachmentRow, state="stored") == 0


async def test_what_is_too_large_or_no_file_we_keep_gets_its_sentence_on_the_page(
    place: Town, tmp_path: Path
) -> None:
    citizen, asked = await told(place)
    browser = Browser(place, asked)
    status, page = await browser.send(("trò.exe", b"MZ" + bytes(200)), ("một.jpg", picture()), ("", b""))
    assert (status, "«trò.exe»" in page, "vì an toàn" in page) == (422, True, True)
    assert "tổng 1/10" in await citizen.read()
    large = b"x" * (page_links.MAX_FILE_BYTES + 1)
    status, page = await browser.send(("phim.mp4", large), form_id="form-00002")
    assert (status, "lớn hơn 45 MB" in page) == (422, True)
    assert (await browser.send(("phim.mp4", large + large), form_id="form-00003"))[0] == 413
    assert "chưa chọn tệp" in (await browser.send(("", b""), form_id="form-00004"))[1]
    assert (await browser.send(("hai.jpg", picture()), form_id="x"))[0] == 400
    assert (await browser.send_fields(*(f"o{number}" for number in range(200))))[0] == 400, "no end of fields"
    assert (await browser.send_fields("_charset_"))[0] == 400, "what the library itself stumbles over"
    many = [(f"{number}.jpg", picture()) for number in range(10)]
    status, page = await browser.send(*many, form_id="form-00005")
    assert (status, "Đã đủ 10 tệp" in page) == (422, True)
    assert "tổng 10/10" in await citizen.read()
    kept = len(list((tmp_path / "uploads").iterdir()))
    assert kept == 10, "what was refused lies nowhere"


async def test_an_addition_to_a_ticket_may_come_by_a_link_too(place: Town) -> None:
    citizen = await place.citizen(Channel.ZALO_BOT)
    await file_quickly(citizen)
    browser = Browser(place, await citizen.write("thêm"))
    assert (await browser.send(("đơn.pdf", PDF)))[0] == 200
    assert "hồ sơ" in await citizen.read()
    assert (await browser.finish())[0] == 200
    assert "Phần bổ sung đã vào hồ sơ" in await citizen.read()
    assert await count(place, AttachmentRow, state="stored", ticket_id=1, mime="application/pdf") == 1


async def file_quickly(citizen: Phone) -> None:
    for answer in (*TO_FILES, "2", "chợ thôn 2", "1", "2", "1", "Nguyễn Thị Hoa", "bỏ qua", "1", "gửi"):
        await citizen.write(answer)


async def test_an_officer_who_left_their_own_matter_answers_nothing_else_by_its_page(place: Town) -> None:
    """«Xong» of the page would answer whatever they are asked as an officer."""
    officer = await place.officer("Tống Thị Hiên", "Văn phòng HĐND và UBND", Role.DESK, Channel.ZALO_BOT)
    await officer.write("phản ánh")
    for answer in TO_FILES[1:-1]:
        await officer.write(answer)
    browser = Browser(place, await officer.write("xong"))
    assert (await browser.send(("một.jpg", picture())))[0] == 200
    assert "tổng 1/10" in await officer.read()
    await officer.write("thoát")
    assert (await browser.send(("đơn.pdf", PDF), form_id="form-00002"))[0] == 404
    assert (await browser.finish())[0] == 404
    assert await officer.read() == ""


async def test_a_film_too_large_for_telegram_gets_a_link(place: Town) -> None:
    citizen, asked = await told(place, Channel.TELEGRAM)
    assert SITE not in asked, "Telegram carries files"
    assert isinstance(citizen, TelegramPhone)
    place.telegram.people.send_document(citizen.person, "phim.mp4", size=30_000_000)
    browser = Browser(place, await citizen.read())
    film = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(30_000_000)
    assert (await browser.send(("phim.mp4", film)))[0] == 200
    assert "tổng 1/10" in await citizen.read()
    assert await count(place, AttachmentRow, state="stored", mime="video/mp4") == 1


async def test_a_photo_that_turns_out_too_large_gets_a_link_too(place: Town) -> None:
    citizen, _ = await told(place, Channel.ZALO_OA)
    await citizen.show(bytes(MAX_DOWNLOAD_BYTES + 1))
    browser = Browser(place, await citizen.read())
    assert (await browser.send(("một.jpg", picture())))[0] == 200
    assert await count(place, AttachmentRow, state="waiting") == 1
    await citizen.read()
    assert await count(place, AttachmentRow, state="stored", mime="image/jpeg") == 1


async def test_no_token_of_a_link_stands_in_a_log_nor_in_the_database(
    place: Town, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    _, asked = await told(place)
    browser = Browser(place, asked)
    token = browser.path.rpartition("/")[2]
    assert len(token) == 32
    await browser.look()
    await browser.send(("một.jpg", picture()))
    await place.settle()
    await browser.finish()
    assert token not in caplog.text
    with place.app.runtime.database.transaction() as tx:
        stored = [str(row) for rows in metadata.sorted_tables for row in tx.connection.execute(select(rows))]
    assert not [row for row in stored if token in row], "a copy of the database opens no link"


async def test_without_an_address_of_our_own_everything_is_asked_as_before(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path, NOW) as opened:
        citizen, asked = await told(opened)
        assert "http" not in asked
        assert "http" not in await citizen.write("2")
