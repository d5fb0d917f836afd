"""What people wrote to an Official Account, read from its history: for messages that no webhook brought.

Documents show the shapes of a line only in part, so every field is read where it may stand.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from channels.zalo_oa_account import ZaloOaAccount

Json = Mapping[str, Any]

_RECENT, _CONVERSATION = "/v2.0/oa/listrecentchat", "/v2.0/oa/conversation"
_PAGE = 10
"""The most that one call gives."""
_MOST_PAGES = 30
"""Pages of the list of chats."""
_MOST_PAGES_OF_ONE = 10
_REST_SECONDS = 0.25
"""Between two calls: nobody is kept waiting by this, and the account's limit is shared with the sender."""
_FROM_PERSON = "1"
_KINDS = {
    "photo": "image",
    "image": "image",
    "gif": "gif",
    "voice": "audio",
    "audio": "audio",
    "video": "video",
    "file": "file",
    "link": "link",
    "location": "location",
}


@dataclass(frozen=True, slots=True)
class Found:
    """What people wrote, as events of a webhook, the oldest first, each with its milliseconds.

    `newest`: the time of the newest line seen, 0 for none. `is_whole`: no page was left unread.
    """

    events: tuple[tuple[int, Json], ...]
    newest: int
    is_whole: bool


class History:
    """The history of one account. `pause` waits some seconds."""

    def __init__(
        self, account: ZaloOaAccount, *, oa_id: str, pause: Callable[[float], Awaitable[None]]
    ) -> None:
        self._account = account
        self._oa_id = oa_id
        self._pause = pause

    async def since(self, moment: int) -> Found:
        """Everything since `moment`, milliseconds of Zalo's clock. Raises the errors of `core.channel`."""
        chats, is_whole = await self._lines(_RECENT, {}, moment, _MOST_PAGES)
        newest = max((_time(line) for line in chats), default=0)
        written: list[Json] = []
        for person in dict.fromkeys(_person(line) for line in chats):
            lines, is_read = await self._lines(_CONVERSATION, {"user_id": person}, moment, _MOST_PAGES_OF_ONE)
            written += reversed(lines)
            is_whole = is_whole and is_read
        theirs = sorted((line for line in written if _is_theirs(line)), key=_time)
        events = tuple((_time(line), as_event(line, oa_id=self._oa_id)) for line in theirs)
        return Found(events, newest, is_whole)

    async def _lines(self, path: str, of: Json, moment: int, most_pages: int) -> tuple[list[Json], bool]:
        """Lines since `moment`, the newest first, and whether these are all."""
        found: list[Json] = []
        for page in range(most_pages):
            answer = await self._account.call(
                "GET", path, data={**of, "offset": page * _PAGE, "count": _PAGE}
            )
            await self._pause(_REST_SECONDS)
            lines = _lines_of(answer)
            new = [line for line in lines if _time(line) >= moment]
            found += new
            if len(new) < _PAGE:
                return found, True
        return found, False


def as_event(line: Json, *, oa_id: str) -> dict[str, Any]:
    """A line of a person in the shape in which a webhook would have brought it."""
    kind = str(line.get("type") or "").lower()
    text = line.get("message")
    message: dict[str, Any] = {"msg_id": line.get("message_id")}
    if isinstance(text, str) and text:
        message["text"] = text
    payload = _payload(kind, line)
    if payload:
        message["attachments"] = [{"type": _KINDS[kind], "payload": payload}]
    name = kind if kind == "text" else _KINDS.get(kind, "sticker")
    return {
        "event_name": f"user_send_{name}",
        "sender": {"id": line.get("from_id")},
        "recipient": {"id": oa_id},
        "message": message,
        "timestamp": str(line.get("time")),
    }


def _payload(kind: str, line: Json) -> dict[str, Any]:
    if kind == "location":
        place = line.get("location") or line.get("message")
        found = _object(place)
        return {"coordinates": found} if found else {}
    if kind not in _KINDS:
        return {}
    links = line.get("links")
    of_links = links[0] if isinstance(links, list) and links and isinstance(links[0], dict) else {}
    url = line.get("url") or of_links.get("url") or line.get("thumb")
    name = line.get("name") or line.get("description")
    return {"url": url, "name": name, "size": line.get("size")} if url else {}


def _object(value: Any) -> dict[str, Any]:
    """An object, also one that is written as a string."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, dict) else {}


def _lines_of(answer: Json) -> list[Json]:
    found = answer.get("data")
    return [line for line in found if isinstance(line, dict)] if isinstance(found, list) else []


def _is_theirs(line: Json) -> bool:
    return str(line.get("src")) == _FROM_PERSON


def _person(line: Json) -> str:
    return str(line.get("from_id") if _is_theirs(line) else line.get("to_id"))


def _time(line: Json) -> int:
    """Milliseconds since 1970; 0 where none can be read."""
    text = str(line.get("time"))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 15 else 0
