"""Every way Telegram says no, and which of the four ends it is."""

import asyncio
import logging
import socket
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from telegram.error import NetworkError, TelegramError, TimedOut

from channels.telegram import TelegramSender
from channels.telegram_account import TelegramAccount
from channels.telegram_request import AiohttpRequest, NotSentError
from core.channel import (
    Address,
    Channel,
    ChatMovedError,
    Delivery,
    Outgoing,
    PermanentSendError,
    SendError,
    SendKind,
    TemporarySendError,
    UnknownOutcome,
)
from tests.channels.conftest import WORDS
from tests.fakes import telegram as faults
from tests.fakes.telegram import ANY, TOKEN, FakeTelegram, Fault

SECRET_PART = TOKEN.partition(":")[2]
WORDS_OF_A_CITIZEN = "Ông Bế Văn Canary ở bản Nậm"


def delivery(chat: int, kind: SendKind = SendKind.MESSAGE) -> Delivery:
    address = Address(Channel.TELEGRAM, str(chat))
    message = Outgoing(WORDS_OF_A_CITIZEN)
    return Delivery(1, "answer:1", address, kind, message, message_id="1", reference="file-1")


async def end_of(sender: TelegramSender, wanted: Delivery) -> SendError:
    with pytest.raises(SendError) as caught:
        await sender.deliver(wanted)
    return caught.value


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        (faults.rate_limited(30), TemporarySendError, "rate_limited"),
        (faults.answered(429, "Too Many Requests"), TemporarySendError, "rate_limited"),
        (faults.forbidden(), PermanentSendError, "blocked"),
        (faults.answered(403, "Forbidden: user is deactivated"), PermanentSendError, "blocked"),
        (faults.answered(401, "Unauthorized"), TemporarySendError, "bad_token"),
        (faults.answered(404, "Not Found"), TemporarySendError, "bad_token"),
        (faults.answered(409, "Conflict: webhook is set"), TemporarySendError, "conflict"),
        (faults.refused("chat not found"), PermanentSendError, "chat_unknown"),
        (faults.refused("PEER_ID_INVALID"), PermanentSendError, "chat_unknown"),
        (faults.refused("group chat was deactivated"), PermanentSendError, "chat_unknown"),
        (faults.refused("not enough rights to send text messages"), PermanentSendError, "no_rights"),
        (faults.refused("have no rights to send a message"), PermanentSendError, "no_rights"),
        (faults.refused("CHAT_WRITE_FORBIDDEN"), PermanentSendError, "no_rights"),
        (faults.refused("message is too long"), PermanentSendError, "text_too_long"),
        (faults.refused("BUTTON_DATA_INVALID"), PermanentSendError, "refused"),
        (faults.answered(413, "Request Entity Too Large"), PermanentSendError, "file_too_big"),
        (faults.error_page(413), PermanentSendError, "file_too_big"),
        (faults.moved(-1_000_000_000_777), ChatMovedError, "chat_moved"),
        (faults.server_error(500), UnknownOutcome, "no_answer"),
        (faults.server_error(502), UnknownOutcome, "no_answer"),
        (faults.error_page(504), UnknownOutcome, "no_answer"),
        (faults.error_page(302), UnknownOutcome, "no_answer"),
        (faults.error_page(200), UnknownOutcome, "no_answer"),
        (faults.lost_answer(), UnknownOutcome, "no_answer"),
    ],
)
async def test_every_answer_is_one_of_the_ends(
    telegram: FakeTelegram, sender: TelegramSender, fault: Fault, kind: type[SendError], code: str
) -> None:
    person = telegram.people.person("Hoa")
    telegram.fail("sendMessage", fault)
    end = await end_of(sender, delivery(person.id))
    assert (type(end), end.code) == (kind, code)


@pytest.mark.parametrize(
    "words", ["message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID"]
)
async def test_message_that_cannot_be_edited_any_more_is_gone(
    telegram: FakeTelegram, sender: TelegramSender, words: str
) -> None:
    telegram.fail("editMessageText", faults.refused(words))
    end = await end_of(sender, delivery(5001, SendKind.EDIT))
    assert (type(end), end.code) == (PermanentSendError, "message_gone")


