"""Denunciations under seal: who opens one is on record, and only the keeper is asked to."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from core.errors import RuleError
from core.people import Officer
from handlers import audit, people
from handlers.effects import SEALED
from handlers.service import Service
from storage.tables import SealedRow
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Sealed:
    """One sealed text, without a word of it. `opened_at`: when it was first read."""

    id: int
    created_at: datetime
    opened_at: datetime | None


def list_sealed(tx: Transaction) -> list[Sealed]:
    """Everything under seal, the oldest first."""
    rows = tx.session.exec(
        select(SealedRow)
        .where(col(SealedRow.organisation_id) == tx.organisation_id)
        .order_by(col(SealedRow.id))
    )
    return [Sealed(row.id, row.created_at, row.opened_at) for row in rows]


def keeper_of(service: Service, tx: Transaction) -> Officer:
    """The one person who may read sealed text. Raises RuleError("keeper_missing")."""
    name = service.organisation.organisation.sealed_keeper
    keeper = people.officer_named(tx, name)
    if keeper is None:
        raise RuleError("keeper_missing", name=name)
    return keeper


def open_sealed(service: Service, tx: Transaction, sealed_id: int, now: datetime) -> str:
    """The text, for the keeper; every opening is recorded. Raises RuleError("sealed_unknown")."""
    keeper = keeper_of(service, tx)
    row = tx.session.get(SealedRow, sealed_id)
    if row is None or row.organisation_id != tx.organisation_id:
        raise RuleError("sealed_unknown", id=sealed_id)
    if row.opened_at is None:
        row.opened_at, row.opened_by = now, keeper.id
    audit.record(tx, audit.By("keeper", keeper), "open", f"sealed:{sealed_id}", now)
    tx.flush()
    return service.keys.open(SEALED, row.ciphertext)
