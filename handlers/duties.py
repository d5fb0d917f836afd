"""The stored duty and the rules' view of it: the only way to one, and the only way to change one."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlmodel import col, select

from core.errors import RuleError
from core.obligations import (
    Obligation,
    ObligationAct,
    ObligationKind,
    ObligationStatus,
    Party,
    obligation_transition,
    with_due,
)
from core.people import Officer, Role, obligation_parties
from core.reminders import first_remind_at, next_remind_at
from core.say import Label, Text, say
from handlers import audit, people
from handlers.audit import By
from handlers.people import Unit
from handlers.service import Service
from storage.tables import ObligationRow, PlanRow
from storage.transaction import Transaction

OPERATOR = By(Party.OPERATOR)

TIMED = frozenset({ObligationKind.DEADLINE, ObligationKind.PERIOD, ObligationKind.RECURRING})
"""Kinds that need a day to be reminded of; the others never remind."""


def as_rule(row: ObligationRow) -> Obligation:
    """The stored duty as the rules see it."""
    return Obligation(
        id=row.id,
        title=row.title,
        unit_id=row.unit_id,
        kind=ObligationKind(row.kind),
        status=ObligationStatus(row.status),
        due=row.due,
        before=row.before,
        due_time=time.fromisoformat(row.due_time) if row.due_time else None,
        strict_due=row.strict_due,
        overdue_after=row.overdue_after,
        extensions=row.extensions,
    )


# --- who ---------------------------------------------------------------------------------------------------


def coordinating_unit(service: Service, tx: Transaction) -> Unit:
    """The unit that hears what slips. The organisation file was checked to name one of its units."""
    unit = people.unit_named(tx, service.organisation.organisation.coordinating_unit)
    assert unit is not None
    return unit


def workers(tx: Transaction, unit_id: int) -> list[Officer]:
    """Who does the work of a unit: its officers and desk staff, not its leaders and no administrator."""
    found = people.officers_of_unit(tx, unit_id)
    return [officer for officer in found if officer.may_work and officer.role is not Role.LEADER]


def parties(service: Service, tx: Transaction, officer: Officer, row: ObligationRow) -> frozenset[Party]:
    """As whom the officer may act. The head of the coordinating unit decides as a leader does."""
    centre = coordinating_unit(service, tx)
    found = obligation_parties(officer, unit_id=row.unit_id, coordinating_unit_id=centre.id)
    head = people.officer_named(tx, centre.head)
    is_head = head is not None and head.id == officer.id and officer.may_work
    return found | {Party.LEADER} if is_head else found


def duty_for(service: Service, tx: Transaction, officer: Officer, obligation_id: int) -> ObligationRow:
    """A duty the officer may read. Raises RuleError("obligation_not_yours") for all others."""
    row = tx.session.get(ObligationRow, obligation_id)
    if row is None or row.organisation_id != tx.organisation_id or not parties(service, tx, officer, row):
        raise RuleError("obligation_not_yours")
    return row


def duty_by_id(tx: Transaction, obligation_id: int) -> ObligationRow:
    """A duty for whoever runs the command line. Raises RuleError("obligation_unknown")."""
    row = tx.session.get(ObligationRow, obligation_id)
    if row is None or row.organisation_id != tx.organisation_id:
        raise RuleError("obligation_unknown", id=obligation_id)
    return row


def duties(tx: Transaction, *wanted: object) -> list[ObligationRow]:
    """The organisation's duties that meet the conditions, the nearest date first, those without one last."""
    mine = col(ObligationRow.organisation_id) == tx.organisation_id
    ordered = (col(ObligationRow.strict_due).is_(None), col(ObligationRow.strict_due), col(ObligationRow.id))
    tx.flush()
    return list(tx.session.exec(select(ObligationRow).where(mine, *wanted).order_by(*ordered)))  # type: ignore[arg-type]


# --- changing one ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Permit:
    """An act that the table allows: to which status it leads, and as whom it is done."""

    act: ObligationAct
    target: ObligationStatus | None
    by: By


def permit(
    service: Service, tx: Transaction, officer: Officer, row: ObligationRow, act: ObligationAct
) -> Permit:
    """The officer's right to do it. Raises RuleError as `core.obligations.obligation_transition`."""
    mine = parties(service, tx, officer, row)
    allowed = obligation_transition(ObligationStatus(row.status), act, mine)
    return Permit(act, allowed.target, By(min(mine & allowed.parties), officer))