async def test_pause_asked_for_is_passed_on(telegram: FakeTelegram, sender: TelegramSender) -> None:
    telegram.fail("sendMessage", faults.rate_limited(37))
    end = await end_of(sender, delivery(5001))
    assert isinstance(end, TemporarySendError)
    assert end.retry_after == timedelta(seconds=37)


async def test_wrong_token_is_not_tried_again_at_once(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with TelegramAccount("700100200:AAwrong", host=telegram.host) as account:
        end = await end_of(TelegramSender(account, files=tmp_path, words=WORDS), delivery(5001))
    assert isinstance(end, TemporarySendError)
    assert end.retry_after is not None
    assert end.retry_after >= timedelta(minutes=5)


async def test_moved_chat_is_told_with_its_new_id(telegram: FakeTelegram, sender: TelegramSender) -> None:
    person = telegram.people.person("Hiên")
    room = telegram.people.group("Phòng tiếp dân", kind="group")
    new_id = telegram.people.migrate_group(person, room)
    end = await end_of(sender, delivery(room))
    assert isinstance(end, ChatMovedError)
    assert end.new_chat == str(new_id)


async def test_blocked_person_is_known_by_the_refusal(telegram: FakeTelegram, sender: TelegramSender) -> None:
    person = telegram.people.person("Hoa")
    telegram.people.block(person)
    assert (await end_of(sender, delivery(person.id))).code == "blocked"
    telegram.people.unblock(person)
    await sender.deliver(delivery(person.id))


async def test_message_whose_answer_was_lost_did_arrive(
    telegram: FakeTelegram, sender: TelegramSender
) -> None:
    person = telegram.people.person("Hoa")
    telegram.fail("sendMessage", faults.lost_answer())
    assert isinstance(await end_of(sender, delivery(person.id)), UnknownOutcome)
    assert len(telegram.people.screen(person.id)) == 1


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        (SendKind.EDIT, "editMessageText"),
        (SendKind.PRESS_ANSWER, "answerCallbackQuery"),
        (SendKind.DOWNLOAD, "getFile"),
    ],
)
async def test_what_does_no_harm_twice_may_be_tried_again(
    telegram: FakeTelegram, sender: TelegramSender, kind: SendKind, method: str
) -> None:
    telegram.fail(method, faults.server_error())
    end = await end_of(sender, delivery(5001, kind))
    assert (type(end), end.code) == (TemporarySendError, "no_answer")


# --- below the Bot API ---


@pytest.fixture
async def closed_port(telegram: FakeTelegram) -> str:
    """An address of loopback where nobody listens."""
    async with FakeTelegram() as gone:
        return gone.host


async def test_host_out_of_reach_was_surely_not_written_to(closed_port: str, tmp_path: Path) -> None:
    async with TelegramAccount(TOKEN, host=closed_port) as account:
        end = await end_of(TelegramSender(account, files=tmp_path, words=WORDS), delivery(5001))
    assert (type(end), end.code) == (TemporarySendError, "unreachable")


async def test_proxy_that_cannot_be_reached_lets_nothing_out(
    telegram: FakeTelegram, closed_port: str, tmp_path: Path
) -> None:
    async with TelegramAccount(TOKEN, host=telegram.host, proxy=closed_port) as account:
        end = await end_of(TelegramSender(account, files=tmp_path, words=WORDS), delivery(5001))
    assert (type(end), end.code) == (TemporarySendError, "unreachable")
    assert telegram.calls == []


