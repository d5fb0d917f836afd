"""The pages of one-time links in a real browser: scripts send each file, the phone knows its own place."""

from pathlib import Path

from playwright.async_api import Route, expect

from tests.conftest import NOW
from tests.flows.test_page_links import SITE, Browser, told
from tests.flows.town import picture, town
from tests.web.browser import MARKS, opened

pytestmark = MARKS


async def test_files_are_sent_one_by_one_and_the_phones_own_place_becomes_the_pin(
    database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "đèn.jpg").write_bytes(picture())
    (tmp_path / "trò.exe").write_bytes(b"MZ" + bytes(200))
    async with town(database_url, tmp_path, NOW, public_url=SITE) as place:
        citizen, asked = await told(place)
        address = f"{place.app.url}{Browser(place, asked).path}"
        lost: list[str] = []

        async def lose_one(route: Route) -> None:
            if lost or route.request.method != "POST":
                await route.continue_()
                return
            lost.append(await (await route.fetch()).text())
            await route.abort()

        async with opened(address, width=360, height=740) as page:
            await page.route("**/gui-tep/*", lose_one)
            await page.set_input_files("#file", [tmp_path / "đèn.jpg", tmp_path / "trò.exe"])
            await expect(page.locator("#sending .good")).to_contain_text("đèn.jpg")
            assert len(lost) == 1, "its first answer never arrived, and yet it counts once"
            await expect(page.locator("#sending .bad")).to_contain_text("vì an toàn")
            await expect(page.locator(".received")).to_have_text("Đã nhận 1 tệp.")
            assert await page.evaluate("document.documentElement.scrollWidth") == 360
            await page.get_by_role("button", name="Xong").click()
            await expect(page.get_by_role("heading")).to_have_text("Đã nhận 1 tệp")
            await page.context.grant_permissions(["geolocation"])
            await page.context.set_geolocation({"latitude": 21.0285, "longitude": 105.8048, "accuracy": 12})
            await page.goto(f"{place.app.url}{Browser(place, await citizen.read()).path}")
            await page.get_by_role("button", name="Dùng vị trí của tôi").click()
            await expect(page.locator("#where")).to_contain_text("sai số khoảng 12 m")
            await page.get_by_role("button", name="Gửi vị trí này").click()
            await expect(page.get_by_role("heading")).to_have_text("Đã nhận vị trí")
        assert "Đây có phải nơi xảy ra việc" in await citizen.read()
