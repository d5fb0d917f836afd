"""Telegram as `bench` plays it."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from aiohttp import web

from bench.network import Event, Network

TOKEN = "1:bench"  # noqa: S105 - opens nothing
SECRET = "bench-secret-of-at-least-32-bytes-long"  # noqa: S105 - loopback only
_HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}


class Telegram(Network):
    """The Bot API of one bot, which takes whatever is sent."""

    name: ClassVar[str] = "telegram"
    hook: ClassVar[str] = "/hook/telegram"

    @property
    def settings(self) -> Mapping[str, str]:
        return {
            "DANVAN_TELEGRAM__TOKEN": TOKEN,
            "DANVAN_TELEGRAM__BASE_URL": self.host,
            "DANVAN_TELEGRAM__MODE": "webhook",
            "DANVAN_TELEGRAM__SECRET": SECRET,
        }

    def message(self, number: int, chat: int, text: str) -> Event:
        person = {"id": chat, "is_bot": False, "first_name": "Bench", "language_code": "vi"}
        return {
            "update_id": number,
            "message": {
                "message_id": number,
                "date": 1_790_000_000,
                "from": person,
                "chat": {"id": chat, "first_name": "Bench", "type": "private"},
                "text": text,
            },
        }

    def chat_of(self, event: Event) -> int:
        return int(event["message"]["chat"]["id"])

    def wire(self, event: Event) -> tuple[bytes, Mapping[str, str]]:
        return json.dumps(event).encode(), _HEADERS

    async def answer(self, request: web.Request) -> web.Response:
        if not request.path.endswith("/sendMessage"):
            return web.json_response({"ok": True, "result": True})
        params = await (request.json() if request.content_type == "application/json" else request.post())
        chat = int(str(params["chat_id"]))
        refusal = self.refusal(chat)
        if refusal is not None:
            return web.json_response(refusal, status=int(refusal["error_code"]))
        self.took(chat)
        message = {
            "message_id": self.replies,
            "date": 1,
            "chat": {"id": chat, "type": "private"},
            "text": ".",
        }
        return web.json_response({"ok": True, "result": message})

    def refusal(self, chat: int) -> dict[str, Any] | None:  # noqa: ARG002 - a limited one looks at it
        """Why a message to this chat is not taken now; this Telegram takes all."""
        return None
