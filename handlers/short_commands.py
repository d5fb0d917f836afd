"""Short commands of officers in a private chat: a verb, a ticket, the words («tl 482 đã thay bóng đèn»).

The ticket is its number, its last three digits, or its place in the list shown last.
"""

import re
from dataclasses import dataclass

from core.conversation.officer_states import OPENED
from core.errors import RuleError
from core.people import Role
from core.say import say
from core.text import clean, fold
from handlers import access, commands, people, presses, shown, written
from handlers.staff import Turn, guarded
from storage.tables import TicketRow

_COMMAND = re.compile(
    r"/?(?P<verb>[^\W\d_]{2,8}(?:\s[^\W\d_]{2,8}){0,2})\s+"
    r"(?P<which>PA[\s.-]?\w{3}[\s.-]?\d{3}|\d{1,3})(?![\w/%])"
    r"[\s:,;–-]*(?P<words>.*)",
    re.IGNORECASE | re.DOTALL,
)
_VERBS = {
    "tc": "accept", "tiep nhan": "accept", "nhan": "take", "nhan viec": "take",
    "ch": "forward", "chuyen": "forward", "chuyen don vi": "forward",
    "tl": "answer", "tra loi": "answer", "hoi": "ask", "hoi them": "ask",
    "kq": "result", "ket qua": "result", "bao ket qua": "result",
    "gc": "note", "ghi chu": "note", "tr": "return", "tra lai": "return",
    "mo": "open", "xem": "open", "pl": "classify", "phan loai": "classify", "sua phan loai": "classify",
    "tep": "files", "xem tep": "files", "lh": "contact", "lien he": "contact", "xem lien he": "contact",
    "xong": "done", "da xong": "done", "gh": "extend", "gia han": "extend", "xin gia han": "extend",
    "khong phai": "reject",
}  # fmt: skip
_OF_DUTIES = {"take": "acknowledge", "done": "done", "extend": "extend", "reject": "reject"}


@dataclass(frozen=True, slots=True)
class _Command:
    """What is to be done with which ticket or line of a list, and the words that follow."""

    act: str
    which: str
    words: str


def obey(turn: Turn, text: str, *, amid_words: bool) -> bool:
    """Do what the text asks for; False when it is no short command.

    `amid_words`: the officer is writing something, so that only the number of a real ticket makes one.
    """
    command = _read(text)
    if command is None:
        return False
    if len(command.which) < 3:
        if amid_words:
            return False
        guarded(turn, lambda: _on_line(turn, command))
        return True
    found = access.tickets_named(turn.tx, turn.officer, command.which)
    if amid_words and not found:
        return False
    guarded(turn, lambda: _on_named(turn, command, found))
    return True


def _read(text: str) -> _Command | None:
    match = _COMMAND.fullmatch(clean(text))
    act = _VERBS.get(fold(match["verb"])) if match else None
    return _Command(act, match["which"], match["words"].strip()) if match and act else None


def _on_named(turn: Turn, command: _Command, found: list[TicketRow]) -> None:
    if not found:
        raise RuleError("ticket_not_found")
    if len(found) > 1:
        commands.list_found(turn, found)
    else:
        _on_ticket(turn, command, found[0])


def _on_line(turn: Turn, command: _Command) -> None:
    """A line of the list shown last. One that is old is shown anew, since its numbers may mean others now."""
    listed = shown.last_list(turn.service, turn.tx, turn.chat)
    if listed is None or listed.at is None or turn.now > listed.at + OPENED:
        turn.tell(say("officer_old_list"))
        commands.list_open(turn)
        return
    place = int(command.which)
    if not 1 <= place <= len(listed.choices):
        raise RuleError("ticket_not_found")
    kind, _, number = listed.choices[place - 1].code.partition(":")
    if kind == "ticket":
        _on_ticket(turn, command, access.ticket_for(turn.tx, turn.officer, int(number)))
    elif command.act in _OF_DUTIES:
        presses.press(turn, f"o:{number}:0:{_OF_DUTIES[command.act]}")
    else:
        presses.open_item(turn, f"duty:{number}")


def _on_ticket(turn: Turn, command: _Command, ticket: TicketRow) -> None:
    if command.act == "open":
        presses.open_item(turn, f"ticket:{ticket.id}")
    elif command.act == "note":
        written.note(turn, ticket.id, f"{written.NOTE}{command.words}")
    else:
        presses.press(turn, f"t:{ticket.id}:0:{_act(turn, command)}")


def _act(turn: Turn, command: _Command) -> str:
    """The code of the press that does it, with the words where it takes them."""
    match command.act:
        case "take" if turn.officer.role is not Role.OFFICER:
            return "accept"
        case "forward" if command.words:
            return _forward(turn, command.words)
        case "done":
            return f"result:{command.words}"
        case "answer" | "ask" | "result" | "return":
            return f"{command.act}:{command.words}"
        case act:
            return act


def _forward(turn: Turn, words: str) -> str:
    """The unit by its number in the list of units, or by its name."""
    if fold(words) in {"goi y", "don vi goi y"}:
        return "suggested"
    units = people.units(turn.tx)
    if words.isascii() and words.isdecimal():
        place = int(words[:4])
        chosen = units[place - 1] if 1 <= place <= len(units) else None
    else:
        chosen = people.unit_named(turn.tx, words)
    if chosen is None:
        listed = "; ".join(f"{place}. {unit.name}" for place, unit in enumerate(units, 1))
        raise RuleError("unit_not_named", units=listed)
    return f"unit:{chosen.id}"
