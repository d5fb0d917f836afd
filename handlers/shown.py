"""What our messages in a chat offer: so that a number, a label or a reply finds what it is about."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from core.channel import Address, SendKind
from core.conversation.answers import chosen
from core.say import Choice, Text, from_json
from handlers import cards
from handlers.reminders import OPENS
from handlers.service import Service
from storage.tables import OutboxRow
from storage.transaction import Transaction, table

_OUTBOX = table(OutboxRow)
_SEEN = ("queued", "sending", "sent", "unknown")
_LOOKED_BACK = 10
_TICKET = re.compile(r"t:(\d{1,18}):\d+")
_ASKED = re.compile(r"(?:d|l):(\d{1,18})\.\d+")

LINE = "l:"
"""Front of what a message carries that asks nothing but belongs to an open question of a dialogue."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of ours: its choices, the front of its buttons' payloads, its words, and since when it shows.

    `row` and `purpose` are those of its outbox row: what came unasked is a card, a notice or a digest.
    """

    press: str
    choices: tuple[Choice, ...]
    text: Text | None = None
    at: datetime | None = None
    purpose: str = ""
    row: int = 0

    @property
    def ticket_id(self) -> int | None:
        """The ticket it is about, when it is a card or a line about one."""
        match = _TICKET.fullmatch(self.press)
        return int(match[1]) if match else None

    @property
    def asked_in(self) -> str:
        """The dialogue whose question it is, or to whose question it belongs; empty when there is none."""
        match = _ASKED.fullmatch(self.press)
        return match[1] if match else ""

    @property
    def takes_words(self) -> bool:
        """Whether words or a file in reply mean something: it is a question, or it is about a ticket."""
        return self.ticket_id is not None or self.asked_in != ""

    @property
    def is_list(self) -> bool:
        """Whether its choices open items, which is harmless whenever it is done."""
        return self.press == OPENS

    def payload(self, text: str, *, exact: bool = True) -> str | None:
        """The payload of the choice that the text names, or None."""
        code = chosen(text, self.choices, exact=exact)
        return f"{self.press}:{code}" if code and self.press else None

    def named(self, text: str) -> Choice | None:
        """The choice whose number or whole label the text is, letter for letter: «Huy» is a colleague."""
        if text.isascii() and text.isdecimal() and len(text) <= 2:
            return self.choices[int(text) - 1] if 1 <= int(text) <= len(self.choices) else None
        bare = text.casefold().strip(" .!")
        return next((choice for choice in self.choices if choice.label.casefold() == bare), None)


def by_message(service: Service, tx: Transaction, chat: Address, message_id: str) -> Shown | None:
    """The message of ours with this id, or None when it is none of ours."""
    tx.flush()
    card = cards.card_by_message(tx, chat, message_id)
    if card is not None:
        return _latest(service, tx, f"card:{card.id}")
    row = tx.connection.execute(
        select(_OUTBOX)
        .where(
            _OUTBOX.c.channel == chat.channel,
            _OUTBOX.c.chat == chat.chat,
            _OUTBOX.c.provider_id == message_id,
        )
        .order_by(_OUTBOX.c.id.desc())
        .limit(1)
    ).first()
    return None if row is None else _as_shown(service, row)


def last(service: Service, tx: Transaction, chat: Address, now: datetime) -> Shown | None:
    """The message with choices that came last into a private chat, as it looks now.

    A question without choices hides what was offered before it: there a number is an answer in words.
    """
    row = last_row(service, tx, chat, now)
    return None if row is None else _now(service, tx, row)


def last_row(service: Service, tx: Transaction, chat: Address, now: datetime) -> Row[Any] | None:
    """The row of the outbox that brought it."""
    tx.flush()
    rows = tx.connection.execute(
        select(_OUTBOX)
        .where(
            _OUTBOX.c.channel == chat.channel,
            _OUTBOX.c.chat == chat.chat,
            _OUTBOX.c.kind == SendKind.MESSAGE,
            _OUTBOX.c.press != "",
            _OUTBOX.c.press.not_like(f"{LINE}%"),
            _OUTBOX.c.state.in_(_SEEN),
            _OUTBOX.c.not_before <= now,
        )
        .order_by(_OUTBOX.c.id.desc())
        .limit(_LOOKED_BACK)
    ).all()
    for row in rows:
        shown = _now(service, tx, row)
        if shown is not None and (shown.choices or shown.press.startswith("d:")):
            return row
    return None


def question(service: Service, tx: Transaction, chat: Address, press: str) -> Shown | None:
    """The message that put this question, or None."""
    tx.flush()
    row = tx.connection.execute(
        select(_OUTBOX)
        .where(_OUTBOX.c.channel == chat.channel, _OUTBOX.c.chat == chat.chat, _OUTBOX.c.press == press)
        .order_by(_OUTBOX.c.id.desc())
        .limit(1)
    ).first()
    return None if row is None else _as_shown(service, row)


def is_lowest(tx: Transaction, chat: Address, found: Shown) -> bool:
    """Whether nothing of ours stands below it on the screen."""
    tx.flush()
    below = select(_OUTBOX.c.id).where(
        _OUTBOX.c.channel == chat.channel,
        _OUTBOX.c.chat == chat.chat,
        _OUTBOX.c.kind == SendKind.MESSAGE,
        _OUTBOX.c.state.in_(_SEEN),
        _OUTBOX.c.id > found.row,
    )
    return tx.connection.execute(below.limit(1)).first() is None


def last_list(service: Service, tx: Transaction, chat: Address) -> Shown | None:
    """The list that came last into a private chat, or None."""
    return question(service, tx, chat, OPENS)


def message_with(tx: Transaction, chat: Address, press: str) -> str:
    """The id of the message whose buttons begin so, empty when it has not arrived."""
    tx.flush()
    found = tx.connection.execute(
        select(_OUTBOX.c.provider_id)
        .where(
            _OUTBOX.c.channel == chat.channel,
            _OUTBOX.c.chat == chat.chat,
            _OUTBOX.c.press == press,
            _OUTBOX.c.state == "sent",
        )
        .order_by(_OUTBOX.c.id.desc())
        .limit(1)
    ).scalar()
    return str(found or "")


def _now(service: Service, tx: Transaction, row: Row[Any]) -> Shown | None:
    """The message of a row as it looks now."""
    is_card = row.subject.startswith("card:")
    return _latest(service, tx, row.subject) if is_card else _as_shown(service, row)


def is_on_its_way(tx: Transaction, chat: Address, press: str) -> bool:
    """Whether the message whose buttons begin so still waits to be sent."""
    tx.flush()
    waiting = select(_OUTBOX.c.id).where(
        _OUTBOX.c.channel == chat.channel,
        _OUTBOX.c.chat == chat.chat,
        _OUTBOX.c.press == press,
        _OUTBOX.c.state.in_(("queued", "sending")),
    )
    return tx.connection.execute(waiting).first() is not None


def _latest(service: Service, tx: Transaction, subject: str) -> Shown | None:
    """A card as it was drawn last."""
    row = tx.connection.execute(
        select(_OUTBOX)
        .where(_OUTBOX.c.subject == subject, _OUTBOX.c.state.in_(_SEEN))
        .order_by(_OUTBOX.c.id.desc())
        .limit(1)
    ).first()
    return None if row is None else _as_shown(service, row)


def _as_shown(service: Service, row: Row[Any]) -> Shown:
    text = from_json(row.message) if row.message else None
    choices = service.catalogue.numbered(text) if text else ()
    return Shown(row.press, choices, text, row.sent_at or row.not_before, row.purpose, row.id)
