"""The door of Zalo Bot in the whole web application: who may deliver, and when it says 200."""

import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from structlog.testing import capture_logs

from core.channel import Inbound, MediaReceived, TextReceived
from core.errors import TemporarilyUnavailable
from handlers.runtime import Clock, Runtime
from handlers.service import Service
from storage.database import Database
from tests.fakes.zalo_bot import FakeZaloBot
from web.app import build_app
from web.hub import Hub
from web.zalo_bot import PATH, SECRET_HEADER, zalo_bot_hook

SECRET = "canary-secret-0123456789-abcdefghijklmn"
CHAT = "c0ffee00c0ffee00c0f1"
UPDATE = {
    "event_name": "message.text.received",
    "message": {
        "date": 1_790_000_000_123,
        "chat": {"chat_type": "PRIVATE", "id": CHAT},
        "message_id": "5b2e8d1f0a9c7e6d4b31",
        "from": {"id": CHAT, "is_bot": False, "display_name": "Trần Văn Bình"},
        "text": "Đường hỏng, Canary",
    },
}
BODY = json.dumps(UPDATE).encode()


@dataclass
class Door:
    """The running webhook and what came through it. Storage fails for as many calls as `broken` says."""

    received: list[Inbound] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    parked: list[bytes] = field(default_factory=list)
    broken: int = 0
    client: TestClient[web.Request, web.Application] = field(init=False)

    @property
    def url(self) -> str:
        return str(self.client.make_url(PATH))

    @property
    def is_untouched(self) -> bool:
        return not (self.received or self.parked)

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

    async def post(self, body: bytes, headers: list[tuple[str, str]] | None = None) -> ClientResponse:
        given = [(SECRET_HEADER, SECRET)] if headers is None else headers
        data = BytesIO(body) if body else None
        async with self.client.post(PATH, data=data, headers=given) as answer:
            await answer.read()
            return answer


@pytest.fixture
async def door(database: Database, service: Service, tmp_path: Path) -> AsyncIterator[Door]:
    opened = Door()
    handler = zalo_bot_hook(secret=SECRET, receive=opened.receive, park=opened.park)
    app = build_app(
        Runtime(database, service, Clock()),
        hub=Hub(),
        receive=opened.receive,
        uploads=tmp_path,
        hooks=[web.get(PATH, handler), web.post(PATH, handler)],
    )
    opened.client = TestClient(TestServer(app))
    await opened.client.start_server()
    yield opened
    await opened.client.close()


WRONG_HEADERS = {
    "absent": [],
    "empty": [(SECRET_HEADER, "")],
    "prefix": [(SECRET_HEADER, SECRET[:-1])],
    "longer": [(SECRET_HEADER, SECRET + "x")],
    "upper case": [(SECRET_HEADER, SECRET.upper())],
    "not ascii": [(SECRET_HEADER, "bí-mật-không-phải-của-chúng-ta-0123456789")],
    "twice": [(SECRET_HEADER, SECRET), (SECRET_HEADER, SECRET)],
    "right and wrong": [(SECRET_HEADER, SECRET), (SECRET_HEADER, "wrong")],
    "telegram's name": [("X-Telegram-Bot-Api-Secret-Token", SECRET)],
}


@pytest.mark.parametrize("headers", WRONG_HEADERS.values(), ids=WRONG_HEADERS.keys())
async def test_without_the_right_secret_nothing_comes_in(
    door: Door, headers: list[tuple[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logs:
        assert (await door.post(BODY, headers)).status == 401
    assert door.is_untouched
    assert SECRET not in caplog.text + str(logs)


@pytest.mark.parametrize("headers", [[], [(SECRET_HEADER, SECRET)], [(SECRET_HEADER, "wrong")]], ids=str)
async def test_asking_whether_anybody_is_there_needs_no_secret_and_does_nothing(
    door: Door, headers: list[tuple[str, str]]
) -> None:
    assert (await door.post(b"", headers)).status == 200
    assert (await door.client.get(PATH, headers=headers)).status == 200
    assert door.is_untouched


async def test_an_update_is_handed_over_with_its_raw_body(door: Door) -> None:
    answer = await door.post(BODY)
    assert answer.status == 200
    assert await answer.json() == {"message": "Success"}
    assert [inbound.event for inbound in door.received] == [TextReceived("Đường hỏng, Canary")]
    assert door.bodies == [BODY]


async def test_what_is_delivered_twice_has_one_key(door: Door) -> None:
    wrapped = json.dumps({"ok": True, "result": UPDATE}).encode()
    for body in (BODY, BODY, wrapped):
        assert (await door.post(body)).status == 200
    assert {inbound.external_id for inbound in door.received} == {f"{CHAT}:5b2e8d1f0a9c7e6d4b31"}


async def test_storage_out_of_reach_is_503_for_what_is_read_and_what_is_parked(door: Door) -> None:
    for body in (BODY, b"{"):
        door.broken = 1
        assert (await door.post(body)).status == 503
        assert door.is_untouched
    assert (await door.post(BODY)).status == 200
    assert len(door.received) == 1


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff\xfe Canary", b"[" * 100_000, b'{"message": {"text": "Canary"}}'],
    ids=["cut", "no text", "deep", "without ids"],
)
async def test_a_body_nobody_can_read_is_parked_and_taken(door: Door, body: bytes) -> None:
    with capture_logs() as logs:
        assert (await door.post(body)).status == 200
    assert door.parked == [body]
    assert [entry["event"] for entry in logs] == ["update_unreadable"]
    assert "Canary" not in str(logs)


@pytest.mark.parametrize("body", [b"null", b"[]", b"7", b"{}", b'{"event_name": "something.new"}'])
async def test_an_update_that_says_nothing_to_us_is_taken(door: Door, body: bytes) -> None:
    assert (await door.post(body)).status == 200
    assert door.is_untouched


async def test_a_body_over_256_kib_is_refused(door: Door) -> None:
    assert (await door.post(BODY.ljust(262_144))).status == 200
    assert (await door.post(BODY.ljust(262_145))).status == 413
    assert len(door.received) == 1


@pytest.mark.parametrize("photo_field", ["photo_url", "photo"])
@pytest.mark.parametrize("wrapped", [False, True])
async def test_the_platform_delivers_in_every_shape_it_has_been_seen_to_use(
    door: Door, photo_field: str, *, wrapped: bool
) -> None:
    async with FakeZaloBot(webhook=door.url, secret=SECRET) as zalo:
        zalo.switches.wrapped, zalo.switches.photo_field, zalo.switches.twice = wrapped, photo_field, True
        await zalo.shows(CHAT, b"a picture", "Cột điện nghiêng")
        assert zalo.statuses == [200, 200]
    first, second = door.received
    assert first == second
    assert isinstance(first.event, MediaReceived)
    assert first.event.caption == "Cột điện nghiêng"


async def test_updates_out_of_order_are_all_taken_and_the_trial_of_a_webhook_is_answered(door: Door) -> None:
    async with FakeZaloBot(webhook=door.url, secret=SECRET) as zalo:
        zalo.switches.held = zalo.switches.is_reversed = True
        for words in ("một", "hai"):
            await zalo.says(CHAT, words)
        await zalo.let_go()
        assert await zalo.probe() == 200
    assert [each.event for each in door.received] == [TextReceived("hai"), TextReceived("một")]
