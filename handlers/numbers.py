"""A number in a private chat means the choices shown last, never what came in between or long ago."""

from core.conversation.officer_states import OPENED, AsCitizen, Idle
from core.conversation.spoken import NUMBER
from core.say import say
from core.text import fold
from handlers import dialogue, presses, shown
from handlers.shown import Shown
from handlers.staff import Turn, guarded

_UNASKED = frozenset({"card", "notice", "digest", "reminder"})


def is_number(text: str) -> bool:
    """Whether the text is a number and nothing else."""
    return NUMBER.fullmatch(fold(text)) is not None


def is_refused(turn: Turn, last: Shown, text: str) -> bool:
    """Whether the number could mean something else to its writer, who then sees the choices once more."""
    if not is_number(text):
        return False
    standing = dialogue.standing(turn)
    asked = f"d:{standing.question_id}"
    if isinstance(standing.state.step, Idle | AsCitizen):
        return _is_over(turn, last)
    if last.press == asked or not _came_between(turn, last):
        return False
    question = shown.question(turn.service, turn.tx, turn.chat, asked)
    if question is None or question.text is None:
        return False
    turn.tell(say("officer_asked_again"))
    turn.tell(question.text, press=asked)
    return True


def _came_between(turn: Turn, last: Shown) -> bool:
    """Whether it came while the officer was being asked, and not because they opened it."""
    state = dialogue.standing(turn).state
    is_opened = last.ticket_id == state.opened_ticket and last.purpose == "card"
    was_opened_since = (
        state.opened_until is not None and last.at is not None and (state.opened_until - OPENED <= last.at)
    )
    return last.purpose in _UNASKED and not (is_opened and was_opened_since)


def _is_over(turn: Turn, last: Shown) -> bool:
    """Whether nothing stands that the number could answer any more; what may be meant is shown again."""
    if last.is_list:
        return False
    opened = dialogue.opened_ticket(turn)
    if last.press.startswith("d:"):
        if opened:
            guarded(turn, lambda: presses.open_item(turn, f"ticket:{opened}"))
        return opened != 0
    is_old = last.at is not None and turn.now > last.at + OPENED
    if not is_old or shown.is_lowest(turn.tx, turn.chat, last):
        return False
    _show_again(turn, last)
    return True


def _show_again(turn: Turn, last: Shown) -> None:
    ticket_id = last.ticket_id
    if last.purpose == "card" and ticket_id is not None:
        guarded(turn, lambda: presses.open_item(turn, f"ticket:{ticket_id}"))
    elif last.text is not None:
        turn.tell(last.text, press=last.press)
