"""The Zalo Bot Platform on loopback: people to act for, a webhook or polls, faults on order."""

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

Json = dict[str, Any]
TOKEN = "1700000000000000001:canary-token-of-zalo-that-no-log-may-show"
MAX_TEXT = 2000
PHOTO_READS = 3
"""The platform reads a photo more than once: one that answers only the first time arrives black."""


@dataclass(frozen=True)
class Fault:
    """What the next call meets instead of its answer."""

    status: int = 200
    body: Json | str = ""


@dataclass
class Switches:
    """Where documents and captures differ."""

    wrapped: bool = False
    photo_field: str = "photo_url"
    twice: bool = False


@dataclass
class FakeZaloBot:
    """`sent`: what people see, per chat. `photos`: what the platform read for each photo that was sent.

    `site`: a public address, and where on loopback it is found. `outage`: every call meets it.
    """

    token: str = TOKEN
    switches: Switches = field(default_factory=Switches)
    sent: dict[str, list[str]] = field(default_factory=dict)
    photos: list[list[int]] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)
    outage: Fault | None = None
    calls: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    webhook: str = ""
    secret: str = ""
    media: dict[str, bytes] = field(default_factory=dict)
    host: str = ""
    site: tuple[str, str] = ("", "")
    _queue: "asyncio.Queue[Json]" = field(default_factory=asyncio.Queue)
    _people: set[str] = field(default_factory=set)
    _count: int = 0

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", f"/bot{self.token}/{{method}}", self._answer)
        app.router.add_get("/media/{name}", self._media)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.host = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._http = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.close()
        await self._runner.cleanup()

    # --- people -----------------------------------------------------------------------------------------

    def person(self) -> str:
        """The chat of somebody new, who has yet to write."""
        self._count += 1
        return f"{self._count:020x}"

    async def says(self, chat: str, text: str, *, group: str = "") -> None:
        await self._happens(chat, "message.text.received", {"text": text}, group=group)

    async def shows(self, chat: str, content: bytes, caption: str = "") -> None:
        words = {"caption": caption} if caption else {}
        field_name = self.switches.photo_field
        await self._happens(
            chat, "message.image.received", {field_name: self._keep("a.jpg", content), **words}
        )

    async def speaks(self, chat: str, content: bytes) -> None:
        await self._happens(chat, "message.voice.received", {"voice_url": self._keep("a.aac", content)})

    async def sticks(self, chat: str) -> None:
        await self._happens(chat, "message.sticker.received", {"sticker": "0e078a2cd66a3f34667b"})

    async def shares_what_is_not_passed_on(self, chat: str) -> None:
        await self._happens(chat, "message.unsupported.received", {})

    def _keep(self, name: str, content: bytes) -> str:
        self._count += 1
        self.media[f"{self._count}-{name}"] = content
        return f"{self.host}/media/{self._count}-{name}"

    async def _happens(self, chat: str, event: str, content: Json, *, group: str = "") -> None:
        self._count += 1
        self._people.add(group or chat)
        message = {
            "date": 1_790_000_000_000 + self._count,
            "chat": {"chat_type": "GROUP" if group else "PRIVATE", "id": group or chat},
            "message_id": f"m{self._count:019x}",
            "from": {"id": chat, "is_bot": False, "display_name": "Người dùng Zalo"},
            **content,
        }
        update: Json = {"event_name": event, "message": message}
        update = {"ok": True, "result": update} if self.switches.wrapped else update
        for _ in range(2 if self.switches.twice else 1):
            await self._deliver(update)

    async def _deliver(self, update: Json) -> None:
        if not self.webhook:
            self._queue.put_nowait(update)
            return
        headers = {"X-Bot-Api-Secret-Token": self.secret, "User-Agent": "Java/1.8.0_192"}
        async with self._http.post(self.webhook, json=update, headers=headers) as response:
            self.statuses.append(response.status)

    # --- the platform -----------------------------------------------------------------------------------

    async def _media(self, request: web.Request) -> web.Response:
        content = self.media.get(request.match_info["name"])
        return web.Response(status=404) if content is None else web.Response(body=content)

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.calls.append(method)
        fault = self.faults.popleft() if self.faults else self.outage
        if fault is not None:
            text = fault.body if isinstance(fault.body, str) else json.dumps(fault.body)
            return web.Response(status=fault.status, text=text)
        wish = await request.json() if request.can_read_body else {}
        match method:
            case "getMe":
                return _good({"id": self.token.partition(":")[0], "account_name": "bot.suoimay"})
            case "getUpdates":
                return await self._poll(float(wish.get("timeout", "30")))
            case "getWebhookInfo":
                return _good({"url": self.webhook}) if self.webhook else _bad(404, "Not Found")
            case "setWebhook":
                self.webhook, self.secret = wish["url"], wish["secret_token"]
                return _good({"url": self.webhook})
            case "deleteWebhook":
                self.webhook = ""
                return _good({"url": ""})
            case "sendMessage" | "sendPhoto":
                return await self._send(method, wish)
            case _:
                return _bad(404, "Not Found")

    async def _poll(self, seconds: float) -> web.Response:
        try:
            return _good(await asyncio.wait_for(self._queue.get(), seconds))
        except TimeoutError:
            return _bad(408, "Request timeout")

    async def _send(self, method: str, wish: Json) -> web.Response:
        chat, text = wish["chat_id"], wish.get("text", "")
        if chat not in self._people:
            return _bad(400, "Bad Request: chat not found")
        if method == "sendMessage" and not 0 < len(text.encode("utf-16-le")) // 2 <= MAX_TEXT:
            return _bad(400, "Bad Request: text")
        if method == "sendPhoto":
            self.photos.append([await self._size(wish["photo"]) for _ in range(PHOTO_READS)])
            text = "[ảnh]"
        self.sent.setdefault(chat, []).append(text)
        self._count += 1
        return _good({"message_id": f"s{self._count:019x}", "date": 1_790_000_000_000 + self._count})

    async def _size(self, url: str) -> int:
        public, here = self.site
        async with self._http.get(url.replace(public, here, 1) if public else url) as response:
            return len(await response.read()) if response.status == 200 else 0


def _good(result: Json) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _bad(code: int, words: str) -> web.Response:
    return web.json_response({"ok": False, "error_code": code, "description": words}, status=code)
