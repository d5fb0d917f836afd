"""What a press means, or the number typed instead. The payload comes from outside: all of it is checked."""

from collections.abc import Callable

from sqlmodel import col, select

from core.calendar import LOCAL
from core.channel import Address
from core.conversation.officer_drafts import is_drafting
from core.conversation.officer_effects import (
    Chose,
    ClassWanted,
    ContactWanted,
    DraftBegun,
    DutyAnswered,
    ReturnWanted,
    Said,
    UnitWanted,
)
from core.conversation.officer_states import ReplyKind
from core.errors import RuleError
from core.people import Role, check_classify
from core.say import Choice, Text, say
from core.text import fold
from core.tickets import Act, Status
from handlers import (
    access,
    card_face,
    cards,
    casework,
    classification,
    dialogue,
    dossier,
    drafts,
    extensions,
    obligations,
    people,
    replies,
)
from handlers.staff import Turn, guarded
from storage.tables import AuditRow, ReplyRow, TicketRow

_CLAIMING = frozenset({"accept", "suggested", "forward", "classify", "ask", "answer", "send_result"})
"""What only the holder does; a colleague is warned first."""


def press(turn: Turn, payload: str) -> None:
    """Do what the press asks for, once; a broken rule is told to the one who pressed.

    `payload`: what it is about, with which version of it, the act, and what the act needs: «t:5:2:unit:3»;
    an act typed as a command may have the words to write there.
    """
    head, _, rest = payload.partition(":")
    guarded(turn, lambda: _act(turn, head, rest))
    if turn.press is not None:
        turn.hint(say("press_seen"))


def act_named(turn: Turn, text: str) -> str:
    """The code of the card's button whose whole label the text is, empty when it is none's."""
    choices = turn.service.catalogue.choices
    on_cards = (*choices(Text("card_room")), *choices(Text("card_unit")))
    return next((choice.code for choice in on_cards if fold(choice.label) == fold(text)), "")


def open_item(turn: Turn, code: str) -> None:
    """Open a line of a list: the card of a ticket here, a duty only in private."""
    head, _, tail = code.partition(":")
    number = _whole(tail)
    if head == "ticket":
        ticket = access.ticket_for(turn.tx, turn.officer, number)
        dialogue.keep_open(turn, ticket.id)
        cards.post_again(turn.service, turn.tx, ticket, turn.chat, turn.now)
        return
    text = obligations.show(turn.service, turn.tx, turn.officer, number, turn.now)
    turn.tell(text, at=turn.private_chat(), press=f"o:{number}:0")


def _act(turn: Turn, kind: str, rest: str) -> None:
    act = _KINDS.get(kind)
    if act is None:
        raise RuleError("press_unknown")
    act(turn, rest)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise RuleError("press_unknown")
    return int(text)


# --- the officer's own questions, duties, extensions -------------------------------------------------------


def _own_question(turn: Turn, rest: str) -> None:
    asked, _, code = rest.partition(":")
    if code.startswith(("ticket:", "duty:")):
        open_item(turn, code)
        return
    standing = dialogue.standing(turn)
    if asked.partition(".")[0] != str(standing.conversation.id):
        raise RuleError("press_of_another")
    if asked != standing.question_id:
        raise RuleError("officer_stale")
    dialogue.advance(turn, Chose(code))


def _duty(turn: Turn, rest: str) -> None:
    number, _, tail = rest.partition(":")
    duty_id, code = _whole(number), tail.partition(":")[2]
    chat = turn.private_chat()
    if code in {"done", "extend", "reject"}:
        obligations.show(turn.service, turn.tx, turn.officer, duty_id, turn.now)
        dialogue.advance(turn, DutyAnswered(duty_id, code), at=chat)
        return
    text = _answered_duty(turn, duty_id, code)
    turn.tell(text, at=chat, press=f"o:{duty_id}:0")


def _answered_duty(turn: Turn, duty_id: int, code: str) -> Text:
    service, tx, officer, now = turn.service, turn.tx, turn.officer, turn.now
    match code:
        case "acknowledge":
            return obligations.acknowledge(service, tx, officer, duty_id, now)
        case "grant" | "refuse":
            return extensions.decide_waiting(service, tx, officer, duty_id, now, granted=code == "grant")
        case _:
            raise RuleError("press_unknown")


