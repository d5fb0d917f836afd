"""The running demo in the manner of other networks: nothing is lost by a switch, and who keeps a look."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from bot.app import running
from bot.demo import demo_settings, prepare, seed
from handlers.demo import remember_offset
from storage.database import Database
from storage.schema import migrate
from tests.web.conftest import Events, Page

BEGIN = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
"""The demo's first moment: a Tuesday, nine in the morning."""


class Talk:
    """One phone of a running demo, read as its page reads it."""

    def __init__(self, client: ClientSession, role: str, token: str) -> None:
        self.client = client
        self.role = role
        self.page = Page(client, token, "")  # type: ignore[arg-type]  # what it uses of a client, both have
        self.look = ""
        self.serial = 0
        self.heard: list[dict[str, Any]] = []
        self._events: Events | None = None

    async def wear(self, look: str) -> None:
        answer = await self.client.post("/demo/looks", json={"role": self.role, "look": look})
        assert answer.status == 200

    async def says(self, text: str, heard: str) -> dict[str, Any]:
        self.serial += 1
        assert (await self.page.send(f"message-{self.serial}", text=text)).status == 200
        return await self.hears(heard)

    async def presses(self, code: str, on: dict[str, Any], heard: str) -> dict[str, Any]:
        payloads = [button["payload"] for row in on["buttons"] for button in row]
        payload = next(each for each in payloads if each.endswith(f":{code}"))
        self.serial += 1
        wish = {"press": payload, "message_id": on["id"], "chat": on["chat"]}
        assert (await self.page.send(f"message-{self.serial}", **wish)).status == 200
        return await self.hears(heard)

    async def hears(self, words: str) -> dict[str, Any]:
        """The next message of the service with these words."""
        async with asyncio.timeout(30):
            while True:
                if self._events is None:
                    self._events = await self.page.events()
                    who = (await self._events.next("who"))["identities"][0]
                    self.look = who["look"]
                message = await self._events.next("message")
                if message["from"] == "service":
                    self.heard.append(message)
                    if words in message["text"]:
                        return message

    def close(self) -> None:
        if self._events is not None:
            self._events.close()


@asynccontextmanager
async def the_demo(folder: Path) -> AsyncIterator[dict[str, Talk]]:
    """`danvan demo` on a folder, and its four phones."""
    settings = demo_settings(folder, 0)
    clock = prepare(settings, reset=False)
    async with running(settings, clock=clock, demo=seed) as app, ClientSession(app.url) as client:
        people = await (await client.get("/demo/identities")).json()
        talks = {each["role"]: Talk(client, each["role"], each["token"]) for each in people["phones"]}
        yield talks
        for talk in talks.values():
            talk.close()


def at_nine(folder: Path) -> None:
    settings = demo_settings(folder, 0)
    database = Database(settings.database)
    migrate(database.engine)
    with database.transaction() as tx:
        remember_offset(tx, BEGIN - datetime.now(UTC))
    database.close()


async def test_a_matter_goes_through_with_a_citizen_and_an_officer_who_have_no_buttons(
    tmp_path: Path,
) -> None:
    at_nine(tmp_path)
    async with the_demo(tmp_path) as demo:
        citizen, desk, officer = demo["citizen"], demo["desk"], demo["officer"]
        await citizen.says("/start", "Ông/bà cần việc gì?")
        await citizen.wear("zalo_bot")
        await officer.wear("zalo_bot")
        await desk.wear("telegram")
        menu = await citizen.hears("1. Gửi phản ánh, kiến nghị")
        assert menu["buttons"] == []
        for said, heard in (
            ("1", "có đồng ý không?"),
            ("1", "xong"),
            ("Đèn đường trước nhà văn hóa thôn 3 tắt ba hôm nay", "Tôi ghi rồi ạ"),
            ("xong", "kèm theo không?"),
            ("2", "Việc xảy ra ở đâu"),
        ):
            await citizen.says(said, heard)
        (link,) = re.findall(r"http://127\.0\.0\.1:\d+(/ghim/\S+)", citizen.heard[-1]["text"])
        assert (await citizen.client.get(link)).status == 200
        await citizen.wear("telegram")
        asked = await citizen.hears("Việc xảy ra ở đâu")
        assert asked["ask_location"]
        await citizen.wear("zalo_bot")
        await citizen.hears("Việc xảy ra ở đâu")
        for said, heard in (
            ("thôn 3, gần chợ", "Điện, chiếu sáng"),
            ("1", "gây nguy hiểm"),
            ("2", "được biết đến thế nào"),
            ("3", "Tiếp tục ẩn danh"),
            ("1", "Xin ông/bà xem lại"),
            ("6", "mã bí mật"),
        ):
            await citizen.says(said, heard)
        assert all(message["buttons"] == [] for message in citizen.heard[1:] if not message["ask_location"])
        card = await desk.hears("Mới gửi")
        card = await desk.presses("accept", card, "Đã tiếp nhận")
        assert card["edited"]
        await citizen.hears("đã được tiếp nhận")
        await desk.presses("suggested", card, "Đã chuyển")
        mine = await officer.hears("chờ đơn vị nhận")
        taken = await officer.says("1", "Đơn vị đang xử lý")
        assert (mine["buttons"], taken["buttons"], taken["edited"]) == ([], [], False)
        assert taken["id"] != mine["id"]


async def test_the_look_outlives_the_demo_but_a_real_service_takes_it_off(tmp_path: Path) -> None:
    at_nine(tmp_path)
    async with the_demo(tmp_path) as demo:
        await demo["officer"].says("việc của tôi", "3 việc")
        await demo["officer"].wear("zalo_oa")
    async with the_demo(tmp_path) as demo:
        await demo["officer"].hears("3 việc")
        assert demo["officer"].look == "zalo_oa"
        token = demo["officer"].page.token
    async with running(demo_settings(tmp_path, 0)) as app, ClientSession(app.url) as client:
        assert (await client.post("/demo/looks", json={"role": "officer", "look": "telegram"})).status == 404
        officer = Talk(client, "officer", token)
        await officer.hears("3 việc")
        officer.close()
    assert officer.look == "webchat"
