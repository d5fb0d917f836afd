"""The Zalo Bot Platform over a bad wire: answers that get lost or cut off, files that moved."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from enum import Enum, auto

from aiohttp import web

from tests.fakes.zalo_bot import FakeZaloBot


class Break(Enum):
    """What becomes of an answer whose call took effect."""

    LOST = auto()
    CUT = auto()
    STALLED = auto()


GONE = (Break.LOST, Break.CUT)
"""Breaks after which no whole answer comes."""


@dataclass
class ZaloBotOnABadWire(FakeZaloBot):
    """`breaks`: what becomes of the next answers, one each. `media_moved_to`: where files send whoever asks,
    `calls_moved_to`: the same for calls.

    `polled` is set once somebody asked for updates, `stalled` once an answer is held back until `go_on` is.
    """

    breaks: deque[Break] = field(default_factory=deque)
    media_moved_to: str = ""
    calls_moved_to: str = ""
    polled: asyncio.Event = field(default_factory=asyncio.Event)
    stalled: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def _answer(self, request: web.Request) -> web.Response:
        if request.path.endswith("/getUpdates"):
            self.polled.set()
        if self.calls_moved_to:
            return web.Response(status=307, headers={"Location": self.calls_moved_to})
        answer = await super()._answer(request)
        if not self.breaks:
            return answer
        broken = self.breaks.popleft()
        if broken is Break.STALLED:
            self.stalled.set()
            await self.go_on.wait()
            return answer
        assert request.transport is not None
        if broken is Break.CUT:
            assert isinstance(answer.body, bytes)
            cut = web.StreamResponse()
            cut.content_length = len(answer.body)
            await cut.prepare(request)
            await cut.write(answer.body[:-1])
        request.transport.abort()
        return web.Response()

    async def _media(self, request: web.Request) -> web.Response:
        if self.media_moved_to:
            return web.Response(status=302, headers={"Location": self.media_moved_to})
        return await super()._media(request)
