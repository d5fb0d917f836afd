"""The live card of a ticket: one message per room or officer, drawn again whenever the ticket changes.

A card never carries a name, a phone number, or more than 160 masked characters of the story.
"""

from datetime import datetime

from sqlmodel import col, select

from core.channel import Address, Channel, SendKind
from core.conversation.draft import Identity
from core.delivery import Priority
from core.people import Role
from core.say import Choice, Label, Text, Value, say
from core.text import clip, mask_digits
from core.tickets import Act, Actor, Status, may
from handlers import people
from handlers.service import Service
from storage import outbox
from storage.outbox import Wish
from storage.tables import AttachmentRow, CardRow, ReplyRow, TicketRow
from storage.transaction import Transaction

EXCERPT = 160


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
        if _reader(tx, card) is Actor.UNIT:
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
    reader = _reader(tx, card)
    text = (
        _unit_card(service, tx, ticket) if reader is Actor.UNIT else _desk_card(service, tx, ticket, reader)
    )
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
            coalesce=f"card:{card.id}" if coalesce is None else coalesce,
            subject=f"card:{card.id}",
            purpose="card",
            reference=card.message_id if kind is SendKind.EDIT else "",
            on_unknown="repeat",
        ),
        now,
    )


# --- what a card says --------------------------------------------------------------------------------------


def _reader(tx: Transaction, card: CardRow) -> Actor:
    """For whom the card is drawn: a room is the desk's, a private chat its officer's."""
    if card.is_room:
        return Actor.DESK
    officer = people.officer_at(tx, Address(Channel(card.channel), card.chat))
    readers = {Role.DESK: Actor.DESK, Role.LEADER: Actor.LEADER}
    return readers.get(officer.role, Actor.UNIT) if officer else Actor.UNIT


def _desk_card(service: Service, tx: Transaction, ticket: TicketRow, reader: Actor) -> Text:
    suggestion = suggested_unit(service, ticket)
    return say(
        "card_room",
        choices=_desk_choices(ticket, suggestion, reader),
        **_common(service, tx, ticket),
        identity=Label(f"identity.{ticket.identity}"),
        channel=Label(f"channel.{ticket.channel}"),
        suggestion=suggestion or Label("card.no_suggestion"),
        clock=_clock(ticket),
        legal_by=ticket.legal_by,
        holder=_holder(tx, ticket),
        unit=_unit_name(tx, ticket),
        notes=(*_marks(ticket), *_delivery(tx, ticket)),
    )


def _unit_card(service: Service, tx: Transaction, ticket: TicketRow) -> Text:
    return say(
        "card_unit",
        choices=_unit_choices(ticket),
        **_common(service, tx, ticket),
        promised_by=ticket.promised_by or ticket.legal_by,
        notes=_marks(ticket),
    )


def _marks(ticket: TicketRow) -> tuple[Text, ...]:
    return tuple(say("card_mark", mark=Label(f"mark.{mark}")) for mark in ticket.marks)


def _common(service: Service, tx: Transaction, ticket: TicketRow) -> dict[str, Value]:
    return {
        "number": ticket.number,
        "status": Label(f"status.{ticket.status}"),
        "urgent": Label("card.urgent" if ticket.is_urgent else "card.normal"),
        "field": service.field_label(ticket.field),
        "place": clip(mask_digits(ticket.place), 80) or Label("card.no_place"),
        "excerpt": clip(mask_digits(ticket.story), EXCERPT),
        "files": _count_files(tx, ticket),
    }


def _desk_choices(ticket: TicketRow, suggestion: str, reader: Actor) -> tuple[Choice, ...]:
    """Only what the table allows now; a press is checked again when it comes."""
    status = Status(ticket.status)
    offered: list[Choice] = []
    if may(status, Act.ACCEPT, reader):
        offered.append(Choice("accept"))
    if any(may(status, act, reader) for act in (Act.FORWARD, Act.FORWARD_AGAIN, Act.REASSIGN)):
        offered += [Choice("suggested"), Choice("forward")] if suggestion else [Choice("forward")]
    if may(status, Act.ASK, reader):
        offered.append(Choice("ask"))
    if may(status, Act.PROPOSE, reader) or may(status, Act.ANSWER, reader):
        offered.append(Choice("answer"))
    return (*offered, Choice("files"), Choice("contact"))


def _unit_choices(ticket: TicketRow) -> tuple[Choice, ...]:
    status = Status(ticket.status)
    acts = ((Act.TAKE, "take"), (Act.PROPOSE, "result"), (Act.RETURN, "return"))
    offered = [Choice(code) for act, code in acts if may(status, act, Actor.UNIT)]
    contact = [Choice("contact")] if ticket.identity == Identity.UNIT_TOO else []
    return (*offered, Choice("files"), *contact)


def suggested_unit(service: Service, ticket: TicketRow) -> str:
    """The name of the unit that usually handles the ticket's field, empty when none is named."""
    for field in service.organisation.fields:
        if field.code == ticket.field:
            return field.unit
    return ""


def _clock(ticket: TicketRow) -> Text:
    """The clock that runs now, with its date."""
    match Status(ticket.status):
        case Status.SUBMITTED:
            return say("clock_receive", by=ticket.receive_by)
        case Status.AWAITING_CITIZEN:
            return say("clock_citizen", by=ticket.question_until or ticket.legal_by)
        case Status.ANSWERED:
            return say("clock_feedback", by=ticket.feedback_until or ticket.legal_by)
        case Status.CLOSED | Status.WITHDRAWN:
            return say("clock_over")
        case _:
            return say("clock_promised", by=ticket.promised_by or ticket.legal_by)


def _holder(tx: Transaction, ticket: TicketRow) -> str | Label:
    officer = people.officer_by_id(tx, ticket.holder_id) if ticket.holder_id else None
    return officer.name if officer else Label("card.no_holder")


def _unit_name(tx: Transaction, ticket: TicketRow) -> str | Label:
    unit = people.unit_by_id(tx, ticket.unit_id) if ticket.unit_id else None
    return unit.name if unit else Label("card.no_unit")


def _count_files(tx: Transaction, ticket: TicketRow) -> int:
    found = tx.session.exec(
        select(AttachmentRow.id).where(
            AttachmentRow.ticket_id == ticket.id,
            AttachmentRow.side == "citizen",
            col(AttachmentRow.state).in_(("waiting", "stored")),
        )
    ).all()
    return len(found)


def _delivery(tx: Transaction, ticket: TicketRow) -> tuple[Text, ...]:
    """What became of the last message that an officer sent to the citizen; nothing when there was none."""
    reply = tx.session.exec(
        select(ReplyRow)
        .where(
            ReplyRow.ticket_id == ticket.id,
            ReplyRow.kind != "result",
            col(ReplyRow.state).in_(("released", "delivered", "failed", "doubtful")),
        )
        .order_by(col(ReplyRow.id).desc())
        .limit(1)
    ).first()
    if reply is None:
        return ()
    if reply.state == "delivered" and reply.ended_at is not None:
        return (say("delivery_delivered", at=reply.ended_at),)
    if reply.state == "failed":
        return (say("delivery_failed", why=Label(f"failure.{reply.failure}")),)
    return (say("delivery_doubtful" if reply.state == "doubtful" else "delivery_on_its_way"),)
