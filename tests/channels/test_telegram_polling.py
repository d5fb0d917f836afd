"""Long polling: nothing is confirmed to Telegram before it is stored."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from structlog.testing import capture_logs

from bot.polling import poll_telegram
from channels.telegram_account import ALLOWED_UPDATES, TelegramAccount
from core.channel import ButtonPressed, Inbound, TextReceived
from core.errors import TemporarilyUnavailable
from tests.fakes import telegram as faults
from tests.fakes.telegram import FakeTelegram


@dataclass
class Inbox:
    """Stores in order; `before` is called with every event and may refuse or look around."""

    before: Callable[[Inbound], None] = lambda _: None
    stored: list[Inbound] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    async def receive(self, inbound: Inbound, body: bytes) -> None:
        self.before(inbound)
        self.stored.append(inbound)
        self.bodies.append(body)

    @property
    def texts(self) -> list[str]:
        return [inbound.event.text for inbound in self.stored if isinstance(inbound.event, TextReceived)]


@asynccontextmanager
async def polling(account: TelegramAccount, inbox: Inbox) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(
        poll_telegram(account, receive=inbox.receive, stop=stop, first_delay=0.001, wait_seconds=20)
    )
    try:
        yield
    finally:
        stop.set()
        await task


async def test_updates_are_stored_in_order_and_then_forgotten(
    telegram: FakeTelegram, account: TelegramAccount
) -> None:
    inbox = Inbox()
    people = [telegram.people.person(name) for name in ("Hoa", "Hiên")]
    for number in range(6):
        telegram.people.write(people[number % 2], f"tin {number}")
    async with polling(account, inbox):
        await telegram.until(lambda: not telegram.updates.pending)
    assert inbox.texts == [f"tin {number}" for number in range(6)]
    assert json.loads(inbox.bodies[0])["message"]["text"] == "tin 0"


async def test_half_a_surrogate_pair_does_not_stop_the_polling(
    telegram: FakeTelegram, account: TelegramAccount
) -> None:
    inbox = Inbox()
    telegram.people.write(telegram.people.person("Hoa"), "ngập \ud83d")
    async with polling(account, inbox):
        await telegram.until(lambda: not telegram.updates.pending)
    assert inbox.texts == ["ngập ?"]


async def test_every_poll_names_the_kinds_it_wants_and_the_first_has_no_offset(
    telegram: FakeTelegram, account: TelegramAccount
) -> None:
    person = telegram.people.person("Hoa")
    telegram.people.write(person, "xin chào")
    async with polling(account, Inbox()):
        await telegram.until(lambda: not telegram.updates.pending)
    first, second, *_ = telegram.made("getUpdates")
    assert "offset" not in first.params
    assert second.number("offset") > 0
    for call in (first, second):
        assert call.data("allowed_updates") == list(ALLOWED_UPDATES)


async def test_offset_waits_for_the_commit_of_the_whole_batch(
    telegram: FakeTelegram, account: TelegramAccount
) -> None:
    pending = []
    inbox = Inbox(before=lambda _: pending.append(len(telegram.updates.pending)))
    person = telegram.people.person("Hoa")
    for number in range(3):
        telegram.people.write(person, f"tin {number}")
    async with polling(account, inbox):
        await telegram.until(lambda: not telegram.updates.pending)
    assert pending == [3, 3, 3]


async def test_batch_that_could_not_be_stored_comes_again(
    telegram: FakeTelegram, account: TelegramAccount
) -> None:
    refusals = [True, True]

    def refuse_the_second(inbound: Inbound) -> None:
        if inbound.event == TextReceived("hai") and refusals:
            refusals.pop()
            raise TemporarilyUnavailable

    inbox = Inbox(before=refuse_the_second)
    person = telegram.people.person("Hoa")
    for text in ("một", "hai", "ba"):
        telegram.people.write(person, text)
    async with polling(account, inbox):
        await telegram.until(lambda: not telegram.updates.pending)
    assert inbox.texts == ["một", "một", "một", "hai", "ba"]
    assert len({inbound.external_id for inbound in inbox.stored}) == 3


async def test_polling_goes_on_after_telegram_failed(
    telegram: FakeTelegram, account: TelegramAccount
) -> None:
    inbox = Inbox()
    telegram.fail("getUpdates", faults.server_error(), faults.lost_answer(), faults.error_page(502))
    telegram.people.write(telegram.people.person("Hoa"), "xin chào")
    async with polling(account, inbox):
        await telegram.until(lambda: not telegram.updates.pending)
    assert inbox.texts == ["xin chào"]


async def test_conflict_is_told_with_its_remedy(telegram: FakeTelegram, account: TelegramAccount) -> None:
    inbox = Inbox()
    await account.set_webhook("http://127.0.0.1:9/closed", secret="s" * 32)
    with capture_logs() as logs:
        async with polling(account, inbox):
            await telegram.until(lambda: bool(telegram.made("getUpdates")))
            await account.delete_webhook()
            telegram.people.write(telegram.people.person("Hoa"), "xin chào")
            await telegram.until(lambda: not telegram.updates.pending)
    [entry, *_] = [entry for entry in logs if entry["event"] == "polling_refused"]
    assert "danvan webhook delete telegram" in entry["remedy"]
    assert inbox.texts == ["xin chào"]


async def test_stopping_does_not_wait_for_the_long_poll(
    telegram: FakeTelegram, account: TelegramAccount
) -> None:
    inbox = Inbox()
    async with polling(account, inbox):
        await telegram.until(lambda: telegram.updates.polls > 0)
    assert inbox.stored == []


async def test_press_travels_from_screen_to_inbox(telegram: FakeTelegram, account: TelegramAccount) -> None:
    inbox = Inbox()
    person = telegram.people.person("Hoa")
    telegram.people.write(person, "bắt đầu")
    card = telegram.chats.add(
        telegram.chats.chats[person.id],
        telegram.chats.bot,
        text="Chọn",
        reply_markup={"inline_keyboard": [[{"text": "Có", "callback_data": "c:7:confirm:3:yes"}]]},
    )
    query = telegram.people.press(person, card, "Có")
    async with polling(account, inbox):
        await telegram.until(lambda: not telegram.updates.pending)
    pressed = inbox.stored[-1]
    assert pressed.event == ButtonPressed("c:7:confirm:3:yes", query)
    assert pressed.message_id == str(card["message_id"])
