"""`bench soak`: latency at a steady rate, and memory over many updates."""

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

import aiohttp

from bench.figures import percentile_ms
from bench.servers import Server, danvan
from bench.telegram import Telegram

RATE = 100
"""Updates a second."""
UPDATES = 50_000
ROUNDS = ("xin chào", "1", "1", "trợ giúp")
SAMPLES = 20


async def measure(updates: int = UPDATES) -> dict[str, Any]:
    """p50 and p99 from webhook to reply, and the memory at even points of the run."""
    with tempfile.TemporaryDirectory(prefix="danvan-soak-") as folder:
        async with Telegram() as telegram, danvan(Path(folder), telegram) as server:
            memory = await _steady(telegram, server, updates)
            await telegram.replied(updates, 20.0)
    waits = sorted(telegram.latencies)
    half = memory[len(memory) // 2 :]
    ours = {
        "updates": updates,
        "replies": telegram.replies,
        "rate": RATE,
        "p50_ms": percentile_ms(waits, 0.50),
        "p99_ms": percentile_ms(waits, 0.99),
        "resident_mib": memory[-1],
        "second_half_growth_mib": round(half[-1] - half[0], 1),
        "not_ok": sum(count for status, count in telegram.statuses.items() if status != 200),
    }
    return {"ours": ours, "peers": {}, "ratios": {}}


async def _steady(telegram: Telegram, server: Server, updates: int) -> list[float]:
    """Post at the rate whatever the answers do; the memory after each of `SAMPLES` parts."""
    memory = [round(server.resident_mib(), 1)]
    begun = time.monotonic()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200)) as session:
        posts: set[asyncio.Task[None]] = set()
        for number in range(updates):
            await asyncio.sleep(max(0.0, begun + number / RATE - time.monotonic()))
            chat, place = 10_000 + number % 1000 + 1000 * (number // 4000), number // 1000 % 4
            task = asyncio.create_task(
                telegram.post(session, server.hook, telegram.message(number, chat, ROUNDS[place]))
            )
            posts.add(task)
            task.add_done_callback(posts.discard)
            if (number + 1) % max(1, updates // SAMPLES) == 0:
                memory.append(round(server.resident_mib(), 1))
        await asyncio.gather(*posts)
    return memory
