"""What is no longer needed goes: old bodies, files nobody names, uploads long fetched."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from handlers.service import Service
from storage.tables import AttachmentRow, OutboxRow
from storage.transaction import Transaction, table

OUTBOX_KEPT = timedelta(days=90)
_ATTACHMENT = table(AttachmentRow)
_OUTBOX = table(OutboxRow)
_ENDED = ("sent", "cancelled", "expired", "dead")


def run(service: Service, tx: Transaction, now: datetime) -> None:
    """Delete files of dropped drafts and outbox rows that ended long ago."""
    _drop_files(service, tx)
    tx.connection.execute(
        delete(_OUTBOX).where(
            _OUTBOX.c.state.in_(_ENDED),
            _OUTBOX.c.created_at < now - OUTBOX_KEPT,
            _OUTBOX.c.purpose.not_in(("answer", "question", "digest", "reminder", "receipt")),
        )
    )


def _drop_files(service: Service, tx: Transaction) -> None:
    dropped = tx.connection.execute(
        select(_ATTACHMENT.c.id, _ATTACHMENT.c.sha256).where(_ATTACHMENT.c.state == "dropped")
    ).all()
    for row in dropped:
        tx.connection.execute(delete(_ATTACHMENT).where(_ATTACHMENT.c.id == row.id))
        still_named = tx.connection.execute(
            select(_ATTACHMENT.c.id).where(_ATTACHMENT.c.sha256 == row.sha256).limit(1)
        ).first()
        if row.sha256 and still_named is None:
            service.files.drop(row.sha256)
