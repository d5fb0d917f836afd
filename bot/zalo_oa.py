"""The Official Account in the service: its tokens in the database, its sender, its door."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from bot.layout import linking
from bot.settings import Send, Settings, ZaloOaSettings
from bot.stopping import rest
from channels.zalo_oa import ZaloOaSender
from channels.zalo_oa_account import MEDIA_HOSTS, ZaloOaAccount
from channels.zalo_oa_message import ContactCard
from channels.zalo_oa_tokens import Tokens, TokenStore
from core.channel import Channel, SendError
from core.say import say
from handlers.runtime import Runtime
from handlers.service import Service
from storage import channel_tokens
from storage.channel_tokens import Pair
from storage.database import Database
from storage.keys import Keys
from storage.transaction import Transaction
from web.telegram import Park, Receive
from web.zalo_oa import PATH, zalo_oa_hook

_CHANNEL = Channel.ZALO_OA
_EVERY_SECONDS = 3600.0
"""How often the tokens are looked at: a quiet account would let them run out after three months."""

log = structlog.get_logger(__name__)


class DatabaseTokens:
    """The tokens of one account in the database, sealed; see `channels.zalo_oa_tokens.TokenStore`."""

    def __init__(self, database: Database, keys: Keys, account: str, now: Callable[[], datetime]) -> None:
        self._database = database
        self._keys = keys
        self._account = account
        self._now = now

    async def load(self) -> Tokens | None:
        return await self._database.read(self._find)

    def _find(self, tx: Transaction) -> Tokens | None:
        try:
            pair = channel_tokens.find(tx, self._keys, _CHANNEL, self._account)
        except ValueError:  # sealed with another key: as good as none
            log.error("tokens_sealed_with_another_key", channel=_CHANNEL)
            return None
        return None if pair is None else Tokens(pair.access, pair.refresh, pair.expires_at)

    async def save(self, tokens: Tokens, *, previous: Tokens | None) -> None:  # noqa: ARG002 - it is in the row
        pair = Pair(tokens.access, tokens.refresh, tokens.expires_at)
        now = self._now()
        await self._database.write(
            lambda tx: channel_tokens.save(tx, self._keys, _CHANNEL, self._account, pair, now)
        )

    async def rotating(self) -> None:
        await self._note(rotating_since=self._now())

    async def unspent(self) -> None:
        await self._note(rotating_since=None)

    async def lost(self) -> None:
        await self._note(lost_at=self._now())

    async def _note(self, **moments: datetime | None) -> None:
        now = self._now()
        await self._database.write(
            lambda tx: channel_tokens.note(tx, _CHANNEL, self._account, now, **moments)
        )


class HeldTokens:
    """Tokens whose account is not known yet: they must not take the place of a good pair."""

    def __init__(self) -> None:
        self.tokens: Tokens | None = None

    async def load(self) -> Tokens | None:
        return self.tokens

    async def save(self, tokens: Tokens, *, previous: Tokens | None) -> None:  # noqa: ARG002
        self.tokens = tokens

    async def rotating(self) -> None: ...

    async def unspent(self) -> None: ...

    async def lost(self) -> None: ...


def zalo_oa_account(chosen: ZaloOaSettings, store: TokenStore, now: Callable[[], datetime]) -> ZaloOaAccount:
    """The client of the account, not yet opened. The account is on and nothing of its settings is missing."""
    assert chosen.app_secret is not None, "the account is off"
    first = chosen.refresh_token
    return ZaloOaAccount(
        store,
        app_id=chosen.app_id,
        app_secret=chosen.app_secret.get_secret_value(),
        first_refresh=None if first is None else first.get_secret_value(),
        now=now,
        host=chosen.base_url,
        template_host=chosen.zns_url,
        oauth_url=chosen.oauth_url,
        media_hosts=(*MEDIA_HOSTS, urlsplit(chosen.base_url).hostname or ""),
    )


async def open_zalo_oa(
    settings: Settings, runtime: Runtime, stack: AsyncExitStack
) -> tuple[ZaloOaAccount, ZaloOaSender] | None:
    """The client, opened, and its sender; None while the account is off."""
    chosen = settings.zalo_oa
    if not chosen.is_on:
        return None
    store = DatabaseTokens(runtime.database, runtime.service.keys, chosen.oa_id, runtime.clock.now)
    account = await stack.enter_async_context(zalo_oa_account(chosen, store, runtime.clock.now))
    sender = ZaloOaSender(
        account,
        files=settings.files_dir,
        link=linking(runtime),
        template_result=chosen.template_result,
        contact_card=_contact_card(chosen, runtime.service),
    )
    return account, sender


def _contact_card(chosen: ZaloOaSettings, service: Service) -> ContactCard | None:
    if not chosen.contact_image:
        return None
    asks = service.catalogue.words(say("oa_contact_card"))
    return ContactCard(service.organisation.organisation.name, asks, chosen.contact_image)


def zalo_oa_routes(settings: Settings, *, receive: Receive, park: Park) -> list[web.AbstractRouteDef]:
    """The account's door; none while it is off."""
    chosen = settings.zalo_oa
    if not chosen.is_on:
        return []
    handler = zalo_oa_hook(
        oa_id=chosen.oa_id,
        secret=chosen.signing_secret,
        fronts=chosen.signing_ids,
        receive=receive,
        park=park,
    )
    return [web.get(PATH, handler), web.post(PATH, handler)]


def may_renew(settings: Settings) -> bool:
    """Whether tokens may be spent. A copy of the database on trial would spend those of the service."""
    return settings.send is not Send.LOG


async def keep_fresh(account: ZaloOaAccount, stop: asyncio.Event) -> None:
    """Have the tokens renewed in time, messages or not. The tick tells of failures."""
    while not stop.is_set():
        try:
            await account.tokens.access()
        except SendError as error:
            log.warning("tokens_not_fresh", channel=_CHANNEL, code=error.code)
        await rest(stop, _EVERY_SECONDS)
