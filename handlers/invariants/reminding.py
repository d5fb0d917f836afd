"""Invariants of reminders: none lost, none early, none to the wrong person, none silently late."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select

from handlers.invariants.finding import Finding, rows_of
from handlers.service import Service
from storage.tables import ObligationRow, OfficerRow, OutboxRow, ReminderRow
from storage.transaction import Transaction, table

_DUTY = table(ObligationRow)
_OFFICER = table(OfficerRow)
_OUTBOX = table(OutboxRow)
_REMINDER = table(ReminderRow)
_REMINDING = ("digest", "reminder")
_ENDS = ("digested", "sent", "cancelled", "undeliverable")
_LATEST = timedelta(minutes=15)
_STUCK_AFTER = timedelta(days=4)
"""The sending gives up after 72 hours; a day later every reminder must have ended."""


def i11(_service: Service, tx: Transaction, now: datetime) -> Iterator[Finding]:
    """One row per duty, stage, day and person, and each comes to an end."""
    twice = (
        select(func.min(_REMINDER.c.id))
        .group_by(_REMINDER.c.obligation_id, _REMINDER.c.stage, _REMINDER.c.on_day, _REMINDER.c.officer_id)
        .having(func.count() > 1)
    )
    yield from rows_of(tx, "I11", "the same reminder twice", twice)
    stuck = select(_REMINDER.c.id).where(
        _REMINDER.c.state.not_in(_ENDS), _REMINDER.c.created_at < now - _STUCK_AFTER
    )
    yield from rows_of(tx, "I11", "a reminder that never ended", stuck)


def i12(_service: Service, tx: Transaction, _now: datetime) -> Iterator[Finding]:
    """No reminder after the duty was done or dropped; none before its moment, none to who has left."""
    after_done = (
        select(_REMINDER.c.id)
        .join(_DUTY, _DUTY.c.id == _REMINDER.c.obligation_id)
        .where(_DUTY.c.status == "done", _REMINDER.c.created_at > _DUTY.c.done_at)
    )
    yield from rows_of(tx, "I12", "a reminder of what was done already", after_done)
    still_waits = (
        select(_REMINDER.c.id)
        .join(_DUTY, _DUTY.c.id == _REMINDER.c.obligation_id)
        .where(_DUTY.c.status.in_(("done", "cancelled")), _REMINDER.c.state == "queued")
    )
    yield from rows_of(tx, "I12", "a reminder still on its way for what has ended", still_waits)
    early = select(_OUTBOX.c.id).where(
        _OUTBOX.c.purpose.in_(_REMINDING), _OUTBOX.c.sent_at < _OUTBOX.c.not_before
    )
    yield from rows_of(tx, "I12", "a reminder sent before its moment", early)
    gone = (
        select(_REMINDER.c.id)
        .join(_OFFICER, _OFFICER.c.id == _REMINDER.c.officer_id)
        .where(_REMINDER.c.state == "queued", ~_OFFICER.c.is_active)
    )
    yield from rows_of(tx, "I12", "a reminder for somebody who has left", gone)


def i13(_service: Service, tx: Transaction, _now: datetime) -> Iterator[Finding]:
    """A reminder that left late says so by its tries, not in silence."""
    rows = tx.connection.execute(
        select(_OUTBOX.c.id, _OUTBOX.c.not_before, _OUTBOX.c.sent_at).where(
            _OUTBOX.c.purpose.in_(_REMINDING), _OUTBOX.c.state == "sent", _OUTBOX.c.attempts == 1
        )
    )
    late = tuple(str(row.id) for row in rows if row.sent_at - row.not_before > _LATEST)
    if late:
        yield Finding("I13", "a reminder left late without a failed try", late[:5])


CHECKS = (i11, i12, i13)
