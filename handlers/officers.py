"""An officer's private chat: commands, presses, drafts, duties, and their own matters as a citizen."""

from datetime import datetime

from core.channel import Address, ButtonPressed, Inbound, MediaReceived, MessageEdited, TextReceived
from core.conversation.answers import chosen
from core.conversation.officer_effects import CitizenWanted, Said
from core.conversation.officer_states import (
    AsCitizen,
    ChoosingOutcome,
    ChoosingUnit,
    Classifying,
    CorrectingField,
    Idle,
    State,
    StatingPurpose,
    ticket_of,
)
from core.people import Officer
from core.say import say
from core.text import clean, fold
from handlers import commands, dialogue, numbers, people, plan_files, presses, short_commands, shown, written
from handlers.commands import Wish
from handlers.service import Service
from handlers.shown import Shown
from handlers.staff import Turn, guarded
from storage.transaction import Transaction

_CITIZEN_PRESS = "c:"


def receive(
    service: Service, tx: Transaction, inbound: Inbound, officer: Officer, inbox_id: int, now: datetime
) -> bool:
    """Answer an officer's message. False when they speak as a citizen, whose dialogue then answers."""
    press = inbound.event.callback_id if isinstance(inbound.event, ButtonPressed) else None
    key = f"{inbound.chat.channel}:{inbound.external_id}"
    turn = Turn(service, tx, officer, inbound.chat, key, now, True, inbox_id, press)
    match inbound.event:
        case ButtonPressed(payload):
            return _press(turn, payload)
        case TextReceived(text):
            return _text(turn, inbound, clean(text))
        case _ if _is_citizen(turn):
            return False
        case MediaReceived() as received:
            _file(turn, inbound, received)
        case MessageEdited():
            turn.tell(say("officer_edited"))
        case _:
            turn.tell(say("officer_not_understood"))
    return True


def leaves_floor(service: Service, tx: Transaction, chat: Address, sender: str, now: datetime) -> bool:
    """Whether what this account says now is a citizen's: it is no officer's, or they speak as one."""
    officer = people.officer_of(tx, chat.channel, sender)
    return officer is None or _is_citizen(Turn(service, tx, officer, chat, "", now, is_private=True))


def _press(turn: Turn, payload: str) -> bool:
    if payload.startswith(_CITIZEN_PRESS):
        dialogue.advance(turn, CitizenWanted())
        return False
    presses.press(turn, payload)
    return True


def _text(turn: Turn, inbound: Inbound, text: str) -> bool:
    command = None if _names_choice(turn, text) else commands.read(text, is_private=True)
    if _is_citizen(turn) and not (command and (command.wish is Wish.WORK or text.startswith("/hs"))):
        return _as_citizen(turn, text)
    if short_commands.obey(turn, text, amid_words=_takes_words(dialogue.standing(turn).state)):
        return True
    if command is not None and command.wish is Wish.CITIZEN:
        dialogue.advance(turn, CitizenWanted())
        return False
    if command is not None:
        commands.obey(turn, command)
        return True
    return _words(turn, inbound, text)


def _names_choice(turn: Turn, text: str) -> bool:
    """Whether the text is an answer offered by the question that stands, which then is no command."""
    return chosen(text, dialogue.standing(turn).offered) != ""


def _is_citizen(turn: Turn) -> bool:
    return isinstance(dialogue.standing(turn).state.step, AsCitizen)


def _as_citizen(turn: Turn, text: str) -> bool:
    """«thoát» gives the floor back to the officer's side; everything else is the citizen's."""
    if fold(text) != "thoat":
        return False
    dialogue.advance(turn, Said(text))
    return True


def _words(turn: Turn, inbound: Inbound, text: str) -> bool:
    replied = _replied_to(turn, inbound)
    if replied is not None and (replied.takes_words or replied.payload(text)):
        written.replied(turn, replied, TextReceived(text))
        return True
    standing = dialogue.standing(turn)
    last = shown.last(turn.service, turn.tx, turn.chat, turn.now)
    payload = last.payload(text, exact=_takes_words(standing.state)) if last is not None else None
    if last is not None and payload is not None:
        return numbers.is_refused(turn, last, text) or _press(turn, payload)
    if standing.state.step == Idle() and dialogue.opened_ticket(turn):
        return _in_open_ticket(turn, dialogue.opened_ticket(turn), text)
    ticket_id = ticket_of(standing.state.step)
    if text.startswith(written.NOTE) and ticket_id is not None:
        guarded(turn, lambda: written.note(turn, ticket_id, text))
        return True
    guarded(turn, lambda: written.answer(turn, text, may_send=True))
    return True


def _in_open_ticket(turn: Turn, ticket_id: int, text: str) -> bool:
    """Nothing is asked: words are about the ticket, and a number wants its choices."""
    if numbers.is_number(text):
        guarded(turn, lambda: presses.open_item(turn, f"ticket:{ticket_id}"))
    elif written.is_content(text):
        written.about(turn, ticket_id, TextReceived(text))
    else:
        guarded(turn, lambda: written.answer(turn, text, may_send=True))
    return True


def _replied_to(turn: Turn, inbound: Inbound) -> Shown | None:
    if inbound.reply_to is None:
        return None
    return shown.by_message(turn.service, turn.tx, turn.chat, inbound.reply_to)


_CHOOSING = Idle | ChoosingUnit | Classifying | CorrectingField | StatingPurpose | ChoosingOutcome


def _takes_words(state: State) -> bool:
    """Whether the present question takes words as they are: there a part of a label is no answer."""
    return not isinstance(state.step, _CHOOSING)


def _file(turn: Turn, inbound: Inbound, received: MediaReceived) -> None:
    replied = _replied_to(turn, inbound)
    if replied is not None and replied.takes_words:
        written.replied(turn, replied, received)
    elif dialogue.standing(turn).state.step == Idle() and dialogue.opened_ticket(turn):
        written.about(turn, dialogue.opened_ticket(turn), received)
    elif plan_files.is_plan(turn, received):
        plan_files.take(turn, received)
    else:
        guarded(turn, lambda: written.file(turn, received))
