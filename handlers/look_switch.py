"""A phone of the demo changes its clothes: what stands open on it is shown anew, in the new manner."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from core.channel import Address, Channel
from core.conversation.answers import PRESS_PREFIX
from core.delivery import OnUnknown
from core.errors import RuleError
from core.people import Officer
from core.say import Text, from_json
from handlers import cards, citizen, looks, obligations, outreach, people, shown
from handlers.service import Service
from storage import conversations, outbox
from storage.outbox import Wish
from storage.tables import CardRow, TicketRow
from storage.transaction import Transaction


def switch(service: Service, tx: Transaction, chat: Address, look: Channel, now: datetime) -> None:
    """Show a private web chat as `look` would, from now on; nothing happens when it does already."""
    if looks.look_of(tx, chat) is look:
        return
    looks.wear(tx, chat.chat, look, now)
    if conversations.touch(tx, chat, now):
        outreach.came_back(service, tx, chat, now)
    officer = people.officer_of(tx, chat.channel, chat.chat)
    if officer is None:
        citizen.ask_again(service, tx, chat, chat.chat, now)
    else:
        _show_again(service, tx, chat, officer, now)


def _show_again(service: Service, tx: Transaction, chat: Address, officer: Officer, now: datetime) -> None:
    """Whatever a number of the officer means now, once more."""
    row = shown.last_row(service, tx, chat, now)
    if row is None:
        return
    if row.press.startswith(f"{PRESS_PREFIX}:"):  # they speak as a citizen
        citizen.ask_again(service, tx, chat, chat.chat, now)
        return
    kind, _, number = row.subject.partition(":")
    if kind == "card":
        card = tx.session.get_one(CardRow, int(number))
        cards.post_again(service, tx, tx.session.get_one(TicketRow, card.ticket_id), chat, now)
        return
    text = _as_it_stands(service, tx, row, officer, now)
    outbox.enqueue(
        tx,
        Wish(
            key=f"again:{row.id}:{now.isoformat()}",
            address=chat,
            text=text,
            press=row.press,
            files=tuple(row.files),
            subject=f"officer:{officer.id}",
            purpose="staff",
            on_unknown=OnUnknown.REPEAT,
        ),
        now,
    )


def _as_it_stands(service: Service, tx: Transaction, row: Row[Any], officer: Officer, now: datetime) -> Text:
    """The message with what has happened to its duty since, where it is about one they may still read."""
    kind, _, rest = row.press.partition(":")
    if kind == "o":
        with suppress(RuleError):
            return obligations.show(service, tx, officer, int(rest.partition(":")[0]), now)
    return from_json(row.message)
