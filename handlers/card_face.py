"""What a ticket's card says, and which acts it offers to whom.

A card never carries a name, a phone number, or more than 160 masked characters of the story.
"""

from sqlmodel import col, select

from core import windows
from core.channel import CAPABILITIES, Address, Channel
from core.clocks import pace_of
from core.conversation.draft import Identity
from core.conversation.effects import Fixed
from core.people import Role
from core.say import Choice, Label, Text, Value, say
from core.text import clip, mask_digits
from core.tickets import CLASSIFIABLE, Act, Actor, Status, may
from handlers import looks, people, relay
from handlers.service import Service
from storage import conversations
from storage.tables import AttachmentRow, CardRow, ReplyRow, TicketRow
from storage.transaction import Transaction

EXCERPT = 160
_DELIVERY = "delivery_"
ON_ITS_WAY = "delivery_on_its_way"


def reader(tx: Transaction, card: CardRow) -> Actor:
    """For whom the card is drawn: a room is the desk's, a private chat its officer's."""
    if card.is_room:
        return Actor.DESK
    officer = people.officer_at(tx, Address(Channel(card.channel), card.chat))
    readers = {Role.DESK: Actor.DESK, Role.LEADER: Actor.LEADER}
    return readers.get(officer.role, Actor.UNIT) if officer else Actor.UNIT


def face(
    service: Service, tx: Transaction, ticket: TicketRow, card: CardRow, *, is_opened: bool = False
) -> Text:
    """The card as it looks now, with the choices the table allows its reader. `is_opened`: they asked for it,
    and what they write now is about it."""
    viewer, notes = reader(tx, card), (say("card_opened"),) if is_opened else ()
    if viewer is Actor.UNIT:
        return _unit_card(service, tx, ticket, notes)
    actors = (viewer, Actor.UNIT) if _is_of_readers_unit(service, tx, ticket, card) else (viewer,)
    return _desk_card(service, tx, ticket, actors, notes)


def delivery_of(text: Text) -> str:
    """What a card says of the last message to the citizen: the key of that line, empty for none."""
    notes = text.fields.get("notes", ())
    lines = notes if isinstance(notes, tuple) else ()
    return next((line.key for line in lines if line.key.startswith(_DELIVERY)), "")


def _is_of_readers_unit(service: Service, tx: Transaction, ticket: TicketRow, card: CardRow) -> bool:
    """Whether the ticket lies with the reader's own unit; the desk handles some fields itself."""
    if ticket.unit_id is None:
        return False
    if card.is_room:
        return _unit_name(tx, ticket) == service.organisation.desk.unit
    officer = people.officer_at(tx, Address(Channel(card.channel), card.chat))
    return officer is not None and officer.is_of(ticket.unit_id)


def _desk_card(
    service: Service, tx: Transaction, ticket: TicketRow, actors: tuple[Actor, ...], notes: tuple[Text, ...]
) -> Text:
    suggestion = suggested_unit(service, ticket)
    return say(
        "card_room",
        choices=_desk_choices(ticket, _offered_unit(tx, ticket, suggestion), actors),
        **_common(service, tx, ticket),
        identity=Label(f"identity.{ticket.identity}"),
        channel=Label(f"channel.{ticket.channel}"),
        suggestion=suggestion or Label("card.no_suggestion"),
        clock=_clock(ticket),
        legal_by=ticket.legal_by,
        holder=_holder(tx, ticket),
        unit=_unit_name(tx, ticket),
        notes=(
            *_marks(ticket),
            *_delivery(tx, ticket),
            *window_lines(service, tx, ticket),
            *_verdict(ticket),
            *notes,
        ),
    )


def _offered_unit(tx: Transaction, ticket: TicketRow, suggestion: str) -> str:
    """The suggestion where it may be followed: what is reviewed goes to another unit than before."""
    is_before = ticket.status == Status.UNDER_REVIEW and _unit_name(tx, ticket) == suggestion
    return "" if is_before else suggestion


def _unit_card(service: Service, tx: Transaction, ticket: TicketRow, notes: tuple[Text, ...]) -> Text:
    return say(
        "card_unit",
        choices=_unit_choices(ticket),
        **_common(service, tx, ticket),
        promised_by=ticket.promised_by or ticket.legal_by,
        notes=(*_marks(ticket), *notes),
    )


