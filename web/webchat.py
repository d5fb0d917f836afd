"""The web chat's own API: identities, messages, files in both directions, and the event stream.

An answer 200 is given after the commit. A page that got none sends again with the same `client_msg_id`.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import web

from channels.webchat import BadMessage, envelope, parse, storable
from core.channel import Inbound, MediaRef
from core.errors import TemporarilyUnavailable
from handlers import uploads, webchat
from handlers.runtime import Runtime
from handlers.webchat import Identity
from web.answers import Refusal, bearer, read_json
from web.events import EventStreams
from web.hub import Hub
from web.limits import Limiter, visitor
from web.uploads import UploadFolder, announced_too_large, too_large

Receive = Callable[[Inbound, bytes], Awaitable[None]]
"""Stores and handles one event; returns after the commit. TemporarilyUnavailable: there was none."""

FILES_PER_HOUR = 30
FILES_PER_VISITOR = 200
"""An hour, from one network address: a new identity is free, and a whole village may share an address."""
_LONGEST_WAIT = 600.0
_SHOWN_AS_PICTURE = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_SANDBOX = "sandbox; default-src 'none'"


@dataclass
class WebChat:
    """The routes under /chat. `folder` keeps what pages hand over until the service has fetched it."""

    runtime: Runtime
    hub: Hub
    receive: Receive
    folder: UploadFolder
    _new: Limiter = field(default_factory=lambda: Limiter(30, 3600))
    _messages: Limiter = field(default_factory=lambda: Limiter(60, 60))
    _presses: Limiter = field(default_factory=lambda: Limiter(60, 60))
    _files: Limiter = field(default_factory=lambda: Limiter(FILES_PER_HOUR, 3600))
    _visitors_files: Limiter = field(default_factory=lambda: Limiter(FILES_PER_VISITOR, 3600))
    _told: Limiter = field(default_factory=lambda: Limiter(1, 60))

    def routes(self) -> list[web.AbstractRouteDef]:
        """What /chat answers, the page itself excepted."""
        return [
            web.post("/chat/identities", self.open_identity),
            web.post("/chat/messages", self.take_message),
            web.post("/chat/files", self.take_file, expect_handler=self._before_upload),
            web.get(r"/chat/files/{message:\d{1,18}}/{number:\d{1,3}}", self.give_file),
            web.post("/chat/events", EventStreams(self.runtime, self.hub).serve),
        ]

    async def open_identity(self, request: web.Request) -> web.Response:
        """A new identity; its token is given this once."""
        who = visitor(request)
        wait = self._new.wait(who, time.monotonic())
        if wait:
            raise Refusal(429, "web_too_many_pages", retry_after=wait)
        self._new.note(who, time.monotonic())
        now = self.runtime.clock.now()
        identity, token = await self.runtime.database.write(lambda tx: webchat.create_identity(tx, now))
        return web.json_response({"token": token, "chat": identity.chat}, status=201)

    async def tidy(self, _: web.Application | None = None) -> None:
        """Remove uploads that were fetched long ago: what became of them lies in the files."""
        now = self.runtime.clock.now()
        for path in await self.runtime.database.write(lambda tx: uploads.forget_old(tx, now)):
            await asyncio.to_thread(self.folder.drop, path)

    async def take_message(self, request: web.Request) -> web.Response:
        """Hand one message to the service."""
        identity = await self._identity(request)
        message = storable(await read_json(request))
        pace = self._presses if "press" in message else self._messages
        self._check_pace(pace, identity)
        with pace.counted(identity.chat, time.monotonic()):
            await self._hand_on(identity, message)
        return web.json_response({"ok": True})

    async def _hand_on(self, identity: Identity, message: Mapping[str, Any]) -> None:
        upload = await self._authorise(identity, message)
        body = envelope(message, identity=identity.chat, upload=upload, look=identity.look)
        try:
            inbound = parse(body)
        except BadMessage as error:
            raise Refusal(400, "web_bad_request") from error
        await self.receive(inbound, json.dumps(body, ensure_ascii=False, sort_keys=True).encode())
        self.hub.wake(inbound.chat.chat)

    async def take_file(self, request: web.Request) -> web.Response:
        """Keep a file until a message refers to it."""
        identity = await self._identity(request)
        who, at = visitor(request), time.monotonic()
        self._check_files(identity, who, at)
        with self._files.counted(identity.chat, at), self._visitors_files.counted(who, at):
            ref = await self._keep_file(request, identity)
        await self.tidy()
        return web.json_response({"ref": ref}, status=201)

    async def _keep_file(self, request: web.Request, identity: Identity) -> str:
        now = self.runtime.clock.now()
        upload = await self.folder.receive(request)
        try:
            return await self.runtime.database.write(lambda tx: uploads.keep(tx, identity, upload, now))
        except TemporarilyUnavailable:
            self.folder.drop(upload.path)
            raise

    def _check_files(self, identity: Identity, who: str, at: float) -> None:
        """Raises Refusal when this page, or all pages behind its address, handed over enough files."""
        if wait := self._files.wait(identity.chat, at):
            wait = min(wait, _LONGEST_WAIT)
            raise Refusal(429, "web_too_many_files", retry_after=wait, limit=FILES_PER_HOUR)
        if wait := self._visitors_files.wait(who, at):
            wait = min(wait, _LONGEST_WAIT)
            raise Refusal(429, "web_too_many_files_here", retry_after=wait, limit=FILES_PER_VISITOR)

    async def give_file(self, request: web.Request) -> web.StreamResponse:
        """A file the service sent to a chat the bearer may read; pictures to look at, the rest to save."""
        identity = await self._identity(request)
        message, number = request.match_info["message"], int(request.match_info["number"])
        file = await self.runtime.database.read(lambda tx: webchat.file_of(tx, identity, message, number))
        path = None if file is None else self._stored(file)
        if file is None or path is None or not await asyncio.to_thread(path.is_file):
            raise Refusal(404, "web_not_found")
        is_picture = file["mime"] in _SHOWN_AS_PICTURE
        shown = "inline" if is_picture else "attachment"
        response = web.FileResponse(path)
        is_known = is_picture or file["mime"].startswith("audio/")
        response.content_type = file["mime"] if is_known else "application/octet-stream"
        response.headers["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(file['name'], safe='')}"
        response.headers["Content-Security-Policy"] = _SANDBOX
        return response

    async def _identity(self, request: web.Request) -> Identity:
        token = bearer(request)
        identity = await self.runtime.database.read(lambda tx: webchat.identity_by_token(tx, token))
        if identity is None:
            raise Refusal(401, "web_unknown_page")
        return identity

    async def _authorise(self, identity: Identity, message: Mapping[str, Any]) -> MediaRef | None:
        """The file the message refers to. Raises Refusal for a chat or a file of somebody else."""
        chat, ref = message.get("chat") or identity.chat, message.get("file")
        chats = await self.runtime.database.read(lambda tx: webchat.chats_of(tx, identity))
        if chat not in chats:
            raise Refusal(404, "web_not_found")
        if ref is None:
            return None
        media = await self.runtime.database.read(lambda tx: uploads.media_of(tx, identity, str(ref)))
        if media is None:
            raise Refusal(400, "web_file_gone")
        return media

    def _check_pace(self, pace: Limiter, identity: Identity) -> None:
        """Raises Refusal when it goes too fast: said once a minute, the page keeps the message meanwhile."""
        now = time.monotonic()
        wait = pace.wait(identity.chat, now)
        if not wait:
            return
        if self._told.wait(identity.chat, now):
            raise Refusal(429, "", retry_after=wait)
        self._told.note(identity.chat, now)
        raise Refusal(429, "web_slow_down", retry_after=wait)

    def _stored(self, file: Mapping[str, Any]) -> Path | None:
        root = self.runtime.service.files.root.resolve()
        path = (root / file["path"]).resolve()
        return path if path.is_relative_to(root) else None

    async def _before_upload(self, request: web.Request) -> web.StreamResponse | None:
        """A client that asks first is told before it sends: `Expect: 100-continue`."""
        if announced_too_large(request):
            sentence = too_large().sentence(self.runtime.service.catalogue)
            return web.json_response({"error": sentence, "retry_after": 0}, status=413)
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return None
