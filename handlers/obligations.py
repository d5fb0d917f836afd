"""What officers do with their duties in chat, and what the command line does with anybody's."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import update
from sqlmodel import col

from core.calendar import local_day
from core.errors import RuleError
from core.obligations import (
    WAITING,
    ObligationAct,
    ObligationKind,
    ObligationStatus,
    check_completion,
)
from core.people import Officer, Role
from core.reminders import compose
from core.say import Choice, Label, Text, say
from core.text import clip
from handlers import audit, duties, duty_card, extensions, morning, notices, people, reminders
from handlers.duties import OPERATOR
from handlers.people import Unit
from handlers.service import Service
from storage.tables import AttachmentRow, ObligationRow
from storage.transaction import Transaction, table

_ATTACHMENT = table(AttachmentRow)


# --- an officer in chat ------------------------------------------------------------------------------------


def my_work(service: Service, tx: Transaction, officer: Officer, now: datetime) -> Text:
    """What waits for this person, of both halves, numbered; a number opens the item."""
    if not officer.may_work:
        return say("my_work_not_staff")
    own = _own_duties(service, tx, officer)
    found = [morning.duty_item(service, tx, officer, row, now) for row in own if row.strict_due is not None]
    found += [
        morning.ticket_item(service, tx, officer, ticket, now) for ticket in morning.concerning(tx, officer)
    ]
    if officer.role is Role.LEADER:
        found += morning.slipping(service, tx, officer, now)
    items = compose(found).items
    undated = sum(row.strict_due is None for row in own)
    notes = (*morning.unlisted(items), *((say("my_work_undated", count=undated),) if undated else ()))
    if not items:
        return say("my_work_empty", notes=notes)
    return say("my_work", choices=morning.listed(service, items, now), count=len(items), notes=notes)


def _own_duties(service: Service, tx: Transaction, officer: Officer) -> list[ObligationRow]:
    """The unit's; for the coordinating unit also what was given back, for deciders what waits for them."""
    wanted = col(ObligationRow.unit_id) == officer.unit_id
    if officer.is_of(duties.coordinating_unit(service, tx).id):
        wanted = wanted | (col(ObligationRow.status) == ObligationStatus.REJECTED)
    if extensions.decides(service, tx, officer):
        wanted = wanted | col(ObligationRow.id).in_(extensions.asked(tx))
    return duties.duties(tx, wanted, col(ObligationRow.status).in_(tuple(WAITING)))


def show(service: Service, tx: Transaction, officer: Officer, obligation_id: int, now: datetime) -> Text:
    """One duty with its source and date, and the answers its status allows this person."""
    row = duties.duty_for(service, tx, officer, obligation_id)
    return duty_card.card(service, tx, officer, row, now)


def acknowledge(
    service: Service, tx: Transaction, officer: Officer, obligation_id: int, now: datetime
) -> Text:
    """The unit has seen it: reminders rest until shortly before the date."""
    row = duties.duty_for(service, tx, officer, obligation_id)
    allowed = duties.permit(service, tx, officer, row, ObligationAct.ACKNOWLEDGE)
    row.acknowledged_at = now
    duties.change(tx, row, allowed, now)
    duties.remind_on(service, row, now)
    due = duties.due_words(service, duties.as_rule(row), local_day(now))
    return say("obligation_acknowledged", title=_short(row), due=due)


def complete(
    service: Service,
    tx: Transaction,
    officer: Officer,
    obligation_id: int,
    evidence: str,
    now: datetime,
    file_ids: Sequence[int] = (),
) -> Text:
    """Done, with a document number or a file. Nothing that waits about it leaves any more."""
    row = duties.duty_for(service, tx, officer, obligation_id)
    allowed = duties.permit(service, tx, officer, row, ObligationAct.COMPLETE)
    check_completion(evidence, files=_attach(tx, row, file_ids))
    row.done_at = now
    row.evidence = clip(evidence, 500)
    duties.change(tx, row, allowed, now)
    _ended(service, tx, row, now)
    return say("obligation_completed", title=_short(row), evidence=row.evidence or Label("obligation.files"))


def reject(
    service: Service, tx: Transaction, officer: Officer, obligation_id: int, reason: str, now: datetime
) -> Text:
    """The unit says that it is not theirs; the coordinating unit hears why and decides."""
    row = duties.duty_for(service, tx, officer, obligation_id)
    allowed = duties.permit(service, tx, officer, row, ObligationAct.REJECT)
    if len(reason.strip()) < 5:
        raise RuleError("rejection_needs_reason")
    row.remark = clip(reason, 500)
    duties.change(tx, row, allowed, now)
    extensions.drop(tx, row.id, now)
    reminders.withdraw(service, tx, row.id, now)
    duties.remind_on(service, row, now)
    told = _tell_coordinators(service, tx, officer, row, now)
    return say(
        "obligation_rejected", title=_short(row), told=Label("rejected.told" if told else "rejected.untold")
    )


def _tell_coordinators(
    service: Service, tx: Transaction, officer: Officer, row: ObligationRow, now: datetime
) -> bool:
    """Whether anybody of the coordinating unit, or else a leader, was written to."""
    centre = duties.coordinating_unit(service, tx)
    text = say(
        "notice_rejected",
        choices=(Choice(f"duty:{row.id}"),),
        id=row.id,
        title=_short(row),
        unit=duties.unit_name(tx, row),
        officer=officer.name,
        reason=row.remark,
    )
    key = f"rejected:{row.id}:{row.version}"
    for group in (duties.workers(tx, centre.id), people.officers_with_role(tx, Role.LEADER)):
        others = [other for other in group if other.id != officer.id]
        reached = [
            notices.to_officer(tx, other, text, now, key=key, press=reminders.OPENS) for other in others
        ]
        if any(reached):
            return True
    return False


