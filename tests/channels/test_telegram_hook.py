"""The webhook: who may deliver, and when it says 200."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from channels.telegram_account import TelegramAccount
from core.channel import Inbound, TextReceived
from core.errors import TemporarilyUnavailable
from tests.fakes.telegram import FakeTelegram
from web.telegram import MAX_BODY_BYTES, PATH, SECRET_HEADER, telegram_hook

SECRET = "canary-secret-0123456789-abcdefghijklmn"
UPDATE: dict[str, Any] = {
    "update_id": 1,
    "message": {
        "message_id": 41,
        "date": 1_772_000_000,
        "chat": {"id": 5001, "type": "private", "first_name": "Hoa"},
        "from": {"id": 5001, "is_bot": False, "first_name": "Hoa"},
        "text": "Đường hỏng, Canary",
    },
}


@dataclass
class Door:
    """The running webhook and what came through it. Storage fails for as many calls as `broken` says."""

    url: str = ""
    received: list[Inbound] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    parked: list[bytes] = field(default_factory=list)
    broken: int = 0

    def _store(self) -> None:
        if self.broken:
            self.broken -= 1
            raise TemporarilyUnavailable

    async def receive(self, inbound: Inbound, body: bytes) -> None:
        self._store()
        self.received.append(inbound)
        self.bodies.append(body)

    async def park(self, body: bytes) -> None:
        self._store()
        self.parked.append(body)


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    open_door = Door()
    app = web.Application()
    hook = telegram_hook(secret=SECRET, receive=open_door.receive, park=open_door.park)
    app.router.add_post(PATH, hook)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    open_door.url = f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    yield open_door
    await runner.cleanup()


async def post(door: Door, body: bytes, headers: list[tuple[str, str]] | None = None) -> int:
    given = [(SECRET_HEADER, SECRET)] if headers is None else headers
    async with (
        aiohttp.ClientSession() as session,
        session.post(door.url, data=BytesIO(body), headers=given) as answer,
    ):
        return answer.status


WRONG_HEADERS = {
    "absent": [],
    "empty": [(SECRET_HEADER, "")],
    "prefix": [(SECRET_HEADER, SECRET[:-1])],
    "longer": [(SECRET_HEADER, SECRET + "x")],
    "other bot's": [(SECRET_HEADER, "another-secret-0123456789-abcdefghijkl")],
    "upper case": [(SECRET_HEADER, SECRET.upper())],
    "not ascii": [(SECRET_HEADER, "bí-mật-không-phải-của-chúng-ta-0123456789")],
    "doubled in one": [(SECRET_HEADER, f"{SECRET}, {SECRET}")],
    "twice": [(SECRET_HEADER, SECRET), (SECRET_HEADER, SECRET)],
    "right and wrong": [(SECRET_HEADER, SECRET), (SECRET_HEADER, "wrong")],
    "as authorization": [("Authorization", f"Bearer {SECRET}")],
    "other name": [("X-Telegram-Secret", SECRET)],
}


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"],
)
@pytest.mark.parametrize("headers", WRONG_HEADERS.values(), ids=WRONG_HEADERS.keys())
async def test_without_the_right_secret_nothing_comes_in(
    door: Door,
    headers: list[tuple[str, str]],
    content_type: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logs:
        status = await post(door, json.dumps(UPDATE).encode(), [*headers, ("Content-Type", content_type)])
    assert status == 403
    assert (door.received, door.parked) == ([], [])
    assert SECRET not in caplog.text + str(logs)


async def test_refusal_does_not_wait_for_the_body(door: Door) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(door.url.split(":")[2].split("/")[0]))
    writer.write(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n".encode())
    assert b" 403 " in await reader.readline()
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("secret", ["", "short", "x" * 31])
async def test_door_without_a_proper_secret_is_not_built(door: Door, secret: str) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        telegram_hook(secret=secret, receive=door.receive, park=door.park)


async def test_update_is_handed_over_with_its_raw_body(door: Door) -> None:
    body = json.dumps(UPDATE).encode()
    assert await post(door, body) == 200
    assert [inbound.event for inbound in door.received] == [TextReceived("Đường hỏng, Canary")]
    assert door.bodies == [body]


async def test_half_a_surrogate_pair_is_read_and_not_parked(door: Door) -> None:
    text = "Đường hỏng, \ud83d"
    assert (
        await post(door, json.dumps({**UPDATE, "message": {**UPDATE["message"], "text": text}}).encode())
        == 200
    )
    assert [inbound.event for inbound in door.received] == [TextReceived("Đường hỏng, ?")]
    assert door.parked == []


async def test_storage_out_of_reach_is_503_so_that_telegram_keeps_the_update(door: Door) -> None:
    door.broken = 1
    assert await post(door, json.dumps(UPDATE).encode()) == 503
    assert await post(door, json.dumps(UPDATE).encode()) == 200
    assert len(door.received) == 1


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe Canary", b"[" * 100_000], ids=str)
async def test_body_nobody_can_read_is_parked_and_taken(door: Door, body: bytes) -> None:
    with capture_logs() as logs:
        assert await post(door, body) == 200
    assert door.parked == [body]
    assert [entry["event"] for entry in logs] == ["update_unreadable"]
    assert "Canary" not in str(logs)


async def test_body_that_cannot_be_parked_is_kept_by_telegram(door: Door) -> None:
    door.broken = 1
    assert await post(door, b"{") == 503


@pytest.mark.parametrize("body", [b"null", b"[]", b"7", b'{"update_id": 1, "poll_answer": {}}'])
async def test_update_that_says_nothing_to_us_is_taken(door: Door, body: bytes) -> None:
    assert await post(door, body) == 200
    assert (door.received, door.parked) == ([], [])


async def test_body_over_one_megabyte_is_refused(door: Door) -> None:
    assert await post(door, b" " * MAX_BODY_BYTES) == 200
    assert await post(door, b" " * (MAX_BODY_BYTES + 1)) == 413


async def test_telegram_delivers_again_in_order_until_the_door_opens(
    door: Door, telegram: FakeTelegram, account: TelegramAccount
) -> None:
    door.broken = 2
    person = telegram.people.person("Hoa")
    await account.set_webhook(door.url, secret=SECRET)
    for text in ("một", "hai", "ba"):
        telegram.people.write(person, text)
    await telegram.updates.delivered()
    assert [inbound.event for inbound in door.received] == [
        TextReceived("một"),
        TextReceived("hai"),
        TextReceived("ba"),
    ]
    assert telegram.updates.statuses == [503, 503, 200, 200, 200]


async def test_webhook_is_set_shown_and_deleted(telegram: FakeTelegram, account: TelegramAccount) -> None:
    await account.set_webhook("https://suoimay.example/hook/telegram", secret=SECRET)
    call = telegram.made("setWebhook")[0]
    assert call.params["secret_token"] == SECRET
    assert call.number("max_connections") == 40
    state = await account.webhook()
    assert state.url == "https://suoimay.example/hook/telegram"
    assert set(state.allowed_updates) == {"message", "edited_message", "callback_query", "my_chat_member"}
    await account.delete_webhook()
    assert (await account.webhook()).url == ""
