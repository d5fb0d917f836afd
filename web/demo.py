"""The demo: four people of a sample commune side by side, on the real endpoints, and a clock that moves.

These routes exist only in `danvan demo`, which listens on loopback.
"""

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

import aiohttp_jinja2
from aiohttp import web

from channels.look_sender import Worn
from core.channel import Address, Channel
from handlers import demo, look_switch, looks, webchat
from handlers.runtime import Runtime
from handlers.service import Service
from storage.transaction import Transaction
from web.answers import Refusal, read_json
from web.hub import Hub
from web.pages import ACCEPTED, script_words

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


@dataclass(frozen=True, slots=True)
class DemoPhone:
    """One person of the demo. `role`: citizen, desk, officer or leader; `token` opens their web chat.

    `looks`: the networks in whose manner the phone can be shown; a desk with a room has none of Zalo's.
    """

    role: str
    title: str
    token: str
    looks: tuple[Channel, ...]


Seed = Callable[[Service, Transaction, datetime], tuple[DemoPhone, ...]]
"""Makes the sample people and their identities, or finds them again; asked whenever the page is loaded."""


@dataclass(frozen=True, slots=True)
class DemoWardrobe:
    """See `channels.look_sender.Wardrobe`."""

    runtime: Runtime

    async def worn_in(self, chat: Address) -> Worn:
        """How a chat of the demo is shown now."""
        now = self.runtime.clock.now()
        return await self.runtime.database.read(
            lambda tx: Worn(looks.look_of(tx, chat), looks.is_closed(tx, chat, now))
        )


@dataclass
class Demo:
    """The routes of the demo page."""

    runtime: Runtime
    seed: Seed
    hub: Hub
    _moving: asyncio.Lock = field(default_factory=asyncio.Lock)

    def routes(self) -> list[web.AbstractRouteDef]:
        """The page and what it asks for."""
        return [
            web.get("/", self.page),
            web.get("/demo/identities", self.identities),
            web.get("/demo/clock", self.clock),
            web.post("/demo/clock", self.move),
            web.get("/demo/outbox", self.outbox),
            web.post("/demo/looks", self.dress),
        ]

    async def page(self, request: web.Request) -> web.StreamResponse:
        context = {
            "office": self.runtime.service.office,
            "words": script_words(self.runtime) | self._names(),
            "accepted": ACCEPTED,
        }
        return aiohttp_jinja2.render_template("demo.html", request, context)

    async def identities(self, request: web.Request) -> web.Response:
        """Who holds the phones, with their tokens."""
        _check_host(request)
        service, now = self.runtime.service, self.runtime.clock.now()
        phones = await self.runtime.database.write(lambda tx: self.seed(service, tx, now))
        return web.json_response({"phones": [asdict(phone) for phone in phones]})

    async def dress(self, request: web.Request) -> web.Response:
        """Show the phone of one person in the manner of another network, or of our own again."""
        _check_host(request)
        wish = await read_json(request)
        service, now = self.runtime.service, self.runtime.clock.now()

        def switch(tx: Transaction) -> str:
            phones = {phone.role: phone for phone in self.seed(service, tx, now)}
            phone = phones.get(str(wish.get("role")))
            if phone is None or wish.get("look") not in phone.looks:
                raise Refusal(400, "web_bad_request")
            identity = webchat.identity_by_token(tx, phone.token)
            assert identity is not None
            chat = Address(Channel.WEBCHAT, identity.chat)
            look_switch.switch(service, tx, chat, Channel(wish["look"]), now)
            return identity.chat

        self.hub.wake(await self.runtime.database.write(switch))
        return web.json_response({"look": wish["look"]})

    def _names(self) -> dict[str, str]:
        """What the looks and the keys of Telegram's big keyboard are called."""
        label = self.runtime.service.catalogue.label
        keys = {"key_location": label("button.location"), "key_contact": label("button.contact")}
        about = {f"about_{look}": label(f"look_about.{look}") for look in Channel}
        return keys | about | {f"look_{look}": label(f"look.{look}") for look in Channel}

    async def clock(self, request: web.Request) -> web.Response:
        """The present moment of the service."""
        _check_host(request)
        return self._clock()

    async def move(self, request: web.Request) -> web.Response:
        """Move the clock forward and let everything happen that falls due on the way."""
        _check_host(request)
        wish = (await read_json(request)).get("to")
        async with self._moving:
            now = self.runtime.clock.now()
            target = await self._target(wish, now)
            for stop in demo.mornings_until(self.runtime.service, now, target) if target else ():
                await self._move_to(stop)
        return self._clock(moved=target is not None)

    async def _move_to(self, moment: datetime) -> None:
        clock = self.runtime.clock
        clock.move(max(moment - clock.now(), timedelta()))
        offset = clock.offset
        await self.runtime.database.write(lambda tx: demo.remember_offset(tx, offset))
        await self.runtime.tick()

    async def outbox(self, request: web.Request) -> web.Response:
        """Who was written to, newest first."""
        _check_host(request)
        service = self.runtime.service
        rows = await self.runtime.database.read(lambda tx: demo.recent_sendings(service, tx))
        return web.json_response(
            {"sendings": [asdict(row) | {"at": row.at.isoformat()} for row in rows]},
        )

    async def _target(self, wish: object, now: datetime) -> datetime | None:
        service = self.runtime.service
        match wish:
            case "hour":
                return now + timedelta(hours=1)
            case "morning":
                return demo.next_morning(service, now)
            case "deadline":
                return await self.runtime.database.read(lambda tx: demo.next_deadline(service, tx, now))
            case _:
                raise Refusal(400, "web_bad_request")

    def _clock(self, *, moved: bool = True) -> web.Response:
        return web.json_response({"now": self.runtime.clock.now().isoformat(), "moved": moved})


def _check_host(request: web.Request) -> None:
    """Only under a loopback name: a foreign name that resolves here would let a foreign page read along."""
    name = request.host if request.host.endswith("]") else request.host.rpartition(":")[0] or request.host
    if name not in _LOOPBACK:
        raise Refusal(403, "web_forbidden")
