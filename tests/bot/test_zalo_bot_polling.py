"""Polling Zalo Bot: it hands out a message once, so what came is stored before the next is asked for."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.zalo_bot_polling import poll_zalo_bot
from channels.zalo_bot_account import ZaloBotAccount
from core.channel import Inbound, TextReceived
from core.errors import TemporarilyUnavailable
from tests.fakes.zalo_bot import TOKEN
from tests.fakes.zalo_bot_state import Fault
from tests.fakes.zalo_bot_wire import Break, ZaloBotOnABadWire

CHAT = "c0ffee00c0ffee00c0f1"
OUTAGE = Fault(502, "<html>Bad Gateway</html>")


@pytest.fixture
async def zalo() -> AsyncIterator[ZaloBotOnABadWire]:
    async with ZaloBotOnABadWire() as server:
        yield server


@pytest.fixture
async def account(zalo: ZaloBotOnABadWire) -> AsyncIterator[ZaloBotAccount]:
    async with ZaloBotAccount(zalo.token, host=zalo.host) as client:
        yield client


@dataclass
class Inbox:
    """Stores in order, and ends the polling with the text «hết»; `before` may refuse or look around."""

    before: Callable[[Inbound], None] = lambda _: None
    stored: list[Inbound] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    parked: list[bytes] = field(default_factory=list)
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self, inbound: Inbound, body: bytes) -> None:
        self.before(inbound)
        self.stored.append(inbound)
        self.bodies.append(body)
        if inbound.event == TextReceived("hết"):
            self.stop.set()

    async def park(self, body: bytes) -> None:
        self.parked.append(body)

    @property
    def texts(self) -> list[str]:
        return [inbound.event.text for inbound in self.stored if isinstance(inbound.event, TextReceived)]


async def poll(account: ZaloBotAccount, inbox: Inbox) -> list[Any]:
    """Poll until the inbox has had enough; what was logged meanwhile."""
    with capture_logs() as logs:
        await poll_zalo_bot(
            account,
            receive=inbox.receive,
            park=inbox.park,
            stop=inbox.stop,
            first_delay=0.001,
            wait_seconds=20,
        )
    return list(logs)


def update(number: int) -> dict[str, Any]:
    message = {"message_id": f"m{number}", "text": f"tin {number}"}
    return {"message": {**message, "chat": {"id": CHAT, "chat_type": "PRIVATE"}, "from": {"id": CHAT}}}


async def test_messages_are_stored_in_order_with_what_came_over_the_wire(
    zalo: ZaloBotOnABadWire, account: ZaloBotAccount
) -> None:
    inbox = Inbox()
    for text in ("một", "hai", "hết"):
        await zalo.says(CHAT, text)
    assert await poll(account, inbox) == []
    assert inbox.texts == ["một", "hai", "hết"]
    assert json.loads(inbox.bodies[0])["message"]["text"] == "một"


async def test_the_next_message_is_asked_for_only_when_this_one_is_stored(
    zalo: ZaloBotOnABadWire, account: ZaloBotAccount
) -> None:
    asked: list[int] = []
    inbox = Inbox(before=lambda _: asked.append(len(zalo.calls)))
    for text in ("một", "hai", "hết"):
        await zalo.says(CHAT, text)
    await poll(account, inbox)
    assert asked == [1, 2, 3]


async def test_a_message_the_database_does_not_take_is_offered_until_it_does(
    zalo: ZaloBotOnABadWire, account: ZaloBotAccount
) -> None:
    refusals = [TemporarilyUnavailable(), TemporarilyUnavailable()]

    def refuse(_: Inbound) -> None:
        if refusals:
            raise refusals.pop()

    inbox = Inbox(before=refuse)
    await zalo.says(CHAT, "hết")
    logs = await poll(account, inbox)
    assert [entry["code"] for entry in logs] == ["storage_unavailable"]
    assert inbox.texts == ["hết"]
    assert zalo.calls == ["getUpdates"]


async def test_the_service_ends_though_the_database_takes_nothing_and_says_what_is_lost(
    zalo: ZaloBotOnABadWire, account: ZaloBotAccount
) -> None:
    inbox = Inbox()

    def before(_: Inbound) -> None:
        inbox.stop.set()
        raise TemporarilyUnavailable

    inbox.before = before
    await zalo.says(CHAT, "Đèn đường hỏng")
    (line,) = await poll(account, inbox)
    assert (line["event"], line["log_level"]) == ("message_lost", "error")
    assert inbox.stored == []


async def test_a_list_is_read_though_zalo_documents_a_single_update(
    zalo: ZaloBotOnABadWire, account: ZaloBotAccount
) -> None:
    inbox = Inbox()
    zalo.faults.append(Fault(200, {"ok": True, "result": [update(1), update(2)]}))
    await zalo.says(CHAT, "hết")
    await poll(account, inbox)
    assert inbox.texts == ["tin 1", "tin 2", "hết"]


@pytest.mark.parametrize("result", [None, {}, [], "text", {"event_name": "something.new"}], ids=str)
async def test_an_answer_that_brings_nothing_is_passed_over(
    zalo: ZaloBotOnABadWire, account: ZaloBotAccount, result: Any
) -> None:
    inbox = Inbox()
    zalo.faults.append(Fault(200, {"ok": True, "result": result}))
    await zalo.says(CHAT, "hết")
    assert await poll(account, inbox) == []
    assert inbox.parked == []


async def test_an_update_nobody_can_read_is_parked_and_the_next_has_its_turn(
    zalo: ZaloBotOnABadWire, account: ZaloBotAccount
) -> None:
    inbox = Inbox()
    strange = {"message": {"text": "Canary"}}
    zalo.faults.append(Fault(200, {"ok": True, "result": strange}))
    await zalo.says(CHAT, "hết")
    logs = await poll(account, inbox)
    assert [json.loads(body) for body in inbox.parked] == [strange]
    assert [entry["event"] for entry in logs] == ["update_unreadable"]
    assert "Canary" not in str(logs)
    assert inbox.texts == ["hết"]


async def test_half_an_emoji_does_not_end_the_polling(
    zalo: ZaloBotOnABadWire, account: ZaloBotAccount
) -> None:
    inbox = Inbox()
    half = update(1)
    half["message"]["text"] = "đèn hỏng \ud83d"
    zalo.faults.append(Fault(200, {"ok": True, "result": half}))
    await zalo.says(CHAT, "hết")
    await poll(account, inbox)
    assert json.loads(inbox.bodies[0]) == half
    assert len(inbox.stored) == 2


async def test_each_outage_is_told_once_by_its_code(zalo: ZaloBotOnABadWire, account: ZaloBotAccount) -> None:
    inbox = Inbox()
    good = Fault(200, {"ok": True, "result": update(1)})
    zalo.faults.extend([OUTAGE] * 4 + [good] + [OUTAGE] * 3)
    await zalo.says(CHAT, "hết")
    logs = await poll(account, inbox)
    assert [(entry["event"], entry["code"]) for entry in logs] == [("polling_failed", "server_error")] * 2
    assert TOKEN not in str(logs)
    assert inbox.texts == ["tin 1", "hết"]


async def test_idle_polls_between_failures_are_no_failures(
    zalo: ZaloBotOnABadWire, account: ZaloBotAccount
) -> None:
    idle = {"ok": False, "error_code": 408, "description": "Request timeout"}
    zalo.faults.extend([Fault(408, idle), Fault(200, idle)] * 50)
    inbox = Inbox()
    await zalo.says(CHAT, "hết")
    assert await poll(account, inbox) == []
    assert len(zalo.calls) == 101


async def test_a_message_lost_on_the_way_is_lost_and_the_next_one_comes(
    zalo: ZaloBotOnABadWire, account: ZaloBotAccount
) -> None:
    inbox = Inbox()
    zalo.breaks.append(Break.LOST)
    for text in ("mất", "hết"):
        await zalo.says(CHAT, text)
    logs = await poll(account, inbox)
    assert inbox.texts == ["hết"]
    assert [entry["code"] for entry in logs] == ["no_answer"]


async def test_stopping_does_not_wait_for_the_long_poll(
    zalo: ZaloBotOnABadWire, account: ZaloBotAccount
) -> None:
    inbox = Inbox()
    polling = asyncio.create_task(poll(account, inbox))
    await zalo.polled.wait()
    inbox.stop.set()
    assert await polling == []
    await zalo.says(CHAT, "quá muộn")
    assert inbox.stored == []
