"""A Bot API server on loopback: rules, long polling, webhook, people to act for, faults on order.

Every call is held against the published Bot API; leaving the context fails when one did not fit.
"""

import json
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.fakes.botapi_contract import load_contract, problems_of
from tests.fakes.telegram_chats import ApiError, Call, Chats, Json, Upload, bad_request
from tests.fakes.telegram_methods import call_method
from tests.fakes.telegram_people import People
from tests.fakes.telegram_updates import Bell, Updates

TOKEN = "700100200:AAF-canary_token_that_must_never_be_seen_in_a_log"
BOT = {
    "id": 700100200,
    "is_bot": True,
    "first_name": "danvan",
    "username": "danvan_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}
ANY = "*"


@dataclass(frozen=True)
class Fault:
    """What happens to a call instead of its answer. `applies`: the call takes effect all the same."""

    error: ApiError | None = None
    applies: bool = False
    page: str = ""
    location: str = ""


def rate_limited(seconds: int) -> Fault:
    return Fault(ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds))


def forbidden() -> Fault:
    return Fault(ApiError(403, "Forbidden: bot was blocked by the user"))


def server_error(code: int = 502) -> Fault:
    return Fault(ApiError(code, "Bad Gateway"))


def refused(words: str) -> Fault:
    return Fault(bad_request(words))


def answered(code: int, words: str) -> Fault:
    return Fault(ApiError(code, words))


def moved(new_chat: int) -> Fault:
    return Fault(bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=new_chat))


def lost_answer() -> Fault:
    """The call takes effect, then the connection drops."""
    return Fault(applies=True)


def error_page(code: int) -> Fault:
    """A page of something in between, which repeats the URL as such pages do."""
    return Fault(ApiError(code, ""), page="<html>{url} cannot be had</html>")


def redirected(location: str) -> Fault:
    return Fault(ApiError(307, ""), page="moved", location=location)


class FakeTelegram:
    """`async with FakeTelegram() as telegram:` then `telegram.host`, `telegram.token`, `telegram.people`.

    `outage`: every call meets it as long as it is set.
    """

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.host = ""
        self.chats = Chats(BOT)
        self._bell = Bell()
        self.updates = Updates(self._emitted, self._bell)
        self.people = People(self.chats, self.updates.emit)
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self.outage: Fault | None = None
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
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
        await self.updates.close()
        assert self._runner is not None
        await self._runner.cleanup()
        if kind is None and self.violations:
            raise AssertionError("\n".join(self.violations))

    # --- what a test asks and orders ---

    @property
    def is_checked(self) -> bool:
        """Whether calls are held against the published Bot API."""
        return load_contract() is not None

    def fail(self, method: str, *faults: Fault) -> None:
        """The next calls of `method` (ANY for any) meet these faults, one each."""
        self._faults[method].extend(faults)

    def made(self, method: str) -> list[Call]:
        """Calls of one method, faulty ones included."""
        return [call for call in self.calls if call.method == method]

    async def until(self, holds: Callable[[], bool]) -> None:
        """Return once it holds; looked at after every call and every delivery."""
        await self._bell.until(holds)

    # --- the wire ---

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return web.json_response(ApiError(401, "Unauthorized").body, status=401)
        call = await _read_call(request)
        self.calls.append(call)
        try:
            self._check(call)
            fault = self._fault(call.method)
            if fault is None:
                return web.json_response({"ok": True, "result": await self._result(call)})
            return await self._meet(fault, call, request)
        except ApiError as error:
            return web.json_response(error.body, status=error.code)
        finally:
            self._bell.ring()

    async def _meet(self, fault: Fault, call: Call, request: web.Request) -> web.StreamResponse:
        if fault.applies:
            await self._result(call)
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        assert fault.error is not None
        if fault.page:
            headers = {"Location": fault.location} if fault.location else None
            text = fault.page.format(url=request.url)
            return web.Response(status=fault.error.code, text=text, headers=headers)
        raise fault.error

    async def _result(self, call: Call) -> object:
        match call.method:
            case "getUpdates":
                return await self.updates.poll(call)
            case "setWebhook" | "deleteWebhook":
                return self.updates.configure(call)
            case "getWebhookInfo":
                return self.updates.info()
        return call_method(self.chats, call)

    async def _file(self, request: web.Request) -> web.Response:
        stored = self.chats.files.get(request.match_info["path"].rpartition("/")[2])
        if request.match_info["token"] != self.token or stored is None or self._fault("file"):
            return web.json_response(ApiError(404, "Not Found").body, status=404)
        return web.Response(body=stored.content)

    def _fault(self, method: str) -> Fault | None:
        for queue in (self._faults[method], self._faults[ANY]):
            if queue:
                return queue.popleft()
        return self.outage

    def _check(self, call: Call) -> None:
        problems = problems_of(call.method, call.params, call.files)
        if problems:
            self.violations += problems
            raise bad_request("; ".join(problems))

    def _emitted(self, update: Json) -> None:
        contract = load_contract()
        if contract is not None and not contract.is_a(update, "Update"):
            raise AssertionError(f"the fake made an update Telegram would not send: {json.dumps(update)}")


async def _read_call(request: web.Request) -> Call:
    params: dict[str, Any] = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json":
        params |= await request.json()
    else:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                files[name] = Upload(value.filename, value.file.read(), value.content_type)
                value.file.close()
            else:
                params[name] = value
    return Call(request.match_info["method"], params, files)
