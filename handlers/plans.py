"""A plan document on its way to reminders: what was found, what of it is certain, and what is stored."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sqlmodel import col, select

from core.calendar import local_day
from core.obligations import Obligation, ObligationKind, ObligationStatus, with_due
from core.text import clip, fold
from handlers import audit, duties
from handlers.audit import By
from handlers.people import Unit
from handlers.service import Service
from plans.found import Document, Extraction, ObligationFound, Problem, Where
from storage.tables import ObligationRow, PlanRow, UnitRow
from storage.transaction import Transaction

_HARMLESS = frozenset({"plan_doubt.weekend"})
"""Doubts that change nothing about when to remind: they are shown, and that is all."""

LEAD_UNKNOWN = "plan_doubt.lead_unknown"

_EDGES = " ,.;:-/"
_DANGLING = frozenset({"gui", "va", "xong"})
"""Last words that mean nothing once the date behind them is taken away («báo cáo năm gửi trước ngày …»)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """One duty of one unit as it would be stored. `unit` None: not known; `lead` are the words for it.

    `text` stands at `span` of the squeezed text and at `raw_span` of the text as it was read; a duty that a
    person added has no place there. `where` it stands in its file, its time before all. `doubts` are keys of
    labels; with one that counts the duty waits for a person.
    """

    section: str
    title: str
    text: str
    span: tuple[int, int] | None
    raw_span: tuple[int, int] | None
    kind: ObligationKind
    unit: Unit | None
    lead: str
    cooperate: str
    direct: str
    report_to: str
    via: str
    due: date | None
    before: bool
    due_time: time | None
    due_phrase: str
    period_start: date | None
    confidence: float
    doubts: tuple[str, ...]
    is_sure: bool
    where: Where | None = None

    @property
    def is_timed(self) -> bool:
        """Whether the plan sets a time, known or not."""
        return self.kind in duties.TIMED


@dataclass(frozen=True, slots=True)
class PlanProposal:
    """What importing the file would store. `imported_as`: the plan it already is; `today` is local."""

    today: date
    document: Document
    file_name: str
    sha256: str
    duties: tuple[Proposed, ...]
    problems: tuple[Problem, ...]
    imported_as: int | None


# --- what would be stored ----------------------------------------------------------------------------------


def propose(
    service: Service, tx: Transaction, extraction: Extraction, file_name: str, sha256: str, now: datetime
) -> PlanProposal:
    """The found duties with their units. One that names several known units becomes one duty for each."""
    registry = _Registry(service, tx, extraction.document.date or local_day(now))
    found = [each for duty in extraction.obligations for each in _proposed(service, registry, duty, now)]
    return PlanProposal(
        today=local_day(now),
        document=extraction.document,
        file_name=file_name,
        sha256=sha256,
        duties=tuple(found),
        problems=extraction.problems,
        imported_as=imported(tx, sha256),
    )


class _Registry:
    """Finds units by the words of a plan, as they were called on its day."""

    def __init__(self, service: Service, tx: Transaction, day: date) -> None:
        mine = col(UnitRow.organisation_id) == tx.organisation_id
        self._rows = list(tx.session.exec(select(UnitRow).where(mine).order_by(col(UnitRow.id))))
        self._day = day
        self._successors = {fold(unit.name): unit.successors for unit in service.organisation.units}
        place = fold(service.organisation.organisation.area.partition(",")[0])
        self._places = (place, place.partition(" ")[0])

    def unit(self, words: str) -> Unit | None:
        """The unit of today, or None when the words fit none or several, or its successor is not clear."""
        wanted = fold(words)
        for name in (wanted, *(wanted.removesuffix(f" {place}") for place in self._places)):
            fitting = [row for row in self._rows if self._existed(row) and name in _names(row)]
            if len(fitting) == 1:
                return self._today(fitting[0])
        return None

    def _existed(self, row: UnitRow) -> bool:
        begun = row.valid_from is None or row.valid_from <= self._day
        return begun and (row.valid_to is None or self._day <= row.valid_to)

    def _today(self, row: UnitRow | None) -> Unit | None:
        """The unit itself, or whoever took over its work, when that is one."""
        for _ in self._rows:
            if row is None or row.valid_to is None:
                break
            heirs = self._successors.get(fold(row.name), ())
            heir = fold(heirs[0]) if len(heirs) == 1 else ""
            row = next((each for each in self._rows if heir in _names(each)), None)
        return None if row is None or row.valid_to is not None else Unit(row.id, row.name, row.head)


def _names(row: UnitRow) -> set[str]:
    return {fold(name) for name in (row.name, *row.aliases)}


def _proposed(
    service: Service, registry: _Registry, found: ObligationFound, now: datetime
) -> Iterator[Proposed]:
    known: dict[int, tuple[str, Unit]] = {}
    unknown: list[str] = []
    for words in found.lead:
        unit = registry.unit(words)
        if unit is None:
            unknown.append(words)
        else:
            known.setdefault(unit.id, (words, unit))
    for words, unit in known.values():
        yield _for_unit(service, found, words, unit, now)
    if unknown or not known:
        yield _for_unit(service, found, "; ".join(unknown), None, now)


