"""`bench intake`: updates a second from webhook to reply, durable, beside peers that store nothing."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import Any

from bench.network import Event, Network
from bench.peers import PEERS
from bench.servers import Server, danvan, peer
from bench.telegram import Telegram
from bench.zalo_oa import ZaloOa

CHATS = 2000
ROUNDS = ("xin chào", "1", "1")
"""Greeting, the matter, the consent: one answer each, and every chat has its turn before anyone's next."""
WARM_UP = 100
REPLY_SECONDS = 20.0
NETWORKS: dict[str, type[Network]] = {network.name: network for network in (Telegram, ZaloOa)}


async def measure(channel: str = Telegram.name) -> dict[str, Any]:
    """Ours and the peers' on this network, one after the other on the same machine."""
    on = NETWORKS[channel]
    with tempfile.TemporaryDirectory(prefix="danvan-bench-") as folder:
        ours = await _run(on, lambda network: danvan(Path(folder), network))
    peers = {name: await _run(on, partial(peer, name)) for name in PEERS[channel]}
    return {
        "ours": ours,
        "peers": peers,
        "ratios": {
            f"vs_{name}": round(ours["updates_per_second"] / figures["updates_per_second"], 2)
            for name, figures in peers.items()
        },
    }


async def _run(
    on: type[Network], start: Callable[[Network], AbstractAsyncContextManager[Server]]
) -> dict[str, float]:
    async with on() as network:
        async with start(network) as server:
            await network.post_all(server.hook, _updates(network, range(1, WARM_UP + 1), first_id=1))
            await network.replied(WARM_UP * len(ROUNDS), REPLY_SECONDS)
            network.replies = 0
            network.latencies.clear()
            begun = time.monotonic()
            await network.post_all(
                server.hook, _updates(network, range(10_000, 10_000 + CHATS), first_id=100_000)
            )
            taken = time.monotonic() - begun
            expected = CHATS * len(ROUNDS)
            complete = await network.replied(expected, REPLY_SECONDS)
            seconds = time.monotonic() - begun
            memory = server.resident_mib()
        statuses = dict(network.statuses)
    return {
        "updates": expected,
        "updates_per_second": round(expected / seconds, 1) if complete else 0.0,
        "taken_per_second": round(expected / taken, 1),
        "replies": network.replies,
        "not_ok": sum(count for status, count in statuses.items() if status != 200),
        "p50_ms": round(statistics.median(network.latencies) * 1000, 1),
        "resident_mib": round(memory, 1),
    }


def _updates(network: Network, chats: range, *, first_id: int) -> Iterator[Event]:
    number = first_id
    for text in ROUNDS:
        for chat in chats:
            number += 1
            yield network.message(number, chat, text)
