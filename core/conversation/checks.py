"""The cards of the screening: emergency, denunciation, complaint, private numbers, several matters.

A word warns; the citizen decides.
"""

from dataclasses import replace

from core.conversation.context import Context
from core.conversation.draft import Draft, answer
from core.conversation.effects import DropDraft, Effect, Say, SealText
from core.conversation.events import ChoiceMade, ConversationEvent, TextGiven
from core.conversation.flow import next_question, reopen_checks, settle_checks
from core.conversation.matters import split_matters
from core.conversation.private_numbers import cover_numbers
from core.conversation.steps import (
    Cancelling,
    CheckingComplaint,
    CheckingDenunciation,
    CheckingEmergency,
    CheckingNumbers,
    GuidingComplaint,
    Idle,
    Question,
    SplittingMatters,
)
from core.conversation.turn import ASK, Turn, marked, onward, rest_noted, tell_on, unheard
from core.say import Text, say


def checking_emergency(step: CheckingEmergency, event: ConversationEvent, context: Context) -> Turn:
    """E1: the numbers to call come first; then go on, or stop and keep the draft."""
    draft = step.draft
    match event:
        case ChoiceMade("called" | "not_urgent"):
            return onward(marked(draft, "emergency_words"), step, context)
        case ChoiceMade("stop"):
            return Turn(
                Idle(), (Say(say("draft_left")),), is_asked=False, parks=marked(draft, "emergency_words")
            )
        case TextGiven(text) if "telling" not in draft.answered:
            return _told_more(step, text)
        case _:
            return unheard(step, event, context)


def checking_denunciation(step: CheckingDenunciation, event: ConversationEvent, context: Context) -> Turn:
    """T1: what was typed is sealed for the keeper and leaves the draft at once, or it was no denunciation."""
    draft = step.draft
    match event:
        case ChoiceMade("own_way"):
            return _sealed(draft, _way("denunciation_way", context))
        case ChoiceMade("meet"):
            return _sealed(draft, _way("denunciation_meet", context))
        case ChoiceMade("no"):
            return onward(marked(draft, "maybe_denunciation"), step, context)
        case TextGiven(text):
            return _told_more(step, text)
        case _:
            return unheard(step, event, context)


def _told_more(step: Question, text: str) -> Turn:
    """More words at a card: they stay with the story, and the card is shown once for a burst."""
    draft, is_long = tell_on(step.draft, text)
    effects: tuple[Effect, ...] = (rest_noted(draft),) if is_long else ()
    return Turn(replace(step, draft=draft), effects, coalesce=ASK)


def _sealed(draft: Draft, guidance: Text) -> Turn:
    written = "\n".join((*draft.story, *draft.further, *draft.notes))
    effects = (SealText(written), DropDraft(draft.id), Say(guidance))
    return Turn(None, effects, is_asked=False)


def _way(key: str, context: Context) -> Text:
    office = context.office
    return say(
        key, way=office.denunciation_way, address=office.address, hours=office.hours, phone=office.phone
    )


def checking_complaint(step: CheckingComplaint, event: ConversationEvent, context: Context) -> Turn:
    """K1: is it a disagreement with a decision about the citizen?"""
    draft = step.draft
    match event:
        case ChoiceMade("yes"):
            return Turn(GuidingComplaint(draft))
        case ChoiceMade("no"):
            return onward(draft, step, context)
        case ChoiceMade("unsure"):
            return onward(marked(draft, "maybe_complaint"), step, context)
        case _:
            return unheard(step, event, context)


def guiding_complaint(step: GuidingComplaint, event: ConversationEvent, context: Context) -> Turn:
    """Where and when a complaint is taken; the citizen may still send it as feedback."""
    match event:
        case ChoiceMade("where"):
            office = context.office
            where = say("complaint_where", address=office.address, hours=office.hours, phone=office.phone)
            return Turn(step, (Say(where),))
        case ChoiceMade("send_anyway"):
            return onward(marked(step.draft, "maybe_complaint"), step, context)
        case ChoiceMade("stop"):
            return Turn(Cancelling(step.draft))
        case _:
            return unheard(step, event, context)


def checking_numbers(step: CheckingNumbers, event: ConversationEvent, context: Context) -> Turn:
    """Numbers of papers or accounts in the words: covered for good, or left as they are."""
    match event:
        case ChoiceMade("cover"):
            return onward(_covered(step.draft), step, context, Say(say("numbers_covered")))
        case ChoiceMade("keep"):
            return onward(step.draft, step, context)
        case _:
            return unheard(step, event, context)


def _covered(draft: Draft) -> Draft:
    return replace(
        draft,
        story=tuple(cover_numbers(text) for text in draft.story),
        notes=tuple(cover_numbers(text) for text in draft.notes),
        further=tuple(cover_numbers(text) for text in draft.further),
    )


def splitting_matters(step: SplittingMatters, event: ConversationEvent, context: Context) -> Turn:
    """One ticket for each matter, the first one now; or all in one."""
    match event:
        case ChoiceMade("split"):
            return Turn(next_question(_first_alone(step.draft, context), context))
        case ChoiceMade("together"):
            return onward(step.draft, step, context)
        case _:
            return unheard(step, event, context)


def _first_alone(draft: Draft, context: Context) -> Draft:
    """The draft with its first matter; the others come up after it. Its checks count for its own words."""
    first, *others = split_matters(draft.story_text)
    alone = replace(draft, story=(first,), further=(*others, *draft.further))
    return settle_checks(answer(reopen_checks(alone), "checking_numbers", "splitting_matters"), context)
