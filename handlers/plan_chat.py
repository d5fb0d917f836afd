"""Reviewing a plan in chat: numbered lists, one duty with its source, corrections, the summary."""

from collections.abc import Callable

from core.conversation.officer_effects import AskToLeave, ConfirmPlan, DropPlan, ReviewPlan
from core.conversation.plan_words import MOST_NUMBERS, ReviewAct, ReviewWish
from core.errors import RuleError
from core.say import Choice, Label, Text, Value, say
from core.text import clip
from handlers import page_links, plan_access, plan_changes, plan_drafts, plan_lines, plan_preview, shown
from handlers.plan_changes import Overwritten
from handlers.plan_drafts import Review
from handlers.staff import Talk
from storage.tables import PlanItemRow

PER_PAGE = 8
_SOURCE = 700


# --- what the dialogue asks for ----------------------------------------------------------------------------


def carry_out(talk: Talk, effect: ReviewPlan) -> None:
    """Do what was wished and ask again. Raises RuleError when it cannot be done."""
    review = _review(talk, effect.draft_id)
    _WISHES[effect.wish.act](talk, review, effect.wish)


def ask_to_leave(talk: Talk, effect: AskToLeave) -> None:
    """Keep it for later, or drop it?"""
    review = _review(talk, effect.draft_id)
    talk.ask(say("review_leave", name=plan_drafts.name(review.draft)))


def confirm(talk: Talk, effect: ConfirmPlan) -> None:
    """Save and schedule. Raises RuleError("review_not_arrived") while the summary is still on its way, so
    that «xong» sent twice is no answer to what nobody has read; else as `plan_drafts.confirm`."""
    review = _review(talk, effect.draft_id)
    if shown.is_on_its_way(talk.turn.tx, talk.chat, talk.question_press):
        raise RuleError("review_not_arrived")
    found = plan_preview.preview(review)
    plan_id = plan_drafts.confirm(review, effect.seen)
    talk.tell(say("review_saved", name=plan_drafts.name(review.draft), id=plan_id, count=found.reminded))


def drop(talk: Talk, effect: DropPlan) -> None:
    """The plan is not taken over."""
    review = _review(talk, effect.draft_id)
    plan_drafts.drop(review)
    talk.tell(say("review_dropped", name=plan_drafts.name(review.draft)))


def _blocked(review: Review) -> Text | None:
    """The list of what has to be answered first, if there is anything."""
    found = list(plan_drafts.unanswered(review))
    if not found:
        return None
    lines = (
        *(plan_lines.question(review.service, item, open_) for item, _, open_ in found[: plan_lines.LISTED]),
        *plan_lines.more(len(found)),
    )
    choices = tuple(Choice(code) for code in ("duties", "page", "cancel"))
    return say("review_blocked", choices=choices, count=len(found), lines=lines)


def _review(talk: Talk, draft_id: int) -> Review:
    turn = talk.turn
    return plan_drafts.review(turn.service, turn.tx, turn.officer, draft_id, turn.now)


# --- looking -----------------------------------------------------------------------------------------------


