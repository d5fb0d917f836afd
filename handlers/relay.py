"""The only road to a citizen: opens the sealed address of a ticket and queues a message there."""

from dataclasses import dataclass
from datetime import datetime

from core.channel import Address, Channel
from core.delivery import Priority
from core.say import Text
from handlers.access import reporter_key
from handlers.service import Service
from storage import outbox
from storage.keys import Keys
from storage.outbox import Wish
from storage.tables import TicketRow
from storage.transaction import Transaction

_SEALED = "reporter"


@dataclass(frozen=True, slots=True)
class Reporter:
    """The chat account that files a ticket: who (`account`) and where to answer (`chat`)."""

    account: Address
    chat: Address


def seal_reporter(keys: Keys, reporter: Reporter) -> tuple[str, str]:
    """The fingerprint of the account and the sealed chat, as the ticket keeps them."""
    return reporter_key(keys, reporter.account), keys.seal(_SEALED, str(reporter.chat))


def chat_of(keys: Keys, ticket: TicketRow) -> Address:
    """Where the ticket's reporter is written to."""
    channel, _, chat = keys.open(_SEALED, ticket.reporter_sealed).partition(":")
    return Address(Channel(channel), chat)


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

    An answer whose fate stays unknown is never sent again by itself: a person looks.
    """
    ticket.spoken_at = now
    tx.flush()
    return outbox.enqueue(
        tx,
        Wish(
            key=f"ticket:{ticket.id}:{purpose}:{ticket.version}",
            address=chat_of(service.keys, ticket),
            text=text,
            press=f"c:-:ticket:{ticket.id}",
            priority=Priority.INTERACTIVE,
            files=files,
            subject=f"ticket:{ticket.id}",
            purpose=purpose,
            reference="" if reply_id is None else f"reply:{reply_id}",
        ),
        now,
    )


def cancel_waiting(tx: Transaction, ticket: TicketRow) -> None:
    """Nothing that still waits about this ticket leaves any more."""
    outbox.cancel(tx, subject=f"ticket:{ticket.id}")
