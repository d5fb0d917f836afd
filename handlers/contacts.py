"""A citizen's name and phone on an officer's private screen: shown for ten minutes, then taken away again."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from core.channel import Address, SendKind
from core.delivery import OnUnknown, Priority
from core.say import Text, say, to_json
from handlers import looks
from handlers.service import Service
from handlers.staff import Turn
from storage import outbox
from storage.outbox import Wish
from storage.tables import OutboxRow, TicketContactRow, TicketRow
from storage.transaction import Transaction, table

SHOWN_FOR = timedelta(minutes=10)

_SHOWN = "contact"
_HIDDEN = "contact_hidden"
_ENDED = ("sent", "unknown", "dead", "expired", "cancelled")
_OUTBOX = table(OutboxRow)


def show(turn: Turn, chat: Address, ticket: TicketRow, contact: TicketContactRow) -> None:
    """Name, phone and address, privately. The caller has checked the right to it and written it down."""
    key = "officer_contact" if looks.can_edit(turn.tx, chat) else "officer_contact_stays"
    text = say(key, number=ticket.number, name=contact.full_name, phone=_reached(contact))
    outbox.enqueue(
        turn.tx,
        Wish(
            key=f"contact:{turn.key}",
            address=chat,
            text=text,
            priority=Priority.INTERACTIVE,
            subject=_SHOWN,
            purpose=_SHOWN,
            expires_at=turn.now + SHOWN_FOR,
            on_unknown=OnUnknown.ASK,  # a repeat would leave the first message on the screen for ever
        ),
        turn.now,
    )


def hide_shown(service: Service, tx: Transaction, now: datetime) -> None:  # noqa: ARG001 - the shape of a tick
    """Take contacts shown long enough off the screens, and out of the queue's own rows in any case."""
    tx.flush()
    rows = tx.connection.execute(
        select(_OUTBOX).where(
            _OUTBOX.c.subject == _SHOWN,
            _OUTBOX.c.purpose == _SHOWN,
            _OUTBOX.c.created_at <= now - SHOWN_FOR,
            _OUTBOX.c.state.in_(_ENDED),
        )
    ).all()
    for row in rows:
        text = say("officer_contact_hidden", number=str(row.message["fields"]["number"]))
        tx.connection.execute(
            update(_OUTBOX).where(_OUTBOX.c.id == row.id).values(purpose=_HIDDEN, message=to_json(text))
        )
        chat = outbox.address_of(row)
        if row.state == "sent" and row.provider_id and looks.can_edit(tx, chat):
            _replace(tx, chat, row.id, row.provider_id, text, now)


def _replace(tx: Transaction, chat: Address, row_id: int, message_id: str, text: Text, now: datetime) -> None:
    outbox.enqueue(
        tx,
        Wish(
            key=f"contact_hidden:{row_id}",
            address=chat,
            kind=SendKind.EDIT,
            text=text,
            priority=Priority.DESK,
            purpose=_HIDDEN,
            reference=message_id,
            on_unknown=OnUnknown.REPEAT,
        ),
        now,
    )


def _reached(contact: TicketContactRow) -> tuple[Text, ...]:
    phone = say("contact_phone", phone=contact.phone) if contact.phone else say("contact_no_phone")
    return (phone, say("contact_address", address=contact.address)) if contact.address else (phone,)
