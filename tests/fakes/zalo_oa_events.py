"""Events on their way to the webhook: signed over the exact bytes, retried, then switched off."""

import asyncio
import hashlib
import json
from dataclasses import dataclass

import aiohttp

from tests.fakes.telegram_updates import BETWEEN_DELIVERIES, Bell
from tests.fakes.zalo_oa_state import APP_ID, OA_ID, OA_SECRET, Json

RETRIES = 5
ANSWER_SECONDS = 2.0


@dataclass(frozen=True)
class SignedEvent:
    """The bytes of one event and the header that signs them."""

    body: bytes
    signature: str


def sign(body: bytes, timestamp: str, *, front: str = APP_ID, secret: str = OA_SECRET) -> str:
    """The hex digest Zalo sends; `front` is the id that stands before the body."""
    return hashlib.sha256(front.encode() + body + timestamp.encode() + secret.encode()).hexdigest()


class Events:
    """Delivers events in order; the ladder of retries runs without waiting.

    Knobs: `is_bare` leaves "mac=" out, `signs_with_oa_id`, `escapes` writes ASCII only, `extra` adds unknown
    fields, `copies` sends every event so many times, `is_reversed` sends what waits newest first.
    """

    def __init__(self, bell: Bell) -> None:
        self._bell = bell
        self.webhook = ""
        self.is_disabled = False
        self.emitted: list[Json] = []
        self.pending: list[Json] = []
        self.statuses: list[int] = []
        self.retries: list[str] = []
        self.is_bare = False
        self.signs_with_oa_id = False
        self.escapes = False
        self.extra: Json = {}
        self.copies = 1
        self.is_reversed = False
        self._delivery: asyncio.Task[None] | None = None

    def emit(self, event: Json) -> None:
        """Something happened; it waits for a webhook."""
        event = event | self.extra
        self.emitted.append(event)
        self.pending += [event] * self.copies
        self._bell.ring()

    def named(self, name: str) -> list[Json]:
        """What happened under this name."""
        return [event for event in self.emitted if event["event_name"] == name]

    def signed(self, event: Json) -> SignedEvent:
        """The event as it goes over the wire."""
        body = json.dumps(event, ensure_ascii=self.escapes, separators=(",", ":")).encode()
        front = OA_ID if self.signs_with_oa_id else APP_ID
        digest = sign(body, str(event["timestamp"]), front=front)
        return SignedEvent(body, digest if self.is_bare else f"mac={digest}")

    def deliver_to(self, webhook: str) -> None:
        """Hand events in there from now on, those that wait first."""
        self.webhook = webhook
        self.is_disabled = False
        if self._delivery is None:
            self._delivery = asyncio.create_task(self._deliver())
        self._bell.ring()

    async def delivered(self) -> None:
        """Return once every event was taken or the webhook was switched off."""
        await self._bell.until(lambda: not self.pending or self.is_disabled)

    async def close(self) -> None:
        if self._delivery is not None:
            self._delivery.cancel()
            await asyncio.gather(self._delivery, return_exceptions=True)

    async def _deliver(self) -> None:
        async with aiohttp.ClientSession() as session:
            while True:
                await self._bell.until(lambda: bool(self.pending) and not self.is_disabled)
                event = self.pending[-1 if self.is_reversed else 0]
                if await self._is_taken(session, event):
                    self.pending.remove(event)
                else:
                    self.is_disabled = True
                self._bell.ring()

    async def _is_taken(self, session: aiohttp.ClientSession, event: Json) -> bool:
        """Once, then five times with the same body and the number of the retry."""
        for number in range(RETRIES + 1):
            signed = self.signed(event)
            headers = {"X-ZEvent-Signature": signed.signature, "Content-Type": "application/json"}
            if number:
                await asyncio.sleep(BETWEEN_DELIVERIES)
                headers["num_retry"] = str(number)
                self.retries.append(headers["num_retry"])
            if await self._post(session, signed.body, headers):
                return True
        return False

    async def _post(self, session: aiohttp.ClientSession, body: bytes, headers: dict[str, str]) -> bool:
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        try:
            async with session.post(self.webhook, data=body, headers=headers, timeout=timeout) as response:
                self.statuses.append(response.status)
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False
