"""A plan document on its way to reminders: what was found, what of it is certain, and what is stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlmodel import col, select

from core.calendar import local_day
from core.obligations import Obligation, ObligationKind, ObligationStatus, with_due
from core.say import Label, Text, Value, say
from core.text import clip, fold
from handlers import audit, duties
from handlers.audit import By
from handlers.people import Unit
from handlers.service import Service
from plans.found import Document, Extraction, ObligationFound, Problem
from storage.tables import ObligationRow, PlanRow, UnitRow
from storage.transaction import Transaction

_HARMLESS = frozenset({"weekend"})
"""Doubts that change nothing about when to remind: they are shown, and that is all."""

_EDGES = " ,.;:-/"
_DANGLING = frozenset({"gui", "va", "xong"})
"""Last words that mean nothing once the date behind them is taken away («báo cáo năm gửi trước ngày …»)."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """One duty of one unit as it would be stored. `unit` None: not known; `lead` are the words for it.

    `doubts` are keys of labels; with one that counts the duty waits for a person.
    """

    found: ObligationFound
    kind: ObligationKind
    lead: str
    unit: Unit | None
    doubts: tuple[str, ...]
    is_sure: bool

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
        imported_as=_imported(tx, sha256),
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
    kind = ObligationKind(found.kind)
    blocking = [f"plan_doubt.{code}" for code in found.doubts if code not in _HARMLESS]
    if unit is None and "lead_unknown" not in found.doubts:
        blocking.append("duty_doubt.unit_unknown")
    if kind in duties.TIMED and found.due is None:
        blocking.append("duty_doubt.no_day")
    if found.due is not None and _dated(service, found, kind).is_overdue(now):
        blocking.append("duty_doubt.past")
    harmless = [f"plan_doubt.{code}" for code in found.doubts if code in _HARMLESS]
    return Proposed(found, kind, lead, unit, (*blocking, *harmless), is_sure=not blocking)


def _dated(service: Service, found: ObligationFound, kind: ObligationKind) -> Obligation:
    """The duty as the rules see it, with its dates when there are any."""
    bare = Obligation(id=0, title=found.task, unit_id=None, kind=kind, status=ObligationStatus.OPEN)
    if found.due is None or kind not in duties.TIMED:
        return bare
    return with_due(
        bare, found.due, before=found.before, due_time=_hour(found.due_time), calendar=service.calendar
    )


def _title(found: ObligationFound) -> str:
    """The task as a line of a list: without the date at its end, which stands apart, and with a capital."""
    words = found.task.removesuffix(found.due_phrase or "").strip(_EDGES)
    while fold(words.rpartition(" ")[2]) in _DANGLING:
        words = words.rpartition(" ")[0].strip(_EDGES)
    words = words or found.task
    return words[:1].upper() + words[1:]


def _hour(words: str | None) -> time | None:
    return time.fromisoformat(words) if words else None


# --- storing it --------------------------------------------------------------------------------------------


def schedule(service: Service, tx: Transaction, proposal: PlanProposal, by: By, now: datetime) -> int:
    """Store the plan with all its duties; the id of the plan. A file imported before is left as it is."""
    known = _imported(tx, proposal.sha256)
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
    found = duty.found
    row = ObligationRow(
        organisation_id=tx.organisation_id,
        plan_id=plan.id,
        section=found.section or "",
        title=_title(found),
        source_text=found.text,
        span_start=found.span[0],
        span_end=found.span[1],
        kind=duty.kind,
        unit_id=None if duty.unit is None else duty.unit.id,
        lead_words=duty.lead,
        cooperate_words="; ".join(found.cooperate),
        direct_words="; ".join(found.direct),
        report_to=found.report_to or "",
        via=found.via or "",
        period_start=found.period_start,
        due_phrase=found.due_phrase or "",
        doubts=list(duty.doubts),
        status=ObligationStatus.OPEN if duty.is_sure else ObligationStatus.PROPOSED,
        created_at=now,
    )
    if found.due is not None:
        duties.write_due(row, _dated(service, found, duty.kind))
    tx.add(row)
    duties.remind_anew(service, row, now)
    audit.record(tx, by, "import", f"obligation:{row.id}", now, after=row.status)


def are_there(tx: Transaction) -> bool:
    """Whether any plan was imported yet."""
    mine = col(PlanRow.organisation_id) == tx.organisation_id
    return tx.session.exec(select(PlanRow.id).where(mine).limit(1)).first() is not None


def _imported(tx: Transaction, sha256: str) -> int | None:
    mine = col(PlanRow.organisation_id) == tx.organisation_id
    return tx.session.exec(select(PlanRow.id).where(mine, PlanRow.sha256 == sha256)).first()


# --- in words ----------------------------------------------------------------------------------------------


def proposal_lines(service: Service, proposal: PlanProposal) -> list[str]:
    """What is sure, what a person has to look at, what has no date, and what was not understood."""
    return [service.catalogue.body(text) for text in _told(service, proposal)]


def _told(service: Service, proposal: PlanProposal) -> Iterator[Text]:
    yield _headline(proposal)
    if proposal.imported_as is not None:
        yield say("proposal_known", id=proposal.imported_as)
    sure = [duty for duty in proposal.duties if duty.is_sure and duty.is_timed]
    unsure = [duty for duty in proposal.duties if not duty.is_sure and duty.is_timed]
    kept = [duty for duty in proposal.duties if not duty.is_timed]
    for key, group in (("proposal_sure", sure), ("proposal_unsure", unsure), ("proposal_kept", kept)):
        yield say(key, count=len(group))
        for number, duty in enumerate(group, 1):
            yield _line(service, duty, number, proposal.today)
    yield say("proposal_problems", count=len(proposal.problems))
    for problem in proposal.problems:
        yield say("proposal_problem", problem=Text(problem.code, {"text": clip(problem.text, 160)}))


def _headline(proposal: PlanProposal) -> Text:
    document = proposal.document
    return say(
        "proposal_document",
        number=document.number or Label("proposal.no_number"),
        title=clip(document.title or proposal.file_name, 160),
        issuer=document.issuer or Label("proposal.no_issuer"),
        day=document.date or Label("proposal.no_date"),
    )


def _line(service: Service, duty: Proposed, number: int, today: date) -> Text:
    found = duty.found
    labels = [service.catalogue.label(doubt) for doubt in duty.doubts] if duty.is_timed else []
    fields: dict[str, Value] = {
        "number": number,
        "section": found.section or Label("proposal.no_section"),
        "title": clip(_title(found), 120),
        "unit": duty.unit.name if duty.unit else _unknown_unit(duty),
        "due": duties.due_words(service, _dated(service, found, duty.kind), today),
        "phrase": found.due_phrase or Label("proposal.no_phrase"),
        "confidence": f"{found.confidence:.0%}",
        "doubts": say("line_doubts", doubts="; ".join(labels)) if labels else "",
    }
    return Text("proposal_line", fields)


def _unknown_unit(duty: Proposed) -> Text | Label:
    return say("proposal_unit", words=clip(duty.lead, 80)) if duty.lead else Label("obligation.no_unit")
