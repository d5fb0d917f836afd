"""Commands of officers: a ticket by its number, their own work, help. Typed with or without a slash."""

import re
from dataclasses import dataclass
from enum import StrEnum

from core.codes import find_number
from core.conversation.officer_effects import PlanOpened
from core.errors import RuleError
from core.people import Role
from core.say import Choice, say
from core.text import clean, clip, fold, mask_digits
from handlers import access, dialogue, obligations, plan_drafts, presses, reminders
from handlers.staff import Turn, guarded
from storage.tables import TicketRow


class Wish(StrEnum):
    """What a command asks for. CITIZEN: to file a matter of one's own.
    REVIEW: a plan that waits to be reviewed."""

    TICKET = "ticket"
    WORK = "work"
    HELP = "help"
    CITIZEN = "citizen"
    REVIEW = "review"


_WISHES = {
    "hs": Wish.TICKET,
    "hoso": Wish.TICKET,
    "ho so": Wish.TICKET,
    "viec": Wish.WORK,
    "viec cua toi": Wish.WORK,
    "viec cua minh": Wish.WORK,
    "trogiup": Wish.HELP,
    "tro giup": Wish.HELP,
    "huong dan": Wish.HELP,
    "help": Wish.HELP,
    "start": Wish.HELP,
    "phananh": Wish.CITIZEN,
    "phan anh": Wish.CITIZEN,
    "gui phan anh": Wish.CITIZEN,
    "kien nghi": Wish.CITIZEN,
    "gui kien nghi": Wish.CITIZEN,
    "soat": Wish.REVIEW,
    "soat ke hoach": Wish.REVIEW,
}
_SLASH = re.compile(r"/(\w+)(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
_NAMED_TICKET = re.compile(r"(?:hs|ho so) (\d{3})")
_NAMED_REVIEW = re.compile(r"soat (?:ke hoach )?(\d{1,9})")
_BARE_NUMBER = 16
"""A message no longer than this that holds a ticket's number is that number."""
_LISTED = 12
_TITLE = 40


@dataclass(frozen=True, slots=True)
class Command:
    """What is wanted, and the words that follow."""

    wish: Wish
    words: str = ""


def read(text: str, *, is_private: bool) -> Command | None:
    """The command a text is, or None. In a room only a slash or a bare full number makes one."""
    text = clean(text)
    slash = _SLASH.fullmatch(text)
    if slash is not None:
        wish = _WISHES.get(fold(slash[1]))
        return Command(wish, (slash[2] or "").strip()) if wish else None
    number = find_number(text)
    if number is not None and len(text) <= _BARE_NUMBER:
        return Command(Wish.TICKET, number)
    if not is_private:
        return None
    folded = fold(text)
    named = _NAMED_TICKET.fullmatch(folded)
    if named is not None:
        return Command(Wish.TICKET, named[1])
    review = _NAMED_REVIEW.fullmatch(folded)
    if review is not None:
        return Command(Wish.REVIEW, review[1])
    return Command(_WISHES[folded]) if folded in _WISHES else None


def obey(turn: Turn, command: Command) -> None:
    """Do what the command asks for; a broken rule is told."""
    guarded(turn, lambda: _obey(turn, command))


def _obey(turn: Turn, command: Command) -> None:
    match command.wish:
        case Wish.TICKET:
            _ticket(turn, command.words)
        case Wish.WORK:
            text = obligations.my_work(turn.service, turn.tx, turn.officer, turn.now)
            turn.tell(text, at=turn.private_chat(), press=reminders.OPENS)
        case Wish.REVIEW:
            _review(turn, command.words)
        case _:
            turn.tell(
                say("officer_help_room" if not turn.is_private else f"officer_help_{turn.officer.role}")
            )


def _ticket(turn: Turn, words: str) -> None:
    """The card of the one ticket that is meant; a list when there are several, or none was named."""
    if not words:
        list_open(turn)
        return
    found = access.tickets_named(turn.tx, turn.officer, words)
    if len(found) == 1:
        presses.open_item(turn, f"ticket:{found[0].id}")
    elif found:
        list_found(turn, found)
    else:
        turn.tell(turn.addressed(say("ticket_not_found")))


def list_open(turn: Turn) -> None:
    """The open tickets of this officer, numbered."""
    _list(turn, access.open_tickets(turn.tx, turn.officer, _LISTED), "officer_tickets")


def list_found(turn: Turn, found: list[TicketRow]) -> None:
    """Several tickets that the same three digits mean, numbered."""
    _list(turn, found, "officer_which_ticket")


def _list(turn: Turn, tickets: list[TicketRow], key: str) -> None:
    if not tickets or turn.officer.role is Role.ADMIN:
        turn.tell(say("officer_no_tickets"), at=turn.private_chat())
        return
    choices = tuple(Choice(f"ticket:{ticket.id}", _line(turn, ticket)) for ticket in tickets)
    turn.tell(say(key, choices=choices), at=turn.private_chat(), press=reminders.OPENS)


def _review(turn: Turn, words: str) -> None:
    """The only plan that waits for a review, or the one of this number; else which there are."""
    found = plan_drafts.open_drafts(turn.service, turn.tx, turn.officer)
    found = [draft for draft in found if str(draft.id) == words] or found
    if not found:
        raise RuleError("review_none")
    if len(found) > 1:
        drafts = tuple(
            say("review_choice", id=draft.id, name=plan_drafts.name(draft)) for draft in found[:_LISTED]
        )
        turn.tell(say("review_which", drafts=drafts), at=turn.private_chat())
        return
    dialogue.advance(turn, PlanOpened(found[0].id), at=turn.private_chat())


def _line(turn: Turn, ticket: TicketRow) -> str:
    status = turn.service.catalogue.label(f"status.{ticket.status}")
    return f"{ticket.number} · {clip(mask_digits(ticket.title), _TITLE)} · {status}"
