"""What the forms of the review page do: each gives a code of what was done, and the duty it was done to.

All raise RuleError for what cannot be written.
"""

from collections.abc import Mapping

from handlers import plan_changes
from handlers.people import Unit
from handlers.plan_drafts import Review

Form = Mapping[str, str]


def change(review: Review, number: int, form: Form) -> tuple[str, int]:
    """Write the fields of a duty that its form was shown with otherwise; or leave it out, or take it in."""
    item = plan_changes.item_named(review, number)
    match form.get("act", ""):
        case "drop":
            plan_changes.set_dropped(review, item, dropped=True)
            return "dropped", number
        case "restore":
            plan_changes.set_dropped(review, item, dropped=False)
            return "restored", number
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
        return "same", number
    return ("overwritten" if any(over) else "saved"), number


def _differs(form: Form, field: str) -> bool:
    """Whether the person changed the field: what others wrote meanwhile is not written over unseen."""
    return field in form and form[field].strip() != form.get(f"was_{field}", "").strip()


def _unit(review: Review, form: Form) -> Unit:
    given = form.get("unit", "")
    return plan_changes.unit_by_id(review, int(given) if given.isascii() and given.isdecimal() else 0)


def add(review: Review, form: Form) -> tuple[str, int]:
    """Add a duty, with the place in the document that was selected for it, if any."""
    start, end = form.get("start", ""), form.get("end", "")
    is_placed = start.isascii() and start.isdecimal() and end.isascii() and end.isdecimal()
    span = (int(start), int(end)) if is_placed else None
    unit = _unit(review, form)
    item = plan_changes.add(review, form.get("title", ""), unit, form.get("time", ""), span)
    return "added", item.number


def undo(review: Review) -> tuple[str, int]:
    """Take back this officer's last wish."""
    return "undone", plan_changes.undo(review)[0].number
