"""The way from chat to the page of a plan: a link that opens once, and the browser that opened it.

Both secrets are random and stored as HMAC; they open one draft for one officer, as long as that officer may
review plans. What changes something also carries a token that only the page itself knows.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import col, select

from core.people import Officer
from handlers import audit, people, plan_drafts
from handlers.audit import By
from handlers.service import Service
from storage.tables import PlanAccessRow, PlanDraftRow
from storage.transaction import Transaction, table

PATH = "/soat"
LINK_VALID = timedelta(minutes=15)
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
_KEPT = timedelta(days=30)
_ACCESS = table(PlanAccessRow)
_BYTES = 24
"""192 bits."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A link was used: the draft, and the secret that the browser keeps from now on."""

    draft_id: int
    session: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks at the page of a draft. `token` stands in every form of the page."""

    officer: Officer
    token: str


def give_link(service: Service, tx: Transaction, officer: Officer, draft: PlanDraftRow, now: datetime) -> str:
    """An address that opens the draft's page once, for this officer, within `LINK_VALID`."""
    secret = secrets.token_urlsafe(_BYTES)
    tx.add(
        PlanAccessRow(
            organisation_id=tx.organisation_id,
            draft_id=draft.id,
            officer_id=officer.id,
            link_hmac=service.keys.blind("plan_link", secret),
            link_until=now + LINK_VALID,
        )
    )
    audit.record(tx, By(officer.role, officer), "review_link", f"plan_draft:{draft.id}", now)
    return f"{service.public_url}{PATH}/mo/{secret}"


def is_open(service: Service, tx: Transaction, secret: str, now: datetime) -> bool:
    """Whether the link could be used now. Looking at it uses nothing up: networks look at links as well."""
    row = tx.session.exec(
        select(PlanAccessRow).where(
            col(PlanAccessRow.link_hmac) == service.keys.blind("plan_link", secret),
            col(PlanAccessRow.organisation_id) == tx.organisation_id,
            col(PlanAccessRow.opened_at).is_(None),
            col(PlanAccessRow.link_until) > now,
        )
    ).first()
    return row is not None and _officer(service, tx, row) is not None


def open_link(service: Service, tx: Transaction, secret: str, now: datetime) -> Opened | None:
    """Use the link up; None when it was, is over, is none of ours, or its officer may not any more."""
    if not is_open(service, tx, secret, now):
        return None
    session = secrets.token_urlsafe(_BYTES)
    taken = tx.connection.execute(
        update(_ACCESS)
        .where(_ACCESS.c.link_hmac == service.keys.blind("plan_link", secret), _ACCESS.c.opened_at.is_(None))
        .values(
            opened_at=now,
            seen_at=now,
            session_hmac=service.keys.blind("plan_session", session),
            session_until=now + LONGEST,
        )
        .returning(_ACCESS.c.draft_id, _ACCESS.c.officer_id)
    ).first()
    if taken is None:
        return None
    officer = people.officer_by_id(tx, taken.officer_id)
    assert officer is not None
    by = By(officer.role, officer)
    audit.record(tx, by, "review_opened", f"plan_draft:{taken.draft_id}", now)
    return Opened(taken.draft_id, session)


def visitor(service: Service, tx: Transaction, draft_id: int, session: str, now: datetime) -> Visitor | None:
    """Whose browser this is, if it may see this draft now; it stays open for `IDLE` from here on."""
    row = tx.session.exec(
        select(PlanAccessRow).where(
            col(PlanAccessRow.session_hmac) == service.keys.blind("plan_session", session),
            col(PlanAccessRow.organisation_id) == tx.organisation_id,
            col(PlanAccessRow.draft_id) == draft_id,
        )
    ).first()
    if row is None or row.session_until is None or row.seen_at is None:
        return None
    officer = _officer(service, tx, row)
    if officer is None or row.session_until <= now or row.seen_at + IDLE <= now:
        return None
    row.seen_at = now
    tx.session.add(row)
    tx.flush()
    return Visitor(officer, _token(service, session))


def is_from_page(service: Service, session: str, given: str) -> bool:
    """Whether a form carries the token of the page that this browser was shown."""
    return hmac.compare_digest(given.encode(), _token(service, session).encode())


def close(service: Service, tx: Transaction, session: str, now: datetime) -> None:
    """The browser may see nothing any more."""
    mine = _ACCESS.c.session_hmac == service.keys.blind("plan_session", session)
    tx.connection.execute(update(_ACCESS).where(mine).values(session_until=now))


def forget_old(tx: Transaction, now: datetime) -> None:
    """Links and browsers of long ago."""
    tx.connection.execute(delete(_ACCESS).where(_ACCESS.c.link_until < now - _KEPT))


def _officer(service: Service, tx: Transaction, row: PlanAccessRow) -> Officer | None:
    """The officer of the way, while they may review plans."""
    officer = people.officer_by_id(tx, row.officer_id)
    if officer is None or not plan_drafts.may_review(service, tx, officer):
        return None
    return officer


def _token(service: Service, session: str) -> str:
    return service.keys.blind("plan_form", session)[:32]
