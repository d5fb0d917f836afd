"""What an officer writes about a ticket: a note for the house, words of a draft, or the start of one."""

from core.channel import MediaReceived, TextReceived
from core.conversation.officer_drafts import is_drafting, is_going_on, takes_outcome
from core.conversation.officer_effects import Chose, DraftBegun, FileGiven, Said
from core.conversation.officer_flow import is_cancel
from core.conversation.officer_states import Holding, Idle, Previewing, ReplyKind, State, reply_of, ticket_of
from core.conversation.spoken import NO_FOLDED, YES_FOLDED
from core.errors import RuleError
from core.people import Role
from core.say import Label, Text, say
from core.text import clean, clip, fold
from core.tickets import Outcome, Status
from handlers import access, dialogue, drafts, presses, tickets
from handlers.shown import LINE, Shown
from handlers.staff import Turn, guarded
from storage.tables import TicketRow

NOTE = "//"


def replied(turn: Turn, found: Shown, event: TextReceived | MediaReceived) -> None:
    """A reply to one of our messages: one of its choices, or words or a file for what it is about."""
    guarded(turn, lambda: _replied(turn, found, event))


def _replied(turn: Turn, found: Shown, event: TextReceived | MediaReceived) -> None:
    found = _question_of(turn, found)
    payload = found.payload(clean(event.text)) if isinstance(event, TextReceived) else None
    if payload is not None:
        presses.press(turn, payload)
    elif found.ticket_id is not None:
        _to_ticket(turn, found.ticket_id, event)
    elif found.takes_words:
        _to_question(turn, found, event)
    else:
        turn.tell(turn.addressed(say("desk_reply_where")))


def _question_of(turn: Turn, found: Shown) -> Shown:
    """The question that still stands, for a line of ours that only belongs to it."""
    standing = dialogue.standing(turn)
    is_line = found.press.startswith(LINE) and found.asked_in == str(standing.conversation.id)
    return Shown(f"d:{standing.question_id}", standing.offered) if is_line else found


def _to_question(turn: Turn, found: Shown, event: TextReceived | MediaReceived) -> None:
    standing = dialogue.standing(turn)
    if found.asked_in != str(standing.conversation.id):
        raise RuleError("press_of_another")
    if standing.state.step == Idle():
        raise RuleError("officer_reply_late")
    ticket_id = ticket_of(standing.state.step)
    match event:
        case MediaReceived():
            file(turn, event)
        case TextReceived(text) if clean(text).startswith(NOTE) and ticket_id is not None:
            note(turn, ticket_id, clean(text))
        case TextReceived(text):
            is_present = found.press == f"d:{standing.question_id}"
            answer(turn, clean(text), may_send=is_present)


def answer(turn: Turn, text: str, *, may_send: bool) -> None:
    """Words for the present question. An outcome by its name changes the outcome, the name of a button is
    no content; a yes sends only what lies before the officer's eyes (`may_send`)."""
    standing = dialogue.standing(turn)
    step = standing.state.step
    outcome = outcome_named(turn, standing.state, text)
    reply = reply_of(step)
    if may_send and isinstance(step, Previewing) and is_going_on(text):
        dialogue.advance(turn, Chose("send"))
    elif outcome:
        dialogue.advance(turn, Chose(outcome))
    elif reply is not None and not isinstance(step, Holding) and presses.act_named(turn, text):
        told = say("officer_button_is_no_content", number=reply.number, label=clip(text, 40))
        turn.tell(turn.addressed(told), press=f"{LINE}{standing.question_id}")
    else:
        dialogue.advance(turn, Said(text))


def outcome_named(turn: Turn, state: State, text: str) -> str:
    """The outcome whose whole name the text is, where the draft takes one; else empty."""
    offered = turn.service.catalogue.choices(Text("officer_outcome")) if takes_outcome(state.step) else ()
    named = (choice.code for choice in offered if fold(choice.label) == fold(text))
    return next((code for code in named if code in set(Outcome)), "")


def file(turn: Turn, given: MediaReceived) -> None:
    """A file for the present question; its caption may be a note, which then takes nothing along."""
    caption = clean(given.caption)
    ticket_id = ticket_of(dialogue.standing(turn).state.step)
    if caption.startswith(NOTE) and ticket_id is not None:
        note(turn, ticket_id, caption)
        turn.tell(turn.addressed(say("officer_note_without_file")))
        return
    dialogue.advance(turn, FileGiven(given.media, caption))


def about(turn: Turn, ticket_id: int, event: TextReceived | MediaReceived) -> None:
    """Words or a file for the ticket that is open in a private chat."""
    guarded(turn, lambda: _to_ticket(turn, ticket_id, event))


