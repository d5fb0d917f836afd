"""Reminding: one message a person each working morning, and single ones where an hour or a delay asks for it.

The database is the schedule: a duty's `next_remind_at` says when it is looked at again, a `ReminderRow`
that a person has heard of it today. Ticks may come twice, late, or not at all for two weeks.
"""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, select, update
from sqlmodel import col

from core.calendar import PUSH_UNTIL, local_day
from core.channel import Address
from core.delivery import OnUnknown, Priority, RowState
from core.obligations import WAITING
from core.people import Officer, Role
from core.reminders import Hearer, Stage, StageKind, hearers, is_single, may_digest, next_digest_at, stage_at
from core.say import Choice, Text, from_json, say, to_json
from handlers import duties, missed, morning, people
from handlers.service import Service
from storage import conversations, outbox
from storage.outbox import Wish
from storage.tables import ObligationRow, OfficerChannelRow, OutboxRow, ReminderRow, ServiceStateRow
from storage.transaction import Transaction, table

DIGEST = "digest"
REMINDER = "reminder"
"""Purposes of outbox rows; `settled` wants to hear how such a row ended."""

ON_TIME = timedelta(minutes=15)
"""A morning's message that is queued later than this says that it is late."""

_LAST_DAY = "digest_day"
_STAFF = (Role.DESK, Role.OFFICER, Role.LEADER)
_OUTBOX = table(OutboxRow)
_REMINDER = table(ReminderRow)
_DUTY = table(ObligationRow)
_LINK = table(OfficerChannelRow)


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
    """Who hears of it, each once, and as what. Who ought to but never joined is noted as missed."""
    found: dict[Officer, set[Hearer]] = {}
    unit = people.unit_by_id(tick.tx, row.unit_id or 0)
    centre = duties.coordinating_unit(tick.service, tick.tx)
    for role in hearers(duties.as_rule(row), stage, tick.service.reminders):
        concerned = centre if role is Hearer.COORDINATOR or unit is None else unit
        if role is not Hearer.HEAD:
            officers = duties.workers(tick.tx, concerned.id)
            tick.missed |= {} if officers else missed.about_unit(concerned)
        elif concerned.head:
            head = people.officer_named(tick.tx, concerned.head)
            officers = [head] if head else []
            tick.missed |= {} if head else missed.about_head(concerned)
        else:
            officers = []
        for officer in officers:
            found.setdefault(officer, set()).add(role)
    return found


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
        _change_reminders(tx, _REMINDER.c.id == reminder_id, state="undeliverable")
        tick.missed |= missed.about_officer(tx, officer)
    elif alone:
        key = f"{REMINDER}:{officer.id}:{row.id}:{stage.code}:{today}"
        text = _single(tick, row, stage, officer)
        outbox_id = _queue(tick.service, tx, officer, addresses[0], text, tick.now, key=key, about=row.id)
        _change_reminders(tx, _REMINDER.c.id == reminder_id, outbox_id=outbox_id)
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
    key = f"{DIGEST}:{officer.id}:{today}" + ("" if whole else f":{now:%H%M%S}")
    text = _digest(service, items, now, queued_at=now, whole=whole)
    outbox_id = _queue(service, tx, officer, addresses[0], text, now, key=key)
    told = (_REMINDER.c.officer_id == officer.id, _REMINDER.c.on_day == today, _REMINDER.c.outbox_id.is_(None))
    _change_reminders(tx, *told, _REMINDER.c.state == "queued", outbox_id=outbox_id)


def _digest(
    service: Service, items: tuple[Any, ...], now: datetime, *, queued_at: datetime, whole: bool
) -> Text:
    on_time = service.calendar.at(local_day(queued_at), service.reminders.digest_time) + ON_TIME
    is_late = whole and queued_at > on_time
    notes = (*morning.unlisted(items), *((say("digest_delayed"),) if is_late else ()))
    return say(
        "digest",
        choices=morning.listed(service, items, now),
        day=local_day(now),
        count=len(items),
        notes=notes,
    )


def _queue(
    service: Service,
    tx: Transaction,
    officer: Officer,
    address: Address,
    text: Text,
    now: datetime,
    *,
    key: str,
    about: int | None = None,
) -> int | None:
    """Queue a digest, or with `about` a message on that duty alone. Neither leaves after the evening rest."""
    return outbox.enqueue(
        tx,
        Wish(
            key=key,
            address=address,
            text=text,
            press=offer(tx, address, officer, text.choices, now),
            priority=Priority.DIGEST if about is None else Priority.REMINDER,
            subject=f"officer:{officer.id}" if about is None else f"obligation:{about}",
            purpose=DIGEST if about is None else REMINDER,
            expires_at=service.calendar.at(local_day(now), PUSH_UNTIL),
            on_unknown=OnUnknown.REPEAT,
        ),
        now,
    )


