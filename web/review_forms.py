"""What the forms of the review page do: each gives a code of what was done, and the duty it was done to.

All raise RuleError for what cannot be written.
"""

from collections.abc import Mapping

from core.errors import RuleError
from handlers import plan_changes
from handlers.people import Unit
from handlers.plan_drafts import Review

Form = Mapping[str, str]
_MOST_DIGITS = 9


def change(review: Review, duty: int, form: Form) -> tuple[str, int]:
    """Write the fields of a duty that its form was shown with otherwise; or leave it out, or take it in."""
    item = plan_changes.item_named(review, duty)
    match form.get("act", ""):
        case "drop":
            plan_changes.set_dropped(review, item, dropped=True)
            return "dropped", duty
        case "restore":
            plan_changes.set_dropped(review, item, dropped=False)
            return "restored", duty
    over: list[plan_changes.Overwritten | None] = []
    is_changed = False
    if _differs(form, "title"):
        over.append(plan_changes.set_title(review, item, form["title"]))
        is_changed = True
    if _differs(form, "unit"):
        unit = _unit(review, form)
        others = plan_changes.same_words(review, item) if form.get("same") else []
        over += [plan_changes.set_unit(review, each, unit) for each in (item, *others)]
        is_changed = True
    if _differs(form, "time"):
        over.append(plan_changes.set_due(review, item, form["time"]))
        is_changed = True
    if not is_changed:
        return "same", duty
    return ("overwritten" if any(over) else "saved"), duty


def number(form: Form, field: str) -> int | None:
    """The whole number of a field, or None: also for one of more digits than any of ours."""
    given = form.get(field, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) <= _MOST_DIGITS else None


def _differs(form: Form, field: str) -> bool:
    """Whether the person changed the field: what others wrote meanwhile is not written over unseen."""
    return field in form and form[field].strip() != form.get(f"was_{field}", "").strip()


def _unit(review: Review, form: Form) -> Unit:
    if not form.get("unit"):
        raise RuleError("review_unit_missing")
    return plan_changes.unit_by_id(review, number(form, "unit") or 0)


def add(review: Review, form: Form) -> tuple[str, int]:
    """Add a duty, with the place in the document that was selected for it, if any."""
    start, end = number(form, "start"), number(form, "end")
    span = None if start is None or end is None else (start, end)
    unit = _unit(review, form)
    item = plan_changes.add(review, form.get("title", ""), unit, form.get("time", ""), span)
    return "added", item.number


def undo(review: Review) -> tuple[str, int]:
    """Take back this officer's last wish."""
    return "undone", plan_changes.undo(review)[0].number
