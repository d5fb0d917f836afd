"""Updates on their way to the bot: kept until confirmed by the next poll, or until the webhook says 2xx."""

import asyncio
import json
import re
from collections.abc import Callable

import aiohttp

from tests.fakes.telegram_chats import ApiError, Call, Json, bad_request

# Everything else has to be asked for by name.
DEFAULT_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
BETWEEN_DELIVERIES = 0.01


class Bell:
    """Wakes whoever waits for something to become true."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Return once it holds; looked at after every ring."""
        while not holds():
            await self._event.wait()


class Updates:
    """The queue of one bot. `check` sees every update before it is queued."""

    def __init__(self, check: Callable[[Json], None], bell: Bell) -> None:
        self._check = check
        self._bell = bell
        self.pending: list[Json] = []
        self.webhook = ""
        self.secret = ""
        self.max_connections = 40
        self.allowed: tuple[str, ...] = DEFAULT_UPDATES
        self.statuses: list[int] = []
        self._last_id = 10_000
        self.polls = 0
        self._delivery: asyncio.Task[None] | None = None

    def emit(self, kind: str, content: Json) -> None:
        """Queue an update, unless its kind was not asked for."""
        if kind not in self.allowed:
            return
        self._last_id += 1
        # Through JSON: what is on its way no longer changes with the message.
        update = json.loads(json.dumps({"update_id": self._last_id, kind: content}))
        self._check(update)
        self.pending.append(update)
        self._bell.ring()

    async def poll(self, call: Call) -> list[Json]:
        """getUpdates: waits for the first update; one poll at a time, none beside a webhook."""
        if self.webhook:
            raise ApiError(
                409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first"
            )
        self._allow(call)
        if offset := call.number("offset"):
            self.pending = [update for update in self.pending if update["update_id"] >= offset]
        self.polls += 1
        mine = self.polls
        self._bell.ring()
        try:
            async with asyncio.timeout(call.number("timeout")):
                await self._bell.until(lambda: bool(self.pending) or mine != self.polls)
        except TimeoutError:
            return []
        if mine != self.polls:
            raise ApiError(409, "Conflict: terminated by other getUpdates request")
        return self.pending[: call.number("limit") or 100]

    def configure(self, call: Call) -> bool:
        """setWebhook and deleteWebhook. Plain http is let pass: the test's server is on loopback."""
        secret = str(call.params.get("secret_token", ""))
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise bad_request("secret token contains unallowed characters")
        self.max_connections = call.number("max_connections") or 40
        self._allow(call)
        self.deliver_to(str(call.params.get("url", "")), secret)
        return True

    def deliver_to(self, webhook: str, secret: str) -> None:
        """Hand updates in there from now on; nowhere when the address is empty."""
        self.webhook = webhook
        self.secret = secret
        if self._delivery is not None:
            self._delivery.cancel()
        self._delivery = asyncio.create_task(self._deliver()) if webhook else None

    def info(self) -> Json:
        return {
            "url": self.webhook,
            "has_custom_certificate": False,
            "pending_update_count": len(self.pending),
            "allowed_updates": list(self.allowed),
            "max_connections": self.max_connections,
        }

    async def delivered(self) -> None:
        """Return once every update was taken."""
        await self._bell.until(lambda: not self.pending)

    async def close(self) -> None:
        """Give up what is under way."""
        self.polls += 1
        self._bell.ring()
        if self._delivery is not None:
            self._delivery.cancel()
            await asyncio.gather(self._delivery, return_exceptions=True)

    async def _deliver(self) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        async with aiohttp.ClientSession(headers=headers) as session:
            while True:
                await self._bell.until(lambda: bool(self.pending))
                await self._deliver_one(session, self.pending[0])

    async def _deliver_one(self, session: aiohttp.ClientSession, update: Json) -> None:
        try:
            async with session.post(self.webhook, json=update) as response:
                self.statuses.append(response.status)
                taken = response.ok
        except aiohttp.ClientError:
            taken = False
        if taken:
            self.pending.remove(update)
        self._bell.ring()
        if not taken:
            await asyncio.sleep(BETWEEN_DELIVERIES)

    def _allow(self, call: Call) -> None:
        kinds = call.data("allowed_updates")
        if kinds:
            self.allowed = tuple(kinds)
