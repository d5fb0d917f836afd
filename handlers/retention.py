"""Forgets what citizens said once the organisation's term after the end is over, as the consent promises."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from handlers import audit
from handlers.service import Service
from storage.tables import (
    AttachmentRow,
    CardRow,
    OutboxRow,
    ReplyRow,
    TicketContactRow,
    TicketEntryRow,
    TicketRow,
    WebMessageRow,
)
from storage.transaction import Transaction, table

_MONTH = timedelta(days=31)
"""Never less than a month of the calendar."""
AT_ONCE = 100
"""Tickets of one run: no transaction may hold up the others for long."""
_TICKET, _OUTBOX, _REPLY = table(TicketRow), table(OutboxRow), table(ReplyRow)
_ENTRY, _CONTACT = table(TicketEntryRow), table(TicketContactRow)
_ATTACHMENT, _WEB, _CARD = table(AttachmentRow), table(WebMessageRow), table(CardRow)


def forget(service: Service, tx: Transaction, now: datetime) -> None:
    """Words, place, files, name and account of tickets that ended long ago; numbers and dates stay."""
    over = now - service.organisation.organisation.retention_months * _MONTH
    ended = (
        select(_TICKET.c.id).where(_TICKET.c.closed_at < over, _TICKET.c.reporter_sealed != "").limit(AT_ONCE)
    )
    for ticket_id in tx.connection.execute(ended).scalars().all():
        _forget(tx, ticket_id)
        audit.record(tx, audit.SYSTEM, "forget", f"ticket:{ticket_id}", now)
    tx.connection.execute(delete(_WEB).where(_WEB.c.created_at < over))


def _forget(tx: Transaction, ticket_id: int) -> None:
    blank = {"title": "", "story": "", "place": "", "latitude": None, "longitude": None, "question": ""}
    nobody = {"reporter_hmac": "", "reporter_sealed": ""}
    run = tx.connection.execute
    run(update(_TICKET).where(_TICKET.c.id == ticket_id).values(**blank, **nobody))
    run(delete(_CONTACT).where(_CONTACT.c.ticket_id == ticket_id))
    run(update(_ENTRY).where(_ENTRY.c.ticket_id == ticket_id).values(text=""))
    replies = select(_REPLY.c.id).where(_REPLY.c.ticket_id == ticket_id)
    of_ticket = (_ATTACHMENT.c.ticket_id == ticket_id) | _ATTACHMENT.c.reply_id.in_(replies)
    run(update(_ATTACHMENT).where(of_ticket).values(state="dropped"))  # the files go with the next clean-up
    run(update(_REPLY).where(_REPLY.c.ticket_id == ticket_id).values(text=""))
    cards = tx.connection.execute(select(_CARD.c.id).where(_CARD.c.ticket_id == ticket_id)).scalars()
    about = [f"ticket:{ticket_id}", *(f"card:{card_id}" for card_id in cards)]
    run(update(_OUTBOX).where(_OUTBOX.c.subject.in_(about)).values(message={}))
    run(update(_OUTBOX).where(_OUTBOX.c.subject == about[0]).values(chat=""))
