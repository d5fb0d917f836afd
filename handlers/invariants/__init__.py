"""What must hold over the whole database at every moment; `danvan check` walks it, read-only.

The codes are those of docs/invariants.md. A finding names rows, never anybody's words.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from handlers.invariants import messages, reminding, storing, tickets
from handlers.invariants.finding import Finding
from handlers.service import Service
from storage.transaction import Transaction

Check = Callable[[Service, Transaction, datetime], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (*messages.CHECKS, *tickets.CHECKS, *reminding.CHECKS, *storing.CHECKS)


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at and what was found."""

    codes: tuple[str, ...]
    findings: tuple[Finding, ...]


def check(service: Service, tx: Transaction, now: datetime) -> Report:
    """Walk every invariant."""
    codes = tuple(each.__name__.upper() for each in CHECKS)
    return Report(codes, tuple(found for each in CHECKS for found in each(service, tx, now)))
