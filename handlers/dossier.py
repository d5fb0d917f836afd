"""A ticket in full, for one officer in private: place, everything said about it, and its files."""

from typing import Any

from sqlmodel import col, select

from core.conversation.officer_states import ReplyKind
from core.people import Officer, Role
from core.say import Label, Text, say
from core.text import mask_digits
from handlers.card_face import no_words_of_place, window_lines
from handlers.service import Service
from storage.tables import AttachmentRow, ReplyRow, TicketEntryRow, TicketRow
from storage.transaction import Transaction

LINES = 30
"""Entries shown beside the first one, the newest."""


def of_ticket(
    service: Service, tx: Transaction, ticket: TicketRow, officer: Officer
) -> tuple[Text, tuple[int, ...]]:
    """The words and the ids of the files. Units see what the citizen saw, without long numbers."""
    is_desk = officer.role in {Role.DESK, Role.LEADER}
    files = _files(tx, ticket)
    stored = tuple(file.id for file in files if file.state == "stored")
    text = say(
        "dossier",
        number=ticket.number,
        field=service.field_label(ticket.field),
        place=_shown(ticket.place, is_desk=is_desk) or no_words_of_place(ticket),
        pin=_pin(ticket),
        lines=(
            *(_line(entry, is_desk=is_desk) for entry in _entries(tx, ticket, is_desk=is_desk)),
            *(window_lines(service, tx, ticket) if is_desk else ()),
        ),
        files=_count(len(stored), len(files)),
    )
    return text, stored


def _entries(tx: Transaction, ticket: TicketRow, *, is_desk: bool) -> list[TicketEntryRow]:
    wanted: list[Any] = [TicketEntryRow.ticket_id == ticket.id]
    if not is_desk:
        wanted.append(col(TicketEntryRow.is_public) | col(TicketEntryRow.side).in_(("unit",)))
    entries = select(TicketEntryRow).where(*wanted)
    newest = tx.session.exec(entries.order_by(col(TicketEntryRow.id).desc()).limit(LINES)).all()
    first = tx.session.exec(entries.order_by(col(TicketEntryRow.id)).limit(1)).all()
    return [*(entry for entry in first if entry not in newest), *reversed(newest)]


def _line(entry: TicketEntryRow, *, is_desk: bool) -> Text:
    return say(
        "dossier_line",
        at=entry.created_at,
        side=Label(f"author.{entry.side}"),
        text=_shown(entry.text, is_desk=is_desk),
    )


def _shown(text: str, *, is_desk: bool) -> str:
    return text if is_desk else mask_digits(text)


def _pin(ticket: TicketRow) -> Text:
    if ticket.latitude is None or ticket.longitude is None:
        return say("dossier_no_pin")
    return say("dossier_pin", latitude=f"{ticket.latitude:.5f}", longitude=f"{ticket.longitude:.5f}")


def _files(tx: Transaction, ticket: TicketRow) -> list[AttachmentRow]:
    """The citizen's files and the photos of the units' results."""
    results = select(ReplyRow.id).where(
        ReplyRow.ticket_id == ticket.id, ReplyRow.kind == ReplyKind.RESULT, ReplyRow.state == "released"
    )
    of_citizen = (col(AttachmentRow.ticket_id) == ticket.id) & (col(AttachmentRow.side) == "citizen")
    rows = tx.session.exec(
        select(AttachmentRow)
        .where(
            of_citizen | col(AttachmentRow.reply_id).in_(results),
            col(AttachmentRow.state).in_(("waiting", "stored")),
        )
        .order_by(col(AttachmentRow.id))
    )
    return list(rows)


def _count(stored: int, known: int) -> Text:
    if known == 0:
        return say("dossier_no_files")
    key = "dossier_files" if stored == known else "dossier_files_coming"
    return say(key, stored=stored, known=known)
