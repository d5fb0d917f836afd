"""The live card of a ticket: one message per room or officer, drawn again whenever the ticket changes."""

from datetime import datetime

from sqlmodel import col, select

from core.channel import Address, Channel, SendKind
from core.delivery import Priority
from core.errors import RuleError
from core.people import Officer, Role
from core.say import Choice, Text, from_json, say
from core.tickets import Actor
from handlers import access, card_face, looks, people
from handlers.card_face import ON_ITS_WAY
from handlers.service import Service
from storage import outbox
from storage.outbox import Wish
from storage.tables import CardRow, OutboxRow, TicketRow
from storage.transaction import Transaction


def post(service: Service, tx: Transaction, ticket: TicketRow, now: datetime) -> None:
    """A new card in every desk room, and in the private chats of the desk's officers who see none."""
    for room in people.rooms(tx):
        _post_at(service, tx, ticket, room, now, is_room=True)
    for officer in people.desk_outside(tx):
        for address in people.addresses_of(tx, officer.id)[:1]:
            _post_at(service, tx, ticket, address, now, is_room=False)


def post_to_unit(service: Service, tx: Transaction, ticket: TicketRow, now: datetime) -> int:
    """A card to each officer of the unit that has the ticket, privately; how many were reached.

    Raises RuleError("unit_gone") for a unit that is closed.
    """
    if ticket.unit_id not in {unit.id for unit in people.units(tx)}:
        raise RuleError("unit_gone")
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
        is_room = people.is_room(tx, address)
        _post_at(service, tx, ticket, address, now, is_room=is_room, is_opened=not is_room)
        return
    if card.message_id and looks.can_edit(tx, address):
        _enqueue(tx, card, say("card_old", number=ticket.number), now, kind=SendKind.EDIT, coalesce="")
    card.message_id = ""
    _draw(service, tx, ticket, card, now, kind=SendKind.MESSAGE, is_opened=not card.is_room)


def refresh(service: Service, tx: Transaction, ticket: TicketRow, now: datetime) -> None:
    """Draw every live card of the ticket again. Waiting drawings are replaced, never piled up.

    A private chat whose officer may not read the ticket (any more) loses its card instead.
    """
    for card in _live_cards(tx, ticket.id):
        if _may_show(tx, ticket, card):
            _redraw(service, tx, ticket, card, now)
        else:
            _retire(tx, ticket, card, now)


def retire_unit_cards(tx: Transaction, ticket: TicketRow, now: datetime) -> None:
    """The unit no longer has it: its cards say so and lose their buttons."""
    for card in _live_cards(tx, ticket.id):
        if card_face.reader(tx, card) is Actor.UNIT:
            _retire(tx, ticket, card, now)


def retire_at(tx: Transaction, address: Address, reader: Officer | None, now: datetime) -> None:
    """The private chat is no longer `reader`'s, or is from now on: cards they may not read say so."""
    rows = tx.session.exec(
        select(CardRow, TicketRow)
        .join(TicketRow, col(TicketRow.id) == col(CardRow.ticket_id))
        .where(
            CardRow.channel == address.channel,
            CardRow.chat == address.chat,
            col(CardRow.is_live),
            col(CardRow.is_room).is_(False),
        )
    ).all()
    for card, ticket in rows:
        if reader is None or not access.may_read(reader, ticket):
            _retire(tx, ticket, card, now)


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
    """The card's message is gone: show the card in a new one, where it is still to be seen."""
    if not card.is_live or not _may_show(tx, ticket, card):
        return
    card.message_id = ""
    _draw(service, tx, ticket, card, now, kind=SendKind.MESSAGE)


def post_elsewhere(
    service: Service, tx: Transaction, card_id: int, address: Address, now: datetime
) -> int | None:
    """The card in another private chat of its officer; its row, or None when it is no longer theirs."""
    card = tx.session.get_one(CardRow, card_id)
    ticket = tx.session.get_one(TicketRow, card.ticket_id)
    card.is_live = False
    officer = people.officer_at(tx, address)
    if officer is None or not access.may_read(officer, ticket):
        return None
    return _post_at(service, tx, ticket, address, now, is_room=False)


