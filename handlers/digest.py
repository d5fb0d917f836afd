"""Reminding: one message a person each working morning, and single ones where an hour or a delay asks for it.

The database is the schedule: a duty's `next_remind_at` says when it is looked at again, a `ReminderRow`
that a person has heard of it today. Ticks may come twice, late, or not at all for two weeks.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlmodel import col

from core.calendar import local_day
from core.channel import Channel
from core.delivery import RowState
from core.obligations import WAITING
from core.people import Officer, Role
from core.reminders import Hearer, Stage, StageKind, hearers, is_single, may_digest, next_digest_at, stage_at
from core.say import Choice, Text, say
from handlers import duties, missed, morning, people, reach, reminders
from handlers.service import Service
from storage.tables import ObligationRow, ReminderRow, ServiceStateRow
from storage.transaction import Transaction, table

_LAST_DAY = "digest_day"
_STAFF = (Role.DESK, Role.OFFICER, Role.LEADER)
_REMINDER = table(ReminderRow)
_DUTY = table(ObligationRow)


@dataclass
class _Tick:
    """One look at the schedule: whose message gets which duties, and who could not be reached."""

    service: Service
    tx: Transaction
    now: datetime
    heard: dict[Officer, list[ObligationRow]] = field(default_factory=dict)
    missed: dict[str, Text] = field(default_factory=dict)


def remind_due(service: Service, tx: Transaction, now: datetime) -> None:
    """Queue what is to be said now. Does nothing at night, on days off, or when all has been said."""
    if service.calendar.allowed_push(now) != now:
        return
    tick = _Tick(service, tx, now)
    is_day_begun = may_digest(now, service.calendar, service.reminders)
    for row in duties.duties(tx, col(ObligationRow.next_remind_at) <= now):
        stage = stage_at(duties.as_rule(row), now, service.calendar, service.reminders)
        if is_day_begun or (stage is not None and stage.kind is StageKind.HOUR):
            _fire(tick, row, stage)
    whole = is_day_begun and _begin_day(tick)
    for officer in _staff(tx) if whole else list(tick.heard):
        _send_digest(tick, officer, whole=whole)
    missed.tell(service, tx, tick.missed, now)
    tx.flush()


def _begin_day(tick: _Tick) -> bool:
    """Whether this is the first look since the digest hour of the day; the next one is not."""
    today = local_day(tick.now).isoformat()
    known = tick.tx.session.get(ServiceStateRow, _LAST_DAY)
    if known is not None and known.value >= today:
        return False
    tick.tx.session.merge(ServiceStateRow(key=_LAST_DAY, value=today))
    return True


def _staff(tx: Transaction) -> list[Officer]:
    return [officer for role in _STAFF for officer in people.officers_with_role(tx, role)]


# --- one duty ----------------------------------------------------------------------------------------------


def _fire(tick: _Tick, row: ObligationRow, stage: Stage | None) -> None:
    """Say the duty's stage to all whom it concerns, and set when it is looked at next."""
    if stage is not None:
        is_past = duties.as_rule(row).is_overdue(tick.now) and stage.kind is StageKind.HOUR
        for officer, roles in _listeners(tick, row, stage).items():
            alone = not is_past and all(is_single(stage, role) for role in roles)
            _remind(tick, row, stage, officer, alone=alone)
    duties.remind_on(tick.service, row, tick.now)


def _listeners(tick: _Tick, row: ObligationRow, stage: Stage) -> dict[Officer, set[Hearer]]:
    """Who hears of it, each once, and as what."""
    found: dict[Officer, set[Hearer]] = {}
    for role in sorted(hearers(duties.as_rule(row), stage, tick.service.reminders)):
        for officer in _people(tick, row, role):
            found.setdefault(officer, set()).add(role)
    return found


def _people(tick: _Tick, row: ObligationRow, role: Hearer) -> list[Officer]:
    """Who hears of the duty in this role. Where nobody has joined yet, that is noted as missed."""
    unit = people.unit_by_id(tick.tx, row.unit_id or 0)
    if unit is None or role is Hearer.COORDINATOR:
        unit = duties.coordinating_unit(tick.service, tick.tx)
    if role is not Hearer.HEAD:
        found = duties.workers(tick.tx, unit.id)
        tick.missed |= {} if found else missed.about_unit(unit)
        return found
    head = people.officer_named(tick.tx, unit.head)
    if head is not None and head.may_work:
        return [head]
    tick.missed |= missed.about_head(unit) if unit.head else {}
    return []


