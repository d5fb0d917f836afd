"""The Zalo Bot Platform on loopback: people to act for, a webhook or polls, faults on order."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web

from tests.fakes.zalo_bot_state import MAX_TEXT, MOST_PEOPLE, Fault, Json, Switches, bad, good, wish_of

TOKEN = "1700000000000000001:canary-token-of-zalo-that-no-log-may-show"
PHOTO_READS = 3
"""The platform reads a photo more than once: one that answers only the first time arrives black."""
_AFTERWARDS = 1
"""So many of the reads come when it has already said that the photo was sent."""


@dataclass
class FakeZaloBot:
    """`sent`: what people see, per chat. `photos`: what the platform read for each photo that was sent.

    `site`: a public address, and where on loopback it is found. `outage`: every call meets it.
    `is_month_spent`: no message is taken; `is_revoked`: the token no longer counts.
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
    is_month_spent: bool = False
    is_revoked: bool = False
    _queue: "asyncio.Queue[Json]" = field(default_factory=asyncio.Queue)
    _held: list[Json] = field(default_factory=list)
    _people: set[str] = field(default_factory=set)
    _groups: set[str] = field(default_factory=set)
    _pollers: int = 0
    _count: int = 0

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/media/{name}", self._media)
        app.router.add_route("*", "/{path:.+}", self._answer)
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

    async def let_go(self) -> None:
        """Deliver what was held back."""
        held, self._held = self._held, []
        for update in held[::-1] if self.switches.is_reversed else held:
            await self._deliver(update)

    async def probe(self) -> int:
        """Ask the webhook whether anybody is there: no body, no secret; the status of its answer."""
        async with self._http.post(self.webhook, headers={"User-Agent": "Java/1.8.0_192"}) as response:
            return response.status

    def _keep(self, name: str, content: bytes) -> str:
        self._count += 1
        self.media[f"{self._count}-{name}"] = content
        return f"{self.host}/media/{self._count}-{name}"

    async def _happens(self, chat: str, event: str, content: Json, *, group: str = "") -> None:
        self._count += 1
        if (group or chat) not in self._people and len(self._people) >= MOST_PEOPLE:
            return  # the plan lets nobody more in
        self._people.add(group or chat)
        self._groups |= {group} if group else set()
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
            if self.switches.held:
                self._held.append(update)
            else:
                await self._deliver(update)

    async def _deliver(self, update: Json) -> None:
        if not self.webhook:
            if self._pollers or self.switches.keeps_offline:
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
        bot, _, method = request.path.removeprefix("/").partition("/")
        self.calls.append(method)
        fault = self.faults.popleft() if self.faults else self.outage
        if fault is not None:
            text = fault.body if isinstance(fault.body, str) else json.dumps(fault.body)
            return web.Response(status=fault.status, text=text)
        if bot != f"bot{self.token}" or self.is_revoked:
            return bad(401, "Unauthorized")
        answer = self._methods.get(method)
        return bad(404, "Not Found") if answer is None else await answer(await wish_of(request))

    @property
    def _methods(self) -> Mapping[str, Callable[[Json], Awaitable[web.Response]]]:
        """All that is documented but sendSticker, by names whose case counts."""
        return {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "getWebhookInfo": self._get_webhook,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "sendMessage": self._send_message,
            "sendPhoto": self._send_photo,
            "sendVoice": self._send_voice,
            "sendChatAction": self._send_chat_action,
        }

    async def _get_me(self, _: Json) -> web.Response:
        return good({"id": self.token.partition(":")[0], "account_name": "bot.suoimay"})

    async def _get_updates(self, wish: Json) -> web.Response:
        """The next update, which nobody gets again; who polls beside another takes what is the other's."""
        seconds = float(wish.get("timeout", "30"))
        if self.webhook and self.switches.refuses_beside_webhook:
            return bad(400, "Bad Request: webhook is set")
        if not self._queue.empty():
            return good(self._queue.get_nowait())
        self._pollers += 1
        try:
            return good(await asyncio.wait_for(self._queue.get(), seconds))
        except TimeoutError:
            return bad(408, "Request timeout")
        finally:
            self._pollers -= 1

    async def _get_webhook(self, _: Json) -> web.Response:
        return good({"url": self.webhook, "updated_at": 1}) if self.webhook else bad(404, "Not Found")

    async def _set_webhook(self, wish: Json) -> web.Response:
        """The address is kept even when nobody answers there."""
        url, secret = str(wish.get("url", "")), str(wish.get("secret_token", ""))
        if not url.startswith(("https://", "http://127.0.0.1")) or not 8 <= len(secret) <= 256:
            return bad(400, "Bad Request: webhook")
        self.webhook, self.secret = url, secret
        outcome = await self._tried() if self.switches.probes else "webhook.ok"
        verification = {"ok": outcome == "webhook.ok", "url": url, "outcome": outcome, "hint": ""}
        return good({"url": url, "updated_at": 1, "verification": verification})

    async def _tried(self) -> str:
        try:
            status = await self.probe()
        except aiohttp.ClientError:
            return "webhook.err.unreachable"
        return "webhook.ok" if status == 200 else f"webhook.http.{status}"

    async def _delete_webhook(self, _: Json) -> web.Response:
        if not self.webhook:
            return bad(400, "Bad Request: no webhook")
        self.webhook = ""
        return good({"url": "", "updated_at": 1})

    async def _send_message(self, wish: Json) -> web.Response:
        text = str(wish.get("text", ""))
        refusal = self._refusal(wish)
        if refusal is None and not 0 < len(text.encode("utf-16-le")) // 2 <= MAX_TEXT:
            refusal = bad(400, "Bad Request: text")
        return refusal or self._sent(wish, text)

    async def _send_photo(self, wish: Json) -> web.Response:
        refusal = self._refusal(wish)
        if refusal is not None:
            return refusal
        reads = [await self._size(wish["photo"]) for _ in range(PHOTO_READS - _AFTERWARDS)]
        self.photos.append(reads)
        answer = self._sent(wish, "[ảnh]")
        reads.extend([await self._size(wish["photo"]) for _ in range(_AFTERWARDS)])
        return answer

    async def _send_voice(self, wish: Json) -> web.Response:
        """To a group it is said to be sent, and nobody hears it."""
        refusal = self._refusal(wish)
        if refusal is None and not str(wish.get("voice_url", "")).endswith(".aac"):
            refusal = bad(400, "Bad Request: voice")
        shown = "" if wish.get("chat_id") in self._groups else "[ghi âm]"
        return refusal or self._sent(wish, shown)

    async def _send_chat_action(self, wish: Json) -> web.Response:
        return self._refusal(wish) or good()

    def _refusal(self, wish: Json) -> web.Response | None:
        if wish.get("chat_id") not in self._people:
            return bad(400, "Bad Request: chat not found")
        if self.is_month_spent:
            return bad(429, "Quota exceeded", status=200 if self.switches.spent_is_good_http else 429)
        return None

    def _sent(self, wish: Json, shown: str) -> web.Response:
        if shown:
            self.sent.setdefault(wish["chat_id"], []).append(shown)
        self._count += 1
        return good({"message_id": f"s{self._count:019x}", "date": 1_790_000_000_000 + self._count})

    async def _size(self, url: str) -> int:
        public, here = self.site
        async with self._http.get(url.replace(public, here, 1) if public else url) as response:
            return len(await response.read()) if response.status == 200 else 0
