"""The sending loop by itself: a morning of reminders leaves one after the other, and nothing wakes it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.channel import Address, Channel
from core.delivery import Priority
from core.say import say
from handlers.runtime import Clock
from storage import outbox
from storage.transaction import Transaction
from tests.conftest import NOW
from tests.fakes.telegram_chats import Call
from tests.flows.town import Town, town

REMINDERS = 30
"""At their pace this is a second; at one a poll it would be a minute."""


class Awaited(list[Call]):
    """The calls a network saw; `complete` once there are enough."""

    def __init__(self, enough: int) -> None:
        super().__init__()
        self.enough = enough
        self.complete = asyncio.Event()

    def append(self, call: Call) -> None:
        super().append(call)
        if len(self) >= self.enough:
            self.complete.set()


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path / "data", NOW) as opened:
        yield opened


async def test_a_queue_of_reminders_leaves_at_its_pace_and_not_one_a_poll(place: Town) -> None:
    people = [place.telegram.people.person(f"Người {number}") for number in range(REMINDERS)]
    place.app.runtime.clock = Clock()
    now = place.app.runtime.clock.now()

    def queue(tx: Transaction) -> None:
        for person in people:
            address = Address(Channel.TELEGRAM, str(person.id))
            wish = outbox.Wish(
                key=f"r{person.id}", address=address, text=say("help"), priority=Priority.REMINDER
            )
            outbox.enqueue(tx, wish, now)

    calls = place.telegram.calls = Awaited(REMINDERS)
    stop = asyncio.Event()
    loop = asyncio.create_task(place.app.drain.run(stop))
    await place.app.runtime.database.write(queue)
    async with asyncio.timeout(20):
        await calls.complete.wait()
    stop.set()
    await loop
