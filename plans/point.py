"""A piece of the calendar as a text names it, before it is read."""

import re
from dataclasses import dataclass

Found = re.Match[str]


@dataclass(frozen=True, slots=True)
class Point:
    """A piece of the calendar. What the text leaves out is None; months run from `month` to `last_month`."""

    start: int
    end: int
    level: str  # day | day_of_month | months | years
    day: int | None = None
    month: int | None = None
    last_month: int | None = None
    year: int | None = None
    last_year: int | None = None
    days: tuple[int, int] | None = None  # a part of the month, such as (1, 10)
    flags: tuple[str, ...] = ()
