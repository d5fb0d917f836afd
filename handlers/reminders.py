"""Reminders on their way: put into the outbox, and taken back while they wait there."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update
from sqlmodel import col

from core.calendar import PUSH_UNTIL, local_day
from core.channel import Address
from core.delivery import OnUnknown, Priority, RowState
from core.people import Officer
from core.reminders import DigestItem
from core.say import Text, from_json, say, to_json
from handlers import duties, morning, people
from handlers.service import Service
from storage import outbox
from storage.outbox import Wish
from storage.tables import ObligationRow, OutboxRow, ReminderRow
from storage.transaction import Transaction, table

DIGEST = "digest"
REMINDER = "reminder"
"""Purposes of outbox rows; `handlers.digest.settled` wants to hear how such a row ended."""

ON_TIME = timedelta(minutes=15)
"""A morning's message that is queued later than this says that it is late."""

OPENS = "d:-"
"""Front of the payloads of choices such as duty:12, which open an item whatever the dialogue is at."""

_OUTBOX = table(OutboxRow)
_REMINDER = table(ReminderRow)


def digest_text(
    service: Service, items: tuple[DigestItem, ...], now: datetime, *, queued_at: datetime, whole: bool
) -> Text:
    """The items as one numbered message; a whole morning's one that comes late says so."""
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


def queue(
    service: Service,
    tx: Transaction,
    officer: Officer,
    address: Address,
    text: Text,
    now: datetime,
    *,
    key: str,
    about: int | None = None,
    until: datetime | None = None,
) -> int | None:
    """Queue a digest, or with `about` a message on that duty alone.

    Neither leaves after the evening rest has begun, nor after `until`.
    """
    evening = service.calendar.at(local_day(now), PUSH_UNTIL)
    return outbox.enqueue(
        tx,
        Wish(
            key=key,
            address=address,
            text=text,
            press=OPENS,
            priority=Priority.DIGEST if about is None else Priority.REMINDER,
            subject=f"officer:{officer.id}" if about is None else f"obligation:{about}",
            purpose=DIGEST if about is None else REMINDER,
            expires_at=evening if until is None else min(evening, until),
            on_unknown=OnUnknown.REPEAT,
        ),
        now,
    )


# --- what still waits --------------------------------------------------------------------------------------


def withdraw(service: Service, tx: Transaction, obligation_id: int, now: datetime) -> None:
    """Nothing that still waits names this duty any more; a digest that loses its last item does not leave."""
    tx.flush()
    outbox.cancel(tx, subject=f"obligation:{obligation_id}")
    mine = (_REMINDER.c.obligation_id == obligation_id, _REMINDER.c.state == "queued")
    change_reminders(tx, *mine, state="cancelled")
    waiting = select(_OUTBOX).where(_OUTBOX.c.purpose == DIGEST, _OUTBOX.c.state == "queued")
    for row in tx.connection.execute(waiting).all():
        if any(choice.code == f"duty:{obligation_id}" for choice in from_json(row.message).choices):
            _recompose(service, tx, row, now)


def _recompose(service: Service, tx: Transaction, row: Row[Any], now: datetime) -> None:
    officer = people.officer_by_id(tx, officer_id_of(row))
    whole = row.dedupe_key.partition("+")[0].count(":") == 2
    named = _REMINDER.c.outbox_id == row.id
    still = select(_REMINDER.c.obligation_id).where(named, _REMINDER.c.state == "queued")
    reminded = duties.duties(tx, col(ObligationRow.id).in_(still))
    assert officer is not None
    items = morning.gather(service, tx, officer, reminded, now, whole=whole)
    if not items:
        outbox.change(tx, row.id, state=RowState.CANCELLED)
        return
    text = digest_text(service, items, now, queued_at=row.created_at, whole=whole)
    outbox.change(tx, row.id, message=to_json(text))


def officer_id_of(row: Row[Any]) -> int:
    """Whose message it is: both kinds of keys carry it in second place."""
    return int(row.dedupe_key.split(":")[1])


def follow(tx: Transaction, row_id: int, new_id: int) -> None:
    """The message is on its way as another row: its reminders wait for that one's end."""
    change_reminders(tx, _REMINDER.c.outbox_id == row_id, _REMINDER.c.state == "queued", outbox_id=new_id)


def change_reminders(tx: Transaction, *wanted: Any, **values: Any) -> None:
    """Write what became of reminders."""
    tx.connection.execute(update(_REMINDER).where(*wanted).values(**values))
