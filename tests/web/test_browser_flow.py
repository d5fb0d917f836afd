"""Both halves of the work in the demo, through the page alone: what four people type, press and read."""

import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import FilePayload, Locator, Page, expect

from bot.app import running
from bot.demo import demo_settings, prepare, seed
from handlers.demo import remember_offset
from storage.database import Database
from storage.schema import migrate
from tests.web.browser import MARKS, opened

pytestmark = MARKS

BEGIN = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
"""The demo's first moment: a Tuesday, nine in the morning."""

PATIENCE_MS = 20_000


@dataclass(frozen=True)
class Person:
    """One of the four phones."""

    page: Page
    role: str

    @property
    def phone(self) -> Locator:
        return self.page.locator(f".phone.role-{self.role}")

    @property
    def chat(self) -> Locator:
        """What is to be read now."""
        return self.phone.locator(".messages:not([hidden])")

    async def take_up(self) -> None:
        """On a narrow screen only one phone is seen."""
        title = await self.phone.locator(".who-title").inner_text()
        await self.page.get_by_role("tab", name=title, exact=True).click()

    async def wears(self, look: str) -> None:
        """The phone is shown in the manner of another network."""
        title = await self.phone.locator(".who-title").inner_text()
        await self.phone.get_by_label(f"Kiểu hiển thị: {title}").select_option(label=look)
        await expect(self.phone.locator(".app-manner")).to_have_text(look, timeout=PATIENCE_MS)

    async def says(self, text: str) -> None:
        box = self.phone.get_by_label("Viết tin nhắn")
        await box.fill(text)
        await box.press("Enter")

    async def presses(self, label: str) -> None:
        await self.chat.locator(".key", has_text=label).last.click()

    async def hears(self, text: str) -> None:
        """It is the newest message of the service."""
        await expect(self.chat.locator(".message.service").last).to_contain_text(text, timeout=PATIENCE_MS)

    async def sees(self, text: str) -> None:
        """It stands somewhere in the chat, as on a card that changes where it is."""
        await expect(self.chat).to_contain_text(text, timeout=PATIENCE_MS)

    async def answers(self, said: str, heard: str) -> None:
        """Says it in reply to the newest message of the service, as a room wants it."""
        await self.chat.locator(".message.service").last.get_by_role("button", name="Trả lời tin").click()
        await self.says(said)
        await self.hears(heard)

    async def talks(self, *exchange: tuple[str, str]) -> None:
        """Says one thing after another, each when the answer to the one before has come."""
        for said, heard in exchange:
            await self.says(said)
            await self.hears(heard)


@dataclass(frozen=True)
class Demo:
    """The demo page with its four people."""

    page: Page

    @property
    def citizen(self) -> Person:
        return Person(self.page, "citizen")

    @property
    def desk(self) -> Person:
        return Person(self.page, "desk")

    @property
    def officer(self) -> Person:
        return Person(self.page, "officer")

    @property
    def leader(self) -> Person:
        return Person(self.page, "leader")

    async def moves_clock(self, button: str, *, to: str) -> None:
        await self.page.get_by_role("button", name=button).click()
        await expect(self.page.locator(".clock-now")).to_contain_text(to, timeout=PATIENCE_MS)


Open = Callable[[int], Awaitable[Demo]]


@pytest.fixture
async def open_demo(tmp_path: Path) -> AsyncIterator[Open]:
    """Starts `danvan demo` in a folder of its own and opens its page at a width."""
    settings = demo_settings(tmp_path, 0)
    database = Database(settings.database)
    migrate(database.engine)
    with database.transaction() as tx:
        remember_offset(tx, BEGIN - datetime.now(UTC))
    database.close()
    clock = prepare(settings, reset=False)
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(running(settings, clock=clock, demo=seed))

        async def open_(width: int) -> Demo:
            page = await stack.enter_async_context(opened(f"{app.url}/", width=width, height=800))
            return Demo(page)

        yield open_


def photo() -> FilePayload:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "orange").save(content, "PNG")
    return {"name": "cột đèn.png", "mimeType": "image/png", "buffer": content.getvalue()}


async def file_a_matter(citizen: Person) -> None:
    """From the greeting to the receipt, by words, numbers and buttons."""
    await citizen.phone.get_by_role("button", name="Bắt đầu").click()
    await citizen.hears("Ông/bà cần việc gì?")
    await citizen.talks(
        ("gui phan anh", "Ông/bà có đồng ý không?"),
        ("đồng ý", "xong"),
        ("Den duong truoc nha so 12 tat ba hom nay, toi om", "Tôi ghi rồi ạ"),
    )
    await citizen.says("xong")
    await citizen.hears("kèm theo không?")
    await citizen.phone.locator("input[type=file]").set_input_files([photo()])
    await citizen.hears("Đã nhận tệp, tổng 1/10")
    await citizen.talks(
        ("xong", "Việc xảy ra ở đâu"),
        ("thon 3, gan cho", "«Điện, chiếu sáng công cộng»"),
        ("đúng", "gây nguy hiểm"),
        ("không", "được biết đến thế nào"),
        ("1", "họ tên"),
        ("Nguyễn Thị Hoa", "Số điện thoại"),
        ("bỏ qua", "văn bản trả lời"),
        ("1", "Xin ông/bà xem lại"),
    )


