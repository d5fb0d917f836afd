"""An Official Account of Zalo as `bench` plays it: signed events, tokens, messages."""

import hashlib
import json
from collections.abc import Mapping
from typing import ClassVar

from aiohttp import web

from bench.network import Event, Network

APP_ID = "4001122334455667788"
OA_ID = "2990011223344556677"
OA_SECRET = "bench-secret-of-the-account"  # noqa: S105 - loopback only
SEND = "/v3.0/oa/message/cs"
_APP_SECRET = "bench-secret-of-the-app"  # noqa: S105 - loopback only
_OAUTH = "/v4/oa/access_token"


class ZaloOa(Network):
    """The OpenAPI of one account, which takes whatever is sent."""

    name: ClassVar[str] = "zalo-oa"
    hook: ClassVar[str] = "/hook/zalo-oa"

    @property
    def settings(self) -> Mapping[str, str]:
        hosts = dict.fromkeys(("BASE_URL", "OAUTH_URL", "ZNS_URL"), self.host)
        own = {"APP_ID": APP_ID, "APP_SECRET": _APP_SECRET, "OA_ID": OA_ID, "OA_SECRET": OA_SECRET}
        return {
            f"DANVAN_ZALO_OA__{name}": value
            for name, value in {**own, **hosts, "REFRESH_TOKEN": "bench-refresh"}.items()
        }

    def message(self, number: int, chat: int, text: str) -> Event:
        return {
            "app_id": APP_ID,
            "sender": {"id": str(chat)},
            "recipient": {"id": OA_ID},
            "user_id_by_app": str(chat),
            "event_name": "user_send_text",
            "message": {"msg_id": f"bench{number}", "text": text},
            "timestamp": str(1_790_000_000_000 + number),
        }

    def chat_of(self, event: Event) -> int:
        return int(event["sender"]["id"])

    def wire(self, event: Event) -> tuple[bytes, Mapping[str, str]]:
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        signed = signature(body, event["timestamp"])
        return body, {"X-ZEvent-Signature": f"mac={signed}", "Content-Type": "application/json"}

    async def answer(self, request: web.Request) -> web.Response:
        if request.path == _OAUTH:
            pair = {"access_token": "bench-access", "refresh_token": "bench-refresh", "expires_in": "90000"}
            return web.json_response(pair)
        if request.path != SEND:
            return web.json_response({"error": 0, "message": "Success", "data": {}})
        wish = await request.json()
        self.took(int(wish["recipient"]["user_id"]))
        data = {"message_id": f"reply{self.replies}", "user_id": wish["recipient"]["user_id"]}
        return web.json_response({"error": 0, "message": "Success", "data": data})


def signature(body: bytes, timestamp: str) -> str:
    """What Zalo signs an event with."""
    return hashlib.sha256(APP_ID.encode() + body + timestamp.encode() + OA_SECRET.encode()).hexdigest()
