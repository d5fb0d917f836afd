"""The token endpoint: pairs that rotate, refusals in Zalo's own shape, a crash on order."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import web

from tests.fakes.zalo_oa_state import APP_ID, APP_SECRET, Json, State, ZaloError

LIFETIME_SECONDS = 90_000


@dataclass
class Oauth:
    """`codes` maps a code of a consent to its challenge. A refresh token works once.

    `crashes`: so many answers are lost after the pair was rotated. `with_error`: whether a refusal holds the
    numeric `error`. `busy`: so many requests meet the rate limit.
    """

    state: State
    access: str = "canary-access-token-0"
    refresh: str = "canary-refresh-token-0"
    ends_at: datetime = field(init=False)
    codes: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    refreshes: int = 0
    requests: int = 0
    crashes: int = 0
    busy: int = 0
    pages: int = 0
    with_error: bool = True
    before_answer: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.ends_at = self.state.now + timedelta(seconds=LIFETIME_SECONDS)

    def check(self, token: str | None) -> None:
        """Raises ZaloError for a token that does not work."""
        if token != self.access:
            raise ZaloError(-216, "Access token is invalid")
        if self.state.now >= self.ends_at:
            raise ZaloError(-220, "Access token has expired")

    def consent(self, code: str, challenge: str) -> None:
        """An administrator has agreed: `code` may be exchanged once."""
        self.codes[code] = challenge

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.requests += 1
        self.before_answer()
        if request.content_type != "application/x-www-form-urlencoded":
            return self._refusal("Invalid content type", -14001)
        if request.headers.get("secret_key") != APP_SECRET:
            return self._refusal("Invalid secret key", -14004)
        form = {name: str(value) for name, value in (await request.post()).items()}
        if self.pages:
            self.pages -= 1
            return web.Response(status=502, text=f"<html>{form} cannot be had</html>")
        if self.busy:
            self.busy -= 1
            return self._refusal("Too many requests", -32)
        if form.get("app_id") != APP_ID or not self._is_granted(form):
            return self._refusal("Invalid refresh token", -14014)
        self._rotate()
        if self.crashes:
            self.crashes -= 1
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        return web.json_response(
            {
                "access_token": self.access,
                "refresh_token": self.refresh,
                "expires_in": str(LIFETIME_SECONDS),
            }
        )

    def _is_granted(self, form: dict[str, str]) -> bool:
        if form.get("grant_type") == "refresh_token":
            return form.get("refresh_token") == self.refresh
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        return self.codes.pop(form.get("code", ""), None) == challenge

    def _rotate(self) -> None:
        """A new pair; the old one is dead at once."""
        self.used.add(self.refresh)
        self.refreshes += 1
        self.access = f"canary-access-token-{self.refreshes}"
        self.refresh = f"canary-refresh-token-{self.refreshes}"
        self.ends_at = self.state.now + timedelta(seconds=LIFETIME_SECONDS)

    def _refusal(self, name: str, number: int) -> web.Response:
        body: Json = {
            "error_name": name,
            "error_reason": "Refresh token is expired or used",
            "error_description": "",
            "ref_doc": "https://developers.zalo.me/docs",
        }
        return web.json_response(body | ({"error": number} if self.with_error else {}))