def _for_unit(
    service: Service, found: ObligationFound, lead: str, unit: Unit | None, now: datetime
) -> Proposed:
    doubts = tuple(f"plan_doubt.{code}" for code in found.doubts)
    duty = Proposed(
        section=found.section or "",
        title=_title(found),
        text=found.text,
        where=next((place.where for place in (*found.due_places, *found.places)), None),
        span=found.span,
        raw_span=found.raw_span,
        kind=ObligationKind(found.kind),
        unit=unit,
        lead=lead,
        cooperate="; ".join(found.cooperate),
        direct="; ".join(found.direct),
        report_to=found.report_to or "",
        via=found.via or "",
        due=found.due,
        before=found.before,
        due_time=time.fromisoformat(found.due_time) if found.due_time else None,
        due_phrase=found.due_phrase or "",
        period_start=found.period_start,
        confidence=found.confidence,
        doubts=doubts,
        is_sure=True,
    )
    harmless = tuple(doubt for doubt in doubts if doubt in _HARMLESS)
    blocking = (*(doubt for doubt in doubts if doubt not in _HARMLESS), *open_points(service, duty, now))
    return replace(duty, doubts=(*blocking, *harmless), is_sure=not blocking)


def open_points(service: Service, duty: Proposed, now: datetime) -> tuple[str, ...]:
    """What keeps the duty from being reminded of, whatever a person thinks of its doubts; keys of labels."""
    points = []
    if duty.unit is None and LEAD_UNKNOWN not in duty.doubts:
        points.append("duty_doubt.unit_unknown")
    if duty.is_timed and duty.due is None:
        points.append("duty_doubt.no_day")
    if duty.due is not None and dated(service, duty).is_overdue(now):
        points.append("duty_doubt.past")
    return tuple(points)


def dated(service: Service, duty: Proposed) -> Obligation:
    """The duty as the rules see it, open, with its dates when there are any."""
    unit_id = None if duty.unit is None else duty.unit.id
    bare = Obligation(id=0, title=duty.title, unit_id=unit_id, kind=duty.kind, status=ObligationStatus.OPEN)
    if duty.due is None or not duty.is_timed:
        return bare
    return with_due(bare, duty.due, before=duty.before, due_time=duty.due_time, calendar=service.calendar)


def _title(found: ObligationFound) -> str:
    """The task as a line of a list: without the date at its end, which stands apart, and with a capital."""
    words = found.task.removesuffix(found.due_phrase or "").strip(_EDGES)
    while fold(words.rpartition(" ")[2]) in _DANGLING:
        words = words.rpartition(" ")[0].strip(_EDGES)
    words = words or found.task
    return words[:1].upper() + words[1:]


# --- storing it --------------------------------------------------------------------------------------------


def schedule(service: Service, tx: Transaction, proposal: PlanProposal, by: By, now: datetime) -> int:
    """Store the plan with all its duties; the id of the plan. A file imported before is left as it is."""
    known = imported(tx, proposal.sha256)
    if known is not None:
        return known
    document = proposal.document
    plan = PlanRow(
        organisation_id=tx.organisation_id,
        number=document.number or "",
        title=clip(document.title or proposal.file_name, 300),
        issuer=document.issuer or "",
        issued_on=document.date,
        file_name=proposal.file_name,
        sha256=proposal.sha256,
        imported_at=now,
    )
    tx.add(plan)
    for duty in proposal.duties:
        _store(service, tx, plan, duty, by, now)
    sure = sum(duty.is_sure for duty in proposal.duties)
    audit.record(tx, by, "import", f"plan:{plan.id}", now, note=f"{len(proposal.duties)} found, {sure} open")
    tx.flush()
    return plan.id


def _store(service: Service, tx: Transaction, plan: PlanRow, duty: Proposed, by: By, now: datetime) -> None:
    start, end = duty.span or (None, None)
    row = ObligationRow(
        organisation_id=tx.organisation_id,
        plan_id=plan.id,
        section=duty.section,
        title=duty.title,
        source_text=duty.text,
        span_start=start,
        span_end=end,
        kind=duty.kind,
        unit_id=None if duty.unit is None else duty.unit.id,
        lead_words=duty.lead,
        cooperate_words=duty.cooperate,
        direct_words=duty.direct,
        report_to=duty.report_to,
        via=duty.via,
        period_start=duty.period_start,
        due_phrase=duty.due_phrase,
        doubts=list(duty.doubts),
        status=ObligationStatus.OPEN if duty.is_sure else ObligationStatus.PROPOSED,
        created_at=now,
    )
    if duty.due is not None:
        duties.write_due(row, dated(service, duty))
    tx.add(row)
    duties.remind_anew(service, row, now)
    audit.record(tx, by, "import", f"obligation:{row.id}", now, after=row.status)


def are_there(tx: Transaction) -> bool:
    """Whether any plan was imported yet."""
    mine = col(PlanRow.organisation_id) == tx.organisation_id
    return tx.session.exec(select(PlanRow.id).where(mine).limit(1)).first() is not None


def imported(tx: Transaction, sha256: str) -> int | None:
    """The plan that this file already is, if it was imported before."""
    mine = col(PlanRow.organisation_id) == tx.organisation_id
    return tx.session.exec(select(PlanRow.id).where(mine, PlanRow.sha256 == sha256)).first()
