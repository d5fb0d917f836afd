"""What an officer writes about a ticket: a note for the house, words of a draft, or the start of one."""

from core.channel import MediaReceived, TextReceived
from core.conversation.officer_drafts import is_drafting
from core.conversation.officer_effects import DraftBegun, FileGiven, Said
from core.conversation.officer_states import ReplyKind, ticket_of
from core.errors import RuleError
from core.people import Role
from core.say import say
from core.text import clean
from handlers import access, dialogue, drafts, presses, tickets
from handlers.shown import Shown
from handlers.staff import Turn, guarded
from storage.tables import TicketRow

NOTE = "//"


def replied(turn: Turn, found: Shown, event: TextReceived | MediaReceived) -> None:
    """A reply to one of our messages: one of its choices, or words or a file for what it is about."""
    guarded(turn, lambda: _replied(turn, found, event))


def _replied(turn: Turn, found: Shown, event: TextReceived | MediaReceived) -> None:
    payload = found.payload(clean(event.text)) if isinstance(event, TextReceived) else None
    if payload is not None:
        presses.press(turn, payload)
    elif found.ticket_id is not None:
        _to_ticket(turn, found.ticket_id, event)
    elif found.takes_words:
        _to_question(turn, found, event)


def _to_question(turn: Turn, found: Shown, event: TextReceived | MediaReceived) -> None:
    standing = dialogue.standing(turn)
    if found.asked_in != str(standing.conversation.id):
        raise RuleError("press_of_another")
    ticket_id = ticket_of(standing.state.step)
    match event:
        case MediaReceived(media, caption):
            dialogue.advance(turn, FileGiven(media, clean(caption)))
        case TextReceived(text) if clean(text).startswith(NOTE) and ticket_id is not None:
            note(turn, ticket_id, clean(text))
        case TextReceived(text):
            dialogue.advance(turn, Said(clean(text)))


def _to_ticket(turn: Turn, ticket_id: int, event: TextReceived | MediaReceived) -> None:
    match event:
        case MediaReceived(media, caption):
            _file(turn, ticket_id, FileGiven(media, clean(caption)))
        case TextReceived(text):
            _about_ticket(turn, ticket_id, clean(text))


def note(turn: Turn, ticket_id: int, text: str) -> None:
    """A note that nobody outside the house sees."""
    ticket = access.ticket_for(turn.tx, turn.officer, ticket_id)
    words = text.removeprefix(NOTE).strip()
    if not words:
        raise RuleError("note_empty")
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
    turn.tell(turn.addressed(say("officer_noted", number=ticket.number)))


def _about_ticket(turn: Turn, ticket_id: int, text: str) -> None:
    if text.startswith(NOTE):
        note(turn, ticket_id, text)
        return
    if is_drafting(dialogue.standing(turn).state, ticket_id):
        dialogue.advance(turn, Said(text))
        return
    ticket = access.ticket_for(turn.tx, turn.officer, ticket_id)
    reply = drafts.begin(turn, ticket, _kind(turn, ticket), text=text)
    dialogue.advance(turn, DraftBegun(reply))


def _file(turn: Turn, ticket_id: int, given: FileGiven) -> None:
    if is_drafting(dialogue.standing(turn).state, ticket_id) is None:
        ticket = access.ticket_for(turn.tx, turn.officer, ticket_id)
        dialogue.advance(turn, DraftBegun(drafts.begin(turn, ticket, _kind(turn, ticket))))
    dialogue.advance(turn, given)


def _kind(turn: Turn, ticket: TicketRow) -> ReplyKind:
    """The desk and leaders answer the citizen, a unit's officer reports to the desk."""
    is_unit = turn.officer.role is Role.OFFICER and turn.officer.is_of(ticket.unit_id)
    return ReplyKind.RESULT if is_unit else ReplyKind.ANSWER
