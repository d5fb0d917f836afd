"""The mailbox of the web chat over the database: stores what leaves, then wakes the pages that show it."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from core.channel import Outgoing
from handlers import uploads, webchat
from handlers.runtime import Runtime
from web.hub import Hub, Toast


@dataclass(frozen=True, slots=True)
class WebMailbox:
    """See `channels.webchat.Mailbox`. `uploads` is the folder of the files that pages handed over."""

    runtime: Runtime
    hub: Hub
    uploads: Path

    async def put(self, chat: str, key: str, message: Outgoing) -> str | None:
        """Store a message once per `key`; its id, None when there is no such chat."""
        now = self.runtime.clock.now()
        stored = await self.runtime.database.write(lambda tx: webchat.put(tx, chat, key, message, now))
        self.hub.wake(chat)
        return stored

    async def edit(self, chat: str, message_id: str, message: Outgoing) -> bool:
        """Replace a message; false when there is no such message."""
        edited = await self.runtime.database.write(lambda tx: webchat.edit(tx, chat, message_id, message))
        self.hub.wake(chat)
        return edited

    async def toast(self, reference: str, text: str) -> None:
        """Answer a press on the page that pressed, if it is still open."""
        chat, _, press = reference.partition("/")
        self.hub.toast(Toast(chat, press, text))

    async def fetch(self, reference: str) -> bytes | None:
        """The bytes of an upload, or None when it is gone."""
        path = await self.runtime.database.read(lambda tx: uploads.path_of(tx, reference))
        if path is None:
            return None
        try:
            return await asyncio.to_thread((self.uploads / path).read_bytes)
        except FileNotFoundError:
            return None