def _extension(turn: Turn, rest: str) -> None:
    number, _, tail = rest.partition(":")
    decision = tail.partition(":")[2]
    if decision not in {"grant", "refuse"}:
        raise RuleError("press_unknown")
    text = extensions.decide_extension(
        turn.service, turn.tx, turn.officer, _whole(number), turn.now, granted=decision == "grant"
    )
    turn.tell(text, at=turn.private_chat())


# --- cards -------------------------------------------------------------------------------------------------


def _ticket(turn: Turn, rest: str) -> None:
    number, _, tail = rest.partition(":")
    head, _, argument = tail.partition(":")[2].partition(":")
    ticket = access.ticket_for(turn.tx, turn.officer, _whole(number))
    act = _ACTS.get(head)
    if act is None:
        raise RuleError("press_unknown")
    dialogue.keep_open(turn, ticket.id)
    if head in _CLAIMING and not _may_hold(turn, ticket, head):
        return
    act(turn, ticket, argument)


def _may_hold(turn: Turn, ticket: TicketRow, code: str) -> bool:
    """Whether the officer holds the ticket now. A first press claims it; a colleague's is told who has it."""
    officer = turn.officer
    if officer.role is not Role.DESK or ticket.holder_id == officer.id:
        return True
    holder = people.officer_by_id(turn.tx, ticket.holder_id) if ticket.holder_id else None
    is_new = code == "accept" and ticket.status == Status.SUBMITTED
    if holder is not None and holder.is_active and not dialogue.take_warning(turn, ticket.id):
        turn.hint(say("claim_held", officer=holder.name, since=_held_since(turn, ticket)))
        return False
    if holder is not None or not is_new:
        casework.hold(turn.service, turn.tx, ticket, officer, turn.now)
    if holder is not None and code == "accept" and not is_new:
        turn.hint(say("claim_taken", number=ticket.number))
        return False
    return True


def _held_since(turn: Turn, ticket: TicketRow) -> str:
    """The local hour at which the present holder took it, with the day when that was not today."""
    at = turn.tx.session.exec(
        select(AuditRow.at)
        .where(
            AuditRow.subject == f"ticket:{ticket.id}",
            AuditRow.officer_id == ticket.holder_id,
            col(AuditRow.act).in_(("accept", "hold")),
        )
        .order_by(col(AuditRow.id).desc())
        .limit(1)
    ).first()
    local = (at or ticket.created_at).astimezone(LOCAL)
    is_today = local.date() == turn.now.astimezone(LOCAL).date()
    return f"{local:%H:%M}" if is_today else f"{local:%H:%M %d/%m}"


def _accept(turn: Turn, ticket: TicketRow, _: str) -> None:
    if ticket.status != Status.SUBMITTED and ticket.holder_id == turn.officer.id:
        turn.hint(say("claim_yours", number=ticket.number))
        return
    casework.accept(turn.service, turn.tx, ticket, turn.officer, turn.now)
    turn.hint(say("claim_done", number=ticket.number))


def _suggested(turn: Turn, ticket: TicketRow, _: str) -> None:
    unit = people.unit_named(turn.tx, card_face.suggested_unit(turn.service, ticket))
    if unit is None:
        raise RuleError("unit_gone")
    _forward_to(turn, ticket, str(unit.id))


def _forward_to(turn: Turn, ticket: TicketRow, unit: str) -> None:
    casework.forward(turn.service, turn.tx, ticket, turn.officer, _whole(unit), turn.now)
    of = people.unit_by_id(turn.tx, _whole(unit))
    turn.hint(say("officer_forwarded", number=ticket.number, unit=of.name if of else ""))


def _forward(turn: Turn, ticket: TicketRow, _: str) -> None:
    """The list of units is long: it opens in private where that is possible."""
    act = casework.check_forward(turn.tx, ticket, turn.officer)
    but = ticket.unit_id if act is Act.REASSIGN else None
    units = tuple(Choice(f"unit:{unit.id}", unit.name) for unit in people.units(turn.tx) if unit.id != but)
    has_private = people.addresses_of(turn.tx, turn.officer.id)
    chat = turn.private_chat() if has_private else turn.chat
    dialogue.advance(turn, UnitWanted(ticket.id, ticket.number, units), at=chat)
    _hint_private(turn, chat)


