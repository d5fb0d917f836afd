"""`bench send`: the pace of reminders under Telegram's limits, and how soon an answer leaves behind them."""

import asyncio
import tempfile
import time
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from bench.figures import percentile_ms
from bench.servers import Server, danvan
from bench.telegram import Telegram
from core.channel import Address, Channel
from core.delivery import Priority
from core.pacing import Limits
from core.say import say
from storage import outbox
from storage.database import Database
from storage.transaction import Transaction

REMINDERS = 10_000
SECONDS = 30.0
"""How long the queue is watched while it runs off at its pace."""
ANSWERS_PER_SECOND = 2
MOST_IN_A_SECOND = 30
"""What Telegram allows one bot in any second over all chats."""


class Limited(Telegram):
    """A Telegram that counts every request in a sliding second and refuses the thirty-first."""

    def __init__(self) -> None:
        super().__init__()
        self.refused = 0
        self.reminders: list[float] = []
        self._recent: deque[float] = deque()

    def refusal(self, chat: int) -> dict[str, Any] | None:
        now = time.monotonic()
        while self._recent and self._recent[0] <= now - 1.0:
            self._recent.popleft()
        if len(self._recent) >= MOST_IN_A_SECOND:
            self.refused += 1
            return {"ok": False, "error_code": 429, "parameters": {"retry_after": 1}}
        self._recent.append(now)
        if chat >= _FIRST_REMINDED:
            self.reminders.append(now)
        return None


_FIRST_REMINDED = 1_000_000


async def measure() -> dict[str, Any]:
    """The pace over `SECONDS` beside the one set, the 429s, and the wait of answers meanwhile."""
    with tempfile.TemporaryDirectory(prefix="danvan-bench-") as folder:
        async with Limited() as telegram, danvan(Path(folder), telegram) as server:
            _queue(f"sqlite:///{Path(folder) / 'danvan.db'}")
            await telegram.replied(1, 20.0)
            begun = time.monotonic()
            answers = await _talk(telegram, server)
            seconds = time.monotonic() - begun
            left = [moment for moment in telegram.reminders if begun <= moment <= begun + seconds]
    waits = sorted(telegram.latencies)
    sent_per_second = (len(left) + answers) / seconds
    return {
        "ours": {
            "queued": REMINDERS,
            "seconds": round(seconds, 1),
            "reminders": len(left),
            "answers": answers,
            "messages_per_second": round(sent_per_second, 2),
            "too_many_429": telegram.refused,
            "answer_p50_ms": percentile_ms(waits, 0.5),
            "answer_p99_ms": percentile_ms(waits, 0.99),
        },
        "peers": {},
        "ratios": {"of_the_pace": round(sent_per_second / Limits().fastest, 3)},
    }


def _queue(database_url: str) -> None:
    """The reminders of a large morning, one a chat, all due at once."""
    now = datetime.now(UTC)

    def write(tx: Transaction) -> None:
        for number in range(REMINDERS):
            wish = outbox.Wish(
                key=f"bench:{number}",
                address=Address(Channel.TELEGRAM, str(_FIRST_REMINDED + number)),
                text=say("help"),
                priority=Priority.REMINDER,
            )
            outbox.enqueue(tx, wish, now)

    database = Database(database_url)
    try:
        with database.transaction() as tx:
            write(tx)
    finally:
        database.close()


async def _talk(telegram: Telegram, server: Server) -> int:
    """Citizens greet the bot at a steady rate, each in a chat of their own; how many did."""
    begun = time.monotonic()
    async with aiohttp.ClientSession() as session:
        posts = []
        for number in range(int(SECONDS * ANSWERS_PER_SECOND)):
            await asyncio.sleep(max(0.0, begun + number / ANSWERS_PER_SECOND - time.monotonic()))
            update = telegram.message(number + 1, 10_000 + number, "xin chào")
            posts.append(asyncio.create_task(telegram.post(session, server.hook, update)))
        await asyncio.gather(*posts)
    await asyncio.sleep(1.0)
    return len(telegram.latencies)
