"""A whole town on loopback: the real service, a Bot API server beside it, and people with phones.

Time stands still unless a test moves it; waiting means moving the service's clock, never the test.
"""

import asyncio
import io
import json
import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from PIL import Image
from pydantic import SecretStr

from bot.app import App, running
from bot.settings import Mode, Send, Settings, TelegramSettings, ZaloBotSettings, ZaloOaSettings
from core.channel import Channel
from core.people import Role
from handlers import invites
from handlers.invariants import check
from handlers.runtime import Clock
from storage.database import Database
from storage.keys import Keys
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.fakes.telegram_chats import Json, Person
from tests.fakes.zalo_bot import FakeZaloBot
from tests.fakes.zalo_oa import FakeZaloOa
from tests.fakes.zalo_oa_state import APP_ID as OA_APP_ID
from tests.fakes.zalo_oa_state import APP_SECRET as OA_APP_SECRET
from tests.fakes.zalo_oa_state import OA_ID, OA_SECRET
from tests.fakes.zalo_oa_state import Citizen as OaCitizen

HOOK_SECRET = "hook-secret-of-the-test-town-0123456789"
SECRET_KEY = "k" * 43
_SOON = timedelta(seconds=10)
_CHOICE = re.compile(r"^(\d+)\. (.+)$", re.MULTILINE)


@dataclass
class StillClock(Clock):
    """The service's clock as a test holds it: it goes only when it is moved."""

    start: datetime = field(kw_only=True)

    def now(self) -> datetime:
        return self.start + self.offset


class Phone(ABC):
    """One person's private chat, on whatever network. Every act returns the new words on the screen."""

    def __init__(self, town: "Town") -> None:
        self.town = town
        self.seen: dict[str, str] = {}

    @abstractmethod
    async def send(self, text: str) -> None: ...

    @abstractmethod
    async def push(self, label: str) -> None: ...

    @abstractmethod
    async def show(self, content: bytes, album: str = "") -> None: ...

    @abstractmethod
    async def pin(self, latitude: float, longitude: float) -> None: ...

    @abstractmethod
    async def sticker(self) -> None: ...

    @abstractmethod
    async def screen(self) -> list[tuple[str, str]]:
        """Messages of the service, oldest first: id and words with the labels of their buttons."""

    async def write(self, text: str) -> str:
        await self.send(text)
        return await self.read()

    async def press(self, label: str) -> str:
        await self.push(label)
        return await self.read()

    async def photo(self, content: bytes | None = None) -> str:
        await self.show(content or picture())
        return await self.read()

    async def reply(self, text: str, under: str) -> str:
        """Write in reply to our lowest message with these words; in a private chat no reply is needed."""
        return await self.write(text)

    async def choose(self, label: str) -> str:
        """Take a choice by what the network offers for it: here its button."""
        return await self.press(label)

    async def read(self) -> str:
        """What is new or changed since the last look, once everything due has been sent."""
        await self.town.settle()
        screen = await self.screen()
        new = [words for key, words in screen if self.seen.get(key) != words]
        self.seen = dict(screen)
        return "\n---\n".join(new)


