"""What a ticket's reporter may see of it: stage, dates and the public lines of its timeline."""

from sqlmodel import col, select

from core.say import Label, Text, say
from core.text import clip
from core.tickets import STAGES, Status
from handlers.service import Service
from storage.tables import TicketEntryRow, TicketRow
from storage.transaction import Transaction

LINES = 8
EXCERPT = 200


def public_entries(tx: Transaction, ticket: TicketRow) -> list[TicketEntryRow]:
    """The lines the reporter may see, oldest first."""
    rows = tx.session.exec(
        select(TicketEntryRow)
        .where(TicketEntryRow.ticket_id == ticket.id, col(TicketEntryRow.is_public))
        .order_by(col(TicketEntryRow.id))
    )
    return list(rows)


def of_ticket(service: Service, tx: Transaction, ticket: TicketRow) -> Text:
    """The ticket in one message, its latest lines last."""
    entries = public_entries(tx, ticket)[-LINES:]
    status = Status(ticket.status)
    return say(
        "ticket_timeline",
        number=ticket.number,
        title=ticket.title,
        field=service.field_label(ticket.field),
        stage=Label(STAGES[status]),
        sent_at=ticket.created_at,
        due=_due(ticket, status),
        lines=tuple(
            say(
                "ticket_timeline_line",
                at=entry.created_at,
                side=Label(f"side.{entry.side}"),
                text=clip(entry.text, EXCERPT),
            )
            for entry in entries
        ),
    )


def _due(ticket: TicketRow, status: Status) -> Text:
    if status is Status.SUBMITTED:
        return say("timeline_due_receive", by=ticket.receive_by)
    if status is Status.AWAITING_CITIZEN:
        return say(
            "timeline_due_citizen", question=ticket.question, by=ticket.question_until or ticket.legal_by
        )
    if status in {Status.ANSWERED, Status.CLOSED, Status.WITHDRAWN}:
        return say("timeline_due_none")
    return say("timeline_due_promised", by=ticket.promised_by or ticket.legal_by)
