"""Changing a plan under review, from chat and from its page alike: one field at a time, each by somebody.

The last who writes a field has it; what stood there before, and who wrote it, is kept and can be taken back.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlmodel import col, select

from core.errors import RuleError
from core.obligations import ObligationKind
from core.text import clean, clip, fold
from handlers import duties, people, plan_dates, plans
from handlers.people import Unit
from handlers.plan_drafts import Review, as_duty, items
from plans.found import Clock
from plans.source import Source
from storage.tables import PlanChangeRow, PlanDraftRow, PlanItemRow
from storage.transaction import Transaction

_LONGEST_TITLE = 300
_SHORTEST_TITLE = 5
_UNITS_NAMED = 12
_OF_THE_UNIT = frozenset({plans.LEAD_UNKNOWN, "plan_doubt.long_lead"})
"""Doubts that a chosen unit answers; a written date answers all others."""


@dataclass(frozen=True, slots=True)
class Overwritten:
    """Somebody else had written the field before: who, and what stood there."""

    field: str
    officer: str


def item_named(review: Review, number: int) -> PlanItemRow:
    """The duty of this number, dropped or not. Raises RuleError("review_no_number")."""
    review.tx.flush()
    wanted = (col(PlanItemRow.draft_id) == review.draft.id, col(PlanItemRow.number) == number)
    item = review.tx.session.exec(select(PlanItemRow).where(*wanted)).first()
    if item is None:
        found = items(review.tx, review.draft)
        raise RuleError("review_no_number", number=number, last=found[-1].number if found else 0)
    return item


# --- single fields -----------------------------------------------------------------------------------------


def set_title(review: Review, item: PlanItemRow, words: str) -> Overwritten | None:
    """Raises RuleError("review_title_short") or ("review_title_long"): what would be cut is the officer's."""
    return _write(review, item, "title", {"title": _title(words)})


def set_unit(review: Review, item: PlanItemRow, unit: Unit) -> Overwritten | None:
    """Give the duty to a unit of today."""
    doubts = [doubt for doubt in item.doubts if doubt not in _OF_THE_UNIT]
    return _write(review, item, "unit", {"unit_id": unit.id, "doubts": doubts})


def same_words(review: Review, item: PlanItemRow) -> list[PlanItemRow]:
    """The other duties that stay, name whoever does it in the same words, and have no unit yet."""
    return [
        other
        for other in items(review.tx, review.draft)
        if other.id != item.id
        and other.lead_words == item.lead_words != ""
        and other.unit_id is None
        and not other.is_dropped
    ]


def set_due(review: Review, item: PlanItemRow, words: str) -> Overwritten | None:
    """Raises RuleError("review_day_unreadable") or ("review_day_past")."""
    return _write(review, item, "due", _time(review, item, words))


def set_dropped(review: Review, item: PlanItemRow, *, dropped: bool) -> Overwritten | None:
    """Leave the duty out of what is saved, or take it in again."""
    return _write(review, item, "dropped", {"is_dropped": dropped})


def unit_named(review: Review, words: str) -> Unit:
    """The one unit of today that the words name or are a part of. Raises RuleError("review_unit_unknown")."""
    exact = people.unit_named(review.tx, words)
    if exact is not None:
        return exact
    units = people.units(review.tx)
    wanted = fold(words)
    fitting = [unit for unit in units if wanted and wanted in fold(unit.name)]
    if len(fitting) != 1:
        known = "; ".join(unit.name for unit in (fitting or units)[:_UNITS_NAMED])
        raise RuleError("review_unit_unknown", words=clip(clean(words), 60), known=known)
    return fitting[0]


def unit_by_id(review: Review, unit_id: int) -> Unit:
    """A unit of today. Raises RuleError("review_unit_gone"): the choice of a page may be an old one."""
    found = next((unit for unit in people.units(review.tx) if unit.id == unit_id), None)
    if found is None:
        raise RuleError("review_unit_gone")
    return found


# --- adding ------------------------------------------------------------------------------------------------


def add(review: Review, title: str, unit: Unit, due: str, span: tuple[int, int] | None) -> PlanItemRow:
    """A duty that was not found. `span`: the words of the draft's text it stands in, if they were shown."""
    tx, draft = review.tx, review.draft
    known = items(tx, draft)
    raw = _span_in(draft, span)
    norm = None if raw is None else _squeezed(draft.text, raw)
    item = PlanItemRow(
        organisation_id=tx.organisation_id,
        draft_id=draft.id,
        number=known[-1].number + 1 if known else 1,
        title=_title(title),
        source_text="" if raw is None else clip(draft.text[raw[0] : raw[1]], 2000),
        span_start=norm[0] if norm else None,
        span_end=norm[1] if norm else None,
        raw_start=raw[0] if raw else None,
        raw_end=raw[1] if raw else None,
        kind=ObligationKind.DEADLINE,
        unit_id=unit.id,
        doubts=[],
        source_place={},
        is_dropped=True,
        is_added=True,
    )
    _apply(item, _time(review, item, due))
    tx.add(item)
    set_dropped(review, item, dropped=False)  # and so taken back it is dropped again, not half empty
    return item


def _span_in(draft: PlanDraftRow, span: tuple[int, int] | None) -> tuple[int, int] | None:
    if span is None or not 0 <= span[0] < span[1] <= len(draft.text):
        return None
    return span if draft.text[span[0] : span[1]].strip() else None


def _squeezed(text: str, raw: tuple[int, int]) -> tuple[int, int] | None:
    """The same place in the squeezed text."""
    places = Source.of(text).raw_at
    start, end = bisect_left(places, raw[0]), bisect_left(places, raw[1])
    return (start, end) if start < end else None


# --- values ------------------------------------------------------------------------------------------------