class WebPhone(Phone):
    """The web chat as the page speaks it. `room`: act in the desk's room instead of the private chat."""

    def __init__(self, town: "Town", token: str, chat: str) -> None:
        super().__init__(town)
        self.token = token
        self.chat = chat
        self._count = 0

    async def send(self, text: str) -> None:
        await self.post({"text": text})

    async def reply(self, text: str, under: str) -> str:
        messages = reversed(await self.messages())
        answered = next(message["id"] for message in messages if under in message["text"])
        await self.post({"text": text, "reply_to": answered})
        return await self.read()

    async def push(self, label: str) -> None:
        for message in reversed(await self.messages()):
            for row in message["buttons"]:
                for button in row:
                    if button["label"] == label:
                        await self.post({"press": button["payload"], "message_id": message["id"]})
                        return
        raise AssertionError(f"no button «{label}» on the screen")

    async def show(self, content: bytes, album: str = "") -> None:
        await self.post({"file": await self.upload("anh.jpg", content), "text": album})

    async def pin(self, latitude: float, longitude: float) -> None:
        await self.post({"location": {"latitude": latitude, "longitude": longitude}})

    async def sticker(self) -> None:
        await self.post({})

    async def upload(self, name: str, content: bytes) -> str:
        form = aiohttp.FormData()
        form.add_field("file", content, filename=name)
        async with self.town.http.post(
            f"{self.town.app.url}/chat/files", data=form, headers=self._headers
        ) as response:
            assert response.status == 201, await response.text()
            return str((await response.json())["ref"])

    async def post(self, message: dict[str, Any], *, client_id: str = "", expect: int = 200) -> None:
        self._count += 1
        body = {"client_msg_id": client_id or f"test-{self._count:06}", "chat": self.chat, **message}
        url = f"{self.town.app.url}/chat/messages"
        async with self.town.http.post(url, json=body, headers=self._headers) as response:
            assert response.status == expect, await response.text()

    async def screen(self) -> list[tuple[str, str]]:
        return [
            (str(message["id"]), _with_buttons(message["text"], _web_labels(message)))
            for message in await self.messages()
        ]

    async def messages(self) -> list[dict[str, Any]]:
        """The service's messages in this chat, as the event stream gives them."""
        found: dict[int, dict[str, Any]] = {}
        since = 0
        while True:
            batch = await self._batch(since)
            for message in batch:
                found[message["id"]] = message
                since = max(since, message["seq"])
            if not batch:
                break
        shown = sorted(found.values(), key=lambda message: int(message["id"]))
        return [message for message in shown if message["from"] == "service"]

    async def _batch(self, since: int) -> list[dict[str, Any]]:
        body = {"tokens": [self.token], "since": {self.chat: since}}
        received = b""
        async with self.town.http.post(f"{self.town.app.url}/chat/events", json=body) as response:
            while not received.endswith(b"\n\n"):
                received += await response.content.readany()
        events = [_event_data(part) for part in received.decode().split("\n\n")]
        own = (event for event in events if event.get("chat") == self.chat)
        return [event for event in own if "text" in event and "seq" in event]

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


class TelegramPhone(Phone):
    """A person on Telegram; `chat` is their private chat or a group."""

    def __init__(self, town: "Town", person: Person, chat: int) -> None:
        super().__init__(town)
        self.person = person
        self.chat = chat

    async def send(self, text: str) -> None:
        self.town.telegram.people.write(self.person, text, chat=self.chat)

    async def reply(self, text: str, under: str) -> str:
        people = self.town.telegram.people
        answered = next(
            message["message_id"]
            for message in reversed(people.screen(self.chat))
            if under in _words(message)
        )
        people.write(self.person, text, chat=self.chat, reply_to=answered)
        return await self.read()

    async def push(self, label: str) -> None:
        for message in reversed(self.town.telegram.people.screen(self.chat)):
            if label in _labels(message):
                self.town.telegram.people.press(self.person, message, label)
                return
        raise AssertionError(f"no button «{label}» on the screen")

    async def show(self, content: bytes, album: str = "") -> None:
        self.town.telegram.people.send_photo(self.person, content, album=album, chat=self.chat)

    async def pin(self, latitude: float, longitude: float) -> None:
        self.town.telegram.people.send_location(self.person, latitude, longitude)

    async def sticker(self) -> None:
        self.town.telegram.people.send_sticker(self.person)

    async def screen(self) -> list[tuple[str, str]]:
        return [
            (str(message["message_id"]), _with_buttons(_words(message), _labels(message)))
            for message in self.town.telegram.people.screen(self.chat)
        ]


class ZaloBotPhone(Phone):
    """A person on Zalo, writing to the bot: no buttons, so a label is typed."""

    def __init__(self, town: "Town", chat: str) -> None:
        super().__init__(town)
        self.chat = chat

    async def send(self, text: str) -> None:
        await self.town.zalo_bot.says(self.chat, text)

    async def push(self, label: str) -> None:
        await self.send(label)

    async def choose(self, label: str) -> str:
        return await self.write(await _number_of(self, label) or label)

    async def show(self, content: bytes, album: str = "") -> None:
        await self.town.zalo_bot.shows(self.chat, content, album)

    async def pin(self, latitude: float, longitude: float) -> None:
        await self.town.zalo_bot.shares_what_is_not_passed_on(self.chat)

    async def sticker(self) -> None:
        await self.town.zalo_bot.sticks(self.chat)

    async def screen(self) -> list[tuple[str, str]]:
        return [(str(number), text) for number, text in enumerate(self.town.zalo_bot.sent.get(self.chat, []))]


