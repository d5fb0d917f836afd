"""After sending: the list, an opened ticket, additions, a message without a ticket, withdrawal."""

import re
from dataclasses import replace
from datetime import timedelta

from core.channel import MediaRef
from core.conversation.context import Context, TicketFact
from core.conversation.draft import Draft
from core.conversation.effects import (
    AddToTicket,
    AnswerQuestion,
    CallDesk,
    Effect,
    KeepMedia,
    Say,
    ShowTicket,
    WithdrawTicket,
)
from core.conversation.events import (
    ChoiceMade,
    ConversationEvent,
    MediaGiven,
    TextGiven,
    Word,
    WordSaid,
)
from core.conversation.flow import next_question
from core.conversation.steps import (
    AddingToTicket,
    AnsweringQuestion,
    AskingFixed,
    Errand,
    OpenedTicket,
    PickingTicket,
    WhichTicket,
    Withdrawing,
)
from core.conversation.turn import ASK, BURST_SECONDS, MAX_STORY, Turn, new_draft, unheard_errand
from core.say import say
from core.text import fold
from core.tickets import LIVE, OPEN, Status

SHOWN = 8
"""Tickets in a list."""

_HANDLE = re.compile(r"^(?:xem )?(?:ho so|hs|ma|so|ma ho so|ma so) ")

SHORTEST_ADDITION = 10
"""Characters below which words at an opened ticket are taken for a mistyped choice."""

ADDING_LASTS = timedelta(minutes=30)
"""How long messages go to the ticket that was opened for adding."""


def suitable(errand: Errand, context: Context) -> tuple[TicketFact, ...]:
    """The tickets that can be picked for the errand, newest first."""
    statuses = {Errand.SHOW: frozenset(Status), Errand.ADD: LIVE, Errand.WITHDRAW: OPEN}[errand]
    return tuple(ticket for ticket in context.tickets if ticket.status in statuses)[:SHOWN]


def pick(errand: Errand, context: Context, draft: Draft | None = None) -> Turn:
    """Begin an errand: the list, or at once the only ticket it can be about."""
    fitting = suitable(errand, context)
    if not fitting:
        return Turn(None, (Say(say(f"no_ticket_to_{errand}")),), is_asked=draft is not None, parks=draft)
    if len(fitting) == 1 and errand is not Errand.SHOW:
        return replace(_picked(errand, fitting[0], context), parks=draft)
    return Turn(PickingTicket(errand), parks=draft)


def _picked(errand: Errand, ticket: TicketFact, context: Context) -> Turn:
    match errand:
        case Errand.SHOW:
            return Turn(OpenedTicket(ticket.id), (ShowTicket(ticket.id),))
        case Errand.ADD:
            return Turn(AddingToTicket(ticket.id, context.now + ADDING_LASTS))
        case Errand.WITHDRAW:
            return Turn(Withdrawing(ticket.id))


def find(context: Context, ticket_id: int) -> TicketFact | None:
    """The ticket when it is this chat's."""
    return next((ticket for ticket in context.tickets if ticket.id == ticket_id), None)


def picking_ticket(step: PickingTicket, event: ConversationEvent, context: Context) -> Turn:
    """A number, or the ticket's own number, opens it."""
    fitting = suitable(step.errand, context)
    match event:
        case ChoiceMade(code):
            chosen = [ticket for ticket in fitting if code == f"ticket:{ticket.id}"]
        case TextGiven(text):
            chosen = [ticket for ticket in fitting if _names(text, ticket)]
        case _:
            chosen = []
    return _picked(step.errand, chosen[0], context) if len(chosen) == 1 else unheard_errand(step, event)


def _names(text: str, ticket: TicketFact) -> bool:
    """Whether the text is the ticket's number, or its last three digits."""
    said = fold(text).replace(" ", "")
    number = fold(ticket.number).replace(" ", "")
    return said in {number, number.removeprefix("pa"), number[-3:]}


def named(text: str, context: Context) -> TicketFact | None:
    """The one ticket of this chat whose number the message is, or None."""
    said = _HANDLE.sub("", fold(text))
    fitting = [ticket for ticket in context.tickets if _names(said, ticket)]
    return fitting[0] if len(fitting) == 1 else None


def opened_ticket(step: OpenedTicket, event: ConversationEvent, context: Context) -> Turn:
    """What to do with the ticket on the screen."""
    ticket = find(context, step.ticket_id)
    if ticket is None:
        return Turn(None)
    match event:
        case ChoiceMade("answer") if ticket.status is Status.AWAITING_CITIZEN:
            return Turn(AnsweringQuestion(ticket.id))
        case ChoiceMade("fixed") if ticket.status is Status.ANSWERED:
            return Turn(AskingFixed(ticket.id))
        case ChoiceMade("add") | WordSaid(Word.ADD) if ticket.status in LIVE:
            return _picked(Errand.ADD, ticket, context)
        case ChoiceMade("withdraw") | WordSaid(Word.WITHDRAW) if ticket.status in OPEN:
            return Turn(Withdrawing(ticket.id))
        case ChoiceMade("list"):
            return Turn(PickingTicket(Errand.SHOW))
        case ChoiceMade("leave"):
            return Turn(None)
        case _:
            return _added(step, ticket, event)


