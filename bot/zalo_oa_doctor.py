"""Looks the Official Account over: which step is still missing, how old its tokens are, what Zalo says."""

import asyncio
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select

from bot.finding import Finding
from bot.opening import open_database
from bot.settings import Settings
from bot.zalo_oa import DatabaseTokens, may_renew, zalo_oa_account
from channels.zalo_oa_account import OaIdentity, ZaloOaAccount
from core.channel import Channel, SendError
from core.errors import RuleError
from core.say import say
from storage import channel_tokens
from storage.channel_tokens import TokenState
from storage.database import Database
from storage.keys import Keys
from storage.tables import InboxRow
from storage.transaction import table


def examine_zalo_oa(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Everything found; the account is on."""
    chosen = settings.zalo_oa
    if not settings.public_url.startswith("https://"):
        yield Finding(say("doctor_zalo_oa_https", url=settings.public_url))
    if not chosen.template_result:
        yield Finding(say("doctor_zalo_oa_template"), is_problem=False)
    try:
        with open_database(settings) as database:
            state = _state(database, settings)
            yield from _tokens(state, settings)
            yield from _last_event(database)
            if settings.zalo_oa.refresh_token or (state is not None and state.lost_at is None):
                yield from _answer(database, settings, now)
    except RuleError:
        return  # the database itself is told of elsewhere


def _state(database: Database, settings: Settings) -> TokenState | None:
    """How the account's tokens stand; None before the first pair."""
    mine = (Channel.ZALO_OA, settings.zalo_oa.oa_id)
    with database.transaction() as tx:
        found = (state for state in channel_tokens.states(tx) if (state.channel, state.account) == mine)
        return next((state for state in found if state.renewed_at is not None), None)


def _tokens(state: TokenState | None, settings: Settings) -> Iterator[Finding]:
    if state is None or state.renewed_at is None:
        if settings.zalo_oa.refresh_token is None:
            yield Finding(say("doctor_zalo_oa_unconnected"))
        return
    if state.lost_at is not None:
        yield Finding(say("doctor_zalo_oa_lost", at=state.lost_at))
    elif state.rotating_since is not None:
        yield Finding(say("doctor_zalo_oa_rotating", at=state.rotating_since))
    text = say("doctor_zalo_oa_tokens", renewed_at=state.renewed_at, expires_at=state.expires_at)
    yield Finding(text, is_problem=False)


def _last_event(database: Database) -> Iterator[Finding]:
    """Zalo switches a webhook off by itself and tells nobody; only the silence shows it."""
    inbox = table(InboxRow)
    last = select(func.max(inbox.c.received_at)).where(inbox.c.channel == Channel.ZALO_OA)
    with database.transaction() as tx:
        found = tx.connection.execute(last).scalar()
    text = say("doctor_zalo_oa_no_event") if found is None else say("doctor_zalo_oa_last_event", at=found)
    yield Finding(text, is_problem=False)


def _answer(database: Database, settings: Settings, now: datetime) -> Iterator[Finding]:
    if not may_renew(settings):
        yield Finding(say("doctor_zalo_oa_trial"), is_problem=False)
        return
    store = DatabaseTokens(database, Keys(settings.secret), settings.zalo_oa.oa_id, lambda: now)
    try:
        found = asyncio.run(_ask(zalo_oa_account(settings.zalo_oa, store, lambda: now)))
    except SendError as error:
        yield Finding(say("doctor_zalo_oa", code=error.code))
        return
    yield Finding(say("doctor_zalo_oa_name", name=found.name or "-", id=found.id), is_problem=False)
    if found.id and found.id != settings.zalo_oa.oa_id:
        yield Finding(say("doctor_zalo_oa_other", id=found.id, wanted=settings.zalo_oa.oa_id))
    if not found.is_verified:
        yield Finding(say("doctor_zalo_oa_unverified"))


async def _ask(account: ZaloOaAccount) -> OaIdentity:
    async with account:
        return await account.identity()
