"""The citizen's side of a private chat: stored dialogue and event in, new state and effects out."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from core.channel import Address, Event, TextReceived
from core.conversation import storing
from core.conversation.answers import resolve
from core.conversation.context import Context, TicketFact
from core.conversation.effects import Say, WakeAt
from core.conversation.events import ConversationEvent, TimedOut
from core.conversation.machine import step
from core.conversation.prompts import prompt
from core.conversation.states import State
from core.conversation.steps import Idle
from core.say import Label
from core.tickets import STAGES, Status
from handlers import effects
from handlers.access import reporter_key
from handlers.exchange import Exchange
from handlers.service import Service
from storage import conversations
from storage.conversations import Conversation
from storage.prepared import Prepared
from storage.tables import TicketRow
from storage.transaction import Transaction, table

KNOWN_TICKETS = 20
"""How many of a person's tickets a dialogue looks at; the newest."""

_TICKET = table(TicketRow)
_TICKETS_OF = Prepared(
    select(
        _TICKET.c.id,
        _TICKET.c.number,
        _TICKET.c.title,
        _TICKET.c.status,
        _TICKET.c.question,
        _TICKET.c.spoken_at,
        _TICKET.c.receive_by,
        _TICKET.c.promised_by,
        _TICKET.c.feedback_until,
    )
    .where(_TICKET.c.reporter_hmac == bindparam("reporter"))
    .order_by(_TICKET.c.id.desc())
    .limit(KNOWN_TICKETS)
)


def receive(
    service: Service,
    tx: Transaction,
    chat: Address,
    sender: str,
    event: Event,
    inbox_id: int | None,
    now: datetime,
) -> None:
    """Answer one event of a private chat."""
    conversation = conversations.load(tx, chat, sender, now)
    state = _state(conversation)
    exchange = Exchange(service, tx, conversation, inbox_id, now)
    _advance(exchange, state, resolve(event, state, conversation.offered))


def greet(
    service: Service, tx: Transaction, chat: Address, sender: str, inbox_id: int | None, now: datetime
) -> None:
    """Begin the talk as if the person had asked for it; nothing when they are in the middle of something."""
    if isinstance(_state(conversations.load(tx, chat, sender, now)).step, Idle):
        receive(service, tx, chat, sender, TextReceived("/start"), inbox_id, now)


def ask_again(service: Service, tx: Transaction, chat: Address, sender: str, now: datetime) -> None:
    """Put the open question once more, that of the menu too as long as it is what a number means."""
    talk = conversations.load(tx, chat, sender, now)
    state = _state(talk)
    question = prompt(state, _context(service, tx, talk, now))
    if isinstance(state.step, Idle) and service.catalogue.choices(question) != talk.offered:
        return
    exchange = Exchange(service, tx, talk, None, now, state, talk.offered)
    exchange.say(Say(question))
    conversations.save(tx, talk, now, state=talk.state, offered=exchange.offered, wake_at=talk.wake_at)


def wake(service: Service, tx: Transaction, conversation: Conversation, now: datetime) -> None:
    """The moment a dialogue asked for has come."""
    _advance(Exchange(service, tx, conversation, None, now), _state(conversation), TimedOut())


def _advance(exchange: Exchange, state: State, event: ConversationEvent) -> None:
    context = _context(exchange.service, exchange.tx, exchange.conversation, exchange.now)
    exchange.state, wishes = step(state, event, context)
    exchange.offered = exchange.conversation.offered
    for effect in wishes:
        match effect:
            case Say():
                exchange.say(effect)
            case WakeAt(when=when):
                exchange.wake_at = when
            case _:
                effects.carry_out(exchange, effect)
    conversations.save(
        exchange.tx,
        exchange.conversation,
        exchange.now,
        state=storing.to_json(exchange.state),
        offered=exchange.offered,
        wake_at=exchange.wake_at,
    )


def _state(conversation: Conversation) -> State:
    return storing.from_json(conversation.state) if conversation.state else State()


def _context(service: Service, tx: Transaction, conversation: Conversation, now: datetime) -> Context:
    agreed_to = conversation.agreed_to
    if agreed_to is None:
        agreed_to = conversations.consent_version(tx, conversation.chat, conversation.sender, now)
    reporter = Address(conversation.chat.channel, conversation.sender)
    return Context(
        now=now,
        office=service.office,
        fields=service.fields,
        has_consented=agreed_to == service.office.privacy_version,
        tickets=_tickets(tx, reporter_key(service.keys, reporter)),
        fresh_id=f"{conversation.id}v{conversation.version}",
        calendar=service.calendar,
        clocks=service.clocks,
        places=service.places,
        form=service.form,
    )


def _tickets(tx: Transaction, reporter: str) -> tuple[TicketFact, ...]:
    return tuple(_fact(row) for row in tx.run(_TICKETS_OF, {"reporter": reporter}))


def _fact(row: Any) -> TicketFact:
    status = Status(row.status)
    due = row.feedback_until if status is Status.ANSWERED else row.promised_by or row.receive_by
    return TicketFact(
        id=row.id,
        number=row.number,
        title=row.title,
        status=status,
        stage=Label(STAGES[status]),
        due_at=due,
        question=row.question,
        spoken_at=row.spoken_at,
    )
