"""What must change in a database that was brought back from a copy: the world went on without it."""

from datetime import datetime

from sqlalchemy import update

from core.channel import Channel, SendKind
from core.delivery import RowState
from handlers import audit, page_links
from storage.tables import InviteRow, OutboxRow
from storage.transaction import Transaction, table

_OUTBOX = table(OutboxRow)
_INVITE = table(InviteRow)


def mark_restored(tx: Transaction, now: datetime) -> int:
    """Distrust what the copy believes was still to do; returns how many messages that concerns.

    A waiting message may have left after the copy was made. It is put down as on its way with its time
    over, so that the next start treats it like every sending that nobody saw end: a person is asked,
    a reminder goes out once more and says so. Downloads are harmless, and the web chat came back with the
    copy: both wait on. Codes and links given out are void: some were used since. Chat accounts stay
    joined, or answers would have no way back.
    """
    doubtful = tx.connection.execute(
        update(_OUTBOX)
        .where(
            _OUTBOX.c.state == RowState.QUEUED,
            _OUTBOX.c.kind != SendKind.DOWNLOAD,
            _OUTBOX.c.channel != Channel.WEBCHAT,
        )
        .values(state=RowState.SENDING, leased_until=now, attempts=_OUTBOX.c.attempts + 1, error="restored")
    )
    tx.connection.execute(update(_INVITE).where(_INVITE.c.used_at.is_(None)).values(used_at=now))
    page_links.forget_old(tx, now + page_links.VALID)
    audit.record(tx, audit.SYSTEM, "restored", f"organisation:{tx.organisation_id}", now)
    return int(doubtful.rowcount)
