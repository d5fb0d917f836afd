"""Pages for people: home, the chat, the tracking page; and the two questions a watchdog asks."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import aiohttp_jinja2
import structlog
from aiohttp import web

from core.errors import TemporarilyUnavailable
from core.say import say
from handlers import lookup
from handlers.runtime import Runtime
from web.answers import read_body
from web.limits import Limiter, visitor

ACCEPTED = (
    ".jpg,.jpeg,.png,.webp,.heic,.gif,.pdf,.doc,.docx,.xlsx,.txt,.md,.mp3,.m4a,.ogg,.wav,.mp4,.mov,.3gp,.webm"
)
log = structlog.get_logger()

_EVERYBODY = "*"
_SLOWED_SECONDS = 1.0
_READY_SECONDS = 2.0
_MAX_FORM = 4096


@dataclass
class Pages:
    """The server-rendered pages.

    Misses of the tracking page are counted per visitor, who must wait after ten, and in all: many of all
    visitors slow the next ones down and are logged, but lock nobody out. A code has 60 bits.
    """

    runtime: Runtime
    _misses: Limiter = field(default_factory=lambda: Limiter(10, 600))
    _all_misses: Limiter = field(default_factory=lambda: Limiter(300, 3600))
    _alarms: Limiter = field(default_factory=lambda: Limiter(1, 3600))

    def routes(self, *, with_home: bool) -> list[web.AbstractRouteDef]:
        """The pages; without home where the demo stands in its place."""
        return [
            *([web.get("/", self.home)] if with_home else []),
            web.get("/chat", self.chat),
            web.get("/tra-cuu", self.ask),
            web.post("/tra-cuu", self.find),
            web.get("/livez", self.alive),
            web.get("/readyz", self.ready),
            web.get("/healthz", self.ready),
        ]

    async def home(self, request: web.Request) -> web.StreamResponse:
        return self._page(request, "home.html")

    async def chat(self, request: web.Request) -> web.StreamResponse:
        return self._page(request, "chat.html", {"words": script_words(self.runtime), "accepted": ACCEPTED})

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """The tracking page with its empty form."""
        return self._page(request, "lookup.html")

    async def find(self, request: web.Request) -> web.StreamResponse:
        """The ticket behind the code, or the same sentence for a wrong and an expired one."""
        form = parse_qs((await read_body(request, _MAX_FORM)).decode(errors="replace"))
        code = form.get("ma", [""])[0][:100]
        who, now = visitor(request), time.monotonic()
        if self._misses.wait(who, now):
            return self._page(request, "lookup.html", {"problem": self._say("lookup_slow_down")}, status=429)
        service, moment = self.runtime.service, self.runtime.clock.now()
        with self._misses.counted(who, now):  # until it is found: tries side by side see each other
            found = await self.runtime.database.read(lambda tx: lookup.find(service, tx, code, moment))
        if found is None:
            await self._missed(now)
            return self._page(request, "lookup.html", {"problem": self._say("lookup_not_found")}, status=404)
        self._misses.take_back(who, now)
        return self._page(request, "lookup.html", {"found": found})

    async def _missed(self, now: float) -> None:
        """Count a miss among all; beyond their number it is answered slowly, and the log says so hourly."""
        is_many = bool(self._all_misses.wait(_EVERYBODY, now))
        self._all_misses.note(_EVERYBODY, now)
        if not is_many:
            return
        if not self._alarms.wait(_EVERYBODY, now):
            self._alarms.note(_EVERYBODY, now)
            log.warning("lookup_misses_many")
        await asyncio.sleep(_SLOWED_SECONDS)

    async def alive(self, request: web.Request) -> web.Response:  # noqa: ARG002 - aiohttp's shape
        """The process answers."""
        return web.Response(text="ok")

    async def ready(self, request: web.Request) -> web.Response:  # noqa: ARG002 - aiohttp's shape
        """The database answers too. Says no more than yes or no."""
        try:
            async with asyncio.timeout(_READY_SECONDS):
                await self.runtime.database.read(lambda tx: tx.organisation_id)
        except (TemporarilyUnavailable, TimeoutError):
            return web.Response(text="no", status=503)
        return web.Response(text="ok")

    def _say(self, key: str) -> str:
        return self.runtime.service.catalogue.body(say(key))

    def _page(
        self, request: web.Request, name: str, values: Mapping[str, Any] | None = None, *, status: int = 200
    ) -> web.StreamResponse:
        context = {"office": self.runtime.service.office, **(values or {})}
        return aiohttp_jinja2.render_template(name, request, context, status=status)


def script_words(runtime: Runtime) -> dict[str, str]:
    """The words the scripts of a page use, by their short names."""
    prefix = "web.script."
    labels = runtime.service.catalogue.labels
    return {key.removeprefix(prefix): word for key, word in labels.items() if key.startswith(prefix)}
