"""A plan under review: brought, open, then confirmed or dropped. Nothing is scheduled before that."""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from sqlmodel import col, func, select

from core.calendar import local_day
from core.errors import RuleError
from core.obligations import ObligationKind
from core.people import Officer, Role, may_review_plans
from core.text import clip
from handlers import audit, duties, people, plans, registry
from handlers.audit import By
from handlers.people import Unit
from handlers.plans import PlanProposal, Proposed
from handlers.service import Service
from plans.found import Document, Where
from storage.tables import AttachmentRow, PlanChangeRow, PlanDraftRow, PlanItemRow
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Review:
    """An open draft in the hands of one who may change it, for one wish, which `wish` names."""

    service: Service
    tx: Transaction
    officer: Officer
    draft: PlanDraftRow
    now: datetime
    wish: str = field(default_factory=lambda: secrets.token_hex(8))
    _units: dict[int, Unit | None] = field(default_factory=dict)

    @property
    def by(self) -> By:
        return By(self.officer.role, self.officer)

    @property
    def today(self) -> date:
        """The local day."""
        return local_day(self.now)

    def unit(self, unit_id: int | None) -> Unit | None:
        """The unit, asked for once: a plan may have a thousand duties, and units are few."""
        if unit_id is None:
            return None
        if unit_id not in self._units:
            self._units[unit_id] = people.unit_by_id(self.tx, unit_id)
        return self._units[unit_id]

    def note(self, act: str, note: str = "") -> None:
        """Write who did what to the draft."""
        audit.record(self.tx, self.by, act, f"plan_draft:{self.draft.id}", self.now, note=note)


# --- who, and which ----------------------------------------------------------------------------------------


def may_review(service: Service, tx: Transaction, officer: Officer) -> bool:
    """Whether the person may bring plans and review them."""
    return may_review_plans(officer, coordinating_unit_id=duties.coordinating_unit(service, tx).id)


def reviewer(service: Service, tx: Transaction, name: str, now: datetime) -> Officer:
    """The officer of this number or name who is to review; without a name the only administrator.

    Raises RuleError("review_by_whom") or ("review_not_theirs"), or as `registry.pick`.
    """
    if name:
        found = registry.pick(tx, name, now)
        if not may_review(service, tx, found):
            raise RuleError("review_not_theirs", officer=found.name)
        return found
    administrators = people.officers_with_role(tx, Role.ADMIN)
    if len(administrators) != 1:
        raise RuleError("review_by_whom")
    return administrators[0]


def open_drafts(service: Service, tx: Transaction, officer: Officer) -> list[PlanDraftRow]:
    """What waits for a review, the newest first. Raises RuleError("review_not_yours")."""
    if not may_review(service, tx, officer):
        raise RuleError("review_not_yours")
    return _drafts(tx, col(PlanDraftRow.state) == "open")


def draft_for(service: Service, tx: Transaction, officer: Officer, draft_id: int) -> PlanDraftRow:
    """The draft in whatever state, locked. Raises RuleError("review_unknown") for all who may not see it."""
    row = tx.session.get(PlanDraftRow, draft_id, with_for_update=True)
    if row is None or row.organisation_id != tx.organisation_id or not may_review(service, tx, officer):
        raise RuleError("review_unknown")
    return row


def review(service: Service, tx: Transaction, officer: Officer, draft_id: int, now: datetime) -> Review:
    """The draft to be changed. Raises RuleError("review_unknown") or ("review_over")."""
    row = draft_for(service, tx, officer, draft_id)
    if row.state != "open":
        raise RuleError("review_over")
    return Review(service, tx, officer, row, now)


def same_open(tx: Transaction, sha256: str) -> PlanDraftRow | None:
    """The open draft of this very file, if it is under review already."""
    found = _drafts(tx, col(PlanDraftRow.state) == "open", col(PlanDraftRow.sha256) == sha256)
    return found[0] if found else None


def name(draft: PlanDraftRow) -> str:
    """What people call it by: the number of the document, or its title."""
    return draft.number or clip(draft.title or draft.file_name, 80)


def _drafts(tx: Transaction, *wanted: object) -> list[PlanDraftRow]:
    mine = col(PlanDraftRow.organisation_id) == tx.organisation_id
    newest = col(PlanDraftRow.id).desc()
    return list(tx.session.exec(select(PlanDraftRow).where(mine, *wanted).order_by(newest)))  # type: ignore[arg-type]


# --- what it holds -----------------------------------------------------------------------------------------


def items(tx: Transaction, draft: PlanDraftRow) -> list[PlanItemRow]:
    """Everything found or added, dropped or not, by number."""
    tx.flush()
    mine = col(PlanItemRow.draft_id) == draft.id
    return list(tx.session.exec(select(PlanItemRow).where(mine).order_by(col(PlanItemRow.number))))


