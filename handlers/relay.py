"""The only road to a citizen: opens the sealed address of a ticket and queues a message there."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.channel import Address, Channel
from core.conversation import storing
from core.conversation.answers import ticket_press_prefix
from core.conversation.replies import answered_by_desk, asked_by_desk
from core.conversation.states import State
from core.conversation.turn import BURST_SECONDS
from core.delivery import Priority
from core.say import Text
from handlers.access import reporter_key
from handlers.service import Service
from storage import conversations, outbox
from storage.keys import Keys
from storage.outbox import Wish
from storage.tables import TicketRow
from storage.transaction import Transaction

_SEALED = "reporter"
_ASKS: dict[str, Callable[[State, int], State]] = {
    "answer": answered_by_desk,
    "answer_reminder": answered_by_desk,
    "question": asked_by_desk,
    "question_reminder": asked_by_desk,
}
_QUESTIONS = {"answer": "fixed", "answer_reminder": "fixed", "confirmed": "rating"}
"""What the buttons under a message about a ticket ask, as the dialogue names it."""
_BURST = timedelta(seconds=BURST_SECONDS)
_OF_THE_SYSTEM = frozenset({"question_reminder", "question_lapsed", "answer_reminder", "expired"})
"""Said because a clock ran out: not at night, and nothing waits behind it."""


@dataclass(frozen=True, slots=True)
class Reporter:
    """The chat account that files a ticket: who (`account`) and the private chat where to answer (`chat`)."""

    account: Address
    chat: Address


def seal_reporter(keys: Keys, reporter: Reporter) -> tuple[str, str]:
    """The fingerprint of the account and the sealed account with its chat, as the ticket keeps them."""
    sealed = json.dumps([reporter.chat.channel, reporter.chat.chat, reporter.account.chat])
    return reporter_key(keys, reporter.account), keys.seal(_SEALED, sealed)


def chat_of(keys: Keys, ticket: TicketRow) -> Address:
    """Where the ticket's reporter is written to."""
    return _reporter(keys, ticket).chat


def _reporter(keys: Keys, ticket: TicketRow) -> Reporter:
    channel, chat, account = json.loads(keys.open(_SEALED, ticket.reporter_sealed))
    return Reporter(Address(Channel(channel), account), Address(Channel(channel), chat))


def tell(
    service: Service,
    tx: Transaction,
    ticket: TicketRow,
    text: Text,
    now: datetime,
    *,
    purpose: str,
    files: tuple[int, ...] = (),
    reply_id: int | None = None,
) -> int | None:
    """Queue a message to the citizen, once per purpose and state of the ticket; the id of its row.

    An answer whose fate stays unknown is never sent again by itself: a person looks. What the message asks
    becomes the present question of the reporter's dialogue, so that a bare number answers it.
    """
    ticket.spoken_at = now
    tx.flush()
    reporter = _reporter(service.keys, ticket)
    if purpose in _ASKS:
        _expect(service, tx, ticket, reporter, text, _ASKS[purpose], now)
    leaves_at, priority = now, Priority.INTERACTIVE
    if purpose in _OF_THE_SYSTEM:
        leaves_at, priority = service.calendar.allowed_push(now), Priority.REMINDER
    is_burst = purpose == "added"
    return outbox.enqueue(
        tx,
        Wish(
            key=f"ticket:{ticket.id}:{purpose}:{ticket.version}",
            address=reporter.chat,
            text=text,
            press=ticket_press_prefix(_QUESTIONS.get(purpose, purpose), ticket.id),
            priority=priority,
            not_before=leaves_at + _BURST if is_burst else leaves_at,
            coalesce=f"ticket:{ticket.id}:{purpose}" if is_burst else "",
            files=files,
            subject=f"ticket:{ticket.id}",
            purpose=purpose,
            reference="" if reply_id is None else f"reply:{reply_id}",
        ),
        now,
    )


def _expect(
    service: Service,
    tx: Transaction,
    ticket: TicketRow,
    reporter: Reporter,
    text: Text,
    turned: Callable[[State, int], State],
    now: datetime,
) -> None:
    """Let the reporter's dialogue know what it is asked; an open draft keeps its own question."""
    talk = conversations.load(tx, reporter.chat, reporter.account.chat, now)
    before = storing.from_json(talk.state) if talk.state else State()
    after = turned(before, ticket.id)
    if after == before:
        return
    conversations.save(
        tx,
        talk,
        now,
        state=storing.to_json(after),
        offered=service.catalogue.choices(text),
        wake_at=talk.wake_at,
    )


def cancel_waiting(tx: Transaction, ticket: TicketRow) -> None:
    """Nothing that still waits about this ticket leaves any more."""
    outbox.cancel(tx, subject=f"ticket:{ticket.id}")
