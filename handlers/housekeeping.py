"""What is no longer needed goes: old bodies, files nobody names, uploads long fetched."""

import os
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from handlers import page_links, plan_access, retention
from handlers.service import Service
from storage import outbox
from storage.tables import AttachmentRow, OutboxRow
from storage.transaction import Transaction, table

OUTBOX_KEPT = timedelta(days=90)
_ATTACHMENT = table(AttachmentRow)
_OUTBOX = table(OutboxRow)
_STORED = "??/" + "?" * 64
_ENDED = ("sent", "cancelled", "expired", "dead")


def run(service: Service, tx: Transaction, now: datetime) -> None:
    """Delete files nobody names, rows of dropped drafts, and outbox rows that ended long ago.

    A row goes first and its file the next night: this transaction may still be taken back, and a row
    without its file would be a loss, while a file without a row is only swept.
    """
    retention.forget(service, tx, now)
    page_links.forget_old(tx, now)
    plan_access.forget_old(tx, now)
    _sweep_files(service, tx)
    _drop_rows(service, tx)
    tx.connection.execute(
        delete(_OUTBOX).where(
            _OUTBOX.c.state.in_(_ENDED),
            _OUTBOX.c.created_at < now - OUTBOX_KEPT,
            _OUTBOX.c.purpose.not_in(("answer", "question", "digest", "reminder", "receipt")),
        )
    )


def _sweep_files(service: Service, tx: Transaction) -> None:
    """Remove what lies in the store without a row. The one writer stores files, so none is on its way."""
    tx.flush()
    rows = tx.connection.execute(select(_ATTACHMENT.c.sha256, _ATTACHMENT.c.playable_sha256).distinct())
    named = {name for row in rows for name in row}
    for path in service.files.root.glob(_STORED):
        if path.name not in named:
            service.files.drop(path.name)


def _drop_rows(service: Service, tx: Transaction) -> None:
    names = (_ATTACHMENT.c.sha256, _ATTACHMENT.c.playable_sha256)
    dropped = select(_ATTACHMENT.c.id, *names).where(_ATTACHMENT.c.state == "dropped")
    for row in tx.connection.execute(dropped).all():
        outbox.cancel(tx, subject=f"attachment:{row.id}")
        tx.connection.execute(delete(_ATTACHMENT).where(_ATTACHMENT.c.id == row.id))
        for name in filter(None, (row.sha256, row.playable_sha256)):
            if service.files.path(name).exists():
                os.utime(service.files.path(name))  # fresh: the check allows it a day without a row