def _live_cards(tx: Transaction, ticket_id: int) -> list[CardRow]:
    return list(tx.session.exec(select(CardRow).where(CardRow.ticket_id == ticket_id, col(CardRow.is_live))))


def _address(card: CardRow) -> Address:
    return Address(Channel(card.channel), card.chat)


def _may_show(tx: Transaction, ticket: TicketRow, card: CardRow) -> bool:
    if card.is_room:
        return True
    officer = people.officer_at(tx, _address(card))
    return officer is not None and access.may_read(officer, ticket)


def _retire(tx: Transaction, ticket: TicketRow, card: CardRow, now: datetime) -> None:
    card.is_live = False
    if card.message_id or _is_on_its_way(tx, card):
        kind = SendKind.EDIT if looks.can_edit(tx, _address(card)) else SendKind.MESSAGE
        _enqueue(tx, card, say("card_moved", number=ticket.number), now, kind=kind)


def _is_on_its_way(tx: Transaction, card: CardRow) -> bool:
    tx.flush()
    waiting = select(OutboxRow.id).where(
        OutboxRow.subject == f"card:{card.id}", col(OutboxRow.state).in_(("queued", "sending"))
    )
    return tx.session.exec(waiting.limit(1)).first() is not None


def _post_at(
    service: Service,
    tx: Transaction,
    ticket: TicketRow,
    address: Address,
    now: datetime,
    *,
    is_room: bool,
    is_opened: bool = False,
) -> int | None:
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
    return _draw(service, tx, ticket, card, now, kind=SendKind.MESSAGE, is_opened=is_opened)


def _redraw(service: Service, tx: Transaction, ticket: TicketRow, card: CardRow, now: datetime) -> None:
    """Change the card in its place; where a network cannot, show it anew once there is something else to do,
    or the message to the citizen has ended otherwise than the card says.

    There each drawing is a message more on somebody's phone, and counts in the month's allowance: while the
    message is on its way its end is awaited.
    """
    if looks.can_edit(tx, _address(card)):
        _draw(service, tx, ticket, card, now, kind=SendKind.EDIT)
        return
    text = card_face.face(service, tx, ticket, card)
    if card_face.delivery_of(text) != ON_ITS_WAY and _told(service, text) != _told_last(service, tx, card):
        _draw(service, tx, ticket, card, now, kind=SendKind.MESSAGE)


def _told(service: Service, text: Text) -> tuple[tuple[Choice, ...], str]:
    return service.catalogue.choices(text), card_face.delivery_of(text)


def _told_last(service: Service, tx: Transaction, card: CardRow) -> tuple[tuple[Choice, ...], str]:
    tx.flush()
    drawn = select(OutboxRow.message).where(OutboxRow.subject == f"card:{card.id}")
    message = tx.session.exec(drawn.order_by(col(OutboxRow.id).desc()).limit(1)).first()
    return _told(service, from_json(message)) if message else ((), "")


def _draw(
    service: Service,
    tx: Transaction,
    ticket: TicketRow,
    card: CardRow,
    now: datetime,
    *,
    kind: SendKind,
    is_opened: bool = False,
) -> int | None:
    text = card_face.face(service, tx, ticket, card, is_opened=is_opened)
    return _enqueue(tx, card, text, now, kind=kind, press=f"t:{ticket.id}:{ticket.version}")


def _enqueue(
    tx: Transaction,
    card: CardRow,
    text: Text,
    now: datetime,
    *,
    kind: SendKind,
    press: str = "",
    coalesce: str | None = None,
) -> int | None:
    card.drawn += 1
    tx.flush()
    return outbox.enqueue(
        tx,
        Wish(
            key=f"card:{card.id}:{card.drawn}",
            address=_address(card),
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