class ZaloOaPhone(Phone):
    """A person on Zalo, writing to the Official Account: up to five buttons, which come back as texts."""

    def __init__(self, town: "Town", who: OaCitizen) -> None:
        super().__init__(town)
        self.who = who

    async def send(self, text: str) -> None:
        self.town.zalo_oa.people.say(self.who, text)

    async def push(self, label: str) -> None:
        for shown in reversed(self.town.zalo_oa.screen(self.who)):
            for button in shown.buttons:
                if button["title"] == label:
                    self.town.zalo_oa.people.say(self.who, button["payload"])
                    return
        await self.send(label)  # a sixth choice has no button

    async def choose(self, label: str) -> str:
        """By its number or its words, as somebody does who sees no buttons."""
        return await self.write(await _number_of(self, label) or label)

    async def show(self, content: bytes, album: str = "") -> None:
        self.town.zalo_oa.people.show(self.who, content, text=album)

    async def pin(self, latitude: float, longitude: float) -> None:
        self.town.zalo_oa.people.locate(self.who, latitude, longitude)

    async def sticker(self) -> None:
        self.town.zalo_oa.people.send_sticker(self.who)

    async def screen(self) -> list[tuple[str, str]]:
        return [
            (shown.id, _with_buttons(shown.text, [button["title"] for button in shown.buttons]))
            for shown in self.town.zalo_oa.screen(self.who)
        ]


@dataclass
class Town:
    """The service and everybody around it."""

    app: App
    telegram: FakeTelegram
    zalo_bot: FakeZaloBot
    zalo_oa: FakeZaloOa
    http: aiohttp.ClientSession
    clock: StillClock
    keys: Keys

    async def settle(self) -> None:
        """Until every event is taken and everything due within seconds is sent."""
        while True:
            await self.telegram.updates.delivered()
            await self.zalo_oa.events.delivered()
            soon = await self.app.drain.settle_all()
            events = self.zalo_oa.events
            if self.telegram.updates.pending or (events.pending and not events.is_disabled):
                continue
            if soon is None or soon - self.clock.now() > _SOON:
                return
            self.clock.move(max(soon - self.clock.now(), timedelta()))

    async def wait(self, time: timedelta) -> None:
        """Move the clock, let everything happen that falls due, and send it."""
        await self.settle()
        self.clock.move(time)
        await self.app.tick()
        await self.settle()

    async def citizen(self, channel: Channel, name: str = "Bảy") -> Phone:
        if channel is Channel.TELEGRAM:
            person = self.telegram.people.person(name)
            return TelegramPhone(self, person, person.id)
        if channel is Channel.ZALO_BOT:
            return ZaloBotPhone(self, self.zalo_bot.person())
        if channel is Channel.ZALO_OA:
            return ZaloOaPhone(self, self.zalo_oa.people.stranger(name))
        return await self.web_phone()

    async def web_phone(self) -> WebPhone:
        async with self.http.post(f"{self.app.url}/chat/identities") as response:
            assert response.status == 201
            identity = await response.json()
        return WebPhone(self, identity["token"], identity["chat"])

    async def officer(self, name: str, unit: str, role: Role, channel: Channel) -> Phone:
        """Somebody who works here, bound to a phone by a one-time code."""
        now = self.clock.now()
        code = await self.app.runtime.database.write(
            lambda tx: invites.invite_officer(tx, self.keys, name=name, unit=unit, role=role, now=now)
        )
        phone = await self.citizen(channel, name)
        said = await phone.write(f"/start {code}")
        assert name in said, said
        return phone

    async def desk(self, channel: Channel) -> tuple[Phone, Phone]:
        """The desk's officer: the private phone and the same person in the desk's room."""
        private = await self.officer("Tống Thị Hiên", "Văn phòng HĐND và UBND", Role.DESK, channel)
        return private, await self.room(private)

    async def room(self, private: Phone) -> Phone:
        """The desk's room, as this officer of the desk sees it."""
        if isinstance(private, WebPhone):
            return WebPhone(self, private.token, "room:desk")
        assert isinstance(private, TelegramPhone)
        group = self.telegram.people.group("Bộ phận tiếp công dân")
        code = await self.app.runtime.database.write(
            lambda tx: invites.invite_room(tx, self.keys, self.clock.now())
        )
        room = TelegramPhone(self, private.person, group)
        await room.write(f"/ketnoi {code}")
        return room

    async def violations(self) -> list[str]:
        """What `danvan check` would find now."""
        service, now = self.app.runtime.service, self.clock.now()
        report = await self.app.runtime.database.read(lambda tx: check(service, tx, now))
        return [f"{finding.code} {finding.what} {finding.rows}" for finding in report.findings]