def offer(
    tx: Transaction, address: Address, officer: Officer, choices: tuple[Choice, ...], now: datetime
) -> str:
    """Make a number typed in the officer's private chat mean one of these; the front of the buttons' payloads."""
    tx.flush()
    sender = tx.connection.execute(
        select(_LINK.c.sender).where(
            _LINK.c.officer_id == officer.id, _LINK.c.channel == address.channel, _LINK.c.chat == address.chat
        )
    ).scalar()
    conversation = conversations.load(tx, address, sender or address.chat, now)
    conversations.save(
        tx, conversation, now, state=conversation.state, offered=choices, wake_at=conversation.wake_at
    )
    return f"d:{conversation.version + 1}"


# --- what still waits --------------------------------------------------------------------------------------


def withdraw(service: Service, tx: Transaction, obligation_id: int, now: datetime) -> None:
    """Nothing that still waits names this duty any more; a digest that loses its last item does not leave."""
    tx.flush()
    outbox.cancel(tx, subject=f"obligation:{obligation_id}")
    mine = (_REMINDER.c.obligation_id == obligation_id, _REMINDER.c.state == "queued")
    _change_reminders(tx, *mine, state="cancelled")
    waiting = select(_OUTBOX).where(_OUTBOX.c.purpose == DIGEST, _OUTBOX.c.state == "queued")
    for row in tx.connection.execute(waiting).all():
        if any(choice.code == f"duty:{obligation_id}" for choice in from_json(row.message).choices):
            _recompose(service, tx, row, now)


def _recompose(service: Service, tx: Transaction, row: Row[Any], now: datetime) -> None:
    officer = people.officer_by_id(tx, _officer_id(row))
    whole = row.dedupe_key.partition("+")[0].count(":") == 2
    named = _REMINDER.c.outbox_id == row.id
    still = select(_REMINDER.c.obligation_id).where(named, _REMINDER.c.state == "queued")
    reminded = duties.duties(tx, col(ObligationRow.id).in_(still))
    assert officer is not None
    items = morning.gather(service, tx, officer, reminded, now, whole=whole)
    if not items:
        outbox.change(tx, row.id, state=RowState.CANCELLED)
        return
    text = _digest(service, items, now, queued_at=row.created_at, whole=whole)
    press = offer(tx, outbox.address_of(row), officer, text.choices, now)
    outbox.change(tx, row.id, message=to_json(text), press=press)


# --- how it ended ------------------------------------------------------------------------------------------


def settled(service: Service, tx: Transaction, row: Row[Any], outcome: str, now: datetime) -> None:
    """Note how a row of ours ended. What did not arrive goes to the person's next chat, else people are told."""
    mine = (_REMINDER.c.outbox_id == row.id, _REMINDER.c.state == "queued")
    if outcome is RowState.SENT:
        _change_reminders(tx, *mine, state="digested" if row.purpose == DIGEST else "sent")
        return
    officer = people.officer_by_id(tx, _officer_id(row))
    if outcome is RowState.CANCELLED or officer is None or not officer.is_active:
        _change_reminders(tx, *mine, state="cancelled")
        return
    elsewhere = None if outcome is RowState.EXPIRED else _send_elsewhere(service, tx, row, officer, now)
    if elsewhere is not None:
        _change_reminders(tx, *mine, outbox_id=elsewhere)
        return
    if outcome is RowState.EXPIRED:
        _say_again(service, tx, row, now)
    _change_reminders(tx, *mine, state="undeliverable")
    missed.tell(service, tx, missed.about_officer(tx, officer), now)


def _send_elsewhere(
    service: Service, tx: Transaction, row: Row[Any], officer: Officer, now: datetime
) -> int | None:
    """The same message to a chat of the officer that was not tried yet; None when there is none."""
    base, _, _ = row.dedupe_key.partition("+")
    of_base = (_OUTBOX.c.dedupe_key == base) | _OUTBOX.c.dedupe_key.startswith(f"{base}+", autoescape=True)
    tried = [outbox.address_of(sent) for sent in tx.connection.execute(select(_OUTBOX).where(of_base))]
    left = [address for address in people.addresses_of(tx, officer.id) if address not in tried]
    if not left:
        return None
    about = int(row.subject.partition(":")[2]) if row.purpose == REMINDER else None
    key = f"{base}+{len(tried)}"
    return _queue(service, tx, officer, left[0], from_json(row.message), now, key=key, about=about)


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


def _officer_id(row: Row[Any]) -> int:
    """Both kinds of keys carry it in second place."""
    return int(row.dedupe_key.split(":")[1])


def _change_reminders(tx: Transaction, *wanted: Any, **values: Any) -> None:
    tx.connection.execute(update(_REMINDER).where(*wanted).values(**values))
