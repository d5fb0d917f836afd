"""Invariants of what came in and what goes out."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import String, cast, exists, func, literal, not_, or_, select

from core.channel import CAPABILITIES, SendKind
from core.delivery import RowState
from handlers.invariants.finding import Finding, rows_of
from handlers.service import Service
from storage.tables import (
    AuditRow,
    InboxRow,
    InviteRow,
    OutboxRow,
    PlanAccessRow,
    ReplyRow,
    TicketEntryRow,
    TicketRow,
)
from storage.transaction import Transaction, table

_ACCESS = table(PlanAccessRow)
_AUDIT = table(AuditRow)
_ENTRY = table(TicketEntryRow)
_INBOX = table(InboxRow)
_INVITE = table(InviteRow)
_OUTBOX = table(OutboxRow)
_REPLY = table(ReplyRow)
_TICKET = table(TicketRow)
_REAPED_WITHIN = timedelta(seconds=60)
_NAMING = tuple(channel for channel, can in CAPABILITIES.items() if can.edits)
"""Networks whose messages are changed later, and therefore must have given each one its name."""
_LEFT = ("released", "delivered", "failed", "doubtful")


def i02(_service: Service, tx: Transaction, _now: datetime) -> Iterator[Finding]:
    """Every event was taken, or is parked with its bytes and told to a person."""
    told = exists().where(
        _AUDIT.c.act == "park", _AUDIT.c.subject == literal("inbox:").concat(cast(_INBOX.c.id, String))
    )
    parked = (_INBOX.c.state == "parked") & (_INBOX.c.body != "") & told
    query = select(_INBOX.c.id).where(not_((_INBOX.c.state == "done") | parked))
    yield from rows_of(tx, "I02", "an inbox row is neither done nor parked and told", query)


def i03(_service: Service, tx: Transaction, _now: datetime) -> Iterator[Finding]:
    """One message of a citizen is in at most one ticket."""
    query = (
        select(_ENTRY.c.inbox_id)
        .where(_ENTRY.c.inbox_id.is_not(None))
        .group_by(_ENTRY.c.inbox_id)
        .having(func.count() > 1)
    )
    yield from rows_of(tx, "I03", "a message stands in two places", query)


def i05(_service: Service, tx: Transaction, _now: datetime) -> Iterator[Finding]:
    """A receipt is queued only for a ticket that exists."""
    of_ticket = exists().where(literal("ticket:").concat(cast(_TICKET.c.id, String)) == _OUTBOX.c.subject)
    query = select(_OUTBOX.c.id).where(_OUTBOX.c.purpose == "receipt", ~of_ticket)
    yield from rows_of(tx, "I05", "a receipt without a ticket", query)


def i06(_service: Service, tx: Transaction, _now: datetime) -> Iterator[Finding]:
    """Every answer or question that an officer let go has exactly one outbox row."""
    count = (
        select(func.count())
        .where(_OUTBOX.c.reference == literal("reply:").concat(cast(_REPLY.c.id, String)))
        .scalar_subquery()
    )
    query = select(_REPLY.c.id).where(
        _REPLY.c.state.in_(_LEFT), _REPLY.c.kind.in_(("answer", "question")), count != 1
    )
    yield from rows_of(tx, "I06", "a reply without its one outbox row", query)


def i07(_service: Service, tx: Transaction, _now: datetime) -> Iterator[Finding]:
    """Outbox states are known ones; what is sent says when, and as which message of its network."""
    known = [state.value for state in RowState]
    is_message = (_OUTBOX.c.kind == SendKind.MESSAGE) & _OUTBOX.c.channel.in_(_NAMING)
    query = select(_OUTBOX.c.id).where(
        or_(
            _OUTBOX.c.state.not_in(known),
            (_OUTBOX.c.state == RowState.SENT) & _OUTBOX.c.sent_at.is_(None),
            (_OUTBOX.c.state == RowState.SENT) & is_message & (_OUTBOX.c.provider_id == ""),
            (_OUTBOX.c.state != RowState.SENT) & _OUTBOX.c.sent_at.is_not(None),
            (_OUTBOX.c.state == RowState.SENDING) & _OUTBOX.c.leased_until.is_(None),
        )
    )
    yield from rows_of(tx, "I07", "an outbox row in an impossible state", query)


def i08(_service: Service, tx: Transaction, now: datetime) -> Iterator[Finding]:
    """No row is on its way longer than its lease and the reaper's round."""
    query = select(_OUTBOX.c.id).where(
        _OUTBOX.c.state == RowState.SENDING, _OUTBOX.c.leased_until < now - _REAPED_WITHIN
    )
    yield from rows_of(tx, "I08", "a lease that nobody took back", query)


def i27(_service: Service, tx: Transaction, _now: datetime) -> Iterator[Finding]:
    """No code and no link of a review was used after its end."""
    query = select(_INVITE.c.id).where(_INVITE.c.used_at > _INVITE.c.expires_at)
    yield from rows_of(tx, "I27", "a code used after it had expired", query)
    is_late = or_(_ACCESS.c.opened_at > _ACCESS.c.link_until, _ACCESS.c.seen_at > _ACCESS.c.session_until)
    yield from rows_of(
        tx, "I27", "a page opened after its link had ended", select(_ACCESS.c.id).where(is_late)
    )


def i28(_service: Service, tx: Transaction, _now: datetime) -> Iterator[Finding]:
    """No event of a network was taken twice."""
    query = (
        select(_INBOX.c.external_id).group_by(_INBOX.c.channel, _INBOX.c.external_id).having(func.count() > 1)
    )
    yield from rows_of(tx, "I28", "an event taken twice", query)


CHECKS = (i02, i03, i05, i06, i07, i08, i27, i28)
