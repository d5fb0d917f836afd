"""When a dialogue speaks by itself: after a minute of silence, once after a day, at the end after seven."""

from dataclasses import replace
from datetime import datetime, timedelta

from core.calendar import LOCAL, PUSH_FROM, PUSH_UNTIL
from core.conversation.context import Context
from core.conversation.draft import Draft
from core.conversation.effects import Effect, Say
from core.conversation.prompts import prompt
from core.conversation.states import State, draft_of, drafts_of, with_draft
from core.conversation.steps import (
    Idle,
    Telling,
)
from core.conversation.turn import blank, has_consented
from core.say import Label, Value, say
from core.text import clip

SILENCE = timedelta(seconds=60)
REMINDER = timedelta(hours=24)
DELETION = timedelta(days=7)
AWAY = timedelta(hours=3)
"""After this long a message does not simply answer the question that stood there."""


def waking(moment: datetime) -> datetime:
    """The moment, or the next 07:00 when it falls into the night."""
    local = moment.astimezone(LOCAL)
    if local.time() < PUSH_FROM:
        return datetime.combine(local.date(), PUSH_FROM, LOCAL).astimezone(moment.tzinfo)
    if local.time() >= PUSH_UNTIL:
        return datetime.combine(local.date() + timedelta(days=1), PUSH_FROM, LOCAL).astimezone(moment.tzinfo)
    return moment


def next_wake(state: State, context: Context) -> datetime | None:
    """When something is due next; None when there is no draft."""
    moments = [_draft_due(draft, context) for draft in drafts_of(state)]
    if _awaits_story(state.step):
        draft = draft_of(state.step)
        assert draft is not None
        moments.append(draft.last_touched + SILENCE)
    return min(moments, default=None)


def _awaits_story(step: object) -> bool:
    return isinstance(step, Telling) and bool(step.draft.story) and not step.was_asked


def _draft_due(draft: Draft, context: Context) -> datetime:
    return _ends_at(draft, context) if _needs_no_reminder(draft, context) else _reminded_at(draft)


def _needs_no_reminder(draft: Draft, context: Context) -> bool:
    return draft.is_reminded or not has_consented(draft, context)


def _reminded_at(draft: Draft) -> datetime:
    return waking(draft.last_touched + REMINDER)


def _ends_at(draft: Draft, context: Context) -> datetime:
    """Without consent nothing is kept longer than a day."""
    return waking(draft.last_touched + (DELETION if has_consented(draft, context) else REMINDER))


def timed_out(state: State, context: Context) -> tuple[State, tuple[Effect, ...]]:
    """What is due now. Nothing due leaves everything as it is."""
    effects: list[Effect] = []
    for draft in drafts_of(state):
        if context.now >= _ends_at(draft, context):
            state = _without(state, draft.id)
            key = "draft_deleted" if has_consented(draft, context) else "draft_forgotten"
            effects += [blank(draft, context), Say(say(key))]
        elif not _needs_no_reminder(draft, context) and context.now >= _reminded_at(draft):
            state = _replaced(state, replace(draft, is_reminded=True))
            until = _ends_at(draft, context)
            effects.append(Say(say("draft_reminder", summary=_title(draft), until=until)))
    step = state.step
    if isinstance(step, Telling) and _awaits_story(step) and context.now >= step.draft.last_touched + SILENCE:
        asked = replace(step, is_asked=True, was_asked=True)
        state = replace(state, step=asked, asked_version=state.asked_version + 1)
        effects.append(Say(prompt(state, context)))
    return state, tuple(effects)


def _title(draft: Draft) -> Value:
    return clip(draft.story_text, 60) or Label("summary.nothing")


def _without(state: State, draft_id: str) -> State:
    parked = tuple(draft for draft in state.parked if draft.id != draft_id)
    current = draft_of(state.step)
    if current and current.id == draft_id:
        return State(Idle(), state.asked_version + 1, 0, parked)
    return replace(state, parked=parked)


def _replaced(state: State, draft: Draft) -> State:
    parked = tuple(draft if other.id == draft.id else other for other in state.parked)
    current = draft_of(state.step)
    step = with_draft(state.step, draft) if current and current.id == draft.id else state.step
    return replace(state, step=step, parked=parked)


def was_away(draft: Draft, now: datetime) -> bool:
    """Whether the citizen comes back after hours."""
    return now - draft.last_touched >= AWAY
