"""The time of a duty as a person types it: a day, any time a plan may name, or that there is none."""

import re
from dataclasses import dataclass, replace
from datetime import date, time

from core.day_words import is_near, read_day
from core.errors import RuleError
from core.obligations import ObligationKind
from core.text import clean, clip, fold
from plans.dates import read_times
from plans.found import Clock, Time
from plans.source import Source

_STANDING = {
    "thuong xuyen": ObligationKind.CONTINUOUS,
    "khong han": ObligationKind.CONTINUOUS,
    "khong co han": ObligationKind.CONTINUOUS,
    "khi co yeu cau": ObligationKind.ON_REQUEST,
    "dot xuat": ObligationKind.ON_REQUEST,
    "chua co han": ObligationKind.NONE,
}
_INCLUSIVE = re.compile(
    r"(?:chậm nhất|cham nhat|đến hết|den het|hết|het|đến|den|hạn|han)(?: là| la)?\s+", re.IGNORECASE
)
_DIGIT = re.compile(r"\d")
_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})\b")
"""As the page writes an hour; plans spell it out."""
_EXCLUSIVE = re.compile(r"(?:trước|truoc)\s+(?!và|va\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WrittenTime:
    """`kind` None: a time of the same kind as before, if that was one. `due` None: no day at all."""

    kind: ObligationKind | None
    due: date | None = None
    before: bool = False
    due_time: time | None = None


def read(words: str, today: date, clock: Clock) -> WrittenTime:
    """What the words mean: «14/6», «trước 14/6/2026», «quý II», «17:00 ngày 14/6», «thường xuyên».

    A day without its year is the next such day, in a plan of a later year the one of that year. Raises
    RuleError("review_day_missing") without words, RuleError("review_day_unreadable") also for a day that the
    calendar does not have, and for a time beside which there is a number that was not understood.
    """
    words = clean(words)
    if not words:
        raise RuleError("review_day_missing")
    standing = _STANDING.get(fold(words))
    if standing is not None:
        return WrittenTime(standing)
    before = _EXCLUSIVE.match(words)
    lead = before or _INCLUSIVE.match(words)
    from_day = today
    if clock.year and clock.year > today.year:  # a plan made in December
        from_day = date(clock.year, 1, 1)
        clock = replace(clock, issued=from_day)
    day = read_day(words[lead.end() :] if lead else words, from_day)
    if day is not None:
        return WrittenTime(None, day, before is not None)
    found = _only_time(Source.of(_CLOCK.sub(r"\1 giờ \2", words)).plain, clock)
    if found is None or found.due is None or not is_near(found.due, today):
        raise RuleError("review_day_unreadable", words=clip(words, 60))
    hour = time.fromisoformat(found.due_time) if found.due_time else None
    return WrittenTime(None, found.due, found.before, hour)


def _only_time(words: str, clock: Clock) -> Time | None:
    """The one time in the words. A number beside it may be the day that «31/4 2026» does not have."""
    dated = [each for each in read_times(words, clock, cell=True) if each.due is not None]
    if len(dated) != 1 or _DIGIT.search(words[: dated[0].start] + words[dated[0].end :]):
        return None
    return dated[0]
