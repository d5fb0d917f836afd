"""The event stream of a page: one connection for all its identities, read by fetch, resumed by `seq`."""

import asyncio
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from core.channel import Channel
from core.errors import TemporarilyUnavailable
from handlers import people, webchat
from handlers.runtime import Runtime
from handlers.webchat import FIRST_PAGE, Identity, WebMessage
from storage.transaction import Transaction
from web.answers import Refusal, read_json
from web.hub import Hub, Subscription
from web.limits import visitor

HEARTBEAT_SECONDS = 15.0
MAX_TOKENS = 8
MAX_STREAMS_PER_VISITOR = 40
_WRITE_SECONDS = 20.0

Since = dict[str, int]


@dataclass(frozen=True, slots=True)
class _News:
    """What one look into the database found: who the tokens are, their chats, and the changes."""

    who: list[dict[str, Any] | None]
    chats: frozenset[str]
    messages: list[tuple[Identity, WebMessage]]


@dataclass
class EventStreams:
    """Serves POST /chat/events."""

    runtime: Runtime
    hub: Hub
    _open: Counter[str] = field(default_factory=Counter)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Who the tokens are, what changed after `since`, «ready», then whatever comes, until it breaks."""
        tokens, since = _wanted(await read_json(request))
        who = visitor(request)
        if who and self._open[who] >= MAX_STREAMS_PER_VISITOR:
            raise Refusal(429, "web_too_many_pages", retry_after=30)
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
        )
        self._open[who] += 1
        try:
            await response.prepare(request)
            await _Stream(self.runtime, self.hub, response, tokens, since).run()
        except (ConnectionError, TimeoutError, TemporarilyUnavailable):
            return response  # the page opens a new one and goes on from its last `seq`
        finally:
            self._open[who] -= 1
            if not self._open[who]:
                del self._open[who]
        return response


@dataclass
class _Stream:
    """One open stream: what it has told so far."""

    runtime: Runtime
    hub: Hub
    response: web.StreamResponse
    tokens: Sequence[str]
    since: Since
    told: list[dict[str, Any] | None] = field(default_factory=list)
    is_ready: bool = False

    async def run(self) -> None:
        """Write until the page or the service goes away."""
        news = await self._look()
        with self.hub.subscribe(news.chats) as subscription:
            while not self.hub.is_closed:
                news = await self._look()
                subscription.chats = news.chats
                is_complete = len(news.messages) < FIRST_PAGE
                await self._write(self._told_now(news, is_complete) + _toasts(subscription))
                if is_complete:
                    await subscription.wait(HEARTBEAT_SECONDS)

    async def _look(self) -> _News:
        room = self.runtime.service.catalogue.label("web.room")
        return await self.runtime.database.read(lambda tx: _look(tx, self.tokens, self.since, room))

    def _told_now(self, news: _News, is_complete: bool) -> list[str]:
        parts = [] if news.who == self.told else [_event("who", {"identities": news.who})]
        self.told = news.who
        for owner, message in news.messages:
            parts.append(_event("message", _shown(owner, message)))
            self.since[message.chat] = max(self.since.get(message.chat, 0), message.seq)
        if is_complete and not self.is_ready:
            self.is_ready = True
            parts.append(_event("ready", {}))
        return parts

    async def _write(self, parts: list[str]) -> None:
        """Write the parts, or a heartbeat when there are none."""
        async with asyncio.timeout(_WRITE_SECONDS):
            await self.response.write("".join(parts or [": \n\n"]).encode())


def _wanted(body: Mapping[str, Any]) -> tuple[list[str], Since]:
    tokens, since = body.get("tokens"), body.get("since", {})
    if not isinstance(tokens, list) or not 1 <= len(tokens) <= MAX_TOKENS or not isinstance(since, dict):
        raise Refusal(400, "web_bad_request")
    if not all(isinstance(token, str) for token in tokens):
        raise Refusal(400, "web_bad_request")
    if not all(isinstance(seq, int) and 0 <= seq < 2**62 for seq in since.values()):
        raise Refusal(400, "web_bad_request")
    return tokens, dict(since)


def _look(tx: Transaction, tokens: Sequence[str], since: Since, room_title: str) -> _News:
    who: list[dict[str, Any] | None] = []
    chats: set[str] = set()
    messages: list[tuple[Identity, WebMessage]] = []
    for token in tokens:
        identity = webchat.identity_by_token(tx, token)
        who.append(None if identity is None else _describe(tx, identity, room_title))
        if identity is not None:
            chats.update(webchat.chats_of(tx, identity))
            messages += [(identity, message) for message in webchat.messages_since(tx, identity, since)]
    return _News(who, frozenset(chats), messages)


def _describe(tx: Transaction, identity: Identity, room_title: str) -> dict[str, Any]:
    officer = people.officer_of(tx, Channel.WEBCHAT, identity.chat)
    unit = people.unit_by_id(tx, officer.unit_id) if officer else None
    return {
        "chat": identity.chat,
        "name": officer.name if officer else identity.label,
        "unit": unit.name if unit else "",
        "look": identity.look,
        "rooms": [{"chat": room, "title": room_title} for room in webchat.rooms_of(tx, identity)],
    }


def _shown(owner: Identity, message: WebMessage) -> dict[str, Any]:
    """A message as its reader's page gets it: no path of a file, nobody else's account."""
    payload = message.payload
    is_mine = message.sender == owner.chat
    return {
        "to": owner.chat,
        "chat": message.chat,
        "id": message.id,
        "seq": message.seq,
        "from": "service" if not message.sender else "me" if is_mine else "other",
        "name": payload.get("name", ""),
        "client_msg_id": message.client_id if is_mine else "",
        "at": message.at.isoformat(),
        "text": payload.get("text", ""),
        "buttons": payload.get("buttons", []),
        "files": [{"name": file["name"], "kind": file["kind"]} for file in payload.get("files", [])],
        "location": payload.get("location"),
        "ask_location": payload.get("ask_location", False),
        "ask_contact": payload.get("ask_contact", False),
        "pressed": payload.get("pressed", False),
        "edited": payload.get("edited", False),
        "forgotten": payload.get("forgotten", False),
    }


def _toasts(subscription: Subscription) -> list[str]:
    parts: list[str] = []
    while subscription.toasts:
        toast = subscription.toasts.popleft()
        parts.append(_event("toast", {"to": toast.chat, "client_msg_id": toast.press, "text": toast.text}))
    return parts


def _event(name: str, data: Mapping[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
