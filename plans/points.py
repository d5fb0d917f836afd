"""All points of the calendar named in a text, as written and not yet read."""

import re
from collections.abc import Callable, Iterable

from plans.day_points import CELL_DAYS, DATES, DAYS_OF_MONTH
from plans.point import Found, Point
from plans.window_points import CELL_WINDOWS, WINDOWS, YEARS

Reader = tuple[re.Pattern[str], Callable[[str, Found], Point | None]]

# Dates before windows, so that 15 tháng 3 is not read as tháng 3; bare years last.
_PATTERNS: tuple[Reader, ...] = (*DATES, *WINDOWS, *DAYS_OF_MONTH, *YEARS)
# Shorter forms that only a time cell makes clear: 12/2026, 30/6, 2026, cuối năm.
_CELL_PATTERNS: tuple[Reader, ...] = (*CELL_WINDOWS[:1], *CELL_DAYS, *CELL_WINDOWS[1:])


def find_points(low: str, *, cell: bool = False) -> list[Point]:
    """All points in the text, in order, none overlapping. A time `cell` may hold shorter forms."""
    found: list[Point] = []
    taken = bytearray(len(low))
    for pattern, make in (*_PATTERNS, *(_CELL_PATTERNS if cell else ())):
        for match in pattern.finditer(low):
            point = make(low, match)
            if point and not any(taken[point.start : point.end]):
                found.append(point)
                taken[point.start : point.end] = b"\1" * (point.end - point.start)
    return sorted(found, key=lambda point: point.start)


def inside(place: int, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether a place lies in one of the spans."""
    return any(start <= place < end for start, end in spans)
