"""More time for a duty: asked for by its unit before the date, decided by those above."""

from datetime import date, datetime

from sqlmodel import select

from core.calendar import local_day
from core.errors import RuleError
from core.obligations import Obligation, ObligationAct, check_extension, extended
from core.people import Officer, Role
from core.say import Label, Text, say
from core.text import clip
from handlers import audit, duties, notices, people, reminders
from handlers.service import Service
from storage.tables import ExtensionRow, ObligationRow
from storage.transaction import Transaction


def may_still_ask(duty: Obligation, now: datetime) -> bool:
    """Whether there is a date and it has not passed."""
    return duty.is_timed and not duty.is_overdue(now)


def waiting(tx: Transaction, obligation_id: int) -> ExtensionRow | None:
    """The wish on which nobody has decided yet."""
    return tx.session.exec(
        select(ExtensionRow).where(ExtensionRow.obligation_id == obligation_id, ExtensionRow.state == "asked")
    ).first()


def asked(tx: Transaction) -> list[int]:
    """Ids of the duties with such a wish."""
    mine = ExtensionRow.organisation_id == tx.organisation_id
    return list(
        tx.session.exec(select(ExtensionRow.obligation_id).where(mine, ExtensionRow.state == "asked"))
    )


def decides(service: Service, tx: Transaction, officer: Officer) -> bool:
    """Whether the person grants or refuses: a leader, or the head of the coordinating unit."""
    return officer.id in {each.id for each in _deciders(service, tx)}


def ask_extension(
    service: Service,
    tx: Transaction,
    officer: Officer,
    obligation_id: int,
    new_due: date,
    reason: str,
    now: datetime,
) -> Text:
    """Put the wish to the leaders. Raises RuleError when it is too late, no later, or without a reason."""
    row = duties.duty_for(service, tx, officer, obligation_id)
    allowed = duties.permit(service, tx, officer, row, ObligationAct.ASK_EXTENSION)
    duty, today = duties.as_rule(row), local_day(now)
    is_waiting = waiting(tx, row.id) is not None
    check_extension(duty, new_due, reason=reason, today=today, is_waiting=is_waiting)
    if not may_still_ask(duty, now):
        raise RuleError("extension_after_due")
    assert row.due is not None
    wish = ExtensionRow(
        organisation_id=tx.organisation_id,
        obligation_id=row.id,
        officer_id=officer.id,
        reason=clip(reason, 500),
        old_due=row.due,
        new_due=new_due,
        created_at=now,
    )
    tx.add(wish)
    duties.change(tx, row, allowed, now, note=f"extension {wish.id} {row.due}>{new_due}")
    told = _tell_deciders(service, tx, officer, row, wish, now)
    return say(
        "extension_asked", title=clip(row.title, 120), day=new_due,
        told=Label("extension.told" if told else "extension.untold"),
    )  # fmt: skip


def decide_extension(
    service: Service, tx: Transaction, officer: Officer, extension_id: int, now: datetime, *, granted: bool
) -> Text:
    """Grant or refuse; the asker hears it, and a granted date moves all that follows from it."""
    wish = tx.session.get(ExtensionRow, extension_id)
    if wish is None or wish.organisation_id != tx.organisation_id:
        raise RuleError("obligation_not_yours")
    row = duties.duty_for(service, tx, officer, wish.obligation_id)
    act = ObligationAct.GRANT if granted else ObligationAct.REFUSE
    allowed = duties.permit(service, tx, officer, row, act)
    if wish.state != "asked":
        raise RuleError("extension_decided")
    wish.state = "granted" if granted else "refused"
    wish.decided_by, wish.decided_at = officer.id, now
    if granted:
        duties.write_due(row, extended(duties.as_rule(row), wish.new_due, service.calendar))
    duties.change(tx, row, allowed, now, note=f"extension {wish.id} {wish.old_due}>{wish.new_due}")
    if granted:
        reminders.withdraw(service, tx, row.id, now)
        duties.remind_anew(service, row, now)
    _tell_asker(tx, officer, row, wish, now)
    return _decision("extension_granted" if granted else "extension_refused", row, wish)


def decide_waiting(
    service: Service, tx: Transaction, officer: Officer, obligation_id: int, now: datetime, *, granted: bool
) -> Text:
    """The same from the duty itself, as its card offers it to those who decide."""
    row = duties.duty_for(service, tx, officer, obligation_id)
    wish = waiting(tx, row.id)
    if wish is None:
        raise RuleError("extension_decided")
    return decide_extension(service, tx, officer, wish.id, now, granted=granted)


def drop(tx: Transaction, obligation_id: int, now: datetime) -> None:
    """The duty has ended or left its unit: nothing is to be decided any more."""
    wish = waiting(tx, obligation_id)
    if wish is not None:
        wish.state, wish.decided_at = "dropped", now
        audit.record(
            tx, audit.SYSTEM, "drop_extension", f"obligation:{obligation_id}", now, note=str(wish.id)
        )
        tx.flush()


def _deciders(service: Service, tx: Transaction) -> list[Officer]:
    """The leaders and the head of the coordinating unit, each once."""
    head = people.officer_named(tx, duties.coordinating_unit(service, tx).head)
    found = [*people.officers_with_role(tx, Role.LEADER), *([head] if head and head.may_work else [])]
    return list(dict.fromkeys(found))


def _tell_deciders(
    service: Service, tx: Transaction, officer: Officer, row: ObligationRow, wish: ExtensionRow, now: datetime
) -> bool:
    text = say(
        "notice_extension_asked",
        title=clip(row.title, 120),
        unit=duties.unit_name(tx, row),
        officer=officer.name,
        old=duties.due_words(service, duties.as_rule(row), local_day(now)),
        day=wish.new_due,
        reason=wish.reason,
    )
    reached = [
        notices.to_officer(tx, each, text, now, key=f"extension:{wish.id}", press=f"x:{wish.id}:0")
        for each in _deciders(service, tx)
    ]
    return any(reached)


def _tell_asker(
    tx: Transaction, officer: Officer, row: ObligationRow, wish: ExtensionRow, now: datetime
) -> None:
    asker = people.officer_by_id(tx, wish.officer_id)
    if asker is not None and asker.id != officer.id:
        key = f"notice_extension_{wish.state}"
        notices.to_officer(tx, asker, _decision(key, row, wish), now, key=f"extension:{wish.id}:{wish.state}")


def _decision(key: str, row: ObligationRow, wish: ExtensionRow) -> Text:
    return say(key, title=clip(row.title, 120), old=wish.old_due, day=wish.new_due)
