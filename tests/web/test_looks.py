"""The demo's phones in the manner of other networks: their limits both ways, and who may switch."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.demo import demo_settings, seed
from bot.layout import in_other_clothes
from core.channel import (
    Address,
    Button,
    ButtonPressed,
    Channel,
    Delivery,
    LocationShared,
    MediaKind,
    MediaReceived,
    NotUnderstood,
    Outgoing,
    OutgoingFile,
    PermanentSendError,
    Sender,
    SendKind,
)
from core.text import utf16_length
from tests.web.conftest import Open, Page, World

LONG = "Một câu rất dài của xã. " * 250
"""6,000 letters: two messages of Telegram, four of Zalo."""


@dataclass
class Shown:
    """One person's phone in the demo, and the road by which the service writes to it."""

    world: World
    page: Page
    sender: Sender

    async def wear(self, look: str, role: str = "citizen") -> int:
        answer = await self.page.client.post("/demo/looks", json={"role": role, "look": look})
        return answer.status

    async def tell(self, message: Outgoing, *, kind: SendKind = SendKind.MESSAGE, on: str = "") -> str:
        address = Address(Channel.WEBCHAT, self.page.chat)
        key = f"{kind}:{hash(message)}"
        sent = await self.sender.deliver(Delivery(1, key, address, kind, message, on or None))
        return sent.message_id

    async def screen(self) -> list[dict[str, Any]]:
        """All that the service has written."""
        events = await self.page.events()
        messages = await events.until_ready()
        events.close()
        return [message for message in messages if message["from"] == "service"]


@pytest.fixture
async def phone(open_world: Open, tmp_path: Path) -> Shown:
    """The citizen's phone of the demo page."""
    world = await open_world(demo=seed)
    answer = await (await world.client.get("/demo/identities")).json()
    token = answer["phones"][0]["token"]
    page = Page(world.client, token, "")
    events = await page.events()
    page.chat = (await events.next("who"))["identities"][0]["chat"]
    events.close()
    return Shown(world, page, in_other_clothes(demo_settings(tmp_path, 0), world.runtime, world.sender))


def a_file(phone: Shown, name: str, kind: MediaKind, mime: str) -> OutgoingFile:
    store = phone.world.runtime.service.files
    return OutgoingFile(str(store.path(store.keep(name.encode()))), name, kind, mime)


def choices(count: int) -> tuple[tuple[Button, ...], ...]:
    return tuple((Button(f"Việc {number}", f"c:{number}"),) for number in range(count))


# --- what the service sends ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("look", "limit", "pieces"), [("telegram", 4096, 2), ("zalo_oa", 2000, 4), ("zalo_bot", 2000, 4)]
)
async def test_a_long_message_comes_in_pieces_of_the_length_the_network_takes(
    phone: Shown, look: str, limit: int, pieces: int
) -> None:
    assert await phone.wear(look) == 200
    last = await phone.tell(Outgoing(LONG, choices(2)))
    screen = await phone.screen()
    assert len(screen) == pieces
    assert max(utf16_length(message["text"]) for message in screen) <= limit
    assert screen[-1]["id"] == last
    assert [bool(message["buttons"]) for message in screen] == [False] * (pieces - 1) + [look != "zalo_bot"]


async def test_an_official_account_shows_five_buttons_in_a_list_or_none(phone: Shown) -> None:
    await phone.wear("zalo_oa")
    pairs = ((Button("Có", "c:1"), Button("Không", "c:2")), *choices(3))
    await phone.tell(Outgoing("Năm", pairs))
    await phone.tell(Outgoing("Sáu", choices(6)))
    five, six = await phone.screen()
    assert [len(row) for row in five["buttons"]] == [1] * 5
    assert six["buttons"] == []


async def test_a_document_goes_as_a_link_where_the_network_takes_none(phone: Shown) -> None:
    sheet = a_file(phone, "bảng.xlsx", MediaKind.DOCUMENT, "application/zip")
    await phone.wear("zalo_bot")
    await phone.tell(Outgoing("Gửi kèm", files=(sheet,)))
    await phone.wear("telegram")
    await phone.tell(Outgoing("Gửi kèm nữa", files=(sheet,)))
    on_zalo, on_telegram = await phone.screen()
    assert on_zalo["files"] == []
    assert "bảng.xlsx: https://suoimay.example/tep/" in on_zalo["text"]
    assert on_telegram["files"] == [{"name": "bảng.xlsx", "kind": "document"}]


