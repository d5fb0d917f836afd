"""What the desk asked and answered: the reply to its question, «is it really done», the rating."""

import re
from dataclasses import replace

from core.conversation.context import Context, TicketFact
from core.conversation.draft import Draft
from core.conversation.effects import (
    AddToTicket,
    AnswerQuestion,
    AskReview,
    ConfirmFixed,
    Effect,
    Fixed,
    KeepMedia,
    RateTicket,
    Say,
    TakeBackAnswer,
)
from core.conversation.events import (
    ChoiceMade,
    ConversationEvent,
    MediaGiven,
    TextGiven,
    TicketPressed,
    Word,
    WordSaid,
)
from core.conversation.flow import next_question
from core.conversation.spoken import NO_FOLDED
from core.conversation.states import State, draft_of
from core.conversation.steps import (
    AddingToTicket,
    AnsweredQuestion,
    AnsweringQuestion,
    AskingFixed,
    AskingReviewReason,
    Idle,
    Rating,
    Step,
    TicketStep,
    WhichTicket,
    WritingToDesk,
)
from core.conversation.tickets import ADDING_LASTS, adding_to_ticket, file_effects, find
from core.conversation.turn import BURST_SECONDS, Turn, new_draft, told, unheard_errand
from core.say import say
from core.text import fold
from core.tickets import Status

_STILL_NOT = re.compile(
    r"(?:da )?(?:van )?(?:con )?(?:chua|khong xong)\b(?! (?:biet|ro|xem|coi))"
    r"|.*\bvan (?:con |dang |bi )*(?:chua|khong|tat|hong|hu|nhu cu|ngap|tac|hoi|ban|ri|lay|gay|the|vay)\b"
)
_PARTLY = re.compile(r".*\b(?:mot nua|mot phan|nua chung|chua het|con mot (?:doan|phan|cho|it))\b")
_REASON = 15
SCORES = {"satisfied": 1, "acceptable": 2, "unsatisfied": 3}
_NOTHING_MORE = frozenset({"khong co them", "khong co gi them", "khong them", "khong con gi them"})


def answering_question(step: AnsweringQuestion, event: ConversationEvent, context: Context) -> Turn:
    """The next message is the answer to the desk's question."""
    ticket = find(context, step.ticket_id)
    if ticket is None or ticket.status is not Status.AWAITING_CITIZEN:
        return Turn(None)
    match event:
        case WordSaid(Word.DONE | Word.SKIP):
            return Turn(None, (AnswerQuestion(ticket.id, ""),), is_asked=False)
        case TextGiven(text):
            return answer_question(ticket, text, context)
        case MediaGiven(media, caption) if caption:
            answered = answer_question(ticket, caption, context)
            return replace(answered, effects=(KeepMedia(media, ticket_id=ticket.id), *answered.effects))
        case MediaGiven(media):
            said = Say(say("file_for_question", number=ticket.number), f"file:{ticket.id}", BURST_SECONDS)
            return Turn(step, (KeepMedia(media, ticket_id=ticket.id), said), is_asked=False)
        case _:
            return unheard_errand(step, event)


def answer_question(ticket: TicketFact, text: str, context: Context) -> Turn:
    """The message goes to the question, under a visible header and with the way out «việc khác»."""
    if fold(text) in _NOTHING_MORE:
        return Turn(None, (AnswerQuestion(ticket.id, ""),), is_asked=False)
    answered = AnsweredQuestion(ticket.id, text, context.now + ADDING_LASTS)
    return Turn(answered, (AnswerQuestion(ticket.id, text),))


def answered_question(step: AnsweredQuestion, event: ConversationEvent, context: Context) -> Turn:
    """More about the same, or the message was another matter after all."""
    match event:
        case ChoiceMade("other") | WordSaid(Word.NEW):
            draft = new_draft(context, step.text)
            return Turn(next_question(draft, context), (TakeBackAnswer(step.ticket_id, step.text),))
        case WordSaid(Word.DONE):
            return Turn(
                None, (Say(say("adding_done", number=_number(context, step.ticket_id))),), is_asked=False
            )
        case TextGiven() | MediaGiven():
            adding = AddingToTicket(step.ticket_id, step.until)
            more = adding_to_ticket(adding, event, context)
            return replace(more, step=step) if more.step == adding else more
        case _:
            return unheard_errand(step, event)


def _number(context: Context, ticket_id: int) -> str:
    ticket = find(context, ticket_id)
    return ticket.number if ticket else ""


def asking_fixed(step: AskingFixed, event: ConversationEvent, context: Context) -> Turn:
    """Fact first: done, partly, or not."""
    ticket = find(context, step.ticket_id)
    if ticket is None or ticket.status is not Status.ANSWERED:
        return Turn(None)
    match event:
        case WordSaid(Word.DONE):
            return _fixed(ticket, Fixed.DONE)
        case ChoiceMade(code) if code in set(Fixed):
            return _fixed(ticket, Fixed(code))
        case TextGiven(text) if _PARTLY.match(fold(text)):
            return replace(_fixed(ticket, Fixed.PARTLY), effects=(AddToTicket(ticket.id, text),))
        case TextGiven(text) if _STILL_NOT.match(fold(text)) or fold(text) in NO_FOLDED:
            return _still_not(ticket, text)
        case TextGiven(text):
            return Turn(step, (AddToTicket(ticket.id, text),))
        case MediaGiven(media, caption):
            return Turn(step, file_effects(ticket, media, caption))
        case _:
            return unheard_errand(step, event)


