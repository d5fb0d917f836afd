"""From a confirmed draft to a ticket: number, secret code, clocks, contact, files."""

import secrets
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, select

from core import clocks
from core.codes import NUMBERS, secret_code, spell_secret, ticket_number
from core.conversation.draft import Draft, Identity, Place
from core.say import Label, Text, say
from core.text import clip
from core.tickets import Status
from handlers.relay import Reporter, seal_reporter
from handlers.service import Service
from storage.tables import AttachmentRow, TicketContactRow, TicketRow
from storage.transaction import Transaction, table

TITLE = 80
_ATTACHMENT = table(AttachmentRow)


def new_ticket(
    service: Service, tx: Transaction, draft: Draft, reporter: Reporter, now: datetime
) -> tuple[TicketRow, str]:
    """The stored ticket and its secret code, which is shown once and kept only as a fingerprint."""
    fingerprint, sealed = seal_reporter(service.keys, reporter)
    secret = secret_code(secrets.randbits(60))
    place = draft.place or Place(nowhere=True)
    urgent = draft.is_urgent
    ticket = TicketRow(
        organisation_id=tx.organisation_id,
        number=_fresh_number(tx),
        secret_hmac=service.keys.blind("ticket_secret", secret),
        reporter_hmac=fingerprint,
        reporter_sealed=sealed,
        channel=reporter.chat.channel,
        status=Status.SUBMITTED,
        kind=draft.kind,
        field=draft.field,
        title=clip(draft.story_text, TITLE) or place.words,
        story=draft.story_text,
        place=_place_words(service, place),
        latitude=place.latitude,
        longitude=place.longitude,
        identity=draft.identity or Identity.DESK_ONLY,
        is_urgent=urgent,
        marks=[*draft.marks, *(["wants_letter"] if draft.wants_letter else [])],
        created_at=now,
        moved_at=now,
        alert_at=now,
        alerted=[],
        receive_by=clocks.receive_by(now, urgent=urgent, calendar=service.calendar, policy=service.clocks),
        legal_by=clocks.legal_by(now, service.calendar, service.clocks),
    )
    tx.add(ticket)
    _keep_contact(tx, ticket, draft)
    tx.connection.execute(
        update(_ATTACHMENT).where(_ATTACHMENT.c.draft_id == draft.id).values(ticket_id=ticket.id, draft_id="")
    )
    return ticket, secret


def _place_words(service: Service, place: Place) -> str:
    """The place as the citizen wrote it, with its present name when they used an old one."""
    if not place.now_called:
        return place.words
    return service.catalogue.words(say("summary_place_now", words=place.words, now=place.now_called))


def receipt(service: Service, ticket: TicketRow, secret: str) -> Text:
    """What the citizen gets at once: number, secret code, and by when the desk says yes or no."""
    return say(
        "ticket_received",
        number=ticket.number,
        secret=spell_secret(secret),
        received_at=ticket.created_at,
        desk=service.office.name,
        receive_by=ticket.receive_by,
        who_sees=Label(f"who_sees.{ticket.identity}"),
        lookup_url=service.office.lookup_url,
    )


def contact(tx: Transaction, ticket: TicketRow) -> TicketContactRow | None:
    """Name and phone of a ticket. Only `casework.reveal_contact` and `outreach` may ask."""
    return tx.session.exec(
        select(TicketContactRow).where(col(TicketContactRow.ticket_id) == ticket.id)
    ).first()


def _keep_contact(tx: Transaction, ticket: TicketRow, draft: Draft) -> None:
    if draft.identity is Identity.ANONYMOUS or not draft.full_name:
        return
    tx.add(
        TicketContactRow(
            organisation_id=tx.organisation_id,
            ticket_id=ticket.id,
            full_name=draft.full_name,
            phone=draft.phone,
            address=draft.address,
        )
    )


def _fresh_number(tx: Transaction) -> str:
    """An unused number. Two million exist, so a second draw is rare; the unique column has the last word."""
    while True:
        number = ticket_number(secrets.randbelow(NUMBERS))
        if tx.session.exec(select(TicketRow.id).where(col(TicketRow.number) == number)).first() is None:
            return number
