"""Both ends of Telegram in one process: posts updates to a webhook, takes the replies, and times them."""

import asyncio
import itertools
import json
import time
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

TOKEN = "1:bench"  # noqa: S105 - opens nothing
SECRET = "bench-secret-of-at-least-32-bytes-long"  # noqa: S105 - loopback only
CONNECTIONS = 64
_HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}


@dataclass
class Telegram:
    """`posted` and `replied` hold moments of the monotonic clock by chat, in order."""

    posted: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    latencies: list[float] = field(default_factory=list)
    replies: int = 0
    statuses: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    host: str = ""
    _ids: Iterable[int] = field(default_factory=lambda: itertools.count(1))
    _runner: web.AppRunner | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.host = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        if request.match_info["method"] != "sendMessage":
            return web.json_response({"ok": True, "result": True})
        params = await (request.json() if request.content_type == "application/json" else request.post())
        chat = int(str(params["chat_id"]))
        refusal = self.refusal(chat)
        if refusal is not None:
            return web.json_response(refusal, status=int(refusal["error_code"]))
        self.replies += 1
        if self.posted[chat]:
            self.latencies.append(time.monotonic() - self.posted[chat].popleft())
        self._news.set()
        message = {
            "message_id": self.replies,
            "date": 1,
            "chat": {"id": chat, "type": "private"},
            "text": ".",
        }
        return web.json_response({"ok": True, "result": message})

    def refusal(self, chat: int) -> dict[str, Any] | None:  # noqa: ARG002 - a limited one looks at it
        """Why a message to this chat is not taken now; this Telegram takes all."""
        return None

    async def post(self, session: aiohttp.ClientSession, hook: str, update: dict[str, Any]) -> None:
        """Deliver one update as Telegram would; a refusal is counted, not repeated."""
        self.posted[update["message"]["chat"]["id"]].append(time.monotonic())
        async with session.post(hook, data=json.dumps(update), headers=_HEADERS) as response:
            self.statuses[response.status] += 1

    async def post_all(self, hook: str, updates: Iterable[dict[str, Any]]) -> None:
        """Deliver as fast as they are taken, over as many connections as Telegram may open."""
        waiting = iter(updates)

        async def work(session: aiohttp.ClientSession) -> None:
            for update in waiting:
                await self.post(session, hook, update)

        connector = aiohttp.TCPConnector(limit=CONNECTIONS)
        async with aiohttp.ClientSession(connector=connector) as session:
            await asyncio.gather(*(work(session) for _ in range(CONNECTIONS)))

    async def replied(self, count: int, seconds: float) -> bool:
        """Whether that many replies came in time."""
        try:
            async with asyncio.timeout(seconds):
                while self.replies < count:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return False
        return True


def message(update_id: int, chat: int, text: str) -> dict[str, Any]:
    """An update with a text message of a private chat."""
    person = {"id": chat, "is_bot": False, "first_name": "Bench", "language_code": "vi"}
    return {
        "update_id": update_id,
        "message": {
            "message_id": update_id,
            "date": 1_790_000_000,
            "from": person,
            "chat": {"id": chat, "first_name": "Bench", "type": "private"},
            "text": text,
        },
    }
