"""Builds the service from its settings, starts it and stops it in order."""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import structlog
from aiohttp import web

from bot.layout import in_other_clothes, keyboard_words, linking
from bot.networks import zalo_bot_account
from bot.polling import poll_telegram
from bot.settings import Mode, Send, Settings
from bot.zalo_bot_polling import poll_zalo_bot
from bot.zalo_oa import keep_fresh, may_renew, open_zalo_oa, zalo_oa_routes
from bot.zalo_oa_catch_up import CatchUp
from channels.guard import GuardedSender, MayLeave
from channels.page import PageFilesSender
from channels.telegram import TelegramSender
from channels.telegram_account import TelegramAccount
from channels.webchat import WebchatSender
from channels.zalo_bot import ZaloBotSender
from channels.zalo_bot_account import ZaloBotAccount
from core.channel import Channel, Inbound, Sender, SendError
from core.errors import RuleError
from core.failure import without_words
from handlers import delivery, inbound, looks, uploads
from handlers.runtime import Clock, Runtime
from handlers.service import build_service
from scheduler import plan_reading
from scheduler.drain import Drain
from scheduler.schedule import build_schedule
from scheduler.ticks import tick
from scheduler.voice import VoiceCopies, find_program
from storage.database import Database
from storage.files import FileStore
from storage.keys import Keys
from texts import load
from web.app import build_app
from web.demo import Seed
from web.hub import Hub
from web.mailbox import WebMailbox
from web.telegram import PATH as TELEGRAM_PATH
from web.telegram import Park, Receive, telegram_hook
from web.zalo_bot import PATH as ZALO_BOT_PATH
from web.zalo_bot import zalo_bot_hook

log = structlog.get_logger()

SHUTDOWN_SECONDS = 2.0
"""How long open pages may finish; their streams are closed before."""


@dataclass
class App:
    """A running service. `url` is where it listens."""

    runtime: Runtime
    drain: Drain
    url: str = ""

    async def receive(self, event: Inbound, body: bytes) -> None:
        """Take one event of a network; returns after the commit."""
        service, now = self.runtime.service, self.runtime.clock.now()
        await self.runtime.database.write(
            lambda tx: inbound.receive(service, tx, event, body, now), chat=str(event.chat)
        )

    def parker(self, channel: Channel) -> Park:
        """What keeps a body of this network that nobody can read."""

        async def park(body: bytes) -> None:
            now = self.runtime.clock.now()
            await self.runtime.database.write(lambda tx: inbound.park(tx, channel, body, now))

        return park

    async def tick(self) -> None:
        """Let everything happen that is due now, and send what it brings."""
        await tick(self.runtime, self.drain.pacer, self.drain.held)
        self.drain.wake()

    async def catch_up(self) -> None:
        """The same, and return only when what can leave now has left: the demo's clock is about to move."""
        await tick(self.runtime, self.drain.pacer, self.drain.held)
        await self.drain.settle_all()


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    clock: Clock | None = None,
    demo: Seed | None = None,
    database: Database | None = None,
) -> AsyncIterator[App]:
    """The whole service while the body runs. The database must be at the head of its schema.

    Stops in order: no new events, no new ticks, what is on its way ends, the database closes. A `database`
    that is given stays open.
    """
    async with AsyncExitStack() as stack:
        if database is None:
            database = stack.enter_context(closing(Database(settings.database)))
        runtime = _runtime(settings, database, clock or Clock(), is_demo=demo is not None)
        hub = Hub()
        mailbox = WebMailbox(runtime, hub, settings.data_dir / "uploads")
        page: Sender = WebchatSender(mailbox)
        if demo is not None:
            page = in_other_clothes(settings, runtime, page)
        senders: dict[Channel, Sender] = {Channel.WEBCHAT: page}
        account = await _telegram(settings, runtime, senders, stack)
        zalo_bot = await _zalo_bot(settings, runtime, senders, stack)
        zalo_oa = await open_zalo_oa(settings, runtime, stack)
        if zalo_oa is not None:
            senders[Channel.ZALO_OA] = GuardedSender(zalo_oa[1], _may_leave(settings))
        senders = {name: _with_page_files(sender, mailbox) for name, sender in senders.items()}
        app = App(runtime, Drain(runtime, senders, _voice(settings)))
        runtime.tick = app.catch_up
        await _start_sending(app, stack)
        await _start_ticking(app, stack)
        hooks = _hooks(settings, app)
        site = build_app(
            runtime,
            hub=hub,
            receive=app.receive,
            uploads=settings.data_dir / "uploads",
            hooks=hooks,
            demo=demo,
        )
        app.url = await _start_web(settings, site, stack)
        token = settings.telegram.token
        if account is not None and token is not None and settings.telegram.mode is Mode.POLLING:
            receive = _from_bot(token.get_secret_value(), app.receive)
            await _start_task(stack, lambda stop: poll_telegram(account, receive=receive, stop=stop))
        if zalo_bot is not None and settings.zalo_bot.mode is Mode.POLLING:
            await _start_polling_zalo(zalo_bot, app, stack)
        if zalo_oa is not None and may_renew(settings):
            await _start_task(stack, partial(keep_fresh, zalo_oa[0]))
            park = app.parker(Channel.ZALO_OA)
            missed = CatchUp(zalo_oa[0], settings.zalo_oa.oa_id, runtime, app.receive, park)
            await _start_task(stack, missed.run)
        yield app