def _title(words: str) -> str:
    title = " ".join(clean(words).split())
    if len(title) < _SHORTEST_TITLE:
        raise RuleError("review_title_short")
    if len(title) > _LONGEST_TITLE:
        raise RuleError("review_title_long", limit=_LONGEST_TITLE)
    return title


def _time(review: Review, item: PlanItemRow, words: str) -> dict[str, Any]:
    """The columns of a duty's time. What has gone by already is refused: nobody could be reminded of it."""
    draft = review.draft
    written = plan_dates.read(words, review.today, Clock(draft.issued_on, draft.year))
    kind = written.kind or (item.kind if item.kind in duties.TIMED else ObligationKind.DEADLINE)
    wanted = replace(
        as_duty(review, item),
        kind=ObligationKind(kind),
        due=written.due,
        before=written.before,
        due_time=written.due_time,
    )
    if written.due is not None and plans.dated(review.service, wanted).is_overdue(review.now):
        raise RuleError("review_day_past", day=written.due)
    return {
        "kind": str(kind),
        "due": written.due and written.due.isoformat(),
        "before": written.before,
        "due_time": "" if written.due_time is None else written.due_time.isoformat("minutes"),
        "doubts": [doubt for doubt in item.doubts if doubt in _OF_THE_UNIT],
    }


# --- taking back -------------------------------------------------------------------------------------------


def undo(review: Review) -> list[PlanItemRow]:
    """Take back all that this officer's last wish changed; the duties as they stand again.

    Raises RuleError("review_nothing_to_undo"), or ("review_undo_late") when somebody changed a field since.
    """
    tx = review.tx
    changes = _changes(tx, review.draft)
    own = [change for change in changes if change.officer_id == review.officer.id]
    if not own:
        raise RuleError("review_nothing_to_undo")
    last = [change for change in own if change.wish == own[-1].wish]
    for change in changes:
        if any(change.id > each.id and _same_field(change, each) for each in last):
            raise RuleError("review_undo_late", officer=officer_name(tx, change.officer_id))
    found = [tx.session.get_one(PlanItemRow, change.item_id) for change in last]
    for item, change in zip(found, last, strict=True):
        _apply(item, {**change.before, **_doubts_again(item, change)})
        change.undone_at = review.now
        review.note("review_undo", f"item {item.number} {change.field}")
    tx.flush()
    return sorted({item.number: item for item in found}.values(), key=lambda item: item.number)


def _doubts_again(item: PlanItemRow, change: PlanChangeRow) -> dict[str, list[str]]:
    """The doubts with those that this change had answered: another field's change may have answered more."""
    if "doubts" not in change.before:
        return {}
    again = (each for each in change.before["doubts"] if each not in (*change.after["doubts"], *item.doubts))
    return {"doubts": [*item.doubts, *again]}


def standing(tx: Transaction, draft: PlanDraftRow) -> Mapping[tuple[int, str], PlanChangeRow]:
    """The change that every changed field of every item stands at: who wrote it last, and when."""
    return {(change.item_id, change.field): change for change in _changes(tx, draft)}


def officer_name(tx: Transaction, officer_id: int) -> str:
    """The name of somebody of the registry."""
    officer = people.officer_by_id(tx, officer_id)
    return officer.name if officer else ""


def officer_names(tx: Transaction, changes: Iterable[PlanChangeRow]) -> Mapping[int, str]:
    """The names of all who made the changes, by their ids."""
    return {officer_id: officer_name(tx, officer_id) for officer_id in {each.officer_id for each in changes}}


# --- writing -----------------------------------------------------------------------------------------------


def _write(review: Review, item: PlanItemRow, field: str, values: Mapping[str, Any]) -> Overwritten | None:
    """Write the field (plain JSON values), and remember what stood there. As it stands, nothing happens."""
    tx = review.tx
    before = {column: _plain(getattr(item, column)) for column in values}
    after = dict(values)
    if before == after:
        return None
    earlier = _last(review, item, field)
    _apply(item, after)
    tx.session.add(
        PlanChangeRow(
            organisation_id=tx.organisation_id,
            draft_id=review.draft.id,
            item_id=item.id,
            officer_id=review.officer.id,
            wish=review.wish,
            field=field,
            before=before,
            after=after,
            at=review.now,
        )
    )
    review.note(f"review_{field}", f"item {item.number}")
    tx.flush()
    if earlier is None or earlier.officer_id == review.officer.id:
        return None
    return Overwritten(field, officer_name(tx, earlier.officer_id))


def _apply(item: PlanItemRow, values: Mapping[str, Any]) -> None:
    for column, value in values.items():
        setattr(item, column, date.fromisoformat(value) if column == "due" and value else value)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _changes(tx: Transaction, draft: PlanDraftRow) -> list[PlanChangeRow]:
    """Those that stand, the oldest first."""
    tx.flush()
    wanted = (col(PlanChangeRow.draft_id) == draft.id, col(PlanChangeRow.undone_at).is_(None))
    return list(tx.session.exec(select(PlanChangeRow).where(*wanted).order_by(col(PlanChangeRow.id))))


def _last(review: Review, item: PlanItemRow, field: str) -> PlanChangeRow | None:
    """The change that the field stands at."""
    wanted = (
        col(PlanChangeRow.draft_id) == review.draft.id,
        col(PlanChangeRow.item_id) == item.id,
        col(PlanChangeRow.field) == field,
        col(PlanChangeRow.undone_at).is_(None),
    )
    newest = col(PlanChangeRow.id).desc()
    return review.tx.session.exec(select(PlanChangeRow).where(*wanted).order_by(newest)).first()


def _same_field(one: PlanChangeRow, other: PlanChangeRow) -> bool:
    return one.item_id == other.item_id and one.field == other.field
