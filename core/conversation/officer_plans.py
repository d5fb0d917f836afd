"""Reviewing a plan in chat: lists, single duties, corrections, the summary, and leaving it for later."""

from collections.abc import Callable
from dataclasses import replace

from core.conversation.officer_effects import (
    AskToLeave,
    Chose,
    ConfirmPlan,
    DropPlan,
    FileGiven,
    OfficerContext,
    OfficerEvent,
    PlanOpened,
    Result,
    ReviewPlan,
    Said,
    Tell,
)
from core.conversation.officer_flow import done, is_cancel, moved
from core.conversation.officer_states import ConfirmingPlan, LeavingPlan, PlanAsking, ReviewingPlan, State
from core.conversation.plan_words import ReviewAct, ReviewWish, read
from core.say import say

_BUTTONS = {
    "next": ReviewAct.NEXT,
    "previous": ReviewAct.PREVIOUS,
    "duties": ReviewAct.PAGE,
    "undo": ReviewAct.UNDO,
    "page": ReviewAct.LINK,
    "finish": ReviewAct.FINISH,
}
_OVER = frozenset({"review_unknown", "review_over"})


def open_plan(state: State, event: PlanOpened, context: OfficerContext) -> tuple[State, Result]:
    """The first page of what was found."""
    return _wish(state, ReviewingPlan(event.draft_id), ReviewWish(ReviewAct.PAGE, (1,)), context)


def plan_step(
    state: State, step: PlanAsking, event: OfficerEvent, context: OfficerContext
) -> tuple[State, Result]:
    """The next answer about a plan under review. Nothing is scheduled before `ConfirmPlan`."""
    match step:
        case LeavingPlan(draft_id):
            return _leaving(state, draft_id, event, context)
        case ConfirmingPlan():
            return _confirming(state, step, event, context)
        case ReviewingPlan():
            return _reviewing(state, step, event, context)


def plan_refused(state: State, step: PlanAsking, code: str, context: OfficerContext) -> tuple[State, Result]:
    """There may be nothing left to review, or something else than was shown; the question stays otherwise."""
    if code in _OVER:
        return done(state)
    if code == "review_changed_since":
        return _wish(state, ReviewingPlan(step.draft_id), ReviewWish(ReviewAct.FINISH), context)
    return state, ()


def _reviewing(
    state: State, step: ReviewingPlan, event: OfficerEvent, context: OfficerContext
) -> tuple[State, Result]:
    match event:
        case Said(text) if is_cancel(text):
            return _leave(state, step.draft_id, context)
        case Chose("cancel"):
            return _leave(state, step.draft_id, context)
        case FileGiven():
            return state, (Tell(say("officer_file_for_what"), coalesce="files"),)
        case Said(text):
            wish = read(text)
        case Chose(code) if code in _BUTTONS:
            wish = ReviewWish(_BUTTONS[code])
        case _:
            wish = None
    if wish is None:
        return state, (Tell(say("review_not_understood")),)
    return _wish(state, step, wish, context)


def _wish(
    state: State, step: ReviewingPlan, wish: ReviewWish, context: OfficerContext
) -> tuple[State, Result]:
    draft_id = step.draft_id
    if wish.act is ReviewAct.LINK:  # asks nothing: the buttons shown last go on counting
        return replace(state, step=step), (ReviewPlan(draft_id, wish),)
    if wish.act is ReviewAct.FINISH and context.plan is not None and not context.plan.is_blocked:
        asking = ConfirmingPlan(draft_id, context.plan.version)
        return moved(state, asking, context), (ReviewPlan(draft_id, wish),)
    page = _PAGES.get(wish.act, _stay)(step.page, wish)
    if wish.act in _PAGES:
        wish = ReviewWish(ReviewAct.PAGE, (page,))
    return moved(state, replace(step, page=page), context), (ReviewPlan(draft_id, wish),)


def _stay(page: int, wish: ReviewWish) -> int:  # noqa: ARG001 - one shape for all
    return page


_PAGES: dict[ReviewAct, Callable[[int, ReviewWish], int]] = {
    ReviewAct.NEXT: lambda page, _: page + 1,
    ReviewAct.PREVIOUS: lambda page, _: max(1, page - 1),
    ReviewAct.PAGE: lambda page, wish: wish.numbers[0] if wish.numbers else page,
}


def _confirming(
    state: State, step: ConfirmingPlan, event: OfficerEvent, context: OfficerContext
) -> tuple[State, Result]:
    """Save, or whatever may be said to the list: the summary is only one more look at it."""
    match event:
        case Chose("save"):
            return done(state, ConfirmPlan(step.draft_id, step.seen))
        case Said(text) if (wish := read(text)) is not None and wish.act is ReviewAct.FINISH:
            return done(state, ConfirmPlan(step.draft_id, step.seen))
        case Chose("edit"):
            event = Chose("duties")
    return _reviewing(state, ReviewingPlan(step.draft_id), event, context)


def _leave(state: State, draft_id: int, context: OfficerContext) -> tuple[State, Result]:
    return moved(state, LeavingPlan(draft_id), context), (AskToLeave(draft_id),)


def _leaving(
    state: State, draft_id: int, event: OfficerEvent, context: OfficerContext
) -> tuple[State, Result]:
    """Only a plain choice drops a review; «hủy» once more leaves it as it is."""
    match event:
        case Chose("drop"):
            return done(state, DropPlan(draft_id))
        case Chose("keep"):
            return done(state, Tell(say("review_kept")))
        case Said(text) if is_cancel(text):
            return done(state, Tell(say("review_kept")))
        case Said(text) if read(text) is not None:
            return _reviewing(state, ReviewingPlan(draft_id), event, context)
        case _:
            return state, (Tell(say("officer_choose")),)
