"""What importing a plan would store, in words: sure, to be looked at, undated, not understood."""

from collections.abc import Iterator
from datetime import date

from core.say import Label, Text, Value, say
from core.text import clip
from handlers import duties
from handlers.plans import PlanProposal, Proposed, dated
from handlers.service import Service
from plans.found import Where
from texts import Catalogue


def proposal_lines(service: Service, proposal: PlanProposal) -> list[str]:
    """What is sure, what a person has to look at, what has no date, and what was not understood."""
    return [service.catalogue.body(text) for text in _told(service, proposal)]


def where_words(catalogue: Catalogue, where: Where | None) -> str:
    """Where in its file something stands: «trang 3», «trang tính PL1, ô C5»; "" where there are no places."""
    if where is None:
        return ""
    named = (
        ("place.page", where.page),
        ("place.paragraph", where.paragraph),
        ("place.sheet", where.sheet),
        ("place.table", where.table),
        ("place.row", None if where.cell else where.row),
        ("place.cell", where.cell),
    )
    return ", ".join(f"{catalogue.label(key)} {value}" for key, value in named if value is not None)


def problem_words(catalogue: Catalogue, code: str, text: str, where: Where | None) -> str:
    """One thing that was not understood, with its place in the file."""
    problem, place = catalogue.words(Text(code, {"text": clip(text, 160)})), where_words(catalogue, where)
    return f"{problem} ({place})" if place else problem


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
        where = problem.places[0].where if problem.places else None
        words = problem_words(service.catalogue, problem.code, problem.text, where)
        yield say("proposal_problem", problem=words)


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
    labels = [service.catalogue.label(doubt) for doubt in duty.doubts] if duty.is_timed else []
    fields: dict[str, Value] = {
        "number": number,
        "section": duty.section or Label("proposal.no_section"),
        "title": clip(duty.title, 120),
        "unit": unit_words(duty),
        "due": duties.due_words(service, dated(service, duty), today),
        "phrase": duty.due_phrase or Label("proposal.no_phrase"),
        "confidence": f"{duty.confidence:.0%}",
        "doubts": say("line_doubts", doubts="; ".join(labels)) if labels else "",
    }
    return Text("proposal_line", fields)


def unit_words(duty: Proposed, limit: int = 80) -> str | Text | Label:
    """The unit in charge, or `limit` characters of the words of the plan that name none we know."""
    if duty.unit is not None:
        return duty.unit.name
    return say("proposal_unit", words=clip(duty.lead, limit)) if duty.lead else Label("obligation.no_unit")
