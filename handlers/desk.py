"""The desk's room. What people say among themselves is neither answered nor kept: presses on our messages,
replies to them and commands are ours, and only registered officers are obeyed."""

import re
from dataclasses import dataclass
from datetime import datetime

from core.channel import ButtonPressed, Inbound, MediaReceived, TextReceived
from core.conversation.officer_drafts import wants_content
from core.conversation.officer_effects import Chose
from core.people import Officer
from core.say import Text, say
from core.text import clean
from handlers import commands, dialogue, invites, people, presses, shown, written
from handlers.commands import Command
from handlers.service import Service
from handlers.shown import Shown
from handlers.staff import Turn, answer_press
from storage import outbox
from storage.outbox import Wish
from storage.transaction import Transaction

_SEND = "send"
_JOIN = re.compile(r"/ketnoi\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Heard:
    """A message of the room that is for us: a press, a command, or a reply to what was `shown`."""

    command: Command | None = None
    shown: Shown | None = None


def receive(service: Service, tx: Transaction, inbound: Inbound, inbox_id: int, now: datetime) -> None:
    """Answer what is ours of a group's talk."""
    if isinstance(inbound.event, TextReceived) and _JOIN.match(inbound.event.text):
        _join(service, tx, inbound, inbound.event.text, now)
        return
    if not people.is_room(tx, inbound.chat):
        return
    heard = _heard(service, tx, inbound)
    officer = people.officer_of(tx, inbound.chat.channel, inbound.sender)
    if heard is None:
        if officer is not None and not inbound.is_anonymous:
            _to_own_question(_turn(service, tx, inbound, officer, inbox_id, now), inbound)
        return
    if inbound.is_anonymous:
        _answer(tx, inbound, say("desk_anonymous"), now)
    elif officer is None:
        _answer(tx, inbound, say("desk_unregistered"), now)
    else:
        _obey(_turn(service, tx, inbound, officer, inbox_id, now), inbound, heard)


def _heard(service: Service, tx: Transaction, inbound: Inbound) -> _Heard | None:
    match inbound.event:
        case ButtonPressed():
            return _Heard()
        case TextReceived(text):
            command = commands.read(text, is_private=False)
            if command is not None:
                return _Heard(command=command)
        case MediaReceived():
            pass
        case _:
            return None
    found = shown.by_message(service, tx, inbound.chat, inbound.reply_to) if inbound.reply_to else None
    return None if found is None else _Heard(shown=found)


def _obey(turn: Turn, inbound: Inbound, heard: _Heard) -> None:
    match inbound.event:
        case ButtonPressed(payload):
            presses.press(turn, payload)
        case TextReceived() if heard.command is not None:
            commands.obey(turn, heard.command)
        case (TextReceived() | MediaReceived()) as event if heard.shown is not None:
            written.replied(turn, heard.shown, event)
        case _:
            return


def _to_own_question(turn: Turn, inbound: Inbound) -> None:
    """Without a reply only a choice of the own open question is meant, or another outcome for the draft.

    All else is talk among people: never the words of a draft, never a yes, and so not «Gửi» by its name.
    """
    if inbound.reply_to or not isinstance(inbound.event, TextReceived):
        return
    text = clean(inbound.event.text)
    standing = dialogue.standing(turn)
    asked = Shown(f"d:{standing.question_id}", standing.offered)
    choice = asked.named(text)
    if choice is not None and (choice.code != _SEND or text.isdecimal()):
        presses.press(turn, f"{asked.press}:{choice.code}")
    elif choice is None and wants_content(standing.state.step):
        outcome = written.outcome_named(turn, standing.state, text)
        if outcome:
            dialogue.advance(turn, Chose(outcome))


def _join(service: Service, tx: Transaction, inbound: Inbound, text: str, now: datetime) -> None:
    if inbound.is_anonymous:
        _answer(tx, inbound, say("desk_anonymous"), now)
        return
    code = invites.find_code(clean(text))
    answer = say("desk_join_how") if code is None else invites.use_code(service, tx, inbound, code, now)
    _answer(tx, inbound, answer, now)


def _turn(
    service: Service, tx: Transaction, inbound: Inbound, officer: Officer, inbox_id: int, now: datetime
) -> Turn:
    press = inbound.event.callback_id if isinstance(inbound.event, ButtonPressed) else None
    key = f"{inbound.chat.channel}:{inbound.external_id}"
    return Turn(service, tx, officer, inbound.chat, key, now, False, inbox_id, press)


def _answer(tx: Transaction, inbound: Inbound, text: Text, now: datetime) -> None:
    """One sentence to somebody who need be no officer here: over the button, or as a message."""
    if isinstance(inbound.event, ButtonPressed) and inbound.event.callback_id:
        answer_press(tx, inbound.chat, inbound.event.callback_id, text, now)
        return
    key = f"room:{inbound.chat.channel}:{inbound.external_id}"
    wish = Wish(key=key, address=inbound.chat, is_group=True, text=text, purpose="room", on_unknown="repeat")
    outbox.enqueue(tx, wish, now)
