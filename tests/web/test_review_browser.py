"""The page of a plan under review in a real browser: keys, places, selections, tabs of a phone."""

from playwright.async_api import expect

from tests.conftest import Staff
from tests.web.browser import MARKS, opened
from tests.web.conftest import World
from tests.web.reviewing import laid_out

pytestmark = MARKS


async def test_a_plan_is_reviewed_by_keys_and_selection_and_on_a_phone(world: World, staff: Staff) -> None:
    desk = laid_out(world, staff)
    world.runtime.service = desk.at_home()
    address = str(world.client.make_url(desk.link(desk.staff.desk)))
    async with opened(address, width=1280, height=800) as page:
        await page.get_by_role("button", name="Mở trang soát").click()
        await expect(page.get_by_role("heading", name="Soát kế hoạch 12/KH-UBND")).to_be_visible()

        for key in "jjjjjj":
            await page.keyboard.press(key)
        await expect(page.locator("#viec-6")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator(".place:focus")).to_contain_text("trước ngày 31/11/2026")
        await page.keyboard.press("Enter")
        await expect(page.locator("#viec-6")).to_be_focused()
        await page.keyboard.press("e")
        await page.keyboard.type("jx?")  # in a field they are letters
        await page.locator("#viec-6").get_by_label("Hạn").fill("31/11")
        await page.keyboard.press("Enter")
        await expect(page.locator("#viec-6").get_by_role("alert")).to_contain_text("không có trên lịch")
        await expect(page.locator("#viec-6").get_by_label("Hạn")).to_be_focused()
        await page.locator("#viec-6").get_by_label("Hạn").fill("trước 30/11/2026")
        await page.keyboard.press("Enter")
        await expect(page.locator("#viec-6")).to_contain_text("trước 30/11")
        await expect(page.locator("#viec-6")).to_be_focused()
        await page.keyboard.press("x")
        await expect(page.locator("#viec-6")).to_contain_text("đã bỏ")

        plain = page.locator("#document [data-start]:not(.place)").first
        await plain.evaluate(
            """node => { const at = node.textContent.indexOf("Thực hiện công tác");
                 getSelection().setBaseAndExtent(node.firstChild, at, node.firstChild, at + 18); }"""
        )
        await page.get_by_role("button", name="Thêm việc từ đoạn đang chọn").click()
        new = page.locator("#them")
        await expect(new.get_by_label("Tên việc")).to_have_value("Thực hiện công tác")
        await new.get_by_label("Đơn vị chủ trì").select_option(label="Công an xã")
        await new.get_by_label("Hạn").fill("quý II")
        await new.get_by_role("button", name="Thêm việc").click()
        await expect(page.locator("#viec-8")).to_contain_text("30/6")
        await expect(page.locator(".place.current")).to_have_text("Thực hiện công tác")

        await page.set_viewport_size({"width": 360, "height": 740})
        await page.reload()
        assert await page.evaluate("document.documentElement.scrollWidth") == 360
        await expect(page.locator("#document")).to_be_hidden()
        await page.get_by_role("tab", name="Văn bản").click()
        await expect(page.locator("#viec-1")).to_be_hidden()
        await page.locator(".place[data-numbers='1']").click()
        await expect(page.locator("#viec-1")).to_be_focused()
        for box in await page.locator("button:visible, summary:visible, .button:visible").evaluate_all(
            "nodes => nodes.map(node => [node.offsetWidth, node.offsetHeight])"
        ):
            assert min(box) >= 44, box
