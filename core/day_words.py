"""Reads a day that a person typed. Strict: what is not plainly a day of the calendar is none."""

import re
from datetime import date

from core.text import clean, fold

_WRITTEN = re.compile(
    r"(?:ngày\s+|ngay\s+)?(\d{1,2})\s*[/.-]\s*(\d{1,2})(?:\s*[/.-]\s*(\d{4}))?", re.IGNORECASE
)
_FARTHEST_YEARS = 20
_SPOKEN = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2})(?: nam (\d{4}))?")


def read_day(text: str, today: date) -> date | None:
    """«14/6», «14/6/2026», «ngày 14 tháng 6»; without a year the first such day from `today` on.

    A written year has to be near: what is meant by «14/6/2206» is not known.
    """
    match = _WRITTEN.fullmatch(clean(text)) or _SPOKEN.fullmatch(fold(text))
    if match is None:
        return None
    day, month = int(match[1]), int(match[2])
    if match[3]:
        written = _day(int(match[3]), month, day)
        return written if written is not None and is_near(written, today) else None
    found = [_day(year, month, day) for year in (today.year, today.year + 1)]
    return next((each for each in found if each is not None and each >= today), None)


def is_near(day: date, today: date) -> bool:
    """Whether somebody may mean this day: nothing here is planned, or was done, decades away."""
    return abs(day.year - today.year) <= _FARTHEST_YEARS


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
