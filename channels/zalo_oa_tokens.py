"""The two tokens of an Official Account: one works for 25 hours, the other buys the next pair, once.

Losing the second one ends the grant: nobody but an administrator of the account can open it again. So a new
pair is stored before it is used, and no time-out of a caller stops an exchange half-way.
Facts: developers.zalo.me, OAuth v4.
"""

import asyncio
import base64
import hashlib
import json
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import aiohttp
import structlog

from core.channel import PermanentSendError, SendError, TemporarySendError
from core.errors import TemporarilyUnavailable

OAUTH_URL = "https://oauth.zaloapp.com"
_PATH = "/v4/oa/access_token"
_LIFETIME = timedelta(hours=25)
_AHEAD = timedelta(hours=5)
"""So long before its end a pair is renewed: at 20 of its 25 hours."""
_REFUSED_PAUSE = timedelta(minutes=10)
"""A refused token stays refused until an administrator acts; asking for every message helps nobody."""
_BUSY_PAUSE = timedelta(seconds=60)
_FAILED_PAUSE = timedelta(seconds=30)
_SECONDS = 20.0
_BUSY = -32

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What opens the account. `access` is valid until `expires_at` (UTC); `refresh` may be used once."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime


class TokenStore(Protocol):
    """Where the pair in force lies. All commit; all raise TemporarilyUnavailable when that cannot be done."""

    async def load(self) -> Tokens | None:
        """The pair saved last; None before the first."""
        ...

    async def save(self, tokens: Tokens, *, previous: Tokens | None) -> None:
        """Put `tokens` in force, keep `previous` for those who look into a loss, take `rotating` back."""
        ...

    async def rotating(self) -> None:
        """Note that a refresh has begun. Without `save` or `unspent` after it, the pair may be dead."""
        ...

    async def unspent(self) -> None:
        """Take that note back: Zalo surely has not rotated anything."""
        ...

    async def lost(self) -> None:
        """Note that Zalo refuses the pair: only a new consent helps."""
        ...


