"""Both ends of a chat network in one process: posts events to a webhook, takes the replies, times them."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, ClassVar, Self

import aiohttp
from aiohttp import web

CONNECTIONS = 64
Event = dict[str, Any]


@dataclass
class Network(ABC):
    """`posted` holds moments of the monotonic clock by chat, in order. `hook`: where events are taken."""

    name: ClassVar[str]
    hook: ClassVar[str]

    posted: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    latencies: list[float] = field(default_factory=list)
    replies: int = 0
    statuses: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    host: str = ""
    _runner: web.AppRunner | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    @abstractmethod
    def settings(self) -> Mapping[str, str]:
        """What danvan is told of this network."""

    @abstractmethod
    def message(self, number: int, chat: int, text: str) -> Event:
        """An event with a text of a private chat; `number` is its own."""

    @abstractmethod
    def chat_of(self, event: Event) -> int:
        """Whose event it is."""

    @abstractmethod
    def wire(self, event: Event) -> tuple[bytes, Mapping[str, str]]:
        """The bytes and headers of a delivery."""

    @abstractmethod
    async def answer(self, request: web.Request) -> web.Response:
        """The answer to a call; a message that was taken is counted by `took`."""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", self.answer)
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

    def took(self, chat: int) -> None:
        """A reply to this chat was taken."""
        self.replies += 1
        if self.posted[chat]:
            self.latencies.append(time.monotonic() - self.posted[chat].popleft())
        self._news.set()

    async def post(self, session: aiohttp.ClientSession, hook: str, event: Event) -> None:
        """Deliver one event as the network would; a refusal is counted, not repeated."""
        body, headers = self.wire(event)
        self.posted[self.chat_of(event)].append(time.monotonic())
        async with session.post(hook, data=body, headers=headers) as response:
            self.statuses[response.status] += 1

    async def post_all(self, hook: str, events: Iterable[Event]) -> None:
        """Deliver as fast as they are taken, over many connections."""
        waiting = iter(events)

        async def work(session: aiohttp.ClientSession) -> None:
            for event in waiting:
                await self.post(session, hook, event)

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
