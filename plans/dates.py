"""The time language of Vietnamese plans: text in, readings out. Doubt becomes a flag, never a guess."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from plans.citations import not_deadlines
from plans.dated import WEEKDAY_NAMES, dated_times
from plans.found import Clock, Time
from plans.merging import merged
from plans.patterns import any_of
from plans.point import Point
from plans.points import find_points, inside
from plans.recurrences import repeated
from plans.source import lowered
from plans.standing import relative, standing
from plans.windows import window

_LABEL = re.compile(r"^[-+*\d.) ]{0,6}(?:thời gian|thời hạn|tiến độ|thời điểm|hạn)[^:.;\d]{0,40}:")
_FILLERS = any_of("""
    hoàn thành | thực hiện | triển khai | xong | dự kiến | khoảng | dịp | tổ chức | xây dựng | trước | từ
    đến
    hết
    trong | vào | và | cả | suốt
""")
_FILLER = re.compile(rf"\b{_FILLERS}\b|[-+.,;:|()\s\"/]")
_NEXT_WEEKDAY = re.compile(
    r"(?P<lead>chậm nhất (?:là )?|trước |hạn )?(?:thứ (?P<day>hai|ba|tư|năm|sáu|bảy)|chủ (?P<sunday>nhật))"
    r" tuần (?P<which>này|sau|tới)"
)
_END_OF_THIS = re.compile(
    r"(?P<lead>trước|đến hết|hết|chậm nhất) (?:ngày )?cuối (?P<u>tháng|năm)(?: này| nay)?\b(?! \d)"
)
# No sentence of a plan is longer; what is, is no sentence, and reading time must stay bounded.
LONGEST_CLAUSE = 4_000
_THIS_YEAR = re.compile(r"(?:trong|cả|suốt) năm(?: nay| kế hoạch)?(?! ?\w)")


def read_times(text: str, clock: Clock, *, cell: bool = False) -> list[Time]:
    """The times a text sets, in order. In a `cell` made for times, bare years and months count."""
    text = text[:LONGEST_CLAUSE]
    low = lowered(text)
    cell = cell or _LABEL.match(low) is not None
    masked = not_deadlines(low)
    points = [point for point in find_points(low, cell=cell) if not inside(point.start, masked)]
    whole = cell or _is_bare(low, points)
    times = dated_times(low, points, clock, whole=whole)
    undated = (*relative(low, clock), *_chat_days(low, clock), *repeated(low), *standing(low, cell=whole))
    for other in (*undated, *(_this_year(low, clock) if whole else ())):
        if ("event" in other.flags or not inside(other.start, masked)) and not any(
            _cross(other, time) for time in times
        ):
            times.append(other)
    found = merged(low, sorted(times, key=lambda time: time.start), clock)
    return [_as_printed(text, low, time) for time in found]


def is_bare_time(text: str) -> bool:
    """Whether a text is nothing but a piece of the calendar, as «Tháng 3/2027» over a list of tasks."""
    low = lowered(text)
    points = find_points(low)
    return bool(points) and _is_bare(low, points)


def _as_printed(text: str, low: str, time: Time) -> Time:
    """The time with its event in the letters of the text."""
    if time.trigger:
        return replace(time, trigger=_printed(text, low, time, time.trigger))
    if time.relative and time.flags:
        return replace(
            time, relative=replace(time.relative, anchor=_printed(text, low, time, time.relative.anchor))
        )
    return time


def _printed(text: str, low: str, time: Time, words: str) -> str:
    place = low.find(words, time.start, time.end)
    return text[place : place + len(words)] if place >= 0 else words


def _cross(one: Time, other: Time) -> bool:
    return one.start < other.end and other.start < one.end


def _is_bare(low: str, points: Sequence[Point]) -> bool:
    """Whether the text is nothing but a time, with or without its label."""
    if _THIS_YEAR.fullmatch(low.strip(" .")):
        return True
    rest = low
    for point in reversed(points):
        rest = f"{rest[: point.start]} {rest[point.end :]}"
    return not _FILLER.sub("", rest) and len(low) < 120


def _this_year(low: str, clock: Clock) -> list[Time]:
    """«Trong năm», «cả năm»: the year of the plan."""
    year = clock.year or (clock.issued.year if clock.issued else None)
    if year is None:
        return []
    days = window(Point(0, 0, "years", year=year, last_year=year), clock)
    return [
        Time(*match.span(), "period", due=days.last, period_start=days.first, period_end=days.last)
        for match in _THIS_YEAR.finditer(low)
    ]


def _chat_days(low: str, clock: Clock) -> list[Time]:
    """«chậm nhất thứ Tư tuần sau», «trước cuối tháng này»: counted from the day of issue."""
    if not clock.issued:
        return []
    monday = clock.issued - timedelta(days=clock.issued.weekday())
    times = []
    for match in _NEXT_WEEKDAY.finditer(low):
        weekday = WEEKDAY_NAMES.index(match["day"] or match["sunday"])
        due = monday + timedelta(days=weekday + (0 if match["which"] == "này" else 7))
        times.append(
            Time(*match.span(), "deadline", due=due, before=(match["lead"] or "").startswith("trước"))
        )
    for match in _END_OF_THIS.finditer(low):
        month, year = clock.issued.month, clock.issued.year
        if match["u"] == "năm":
            month = 12
            if not match[0].endswith(("này", "nay")):
                year = max(year, clock.year or year)  # a plan made in December is for the next
        last = window(Point(0, 0, "months", month=month, year=year), clock).last
        times.append(Time(*match.span(), "deadline", due=last, before=match["lead"] == "trước"))
    return times
