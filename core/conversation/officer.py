"""An officer's dialogue: `step` is total, says the same to the same, and touches nothing outside."""

from dataclasses import replace

from core.clocks import Pace
from core.conversation.draft import Kind
from core.conversation.officer_drafts import begin, draft_step, leave
from core.conversation.officer_effects import (
    AskExtension,
    Chose,
    CitizenWanted,
    ClassifyTicket,
    ClassWanted,
    CompleteDuty,
    ContactWanted,
    DraftBegun,
    DutyAnswered,
    FileGiven,
    ForwardTicket,
    GiveBack,
    KeepFile,
    OfficerContext,
    OfficerEvent,
    PlanOpened,
    Refused,
    RejectDuty,
    Result,
    ReturnWanted,
    RevealContact,
    Said,
    Tell,
    UnitWanted,
)
from core.conversation.officer_flow import ask, done, is_cancel, not_understood, open_question
from core.conversation.officer_plans import open_plan, plan_refused, plan_step
from core.conversation.officer_states import (
    AsCitizen,
    ChoosingUnit,
    Classifying,
    CorrectingField,
    Drafting,
    DutyAsking,
    GivingBack,
    GivingEvidence,
    GivingNewDue,
    GivingReason,
    Idle,
    PlanAsking,
    RejectingDuty,
    State,
    StatingPurpose,
    TicketAsking,
)
from core.day_words import read_day
from core.say import Choice, say
from core.text import fold

PURPOSES = ("call", "letter", "other")
KINDS = (Kind.FEEDBACK, Kind.PROPOSAL)
"""What a ticket may be; the other kinds are not taken in here."""

_ENOUGH = frozenset({"xong", "het", "xong roi"})
_SHORTEST_REASON = 5
_CANCEL = Choice("cancel")


def step(state: State, event: OfficerEvent, context: OfficerContext) -> tuple[State, Result]:
    """What the dialogue becomes and asks for. A new errand is taken up from every state."""
    match event:
        case DraftBegun():
            return begin(state, event, context)
        case CitizenWanted():
            return State(AsCitizen(), asked=state.asked + 1), ()
        case UnitWanted() | ClassWanted() | ContactWanted() | ReturnWanted():
            return _about_ticket(state, event, context)
        case DutyAnswered(obligation_id, code):
            return _about_duty(state, obligation_id, code, context)
        case PlanOpened():
            return open_plan(state, event, context)
        case Refused(code):
            return _refused(state, code, context)
        case _:
            return _within(state, event, context)


def _about_ticket(
    state: State, event: UnitWanted | ClassWanted | ContactWanted | ReturnWanted, context: OfficerContext
) -> tuple[State, Result]:
    match event:
        case UnitWanted(ticket_id, number, units):
            text = say("officer_unit", choices=(*units, _CANCEL), number=number)
            return open_question(state, ChoosingUnit(ticket_id, number), text, context)
        case ClassWanted(ticket_id, number, question):
            return open_question(state, Classifying(ticket_id, number), question, context)
        case ContactWanted(ticket_id, number):
            text = say("officer_purpose", number=number)
            return open_question(state, StatingPurpose(ticket_id, number), text, context)
        case ReturnWanted(ticket_id, number, reason):
            if len(reason) >= _SHORTEST_REASON:
                return done(state, GiveBack(ticket_id, reason))
            text = say("officer_return_reason", number=number)
            return open_question(state, GivingBack(ticket_id, number), text, context)


def _about_duty(state: State, obligation_id: int, code: str, context: OfficerContext) -> tuple[State, Result]:
    match code:
        case "done":
            return open_question(state, GivingEvidence(obligation_id), say("officer_evidence"), context)
        case "extend":
            return open_question(state, GivingNewDue(obligation_id), say("officer_new_due"), context)
        case "reject":
            return open_question(state, RejectingDuty(obligation_id), say("officer_reject_reason"), context)
        case _:
            return not_understood(state)


def _refused(state: State, code: str, context: OfficerContext) -> tuple[State, Result]:
    """The question stays as it was, except that a day too early is asked for again, and for a review."""
    if isinstance(state.step, PlanAsking):
        return plan_refused(state, state.step, code, context)
    if isinstance(state.step, GivingReason) and code == "extension_not_later":
        return ask(state, GivingNewDue(state.step.obligation_id), say("officer_new_due"), context)
    return state, ()


def _within(state: State, event: OfficerEvent, context: OfficerContext) -> tuple[State, Result]:
    current = state.step
    if isinstance(current, PlanAsking):
        return plan_step(state, current, event, context)
    if _says_cancel(event) and not isinstance(current, Idle | AsCitizen):
        if isinstance(current, Drafting):
            return leave(state, current, context)
        return done(state, Tell(say("officer_left")))
    match current:
        case Idle() | AsCitizen():
            return _at_rest(state, event)
        case Classifying() | CorrectingField():
            return _class_step(state, current, event, context)
        case ChoosingUnit() | StatingPurpose() | GivingBack():
            return _ticket_step(state, current, event)
        case GivingEvidence() | GivingNewDue() | GivingReason() | RejectingDuty():
            return _duty_step(state, current, event, context)
        case _:
            return draft_step(state, current, event, context)


