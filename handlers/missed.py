"""Who could not be reminded is told to people the same morning: silence would look like a duty forgotten."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import exists, select

from core.calendar import local_day
from core.people import Officer, Role
from core.say import Text, say
from handlers import audit, duties, notices, people
from handlers.people import Unit
from handlers.service import Service
from storage.tables import AuditRow
from storage.transaction import Transaction, table

_ACT = "unreached"
_AUDIT = table(AuditRow)

Missed = Mapping[str, Text]
"""What names who was not reached (such as "officer:3") to the line about them."""


def about_officer(tx: Transaction, officer: Officer) -> dict[str, Text]:
    """The person has no chat that takes messages."""
    unit = people.unit_by_id(tx, officer.unit_id)
    return {f"officer:{officer.id}": say("missed_officer", name=officer.name, unit=unit.name if unit else "")}


def about_unit(unit: Unit) -> dict[str, Text]:
    """Nobody of the unit has joined yet."""
    return {f"unit:{unit.id}": say("missed_unit", unit=unit.name)}


def about_head(unit: Unit) -> dict[str, Text]:
    """The head named in the organisation file has not joined yet."""
    return {f"head:{unit.id}": say("missed_head", name=unit.head, unit=unit.name)}


def tell(service: Service, tx: Transaction, missed: Missed, now: datetime) -> None:
    """One message to the coordinating unit and the administrators; nobody is named twice on one day."""
    today = local_day(now)
    new = {subject: line for subject, line in missed.items() if not _is_known(tx, subject, today)}
    if not new:
        return
    for subject in new:
        audit.record(tx, audit.SYSTEM, _ACT, subject, now, note=today.isoformat())
    text = say("missed", lines=tuple(new.values()))
    key = f"missed:{today}:{next(iter(new))}"
    centre = duties.coordinating_unit(service, tx)
    receivers = [*duties.workers(tx, centre.id), *people.officers_with_role(tx, Role.ADMIN)]
    reached = [notices.to_officer(tx, officer, text, now, key=key) for officer in receivers]
    if not any(reached):
        notices.to_desk(tx, text, now, key=key)


def _is_known(tx: Transaction, subject: str, today: date) -> bool:
    tx.flush()
    wanted = (
        _AUDIT.c.organisation_id == tx.organisation_id,
        _AUDIT.c.subject == subject,
        _AUDIT.c.act == _ACT,
        _AUDIT.c.note == today.isoformat(),
    )
    return bool(tx.connection.execute(select(exists().where(*wanted))).scalar())
