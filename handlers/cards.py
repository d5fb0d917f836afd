"""The live card of a ticket: one message per room or officer, drawn again whenever the ticket changes."""

from datetime import datetime

from sqlmodel import col, select

from core.channel import Address, Channel, SendKind
from core.delivery import Priority
from core.people import Role
from core.say import Text, say
from core.tickets import Actor
from handlers import card_face, people
from handlers.service import Service
from storage import outbox
from storage.outbox import Wish
from storage.tables import CardRow, TicketRow
from storage.transaction import Transaction


def post(service: Service, tx: Transaction, ticket: TicketRow, now: datetime) -> None:
    """A new card in every desk room; where there is none yet, in the private chats of the desk's officers."""
    rooms = people.rooms(tx)
    for room in rooms:
        _post_at(service, tx, ticket, room, now, is_room=True)
    for officer in () if rooms else people.officers_with_role(tx, Role.DESK):
        for address in people.addresses_of(tx, officer.id)[:1]:
            _post_at(service, tx, ticket, address, now, is_room=False)


def post_to_unit(service: Service, tx: Transaction, ticket: TicketRow, now: datetime) -> int:
    """A card to each officer of the unit that has the ticket, privately; how many were reached."""
    reached = 0
    for officer in people.officers_of_unit(tx, ticket.unit_id or 0):
        if officer.role is Role.ADMIN:
            continue
        for address in people.addresses_of(tx, officer.id)[:1]:
            _post_at(service, tx, ticket, address, now, is_room=False)
            reached += 1
    return reached


def post_again(service: Service, tx: Transaction, ticket: TicketRow, address: Address, now: datetime) -> None:
    """A fresh card at the bottom of the chat; the old one says that it is old."""
    card = card_at(tx, ticket.id, address)
    if card is None:
        _post_at(service, tx, ticket, address, now, is_room=people.is_room(tx, address))
        return
    if card.message_id:
        _enqueue(tx, card, say("card_old", number=ticket.number), now, kind=SendKind.EDIT, coalesce="")
    card.message_id = ""
    _draw(service, tx, ticket, card, now, kind=SendKind.MESSAGE)


def refresh(service: Service, tx: Transaction, ticket: TicketRow, now: datetime) -> None:
    """Draw every live card of the ticket again. Waiting drawings are replaced, never piled up."""
    for card in _live_cards(tx, ticket.id):
        _draw(service, tx, ticket, card, now, kind=SendKind.EDIT)


def retire_unit_cards(tx: Transaction, ticket: TicketRow, now: datetime) -> None:
    """The unit no longer has it: its cards say so and lose their buttons."""
    for card in _live_cards(tx, ticket.id):
        if card_face.reader(tx, card) is Actor.UNIT:
            _enqueue(tx, card, say("card_moved", number=ticket.number), now, kind=SendKind.EDIT)
            card.is_live = False


def card_at(tx: Transaction, ticket_id: int, address: Address) -> CardRow | None:
    """The ticket's card in this chat, or None."""
    return tx.session.exec(
        select(CardRow).where(
            CardRow.ticket_id == ticket_id, CardRow.channel == address.channel, CardRow.chat == address.chat
        )
    ).first()


def card_by_message(tx: Transaction, address: Address, message_id: str) -> CardRow | None:
    """The card a message shows, or None: how a reply to a card finds its ticket."""
    return tx.session.exec(
        select(CardRow).where(
            CardRow.channel == address.channel, CardRow.chat == address.chat, CardRow.message_id == message_id
        )
    ).first()


def draw_anew(service: Service, tx: Transaction, ticket: TicketRow, card: CardRow, now: datetime) -> None:
    """The card's message is gone: show the card in a new one."""
    card.message_id = ""
    _draw(service, tx, ticket, card, now, kind=SendKind.MESSAGE)


def _live_cards(tx: Transaction, ticket_id: int) -> list[CardRow]:
    return list(tx.session.exec(select(CardRow).where(CardRow.ticket_id == ticket_id, col(CardRow.is_live))))


def _post_at(
    service: Service, tx: Transaction, ticket: TicketRow, address: Address, now: datetime, *, is_room: bool
) -> None:
    card = card_at(tx, ticket.id, address)
    if card is None:
        card = CardRow(
            organisation_id=tx.organisation_id,
            ticket_id=ticket.id,
            channel=address.channel,
            chat=address.chat,
            is_room=is_room,
        )
        tx.add(card)
    card.is_live = True
    card.message_id = ""
    _draw(service, tx, ticket, card, now, kind=SendKind.MESSAGE)


def _draw(
    service: Service, tx: Transaction, ticket: TicketRow, card: CardRow, now: datetime, *, kind: SendKind
) -> None:
    text = card_face.face(service, tx, ticket, card)
    _enqueue(tx, card, text, now, kind=kind, press=f"t:{ticket.id}:{ticket.version}")


def _enqueue(
    tx: Transaction,
    card: CardRow,
    text: Text,
    now: datetime,
    *,
    kind: SendKind,
    press: str = "",
    coalesce: str | None = None,
) -> None:
    card.drawn += 1
    tx.flush()
    outbox.enqueue(
        tx,
        Wish(
            key=f"card:{card.id}:{card.drawn}",
            address=Address(Channel(card.channel), card.chat),
            is_group=card.is_room,
            text=text,
            kind=kind,
            press=press,
            priority=Priority.DESK,
            coalesce=f"card:{card.id}:{card.message_id}" if coalesce is None else coalesce,
            subject=f"card:{card.id}",
            purpose="card",
            reference=card.message_id if kind is SendKind.EDIT else "",
            on_unknown="repeat",
        ),
        now,
    )
