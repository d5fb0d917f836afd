"""One Official Account: its calls, and how each of them ends.

The token stands in a header, so no exception of the HTTP library leaves this file, not even as a cause.
Facts: developers.zalo.me, OpenAPI v3 (uploads and the account itself: v2).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Any, Self

import aiohttp
import structlog
from yarl import URL

from channels.downloading import content_of
from channels.zalo_oa_errors import TOKEN_REFUSED, as_send_error
from channels.zalo_oa_tokens import OAUTH_URL, TokenKeeper, TokenStore
from core.channel import PermanentSendError, TemporarySendError, UnknownOutcome

HOST = "https://openapi.zalo.me"
TEMPLATE_HOST = "https://business.openapi.zalo.me"
MEDIA_HOSTS = ("zdn.vn", "zadn.vn", "zalo.me")
"""Where files of people lie. An event names the address, so no other is ever asked."""
_CALL_SECONDS = 20.0
_UPLOAD_SECONDS = 45.0
_FETCH_SECONDS = 45.0
_HOPS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

Json = Mapping[str, Any]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class OaIdentity:
    """Whose tokens these are. `is_verified`: Zalo has checked the organisation; before, it may not write."""

    id: str
    name: str
    is_verified: bool


@dataclass(frozen=True, slots=True)
class _Call:
    """One request as often as it takes: `form` makes its body anew, since a form can be sent once."""

    method: str
    path: str
    body: Json | None = None
    query: Mapping[str, str] | None = None
    form: Callable[[], aiohttp.FormData] | None = None
    on_template_host: bool = False

    @property
    def seconds(self) -> float:
        return _UPLOAD_SECONDS if self.form else _CALL_SECONDS


class ZaloOaAccount:
    """The client of one account; open it with `async with`, which sends nothing.

    Hosts are scheme and host; `now` gives UTC. All methods raise the errors of `core.channel`, nothing else.
    """

    def __init__(
        self,
        store: TokenStore,
        *,
        app_id: str,
        app_secret: str,
        first_refresh: str | None,
        now: Callable[[], datetime],
        host: str = HOST,
        template_host: str = TEMPLATE_HOST,
        oauth_url: str = OAUTH_URL,
        media_hosts: tuple[str, ...] = MEDIA_HOSTS,
    ) -> None:
        self._now = now
        self._host = host
        self._template_host = template_host
        self._media_hosts = media_hosts
        self._session: aiohttp.ClientSession | None = None
        self._keeper: TokenKeeper | None = None
        self._keeper_on: Callable[[aiohttp.ClientSession], TokenKeeper] = partial(
            TokenKeeper,
            store=store,
            app_id=app_id,
            app_secret=app_secret,
            oauth_url=oauth_url,
            first_refresh=first_refresh,
            now=now,
        )

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        self._keeper = self._keeper_on(self._session)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self.tokens.finish()
            await self._session.close()

    @property
    def tokens(self) -> TokenKeeper:
        """The keeper of this account's tokens."""
        assert self._keeper is not None, "used outside its context"
        return self._keeper

    async def call(
        self,
        method: str,
        path: str,
        *,
        body: Json | None = None,
        data: Json | None = None,
        on_template_host: bool = False,
    ) -> dict[str, Any]:
        """The answer to one call, whose `error` is 0. `body` goes as JSON, `data` into the query of a GET."""
        query = _query(data, on_template_host=on_template_host)
        return await self._made(_Call(method, path, body, query, on_template_host=on_template_host))

    async def upload(self, path: str, name: str, content: bytes, mime: str) -> dict[str, Any]:
        """The answer to the upload of one file, whose ending Zalo reads from `name`."""

        def form() -> aiohttp.FormData:
            made = aiohttp.FormData(quote_fields=False)
            made.add_field("file", content, filename=name, content_type=mime)
            return made

        return await self._made(_Call("POST", path, form=form))

    async def identity(self) -> OaIdentity:
        """The account the tokens belong to (getoa)."""
        found = (await self.call("GET", "/v2.0/oa/getoa")).get("data")
        about = found if isinstance(found, dict) else {}
        number = about.get("oaid") or about.get("oa_id") or ""
        return OaIdentity(str(number), str(about.get("name") or ""), about.get("is_verified") is True)

    async def fetch(self, url: str) -> bytes:
        """A file somebody sent, 20 MB at most. Raises PermanentSendError("link_expired") once it is gone."""
        target = self._media(url)
        try:
            for _ in range(_HOPS):
                timeout = aiohttp.ClientTimeout(total=_FETCH_SECONDS)
                async with self._http.get(target, timeout=timeout, allow_redirects=False) as response:
                    if response.status not in _REDIRECTS:
                        return await content_of(response, gone="link_expired")
                    # Followed by hand: wherever it leads is looked at before it is asked.
                    target = self._media(response.headers.get("Location", ""), base=target)
        except ValueError:  # a name no resolver can even write down
            raise PermanentSendError("link_foreign") from None
        except (aiohttp.ClientError, TimeoutError):
            raise TemporarySendError("unreachable") from None
        raise PermanentSendError("link_expired")

    @property
    def _http(self) -> aiohttp.ClientSession:
        assert self._session is not None, "used outside its context"
        return self._session

    def _media(self, url: str, *, base: URL | None = None) -> URL:
        """The address, if files of people lie there. Raises PermanentSendError("link_foreign")."""
        try:
            target = base.join(URL(url)) if base else URL(url)
        except ValueError:
            raise PermanentSendError("link_foreign") from None
        host = target.host or ""
        is_known = any(host == known or host.endswith(f".{known}") for known in self._media_hosts)
        if target.scheme not in {"http", "https"} or not is_known:
            raise PermanentSendError("link_foreign")
        return target

    async def _made(self, call: _Call) -> dict[str, Any]:
        """The answer; with a token renewed in between when the first one is refused."""
        token = await self.tokens.access()
        answer, retry_after = await self._once(call, token)
        if _error(answer) in TOKEN_REFUSED:
            answer, retry_after = await self._once(call, await self.tokens.renew(token))
        number = _error(answer)
        if number == 0:
            return answer
        if number is None:
            raise UnknownOutcome("no_answer")  # a page of something on the way, or a redirect
        end = as_send_error(
            number, now=self._now(), retry_after=retry_after, on_template_host=call.on_template_host
        )
        # The number tells what the code does not: which of the many reasons to refuse an account it is.
        log.info("zalo_oa_refused", path=call.path, error=number, code=end.code)
        raise end

    async def _once(self, call: _Call, token: str) -> tuple[dict[str, Any], timedelta | None]:
        """The envelope (empty when there was none) and how long the headers ask to wait."""
        host = self._template_host if call.on_template_host else self._host
        try:
            async with self._http.request(
                call.method,
                host + call.path,
                json=call.body,
                params=call.query,
                data=call.form() if call.form else None,
                headers={"access_token": token},
                timeout=aiohttp.ClientTimeout(total=call.seconds),
                allow_redirects=False,
            ) as response:
                return _answer(await response.read()), _retry_after(response.headers.get("Retry-After", ""))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL):
            raise TemporarySendError("unreachable") from None
        except (aiohttp.ClientError, TimeoutError):
            raise UnknownOutcome("no_answer") from None


def _query(data: Json | None, *, on_template_host: bool) -> Mapping[str, str] | None:
    if data is None:
        return None
    if on_template_host:
        return {name: str(value) for name, value in data.items()}
    return {"data": json.dumps(data, separators=(",", ":"))}


def _answer(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _error(answer: Json) -> int | None:
    """`error` as a number, None where there is none."""
    try:
        return int(str(answer.get("error")))
    except ValueError:
        return None


def _retry_after(header: str) -> timedelta | None:
    return timedelta(seconds=int(header)) if header.isdecimal() and len(header) < 6 else None