async def test_a_citizen_is_answered_by_the_desk_and_says_that_it_is_done(open_demo: Open) -> None:
    demo = await open_demo(1280)
    citizen, desk = demo.citizen, demo.desk
    await file_a_matter(citizen)
    await demo.page.reload()
    await citizen.hears("Xin ông/bà xem lại")
    await citizen.talks(("gửi", "mã bí mật"))
    await desk.hears("Mới gửi")
    await desk.presses("Tiếp nhận")
    await citizen.hears("đã được tiếp nhận")
    await desk.presses("Trả lời")
    await desk.hears("kết quả là gì?")
    await desk.presses("Trả lời, giải thích")
    await desk.hears("xin viết câu trả lời")
    await desk.answers("Tổ điện đã thay bóng đèn sáng nay.", "Gửi công dân")
    await desk.presses("Gửi")
    await desk.hears("sẽ gửi sau 20 giây")
    await demo.moves_clock("+1 giờ", to="10:")
    await citizen.hears("Tổ điện đã thay bóng đèn sáng nay.")
    await desk.sees("✓ Đã gửi")
    await citizen.talks(("đã xong", "cách giải quyết"), ("hài lòng", "Cảm ơn ông/bà"))
    await desk.sees("Đã kết thúc")


async def test_an_officer_is_reminded_in_the_morning_and_reports_it_done(open_demo: Open) -> None:
    demo = await open_demo(1280)
    officer, leader = demo.officer, demo.leader
    await officer.talks(("viec cua toi", "Anh/chị đang có 3 việc"))
    await demo.moves_clock("Sáng hôm sau", to="Thứ Tư, 11/03/2026")
    await officer.hears("Việc của anh/chị, thứ Tư 11/03/2026")
    await officer.talks(("1", "Trạng thái: Chưa nhận"))
    await officer.presses("Đã nhận")
    await officer.hears("Đã ghi nhận anh/chị đã nhận")
    await officer.talks(("việc của tôi", "3 việc"), ("2", "Trạng thái"))
    await officer.presses("Xin gia hạn")
    await officer.hears("Xin gia hạn đến ngày nào?")
    await officer.talks(("15/4", "Xin ghi lý do"), ("chờ số liệu của các thôn", "Đã ghi đề nghị gia hạn"))
    await leader.hears("chờ số liệu của các thôn")
    await leader.presses("Đồng ý gia hạn")
    await officer.hears("hạn mới là hết thứ Tư 15/04/2026")
    await officer.talks(("việc của tôi", "3 việc"), ("1", "Đã nhận, đang làm"))
    await officer.presses("Đã xong")
    await officer.hears("Xin nhắn số, ngày văn bản")
    await officer.talks(("45/BC-KT ngày 11/3", "không được nhắc nữa"), ("việc của tôi", "2 việc"))


async def test_both_sides_work_on_a_small_phone_each_in_the_manner_of_another_network(
    open_demo: Open,
) -> None:
    demo = await open_demo(360)
    citizen, desk, officer = demo.citizen, demo.desk, demo.officer
    await citizen.wears("Kiểu Zalo Bot")
    await expect(citizen.phone.get_by_label("Gửi vị trí hiện tại")).to_be_hidden()
    await expect(citizen.phone.get_by_label("Gửi ảnh")).to_be_visible()
    await file_a_matter(citizen)
    await expect(citizen.chat.locator(".key")).to_have_count(0)
    await citizen.wears("Kiểu Zalo OA")
    await expect(citizen.chat.locator(".message.service")).to_contain_text(["Xin ông/bà xem lại"] * 2)
    await citizen.talks(("6", "mã bí mật"))
    assert await demo.page.evaluate("document.documentElement.scrollWidth") <= 360
    await expect(desk.phone).to_be_hidden()
    await desk.take_up()
    await desk.wears("Kiểu Telegram")
    await desk.hears("Mới gửi")
    await desk.presses("Tiếp nhận")
    await desk.sees("Đã tiếp nhận")
    assert await demo.page.evaluate("document.documentElement.scrollWidth") <= 360
    await officer.take_up()
    await officer.wears("Kiểu Zalo Bot")
    await demo.moves_clock("Sáng hôm sau", to="Thứ Tư, 11/03/2026")
    await officer.hears("Việc của anh/chị, thứ Tư 11/03/2026")
    await officer.talks(("1", "4. Không phải việc của tôi"))
    await expect(officer.chat.locator(".key")).to_have_count(0)
