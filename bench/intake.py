"""`bench intake`: updates a second from webhook to reply, durable, beside two peers that store nothing."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from bench.servers import Server, danvan, peer
from bench.telegram import Telegram, message

CHATS = 2000
ROUNDS = ("xin chào", "1", "1")
"""Greeting, the matter, the consent: one answer each, and every chat has its turn before anyone's next."""
WARM_UP = 100
REPLY_SECONDS = 20.0


async def measure() -> dict[str, Any]:
    """Ours and the peers', one after the other on the same machine."""
    with tempfile.TemporaryDirectory(prefix="danvan-bench-") as folder:
        ours = await _run(lambda host: danvan(Path(folder), host))
    peers = {
        name: await _run(lambda host, name=name: peer(name, host)) for name in ("ptb_echo", "raw_aiohttp")
    }
    return {
        "ours": ours,
        "peers": peers,
        "ratios": {
            f"vs_{name}": round(ours["updates_per_second"] / figures["updates_per_second"], 2)
            for name, figures in peers.items()
        },
    }


async def _run(start: Any) -> dict[str, float]:
    async with Telegram() as telegram:
        server_context: AbstractAsyncContextManager[Server] = start(telegram.host)
        async with server_context as server:
            await telegram.post_all(server.hook, _updates(range(1, WARM_UP + 1), first_id=1))
            await telegram.replied(WARM_UP * len(ROUNDS), REPLY_SECONDS)
            telegram.replies = 0
            telegram.latencies.clear()
            begun = time.monotonic()
            await telegram.post_all(server.hook, _updates(range(10_000, 10_000 + CHATS), first_id=100_000))
            taken = time.monotonic() - begun
            expected = CHATS * len(ROUNDS)
            complete = await telegram.replied(expected, REPLY_SECONDS)
            seconds = time.monotonic() - begun
            memory = server.resident_mib()
        statuses = dict(telegram.statuses)
    return {
        "updates": expected,
        "updates_per_second": round(expected / seconds, 1) if complete else 0.0,
        "taken_per_second": round(expected / taken, 1),
        "replies": telegram.replies,
        "not_ok": sum(count for status, count in statuses.items() if status != 200),
        "p50_ms": round(statistics.median(telegram.latencies) * 1000, 1),
        "resident_mib": round(memory, 1),
    }


def _updates(chats: range, *, first_id: int) -> Iterator[dict[str, Any]]:
    number = first_id
    for text in ROUNDS:
        for chat in chats:
            number += 1
            yield message(number, chat, text)
