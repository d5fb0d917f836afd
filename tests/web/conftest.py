"""The web application over a real database, behind real HTTP; only the use cases of a message are short."""

import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, FormData, web
from aiohttp.test_utils import TestClient, TestServer

from channels.webchat import WebchatSender
from core.channel import Address, Channel, Delivery, Inbound, Outgoing, SendKind
from core.errors import TemporarilyUnavailable
from handlers import webchat
from handlers.runtime import Clock, Runtime
from handlers.service import Service
from storage.database import Database
from web.app import build_app
from web.demo import Seed
from web.hub import Hub
from web.mailbox import WebMailbox

Client = TestClient[web.Request, web.Application]


@dataclass
class Page:
    """A page of the web chat as its scripts use it."""

    client: Client
    token: str
    chat: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def send(self, client_id: str = "message-1", **message: Any) -> ClientResponse:
        body = {"client_msg_id": client_id, **message}
        return await self.client.post("/chat/messages", json=body, headers=self.headers)

    async def upload(
        self, content: bytes, name: str = "anh.jpg", *, headers: Mapping[str, str] | None = None
    ) -> ClientResponse:
        form = FormData(quote_fields=False)
        form.add_field("file", io.BytesIO(content), filename=name, content_type="application/octet-stream")
        return await self.client.post("/chat/files", data=form, headers={**self.headers, **(headers or {})})

    async def events(self, since: dict[str, int] | None = None) -> "Events":
        body = {"tokens": [self.token], "since": since or {}}
        return Events(await self.client.post("/chat/events", json=body))


@dataclass
class Events:
    """An open event stream."""

    response: ClientResponse
    _rest: str = ""

    async def next(self, name: str) -> dict[str, Any]:
        """The next event of this name; others are passed over."""
        while True:
            part = await self._part()
            lines = dict(line.split(": ", 1) for line in part.split("\n") if not line.startswith(":"))
            if lines.get("event") == name:
                found: dict[str, Any] = json.loads(lines["data"])
                return found

    async def until_ready(self) -> list[dict[str, Any]]:
        """All messages of the history."""
        messages = []
        while True:
            part = await self._part()
            if part.startswith("event: message"):
                messages.append(json.loads(part.partition("data: ")[2]))
            if part.startswith("event: ready"):
                return messages

    async def _part(self) -> str:
        while "\n\n" not in self._rest:
            chunk = await self.response.content.readany()
            assert chunk, "the stream ended"
            self._rest += chunk.decode()
        part, _, self._rest = self._rest.partition("\n\n")
        return part

    def close(self) -> None:
        self.response.close()


@dataclass
class World:
    """The web side with what it stands on. `received` are the events that were handed on."""

    runtime: Runtime
    hub: Hub
    sender: WebchatSender
    uploads: Path
    received: list[tuple[Inbound, bytes]] = field(default_factory=list)
    is_down: bool = False
    client: Client = field(init=False)
    _serial: int = 0

    async def receive(self, inbound: Inbound, body: bytes) -> None:
        if self.is_down:
            raise TemporarilyUnavailable("locked")
        now = self.runtime.clock.now()
        await self.runtime.database.write(lambda tx: webchat.keep_own(tx, inbound, now))
        self.received.append((inbound, body))

    async def page(self) -> Page:
        answer = await self.client.post("/chat/identities")
        assert answer.status == 201
        made = await answer.json()
        return Page(self.client, made["token"], made["chat"])

    async def say(self, chat: str, message: Outgoing, key: str = "") -> str:
        """The service writes into a chat; the id of its message."""
        self._serial += 1
        sent = await self.sender.deliver(self._delivery(chat, key or f"out-{self._serial}", message))
        return sent.message_id

    async def edit(self, chat: str, message_id: str, message: Outgoing) -> None:
        delivery = Delivery(1, "e", Address(Channel.WEBCHAT, chat), SendKind.EDIT, message, message_id)
        await self.sender.deliver(delivery)

    def _delivery(self, chat: str, key: str, message: Outgoing) -> Delivery:
        return Delivery(1, key, Address(Channel.WEBCHAT, chat), SendKind.MESSAGE, message)


async def _broken(request: web.Request) -> web.Response:
    raise KeyError(request.query["name"])


Open = Callable[..., Awaitable[World]]


@pytest.fixture
async def open_world(database: Database, service: Service, tmp_path: Path) -> AsyncIterator[Open]:
    """Opens the web side; with `demo` also the demo page."""
    clients: list[Client] = []

    async def open_(demo: Seed | None = None) -> World:
        runtime, hub, uploads = Runtime(database, service, Clock()), Hub(), tmp_path / "uploads"
        world = World(runtime, hub, WebchatSender(WebMailbox(runtime, hub, uploads)), uploads)
        hooks = [web.get("/broken", _broken), web.get("/broken/{secret}", _broken)]
        app = build_app(runtime, hub=hub, receive=world.receive, uploads=uploads, hooks=hooks, demo=demo)
        world.client = TestClient(TestServer(app))
        await world.client.start_server()
        clients.append(world.client)
        return world

    yield open_
    for client in clients:
        await client.close()


@pytest.fixture
async def world(open_world: Open) -> World:
    return await open_world()