def challenge(verifier: str) -> str:
    """The PKCE challenge (S256, base64url without padding) of a verifier of 43 characters."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


class TokenKeeper:
    """Hands out an access token that works, and renews the pair: one refresh for any number who ask at once.

    A pair in the store wins over `first_refresh`, which is used when there is none. `now` gives UTC. All
    methods raise TemporarySendError when the network or the database is out of reach, and "tokens_lost" when
    Zalo refuses: what waits to be sent goes on waiting until an administrator has consented anew.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        store: TokenStore,
        *,
        app_id: str,
        app_secret: str,
        oauth_url: str = OAUTH_URL,
        first_refresh: str | None,
        now: Callable[[], datetime],
    ) -> None:
        self._session = session
        self._store = store
        self._app_id = app_id
        self._app_secret = app_secret
        self._url = oauth_url + _PATH
        self._first_refresh = first_refresh
        self._now = now
        self._lock = asyncio.Lock()
        self._tokens: Tokens | None = None
        self._unsaved: tuple[Tokens, Tokens | None] | None = None
        self._refused: tuple[str, datetime] | None = None
        self._failed: tuple[TemporarySendError, datetime] | None = None
        self._running: set[asyncio.Task[str]] = set()

    async def access(self) -> str:
        """The access token, renewed when its end is near."""
        if self._tokens is None:
            self._tokens = await self._stored()
        tokens = self._tokens
        if tokens is not None and self._now() < tokens.expires_at - _AHEAD:
            return tokens.access
        try:
            return await self.renew(tokens.access if tokens else "")
        except TemporarySendError:
            if tokens is not None and self._now() < tokens.expires_at:
                return tokens.access
            raise

    async def renew(self, stale: str) -> str:
        """An access token that is not `stale`: the one somebody else got meanwhile, or a new one."""
        return await self._to_its_end(self._renewed(stale))

    async def exchange(self, code: str, verifier: str) -> None:
        """Turn the code of a consent (10 minutes old at most) into the pair in force.

        Raises PermanentSendError("consent_refused") when Zalo does not take it.
        """
        wish = {"code": code, "grant_type": "authorization_code", "code_verifier": verifier}
        await self._to_its_end(self._replaced(wish))

    async def adopt(self, refresh: str) -> None:
        """The same with a refresh token that an administrator got elsewhere; it is spent by this."""
        await self._to_its_end(self._replaced({"refresh_token": refresh, "grant_type": "refresh_token"}))

    async def finish(self) -> None:
        """Return once no exchange is under way; to be awaited before the session is closed."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _to_its_end(self, work: Coroutine[Any, Any, str]) -> str:
        """The result of `work`, which goes on without a cancelled caller: a pair must not die on its way."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    def _ended(self, task: asyncio.Task[str]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # looked at here, since whoever asked may be gone

    async def _renewed(self, stale: str) -> str:
        async with self._lock:
            await self._save_left_over()
            tokens = await self._stored()
            if tokens is not None and tokens.access != stale:
                self._tokens = tokens
                return tokens.access
            refresh = tokens.refresh if tokens else self._first_refresh
            if not refresh or self._was_refused(refresh):
                raise _lost()
            self._raise_recent_failure()
            try:
                fresh = await self._rotated(refresh)
            except PermanentSendError:
                return await self._after_refusal(refresh)
            return await self._put_in_force(fresh, tokens)

    async def _after_refusal(self, refresh: str) -> str:
        """The token of another process that was faster; where there is none, the grant is lost."""
        theirs = await self._stored()
        if theirs is not None and theirs.refresh != refresh:
            self._tokens = theirs
            return theirs.access
        self._refused = (refresh, self._now() + _REFUSED_PAUSE)
        await self._note(self._store.lost())
        raise _lost()

    async def _rotated(self, refresh: str) -> Tokens:
        """The pair this token buys. That it is being spent is noted before, and how it ended after."""
        await self._note(self._store.rotating())
        try:
            return await self._ask({"refresh_token": refresh, "grant_type": "refresh_token"})
        except _UnspentError as error:
            await self._note(self._store.unspent())
            self._remember(error)
            raise
        except TemporarySendError as error:
            self._remember(error)
            raise

    async def _replaced(self, wish: Mapping[str, str]) -> str:
        async with self._lock:
            previous = await self._stored()
            return await self._put_in_force(await self._ask(wish), previous)

    async def _ask(self, wish: Mapping[str, str]) -> Tokens:
        """A new pair. The secret and the tokens stand in what is sent: no exception of the library leaves.

        Raises PermanentSendError("consent_refused") when Zalo refuses.
        """
        try:
            async with self._session.post(
                self._url,
                data={**wish, "app_id": self._app_id},
                headers={"secret_key": self._app_secret},
                timeout=aiohttp.ClientTimeout(total=_SECONDS),
                allow_redirects=False,
            ) as response:
                body = await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise _UnspentError("unreachable") from None
        except (aiohttp.ClientError, TimeoutError):
            raise TemporarySendError("unreachable") from None
        return _tokens_of(body, self._now())

    async def _put_in_force(self, fresh: Tokens, previous: Tokens | None) -> str:
        """Save the pair, then use it. One that could not be saved is kept for the next attempt."""
        self._unsaved = (fresh, previous)
        await self._save_left_over()
        return fresh.access

    async def _save_left_over(self) -> None:
        if self._unsaved is None:
            return
        fresh, previous = self._unsaved
        try:
            await self._store.save(fresh, previous=previous)
        except TemporarilyUnavailable:
            raise TemporarySendError("tokens_not_saved") from None
        self._unsaved = None
        self._tokens = fresh

    async def _stored(self) -> Tokens | None:
        try:
            return await self._store.load()
        except TemporarilyUnavailable:
            raise TemporarySendError("tokens_not_read") from None

    async def _note(self, writing: Awaitable[None]) -> None:
        try:
            await writing
        except TemporarilyUnavailable:
            raise TemporarySendError("tokens_not_saved") from None

    def _remember(self, error: TemporarySendError) -> None:
        self._failed = (error, self._now() + (error.retry_after or _FAILED_PAUSE))

    def _raise_recent_failure(self) -> None:
        """Who asks while the host is out of reach hears so at once: in a row they would wait for minutes."""
        if self._failed is not None and self._now() < self._failed[1]:
            error, until = self._failed
            raise TemporarySendError(error.code, until - self._now())

    def _was_refused(self, refresh: str) -> bool:
        return self._refused is not None and self._refused[0] == refresh and self._now() < self._refused[1]


class _UnspentError(TemporarySendError):
    """Nothing came of it, and surely nothing was rotated."""


def _lost() -> TemporarySendError:
    return TemporarySendError("tokens_lost", _REFUSED_PAUSE)


def _tokens_of(body: bytes, now: datetime) -> Tokens:
    """The pair in an answer. Only two tokens are a success: a failure may be HTTP 200 without `error`."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    match answer:
        case {"access_token": str(access), "refresh_token": str(refresh)} if access and refresh:
            return Tokens(access, refresh, now + _lifetime(answer.get("expires_in")))
        case dict():
            raise _refused_by(answer)
    raise TemporarySendError("server_error")  # a page of something on the way


def _refused_by(answer: Mapping[str, Any]) -> SendError:
    number = str(answer.get("error"))
    if number == str(_BUSY):
        return _UnspentError("too_many_requests", _BUSY_PAUSE)
    log.error("zalo_oa_tokens_refused", error=number[:8])
    return PermanentSendError("consent_refused")


def _lifetime(expires_in: object) -> timedelta:
    """Seconds, mostly as a string; unreadable, the documented 25 hours."""
    text = str(expires_in)
    return timedelta(seconds=int(text)) if text.isdecimal() and len(text) < 9 else _LIFETIME
