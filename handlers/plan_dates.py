"""The time of a duty as a person types it: a day, any time a plan may name, or that there is none."""

import re
from dataclasses import dataclass
from datetime import date, time

from core.day_words import read_day
from core.errors import RuleError
from core.obligations import ObligationKind
from core.text import clean, clip, fold
from plans.dates import read_times
from plans.found import Clock
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
_EXCLUSIVE = re.compile(r"(?:trước|truoc)\s+(?!và|va\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WrittenTime:
    """`kind` None: a time of the same kind as before, if that was one. `due` None: no day at all."""

    kind: ObligationKind | None
    due: date | None = None
    before: bool = False
    due_time: time | None = None


def read(words: str, today: date, clock: Clock) -> WrittenTime:
    """What the words mean: «14/6», «trước 14/6/2026», «quý II», «17 giờ ngày 14/6», «thường xuyên».

    A day without its year is the next such day. Raises RuleError("review_day_unreadable"), also for a day
    that the calendar does not have.
    """
    words = clean(words)
    standing = _STANDING.get(fold(words))
    if standing is not None:
        return WrittenTime(standing)
    before = _EXCLUSIVE.match(words)
    lead = before or _INCLUSIVE.match(words)
    day = read_day(words[lead.end() :] if lead else words, today)
    if day is not None:
        return WrittenTime(None, day, before is not None)
    source = Source.of(words)
    dated = [each for each in read_times(source.plain, clock, cell=True) if each.due is not None]
    if len(dated) != 1:
        raise RuleError("review_day_unreadable", words=clip(words, 60))
    (found,) = dated
    hour = time.fromisoformat(found.due_time) if found.due_time else None
    return WrittenTime(None, found.due, found.before, hour)