def _says_cancel(event: OfficerEvent) -> bool:
    match event:
        case Said(text):
            return is_cancel(text)
        case Chose(code):
            return code == "cancel"
        case _:
            return False


def _at_rest(state: State, event: OfficerEvent) -> tuple[State, Result]:
    if state.step == Idle(is_forgotten=True):
        return done(state, Tell(say("officer_forgotten")))
    match event:
        case Said(text) if is_cancel(text):
            closed = replace(state, opened_ticket=0, opened_until=None)
            return done(closed, Tell(say("officer_left")))
        case FileGiven():
            return done(state, Tell(say("officer_file_for_what"), coalesce="files"))
        case Chose():
            return done(state, Tell(say("officer_stale")))
        case _:
            return done(state, Tell(say("officer_not_understood")))


def _class_step(
    state: State, current: Classifying | CorrectingField, event: OfficerEvent, context: OfficerContext
) -> tuple[State, Result]:
    match current, event:
        case Classifying(ticket_id, number), Chose("field"):
            text = say("officer_field", choices=(*context.fields, _CANCEL), number=number)
            return ask(state, CorrectingField(ticket_id, number), text, context)
        case Classifying(ticket_id), Chose(code) if code in set(Pace):
            return done(state, ClassifyTicket(ticket_id, pace=Pace(code)))
        case Classifying(ticket_id), Chose(code) if code in KINDS:
            return done(state, ClassifyTicket(ticket_id, kind=Kind(code)))
        case CorrectingField(ticket_id), Chose(code) if code in {field.code for field in context.fields}:
            return done(state, ClassifyTicket(ticket_id, field=code.partition(":")[2]))
        case _:
            return not_understood(state)


def _ticket_step(state: State, current: TicketAsking, event: OfficerEvent) -> tuple[State, Result]:
    match current, event:
        case ChoosingUnit(ticket_id), Chose(code) if _unit_id(code):
            return done(state, ForwardTicket(ticket_id, _unit_id(code)))
        case StatingPurpose(ticket_id), Chose(code) if code in PURPOSES:
            return done(state, RevealContact(ticket_id, code))
        case GivingBack(ticket_id), Said(text):
            if len(text.strip()) < _SHORTEST_REASON:
                return state, (Tell(say("officer_reason_short")),)
            return done(state, GiveBack(ticket_id, text.strip()))
        case _:
            return not_understood(state)


def _unit_id(code: str) -> int:
    head, _, tail = code.partition(":")
    return int(tail) if head == "unit" and tail.isascii() and tail.isdecimal() and len(tail) < 10 else 0


def _duty_step(
    state: State, current: DutyAsking, event: OfficerEvent, context: OfficerContext
) -> tuple[State, Result]:
    match current, event:
        case GivingEvidence(), _:
            return _evidence(state, current, event, context)
        case GivingNewDue(obligation_id), Said(text):
            return _new_due(state, obligation_id, text, context)
        case GivingReason(obligation_id, new_due), Said(text):
            return done(state, AskExtension(obligation_id, new_due, text.strip()))
        case RejectingDuty(obligation_id), Said(text):
            return done(state, RejectDuty(obligation_id, text.strip()))
        case _:
            return not_understood(state)


def _new_due(state: State, obligation_id: int, text: str, context: OfficerContext) -> tuple[State, Result]:
    day = read_day(text, context.today)
    if day is None:
        return state, (Tell(say("officer_day_unreadable")),)
    if day <= context.today:
        return state, (Tell(say("officer_day_past", day=day)),)
    question = say("officer_extension_reason", day=day)
    return ask(state, GivingReason(obligation_id, day), question, context)


def _evidence(
    state: State, current: GivingEvidence, event: OfficerEvent, context: OfficerContext
) -> tuple[State, Result]:
    """A document's number ends it at once; files are gathered until «xong»."""
    match event:
        case FileGiven(media, caption):
            words = " ".join(part for part in (current.words, caption) if part)
            waiting = GivingEvidence(current.obligation_id, current.files + 1, words)
            kept = say("officer_evidence_files", files=waiting.files)
            return ask(state, waiting, kept, context, KeepFile(media, obligation_id=current.obligation_id))
        case Said(text) if fold(text) not in _ENOUGH:
            words = " ".join(part for part in (current.words, text.strip()) if part)
            return done(state, CompleteDuty(current.obligation_id, words))
        case Said() | Chose("finish"):
            return done(state, CompleteDuty(current.obligation_id, current.words))
        case _:
            return not_understood(state)
