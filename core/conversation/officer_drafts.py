"""Writing to a citizen, or a unit's result to the desk: outcome, words, photos, day, preview, undo."""

from dataclasses import replace

from core.channel import MediaKind
from core.conversation.officer_effects import (
    Chose,
    DraftBegun,
    DropReply,
    FileGiven,
    HoldReply,
    KeepFile,
    NoteReply,
    OfficerContext,
    OfficerEvent,
    ProposeResult,
    Result,
    Said,
    SaveReply,
    ShowPreview,
    Tell,
    UndoReply,
)
from core.conversation.officer_flow import ask, done, is_repeated, moved, not_understood
from core.conversation.officer_states import (
    AddingPhoto,
    ChoosingOutcome,
    Drafting,
    GivingDay,
    Holding,
    Previewing,
    Reply,
    ReplyKind,
    State,
    Step,
    Writing,
    reply_of,
)
from core.day_words import read_day
from core.errors import RuleError
from core.say import Choice, Text, say
from core.text import clip, fold
from core.tickets import Outcome, check_answer

UNDO_SECONDS = 20
"""How long a confirmed message waits, and can be taken back."""

_FINISHED = frozenset({"xong", "xong roi", "gui", "gui di", "ok", "dong y"})
"""The whole of a message that says to go on: no part of what is being written."""

_KEPT_EXCERPT = 200
"""How much of the words kept so far a question repeats; the preview shows them whole."""

_OUTCOMES = tuple(Choice(outcome) for outcome in Outcome)
_NOTE = Choice("note")
_CANCEL = Choice("cancel")
_CHANGE_OUTCOME = Choice("outcome")


def begin(state: State, event: DraftBegun, context: OfficerContext) -> tuple[State, Result]:
    """Ask for the first thing the draft lacks."""
    after, effects = _go_on(state, event.reply, context)
    return (state, ()) if is_repeated(state, after.step, context) else (after, effects)


def draft_step(
    state: State, step: Drafting, event: OfficerEvent, context: OfficerContext
) -> tuple[State, Result]:
    """The next question about a draft."""
    match event:
        case FileGiven():
            return _file(state, step, event, context)
        case Chose(code):
            return _choice(state, step, code, context)
        case Said(text):
            return _words(state, step, text, context)
        case _:
            return state, ()


def leave(state: State, step: Drafting, context: OfficerContext) -> tuple[State, Result]:
    """«hủy»: a held message is taken back, a draft is dropped."""
    if isinstance(step, Holding):
        return _undo(state, step.reply, context)
    return done(state, DropReply(step.reply), Tell(say("officer_cancelled", number=step.reply.number)))


# --- what is asked -----------------------------------------------------------------------------------------


def _go_on(state: State, reply: Reply, context: OfficerContext) -> tuple[State, Result]:
    """Ask for what is missing; with nothing missing show how it will look."""
    save = SaveReply(reply)
    if reply.kind is not ReplyKind.QUESTION and reply.outcome is None:
        return ask(state, ChoosingOutcome(reply), _outcome_question(reply), context, save)
    if not reply.text:
        question = say(f"officer_write_{reply.kind}", number=reply.number)
        return ask(state, Writing(reply), question, context, save)
    problem = _problem(reply, context.photos)
    match problem:
        case None:
            return moved(state, Previewing(reply), context), (save, ShowPreview(reply))
        case "answer_needs_photo":
            return ask(state, AddingPhoto(reply), _proof(problem), context, save)
        case "answer_says_fixed":
            return ask(state, Writing(reply), _proof(problem), context, save)
        case "answer_needs_date":
            return ask(state, GivingDay(reply), _proof(problem), context, save)
        case _:
            return ask(state, Writing(reply), say(problem, choices=(_CANCEL,)), context, save)


def _outcome_question(reply: Reply) -> Text:
    note = (_NOTE,) if reply.text and reply.kind is ReplyKind.ANSWER else ()
    kept = (say("officer_words_so_far", text=clip(reply.text, _KEPT_EXCERPT)),) if reply.text else ()
    return say("officer_outcome", choices=(*_OUTCOMES, *note, _CANCEL), number=reply.number, kept=kept)


def _proof(problem: str) -> Text:
    return say(problem, choices=(_CHANGE_OUTCOME, _CANCEL))


def _problem(reply: Reply, photos: int) -> str | None:
    if reply.outcome is None:
        return None
    try:
        check_answer(reply.outcome, reply.text, photos=photos, has_date=reply.promised_on is not None)
    except RuleError as error:
        return error.code
    return None


# --- what is answered --------------------------------------------------------------------------------------