def _remind(tick: _Tick, row: ObligationRow, stage: Stage, officer: Officer, *, alone: bool) -> None:
    tx, today = tick.tx, local_day(tick.now)
    values: dict[str, Any] = {
        "organisation_id": tx.organisation_id,
        "obligation_id": row.id,
        "officer_id": officer.id,
        "stage": stage.code,
        "on_day": today,
        "state": "queued",
        "created_at": tick.now,
    }
    reminder_id = tx.insert_once(ReminderRow, values, key=["obligation_id", "stage", "on_day", "officer_id"])
    if reminder_id is None:
        return
    addresses = people.addresses_of(tx, officer.id)
    if not addresses:
        reminders.change_reminders(tx, _REMINDER.c.id == reminder_id, state="undeliverable")
        tick.missed |= missed.about_officer(tx, officer)
    elif alone:
        until = row.overdue_after if stage.kind is StageKind.HOUR else None
        key = f"{reminders.REMINDER}:{officer.id}:{row.id}:{stage.code}:{today}"
        text = _single(tick, row, stage, officer)
        outbox_id = reminders.queue(
            tick.service, tx, officer, addresses[0], text, tick.now, key=key, about=row.id, until=until
        )
        reminders.change_reminders(tx, _REMINDER.c.id == reminder_id, outbox_id=outbox_id)
    else:
        tick.heard.setdefault(officer, []).append(row)


def _single(tick: _Tick, row: ObligationRow, stage: Stage, officer: Officer) -> Text:
    item = morning.duty_item(tick.service, tick.tx, officer, row, tick.now)
    due = duties.due_words(tick.service, duties.as_rule(row), local_day(tick.now))
    key = "reminder_hour" if stage.kind is StageKind.HOUR else "reminder_late"
    return say(key, choices=(Choice(item.subject),), title=item.title, due=due)


# --- one person --------------------------------------------------------------------------------------------


def _send_digest(tick: _Tick, officer: Officer, *, whole: bool) -> None:
    service, tx, now = tick.service, tick.tx, tick.now
    items = morning.gather(service, tx, officer, tick.heard.get(officer, ()), now, whole=whole)
    if not items:
        return
    addresses = people.addresses_of(tx, officer.id)
    if not addresses:
        tick.missed |= missed.about_officer(tx, officer)
        return
    today = local_day(now)
    key = f"{reminders.DIGEST}:{officer.id}:{today}" + ("" if whole else f":{now:%H%M%S}")
    text = reminders.digest_text(service, items, now, queued_at=now, whole=whole)
    outbox_id = reminders.queue(service, tx, officer, addresses[0], text, now, key=key)
    told = (
        _REMINDER.c.officer_id == officer.id,
        _REMINDER.c.on_day == today,
        _REMINDER.c.outbox_id.is_(None),
    )
    reminders.change_reminders(tx, *told, _REMINDER.c.state == "queued", outbox_id=outbox_id)


# --- how it ended ------------------------------------------------------------------------------------------


def settled(service: Service, tx: Transaction, row: Row[Any], outcome: str, now: datetime) -> None:
    """Note how a row of ours ended. What did not arrive goes to another chat, else people are told."""
    mine = (_REMINDER.c.outbox_id == row.id, _REMINDER.c.state == "queued")
    if outcome == RowState.SENT:
        reminders.change_reminders(tx, *mine, state="digested" if row.purpose == reminders.DIGEST else "sent")
        return
    officer = people.officer_by_id(tx, reminders.officer_id_of(row))
    if outcome == RowState.CANCELLED or officer is None or not officer.is_active:
        reminders.change_reminders(tx, *mine, state="cancelled")
        return
    if outcome != RowState.EXPIRED and reach.elsewhere(service, tx, row, officer, now):
        return
    if outcome == RowState.EXPIRED:
        _say_again(service, tx, row, now)
    reminders.change_reminders(tx, *mine, state="undeliverable")
    missed.tell(service, tx, missed.about_officer(tx, officer, [row]), now, not_over=Channel(row.channel))


def _say_again(service: Service, tx: Transaction, row: Row[Any], now: datetime) -> None:
    """The day ended before the message could leave: its duties come with the next digest."""
    named = select(_REMINDER.c.obligation_id).where(_REMINDER.c.outbox_id == row.id)
    later = next_digest_at(now, service.calendar, service.reminders)
    tx.connection.execute(
        update(_DUTY)
        .where(
            _DUTY.c.id.in_(named),
            _DUTY.c.status.in_(tuple(WAITING)),
            _DUTY.c.next_remind_at.is_(None) | (_DUTY.c.next_remind_at > later),
        )
        .values(next_remind_at=later)
    )
