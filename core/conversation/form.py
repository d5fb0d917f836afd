"""When the organisation changes its questions while a citizen answers them."""

from dataclasses import replace

from core.conversation.context import Context
from core.conversation.draft import Draft, note, reopen
from core.conversation.flow import EXTRAS, opened_fields
from core.conversation.states import State, draft_of, with_draft


def refit(state: State, context: Context) -> tuple[State, int]:
    """The state under the present form, and how many questions behind the citizen that opened again.

    Answers stay where their question does; one to a question that is gone becomes a note.
    """
    draft = draft_of(state.step)
    if draft is None or draft.form in ("", context.form):
        return state, 0
    fitted = with_draft(state.step, _fitted(draft, context))
    return replace(state, step=fitted), len(opened_fields(fitted, context))


def _fitted(draft: Draft, context: Context) -> Draft:
    if draft.field and draft.field not in {option.code for option in context.fields}:
        return reopen(_dropped(replace(draft, field=""), ()), "choosing_field", *EXTRAS)
    questions = context.questions_about(draft.field)
    kept = _dropped(draft, questions)
    answered = {extra.question for extra in kept.extras}
    is_changed = len(kept.extras) < len(draft.extras)
    stale = (name for name, question in zip(EXTRAS, questions, strict=False) if question not in answered)
    return reopen(kept, *stale) if is_changed else kept


def _dropped(draft: Draft, questions: tuple[str, ...]) -> Draft:
    """The draft without answers to other questions than these."""
    for extra in draft.extras:
        if extra.question not in questions:
            draft = note(draft, f"{extra.question} {extra.answer}")
    return replace(draft, extras=tuple(extra for extra in draft.extras if extra.question in questions))
