"""Looks the deployment over: every problem with its remedy. Asks the network only when a token is set."""

import asyncio
import os
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, text

from bot.finding import Finding
from bot.lock import is_running
from bot.networks import Hook, hook_of, telegram_account, zalo_bot_account
from bot.opening import open_database
from bot.settings import Mode, Send, Settings, unknown_names
from bot.zalo_oa_doctor import examine_zalo_oa
from channels.telegram_account import TelegramAccount
from channels.webhook import WebhookState
from channels.zalo_bot_account import ZaloBotAccount
from core.calendar import local_day
from core.channel import Channel, SendError
from core.errors import RuleError
from core.people import Role
from core.say import say
from handlers import people, quotas, reach
from handlers.service import load_organisation
from plans import old_office, tesseract
from scheduler.voice import find_program
from storage.schema import check
from storage.tables import AuditRow, CalendarDayRow, InboxRow, OutboxRow
from storage.transaction import Transaction, table

_ROOM_ON_DISK = 500 * 2**20
_BACKWARD = timedelta(minutes=5)
_STALE = timedelta(minutes=10)


def examine(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Everything found, the settings first and the network last."""
    yield from _settings(settings)
    if settings.voice_copies and not find_program():
        yield Finding(say("doctor_no_ffmpeg"), is_problem=False)
    yield from _disk(settings.data_dir)
    yield from _plan_readers()
    try:
        with open_database(settings) as database:
            yield from (Finding(say("doctor_schema", what=what)) for what in check(database.engine)[:3])
            with database.transaction() as tx:
                yield from _durability(tx)
                yield from _people(tx)
                yield from _calendar(tx, now)
                yield from _quotas(tx, now)
                yield from _work(tx, settings, now)
    except RuleError as error:
        yield Finding(error.sentence)
    account = telegram_account(settings)
    if account is None:
        yield Finding(say("doctor_no_telegram"), is_problem=False)
    else:
        yield from asyncio.run(_telegram(account, settings))
    zalo_bot = zalo_bot_account(settings)
    if zalo_bot is not None:
        yield from asyncio.run(_zalo_bot(zalo_bot, settings))
    if settings.zalo_oa.is_on:
        yield from examine_zalo_oa(settings, now)


def _settings(settings: Settings) -> Iterator[Finding]:
    for name in unknown_names():
        yield Finding(say("doctor_unknown_name", name=name))
    if settings.secret_key is None:
        yield Finding(say("secret_key_missing"))
    networks = (settings.telegram.token, settings.zalo_bot.token, settings.zalo_oa.app_id)
    if settings.send is not Send.LIVE and any(networks):
        yield Finding(say("doctor_send", mode=settings.send), is_problem=False)


def _disk(data_dir: Path) -> Iterator[Finding]:
    if not data_dir.exists():
        return
    if not os.access(data_dir, os.W_OK):
        yield Finding(say("doctor_not_writable", folder=str(data_dir)))
    if data_dir.stat().st_mode & 0o007:
        yield Finding(say("doctor_open_folder", folder=str(data_dir)))
    free = shutil.disk_usage(data_dir).free
    if free < _ROOM_ON_DISK:
        yield Finding(say("doctor_disk", folder=str(data_dir), free=free // 2**20))


def _plan_readers() -> Iterator[Finding]:
    """Programs that some plan files need; without them these are refused with what to install."""
    if not tesseract.is_there():
        yield Finding(say("doctor_no_tesseract"), is_problem=False)
    if old_office.program() is None:
        yield Finding(say("doctor_no_libreoffice"), is_problem=False)


def _durability(tx: Transaction) -> Iterator[Finding]:
    if tx.connection.dialect.name != "postgresql":
        return  # every connection of ours sees to it there
    for setting in ("fsync", "full_page_writes"):
        if tx.connection.execute(text(f"SHOW {setting}")).scalar() == "off":
            yield Finding(say("doctor_fsync", setting=setting))


def _people(tx: Transaction) -> Iterator[Finding]:
    about = load_organisation(tx)
    needed = {about.organisation.leader, about.organisation.sealed_keeper}
    others = {*about.desk.duty, *(unit.head for unit in people.units(tx) if unit.head)}
    for name in sorted(needed | others):
        if people.officer_named(tx, name) is None:
            yield Finding(say("doctor_no_leader", name=name), is_problem=name in needed)
    for role in Role:
        for officer in people.officers_with_role(tx, role):
            if not people.addresses_of(tx, officer.id):
                yield Finding(say("doctor_unlinked", name=officer.name))
    if not people.officers_with_role(tx, Role.DESK):
        yield Finding(say("doctor_no_desk"))
    if not people.rooms(tx):
        yield Finding(say("doctor_no_room"))
    for unit in people.units(tx):
        if not people.officers_of_unit(tx, unit.id):
            yield Finding(say("doctor_empty_unit", unit=unit.name), is_problem=False)


def _calendar(tx: Transaction, now: datetime) -> Iterator[Finding]:
    days = table(CalendarDayRow)
    last = tx.connection.execute(
        select(func.max(days.c.day)).where(days.c.organisation_id == tx.organisation_id)
    ).scalar()
    year = local_day(now).year + 1
    if last is None or last.year < year:
        yield Finding(say("doctor_calendar", year=year))


def _quotas(tx: Transaction, now: datetime) -> Iterator[Finding]:
    for _, reached, warning in quotas.nearly_used(tx, now):
        yield Finding(warning, is_problem=reached >= 100)


def _work(tx: Transaction, settings: Settings, now: datetime) -> Iterator[Finding]:
    """What waits for a person or for the service, and whether the clock has gone back."""
    inbox, outbox, record = table(InboxRow), table(OutboxRow), table(AuditRow)
    newest = tx.connection.execute(select(func.max(record.c.at))).scalar()
    if newest is not None and newest > now + _BACKWARD:
        yield Finding(say("doctor_clock", newest=newest))
    parked = tx.connection.execute(select(inbox.c.id).where(inbox.c.state == "parked")).scalars().all()
    if parked:
        yield Finding(say("doctor_parked", ids=", ".join(str(each) for each in parked[:10])))
    running = is_running(settings)
    overdue = tx.connection.execute(
        select(func.count()).where(outbox.c.state == "queued", outbox.c.not_before < now - _STALE)
    ).scalar_one()
    if not running:
        yield Finding(say("doctor_not_running"), is_problem=False)
        return
    if overdue:
        yield Finding(say("doctor_outbox", count=overdue))
    for officer, count in reach.waiting(tx, now).items():
        yield Finding(say("doctor_unreached", name=officer.name, count=count))


async def _telegram(account: TelegramAccount, settings: Settings) -> list[Finding]:
    try:
        async with account:
            identity = await account.identity()
            webhook = await account.webhook()
    except SendError as error:
        return [Finding(say("doctor_telegram", code=error.code))]
    good = Finding(say("doctor_telegram_bot", username=identity.username), is_problem=False)
    return [good, *_webhook(webhook, settings.telegram.mode, hook_of(settings, Channel.TELEGRAM))]


async def _zalo_bot(account: ZaloBotAccount, settings: Settings) -> list[Finding]:
    try:
        async with account:
            identity = await account.identity()
            webhook = await account.webhook()
    except SendError as error:
        return [Finding(say("doctor_zalo_bot", code=error.code))]
    good = Finding(say("doctor_zalo_bot_name", name=str(identity.get("account_name", "-"))), is_problem=False)
    return [good, *_webhook(webhook, settings.zalo_bot.mode, hook_of(settings, Channel.ZALO_BOT))]


def _webhook(webhook: WebhookState, mode: Mode, hook: Hook) -> Iterator[Finding]:
    network, command = hook.name, hook.command
    if mode is Mode.POLLING:
        if webhook.url:
            yield Finding(say("doctor_webhook_set", network=network, command=command))
        return
    if webhook.url != hook.url:
        yield Finding(say("doctor_webhook_other", network=network, command=command, url=webhook.url or "-"))
    if webhook.last_error:
        pending = webhook.pending
        yield Finding(say("doctor_webhook_error", network=network, error=webhook.last_error, pending=pending))
