"""The chat page in a real browser: it talks, keeps what is not sent yet, and runs nothing it was told."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, expect

from core.channel import Button, MediaKind, Outgoing, OutgoingFile
from storage.tables import WebIdentityRow
from tests.web.browser import MARKS, PNG, opened
from tests.web.conftest import World

pytestmark = MARKS


@pytest.fixture
async def screen(world: World) -> AsyncIterator[Page]:
    """The chat page on a small phone."""
    async with opened(str(world.client.make_url("/chat")), width=360, height=740) as page:
        yield page


def the_chat(world: World) -> str:
    """The private chat of the only page that has an identity."""
    with world.runtime.database.transaction() as tx:
        row = tx.session.get(WebIdentityRow, 1)
        assert row is not None
        return row.chat


async def begin(world: World, screen: Page) -> str:
    """Press «Bắt đầu»; the chat that comes of it."""
    await screen.get_by_role("button", name="Bắt đầu").click()
    await expect(screen.locator(".message.mine:not(.waiting) .body")).to_have_text("Bắt đầu")
    return the_chat(world)


async def test_a_citizen_talks_and_finds_the_talk_again_after_a_reload(world: World, screen: Page) -> None:
    chat = await begin(world, screen)
    await world.say(
        chat, Outgoing("Ông/bà đồng ý?\n1. Có\n2. Không", ((Button("Có", "c:1"), Button("Không", "c:2")),))
    )
    await screen.get_by_role("button", name="1. Có").click()
    await expect(screen.locator(".message.mine").last).to_contain_text("Có")
    box = screen.get_by_label("Viết tin nhắn")
    await box.fill("Đường hỏng")
    await box.press("Shift+Enter")
    await box.type("trước trường học")
    await box.press("Enter")
    await expect(screen.locator(".message.mine").last).to_contain_text("Đường hỏng\ntrước trường học")
    assert await box.input_value() == ""
    await screen.reload()
    await expect(screen.locator(".message")).to_have_count(4)


async def test_what_could_not_be_sent_waits_and_leaves_by_itself(world: World, screen: Page) -> None:
    await begin(world, screen)
    world.is_down = True
    await screen.get_by_label("Viết tin nhắn").fill("Gửi lúc mất mạng")
    await screen.get_by_role("button", name="Gửi", exact=True).click()
    waiting = screen.locator(".message.waiting")
    await expect(waiting).to_contain_text("Gửi lúc mất mạng")
    await screen.reload()
    await expect(waiting).to_contain_text("Gửi lúc mất mạng")
    world.is_down = False
    await expect(waiting).to_have_count(0, timeout=20_000)
    assert [str(inbound.event) for inbound, _ in world.received].count(
        "TextReceived(text='Gửi lúc mất mạng')"
    ) == 1


async def test_a_message_the_service_breaks_on_does_not_hold_back_the_next(
    world: World, screen: Page
) -> None:
    await begin(world, screen)

    async def break_on_it(route: Route) -> None:
        if "hỏng" in (route.request.post_data or ""):
            await route.fulfill(status=500, json={"error": "Hệ thống gặp trục trặc.", "retry_after": 0.01})
        else:
            await route.continue_()

    await screen.route("**/chat/messages", break_on_it)
    box = screen.get_by_label("Viết tin nhắn")
    for words in ("tin hỏng", "tin lành"):
        await box.fill(words)
        await box.press("Enter")
    await expect(screen.locator(".message.failed")).to_contain_text("Hệ thống gặp trục trặc.")
    await expect(screen.locator(".message.mine:not(.waiting) .body").last).to_have_text("tin lành")


async def test_numbers_call_codes_copy_and_markup_stays_text(world: World, screen: Page) -> None:
    chat = await begin(world, screen)
    attack = '<img src=x onerror="alert(1)"><script>alert(2)</script>'
    await world.say(chat, Outgoing(f"{attack} Gọi 113/114, số 115/KH-UBND. Mã PA-K7M-245."))
    message = screen.locator(".message.service")
    await expect(message.locator(".body")).to_contain_text(attack)
    assert await message.locator("a").evaluate_all("links => links.map(link => link.href)") == [
        "tel:113",
        "tel:114",
    ]
    await screen.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await message.get_by_role("button", name="PA-K7M-245").click()
    assert await screen.evaluate("navigator.clipboard.readText()") == "PA-K7M-245"


async def test_files_go_up_come_down_and_a_large_one_gets_its_sentence(
    world: World, screen: Page, tmp_path: Path
) -> None:
    chat = await begin(world, screen)
    files = screen.locator("input[type=file]")
    await files.set_input_files({"name": "ổ gà.png", "mimeType": "image/png", "buffer": PNG})
    await expect(screen.locator(".message.mine img")).to_be_visible()
    await expect(screen.locator(".waiting")).to_have_count(0)
    film = tmp_path / "phim.mp4"
    film.touch()
    os.truncate(film, 40_000_000)
    await files.set_input_files(film)
    await expect(screen.locator(".toast")).to_contain_text("lớn hơn 20 MB")
    store = world.runtime.service.files
    answer = OutgoingFile(str(store.path(store.keep(PNG))), "đã sửa.png", MediaKind.PHOTO, "image/png")
    await world.say(chat, Outgoing("Đã vá ổ gà.", files=(answer,)))
    await expect(screen.get_by_alt_text("đã sửa.png")).to_be_visible()


async def test_a_refused_place_is_explained_and_a_given_one_is_sent(world: World, screen: Page) -> None:
    await begin(world, screen)
    await screen.get_by_role("button", name="Gửi vị trí hiện tại").click()
    await expect(screen.locator(".toast")).to_contain_text("viết giúp địa điểm")
    await screen.context.grant_permissions(["geolocation"])
    await screen.context.set_geolocation({"latitude": 16.05, "longitude": 108.2})
    await screen.get_by_role("button", name="Gửi vị trí hiện tại").click()
    await expect(screen.locator(".message.mine a")).to_have_attribute("href", "geo:16.05,108.2")


async def test_a_wish_for_a_phone_number_brings_up_the_keys_of_a_telephone(
    world: World, screen: Page
) -> None:
    chat = await begin(world, screen)
    await world.say(chat, Outgoing("Số điện thoại?", ask_contact=True))
    await screen.get_by_role("button", name="Gõ số điện thoại").click()
    box = screen.get_by_label("Viết tin nhắn")
    await expect(box).to_be_focused()
    await expect(box).to_have_attribute("inputmode", "tel")
    await box.press_sequentially("0912345678")
    await box.press("Enter")
    await expect(box).to_have_attribute("inputmode", "text")


async def test_everything_to_press_is_large_enough_and_nothing_scrolls_sideways(
    world: World, screen: Page
) -> None:
    chat = await begin(world, screen)
    await world.say(chat, Outgoing("x" * 300, ((Button("Có", "c:1"), Button("Không " * 12, "c:2")),)))
    await expect(screen.locator(".key")).to_have_count(2)
    assert await screen.evaluate("document.documentElement.scrollWidth") <= 360
    for box in await screen.locator("button:visible, textarea").evaluate_all(
        "nodes => nodes.map(node => [node.offsetWidth, node.offsetHeight])"
    ):
        assert min(box) >= 44, box
