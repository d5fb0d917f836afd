"""What is looked for in all that a citizen writes, whatever was asked: danger, and what has its own door."""

from dataclasses import replace

from core.conversation.context import Context
from core.conversation.draft import mark, note
from core.conversation.effects import Say
from core.conversation.events import ConversationEvent, MediaGiven, TextEdited, TextGiven
from core.conversation.screening import is_denunciation, is_emergency
from core.conversation.states import State, draft_of, with_draft
from core.conversation.steps import (
    CheckingDenunciation,
    CheckingEmergency,
    Consenting,
    Idle,
    Offering,
    Resuming,
    Telling,
    WhichTicket,
)
from core.conversation.turn import BURST_SECONDS, Turn, new_draft
from core.say import say

_SCREENED = Idle | Telling | Offering | Consenting | CheckingEmergency | CheckingDenunciation
"""Steps whose words become a story, which is screened as a whole."""


def own_door(state: State, event: ConversationEvent, context: Context) -> Turn | None:
    """The card of a denunciation before a word of it is stored; an open draft waits meanwhile.

    None when there is none, or when the citizen has said about this draft that it is none.
    """
    step, text, draft = state.step, _words(event), draft_of(state.step)
    is_caption_at_rest = isinstance(step, Idle) and isinstance(event, MediaGiven)
    if (isinstance(step, _SCREENED) and not is_caption_at_rest) or not is_denunciation(text):
        return None
    if draft and "maybe_denunciation" in draft.marks:
        return None
    held = step.texts if isinstance(step, WhichTicket) else ()
    if draft and isinstance(step, Resuming):
        draft = note(draft, step.said)
    accusing = new_draft(context, "\n".join((*held, text)))
    return Turn(CheckingDenunciation(accusing), parks=draft)


def with_numbers(turn: Turn, event: ConversationEvent) -> Turn:
    """When the words point to danger: the numbers to call are said first, and the draft is marked."""
    if isinstance(turn.step, CheckingEmergency | CheckingDenunciation) or not is_emergency(_words(event)):
        return turn
    numbers = Say(say("emergency_numbers"), "emergency", BURST_SECONDS)
    draft = draft_of(turn.step) if turn.step else None
    step = with_draft(turn.step, mark(draft, "emergency_words")) if turn.step and draft else turn.step
    return replace(turn, step=step, effects=(numbers, *turn.effects))


def _words(event: ConversationEvent) -> str:
    match event:
        case TextGiven(text) | TextEdited(text) | MediaGiven(_, text):
            return text
        case _:
            return ""
