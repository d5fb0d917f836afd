"""Times that hang on a point of the calendar, read from the words in front of it and behind it.

«trước» makes a deadline, «từ» a start, «hằng năm» a repetition, «trong» a period; a bare date of
the past is nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from plans.citations import tells_the_past
from plans.found import Clock, Recurrence, Time
from plans.leads import announced, hour
from plans.point import Point
from plans.windows import window

WEEKDAY_NAMES = ("hai", "ba", "tư", "năm", "sáu", "bảy", "nhật")
_RANGE_GAP = re.compile(r"^,? ?(?:\(\w[\w ]{0,12}\) ?)?,? ?(?:đến|tới|-)(?: hết| khoảng)?(?: ngày)? ?$")
_DAYS_GAP = re.compile(r"^ ?(?:-|,|và|đến) ?(?:ngày )?$")
_SO_ON_GAP = re.compile(r"^,? ?(?:và|hoặc|,) ?(?:ngày )?$")
_START_END_GAP = re.compile(
    r"^[,;.]? (?:và )?(?:kết thúc|hoàn thành)(?: chương trình)?(?P<before> trước)?(?: vào| trong)? ?$"
)
_EVERY_YEAR = re.compile(r"^(?: của)? ?\(?(?:hằng|mỗi|các) năm\b")
_EVERY_MONTH = re.compile(r"^,? ?(?:của )?(?:hằng|mỗi|từng|các) tháng\b")
_QUARTER_END = re.compile(r"^ (?:của )?(?:các )?tháng cuối(?: cùng)? (?:của )?(?:(?:hằng|mỗi|các) )?quý")
_QUARTER_START = re.compile(r"^ (?:của )?tháng đầu(?: tiên)? (?:của )?(?:mỗi )?quý")
_NAMED_MONTH = re.compile(r"^ (?:của )?tháng (?P<which>này|sau|tới|kế tiếp|tiếp theo)")
_MONTHLY_BEFORE = re.compile(r"(?:hằng|mỗi|từng|định kỳ) tháng[^.;]{0,60}$")
_SECOND_DAY = re.compile(r"^ ?(?:và|,) (?:ngày )?(\d{1,2})(?= (?:hằng|mỗi))")
_GOES_ON = re.compile(
    r"^,? ?(?:và )?(?:các năm|những năm|năm|giai đoạn)? ?(?:tiếp theo|tiếp sau|trở đi)"
    r"|^ và các năm|^ đến (?:khi|lúc)"
    r"|^ (?:và |trở đi,? ?)[^.;]{0,20}(?:thường xuyên|tiếp theo)"
)
_WEEKDAY_AFTER = re.compile(r"^,? ?\(?(?:thứ |chủ )(?P<name>hai|ba|tư|năm|sáu|bảy|nhật)\b")
_WEEKDAY_IN_FRONT = re.compile(r"(?:thứ |chủ )(?P<name>hai|ba|tư|năm|sáu|bảy|nhật),? (?:ngày )?$")
_LISTED = re.compile(r"[,-]|\bvà\b")
_IN_FULL = re.compile(r"(?:trong|hoàn thành) $")
_REPORT_BEFORE = re.compile(r"(?:báo cáo|sơ kết|tổng kết|hoàn thành)[^.;(]{0,80}\($")
_IN_YEAR = re.compile(r"(?:hoàn thành|xong|thực hiện|tổ chức)(?: trong)? $|^trong $|[,;:(] trong $")


@dataclass(frozen=True, slots=True)
class Place:
    """A point in its text: what stands in front, what behind, and whether the text is nothing but a time."""

    low: str
    point: Point
    clock: Clock
    lead: str
    whole: bool

    @property
    def before(self) -> bool:
        """Whether «trước» stands in front."""
        return self.lead == "before"

    @property
    def after(self) -> str:
        """The next words."""
        return self.low[self.point.end : self.point.end + 60]

    def time(self, kind: str, **values: object) -> Time:
        """A time that ends with the point; the caller widens it."""
        return replace(Time(self.point.start, self.point.end, kind), **values)  # type: ignore[arg-type]


def dated_times(low: str, points: Sequence[Point], clock: Clock, *, whole: bool) -> list[Time]:
    """Times made of points: two points of a range together, every other alone."""
    times: list[Time] = []
    number = 0
    while number < len(points):
        if times and points[number].start < times[-1].end:
            number += 1
            continue
        pair = _range(low, points[number : number + 2], clock, whole=whole)
        time = pair or _single(low, points[number], clock, whole=whole, previous=times[-1] if times else None)
        if time:
            times.append(time)
        number += 2 if pair else 1
    return times


def _range(low: str, pair: Sequence[Point], clock: Clock, *, whole: bool) -> Time | None:
    """«từ A đến B», «A - B», «bắt đầu từ A; kết thúc trước B»."""
    if len(pair) < 2:
        return None
    first, last = pair
    gap, after = low[first.end : last.start], low[last.end :]
    lead, start = announced(low, first.start)
    stop = _START_END_GAP.match(gap) if lead == "from" else None
    if not stop and not _linked(first, last, gap, lead):
        return None
    if first.level == last.level == "day_of_month":
        return _days_of_each_month(start, first, last, after)
    if lead != "from" and first.level == "years" and not whole:
        return None
    yearly = _EVERY_YEAR.match(after)
    if yearly and not last.year:
        return Time(start, last.end + yearly.end(), "recurring", recurrence=Recurrence("ANNUAL"))
    before = stop is not None and stop["before"] is not None
    return _period(start, _borrowed(first, last), last, clock, before=before, after=after)


def _linked(first: Point, last: Point, gap: str, lead: str) -> bool:
    """Whether the words between two points make them the ends of one range."""
    if first.level == "day_of_month" and last.level == "day" and lead in ("", "in", "from"):
        return bool(_DAYS_GAP.match(gap))
    opened = lead == "from" or (lead in ("", "in") and first.level == last.level)
    return opened and bool(_RANGE_GAP.match(gap))


def _days_of_each_month(start: int, first: Point, last: Point, after: str) -> Time:
    """«từ ngày 1 đến ngày 5 hằng tháng»."""
    every = _EVERY_MONTH.match(after)
    rhythm = Recurrence("MONTHLY", (f"{first.day:02d}..{last.day:02d}",))
    return Time(start, last.end + (every.end() if every else 0), "recurring", recurrence=rhythm)


def _borrowed(first: Point, last: Point) -> Point:
    """The first point with the month and year that only the last one names."""
    month, level = first.month, first.level
    if level == "day_of_month":
        level, month = "day", last.month
    year = first.year
    if year is None and last.year:
        year = last.year - ((month or 0) > (last.month or 12))
    return replace(first, level=level, month=month, year=year)


def _period(start: int, first: Point, last: Point, clock: Clock, *, before: bool, after: str) -> Time:
    opening, closing = window(first, clock), window(last, clock)
    flags = tuple(dict.fromkeys((*opening.flags, *closing.flags)))
    if opening.first and closing.last and opening.first > closing.last:
        flags = (*flags, "reversed_range")
    if _GOES_ON.match(after) and opening.first:
        return Time(start, last.end, "continuous", period_start=opening.first, flags=flags)
    return Time(
        start, last.end, "period", due=closing.last, before=before,
        period_start=opening.first, period_end=closing.last, flags=flags,
    )  # fmt: skip


def _single(low: str, point: Point, clock: Clock, *, whole: bool, previous: Time | None) -> Time | None:
    """One point with the hour and weekday in front of it, read by its level."""
    due_time, place = hour(low, point.start)
    lead, start = announced(low, place)
    if not lead and previous and previous.before and _SO_ON_GAP.match(low[previous.end : point.start]):
        lead = "before"
    where = Place(low, point, clock, lead, whole or due_time is not None)
    readers = {"day": _on_day, "day_of_month": _on_day_of_month}
    time = readers.get(point.level, _in_window)(where)
    return _checked(where, replace(time, start=start, due_time=due_time)) if time else None


def _on_day(where: Place) -> Time | None:
    point = where.point
    yearly = _EVERY_YEAR.match(where.after)
    if yearly and point.month and point.day:
        rhythm = Recurrence("ANNUAL", (f"{point.month:02d}-{point.day:02d}",))
        return where.time("recurring", end=point.end + yearly.end(), before=where.before, recurrence=rhythm)
    days = window(point, where.clock)
    if where.lead == "from":
        return where.time("continuous", period_start=days.first, flags=days.flags)
    if (
        where.lead not in ("before", "inclusive", "until")
        and not where.whole
        and not _will_happen(where, days.first)
    ):
        return None
    return where.time("deadline", due=days.first, before=where.before, flags=days.flags)


def _will_happen(where: Place, day: date | None) -> bool:
    """Whether a date that no word announces lies ahead: then it is an event to prepare, no citation."""
    if day is None or tells_the_past(where.low):
        return False
    if where.clock.issued:
        return day > where.clock.issued
    return where.lead == "in" and where.clock.year is not None and day.year >= where.clock.year


def _on_day_of_month(where: Place) -> Time | None:
    point, day, after = where.point, where.point.day or 0, where.after
    if not 1 <= day <= 31:
        return where.time("deadline", before=where.before, flags=("invalid_date",))
    named, last, first = _NAMED_MONTH.match(after), _QUARTER_END.match(after), _QUARTER_START.match(after)
    if named:
        return _this_or_next_month(where, named)
    quarter = last or first
    if quarter:
        months = (3, 6, 9, 12) if last else (1, 4, 7, 10)
        rhythm = Recurrence("QUARTERLY", tuple(f"{month:02d}-{day:02d}" for month in months))
        return where.time("recurring", end=point.end + quarter.end(), before=where.before, recurrence=rhythm)
    every, second = _EVERY_MONTH.match(after), _SECOND_DAY.match(after)
    if not every and not second and not _MONTHLY_BEFORE.search(where.low[: point.start]):
        return where.time("deadline", before=where.before, flags=("incomplete_date",)) if where.lead else None
    days = (f"{day:02d}", *((f"{int(second[1]):02d}",) if second else ()))
    both = re.match(r"[^.;]{0,12}(?:hằng|mỗi) tháng", after[second.end() :]) if second else None
    end = point.end + (every.end() if every else second.end() + both.end() if second and both else 0)
    flags = ("clamp_month_end",) if day > 28 else ()
    return where.time(
        "recurring", end=end, before=where.before, recurrence=Recurrence("MONTHLY", days), flags=flags
    )


def _this_or_next_month(where: Place, named: re.Match[str]) -> Time:
    end = where.point.end + named.end()
    issued = where.clock.issued
    if not issued:
        return where.time("deadline", end=end, before=where.before, flags=("needs_anchor",))
    months = issued.year * 12 + issued.month - 1 + (named["which"] != "này")
    days = window(replace(where.point, level="day", month=months % 12 + 1, year=months // 12), where.clock)
    return where.time("deadline", end=end, due=days.first, before=where.before, flags=days.flags)


def _in_window(where: Place) -> Time | None:
    """A quarter, month or year: a window, unless it only names something."""
    goes_on = _GOES_ON.match(where.after)
    if _EVERY_YEAR.match(where.after) or not (where.whole or goes_on or _counts(where)):
        return None
    days = window(where.point, where.clock)
    if days.first is None or days.last is None:
        return where.time("period", flags=days.flags)
    if where.before:
        return where.time("deadline", due=days.first, before=True, flags=days.flags)
    listed = where.point.level == "months" and _LISTED.search(where.low[where.point.start : where.point.end])
    if goes_on or (where.lead == "from" and not listed):
        return where.time("continuous", period_start=days.first, flags=days.flags)
    first, issued = days.first, where.clock.issued
    if where.lead in ("until", "inclusive") and issued and issued <= days.last:
        first = issued
    return where.time("period", due=days.last, period_start=first, period_end=days.last, flags=days.flags)


def _counts(where: Place) -> bool:
    """Whether a window in running text is a time: bare years name plans, «06 tháng đầu năm» reports."""
    point, lead = where.point, where.lead
    if tells_the_past(where.low) or (point.level == "years" and point.last_year != point.year):
        return False
    in_front = where.low[max(0, point.start - 24) : point.start]
    if "half" in point.flags or lead == "until":
        return lead == "in" and bool(_IN_FULL.search(in_front))
    if point.level == "years" and in_front.endswith("(") and where.after.startswith(")"):
        return bool(_REPORT_BEFORE.search(where.low[max(0, point.start - 90) : point.start]))
    if point.level == "years":
        return bool(_IN_YEAR.search(in_front)) or lead in ("before", "inclusive", "from")
    return bool(lead) or point.start == 0 or bool(point.year and in_front.endswith(("(", ": ")))


def _checked(where: Place, time: Time) -> Time:
    """The time with the flags that only the day itself shows."""
    flags = list(time.flags)
    named = _WEEKDAY_AFTER.match(where.after) or _WEEKDAY_IN_FRONT.search(
        where.low[: where.point.start][-20:]
    )
    if (
        time.due
        and named
        and where.point.level == "day"
        and WEEKDAY_NAMES[time.due.weekday()] != named["name"]
    ):
        flags.append("weekday_mismatch")
    if time.due and where.clock.issued and time.due < where.clock.issued:
        flags.append("past_at_issue")
    return replace(time, flags=tuple(flags))
