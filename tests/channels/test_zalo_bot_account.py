"""The client of the Zalo Bot Platform: every answer has one of the four ends, and nothing names the token."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.zalo_bot_polling import poll_zalo_bot
from channels.zalo_bot import ZaloBotSender
from channels.zalo_bot_account import ZaloBotAccount
from core.channel import (
    Address,
    Channel,
    Delivery,
    Inbound,
    Outgoing,
    PermanentSendError,
    SendError,
    SendKind,
    TemporarySendError,
    TextReceived,
    UnknownOutcome,
)
from core.errors import TemporarilyUnavailable
from core.text import utf16_length
from tests.fakes.zalo_bot import TOKEN, FakeZaloBot
from tests.fakes.zalo_bot_state import Fault

CHAT = "c0ffee00c0ffee00c0f1"


@pytest.fixture
async def zalo() -> AsyncIterator[FakeZaloBot]:
    async with FakeZaloBot() as server:
        yield server


@pytest.fixture
async def account(zalo: FakeZaloBot) -> AsyncIterator[ZaloBotAccount]:
    async with ZaloBotAccount(zalo.token, host=zalo.host) as client:
        yield client


def message(text: str) -> Delivery:
    return Delivery(1, "k", Address(Channel.ZALO_BOT, CHAT), SendKind.MESSAGE, Outgoing(text))


def sender(account: ZaloBotAccount) -> ZaloBotSender:
    async def no_pause(_: float) -> None:
        return None

    return ZaloBotSender(account, link=lambda file: f"https://suoimay.example/{file.name}", pause=no_pause)


def refused(code: int) -> dict[str, Any]:
    return {"ok": False, "error_code": code, "description": "no"}


@pytest.mark.parametrize(
    ("fault", "error", "code"),
    [
        (Fault(200, refused(400)), PermanentSendError, "bad_request"),
        (Fault(429, refused(429)), PermanentSendError, "quota_exhausted"),
        (Fault(200, refused(429)), PermanentSendError, "quota_exhausted"),
        (Fault(401, refused(401)), TemporarySendError, "bad_token"),
        (Fault(403, refused(403)), PermanentSendError, "refused"),
        (Fault(502, "<html>Bad Gateway</html>"), TemporarySendError, "server_error"),
        (Fault(403, "<html>Access denied</html>"), TemporarySendError, "server_error"),
        (Fault(504, "<html>Gateway time-out</html>"), UnknownOutcome, "server_error"),
    ],
)
async def test_a_failure_ends_as_what_it_is(
    zalo: FakeZaloBot, account: ZaloBotAccount, fault: Fault, error: type[SendError], code: str
) -> None:
    zalo.faults.append(fault)
    with pytest.raises(error) as met:
        await sender(account).deliver(message("Đèn đã sáng."))
    assert met.value.code == code
    assert TOKEN not in repr(met.value)
    assert met.value.__cause__ is None
    assert zalo.calls == ["sendMessage"], "nothing is sent twice"


async def test_a_server_that_is_not_there_is_surely_not_reached() -> None:
    async with ZaloBotAccount(TOKEN, host="http://127.0.0.1:9") as client:
        with pytest.raises(TemporarySendError) as met:
            await sender(client).deliver(message("Đèn đã sáng."))
    assert TOKEN not in repr(met.value)


@pytest.mark.parametrize("text", ["a" * 2001, "Một câu đủ dài. " * 200, "😀" * 1500], ids=["a", "b", "c"])
async def test_long_texts_arrive_in_parts_that_zalo_takes(
    zalo: FakeZaloBot, account: ZaloBotAccount, text: str
) -> None:
    await zalo.says(CHAT, "xin chào")
    await sender(account).deliver(message(text))
    parts = zalo.sent[CHAT]
    assert len(parts) > 1
    assert all(utf16_length(part) <= 2000 for part in parts)
    joined = "".join(part.split(") ", 1)[1] for part in parts)
    assert joined.replace(" ", "") == text.replace(" ", "")


async def test_a_bot_without_webhook_says_so_by_an_error_that_is_none(
    zalo: FakeZaloBot, account: ZaloBotAccount
) -> None:
    assert (await account.webhook()).url == ""
    await account.set_webhook("https://suoimay.example/hook/zalo-bot", secret="s" * 32)
    assert (await account.webhook()).url == "https://suoimay.example/hook/zalo-bot"
    await account.delete_webhook()
    assert (await account.webhook()).url == ""
    zalo.faults.append(Fault(400, refused(400)))
    await account.delete_webhook()


async def test_hundred_idle_polls_make_no_noise_and_the_message_after_them_arrives_once(
    zalo: FakeZaloBot, account: ZaloBotAccount, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    zalo.faults.extend([Fault(408, refused(408))] * 100)
    await zalo.says(CHAT, "Đèn đường hỏng")
    stop, got = asyncio.Event(), list[Inbound]()
    broken = [TemporarilyUnavailable()]

    async def receive(inbound: Inbound, _: bytes) -> None:
        if broken:
            raise broken.pop()
        got.append(inbound)
        stop.set()

    async def park(_: bytes) -> None:
        raise AssertionError("readable")

    await poll_zalo_bot(account, receive=receive, park=park, stop=stop, first_delay=0.01, wait_seconds=1)
    assert [inbound.event for inbound in got] == [TextReceived("Đèn đường hỏng")]
    assert "idle" not in caplog.text
    assert TOKEN not in caplog.text
