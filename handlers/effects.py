"""Carries out what a citizen's dialogue asked for, in the transaction of the message."""

from sqlalchemy import select, update

from core.channel import Channel
from core.conversation.draft import Draft, Identity, Kind
from core.conversation.effects import (
    AddToTicket,
    AnswerQuestion,
    AskReview,
    CallDesk,
    ConfirmFixed,
    DropDraft,
    Effect,
    GiveConsent,
    KeepMedia,
    RateTicket,
    RefuseConsent,
    Say,
    SealText,
    ShowTicket,
    SubmitDraft,
    TakeBackAnswer,
    WakeAt,
    WithdrawTicket,
)
from core.conversation.steps import Rating
from core.say import Label, say
from handlers import access, answers, audit, media, notices, people, tickets, timeline, webchat
from handlers.exchange import Exchange
from storage import conversations, outbox
from storage.tables import AttachmentRow, SealedRow, TicketRow
from storage.transaction import table

SEALED = "denunciation"
_ATTACHMENT = table(AttachmentRow)


def carry_out(exchange: Exchange, effect: Effect) -> None:
    """Do one thing. A ticket that is not the writer's own raises RuleError("ticket_unknown")."""
    match effect:
        case GiveConsent() | RefuseConsent():
            _consent(exchange, effect)
        case KeepMedia() | DropDraft():
            _keep_or_drop(exchange, effect)
        case SubmitDraft(draft):
            _submit(exchange, draft)
        case SealText(text):
            _seal(exchange, text)
        case CallDesk(text):
            _call_desk(exchange, text)
        case Say() | WakeAt():
            raise TypeError("answers and alarms belong to the dialogue itself")
        case _:
            _act_on_ticket(exchange, effect)


def _act_on_ticket(
    exchange: Exchange,
    effect: AddToTicket
    | AnswerQuestion
    | TakeBackAnswer
    | WithdrawTicket
    | ConfirmFixed
    | RateTicket
    | AskReview
    | ShowTicket,
) -> None:
    service, tx, now = exchange.service, exchange.tx, exchange.now
    ticket = _own(exchange, effect.ticket_id)
    match effect:
        case AddToTicket(text=text):
            tickets.add_message(service, tx, ticket, text, exchange.inbox_id, now)
        case AnswerQuestion(text=text):
            tickets.answer_question(service, tx, ticket, text, exchange.inbox_id, now)
        case TakeBackAnswer(text=text):
            answers.take_back(service, tx, ticket, text, now)
        case WithdrawTicket():
            tickets.withdraw(service, tx, ticket, now)
        case ConfirmFixed(fixed=fixed):
            tickets.confirm(service, tx, ticket, fixed, now)
            if isinstance(exchange.state.step, Rating):
                exchange.offered = service.catalogue.choices(say("ticket_confirmed", number=ticket.number))
        case RateTicket(score=score):
            tickets.rate(service, tx, ticket, score, now)
        case AskReview(fixed=fixed, reason=reason):
            tickets.contest(service, tx, ticket, fixed, reason, now)
        case ShowTicket():
            exchange.say(Say(timeline.of_ticket(service, tx, ticket)))


def _own(exchange: Exchange, ticket_id: int) -> TicketRow:
    return access.ticket_of_reporter(exchange.tx, exchange.service.keys, exchange.reporter.account, ticket_id)


def _consent(exchange: Exchange, effect: GiveConsent | RefuseConsent) -> None:
    chat = exchange.conversation.chat
    subject = f"conversation:{exchange.conversation.id}"
    if isinstance(effect, GiveConsent):
        conversations.agree(
            exchange.tx, chat, version=effect.version, answer=effect.answer[:200], now=exchange.now
        )
        audit.record(exchange.tx, audit.CITIZEN, "consent", subject, exchange.now, after=effect.version)
        return
    conversations.change_account(exchange.tx, chat, consent_version="", consent_answer="", consent_at=None)
    audit.record(exchange.tx, audit.CITIZEN, "refuse_consent", subject, exchange.now)
    outbox.blank(exchange.tx, subject)
    if chat.channel is Channel.WEBCHAT:
        webchat.forget_words(exchange.tx, chat.chat)


def _keep_or_drop(exchange: Exchange, effect: KeepMedia | DropDraft) -> None:
    if isinstance(effect, KeepMedia):
        if effect.ticket_id is not None:
            _own(exchange, effect.ticket_id)
        media.keep(
            exchange.tx,
            effect.media,
            exchange.conversation.chat,
            exchange.now,
            draft_id=effect.draft_id,
            ticket_id=effect.ticket_id,
        )
        return
    of_draft = (_ATTACHMENT.c.draft_id == effect.draft_id, _ATTACHMENT.c.draft_id != "")
    for number in exchange.tx.connection.execute(select(_ATTACHMENT.c.id).where(*of_draft)).scalars().all():
        outbox.cancel(exchange.tx, subject=f"attachment:{number}")
    exchange.tx.connection.execute(update(_ATTACHMENT).where(*of_draft).values(draft_id="", state="dropped"))


def _submit(exchange: Exchange, draft: Draft) -> None:
    tickets.open_ticket(
        exchange.service, exchange.tx, draft, exchange.reporter, exchange.inbox_id, exchange.now
    )


def _seal(exchange: Exchange, text: str) -> None:
    """Encrypt for the keeper; the desk learns only that something must be received in confidence."""
    tx, service, now = exchange.tx, exchange.service, exchange.now
    sealed = SealedRow(
        organisation_id=tx.organisation_id, ciphertext=service.keys.seal(SEALED, text), created_at=now
    )
    tx.add(sealed)
    audit.record(tx, audit.SYSTEM, "seal", f"sealed:{sealed.id}", now)
    outbox.blank(tx, f"conversation:{exchange.conversation.id}")
    notices.to_desk(tx, say("notice_sealed"), now, key=f"sealed:{sealed.id}")
    keeper = people.officer_named(tx, service.organisation.organisation.sealed_keeper)
    if keeper is not None:
        notices.to_officer(tx, keeper, say("notice_sealed_keeper"), now, key=f"sealed:{sealed.id}")
    if exchange.conversation.chat.channel is Channel.WEBCHAT:
        webchat.forget_words(tx, exchange.conversation.chat.chat, within=text)


def _call_desk(exchange: Exchange, text: str) -> None:
    """A wish for a person becomes a ticket, so that it is answered and not forgotten.

    Without consent nothing of it may be stored: then the desk only hears that somebody asked.
    """
    agreed_to = conversations.consent_version(
        exchange.tx, exchange.conversation.chat, exchange.conversation.sender, exchange.now
    )
    if agreed_to == exchange.service.office.privacy_version:
        draft = Draft(
            id=f"call-{exchange.conversation.id}-{exchange.conversation.version}",
            started_at=exchange.now,
            story=(text or exchange.service.catalogue.label("call.no_words"),),
            kind=Kind.QUESTION,
            identity=Identity.DESK_ONLY,
            marks=("wants_person",),
        )
        _submit(exchange, draft)
        return
    line = say("notice_call", channel=Label(f"channel.{exchange.conversation.chat.channel}"))
    key = f"call:{exchange.conversation.id}:{exchange.conversation.version}"
    notices.to_desk(exchange.tx, line, exchange.now, key=key)
