"""What staff write to a citizen by hand, in a network's own console: kept, told, and not talked over.

The network shows such a message to us afterwards, and on some networks our own as well.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from core.channel import Address, ButtonPressed, Inbound, MediaReceived, StaffWrote, TextReceived
from core.codes import find_number
from core.conversation import storing
from core.conversation.answers import resolve
from core.conversation.events import ChoiceMade, WordSaid
from core.conversation.screening import is_denunciation, is_emergency
from core.conversation.states import State, draft_of
from core.say import Label, from_json, say
from core.text import clip, fold, mask_digits
from core.tickets import LIVE, Status
from handlers import audit, cards, held, media, notices, page_links, tickets
from handlers.access import reporter_key
from handlers.card_face import EXCERPT
from handlers.service import Service
from storage import conversations
from storage.tables import OutboxRow, TicketRow
from storage.transaction import Transaction, table

STANDS_ASIDE = timedelta(minutes=30)
"""How long the service leaves a chat to the person who wrote in it, from their last message."""
_ECHO = timedelta(hours=3)
"""So long the network goes on telling us of a message of ours; the first time perhaps before it has answered
the call that sent it."""
_LONG = 40
"""From so many letters on the beginning of a message is enough to know it: long ones come in parts, and links
to files stand below."""
_OUTBOX = table(OutboxRow)


def receive(service: Service, tx: Transaction, inbound: Inbound, now: datetime) -> None:
    """Keep what was written by hand on the ticket it is about, and tell the desk; not echoes of ours."""
    assert isinstance(inbound.event, StaffWrote)
    text = inbound.event.text
    if _is_ours(service, tx, inbound, text, now):
        return
    # Makes the account of somebody who has not written to us yet, whose chat bears their id.
    conversations.consent_version(tx, inbound.chat, inbound.chat.chat, now)
    conversations.change_account(tx, inbound.chat, staffed_until=now + STANDS_ASIDE)
    shown = text or service.catalogue.label("by_hand.no_words")
    ticket = _about(service, tx, inbound.chat, text)
    key = f"by_hand:{inbound.external_id}"
    excerpt = clip(mask_digits(shown), EXCERPT)
    if ticket is None:
        line = say(
            "notice_by_hand_nowhere", channel=Label(f"channel.{inbound.chat.channel}"), excerpt=excerpt
        )
        notices.to_desk(tx, line, now, key=key)
        return
    tickets.note(tx, ticket, "by_hand", shown, now, is_public=True)
    audit.record(tx, audit.SYSTEM, "by_hand", f"ticket:{ticket.id}", now, note=f"admin {inbound.sender}")
    ticket.version += 1
    cards.refresh(service, tx, ticket, now)
    line = say("notice_by_hand", number=ticket.number, excerpt=excerpt)
    notices.to_desk(tx, line, now, key=key, press=f"t:{ticket.id}:{ticket.version}")


def stands_aside(service: Service, tx: Transaction, inbound: Inbound, inbox_id: int, now: datetime) -> bool:
    """Whether a person talks in this chat now: what the citizen says goes to their open ticket, or waits.

    A press, a word that calls the service, danger and accusations are answered all the same; so is who is
    telling a matter or was asked something by the desk, for that would be lost.
    """
    until = conversations.staffed_until(tx, inbound.chat)
    ticket = _about(service, tx, inbound.chat, "") if until is not None and until > now else None
    is_asked = ticket is not None and ticket.status == Status.AWAITING_CITIZEN
    if until is None or until <= now or is_asked or _is_for_us(tx, inbound, now):
        if until is not None:
            held.take(service, tx, inbound.chat, now)  # what was said before comes first
        return False
    if ticket is not None:
        _keep(service, tx, ticket, inbound, inbox_id, now)
    else:
        held.keep(tx, inbound, inbox_id, now)
    return True


def _is_for_us(tx: Transaction, inbound: Inbound, now: datetime) -> bool:
    event = inbound.event
    words = event.text if isinstance(event, TextReceived) else ""
    if isinstance(event, MediaReceived):
        words = event.caption
    if isinstance(event, ButtonPressed) or is_emergency(words) or is_denunciation(words):
        return True
    talk = conversations.load(tx, inbound.chat, inbound.sender, now)
    state = storing.from_json(talk.state) if talk.state else State()
    if draft_of(state.step) is not None:
        return True
    return isinstance(resolve(event, state, talk.offered), ChoiceMade | WordSaid)


def _keep(
    service: Service, tx: Transaction, ticket: TicketRow, inbound: Inbound, inbox_id: int, now: datetime
) -> None:
    """As with any further message of theirs, but without an answer of ours."""
    words = ""
    match inbound.event:
        case TextReceived(text):
            words = text
        case MediaReceived(file, caption):
            words = caption
            media.keep(tx, file, inbound.chat, now, ticket_id=ticket.id)
        case _:
            return
    if words:
        tickets.note(tx, ticket, "citizen", words, now, is_public=True, inbox_id=inbox_id)
    ticket.version += 1
    cards.refresh(service, tx, ticket, now)
    notices.citizen_wrote(tx, ticket, words, now)


def _about(service: Service, tx: Transaction, chat: Address, text: str) -> TicketRow | None:
    """The ticket of this chat that the text names, else the live one spoken of last."""
    tx.flush()
    # A chat with an account bears the id of its person.
    mine = col(TicketRow.reporter_hmac) == reporter_key(service.keys, chat)
    query = select(TicketRow).where(mine, col(TicketRow.status).in_(LIVE))
    found = tx.session.execute(query.order_by(col(TicketRow.spoken_at).desc())).scalars().all()
    number = find_number(text)
    return next((each for each in found if each.number == number), found[0] if found else None)


def _is_ours(service: Service, tx: Transaction, inbound: Inbound, text: str, now: datetime) -> bool:
    """By the id of a message we sent, or by the words of one that is on its way or has just left."""
    here = (_OUTBOX.c.channel == inbound.chat.channel, _OUTBOX.c.chat == inbound.chat.chat)
    known = select(_OUTBOX.c.id).where(*here, _OUTBOX.c.provider_id == inbound.message_id)
    if inbound.message_id and tx.connection.execute(known).first() is not None:
        return True
    recent = (_OUTBOX.c.state == "sending") | (_OUTBOX.c.sent_at > now - _ECHO)
    rows = tx.connection.execute(select(_OUTBOX.c.message, _OUTBOX.c.files).where(*here, recent)).all()
    if not text:
        return any(row.files for row in rows)
    words = fold(text)
    said = (page_links.printable(service, from_json(row.message)) for row in rows if row.message)
    return any(_is_same(words, fold(service.catalogue.words(each))) for each in said)


def _is_same(words: str, said: str) -> bool:
    """Whether a message, or a part of it, is what we said; «vâng» stands in many and proves nothing."""
    if min(len(words), len(said)) < _LONG:
        return words == said
    return words in said or said in words
