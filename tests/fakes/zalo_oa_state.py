"""What the fake Zalo knows: the clock, the people, what is on their screens, uploads and templates."""

import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

APP_ID = "4001122334455667788"
OA_ID = "2990011223344556677"
APP_SECRET = "canary-app-secret-0123456789"
OA_SECRET = "canary-oa-secret-0123456789"
START = datetime(2026, 3, 10, 2, tzinfo=UTC)
"""Tuesday 10 March 2026, 09:00 in Viet Nam."""

UPLOAD_LIFE = timedelta(days=7)
FREE_WINDOW = timedelta(hours=48)
WINDOW = timedelta(days=7)

Json = dict[str, Any]


class ZaloError(Exception):
    """A refusal, which Zalo sends as HTTP 200 with `error` below zero."""

    def __init__(self, number: int, message: str = "refused") -> None:
        super().__init__(message)
        self.number = number
        self.message = message

    @property
    def body(self) -> Json:
        return {"error": self.number, "message": self.message}


@dataclass
class Citizen:
    """Somebody with Zalo. `last_interaction` is None for one who never turned to the account."""

    id: str
    name: str
    phone: str
    last_interaction: datetime | None = None
    is_follower: bool = False
    is_blocking: bool = False


@dataclass(frozen=True)
class Shown:
    """A message of the account on somebody's screen; `fee` in đồng."""

    id: str
    user: str
    message: Json
    sent_at: datetime
    fee: int = 0

    @property
    def text(self) -> str:
        payload = self.message.get("attachment", {}).get("payload", {})
        return str(self.message.get("text") or payload.get("text") or "")

    @property
    def buttons(self) -> list[Json]:
        return list(self.message.get("attachment", {}).get("payload", {}).get("buttons", []))


@dataclass(frozen=True)
class Stored:
    """An upload, good for seven days."""

    kind: str
    name: str
    content: bytes
    until: datetime


@dataclass(frozen=True)
class Template:
    """An approved template: the greatest length of each parameter, and whether it goes by user id."""

    params: dict[str, int]
    by_uid: bool = True
    status: str = "ENABLE"


@dataclass
class State:
    """Everything, with the knobs of the account. The clock stands still: tests move it by `passed`."""

    source: Callable[[], datetime] = lambda: START
    passed: timedelta = timedelta()
    citizens: dict[str, Citizen] = field(default_factory=dict)
    screens: dict[str, list[Shown]] = field(default_factory=lambda: defaultdict(list))
    history: list[Json] = field(default_factory=list)
    uploads: dict[str, Stored] = field(default_factory=dict)
    templates: dict[str, Template] = field(default_factory=dict)
    receipts: dict[str, datetime] = field(default_factory=dict)
    button_wrappers: set[str] = field(default_factory=lambda: {"plain"})
    takes_contact_cards: bool = True
    """Whether «request_user_info» is granted to this account."""
    oa_id_key: str = "oaid"
    _last: int = 0

    @property
    def now(self) -> datetime:
        return self.source() + self.passed

    def follow_clock(self, source: Callable[[], datetime]) -> None:
        """Live by another clock than its own."""
        self.source = source

    def clock(self) -> datetime:
        """The present moment, to be handed to what is tested."""
        return self.now

    def new_id(self, front: str = "m") -> str:
        """An id as long as Zalo's, the same in every run."""
        self._last += 1
        return hashlib.sha256(f"{front}{self._last}".encode()).hexdigest()[:20]

    def millis(self) -> str:
        return str(int(self.now.timestamp() * 1000))

    def citizen_by_phone(self, phone: str) -> Citizen | None:
        return next((each for each in self.citizens.values() if each.phone == phone), None)

    def remember(
        self, *, from_user: bool, user: str, kind: str, text: str, message_id: str, url: str = ""
    ) -> None:
        """One line of the conversation, as the history methods tell it, who name some kinds otherwise."""
        self.history.append(
            {
                "src": 1 if from_user else 0,
                "time": int(self.millis()),
                "type": {"image": "photo", "audio": "voice"}.get(kind, kind),
                "message": text,
                **({"url": url} if url else {}),
                "message_id": message_id,
                "from_id": user if from_user else OA_ID,
                "to_id": OA_ID if from_user else user,
            }
        )