def _classify(turn: Turn, ticket: TicketRow, _: str) -> None:
    """Like every long list, the question opens in private where that is possible."""
    check_classify(turn.officer, Status(ticket.status))
    question = classification.question(turn.service, ticket)
    has_private = people.addresses_of(turn.tx, turn.officer.id)
    chat = turn.private_chat() if has_private else turn.chat
    dialogue.advance(turn, ClassWanted(ticket.id, ticket.number, question), at=chat)
    _hint_private(turn, chat)


def _write(kind: ReplyKind) -> Callable[[Turn, TicketRow, str], None]:
    def begin(turn: Turn, ticket: TicketRow, words: str) -> None:
        drafts.check(turn.tx, turn.officer, ticket, kind)
        present = is_drafting(dialogue.standing(turn).state, ticket.id)
        if present is None or present.kind is not kind:
            dialogue.advance(turn, DraftBegun(drafts.begin(turn, ticket, kind, text=words)))
        else:
            dialogue.advance(turn, Said(words) if words else DraftBegun(present))

    return begin


def _send_result(turn: Turn, ticket: TicketRow, argument: str) -> None:
    """A unit's result becomes the draft of an answer, with its photos."""
    result = turn.tx.session.get(ReplyRow, _whole(argument))
    if result is None or result.ticket_id != ticket.id or result.kind != ReplyKind.RESULT:
        raise RuleError("press_unknown")
    if result.state != "released":  # the unit still writes it
        raise RuleError("press_unknown")
    present = is_drafting(dialogue.standing(turn).state, ticket.id)
    if present is None or present.kind is not ReplyKind.ANSWER:
        present = drafts.begin(turn, ticket, ReplyKind.ANSWER, copied=result)
    dialogue.advance(turn, DraftBegun(present))


def _files(turn: Turn, ticket: TicketRow, _: str) -> None:
    text, files = dossier.of_ticket(turn.service, turn.tx, ticket, turn.officer)
    chat = turn.private_chat()
    turn.tell(text, at=chat, files=files, press=f"t:{ticket.id}:{ticket.version}")
    _hint_private(turn, chat)


def _contact(turn: Turn, ticket: TicketRow, _: str) -> None:
    """Never here when others read along: the purpose is asked, and the contact given, in private."""
    casework.check_contact(ticket, turn.officer)
    chat = turn.private_chat()
    dialogue.advance(turn, ContactWanted(ticket.id, ticket.number), at=chat)
    _hint_private(turn, chat)


def _hint_private(turn: Turn, chat: Address) -> None:
    """Who acts in a room is told that it goes on in private."""
    if chat != turn.chat:
        turn.hint(say("sent_privately"))


def _take(turn: Turn, ticket: TicketRow, _: str) -> None:
    casework.take(turn.service, turn.tx, ticket, turn.officer, turn.now)
    turn.hint(say("officer_taken", number=ticket.number))


def _return(turn: Turn, ticket: TicketRow, reason: str) -> None:
    casework.allowed(turn.tx, ticket, turn.officer, Act.RETURN)
    dialogue.advance(turn, ReturnWanted(ticket.id, ticket.number, reason), at=turn.private_chat())


def _resend(turn: Turn, ticket: TicketRow, argument: str) -> None:
    replies.send_again(turn.service, turn.tx, ticket, turn.officer, _whole(argument), turn.now)
    turn.hint(say("reply_sent_again", number=ticket.number))


def _arrived(turn: Turn, ticket: TicketRow, argument: str) -> None:
    replies.declare_arrived(turn.service, turn.tx, ticket, turn.officer, _whole(argument), turn.now)
    turn.hint(say("reply_arrived", number=ticket.number))


_ACTS: dict[str, Callable[[Turn, TicketRow, str], None]] = {
    "accept": _accept,
    "suggested": _suggested,
    "forward": _forward,
    "classify": _classify,
    "unit": _forward_to,
    "ask": _write(ReplyKind.QUESTION),
    "answer": _write(ReplyKind.ANSWER),
    "result": _write(ReplyKind.RESULT),
    "send_result": _send_result,
    "files": _files,
    "contact": _contact,
    "take": _take,
    "return": _return,
    "resend": _resend,
    "arrived": _arrived,
}

_KINDS: dict[str, Callable[[Turn, str], None]] = {
    "t": _ticket,
    "d": _own_question,
    "o": _duty,
    "x": _extension,
}