def _marks(ticket: TicketRow) -> tuple[Text, ...]:
    return tuple(say("card_mark", mark=Label(f"mark.{mark}")) for mark in ticket.marks)


def _common(service: Service, tx: Transaction, ticket: TicketRow) -> dict[str, Value]:
    pace = pace_of(is_urgent=ticket.is_urgent, is_complex=ticket.is_complex)
    return {
        "number": ticket.number,
        "status": Label(f"status.{ticket.status}"),
        "kind": Label(f"kind.{ticket.kind}"),
        "level": Label(f"level.{pace}"),
        "field": service.field_label(ticket.field),
        "place": clip(mask_digits(ticket.place), 80) or no_words_of_place(ticket),
        "excerpt": clip(mask_digits(ticket.story), EXCERPT),
        "files": _count_files(tx, ticket),
    }


def no_words_of_place(ticket: TicketRow) -> Label:
    """What stands for the place of a ticket that names none in words."""
    return Label("card.no_place" if ticket.latitude is None else "card.pinned")


def _desk_choices(ticket: TicketRow, suggestion: str, actors: tuple[Actor, ...]) -> tuple[Choice, ...]:
    """Only what the table allows now; a press is checked again when it comes."""
    status, viewer = Status(ticket.status), actors[0]
    offered: list[Choice] = []
    if may(status, Act.ACCEPT, viewer):
        offered.append(Choice("accept"))
    if any(may(status, act, viewer) for act in (Act.FORWARD, Act.FORWARD_AGAIN, Act.REASSIGN)):
        offered += [Choice("suggested"), Choice("forward")] if suggestion else [Choice("forward")]
    if may(status, Act.ASK, viewer):
        offered.append(Choice("ask"))
    if viewer is Actor.DESK and status in CLASSIFIABLE:
        offered.append(Choice("classify"))
    if may(status, Act.PROPOSE, viewer) or may(status, Act.ANSWER, viewer):
        offered.append(Choice("answer"))
    if Actor.UNIT in actors:
        offered += _acts_of_unit(ticket)
    return (*offered, Choice("files"), Choice("contact"))


def _acts_of_unit(ticket: TicketRow) -> list[Choice]:
    acts = [(Act.TAKE, "take"), (Act.PROPOSE, "result")]
    if not ticket.is_assigned:
        acts.append((Act.RETURN, "return"))
    return [Choice(code) for act, code in acts if may(Status(ticket.status), act, Actor.UNIT)]


def _unit_choices(ticket: TicketRow) -> tuple[Choice, ...]:
    offered = _acts_of_unit(ticket)
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


def _verdict(ticket: TicketRow) -> tuple[Text, ...]:
    """What the citizen says of the answer: the fact, then the feeling; or that nothing was said."""
    if ticket.status == Status.UNDER_REVIEW:
        return (say("card_contested", fixed=Label(f"fixed.{ticket.fixed}")),)
    if ticket.status != Status.CLOSED:
        return ()
    if ticket.fixed not in {Fixed.DONE, Fixed.PARTLY}:
        return (say("card_silent"),)
    return (
        say(
            "card_confirmed",
            fixed=Label(f"fixed.{ticket.fixed}"),
            rating=Label(f"rating.{ticket.rating or 0}"),
        ),
    )


def window_lines(service: Service, tx: Transaction, ticket: TicketRow) -> tuple[Text, ...]:
    """Until when the citizen may still be written to, where a network sets an end to that."""
    if ticket.status in {Status.CLOSED, Status.WITHDRAWN} or not ticket.reporter_sealed:
        return ()
    chat = relay.chat_of(service.keys, ticket)
    look = looks.look_of(tx, chat)
    if CAPABILITIES[look].window is None:
        return ()
    last_at = conversations.last_at(tx, chat)
    until, free = windows.closes_at(look, last_at), windows.free_until(look, last_at)
    return () if until is None or free is None else (say("card_window", until=until, free=free),)


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
    if reply.state == "released" and ticket.status == Status.WITHDRAWN:
        return (say("delivery_withdrawn"),)
    if reply.state == "released" and reply.failure:
        return (say("delivery_waits"),)
    if reply.state == "failed":
        return (say("delivery_failed", why=Label(f"failure.{reply.failure}")),)
    return (say("delivery_doubtful" if reply.state == "doubtful" else "delivery_on_its_way"),)
