"""Answers as plain JSON values: a whole extraction, and single lines of `danvan dates`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from plans.dates import read_times
from plans.found import Clock, Extraction, ObligationFound, Place, Recurrence, Time
from plans.pieces import where_values
from plans.source import Source

_NOTHING: Mapping[str, Any] = {
    "obligation": False, "kind": "none", "due": None, "before": False,
    "period_start": None, "period_end": None, "recurrence": None,
}  # fmt: skip


def as_json(extraction: Extraction) -> dict[str, Any]:
    """The extraction in the shape of `danvan plan extract --json`."""
    document = extraction.document
    return {
        "document": {
            "number": document.number, "issuer": document.issuer,
            "place": document.place, "date": _day(document.date),
            "title": document.title, "year": document.year, "signer": document.signer,
        },
        "obligations": [_obligation(found) for found in extraction.obligations],
        "problems": [
            {"code": p.code, "text": p.text, "span": list(p.span), "places": _places(p.places)}
            for p in extraction.problems
        ],
    }  # fmt: skip


def _obligation(found: ObligationFound) -> dict[str, Any]:
    return {
        "section": found.section, "task": found.task, "text": found.text,
        "span": list(found.span), "raw_span": list(found.raw_span),
        "lead": list(found.lead), "cooperate": list(found.cooperate), "direct": list(found.direct),
        "report_to": found.report_to, "via": found.via, "kind": found.kind,
        "due": _day(found.due), "before": found.before,
        "due_phrase": found.due_phrase, "due_time": found.due_time,
        "period_start": _day(found.period_start), "period_end": _day(found.period_end),
        "recurrence": _recurrence(found.recurrence), "relative": _relative(found), "trigger": found.trigger,
        "flags": list(found.flags), "confidence": found.confidence, "doubts": list(found.doubts),
        "due_span": list(found.due_span) if found.due_span else None,
        "places": _places(found.places), "due_places": _places(found.due_places),
    }  # fmt: skip


def _places(places: Sequence[Place]) -> list[dict[str, Any]]:
    return [{"raw_span": [place.start, place.end], **where_values(place.where)} for place in places]


def read_line(line: str) -> dict[str, Any]:
    """The answer to one line of `danvan dates`; {"error": code} for a line that is no such question."""
    try:
        asked = json.loads(line)
    except ValueError:
        return {"error": "line_is_not_json"}
    if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
        return {"error": "line_has_no_text"}
    try:
        issued = date.fromisoformat(asked["doc_date"]) if asked.get("doc_date") else None
    except (TypeError, ValueError):
        return {"error": "doc_date_is_not_a_date"}
    times = read_times(Source.of(asked["text"]).plain, Clock(issued))
    if not times:
        return dict(_NOTHING)
    return {"obligation": True, **_time(_first(times)), "more": [_time(time) for time in times[1:]]}


def answer_line(line: str) -> str:
    """The answer to one line of `danvan dates` as one line of JSON."""
    return json.dumps(read_line(line), ensure_ascii=False)


def _first(times: list[Time]) -> Time:
    """What a line is chiefly about: a dated time before a general one; half-year and year together."""
    dated = [time for time in times if time.due]
    first = times[0]
    if first.recurrence and not first.recurrence.by and dated:
        return dated[0]
    rhythms = [time.recurrence for time in times[:2] if time.recurrence and time.recurrence.by]
    if len(rhythms) == 2 and {rhythm.freq for rhythm in rhythms} == {"SEMIANNUAL", "ANNUAL"}:
        both = Recurrence("SEMIANNUAL", tuple(sorted(rhythms[0].by + rhythms[1].by)))
        return replace(first, recurrence=both)
    return first


def _time(time: Time) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "kind": time.kind, "due": _day(time.due), "before": time.before,
        "period_start": _day(time.period_start), "period_end": _day(time.period_end),
        "recurrence": _recurrence(time.recurrence),
    }  # fmt: skip
    extra = {
        "due_time": time.due_time,
        "relative": _relative(time),
        "trigger": time.trigger,
        "flags": list(time.flags),
    }
    return answer | {key: value for key, value in extra.items() if value}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _recurrence(rhythm: Recurrence | None) -> dict[str, Any] | None:
    if rhythm is None:
        return None
    by = list(rhythm.by) if len(rhythm.by) > 1 else rhythm.by[0] if rhythm.by else None
    answer: dict[str, Any] = {"freq": rhythm.freq, "by": by}
    return answer | ({"freqs": list(rhythm.freqs)} if rhythm.freqs else {})


def _relative(time: Time | ObligationFound) -> dict[str, Any] | None:
    term = time.relative
    if term is None:
        return None
    return {"n": term.n, "unit": term.unit, "direction": term.direction, "anchor": term.anchor}