async def serve(
    settings: Settings,
    *,
    clock: Clock | None = None,
    demo: Seed | None = None,
    started: Callable[[str], None],
) -> None:
    """Run until SIGTERM or SIGINT. `started` hears where the service listens."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.set_exception_handler(_forgotten)
    async with running(settings, clock=clock, demo=demo) as app:
        _spare_the_collector()
        started(app.url)
        await stop.wait()
        log.info("service_stopping")


def _forgotten(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """An exception that nobody waited for. The loop's own handler would print its words."""
    error = context.get("exception")
    if isinstance(error, BaseException):
        log.error("task_failed", **without_words(error))
    else:
        loop.default_exception_handler(context)


def _spare_the_collector() -> None:
    """Look for dead cycles less often, and never among what was there at the start.

    The modules and tables never die, and looking through them took a quarter of the time of every message.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _voice(settings: Settings) -> VoiceCopies | None:
    """What makes copies of recordings, where that is wanted and ffmpeg is installed."""
    program = find_program() if settings.voice_copies else ""
    return VoiceCopies(program) if program else None


def _runtime(settings: Settings, database: Database, clock: Clock, *, is_demo: bool) -> Runtime:
    with database.transaction() as tx:
        delivery.orphan_all(tx, clock.now())
        if not is_demo:
            looks.take_off(tx)
        service = build_service(
            tx,
            catalogue=load(),
            keys=Keys(settings.secret),
            files=FileStore(settings.files_dir),
            public_url=settings.public_url,
            is_demo=is_demo,
        )
    return Runtime(database, service, clock)


async def _telegram(
    settings: Settings, runtime: Runtime, senders: dict[Channel, Sender], stack: AsyncExitStack
) -> TelegramAccount | None:
    """The bot's client, when a token is set; its sender joins the others behind the guard."""
    telegram = settings.telegram
    if telegram.token is None:
        return None
    account = await stack.enter_async_context(
        TelegramAccount(
            telegram.token.get_secret_value(), host=telegram.base_url, proxy=telegram.proxy or None
        )
    )
    sender = TelegramSender(account, files=settings.files_dir, words=keyboard_words(runtime))
    senders[Channel.TELEGRAM] = GuardedSender(sender, _may_leave(settings))
    return account


async def _zalo_bot(
    settings: Settings, runtime: Runtime, senders: dict[Channel, Sender], stack: AsyncExitStack
) -> ZaloBotAccount | None:
    """The same for Zalo Bot, whose photos leave as links to our own page."""
    account = zalo_bot_account(settings)
    if account is None:
        return None
    await stack.enter_async_context(account)
    sender = ZaloBotSender(account, link=linking(runtime))
    senders[Channel.ZALO_BOT] = GuardedSender(sender, _may_leave(settings))
    return account


