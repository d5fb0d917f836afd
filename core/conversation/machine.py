"""A citizen's dialogue: `step` answers every event in every state; `prompt` is the present question."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from core.conversation import checks, details, home, intake, replies, review, tickets, timing, watch
from core.conversation.context import Context
from core.conversation.draft import Draft, note
from core.conversation.effects import Effect, Say, WakeAt
from core.conversation.events import (
    ChoiceMade,
    ConversationEvent,
    Entered,
    OldPress,
    TextEdited,
    TextGiven,
    TicketPressed,
    TimedOut,
    Word,
    WordSaid,
)
from core.conversation.flow import REVISABLE, next_question, question_name, revise
from core.conversation.form import refit
from core.conversation.prompts import prompt
from core.conversation.states import State, draft_id, draft_of, drafts_of, step_name, with_draft
from core.conversation.step_names import STEP_NAMES
from core.conversation.steps import (
    AddingFiles,
    AddingToTicket,
    AnsweredQuestion,
    AnsweringQuestion,
    AskingBehalf,
    AskingDanger,
    AskingExtra,
    AskingFixed,
    AskingKind,
    AskingLetter,
    AskingReviewReason,
    Cancelling,
    CheckingComplaint,
    CheckingDenunciation,
    CheckingEmergency,
    CheckingNumbers,
    CheckingPin,
    CheckingPlace,
    ChoosingField,
    ConfirmingAnonymity,
    ConfirmingField,
    Consenting,
    GivingAddress,
    GuidingComplaint,
    Identifying,
    Idle,
    ListingAnswers,
    Naming,
    Offering,
    OpenedTicket,
    Phoning,
    PickingTicket,
    Placing,
    Question,
    Rating,
    Resuming,
    Reviewing,
    SplittingMatters,
    StartingAnother,
    Step,
    Stuck,
    Telling,
    WhichTicket,
    Withdrawing,
    WritingToDesk,
)
from core.conversation.turn import ASK, BURST_SECONDS, Turn, told
from core.conversation.words import say_word
from core.say import Label, say

MISSES_TO_STUCK = 3
_JUST_LEFT = timedelta(minutes=10)

__all__ = ["draft_id", "prompt", "step", "step_name"]


def step(state: State, event: ConversationEvent, context: Context) -> tuple[State, tuple[Effect, ...]]:
    """The state after the event, and what is wished for. Only a time-out with nothing due says nothing."""
    if isinstance(event, TimedOut):
        after, effects = timing.timed_out(state, context)
    else:
        after, effects = _answered(state, event, context)
    if drafts_of(state) or drafts_of(after):
        effects = (*effects, WakeAt(timing.next_wake(after, context)))
    return after, effects


def _answered(state: State, event: ConversationEvent, context: Context) -> tuple[State, tuple[Effect, ...]]:
    forgotten: tuple[Effect, ...] = ()
    if isinstance(state.step, Idle) and state.step.is_forgotten:
        forgotten = (Say(say("state_forgotten")),)
        state = replace(state, step=Idle())
    state, opened = refit(state, context)
    updated = (Say(say("form_changed", count=opened)),) if opened else ()
    turn = watch.own_door(state, event, context) or _turn(state, event, context, is_form_open=opened > 0)
    turn = watch.with_numbers(turn, event)
    after, effects = _settle(state, turn, context)
    return _touched(after, context), (*forgotten, *updated, *effects)


def _touched(state: State, context: Context) -> State:
    draft = draft_of(state.step)
    if draft is None:
        return state
    touched = replace(draft, touched_at=context.now, form=context.form)
    return replace(state, step=with_draft(state.step, touched))


# --- what the event means before it reaches the step --------------------------------------------------------


def _turn(state: State, event: ConversationEvent, context: Context, *, is_form_open: bool = False) -> Turn:
    match event:
        case ChoiceMade() if is_form_open and isinstance(state.step, Reviewing):
            return Turn(next_question(state.step.draft, context))
        case TicketPressed():
            return replies.pressed(state, event, context, draft_of(state.step))
        case OldPress():
            return _old_press(state, event, context)
        case TextEdited(text):
            return _edited(state.step, text)
        case TextGiven(text) if _is_back_after_hours(state.step, context):
            draft = draft_of(state.step)
            assert draft is not None
            return Turn(Resuming(draft, text), coalesce=ASK)
        case Entered():
            start = WordSaid(Word.START)
            return home.entered(state, event, context) or _turn(state, start, context)
        case WordSaid():
            own = _dispatch(state, state.step, event, context)
            return say_word(state, event.word, context) if own.is_missed or _is_rest(own) else own
        case _:
            return _dispatch(state, state.step, event, context)


def _is_rest(turn: Turn) -> bool:
    """The menu's answer to a word: the word's own meaning is better."""
    return isinstance(turn.step, Idle) and not turn.effects


def _is_back_after_hours(step: Step, context: Context) -> bool:
    draft = draft_of(step)
    return draft is not None and not isinstance(step, Resuming) and timing.was_away(draft, context.now)


def _edited(step: Step, text: str) -> Turn:
    """The text as first sent stays; the changed one becomes a note of an open draft."""
    draft = draft_of(step)
    if draft is None:
        return told(step, say("edit_ignored"), is_asked=False)
    return told(with_draft(step, note(draft, text)), say("edit_noted"), is_asked=False)


def _old_press(state: State, event: OldPress, context: Context) -> Turn:
    """A button of an open draft still changes its answer; others only say that they are old."""
    draft = draft_of(state.step)
    if draft is None and isinstance(state.step, Idle) and event.draft_id == state.step.sent_draft != "":
        number = context.tickets[0].number if context.tickets else ""
        return told(state.step, say("already_sent", number=number), is_asked=False)
    waiting = next((other for other in state.parked if other.id == event.draft_id), None)
    if waiting:
        return Turn(Resuming(waiting), parks=draft)
    if draft is None or draft.id != event.draft_id:
        return told(state.step, say("old_button"))
    name = "choosing_field" if event.step == "confirming_field" else event.step
    if name not in REVISABLE or name not in draft.answered:
        return told(state.step, say("question_moved_on"))
    turn = _dispatch(state, revise(draft, name, context), ChoiceMade(event.code), context)
    editing = Say(say("editing_answer", question=Label(f"question.{name}")))
    return replace(turn, effects=(editing, *turn.effects))


# --- the step's own answer ---------------------------------------------------------------------------------


def _dispatch(state: State, present: Step, event: ConversationEvent, context: Context) -> Turn:
    match present:
        case Idle():
            return home.idle(state, present, event, context)
        case Stuck():
            return _unstuck(state, present, event, context)
        case Rating() if isinstance(event, TextGiven):
            return home.idle(state, Idle(), event, context)
        case AddingToTicket(until=until) | AnsweredQuestion(until=until) if until < context.now:
            return home.idle(state, Idle(), event, context)
        case _:
            turn = ANSWERS[type(present)](present, event, context)
            return home.elsewhere(state, present, event, turn, context)


def _unstuck(state: State, present: Stuck, event: ConversationEvent, context: Context) -> Turn:
    """One of the three ways out, or after all an answer to the question itself."""
    if isinstance(event, ChoiceMade):
        return review.unstuck(present, event.code, context)
    turn = _dispatch(state, present.question, event, context)
    if turn.is_missed and isinstance(turn.step, Question) and not isinstance(event, WordSaid):
        return Turn(Stuck(turn.step), coalesce=ASK)
    return turn


ANSWERS: dict[type[Step], Callable[[Any, ConversationEvent, Context], Turn]] = {
    Offering: home.offering,
    Consenting: home.consenting,
    WritingToDesk: home.writing_to_desk,
    Telling: intake.telling,
    AddingFiles: intake.adding_files,
    Placing: intake.placing,
    CheckingPin: intake.checking_pin,
    CheckingPlace: intake.checking_place,
    CheckingEmergency: checks.checking_emergency,
    CheckingDenunciation: checks.checking_denunciation,
    CheckingComplaint: checks.checking_complaint,
    GuidingComplaint: checks.guiding_complaint,
    CheckingNumbers: checks.checking_numbers,
    SplittingMatters: checks.splitting_matters,
    ConfirmingField: details.confirming_field,
    ChoosingField: details.choosing_field,
    AskingExtra: details.asking_extra,
    AskingKind: details.asking_kind,
    AskingDanger: details.asking_danger,
    Identifying: details.identifying,
    AskingBehalf: details.asking_behalf,
    Naming: details.naming,
    Phoning: details.phoning,
    AskingLetter: details.asking_letter,
    GivingAddress: details.giving_address,
    ConfirmingAnonymity: details.confirming_anonymity,
    Reviewing: review.reviewing,
    ListingAnswers: review.listing_answers,
    Cancelling: review.cancelling,
    Resuming: review.resuming,
    StartingAnother: review.starting_another,
    PickingTicket: tickets.picking_ticket,
    OpenedTicket: tickets.opened_ticket,
    AddingToTicket: tickets.adding_to_ticket,
    WhichTicket: tickets.which_ticket,
    Withdrawing: tickets.withdrawing,
    AnsweringQuestion: replies.answering_question,
    AnsweredQuestion: replies.answered_question,
    AskingFixed: replies.asking_fixed,
    Rating: replies.rating,
    AskingReviewReason: replies.asking_review_reason,
}
"""Who answers at each step; `Idle` and `Stuck` look at the whole state and stand in `_dispatch`."""


# --- the new state and its question ------------------------------------------------------------------------


def _settle(state: State, turn: Turn, context: Context) -> tuple[State, tuple[Effect, ...]]:
    parked = (*state.parked, turn.parks) if turn.parks else state.parked
    new_step, is_asked = turn.step, turn.is_asked
    if new_step is None:
        new_step = _back_to(parked, context)
        is_asked = is_asked or bool(parked)
    misses = state.misses + 1 if turn.is_missed else 0
    is_stuck = misses >= MISSES_TO_STUCK and isinstance(new_step, Question)
    if is_stuck and isinstance(new_step, Question):
        new_step, misses = Stuck(new_step), 0
    draft = draft_of(new_step)
    parked = tuple(other for other in parked if draft is None or other.id != draft.id)
    # The first question after a delayed answer takes its place, if that one has not left yet.
    coalesce = turn.coalesce or (ASK if state.is_delayed else "")
    version = state.asked_version + _asks_other(new_step, state.step)
    after = State(new_step, version, misses, parked)
    effects = turn.effects
    if turn.is_missed:
        effects = (*effects, *_not_understood(after, turn, context))
    elif is_asked:
        effects = (
            *effects,
            _question(after, context, coalesce, BURST_SECONDS if turn.coalesce == ASK else 0),
        )
    is_delayed = any(_waits(effect) for effect in effects)
    return (replace(after, is_delayed=True) if is_delayed else after), effects


def _waits(effect: Effect) -> bool:
    return isinstance(effect, Say) and effect.coalesce == ASK and effect.delay_seconds > 0


def _back_to(parked: tuple[Draft, ...], context: Context) -> Step:
    """After an errand: the draft that waits, asked for first when it has waited a while."""
    if not parked:
        return Idle()
    draft = parked[-1]
    if context.now - draft.last_touched <= _JUST_LEFT:
        return next_question(draft, context)
    return Resuming(draft)


def _not_understood(after: State, turn: Turn, context: Context) -> tuple[Effect, ...]:
    """First an example, then the question with its choices, then the ways out."""
    if after.misses == 1 and turn.effects:
        return ()
    if after.misses == 1:
        example = Label(f"example.{_question_of(after.step)}")
        return (Say(say("not_understood", example=example), ASK, BURST_SECONDS),)
    return (_question(after, context, ASK, BURST_SECONDS),)


def _question_of(present: Step) -> str:
    return question_name(present) if isinstance(present, Question) else STEP_NAMES[type(present)]


def _question(after: State, context: Context, coalesce: str, delay: int) -> Effect:
    return Say(prompt(after, context), coalesce, delay)


def _asks_other(after: Step, before: Step) -> bool:
    return type(after) is not type(before) or _asked(after) != _asked(before)


def _asked(present: Step) -> Step:
    """The step without what a question does not show."""
    draft = draft_of(present)
    return (
        with_draft(present, replace(draft, touched_at=None, notes=(), is_reminded=False, form=""))
        if draft
        else present
    )