def as_duty(review: Review, item: PlanItemRow) -> Proposed:
    """The item as what would be stored, with the doubts that nobody has answered."""
    return Proposed(
        section=item.section,
        title=item.title,
        text=item.source_text,
        span=_pair(item.span_start, item.span_end),
        raw_span=_pair(item.raw_start, item.raw_end),
        kind=ObligationKind(item.kind),
        unit=review.unit(item.unit_id),
        lead=item.lead_words,
        cooperate=item.cooperate_words,
        direct=item.direct_words,
        report_to=item.report_to,
        via=item.via,
        due=item.due,
        before=item.before,
        due_time=time.fromisoformat(item.due_time) if item.due_time else None,
        due_phrase=item.due_phrase,
        period_start=item.period_start,
        confidence=item.confidence,
        doubts=tuple(item.doubts),
        is_sure=True,
        where=Where(**item.source_place) if item.source_place else None,
    )


def _pair(start: int | None, end: int | None) -> tuple[int, int] | None:
    return None if start is None or end is None else (start, end)


def questions(service: Service, duty: Proposed, now: datetime) -> tuple[str, ...]:
    """What has to be answered before the plan can be saved: no duty with a time goes without unit or day."""
    if not duty.is_timed:
        return ()
    unknown = (plans.LEAD_UNKNOWN,) if duty.unit is None and plans.LEAD_UNKNOWN in duty.doubts else ()
    return (*unknown, *plans.open_points(service, duty, now))


def doubts(service: Service, duty: Proposed, now: datetime) -> tuple[str, ...]:
    """What a person ought to look at, beside the questions; saving the plan is the answer to it."""
    asked = questions(service, duty, now)
    found = dict.fromkeys((*duty.doubts, *plans.open_points(service, duty, now)))
    return tuple(doubt for doubt in found if doubt not in asked)


def unanswered(review: Review) -> Iterator[tuple[PlanItemRow, Proposed, tuple[str, ...]]]:
    """Every duty that stays and still has questions, with them."""
    for item in items(review.tx, review.draft):
        duty = as_duty(review, item)
        open_ = () if item.is_dropped else questions(review.service, duty, review.now)
        if open_:
            yield item, duty, open_


def is_blocked(review: Review) -> bool:
    """Whether something has to be answered before the plan can be saved."""
    return next(unanswered(review), None) is not None


def version(review: Review) -> int:
    """Grows with every change and with every change taken back."""
    review.tx.flush()
    mine = col(PlanChangeRow.draft_id) == review.draft.id
    counted = select(func.count(), func.count(col(PlanChangeRow.undone_at))).where(mine)
    return sum(review.tx.session.exec(counted).one())


# --- the end -----------------------------------------------------------------------------------------------


def confirm(review: Review, seen: int | None) -> int:
    """Store everything that stays as `danvan plan import --yes` would; the id of the plan.

    Raises RuleError("review_changed_since") when this is not the `version` that was seen,
    RuleError("review_open_questions") while something is `unanswered`, RuleError("review_imported") when
    the file was imported meanwhile.
    """
    tx, draft = review.tx, review.draft
    if version(review) != seen:
        raise RuleError("review_changed_since")
    open_ = sum(1 for _ in unanswered(review))
    if open_:
        raise RuleError("review_open_questions", count=open_)
    known = plans.imported(tx, draft.sha256)
    if known is not None:
        raise RuleError("review_imported", id=known)
    document = Document(
        number=draft.number or None,
        issuer=draft.issuer or None,
        date=draft.issued_on,
        title=draft.title or None,
        year=draft.year,
    )
    proposal = PlanProposal(
        today=review.today,
        document=document,
        file_name=draft.file_name,
        sha256=draft.sha256,
        duties=tuple(_decided(review, kept(review))),
        problems=(),
        imported_as=None,
    )
    draft.plan_id = plans.schedule(review.service, tx, proposal, review.by, review.now)
    draft.state, draft.ended_at = "confirmed", review.now
    review.note("review_confirmed", f"plan {draft.plan_id}")
    tx.flush()
    return draft.plan_id


def kept(review: Review) -> list[PlanItemRow]:
    """The duties that were not dropped."""
    return [item for item in items(review.tx, review.draft) if not item.is_dropped]


def _decided(review: Review, rows: Iterable[PlanItemRow]) -> Iterator[Proposed]:
    """The duties as a person has seen and left them: their doubts are answered, what is missing is not."""
    for item in rows:
        duty = replace(as_duty(review, item), doubts=())
        missing = plans.open_points(review.service, duty, review.now)
        yield replace(duty, doubts=missing, is_sure=not missing)


def drop(review: Review) -> None:
    """The plan is not taken over. Its file goes with the next clean-up, the record of the review stays."""
    review.draft.state, review.draft.ended_at = "dropped", review.now
    let_file_go(review.tx, review.draft)
    review.note("review_dropped")
    review.tx.flush()


def let_file_go(tx: Transaction, draft: PlanDraftRow) -> None:
    """Nothing refers to the draft's file any more."""
    attachment = None if draft.attachment_id is None else tx.session.get(AttachmentRow, draft.attachment_id)
    draft.attachment_id = None
    if attachment is not None:
        attachment.state = "dropped"