def _page(talk: Talk, review: Review, wish: ReviewWish) -> None:
    (page,) = wish.numbers
    found = plan_drafts.items(review.tx, review.draft)
    pages = max(1, -(-len(found) // PER_PAGE))
    if not 1 <= page <= pages:
        raise RuleError("review_no_page", pages=pages)
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    buttons = ("previous",) * (page > 1) + ("next",) * (page < pages) + ("page", "finish", "cancel")
    talk.ask(
        say(
            "review_page",
            choices=tuple(Choice(code) for code in buttons),
            **_head(review, found),
            lines=tuple(plan_lines.line(review, item) for item in shown),
            missed=plan_lines.missed(review) if page == pages else (),
            page=page,
            pages=pages,
        )
    )


def _head(review: Review, found: list[PlanItemRow]) -> dict[str, Value]:
    dropped = sum(item.is_dropped for item in found)
    return {
        "name": plan_drafts.name(review.draft),
        "count": len(found) - dropped,
        "dropped": say("review_dropped_count", count=dropped) if dropped else "",
        "left": plan_lines.left(review),
    }


def _unsure(talk: Talk, review: Review, _: ReviewWish) -> None:
    found = [item for item in plan_drafts.kept(review) if plan_lines.is_unsure(review, item)]
    lines = plan_lines.lines(review, found)
    choices = tuple(Choice(code) for code in ("duties", "page", "finish", "cancel"))
    talk.ask(say("review_unsure", choices=choices, count=len(found), lines=lines))


def _view(talk: Talk, review: Review, wish: ReviewWish) -> None:
    """One duty with its sentence in the document."""
    item = plan_changes.item_named(review, wish.numbers[0])
    talk.ask(
        say(
            "review_item",
            choices=_AFTERWARDS,
            line=plan_lines.line(review, item),
            section=item.section or Label("proposal.no_section"),
            source=clip(item.source_text, _SOURCE) or Label("review.added_by_hand"),
            notes=tuple(plan_lines.notes(review, item)),
            number=item.number,
        ),
    )


# --- changing ----------------------------------------------------------------------------------------------


def _title(talk: Talk, review: Review, wish: ReviewWish) -> None:
    """One title for several duties would only hide which is which."""
    if len(wish.numbers) > 1:
        raise RuleError("review_one_title")
    _change(talk, review, wish, lambda item: plan_changes.set_title(review, item, wish.words))


def _unit(talk: Talk, review: Review, wish: ReviewWish) -> None:
    unit = plan_changes.unit_named(review, wish.words)
    _change(
        talk,
        review,
        wish,
        lambda item: plan_changes.set_unit(review, item, unit),
        others=lambda: plan_lines.same_words(review, wish.numbers[0], unit.name),
    )


def _due(talk: Talk, review: Review, wish: ReviewWish) -> None:
    _change(talk, review, wish, lambda item: plan_changes.set_due(review, item, wish.words))


def _fix(talk: Talk, review: Review, wish: ReviewWish) -> None:  # noqa: ARG001 - one shape for all
    item = plan_changes.item_named(review, wish.numbers[0])
    raise RuleError("review_fix_how", number=item.number)


def _too_many(talk: Talk, review: Review, wish: ReviewWish) -> None:  # noqa: ARG001 - one shape for all
    raise RuleError("review_too_many", limit=MOST_NUMBERS)


def _drop(talk: Talk, review: Review, wish: ReviewWish) -> None:
    _change(talk, review, wish, lambda item: plan_changes.set_dropped(review, item, dropped=True))


def _restore(talk: Talk, review: Review, wish: ReviewWish) -> None:
    _change(talk, review, wish, lambda item: plan_changes.set_dropped(review, item, dropped=False))


def _change(
    talk: Talk,
    review: Review,
    wish: ReviewWish,
    act: Callable[[PlanItemRow], Overwritten | None],
    *,
    others: Callable[[], tuple[Text, ...]] = tuple,
) -> None:
    """All of the numbers or none: one that is not there takes the whole wish back.

    `others`: what to say of duties that were not named, once these are changed.
    """
    found = [plan_changes.item_named(review, number) for number in wish.numbers]
    over = sorted({each.officer for each in map(act, found) if each})
    lines = plan_lines.lines(review, found)
    notes = (*((say("review_overwritten", officer=", ".join(over)),) if over else ()), *others())
    choices = _AFTERWARDS
    talk.ask(say("review_changed", choices=choices, lines=lines, notes=notes, left=plan_lines.left(review)))


def _undo(talk: Talk, review: Review, _: ReviewWish) -> None:
    found = plan_changes.undo(review)
    lines = plan_lines.lines(review, found)
    talk.ask(say("review_undone", choices=_AFTERWARDS, lines=lines, left=plan_lines.left(review)))


_AFTERWARDS = tuple(Choice(code) for code in ("undo", "duties", "finish"))


# --- page and end ------------------------------------------------------------------------------------------


def _link(talk: Talk, review: Review, _: ReviewWish) -> None:
    turn = talk.turn
    address = plan_access.give_link(turn.service, turn.tx, turn.officer, review.draft, turn.now)
    link = page_links.sealed(turn.service, address)
    minutes = int(plan_access.LINK_VALID.total_seconds()) // 60
    talk.tell(say("review_link", name=plan_drafts.name(review.draft), link=link, minutes=minutes))


def _finish(talk: Talk, review: Review, _: ReviewWish) -> None:
    """The summary, or what has to be answered before there is one."""
    blocked = _blocked(review)
    if blocked is not None:
        talk.ask(blocked)
        return
    found = plan_preview.preview(review)
    lines = plan_preview.told(review, found)
    name = plan_drafts.name(review.draft)
    talk.ask(say("review_summary", name=name, count=found.reminded, lines=lines))


_WISHES: dict[ReviewAct, Callable[[Talk, Review, ReviewWish], None]] = {
    ReviewAct.PAGE: _page,
    ReviewAct.UNSURE: _unsure,
    ReviewAct.VIEW: _view,
    ReviewAct.TITLE: _title,
    ReviewAct.UNIT: _unit,
    ReviewAct.DUE: _due,
    ReviewAct.FIX: _fix,
    ReviewAct.DROP: _drop,
    ReviewAct.RESTORE: _restore,
    ReviewAct.UNDO: _undo,
    ReviewAct.LINK: _link,
    ReviewAct.FINISH: _finish,
    ReviewAct.TOO_MANY: _too_many,
}
"""NEXT and PREVIOUS are pages by the time they come here."""