OPEN: dict[str, Database] = {}
"""Databases that many tests use one after the other, by URL; what they have compiled need not be anew."""


@asynccontextmanager
async def town(
    database_url: str,
    folder: Path,
    now: datetime,
    *,
    token: str = TOKEN,
    template_result: str = "",
    public_url: str = "http://127.0.0.1:8080",
    voice_copies: bool = False,
) -> AsyncIterator[Town]:
    """A town with nobody in it yet; leaving it fails when an invariant is broken."""
    async with (
        FakeTelegram(token) as telegram,
        FakeZaloBot() as zalo_bot,
        FakeZaloOa() as zalo_oa,
        aiohttp.ClientSession() as http,
    ):
        settings = Settings(
            _env_file=None,
            database_url=database_url,
            secret_key=SecretStr(SECRET_KEY),
            data_dir=folder,
            public_url=public_url,
            voice_copies=voice_copies,
            port=0,
            send=Send.LIVE,
            telegram=TelegramSettings(
                token=SecretStr(telegram.token),
                base_url=telegram.host,
                mode=Mode.WEBHOOK,
                secret=SecretStr(HOOK_SECRET),
            ),
            zalo_oa=ZaloOaSettings(
                app_id=OA_APP_ID,
                app_secret=SecretStr(OA_APP_SECRET),
                oa_secret=SecretStr(OA_SECRET),
                oa_id=OA_ID,
                template_result=template_result,
                refresh_token=SecretStr(zalo_oa.oauth.refresh),
                base_url=zalo_oa.host,
                oauth_url=zalo_oa.host,
                zns_url=zalo_oa.host,
            ),
            zalo_bot=ZaloBotSettings(
                token=SecretStr(zalo_bot.token),
                base_url=zalo_bot.host,
                mode=Mode.WEBHOOK,
                secret=SecretStr(HOOK_SECRET),
            ),
        )
        clock = StillClock(start=now)
        zalo_oa.state.follow_clock(clock.now)
        shared = OPEN.get(database_url)
        async with running(settings, clock=clock, database=shared) as app:
            await _set_webhook(http, telegram, app)
            zalo_bot.webhook, zalo_bot.secret = f"{app.url}/hook/zalo-bot", HOOK_SECRET
            zalo_bot.site = (settings.public_url, app.url)
            zalo_oa.events.deliver_to(f"{app.url}/hook/zalo-oa")
            place = Town(app, telegram, zalo_bot, zalo_oa, http, clock, Keys(SECRET_KEY.encode()))
            yield place
            await place.settle()
            assert await place.violations() == []
        if shared is not None:
            await _settled(shared)


async def _settled(database: Database) -> None:
    """Until everything that was to be written is: each chat belongs to one of a few writers."""
    database.on_queued = lambda: None
    await asyncio.gather(*(database.write(lambda _: None, chat=str(number)) for number in range(32)))
    await database.write(lambda _: None)


async def _set_webhook(http: aiohttp.ClientSession, telegram: FakeTelegram, app: App) -> None:
    wish = {"url": f"{app.url}/hook/telegram", "secret_token": HOOK_SECRET}
    async with http.post(f"{telegram.host}/bot{telegram.token}/setWebhook", json=wish) as response:
        assert response.status == 200


def _event_data(part: str) -> dict[str, Any]:
    data = [line.removeprefix("data: ") for line in part.splitlines() if line.startswith("data: ")]
    found: dict[str, Any] = json.loads(data[0]) if data else {}
    return found


def picture(size: tuple[int, int] = (64, 48)) -> bytes:
    """A photo with a place in its camera data."""
    image = Image.new("RGB", size, "orange")
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010F] = "canary-camera"
    target = io.BytesIO()
    image.save(target, "JPEG", exif=exif)
    return target.getvalue()


def _words(message: Json) -> str:
    return str(message.get("text") or message.get("caption") or "")


def _labels(message: Json) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def _web_labels(message: dict[str, Any]) -> list[str]:
    return [button["label"] for row in message["buttons"] for button in row]


async def _number_of(phone: Phone, label: str) -> str:
    """The number before this choice in the lowest message that offers any; empty when it is not there."""
    for _, words in reversed(await phone.screen()):
        offered = dict(_CHOICE.findall(words))
        if offered:
            return next((number for number, choice in offered.items() if choice == label), "")
    return ""


def _with_buttons(words: str, labels: list[str]) -> str:
    return f"{words}\n[{' | '.join(labels)}]" if labels else words