def is_content(text: str) -> bool:
    """Whether words alone may be meant for a ticket: «ok», «vâng» and «thoát» are not."""
    return not is_cancel(text) and not set(fold(text).split()) <= YES_FOLDED | NO_FOLDED


def _to_ticket(turn: Turn, ticket_id: int, event: TextReceived | MediaReceived) -> None:
    match event:
        case MediaReceived():
            _file(turn, ticket_id, event)
        case TextReceived(text):
            _about_ticket(turn, ticket_id, clean(text))


def note(turn: Turn, ticket_id: int, text: str) -> None:
    """A note that nobody outside the house sees."""
    ticket = access.ticket_for(turn.tx, turn.officer, ticket_id)
    words = text.removeprefix(NOTE).strip()
    if not words:
        raise RuleError("note_empty")
    _keep_inside(turn, ticket, words)
    turn.tell(turn.addressed(say("officer_noted", number=ticket.number)))


def _keep_inside(turn: Turn, ticket: TicketRow, words: str) -> None:
    tickets.note(
        turn.tx,
        ticket,
        "note",
        words,
        turn.now,
        is_public=False,
        officer=turn.officer,
        inbox_id=turn.inbox_id,
    )


def _about_ticket(turn: Turn, ticket_id: int, text: str) -> None:
    if text.startswith(NOTE):
        note(turn, ticket_id, text)
        return
    if is_drafting(dialogue.standing(turn).state, ticket_id):
        answer(turn, text, may_send=False)
        return
    act = presses.act_named(turn, text)
    if act:
        presses.press(turn, f"t:{ticket_id}:0:{act}")
        return
    ticket = access.ticket_for(turn.tx, turn.officer, ticket_id)
    if _may_begin(turn, ticket):
        reply = drafts.begin(turn, ticket, _kind(turn, ticket), text=text)
        dialogue.advance(turn, DraftBegun(reply))
    else:
        _keep_words(turn, ticket, text)


def _may_begin(turn: Turn, ticket: TicketRow) -> bool:
    try:
        drafts.check(turn.tx, turn.officer, ticket, _kind(turn, ticket))
    except RuleError:
        return False
    return True


_FIRST = {
    Status.SUBMITTED: "first_accept",
    Status.AWAITING_CITIZEN: "first_citizen",
    Status.ACCEPTED: "first_desk",
    Status.FORWARDED: "first_take",
    Status.RETURNED: "first_forward",
    Status.IN_PROGRESS: "first_desk",
    Status.AWAITING_APPROVAL: "first_desk",
    Status.UNDER_REVIEW: "first_reassign",
}
"""What has to be done, and by whom, before an answer can be written."""


def _needed_first(ticket: TicketRow) -> Text:
    return Text(_FIRST.get(Status(ticket.status), "first_over"))


def _keep_words(turn: Turn, ticket: TicketRow, text: str) -> None:
    """What cannot become an answer yet is not lost: it stays inside, and its writer hears why."""
    _keep_inside(turn, ticket, text)
    kept = say(
        "officer_kept_as_note",
        number=ticket.number,
        status=Label(f"status.{ticket.status}"),
        first=_needed_first(ticket),
    )
    turn.tell(turn.addressed(kept), press=f"t:{ticket.id}:{ticket.version}")


def _file(turn: Turn, ticket_id: int, given: MediaReceived) -> None:
    ticket = access.ticket_for(turn.tx, turn.officer, ticket_id)
    caption = clean(given.caption)
    if caption.startswith(NOTE):
        note(turn, ticket_id, caption)
        turn.tell(turn.addressed(say("officer_note_without_file")))
        return
    if is_drafting(dialogue.standing(turn).state, ticket_id) is None:
        if not _may_begin(turn, ticket):
            _refuse_file(turn, ticket, caption)
            return
        dialogue.advance(turn, DraftBegun(drafts.begin(turn, ticket, _kind(turn, ticket))))
    dialogue.advance(turn, FileGiven(given.media, caption))


def _refuse_file(turn: Turn, ticket: TicketRow, caption: str) -> None:
    if caption:
        _keep_words(turn, ticket, caption)
    told = say("officer_file_too_early", number=ticket.number, first=_needed_first(ticket))
    turn.tell(turn.addressed(told), press=f"t:{ticket.id}:{ticket.version}")


def _kind(turn: Turn, ticket: TicketRow) -> ReplyKind:
    """The desk and leaders answer the citizen, a unit's officer reports to the desk."""
    is_unit = turn.officer.role is Role.OFFICER and turn.officer.is_of(ticket.unit_id)
    return ReplyKind.RESULT if is_unit else ReplyKind.ANSWER
