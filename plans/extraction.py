"""A document text in, its obligations and problems out; the same text always gives the same answer."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from core.text import clip
from plans import units
from plans.blocks import read_paragraphs
from plans.candidates import Candidate, Unread
from plans.found import Clock, Extraction, ObligationFound, Place, PlanText, Problem, Time, Where
from plans.head import read_head
from plans.placing import Places
from plans.sections import NOTE, Paragraph, paragraphs
from plans.source import Source
from plans.tables import is_row, read_table

_TITLE_LENGTH, _LONGEST_UNIT = 120, 120
_LABELLED = re.compile(r" [-–+*] (?=[^.;:]{2,60}:)")
"""Where the lines «- Đơn vị chủ trì: …» begin that follow a task."""
# How sure a reading is, by what it rests on.
_SURE, _GENERAL = 0.95, 0.75
_COSTS = {
    "lead_unknown": 0.2, "long_lead": 0.1, "no_rhythm": 0.2, "year_inferred": 0.15, "approximate": 0.15,
    "ocr": 0.15, "invalid_date": 0.6, "incomplete_date": 0.3, "reversed_range": 0.4, "weekday_mismatch": 0.25,
    "lunar": 0.4, "past_at_issue": 0.2, "needs_anchor": 0.2, "weekend": 0.05, "holidays_ignored": 0.1,
}  # fmt: skip


def extract(plan: str | PlanText) -> Extraction:
    """Everything a plan orders, in the order of its text, and what was not understood in it."""
    plan = plan if isinstance(plan, PlanText) else PlanText(plan)
    source = Source.of(plan.text)
    document = read_head(source)
    found, unread = _candidates(source, paragraphs(source), Clock(document.date, document.year))
    tight = [_tight(source.plain, candidate) for candidate in found]
    ordered = sorted(tight, key=lambda candidate: (candidate.start, candidate.end))
    obligations = [_obligation(source, candidate) for candidate in ordered if candidate.start < candidate.end]
    problems = [
        *(
            Problem("plan_problem_picture", str(page), (0, 0), (Place(0, 0, Where(page=page)),))
            for page in plan.unread_pages
        ),
        *_problems(source, obligations, unread),
    ]
    places = Places(source, plan.places)
    return Extraction(
        document,
        tuple(places.of_obligation(found) for found in obligations),
        tuple(map(places.of_problem, problems)),
    )


def _candidates(
    source: Source, parts: Sequence[Paragraph], clock: Clock
) -> tuple[list[Candidate], list[Unread]]:
    found: list[Candidate] = []
    unread: list[Unread] = []
    for tabular, run in groupby(parts, lambda part: is_row(source, part)):
        read = read_table if tabular else read_paragraphs
        new, missed = read(source, list(run), clock)
        found += new
        unread += missed
    return [candidate for candidate in found if _is_order(candidate)], unread


def _is_order(candidate: Candidate) -> bool:
    """Footnotes cite; there only what has a day or names who has to do it is an order."""
    time = candidate.time
    told = candidate.roles.lead or (time and (time.due or time.recurrence))
    return bool(told) or not (candidate.section or "").startswith(NOTE)


def _tight(plain: str, candidate: Candidate) -> Candidate:
    """The candidate without the space and bars around its words."""
    start, end = candidate.start, candidate.end
    while start < end and plain[start] in " |":
        start += 1
    while start < end and plain[end - 1] in " |":
        end -= 1
    return replace(candidate, start=start, end=end)


def _obligation(source: Source, candidate: Candidate) -> ObligationFound:
    roles, span = candidate.roles, source.norm_span(candidate.start, candidate.end)
    time = candidate.time or Time(candidate.start, candidate.end, "none")
    phrase = source.norm_span(time.start, time.end)
    doubts = _doubts(candidate, time)
    return ObligationFound(
        section=candidate.section,
        task=_task(source, candidate),
        text=source.norm[span[0] : span[1]],
        span=span,
        raw_span=source.raw_span(span),
        lead=roles.lead,
        cooperate=roles.cooperate,
        direct=roles.direct,
        report_to=roles.report_to,
        via=roles.via,
        kind=time.kind,
        due=time.due,
        before=time.before,
        due_phrase=source.norm[phrase[0] : phrase[1]].strip() if candidate.time else None,
        due_time=time.due_time,
        period_start=time.period_start,
        period_end=time.period_end,
        recurrence=time.recurrence,
        relative=time.relative,
        trigger=time.trigger,
        flags=time.flags,
        confidence=_confidence(time, doubts),
        doubts=doubts,
        due_span=phrase if candidate.time else None,
    )


def _task(source: Source, candidate: Candidate) -> str:
    """A short title: the words of the task without the unit in front and the labelled lines behind."""
    start, end = candidate.task or (candidate.start, candidate.end)
    text = _LABELLED.split(source.plain[start:end].strip(), maxsplit=1)[0]
    named, behind = units.subject(text)
    words = text[behind:] if named and behind < len(text) - 8 else text
    title = clip(words.strip(" ,.;:-|") or text, _TITLE_LENGTH)
    return title[:1].upper() + title[1:]


def _doubts(candidate: Candidate, time: Time) -> tuple[str, ...]:
    doubts = [flag for flag in time.flags if flag in _COSTS]
    if not candidate.roles.lead:
        doubts.append("lead_unknown")
    if any(len(unit) > _LONGEST_UNIT for unit in candidate.roles.lead):
        doubts.append("long_lead")
    if time.recurrence and time.recurrence.freq == "UNSPECIFIED":
        doubts.append("no_rhythm")
    return tuple(dict.fromkeys(doubts))


def _confidence(time: Time, doubts: Sequence[str]) -> float:
    """From 0.05 to 1: a dated time is surer than a general one, every doubt costs."""
    base = _SURE if time.due or (time.recurrence and time.recurrence.by) else _GENERAL
    return round(max(0.05, base - sum(_COSTS[doubt] for doubt in doubts)), 2)


def _problems(
    source: Source, obligations: Sequence[ObligationFound], unread: Sequence[Unread]
) -> Iterator[Problem]:
    for found in obligations:
        if "invalid_date" in found.flags:
            yield Problem("plan_problem_invalid_date", found.due_phrase or found.text, found.span)
        elif "incomplete_date" in found.flags and not found.due:
            yield Problem("plan_problem_incomplete_date", found.due_phrase or found.text, found.span)
        elif "reversed_range" in found.flags:
            yield Problem("plan_problem_reversed_range", found.due_phrase or found.text, found.span)
    for missed in unread:
        start, end = missed.span
        words = source.plain[start:end]
        if words.strip():
            span = source.norm_span(start, end)
            yield Problem(missed.code, source.norm[span[0] : span[1]].strip(), span)