async def test_proxy_carries_every_call(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with TelegramAccount(TOKEN, host="http://telegram.test", proxy=telegram.host) as account:
        assert (await account.identity()).username == "danvan_bot"


async def test_account_that_is_closed_sends_nothing(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with TelegramAccount(TOKEN, host=telegram.host) as account:
        sender = TelegramSender(account, files=tmp_path, words=WORDS)
    assert (await end_of(sender, delivery(5001))).code == "unreachable"


@pytest.fixture
async def silent_host() -> AsyncIterator[str]:
    """A server that takes every request and never answers."""
    release = asyncio.Event()

    async def wait(_: web.Request) -> web.Response:
        await release.wait()
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", wait)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    release.set()
    await runner.cleanup()


async def test_silence_after_the_request_left_is_a_time_out(silent_host: str) -> None:
    async with AiohttpRequest() as request:
        with pytest.raises(TimedOut) as caught:
            await request.post(f"{silent_host}/bot{TOKEN}/getMe", read_timeout=0.05, connect_timeout=0.05)
    assert not isinstance(caught.value, NotSentError)


@pytest.fixture
def crowded_host() -> Iterator[str]:
    """An address whose queue of waiting connections is full: a new one gets no answer at all."""
    with ExitStack() as stack:
        listening = stack.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


async def test_connection_that_does_not_come_about_carried_nothing(crowded_host: str) -> None:
    async with AiohttpRequest() as request:
        with pytest.raises(NotSentError):
            await request.post(f"{crowded_host}/bot{TOKEN}/getMe", connect_timeout=0.05)


async def test_redirect_does_not_carry_the_token_elsewhere(
    telegram: FakeTelegram, sender: TelegramSender
) -> None:
    async with FakeTelegram() as elsewhere:
        telegram.fail("sendMessage", faults.redirected(f"{elsewhere.host}/bot{TOKEN}/sendMessage"))
        assert isinstance(await end_of(sender, delivery(5001)), UnknownOutcome)
        assert elsewhere.calls == []


async def test_answer_longer_than_any_file_is_given_up(telegram: FakeTelegram) -> None:
    telegram.chats.store(b"x" * (22 * 1024 * 1024))
    [file_id] = telegram.chats.files
    async with AiohttpRequest() as request:
        with pytest.raises(NetworkError):
            await request.retrieve(f"{telegram.host}/file/bot{TOKEN}/documents/{file_id}")


# --- the token and people's words stay inside ---


async def test_neither_token_nor_words_reach_a_log_or_an_exception(
    telegram: FakeTelegram, closed_port: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    seen = []
    person = telegram.people.person("Hoa")
    every_fault = [
        faults.rate_limited(1),
        faults.forbidden(),
        faults.server_error(),
        faults.error_page(502),
        faults.error_page(200),
        faults.error_page(302),
        faults.answered(404, "Not Found"),
        faults.refused("strange"),
        faults.lost_answer(),
    ]
    async with TelegramAccount(TOKEN, host=telegram.host) as account:
        sender = TelegramSender(account, files=tmp_path, words=WORDS)
        await sender.deliver(delivery(person.id))
        for fault in every_fault:
            for kind in (SendKind.MESSAGE, SendKind.EDIT, SendKind.DOWNLOAD):
                telegram.fail(ANY, fault)
                end = await end_of(sender, delivery(person.id, kind))
                seen += traceback.format_exception(end)
        telegram.fail("getUpdates", faults.error_page(502))
        with pytest.raises(SendError) as caught:
            await account.updates(offset=None, wait_seconds=0)
        seen += traceback.format_exception(caught.value)
        seen += [repr(account), repr(sender)]
    async with TelegramAccount(TOKEN, host=closed_port) as account:
        sender = TelegramSender(account, files=tmp_path, words=WORDS)
        seen += traceback.format_exception(await end_of(sender, delivery(person.id)))
    for text in [*seen, caplog.text]:
        assert SECRET_PART not in text
        assert "Canary" not in text


@pytest.mark.parametrize("status", [200, 302, 502])
async def test_the_request_itself_hides_the_url_as_well(telegram: FakeTelegram, status: int) -> None:
    telegram.fail(ANY, faults.error_page(status))
    async with AiohttpRequest() as request:
        with pytest.raises(TelegramError) as caught:
            await request.post(f"{telegram.host}/bot{TOKEN}/getMe")
    assert SECRET_PART not in "".join(traceback.format_exception(caught.value))