def _attach(tx: Transaction, row: ObligationRow, file_ids: Sequence[int]) -> int:
    """Give the files to the duty; how many it has of them. A file of something else stays there."""
    if not file_ids:
        return 0
    columns = _ATTACHMENT.c
    free = (
        columns.id.in_(list(file_ids)),
        columns.organisation_id == tx.organisation_id,
        columns.ticket_id.is_(None),
        columns.obligation_id.is_(None) | (columns.obligation_id == row.id),
    )
    tx.flush()
    given = tx.connection.execute(update(_ATTACHMENT).where(*free).values(obligation_id=row.id))
    return int(given.rowcount)


def _ended(service: Service, tx: Transaction, row: ObligationRow, now: datetime) -> None:
    row.next_remind_at = None
    extensions.drop(tx, row.id, now)
    reminders.withdraw(service, tx, row.id, now)


def _short(row: ObligationRow) -> str:
    return clip(row.title, 120)


# --- the command line --------------------------------------------------------------------------------------


def add(
    service: Service, tx: Transaction, *, title: str, unit: str, due: date, before: bool, now: datetime
) -> Text:
    """A duty given directly, without a plan. Raises RuleError for an unknown unit or a date gone by."""
    row = ObligationRow(
        organisation_id=tx.organisation_id,
        title=clip(title, 500),
        kind=ObligationKind.DEADLINE,
        unit_id=_unit(tx, unit).id,
        doubts=[],
        status=ObligationStatus.OPEN,
        created_at=now,
    )
    duties.set_due(service, row, due, before=before)
    tx.add(row)
    if duties.as_rule(row).is_overdue(now):
        raise RuleError("obligation_due_past")
    duties.remind_anew(service, row, now)
    audit.record(tx, OPERATOR, "add", f"obligation:{row.id}", now, after=row.status, note=due.isoformat())
    tx.flush()
    return _line("obligation_added", service, tx, row, now)


def fix(
    service: Service,
    tx: Transaction,
    obligation_id: int,
    *,
    unit: str | None = None,
    due: date | None = None,
    before: bool | None = None,
    title: str | None = None,
    now: datetime,
) -> Text:
    """Correct a duty; one that was only proposed, or given back by its unit, becomes open by this."""
    row = duties.duty_by_id(tx, obligation_id)
    is_new = row.status == ObligationStatus.PROPOSED
    allowed = duties.permit_operator(row, ObligationAct.CONFIRM if is_new else ObligationAct.REASSIGN)
    row.title = row.title if title is None else clip(title, 500)
    row.unit_id = row.unit_id if unit is None else _unit(tx, unit).id
    literal = due or row.due
    if literal is not None and (due is not None or before is not None):
        row.kind = ObligationKind.DEADLINE if row.kind not in duties.TIMED else row.kind
        duties.set_due(service, row, literal, before=bool(before))
    if row.unit_id is None:
        raise RuleError("obligation_needs_unit", id=row.id)
    if row.strict_due is None and row.kind in duties.TIMED:
        raise RuleError("obligation_needs_due", id=row.id)
    row.doubts, row.remark = [], ""
    note = f"unit {row.unit_id} due {row.due or '-'}{' before' if row.before else ''}"
    duties.change(tx, row, allowed, now, note=note)
    reminders.withdraw(service, tx, row.id, now)
    duties.remind_anew(service, row, now)
    tx.flush()
    return _line("obligation_fixed", service, tx, row, now)


def cancel(service: Service, tx: Transaction, obligation_id: int, now: datetime) -> Text:
    """The duty is dropped; nothing about it leaves any more."""
    row = duties.duty_by_id(tx, obligation_id)
    duties.change(tx, row, duties.permit_operator(row, ObligationAct.CANCEL), now)
    _ended(service, tx, row, now)
    tx.flush()
    return _line("obligation_cancelled", service, tx, row, now)


def list_open(service: Service, tx: Transaction, now: datetime) -> list[str]:
    """A printed line for every duty that still waits for somebody, those to be confirmed included."""
    states = (ObligationStatus.PROPOSED, *WAITING)
    rows = duties.duties(tx, col(ObligationRow.status).in_(states))
    lines = [service.catalogue.body(_line("obligation_line", service, tx, row, now)) for row in rows]
    return lines or [service.catalogue.body(say("obligation_list_empty"))]


def _line(key: str, service: Service, tx: Transaction, row: ObligationRow, now: datetime) -> Text:
    doubts = "; ".join(service.catalogue.label(doubt) for doubt in row.doubts)
    return say(
        key,
        id=row.id,
        title=_short(row),
        unit=duties.unit_name(tx, row),
        due=duties.due_words(service, duties.as_rule(row), local_day(now)),
        status=Label(f"obligation_status.{row.status}"),
        doubts=say("line_doubts", doubts=doubts) if doubts else "",
    )


def _unit(tx: Transaction, name: str) -> Unit:
    unit = people.unit_named(tx, name)
    if unit is None:
        raise RuleError("obligation_unit_unknown", name=clip(name, 80))
    return unit