async def _start_polling_zalo(account: ZaloBotAccount, app: App, stack: AsyncExitStack) -> None:
    """Raises RuleError("zalo_bot_webhook_set"): with a webhook set, polling would be silent for ever."""
    try:
        if (await account.webhook()).url:
            raise RuleError("zalo_bot_webhook_set")
    except SendError as error:  # polling itself keeps trying
        log.warning("webhook_unchecked", channel="zalo_bot", code=error.code)
    park = app.parker(Channel.ZALO_BOT)
    await _start_task(stack, lambda stop: poll_zalo_bot(account, receive=app.receive, park=park, stop=stop))


def _with_page_files(sender: Sender, mailbox: WebMailbox) -> Sender:
    return PageFilesSender(sender, is_here=uploads.is_upload, fetch=mailbox.fetch)


def _may_leave(settings: Settings) -> MayLeave:
    match settings.send:
        case Send.LIVE:
            return lambda _: True
        case Send.ALLOWLIST:
            return lambda address: str(address) in settings.allowed
        case Send.LOG:
            return lambda _: False


def _hooks(settings: Settings, app: App) -> list[web.AbstractRouteDef]:
    zalo_oa = zalo_oa_routes(settings, receive=app.receive, park=app.parker(Channel.ZALO_OA))
    return [*_telegram_hook(settings, app), *_zalo_bot_hook(settings, app), *zalo_oa]


def _zalo_bot_hook(settings: Settings, app: App) -> list[web.AbstractRouteDef]:
    chosen = settings.zalo_bot
    if chosen.token is None or chosen.mode is not Mode.WEBHOOK or chosen.secret is None:
        return []
    park = app.parker(Channel.ZALO_BOT)
    handler = zalo_bot_hook(secret=chosen.secret.get_secret_value(), receive=app.receive, park=park)
    return [web.get(ZALO_BOT_PATH, handler), web.post(ZALO_BOT_PATH, handler)]


def _telegram_hook(settings: Settings, app: App) -> list[web.AbstractRouteDef]:
    telegram = settings.telegram
    if telegram.token is None or telegram.mode is not Mode.WEBHOOK or telegram.secret is None:
        return []
    receive = _from_bot(telegram.token.get_secret_value(), app.receive)
    handler = telegram_hook(
        secret=telegram.secret.get_secret_value(), receive=receive, park=app.parker(Channel.TELEGRAM)
    )
    return [web.post(TELEGRAM_PATH, handler)]


def _from_bot(token: str, receive: Receive) -> Receive:
    """Telegram numbers messages for each bot anew: with another bot in the same chats they come again."""
    bot_id = token.partition(":")[0]

    async def received(event: Inbound, body: bytes) -> None:
        await receive(replace(event, external_id=f"{bot_id}:{event.external_id}"), body)

    return received


async def _start_sending(app: App, stack: AsyncExitStack) -> None:
    app.runtime.database.on_queued = app.drain.waker()
    stack.push_async_callback(plan_reading.end, app.runtime)
    await _start_task(stack, app.drain.run)


async def _start_ticking(app: App, stack: AsyncExitStack) -> None:
    schedule = build_schedule(app.runtime, app.drain.pacer, app.drain.held)
    schedule.start()
    stack.callback(schedule.shutdown, wait=False)
    await app.tick()


async def _start_web(settings: Settings, site: web.Application, stack: AsyncExitStack) -> str:
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS, keepalive_timeout=75)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    listener = web.TCPSite(runner, settings.host, settings.port)
    await listener.start()
    host, port = runner.addresses[0][:2]
    return f"http://{host}:{port}"


async def _start_task(stack: AsyncExitStack, run: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run beside the others until the stack unwinds, then wait for its own orderly end."""
    stop = asyncio.Event()
    task = asyncio.ensure_future(run(stop))
    task.add_done_callback(_died)

    async def finish() -> None:
        stop.set()
        await asyncio.wait({task})

    stack.push_async_callback(finish)


def _died(task: "asyncio.Future[None]") -> None:
    """A loop that ends by an error is a bug: say so loudly and let the supervisor start the service anew."""
    error = None if task.cancelled() else task.exception()
    if error is not None:
        log.error("loop_died", **without_words(error))
        signal.raise_signal(signal.SIGTERM)