def _choice(state: State, step: Drafting, code: str, context: OfficerContext) -> tuple[State, Result]:
    reply = step.reply
    match step, code:
        case _ if code in set(Outcome) and takes_outcome(step):
            return _go_on(state, replace(reply, outcome=Outcome(code)), context)
        case (Writing() | AddingPhoto() | GivingDay(), "outcome"):
            return _go_on(state, replace(reply, outcome=None), context)
        case (ChoosingOutcome() | Previewing(), "note") if reply.text and reply.kind is not ReplyKind.RESULT:
            return done(state, NoteReply(reply))
        case Holding(), "undo":
            return _undo(state, reply, context)
        case Previewing(), _:
            return _decision(state, reply, code, context)
        case _:
            return not_understood(state)


def _decision(state: State, reply: Reply, code: str, context: OfficerContext) -> tuple[State, Result]:
    match code:
        case "send":
            return _send(state, reply, context)
        case "edit":
            question = say("officer_rewrite", choices=(_CANCEL,), number=reply.number)
            return ask(state, Writing(reply), question, context)
        case _:
            return not_understood(state)


def _send(state: State, reply: Reply, context: OfficerContext) -> tuple[State, Result]:
    if _problem(reply, context.photos):
        return _go_on(state, reply, context)
    if reply.kind is ReplyKind.RESULT:
        return done(state, ProposeResult(reply))
    held = say("officer_held", choices=(Choice("undo"),), number=reply.number, seconds=UNDO_SECONDS)
    return ask(state, Holding(reply), held, context, HoldReply(reply))


def _undo(state: State, reply: Reply, context: OfficerContext) -> tuple[State, Result]:
    return moved(state, Previewing(reply), context), (UndoReply(reply), ShowPreview(reply))


def _words(state: State, step: Drafting, text: str, context: OfficerContext) -> tuple[State, Result]:
    reply = step.reply
    match step:
        case Holding():
            return state, (Tell(say("officer_is_held", number=reply.number)),)
        case ChoosingOutcome() | AddingPhoto() | Previewing() if is_going_on(text):
            return not_understood(state)
        case GivingDay():
            return _day(state, reply, text, context)
        case Writing() if is_going_on(text) and reply.text:
            return _go_on(state, reply, context)
        case Writing() if is_going_on(text):
            return ask(state, step, say("answer_too_short", choices=(_CANCEL,)), context)
        case Writing():
            return _go_on(state, replace(reply, text=text.strip()), context)
        case AddingPhoto():
            return _kept(*_go_on(state, reply.also_saying(text), context), reply=reply.also_saying(text))
        case _:
            return _go_on(state, reply.also_saying(text), context)


def _kept(state: State, effects: Result, *, reply: Reply) -> tuple[State, Result]:
    """Say first that words said beside the question are in the draft: they will be sent with it."""
    kept = Tell(say("officer_words_kept", number=reply.number, text=clip(reply.text, _KEPT_EXCERPT)))
    return state, (kept, *effects)


def _day(state: State, reply: Reply, text: str, context: OfficerContext) -> tuple[State, Result]:
    day = read_day(text, context.today)
    if day is None:
        return state, (Tell(say("officer_day_unreadable")),)
    if day < context.today:
        return state, (Tell(say("officer_day_past", day=day)),)
    return _go_on(state, replace(reply, promised_on=day), context)


def _file(state: State, step: Drafting, event: FileGiven, context: OfficerContext) -> tuple[State, Result]:
    """A file goes to the draft; its caption is read as words."""
    if isinstance(step, Holding):
        return state, (Tell(say("officer_is_held", number=step.reply.number)),)
    is_photo = event.media.kind is MediaKind.PHOTO
    context = replace(context, photos=context.photos + is_photo)
    reply = step.reply.also_saying(event.caption)
    keep = KeepFile(event.media, reply=reply)
    goes_on = isinstance(step, Previewing) or (isinstance(step, AddingPhoto) and is_photo)
    if goes_on or (event.caption and isinstance(step, Writing)):
        after, effects = _go_on(state, reply, context)
        return after, (keep, *effects)
    waiting = replace(step, reply=reply)
    kept = Tell(say("officer_file_kept", number=reply.number), coalesce="files")
    return replace(state, step=waiting), (keep, SaveReply(reply), kept)


def is_drafting(state: State, ticket_id: int) -> Reply | None:
    """The draft in hand about this ticket that still waits for words or a decision."""
    reply = reply_of(state.step)
    is_open = reply is not None and reply.ticket_id == ticket_id and not isinstance(state.step, Holding)
    return reply if is_open else None


def takes_outcome(step: Step) -> bool:
    """Whether the name of an outcome means that outcome here, also instead of one chosen by mistake."""
    reply = reply_of(step)
    return reply is not None and reply.kind is not ReplyKind.QUESTION and not isinstance(step, Holding)


def wants_content(step: Step) -> bool:
    """Whether the question asks for words, a day or a photo rather than for one of its choices."""
    return isinstance(step, Writing | AddingPhoto | GivingDay)


def is_going_on(text: str) -> bool:
    """Whether the whole text says to go on («xong», «ok»). Alone it never sends: that is `Chose("send")`."""
    return fold(text) in _FINISHED