def _added(step: OpenedTicket | Withdrawing, ticket: TicketFact, event: ConversationEvent) -> Turn:
    """Words or a file in front of one ticket belong to it; then the same question stands."""
    match event:
        case TextGiven(text) if ticket.status in LIVE and len(fold(text)) >= SHORTEST_ADDITION:
            return Turn(step, (AddToTicket(ticket.id, text),))
        case MediaGiven(media, caption) if ticket.status in LIVE:
            return Turn(step, file_effects(ticket, media, caption))
        case _:
            return unheard_errand(step, event)


def adding_to_ticket(step: AddingToTicket, event: ConversationEvent, context: Context) -> Turn:
    """Messages and files for one ticket until «xong»."""
    ticket = find(context, step.ticket_id)
    if ticket is None or ticket.status not in LIVE:
        return Turn(None)
    match event:
        case TextGiven(text):
            return Turn(step, (AddToTicket(ticket.id, text),), is_asked=False)
        case MediaGiven(media, caption):
            return Turn(step, file_effects(ticket, media, caption), is_asked=False)
        case WordSaid(Word.DONE) | ChoiceMade("done"):
            return Turn(None, (Say(say("adding_done", number=ticket.number)),), is_asked=False)
        case _:
            return unheard_errand(step, event)


def file_effects(ticket: TicketFact, media: MediaRef, caption: str) -> tuple[Effect, ...]:
    """Keep a file, and its caption, with a ticket."""
    said = Say(say("file_added", number=ticket.number), f"file:{ticket.id}", BURST_SECONDS)
    kept = KeepMedia(media, ticket_id=ticket.id)
    return (kept, AddToTicket(ticket.id, caption), said) if caption else (kept, said)


def which_ticket(step: WhichTicket, event: ConversationEvent, context: Context) -> Turn:
    """Where a free message belongs: one of the tickets, a new matter, or only a question to the desk."""
    match event:
        case ChoiceMade("new") | WordSaid(Word.NEW):
            return _as_new(step, context)
        case ChoiceMade("person") | WordSaid(Word.PERSON):
            return _to_desk(step, context)
        case WordSaid(Word.CANCEL | Word.BACK):
            return Turn(None, (Say(say("message_dropped")),), is_asked=False)
        case WordSaid():
            return Turn(step)
        case ChoiceMade(code):
            return _to_ticket(step, code, context)
        case TextGiven(text) if ticket := named(text, context):
            return _to_ticket(step, f"ticket:{ticket.id}", context)
        case TextGiven(text):
            return Turn(replace(step, texts=(*step.texts, text)), coalesce=ASK)
        case MediaGiven(media, caption):
            texts = (*step.texts, caption) if caption else step.texts
            return Turn(WhichTicket(texts, (*step.media, media)), coalesce=ASK)
        case _:
            return unheard_errand(step, event)


def _to_ticket(step: WhichTicket, code: str, context: Context) -> Turn:
    chosen = [ticket for ticket in suitable(Errand.ADD, context) if code == f"ticket:{ticket.id}"]
    if len(chosen) != 1:
        return Turn(step)
    ticket, text = chosen[0], "\n".join(step.texts)
    files: tuple[Effect, ...] = tuple(KeepMedia(media, ticket_id=ticket.id) for media in step.media)
    if ticket.status is Status.AWAITING_CITIZEN and text:
        return Turn(None, (*files, AnswerQuestion(ticket.id, text)), is_asked=False)
    words: tuple[Effect, ...] = (AddToTicket(ticket.id, text),) if text else ()
    said: tuple[Effect, ...] = () if text else (Say(say("file_added", number=ticket.number)),)
    if ticket.status is Status.ANSWERED:
        return Turn(AskingFixed(ticket.id), (*files, *words, *said))
    return Turn(None, (*files, *words, *said), is_asked=False)


def _as_new(step: WhichTicket, context: Context) -> Turn:
    draft = new_draft(context, "\n".join(step.texts))
    draft = replace(draft, media=step.media[: context.max_files])
    files = tuple(KeepMedia(media, draft.id) for media in draft.media) if context.has_consented else ()
    return Turn(next_question(draft, context), files)


def _to_desk(step: WhichTicket, context: Context) -> Turn:
    key = "desk_called" if context.is_office_open else "desk_called_closed"
    text = "\n".join(step.texts)[:MAX_STORY] if context.has_consented else ""
    called = Say(say(key, hours=context.office.hours, phone=context.office.phone))
    return Turn(None, (CallDesk(text), called), is_asked=False)


def withdrawing(step: Withdrawing, event: ConversationEvent, context: Context) -> Turn:
    """T26 after one confirmation."""
    ticket = find(context, step.ticket_id)
    if ticket is None or ticket.status not in OPEN:
        return Turn(None)
    match event:
        case ChoiceMade("yes"):
            return Turn(None, (WithdrawTicket(ticket.id),), is_asked=False)
        case ChoiceMade("no"):
            return Turn(None, (Say(say("not_withdrawn", number=ticket.number)),), is_asked=False)
        case _:
            return _added(step, ticket, event)
