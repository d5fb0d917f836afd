"""How a plan becomes a draft: its file is awaited, or it was read by hand; what was found is laid out."""

from datetime import datetime

from core.channel import Address
from core.people import Officer
from handlers import audit
from handlers.audit import By
from handlers.plan_drafts import same_open
from handlers.plans import PlanProposal, Proposed
from plans.found import Problem
from plans.pieces import where_values
from plans.source import Source
from storage.tables import PlanDraftRow, PlanItemRow
from storage.transaction import Transaction


def awaited(
    tx: Transaction, officer: Officer, chat: Address, attachment_id: int, file_name: str, now: datetime
) -> PlanDraftRow:
    """A draft whose file is on its way."""
    row = PlanDraftRow(
        organisation_id=tx.organisation_id,
        officer_id=officer.id,
        state="waiting",
        attachment_id=attachment_id,
        channel=chat.channel,
        chat=chat.chat,
        file_name=file_name,
        problems=[],
        created_at=now,
    )
    tx.add(row)
    return row


def begin(
    tx: Transaction, officer: Officer, proposal: PlanProposal, text: str, now: datetime
) -> PlanDraftRow:
    """An open draft of what was read by hand; the one that is open already for this file."""
    known = same_open(tx, proposal.sha256)
    if known is not None:
        return known
    row = PlanDraftRow(
        organisation_id=tx.organisation_id,
        officer_id=officer.id,
        state="waiting",
        file_name=proposal.file_name,
        problems=[],
        created_at=now,
    )
    tx.add(row)
    fill(tx, row, proposal, text)
    audit.record(tx, By(officer.role, officer), "review_begun", f"plan_draft:{row.id}", now)
    return row


def fill(tx: Transaction, row: PlanDraftRow, proposal: PlanProposal, text: str) -> None:
    """Put what was found into the draft; from here on it can be reviewed."""
    document, source = proposal.document, Source.of(text)
    row.state = "open"
    row.sha256 = proposal.sha256
    row.number = document.number or ""
    row.title = document.title or ""
    row.issuer = document.issuer or ""
    row.issued_on = document.date
    row.year = document.year
    row.text = source.raw
    row.problems = [_as_problem(source, problem) for problem in proposal.problems]
    for number, duty in enumerate(proposal.duties, 1):
        tx.session.add(_as_item(tx, row, number, duty))
    tx.flush()


def _as_problem(source: Source, problem: Problem) -> dict[str, object]:
    start, end = source.raw_span(problem.span)
    where = where_values(problem.places[0].where) if problem.places else {}
    return {"code": problem.code, "text": problem.text, "start": start, "end": end, "where": where}


def _as_item(tx: Transaction, row: PlanDraftRow, number: int, duty: Proposed) -> PlanItemRow:
    span, raw = duty.span or (None, None), duty.raw_span or (None, None)
    return PlanItemRow(
        organisation_id=tx.organisation_id,
        draft_id=row.id,
        number=number,
        section=duty.section,
        title=duty.title,
        source_text=duty.text,
        span_start=span[0],
        span_end=span[1],
        raw_start=raw[0],
        raw_end=raw[1],
        kind=duty.kind,
        unit_id=None if duty.unit is None else duty.unit.id,
        lead_words=duty.lead,
        cooperate_words=duty.cooperate,
        direct_words=duty.direct,
        report_to=duty.report_to,
        via=duty.via,
        due=duty.due,
        before=duty.before,
        due_time="" if duty.due_time is None else duty.due_time.isoformat("minutes"),
        due_phrase=duty.due_phrase,
        period_start=duty.period_start,
        confidence=duty.confidence,
        source_place={} if duty.where is None else where_values(duty.where),
        doubts=[doubt for doubt in duty.doubts if doubt.startswith("plan_doubt.")],
    )
