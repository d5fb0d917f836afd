"""Who is not reached is told to people the same day: silence would look like a duty forgotten."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, exists, select

from core.calendar import local_day
from core.channel import Address, Channel
from core.people import Officer, Role
from core.say import Label, Text, Value, say
from handlers import audit, duties, notices, people
from handlers.people import Unit
from handlers.service import Service
from storage.tables import AuditRow, TicketRow
from storage.transaction import Transaction, table

_ACT = "unreached"
_AUDIT = table(AuditRow)

Missed = Mapping[str, Text]
"""What names who was not reached (such as "officer:3") to the line about them."""


def about_officer(tx: Transaction, officer: Officer, rows: Sequence[Row[Any]] = ()) -> dict[str, Text]:
    """The person has no chat that takes messages; `rows` are those that wait, or were refused."""
    unit = people.unit_by_id(tx, officer.unit_id)
    unit_name = unit.name if unit else ""
    if not rows:
        line = say("missed_officer", name=officer.name, unit=unit_name)
    else:
        what = _what(tx, rows[0])
        line = say("missed_messages", name=officer.name, unit=unit_name, count=len(rows), what=what)
    return {f"officer:{officer.id}": line}


def about_room(room: Address, rows: Sequence[Row[Any]]) -> dict[str, Text]:
    """The desk's room takes no messages at present."""
    channel = Label(f"channel.{room.channel}")
    return {f"room:{room}": say("missed_room", channel=channel, count=len(rows))}


def about_unit(unit: Unit) -> dict[str, Text]:
    """Nobody of the unit has joined yet."""
    return {f"unit:{unit.id}": say("missed_unit", unit=unit.name)}


def about_head(unit: Unit) -> dict[str, Text]:
    """The head named in the organisation file has not joined yet."""
    return {f"head:{unit.id}": say("missed_head", name=unit.head, unit=unit.name)}


def tell(
    service: Service,
    tx: Transaction,
    missed: Missed,
    now: datetime,
    *,
    not_over: Channel | None = None,
    also: Iterable[Officer] = (),
) -> None:
    """One message to the coordinating unit, the administrators and `also`; nobody is named twice on one day.

    `not_over`: the network on which they were missed, unless a receiver has no other.
    """
    today = local_day(now)
    new = {subject: line for subject, line in missed.items() if not _is_known(tx, subject, today)}
    if not new:
        return
    for subject in new:
        audit.record(tx, audit.SYSTEM, _ACT, subject, now, note=today.isoformat())
    text = say("missed", lines=tuple(new.values()))
    key = f"missed:{today}:{next(iter(new))}"
    centre = duties.coordinating_unit(service, tx)
    receivers = dict.fromkeys(
        [*duties.workers(tx, centre.id), *people.officers_with_role(tx, Role.ADMIN), *also]
    )
    reached = [
        notices.to_officer(tx, officer, text, now, key=key, not_over=not_over)
        for officer in receivers
        if f"officer:{officer.id}" not in new
    ]
    if not any(reached):
        notices.to_desk(tx, text, now, key=key)


def _what(tx: Transaction, row: Row[Any]) -> Value:
    """What kind of message it is, with the number of its ticket; nothing of its content."""
    about = re.fullmatch(r"t:(\d+):\d+", row.press)
    ticket = tx.session.get(TicketRow, int(about[1])) if about else None
    if ticket is not None:
        return say("missed_ticket", number=ticket.number)
    return Label(f"purpose.{row.purpose}")


def _is_known(tx: Transaction, subject: str, today: date) -> bool:
    tx.flush()
    wanted = (
        _AUDIT.c.organisation_id == tx.organisation_id,
        _AUDIT.c.subject == subject,
        _AUDIT.c.act == _ACT,
        _AUDIT.c.note == today.isoformat(),
    )
    return bool(tx.connection.execute(select(exists().where(*wanted))).scalar())
