"""The words that work at every step: back, edit, skip, cancel, a person, again, help, a new matter."""

from core.conversation import review
from core.conversation.context import Context
from core.conversation.draft import Draft, note
from core.conversation.effects import RefuseConsent, Say
from core.conversation.events import ChoiceMade, Word
from core.conversation.flow import next_question, previous_question
from core.conversation.home import ask_person
from core.conversation.states import State, draft_of
from core.conversation.steps import (
    Cancelling,
    Errand,
    Idle,
    ListingAnswers,
    OpenedTicket,
    PickingTicket,
    Question,
    Resuming,
    StartingAnother,
    Step,
    Stuck,
)
from core.conversation.tickets import pick
from core.conversation.turn import Turn, has_consented, new_draft, told
from core.say import say

MOST_DRAFTS = 3

_ERRANDS = {Word.TICKETS: Errand.SHOW, Word.ADD: Errand.ADD, Word.WITHDRAW: Errand.WITHDRAW}


def say_word(state: State, word: Word, context: Context) -> Turn:
    """What the word does at this step, when the step has no meaning of its own for it."""
    present = state.step.question if isinstance(state.step, Stuck) else state.step
    match word:
        case Word.PERSON:
            return ask_person(context, _set_aside(present))
        case Word.HELP:
            return told(present, say("help"))
        case Word.TICKETS | Word.ADD | Word.WITHDRAW:
            return pick(_ERRANDS[word], context, _set_aside(present))
        case Word.NEW:
            return _new(state, present, context)
        case _ if isinstance(present, Question):
            return _about_draft(present, word, context)
        case Word.AGAIN if isinstance(present, Idle) and state.parked:
            return Turn(next_question(state.parked[-1], context))
        case _:
            return _about_errand(present, word)


def _set_aside(present: Step) -> Draft | None:
    """The draft in hand, with what was said on coming back as a note."""
    draft = draft_of(present)
    if draft and isinstance(present, Resuming):
        return note(draft, present.said)
    return draft


def _new(state: State, present: Step, context: Context) -> Turn:
    draft = draft_of(present)
    if len(state.parked) + (draft is not None) >= MOST_DRAFTS:
        return told(present, say("too_many_drafts", limit=MOST_DRAFTS))
    if draft:
        return Turn(StartingAnother(draft))
    return Turn(next_question(new_draft(context), context))


def _about_draft(present: Question, word: Word, context: Context) -> Turn:
    draft = present.draft
    match word:
        case Word.BACK:
            return _back(present, context)
        case Word.SKIP:
            return review.skip(present, context)
        case Word.CANCEL if not has_consented(draft, context):
            return Turn(None, (RefuseConsent(), Say(say("draft_dropped"))), is_asked=False)
        case Word.CANCEL:
            return Turn(Cancelling(draft))
        case Word.EDIT if has_consented(draft, context):
            return Turn(review.list_answers(draft, context))
        case Word.AGAIN if isinstance(present, Resuming):
            return review.resuming(present, ChoiceMade("continue"), context)
        case Word.START if has_consented(draft, context):
            return Turn(Resuming(draft))
        case _:
            return Turn(present)


def _back(present: Question, context: Context) -> Turn:
    if isinstance(present, Cancelling | StartingAnother | ListingAnswers | Resuming):
        return Turn(next_question(present.draft, context))
    previous = previous_question(present, context)
    return Turn(previous) if previous else told(present, say("first_question"))


def _about_errand(present: Step, word: Word) -> Turn:
    match word:
        case Word.BACK if isinstance(present, OpenedTicket):
            return Turn(PickingTicket(Errand.SHOW))
        case Word.BACK | Word.CANCEL:
            return Turn(None)
        case Word.START:
            return Turn(Idle())
        case _:
            return Turn(present)
