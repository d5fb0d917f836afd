"""At rest: the menu, a message out of the blue, consent, and the wish for a person."""

from dataclasses import replace
from datetime import timedelta

from core.conversation import tickets
from core.conversation.context import Context, TicketFact
from core.conversation.draft import Draft, Place, answer, note
from core.conversation.effects import (
    AddToTicket,
    CallDesk,
    Effect,
    GiveConsent,
    KeepMedia,
    RefuseConsent,
    Say,
    ShowTicket,
)
from core.conversation.events import (
    ChoiceMade,
    ConversationEvent,
    Entered,
    MediaGiven,
    PhoneShared,
    PlaceShared,
    TextGiven,
    Unreadable,
)
from core.conversation.flow import next_question
from core.conversation.replies import answer_question, asking_fixed
from core.conversation.spoken import SENDING
from core.conversation.states import State
from core.conversation.steps import (
    AnsweredQuestion,
    AnsweringQuestion,
    AskingFixed,
    CheckingDenunciation,
    CheckingEmergency,
    Consenting,
    Errand,
    Idle,
    Offering,
    OpenedTicket,
    PickingTicket,
    Question,
    Resuming,
    Step,
    WhichTicket,
    WritingToDesk,
)
from core.conversation.tickets import pick
from core.conversation.turn import (
    ASK,
    BURST_SECONDS,
    MAX_STORY,
    MENU,
    Turn,
    blank,
    keep_file,
    new_draft,
    rest_noted,
    screened,
    tell_on,
    told,
    unheard,
    unheard_errand,
)
from core.say import Text, Value, say
from core.text import fold
from core.tickets import LIVE, Status

SHORTEST_STORY = 10
"""Characters below which a message says nothing to act on."""

JUST_SPOKEN = timedelta(minutes=10)
"""How long after we wrote about the only open ticket a free message belongs to it."""

_GREETING = frozenset(
    {"chao", "xin chao", "hello", "hi", "alo", "ok", "oke", "da", "vang", "u", "cam on", "menu", "?"}
)


def idle(state: State, step: Idle, event: ConversationEvent, context: Context) -> Turn:
    """The menu, or the start of something."""
    match event:
        case ChoiceMade(code):
            return menu_choice(state, code, context)
        case TextGiven(text):
            return _free_text(state, step, text, context)
        case MediaGiven():
            return _free_media(state, event, context)
        case PlaceShared(latitude, longitude, label):
            place = Place(words=label, latitude=latitude, longitude=longitude)
            return Turn(Offering(answer(replace(new_draft(context), place=place), "placing")))
        case PhoneShared() | Unreadable():
            return Turn(Idle(), (Say(say("unreadable"), "unreadable", BURST_SECONDS),), coalesce=MENU)
        case _:
            return Turn(Idle(), coalesce=MENU)


def entered(state: State, event: Entered, context: Context) -> Turn | None:
    """A matter begun at a poster, its place or field already answered; the numbers to call come first.

    None where the link names nothing that we know, or something else is open.
    """
    place = next((known for known in context.places if known.code and known.code == event.place), None)
    field = next((option for option in context.fields if option.code == event.field), None)
    if not isinstance(state.step, Idle) or state.parked or not (place or field):
        return None
    draft = new_draft(context)
    about: Value = ""
    if field:
        draft = answer(replace(draft, field=field.code), "choosing_field")
        about = say("entrance_field", field=field.label)
    if place:
        draft = answer(replace(draft, place=Place(words=place.name)), "placing")
        about = say("entrance_both", place=place.name, field=field.label) if field else place.name
    greeting = say("entrance", office=context.office.name, about=about)
    return Turn(next_question(draft, context), (Say(greeting),))