def permit_operator(row: ObligationRow, act: ObligationAct) -> Permit:
    """The same for whoever runs the command line."""
    allowed = obligation_transition(ObligationStatus(row.status), act, frozenset({Party.OPERATOR}))
    return Permit(act, allowed.target, OPERATOR)


def change(tx: Transaction, row: ObligationRow, allowed: Permit, now: datetime, *, note: str = "") -> None:
    """Move the duty and write who did it. Whatever else changes about it is written by the caller before."""
    before = row.status
    row.status = allowed.target or before
    row.version += 1
    audit.record(
        tx, allowed.by, allowed.act, f"obligation:{row.id}", now, before=before, after=row.status, note=note
    )
    tx.flush()


def set_due(
    service: Service, row: ObligationRow, due: date, *, before: bool, due_time: time | None = None
) -> None:
    """Give the duty a date and all that follows from it."""
    write_due(row, with_due(as_rule(row), due, before=before, due_time=due_time, calendar=service.calendar))


def write_due(row: ObligationRow, duty: Obligation) -> None:
    """Store the dates of the rules' duty."""
    row.due = duty.due
    row.before = duty.before
    row.due_time = "" if duty.due_time is None else duty.due_time.isoformat("minutes")
    row.strict_due = duty.strict_due
    row.overdue_after = duty.overdue_after
    row.extensions = duty.extensions


def remind_anew(service: Service, row: ObligationRow, now: datetime) -> None:
    """The unit hears of it as of a new duty: stages gone by come with the next digest."""
    row.next_remind_at = first_remind_at(as_rule(row), now, service.calendar, service.reminders)


def remind_on(service: Service, row: ObligationRow, now: datetime) -> None:
    """The next stage from here; none when the duty is not waited for any more."""
    row.next_remind_at = next_remind_at(as_rule(row), now, service.calendar, service.reminders)


# --- in words ----------------------------------------------------------------------------------------------


def short_day(day: date, today: date) -> str:
    """15/3, with the year when it is not this one."""
    return f"{day.day}/{day.month}" + ("" if day.year == today.year else f"/{day.year}")


def due_words(service: Service, duty: Obligation, today: date) -> Text:
    """The date as written and, where they differ, the last day that keeps it."""
    due, strict = duty.due, duty.strict_due
    if due is None or strict is None:
        return (
            say("due_unknown")
            if duty.kind in TIMED
            else say("due_none", kind=Label(f"obligation_kind.{duty.kind}"))
        )
    if duty.due_time is not None:
        key = "due_before_hour" if duty.before else "due_hour"
        return say(
            key, hour=duty.due_time.strftime("%H:%M"), due=short_day(due, today), weekday=_weekday(due)
        )
    if duty.before:
        return say(
            "due_before", due=short_day(due, today), last=short_day(strict, today), weekday=_weekday(strict),
            rest=_rest_note(service, strict, today),
        )  # fmt: skip
    return say(
        "due_on", due=short_day(due, today), weekday=_weekday(due), rest=_rest_note(service, due, today)
    )


def _weekday(day: date) -> Label:
    return Label(f"weekday.{day.weekday()}")


def _rest_note(service: Service, last: date, today: date) -> Text | str:
    """Nothing moves a date that falls on a day off: the work has to be done on the working day before."""
    if service.calendar.is_working_day(last):
        return ""
    worked = service.calendar.working_day_on_or_before(last)
    return say("due_rest", day=short_day(worked, today), weekday=_weekday(worked))


def unit_name(tx: Transaction, row: ObligationRow) -> str | Label:
    """The unit in charge, or that there is none yet."""
    unit = None if row.unit_id is None else people.unit_by_id(tx, row.unit_id)
    return unit.name if unit else Label("obligation.no_unit")


def source(tx: Transaction, row: ObligationRow) -> Text:
    """Where the duty comes from: plan and section, or that it was given directly."""
    plan = None if row.plan_id is None else tx.session.get(PlanRow, row.plan_id)
    if plan is None:
        return say("source_direct")
    name = plan.number or plan.title
    return (
        say("source_section", plan=name, section=row.section)
        if row.section
        else say("source_plan", plan=name)
    )
