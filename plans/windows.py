"""From a point to days of the calendar: missing years, impossible days, working days."""

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta

from plans.found import Clock
from plans.point import Point

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Window:
    """First and last day of a point, None where the calendar has no such day or the year is not known."""

    first: date | None
    last: date | None
    flags: tuple[str, ...]


def window(point: Point, clock: Clock) -> Window:
    """The days of a point. A missing year is the first in which the point is not over on the day of issue."""
    if point.year is not None or "lunar" in point.flags:
        return _days(point)
    base = clock.issued.year if clock.issued else clock.year
    if base is None:
        return Window(None, None, (*point.flags, "incomplete_date"))
    found = _days(replace(point, year=base))
    if clock.issued and found.last and found.last < clock.issued:
        found = _days(replace(point, year=base + 1))
    return replace(found, flags=(*found.flags, "year_inferred")) if found.last else found


def _days(point: Point) -> Window:
    year = point.year
    if year is None or not date.min.year < year < date.max.year:
        return Window(None, None, point.flags)
    if point.level == "years":
        return Window(
            date(year, 1, 1), date(min(point.last_year or year, date.max.year), 12, 31), point.flags
        )
    if point.level == "day":
        day = _day(year, point.month, point.day)
        return Window(day, day, point.flags if day else (*point.flags, "invalid_date"))
    month, last_month = point.month or 1, point.last_month or point.month or 12
    last_year = year + (last_month < month)
    first_day, last_day = point.days or (1, 31)
    return Window(
        date(year, month, min(first_day, month_length(year, month))),
        date(last_year, last_month, min(last_day, month_length(last_year, last_month))),
        point.flags,
    )


def _day(year: int, month: int | None, day: int | None) -> date | None:
    try:
        return date(year, month or 0, day or 0)
    except ValueError:
        return None


def month_length(year: int, month: int) -> int:
    """The number of days of a month."""
    return calendar.monthrange(year, month)[1]


def add_months(start: date, months: int) -> date:
    """The same day some months later, or the last day of a shorter month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, month_length(year, month + 1)))


def add_working_days(start: date, count: int) -> date:
    """The day `count` working days (Monday to Friday) after `start`, which is not counted."""
    day = start
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < _SATURDAY
    return day