def _still_not(ticket: TicketFact, text: str) -> Turn:
    """«Chưa, đèn vẫn tắt» holds the reason already; «chưa xong» does not."""
    if len(text) < _REASON:
        return Turn(AskingReviewReason(ticket.id, Fixed.NOT))
    return Turn(None, (AskReview(ticket.id, Fixed.NOT, text),), is_asked=False)


def _fixed(ticket: TicketFact, fixed: Fixed) -> Turn:
    if fixed is Fixed.DONE:
        return Turn(Rating(ticket.id), (ConfirmFixed(ticket.id, fixed),), is_asked=False)
    return Turn(AskingReviewReason(ticket.id, fixed))


def rating(step: Rating, event: ConversationEvent, _context: Context) -> Turn:
    """How the citizen feels about it. No answer is an answer: other words are taken as at rest."""
    match event:
        case ChoiceMade(code) if code in SCORES:
            return Turn(None, _rated(step.ticket_id, code), is_asked=False)
        case _:
            return unheard_errand(step, event)


def _rated(ticket_id: int, code: str) -> tuple[Effect, ...]:
    return RateTicket(ticket_id, SCORES[code]), Say(say("rated"))


def asking_review_reason(step: AskingReviewReason, event: ConversationEvent, context: Context) -> Turn:
    """T23: what is still not done; or, partly done, good enough to close."""
    ticket = find(context, step.ticket_id)
    if ticket is None or ticket.status is not Status.ANSWERED:
        return Turn(None)
    match event:
        case TextGiven(text):
            return Turn(None, (AskReview(ticket.id, step.fixed, text),), is_asked=False)
        case MediaGiven(media, caption) if caption:
            kept = KeepMedia(media, ticket_id=ticket.id)
            return Turn(None, (kept, AskReview(ticket.id, step.fixed, caption)), is_asked=False)
        case MediaGiven(media):
            return Turn(step, file_effects(ticket, media, ""), is_asked=False)
        case WordSaid(Word.SKIP | Word.DONE) | ChoiceMade("no_reason"):
            return Turn(None, (AskReview(ticket.id, step.fixed, ""),), is_asked=False)
        case ChoiceMade("accept") if step.fixed is Fixed.PARTLY:
            return Turn(Rating(ticket.id), (ConfirmFixed(ticket.id, step.fixed),), is_asked=False)
        case _:
            return unheard_errand(step, event)


def pressed(state: State, event: TicketPressed, context: Context, draft: Draft | None) -> Turn:
    """A press under an answer of the desk, from any state; an open draft waits meanwhile."""
    ticket = find(context, event.ticket_id)
    if ticket is None:
        return told(state.step, say("old_button"))
    if event.question == "rating" and event.code in SCORES and ticket.status is Status.CLOSED:
        step: Step | None = None if isinstance(state.step, Rating) else state.step
        return Turn(step, _rated(ticket.id, event.code), is_asked=False)
    if event.question == "fixed" and event.code in set(Fixed) and ticket.status is Status.ANSWERED:
        return _fixed_by_press(state, ticket, Fixed(event.code), draft)
    return told(state.step, say("already_answered", number=ticket.number), is_asked=False)


def _fixed_by_press(state: State, ticket: TicketFact, fixed: Fixed, draft: Draft | None) -> Turn:
    """«Đã xong» leaves an open draft where it is; otherwise the draft waits while the reason is asked."""
    if draft and fixed is Fixed.DONE:
        return Turn(state.step, (ConfirmFixed(ticket.id, fixed),))
    return replace(_fixed(ticket, fixed), parks=draft)


def asked_by_desk(state: State, ticket_id: int) -> State:
    """The state after a question of the desk went out: the next message answers it; an open draft waits.

    While another ticket's question stands as well, the citizen is asked which one a message is for.
    """
    if isinstance(state.step, AnsweringQuestion) and state.step.ticket_id != ticket_id:
        return State(Idle(), state.asked_version + 1, 0, state.parked)
    return _turned(state, AnsweringQuestion(ticket_id))


def answered_by_desk(state: State, ticket_id: int) -> State:
    """The state after an answer went out: a number now says whether it is really done."""
    return _turned(state, AskingFixed(ticket_id))


def _turned(state: State, step: TicketStep) -> State:
    """What was shown last is what a number answers, so a draft in hand is set aside until then."""
    if isinstance(state.step, WhichTicket | WritingToDesk):
        return state
    draft = draft_of(state.step)
    parked = (*state.parked, draft) if draft else state.parked
    return State(step, state.asked_version + 1, 0, parked)