def elsewhere(state: State, step: Step, event: ConversationEvent, turn: Turn, context: Context) -> Turn:
    """What a step about tickets made of words or a file, or what they mean beside it.

    In the list they are a message out of the blue. Under an answer of the desk they may belong to the draft
    that waits since it came; a question of the desk, once answered, leads back to such a draft at once.
    """
    match step, event:
        case PickingTicket(), MediaGiven() if turn.is_missed:
            return idle(state, Idle(), event, context)
        case PickingTicket(), TextGiven(text) if turn.is_missed and len(fold(text)) >= SHORTEST_STORY:
            return idle(state, Idle(), event, context)
        case AskingFixed(), TextGiven(text) if turn.step == step and state.parked:
            return Turn(Resuming(state.parked[-1], said=text))
        case AnsweringQuestion(), _ if isinstance(turn.step, AnsweredQuestion) and state.parked:
            return replace(turn, step=None)
        case _:
            return turn


def menu_choice(state: State, code: str, context: Context) -> Turn:
    """One of the things the menu offers."""
    match code:
        case "send_feedback" if state.parked:
            return Turn(Resuming(state.parked[-1]))
        case "send_feedback":
            return Turn(next_question(new_draft(context), context))
        case "tickets":
            return pick(Errand.SHOW, context)
        case "person":
            return ask_person(context)
        case "guide":
            return Turn(Idle(), (Say(_guidance(context)), Say(_privacy(context))))
        case _:
            return Turn(Idle(), coalesce=MENU)


def ask_person(context: Context, draft: Draft | None = None) -> Turn:
    """Hand over: the desk hears at once when nothing may be stored, otherwise a line for it is asked."""
    if context.has_consented or (draft and "consenting" in draft.answered):
        return Turn(WritingToDesk(), parks=draft)
    office = context.office
    told_desk = say("desk_told", hours=office.hours, phone=office.phone)
    return Turn(None, (CallDesk(""), Say(told_desk)), is_asked=draft is not None, parks=draft)


def _desk_called(context: Context) -> Text:
    key = "desk_called" if context.is_office_open else "desk_called_closed"
    return say(key, hours=context.office.hours, phone=context.office.phone)


def _guidance(context: Context) -> Text:
    office = context.office
    return say("guidance", office=office.name, hours=office.hours, address=office.address, phone=office.phone)


def _privacy(context: Context) -> Text:
    return say("privacy_notice", notice=context.office.privacy_notice)


def _free_text(state: State, step: Idle, text: str, context: Context) -> Turn:
    if step.sent_draft and context.tickets and fold(text) in SENDING:
        return Turn(step, (Say(say("already_sent", number=context.tickets[0].number)),), is_asked=False)
    named = tickets.named(text, context)
    if named:
        return Turn(OpenedTicket(named.id), (ShowTicket(named.id),))
    if len(fold(text)) < SHORTEST_STORY and (fold(text) in _GREETING or not _expects_words(context)):
        return Turn(Idle(), coalesce=MENU)
    draft = new_draft(context, text)
    urgent = next_question(draft, context)
    if isinstance(urgent, CheckingEmergency | CheckingDenunciation):
        return Turn(urgent, _rest(draft))
    if state.parked:
        return Turn(Resuming(state.parked[-1], said=text))
    return _about_ticket(text, context) or Turn(Offering(draft), _rest(draft), coalesce=ASK)


def _expects_words(context: Context) -> bool:
    """Whether even a few words say something: to the desk's question, or just after we wrote."""
    return bool(_waiting(context)) or _just_spoken(context) is not None


def _rest(draft: Draft) -> tuple[Effect, ...]:
    return (rest_noted(draft),) if draft.notes else ()


def _waiting(context: Context) -> list[TicketFact]:
    return [ticket for ticket in context.tickets if ticket.status is Status.AWAITING_CITIZEN]


def _live(context: Context) -> list[TicketFact]:
    return [ticket for ticket in context.tickets if ticket.status in LIVE]


def _just_spoken(context: Context) -> TicketFact | None:
    """The only open ticket, when we wrote about it a moment ago."""
    live = _live(context)
    if len(live) != 1 or live[0].spoken_at is None:
        return None
    return live[0] if context.now - live[0].spoken_at <= JUST_SPOKEN else None


