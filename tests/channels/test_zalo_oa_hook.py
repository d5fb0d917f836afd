"""The webhook of the Official Account: who may deliver, and when it says 200."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from core.channel import ButtonPressed, Followed, Inbound, ReachabilityChanged, StaffWrote, TextReceived
from core.errors import TemporarilyUnavailable
from tests.fakes.zalo_oa import CS, FakeZaloOa
from tests.fakes.zalo_oa_events import sign
from tests.fakes.zalo_oa_state import APP_ID, OA_ID, OA_SECRET, Json
from web.zalo_oa import MAX_BODY_BYTES, PATH, SIGNATURE_HEADER, zalo_oa_hook

BODY = (
    '{"app_id":"4001122334455667788","sender":{"id":"7100200300400500600"},'
    '"recipient":{"id":"2990011223344556677"},"event_name":"user_send_text",'
    '"message":{"text":"Đèn đường hỏng","msg_id":"b1c2d3e4f5a6b7c8d9e0"},"timestamp":"1790000000123"}'
).encode()
TIMESTAMP = "1790000000123"


@dataclass
class Door:
    """The running webhook and what came through it. Storage fails `broken` times, after `sound` calls."""

    url: str = ""
    received: list[Inbound] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    parked: list[bytes] = field(default_factory=list)
    broken: int = 0
    sound: int = 0
    seconds: float = 1000.0

    def _store(self) -> None:
        if self.sound:
            self.sound -= 1
        elif self.broken:
            self.broken -= 1
            raise TemporarilyUnavailable

    async def receive(self, inbound: Inbound, body: bytes) -> None:
        self._store()
        self.received.append(inbound)
        self.bodies.append(body)

    async def park(self, body: bytes) -> None:
        self._store()
        self.parked.append(body)

    @property
    def is_empty(self) -> bool:
        return not self.received and not self.parked


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    open_door = Door()
    hook = zalo_oa_hook(
        oa_id=OA_ID,
        fronts=(APP_ID, OA_ID),
        secret=OA_SECRET,
        receive=open_door.receive,
        park=open_door.park,
        seconds=lambda: open_door.seconds,
    )
    app = web.Application()
    app.router.add_route("*", PATH, hook)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    open_door.url = f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    yield open_door
    await runner.cleanup()


@pytest.fixture
async def zalo(door: Door) -> AsyncIterator[FakeZaloOa]:
    async with FakeZaloOa() as running:
        running.events.deliver_to(door.url)
        yield running


async def post(door: Door, body: bytes, *signatures: str) -> int:
    headers = [(SIGNATURE_HEADER, signature) for signature in signatures]
    async with (
        aiohttp.ClientSession() as session,
        session.post(door.url, data=body, headers=headers) as answer,
    ):
        return answer.status


async def post_signed(door: Door, event: object) -> int:
    body = json.dumps(event).encode()
    timestamp = str(event.get("timestamp", "")) if isinstance(event, dict) else ""
    return await post(door, body, sign(body, timestamp))


def event(name: str = "user_send_text", **fields: object) -> Json:
    whole: Json = json.loads(BODY)
    return whole | {"event_name": name} | fields


@pytest.mark.parametrize("is_bare", [False, True])
@pytest.mark.parametrize("signs_with_oa_id", [False, True])
@pytest.mark.parametrize("escapes", [False, True])
async def test_message_comes_in_however_it_is_signed_and_written(
    zalo: FakeZaloOa, door: Door, is_bare: bool, signs_with_oa_id: bool, escapes: bool
) -> None:
    events = zalo.events
    events.is_bare, events.signs_with_oa_id, events.escapes = is_bare, signs_with_oa_id, escapes
    events.extra = {"not_documented": {"yet": [1]}}
    said = zalo.people.say(zalo.people.citizen("Hoa"), "Đèn đường hỏng")
    await events.delivered()
    assert [inbound.event for inbound in door.received] == [TextReceived("Đèn đường hỏng")]
    assert door.bodies == [events.signed(said | events.extra).body]


async def test_without_the_right_signature_nothing_comes_in(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    right = f"mac={sign(BODY, TIMESTAMP)}"
    wrong: list[tuple[str, ...]] = [
        (),
        ("",),
        ("mac=",),
        (right, right),
        (sign(BODY, TIMESTAMP, secret="x"),),
    ]
    with capture_logs() as logs:
        statuses = [await post(door, BODY, *headers) for headers in wrong]
        statuses.append(await post(door, BODY.replace(b"h", b"k", 1), right))
        statuses += [await post(door, b""), await post(door, b"{"), await post(door, b"[" * 100_000)]
    assert set(statuses) == {401}
    assert door.is_empty
    assert [entry["event"] for entry in logs] == ["webhook_unsigned"]
    assert OA_SECRET not in caplog.text + str(logs)


async def test_unsigned_events_are_noted_once_a_minute(door: Door) -> None:
    with capture_logs() as logs:
        for seconds in (0.0, 59.0, 60.0, 61.0):
            door.seconds = 1000.0 + seconds
            await post(door, BODY)
    assert len(logs) == 2


async def test_question_whether_anybody_is_there_is_answered(door: Door) -> None:
    async with aiohttp.ClientSession() as session, session.get(door.url) as answer:
        assert answer.status == 200
    assert door.is_empty


async def test_door_without_a_secret_is_not_built(door: Door) -> None:
    with pytest.raises(ValueError, match="secret"):
        zalo_oa_hook(
            oa_id=OA_ID,
            fronts=(APP_ID, OA_ID),
            secret="",
            receive=door.receive,
            park=door.park,
        )


async def test_body_over_the_limit_is_refused(door: Door) -> None:
    assert await post(door, b" " * MAX_BODY_BYTES) == 401
    assert await post(door, b" " * (MAX_BODY_BYTES + 1)) == 413


@pytest.mark.parametrize("timestamp", ["1790000000123", 1790000000123])
async def test_time_of_the_event_may_be_a_number(door: Door, timestamp: str | int) -> None:
    assert await post_signed(door, event(timestamp=timestamp)) == 200
    assert len(door.received) == 1


@pytest.mark.parametrize(
    "unreadable",
    [[], None, event(message={"text": "Canary"}), event(recipient={"id": "1"}), event(sender="Canary")],
)
async def test_signed_event_nobody_can_read_is_parked_and_taken(door: Door, unreadable: object) -> None:
    with capture_logs() as logs:
        assert await post_signed(door, unreadable) == 200
    assert door.parked == [json.dumps(unreadable).encode()]
    assert [entry["event"] for entry in logs] == ["update_unreadable"]
    assert "Canary" not in str(logs)
    door.broken = 1
    assert await post_signed(door, unreadable) == 503


@pytest.mark.parametrize("name", ["user_received_message", "user_seen_message", "never_seen_before"])
async def test_event_that_says_nothing_to_us_is_taken(door: Door, name: str) -> None:
    assert await post_signed(door, event(name)) == 200
    assert door.is_empty


async def test_reply_by_hand_goes_to_the_desk_and_echoes_go_nowhere(zalo: FakeZaloOa, door: Door) -> None:
    citizen = zalo.people.citizen("Hoa")
    zalo.echoes = True
    async with zalo.account() as account:
        body = {"recipient": {"user_id": citizen.id}, "message": {"text": "Đã tiếp nhận"}}
        await account.call("POST", CS, body=body)
    zalo.people.reply_by_hand(citizen, "Chúng tôi đang kiểm tra.")
    await zalo.events.delivered()
    assert [each.event for each in door.received] == [StaffWrote("Chúng tôi đang kiểm tra.")]
    assert zalo.events.statuses == [200] * 4


# --- the ladder of retries ---


async def test_storage_out_of_reach_makes_zalo_deliver_again(zalo: FakeZaloOa, door: Door) -> None:
    door.broken = 2
    zalo.people.say(zalo.people.citizen("Hoa"), "Xin chào")
    await zalo.events.delivered()
    assert zalo.events.statuses == [503, 503, 200]
    assert zalo.events.retries == ["1", "2"]
    assert len(door.received) == 1


async def test_album_broken_off_half_way_comes_again_under_the_same_names(
    zalo: FakeZaloOa, door: Door
) -> None:
    door.sound, door.broken = 1, 1
    zalo.people.show(zalo.people.citizen("Hoa"), b"1", b"2")
    await zalo.events.delivered()
    assert zalo.events.statuses == [503, 200]
    first, repeated, second = (inbound.external_id for inbound in door.received)
    assert first == repeated != second


async def test_duplicate_bears_the_same_name(zalo: FakeZaloOa, door: Door) -> None:
    zalo.events.copies = 3
    zalo.people.say(zalo.people.citizen("Hoa"), "Xin chào")
    await zalo.events.delivered()
    assert len(door.received) == 3
    assert len({inbound.external_id for inbound in door.received}) == 1


async def test_events_out_of_order_are_all_taken(zalo: FakeZaloOa, door: Door) -> None:
    citizen = zalo.people.citizen("Hoa")
    zalo.events.is_reversed = True
    for words in ("một", "hai"):
        zalo.people.say(citizen, words)
    await zalo.events.delivered()
    assert [inbound.event for inbound in door.received] == [TextReceived("hai"), TextReceived("một")]


async def test_webhook_that_never_takes_an_event_is_switched_off(zalo: FakeZaloOa, door: Door) -> None:
    door.broken = 6
    zalo.people.say(zalo.people.citizen("Hoa"), "Xin chào")
    await zalo.events.delivered()
    assert zalo.events.is_disabled
    assert zalo.events.statuses == [503] * 6
    zalo.events.deliver_to(door.url)
    await zalo.events.delivered()
    assert len(door.received) == 1


async def test_old_events_are_still_taken(zalo: FakeZaloOa, door: Door) -> None:
    """A retry keeps its old time, so a narrow window against replays would lose messages."""
    said = zalo.people.say(zalo.people.citizen("Hoa"), "Xin chào")
    zalo.pass_time(timedelta(days=2))
    await zalo.events.delivered()
    assert door.received[0].message_id == said["message"]["msg_id"]


async def test_day_of_a_citizen_comes_in_whole(zalo: FakeZaloOa, door: Door) -> None:
    citizen = zalo.people.stranger("Hoa")
    zalo.people.follow(citizen)
    async with zalo.account() as account:
        buttons = [{"title": "1. Có", "type": "oa.query.hide", "payload": "#dv:c:7:yes"}]
        attachment = {"type": "template", "payload": {"buttons": buttons}}
        message = {"text": "Đồng ý?", "attachment": attachment}
        await account.call("POST", CS, body={"recipient": {"user_id": citizen.id}, "message": message})
    zalo.people.tap(citizen, 1)
    zalo.people.unfollow(citizen)
    await asyncio.wait_for(zalo.events.delivered(), 5)
    assert [inbound.event for inbound in door.received] == [
        Followed(),
        ButtonPressed("c:7:yes"),
        ReachabilityChanged(False),
    ]
