"""One audit row per change, written in the transaction of the change."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert

from core.people import Officer
from storage.prepared import Prepared
from storage.tables import AuditRow
from storage.transaction import Transaction, table

_COLUMNS = ("organisation_id", "at", "actor", "officer_id", "act", "subject", "before", "after", "note")
_INSERT = Prepared(insert(table(AuditRow)).values({name: bindparam(name) for name in _COLUMNS}))


@dataclass(frozen=True, slots=True)
class By:
    """Who acts: a role of the rules and, for staff, the officer."""

    actor: str
    officer: Officer | None = None


CITIZEN = By("citizen")
SYSTEM = By("system")


def record(
    tx: Transaction,
    by: By,
    act: str,
    subject: str,
    now: datetime,
    *,
    before: str = "",
    after: str = "",
    note: str = "",
) -> None:
    """Write who did what to which subject ("ticket:12"); `before` and `after` are states.

    `note` holds codes and numbers, never a citizen's words.
    """
    tx.run(
        _INSERT,
        {
            "organisation_id": tx.organisation_id,
            "at": now,
            "actor": by.actor,
            "officer_id": None if by.officer is None else by.officer.id,
            "act": act,
            "subject": subject,
            "before": before,
            "after": after,
            "note": note,
        },
    )
