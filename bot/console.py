"""A page of the web chat in the terminal: it speaks to a running service exactly as a browser does."""

import asyncio
import json
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from core.errors import RuleError


@dataclass
class Console:
    """`url`: where the service listens; `kept`: the file that makes the next talk go on with this identity.

    `quiet_seconds`: after the last line, so long without an answer and the talk is over. Longer than the two
    seconds after which a burst of messages is answered.
    """

    url: str
    kept: Path
    show: Callable[[str], None]
    quiet_seconds: float = 4.0
    _token: str = ""
    _chat: str = ""
    _seen: dict[int, str] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def talk(self, lines: AsyncIterator[str]) -> None:
        """Send each line and show what comes, until the lines end and it has been quiet for a while.

        Raises RuleError("console_no_service") when nobody answers there.
        """
        try:
            async with aiohttp.ClientSession() as session:
                await self._introduce(session)
                listening = asyncio.create_task(self._listen(session))
                try:
                    async for line in lines:
                        if line.strip():
                            await self._send(session, line.strip())
                    await self._until_quiet()
                finally:
                    listening.cancel()
                    await asyncio.gather(listening, return_exceptions=True)
        except aiohttp.ClientError as error:
            raise RuleError("console_no_service", url=self.url) from error

    async def _introduce(self, session: aiohttp.ClientSession) -> None:
        """As whoever talked here last, else as somebody new."""
        if self.kept.exists() and await self._is_known(session):
            return
        async with session.post(f"{self.url}/chat/identities") as response:
            response.raise_for_status()
            made = await response.json()
        self._token, self._chat = made["token"], made["chat"]
        self.kept.parent.mkdir(parents=True, exist_ok=True)
        self.kept.write_text(json.dumps(made), encoding="utf-8")

    async def _is_known(self, session: aiohttp.ClientSession) -> bool:
        """Whether the service knows the kept identity; if so, what it said before counts as seen."""
        kept = json.loads(self.kept.read_text(encoding="utf-8"))
        self._token, self._chat = kept["token"], kept["chat"]
        async with aclosing(self._events(session)) as events:
            async for event, data in events:
                if event == "who" and data["identities"] == [None]:
                    return False
                if event == "message":
                    self._seen[data["id"]] = data["text"]
                if event == "ready":
                    return True
        return False

    async def _send(self, session: aiohttp.ClientSession, text: str) -> None:
        message = {"client_msg_id": secrets.token_hex(8), "chat": self._chat, "text": text}
        headers = {"Authorization": f"Bearer {self._token}"}
        async with session.post(f"{self.url}/chat/messages", json=message, headers=headers) as response:
            if response.status != 200:
                self.show((await response.json())["error"])
        self._news.set()

    async def _listen(self, session: aiohttp.ClientSession) -> None:
        async for event, data in self._events(session):
            if event == "message" and data["from"] == "service" and data["chat"] == self._chat:
                self._tell(data)

    def _tell(self, message: dict[str, Any]) -> None:
        """What is new, or has changed since it was shown."""
        if self._seen.get(message["id"]) != message["text"]:
            self._seen[message["id"]] = message["text"]
            files = "".join(f"\n[{file['name']}]" for file in message["files"])
            self.show(f"{message['text']}{files}\n")
            self._news.set()

    async def _until_quiet(self) -> None:
        while True:
            self._news.clear()
            try:
                async with asyncio.timeout(self.quiet_seconds):
                    await self._news.wait()
            except TimeoutError:
                return

    async def _events(self, session: aiohttp.ClientSession) -> AsyncGenerator[tuple[str, dict[str, Any]]]:
        """The page's event stream; a heartbeat has no name and is passed over."""
        wanted = {"tokens": [self._token], "since": {}}
        name = ""
        # The stream stays open for as long as the talk: no limit in time.
        endless = aiohttp.ClientTimeout(total=None, sock_read=None)
        async with session.post(f"{self.url}/chat/events", json=wanted, timeout=endless) as response:
            response.raise_for_status()
            async for raw in response.content:
                line = raw.decode().rstrip("\n")
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    yield name, json.loads(line.removeprefix("data: "))