async def test_the_big_keyboard_of_telegram_types_its_labels(phone: Shown) -> None:
    await phone.wear("telegram")
    await phone.tell(Outgoing("Ở đâu?", choices(1), ask_location=True))
    await phone.wear("zalo_oa")
    await phone.tell(Outgoing("Nơi nào?", choices(1), ask_location=True))
    on_telegram, on_zalo = await phone.screen()
    assert on_telegram["buttons"] == [[{"label": "Việc 0", "payload": ""}]]
    assert (on_telegram["ask_location"], on_zalo["ask_location"]) == (True, False)


async def test_a_message_changes_in_its_place_only_where_the_network_can_do_that(phone: Shown) -> None:
    await phone.wear("telegram")
    message_id = await phone.tell(Outgoing("Mới gửi"))
    await phone.tell(Outgoing("Đã tiếp nhận"), kind=SendKind.EDIT, on=message_id)
    await phone.wear("zalo_oa")
    with pytest.raises(PermanentSendError, match="cannot_edit"):
        await phone.tell(Outgoing("Đã trả lời"), kind=SendKind.EDIT, on=message_id)
    (shown,) = await phone.screen()
    assert (shown["text"], shown["edited"]) == ("Đã tiếp nhận", True)


async def test_an_official_account_is_silent_seven_days_after_the_last_word(phone: Shown) -> None:
    await phone.wear("zalo_oa")
    phone.world.runtime.clock.move(timedelta(days=8))
    with pytest.raises(PermanentSendError, match="window_closed"):
        await phone.tell(Outgoing("Trả lời của xã"))
    assert (await phone.page.send(text="Có ai trả lời chưa?")).status == 200
    await phone.tell(Outgoing("Trả lời của xã"))
    assert [message["text"] for message in await phone.screen()] == ["Trả lời của xã"]


# --- what the person sends ----------------------------------------------------------------------------------


async def test_what_a_zalo_bot_never_gets_does_not_arrive(phone: Shown) -> None:
    await phone.wear("zalo_bot")
    for number, name in enumerate(("anh.jpg", "don.pdf")):
        ref = (await (await phone.page.upload(b"x", name)).json())["ref"]
        await phone.page.send(f"message-{number}", file=ref)
    await phone.page.send("message-3", location={"latitude": 16.05, "longitude": 108.2})
    await phone.page.send("message-4", press="c:-:idle:0:new", message_id="1")
    kinds = [type(inbound.event) for inbound, _ in phone.world.received]
    assert kinds == [MediaReceived, NotUnderstood, NotUnderstood, NotUnderstood]


async def test_a_tap_on_a_button_of_an_official_account_comes_as_a_text_of_the_person(phone: Shown) -> None:
    await phone.wear("zalo_oa")
    message_id = await phone.tell(Outgoing("Ông/bà cần việc gì?", choices(2)))
    await phone.page.send("message-1", press="c:1", message_id=message_id)
    await phone.page.send("message-2", text="#dv:c:0")
    await phone.page.send("message-3", location={"latitude": 16.05, "longitude": 108.2})
    tapped, typed, place = (inbound for inbound, _ in phone.world.received)
    assert tapped.event == ButtonPressed("c:1")
    assert tapped.message_id is None
    assert typed.event == ButtonPressed("c:0")
    assert isinstance(place.event, LocationShared)
    events = await phone.page.events()
    said = [message["text"] for message in await events.until_ready() if message["from"] == "me"]
    events.close()
    assert said == ["Việc 1", "Việc 0", ""]


# --- who may switch -----------------------------------------------------------------------------------------


async def test_only_the_phones_of_the_demo_change_their_look_and_the_desk_needs_a_room(
    phone: Shown, open_world: Open
) -> None:
    served = await open_world()
    assert (await served.client.post("/demo/looks", json={})).status == 404
    for role, look in (("desk", "zalo_oa"), ("citizen", "fax"), ("admin", "telegram"), ("citizen", ["x"])):
        answer = await phone.page.client.post("/demo/looks", json={"role": role, "look": look})
        assert answer.status == 400, (role, look)
    foreign = {"Host": "demo.example"}
    wish = {"role": "citizen", "look": "telegram"}
    answer = await phone.page.client.post("/demo/looks", json=wish, headers=foreign)
    assert answer.status == 403
    assert await phone.wear("telegram", role="desk") == 200