def _about_ticket(text: str, context: Context) -> Turn | None:
    """Where a free message goes when there are open tickets."""
    waiting = _waiting(context)
    if len(waiting) == 1:
        return answer_question(waiting[0], text, context)
    ticket = _just_spoken(context)
    if ticket and ticket.status is Status.ANSWERED:
        return asking_fixed(AskingFixed(ticket.id), TextGiven(text), context)
    if ticket:
        return Turn(Idle(), (AddToTicket(ticket.id, text),), is_asked=False)
    return Turn(WhichTicket(texts=(text,)), coalesce=ASK) if _live(context) else None


def _free_media(state: State, event: MediaGiven, context: Context) -> Turn:
    if state.parked:
        return keep_file(Resuming(state.parked[-1]), event, context, asks=True)
    ticket = _just_spoken(context)
    if ticket:
        caption: tuple[Effect, ...] = (AddToTicket(ticket.id, event.caption),) if event.caption else ()
        said = Say(say("file_added", number=ticket.number), f"file:{ticket.id}", BURST_SECONDS)
        return Turn(Idle(), (KeepMedia(event.media, ticket_id=ticket.id), *caption, said), is_asked=False)
    if _live(context):
        texts = (event.caption,) if event.caption else ()
        return Turn(WhichTicket(texts, (event.media,)), coalesce=ASK)
    return keep_file(Offering(new_draft(context)), event, context, asks=True)


def offering(step: Offering, event: ConversationEvent, context: Context) -> Turn:
    """Shall what was sent become a matter?"""
    match event:
        case ChoiceMade("yes"):
            return Turn(next_question(step.draft, context))
        case ChoiceMade("no"):
            return Turn(Idle(), (blank(step.draft, context),))
        case TextGiven(text):
            return _more(step, text, context)
        case MediaGiven():
            return keep_file(step, event, context, asks=True)
        case _:
            return unheard(step, event, context)


def _more(step: Question, text: str, context: Context) -> Turn:
    """More of the story before consent: it stays in the state and the same question stands."""
    draft, is_long = tell_on(step.draft, text)
    effects: tuple[Effect, ...] = (rest_noted(draft),) if is_long else ()
    after = screened(replace(step, draft=draft), context)
    return Turn(after, effects, coalesce=ASK if type(after) is type(step) else "")


def consenting(step: Consenting, event: ConversationEvent, context: Context) -> Turn:
    """Consent, the full notice, or a refusal after which nothing is left."""
    draft = step.draft
    match event:
        case ChoiceMade("yes", said):
            consent = GiveConsent(context.office.privacy_version, said or "1")
            files = tuple(KeepMedia(media, draft.id) for media in draft.media)
            return Turn(next_question(answer(draft, "consenting"), context), (consent, *files))
        case ChoiceMade("read"):
            return Turn(step, (Say(_privacy(context)),))
        case ChoiceMade("no"):
            return Turn(Idle(), (RefuseConsent(), Say(_refused(context))), is_asked=False)
        case TextGiven(text) if len(fold(text)) >= SHORTEST_STORY:
            return _consent_again(_more(step, text, context))
        case TextGiven(text):
            return _consent_again(Turn(replace(step, draft=note(draft, text))))
        case _:
            return unheard(step, event, context)


def _consent_again(turn: Turn) -> Turn:
    """The short form of the question instead of the long one, once for a burst."""
    if not isinstance(turn.step, Consenting):
        return turn
    again = Say(say("consent_again"), ASK, BURST_SECONDS)
    return replace(turn, effects=(*turn.effects, again), is_asked=False)


def _refused(context: Context) -> Text:
    office = context.office
    return say("consent_refused", address=office.address, hours=office.hours, phone=office.phone)


def writing_to_desk(step: WritingToDesk, event: ConversationEvent, context: Context) -> Turn:
    """A line for the desk; a denunciation gets its own door first."""
    match event:
        case TextGiven(text):
            return Turn(None, (CallDesk(text[:MAX_STORY]), Say(_desk_called(context))), is_asked=False)
        case ChoiceMade("just_call"):
            return Turn(None, (CallDesk(""), Say(_desk_called(context))), is_asked=False)
        case ChoiceMade("back"):
            return Turn(None)
        case MediaGiven() | PlaceShared() | PhoneShared():
            return told(step, say("desk_takes_words"))
        case _:
            return unheard_errand(step, event)
