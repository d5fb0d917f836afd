"""An Official Account on loopback: three hosts in one, a clock, people, faults on order."""

import json
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import Self

from aiohttp import web

from channels.zalo_oa_account import ZaloOaAccount
from channels.zalo_oa_tokens import Tokens, TokenStore
from tests.fakes.telegram_updates import Bell
from tests.fakes.zalo_oa_events import Events
from tests.fakes.zalo_oa_methods import METHODS, UPLOAD_KINDS, upload
from tests.fakes.zalo_oa_oauth import Oauth
from tests.fakes.zalo_oa_people import People
from tests.fakes.zalo_oa_state import APP_ID, APP_SECRET, Citizen, Json, Shown, State, ZaloError
from tests.fakes.zalo_oa_tokens import MemoryTokenStore

ANY = "*"
CS = "/v3.0/oa/message/cs"


@dataclass(frozen=True)
class Fault:
    """What happens to a call instead of its answer. `applies`: the call takes effect all the same."""

    error: ZaloError | None = None
    applies: bool = False
    status: int = 200
    page: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def refused(number: int, *, retry_after: int | None = None) -> Fault:
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    return Fault(ZaloError(number), headers=headers)


def lost_answer() -> Fault:
    """The call takes effect, then the connection drops."""
    return Fault(applies=True)


def error_page(status: int = 502) -> Fault:
    """A page of something in between, which repeats the token as such pages do."""
    return Fault(status=status, page="<html>{token} cannot be had</html>", headers={"Location": "/elsewhere"})


@dataclass(frozen=True)
class Call:
    """One call as it came in, with the token it carried. `wish` is the body or the query."""

    method: str
    path: str
    wish: Json
    token: str


class FakeZaloOa:
    """`async with FakeZaloOa() as zalo:` then `zalo.host`, `zalo.people`, `zalo.state`, `zalo.oauth`."""

    def __init__(self) -> None:
        self.host = ""
        self.state = State()
        self.oauth = Oauth(self.state)
        self._bell = Bell()
        self.events = Events(self._bell)
        self.people = People(self.state, self.events, lambda: self.host)
        self.calls: list[Call] = []
        self.per_minute = 4000
        self.echoes = False
        self._in_minute: Counter[int] = Counter()
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/v4/oa/access_token", self.oauth.answer)
        app.router.add_get("/media/{path:.+}", self._media)
        app.router.add_route("*", "/{path:.+}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.host = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.events.close()
        assert self._runner is not None
        await self._runner.cleanup()

    # --- what a test asks and orders ---

    def store(self) -> MemoryTokenStore:
        """A store with the pair in force."""
        return MemoryTokenStore(Tokens(self.oauth.access, self.oauth.refresh, self.oauth.ends_at))

    def account(self, store: TokenStore | None = None, *, host: str = "") -> ZaloOaAccount:
        """A client of this account; `host` in the place of ours."""
        return ZaloOaAccount(
            store or self.store(),
            app_id=APP_ID,
            app_secret=APP_SECRET,
            first_refresh=None,
            now=self.state.clock,
            host=host or self.host,
            template_host=self.host,
            oauth_url=self.host,
            media_hosts=("127.0.0.1",),
        )

    def pass_time(self, time: timedelta) -> None:
        self.state.passed += time

    def fail(self, path: str, *faults: Fault) -> None:
        """The next calls of `path` (ANY for any) meet these faults, one each."""
        self._faults[path].extend(faults)

    def made(self, path: str) -> list[Call]:
        """Calls of one path, faulty ones included."""
        return [call for call in self.calls if call.path == path]

    def screen(self, citizen: Citizen) -> list[Shown]:
        """The messages of the account on somebody's screen, oldest first."""
        return self.state.screens[citizen.id]

    async def until(self, holds: Callable[[], bool]) -> None:
        """Return once it holds; looked at after every call and every delivery."""
        await self._bell.until(holds)

    # --- the wire ---

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        call = Call(
            request.method, request.path, await _wish(request), request.headers.get("access_token", "")
        )
        self.calls.append(call)
        minute = int(self.state.now.timestamp()) // 60
        self._in_minute[minute] += 1
        remain = max(self.per_minute - self._in_minute[minute], 0)
        limits = {"X-RateLimit-Limit": str(self.per_minute), "X-RateLimit-Remain": str(remain)}
        fault: Fault | None = None
        try:
            if self._in_minute[minute] > self.per_minute:
                raise ZaloError(-32, "rate limit")
            self.oauth.check(call.token)
            fault = self._fault(call.path)
            if fault is not None:
                return self._meet(fault, call, request)
            return web.json_response(
                {"data": self._result(call), "error": 0, "message": "Success"}, headers=limits
            )
        except ZaloError as error:
            return web.json_response(error.body, headers=limits | (fault.headers if fault else {}))
        finally:
            self._bell.ring()

    def _meet(self, fault: Fault, call: Call, request: web.Request) -> web.StreamResponse:
        if fault.applies:
            self._result(call)
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if fault.error is not None:
            raise fault.error
        return web.Response(
            status=fault.status, text=fault.page.format(token=call.token), headers=fault.headers
        )

    def _result(self, call: Call) -> Json | list[Json]:
        kind = call.path.removeprefix("/v2.0/oa/upload/")
        if kind in UPLOAD_KINDS:
            return upload(self.state, kind, call.wish["name"], call.wish["content"])
        method = METHODS.get((call.method, call.path))
        if method is None:
            raise ZaloError(-201, "unknown method")
        result = method(self.state, call.wish)
        if self.echoes and isinstance(result, dict):
            self._tell(call, result)
        return result

    def _tell(self, call: Call, result: Json) -> None:
        """The events that follow a message of ours."""
        sent = result.get("message_id") or result.get("msg_id")
        shown = next(
            (each for screen in self.state.screens.values() for each in screen if each.id == sent), None
        )
        if shown is None:
            return
        if call.path == "/message/template":
            self.people.confirm(shown, str(call.wish.get("tracking_id", "")))
        else:
            self.people.echo(shown)

    async def _media(self, request: web.Request) -> web.StreamResponse:
        fault = self._fault("media")
        if fault is not None:
            return web.Response(status=fault.status, text=fault.page.format(token=""), headers=fault.headers)
        content = self.people.media.get(request.match_info["path"])
        return web.Response(status=404) if content is None else web.Response(body=content)

    def _fault(self, path: str) -> Fault | None:
        for queue in (self._faults[path], self._faults[ANY]):
            if queue:
                return queue.popleft()
        return None


async def _wish(request: web.Request) -> Json:
    if request.content_type == "multipart/form-data":
        file = (await request.post())["file"]
        assert isinstance(file, web.FileField)
        with file.file as stream:
            return {"name": file.filename, "content": stream.read()}
    if request.method == "POST":
        body: Json = await request.json()
        return body
    query = request.query
    found: Json = json.loads(query["data"]) if "data" in query else dict(query)
    return found
