"""The time language of Vietnamese plans: text in, readings out. Nothing is guessed: what is doubtful carries a flag.

A point of the calendar (`plans.points`) becomes a time by the words in front of it and behind it:
«trước» makes a deadline, «từ» a start, «hằng năm» a repetition, «trong» a period; a bare past date is nothing.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from plans.citations import not_deadlines, tells_the_past
from plans.found import Clock, Recurrence, Time
from plans.merging import merged
from plans.points import Point, find_points, inside, window
from plans.recurrences import repeated
from plans.source import lowered
from plans.standing import relative, standing

_WEEKDAY_NAMES = ("hai", "ba", "tư", "năm", "sáu", "bảy", "nhật")
_WEEKDAY_BEFORE = re.compile(r"(?:sáng |chiều |tối )?(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật),? ?(?:ngày )?$")
_HOUR_BEFORE = re.compile(r"(?P<h>\d{1,2}) ?(?:giờ|h|g)(?: ?(?P<m>\d{2}))?(?: ?phút)?,? ?(?:của )?(?:ngày )?$")
_LEADS = (
    ("inclusive", re.compile(r"trước và trong ?$")),
    ("before", re.compile(r"(?:\btrước|(?:xong|gửi|kết thúc|báo cáo) trước)(?: là)? ?(?:ngày )?:? ?$")),
    ("inclusive", re.compile(
        r"(?:chậm nhất|muộn nhất|trễ nhất)(?: là| vào| đến| trong| đến hết| là đến)*(?: ngày)? ?:? ?$|không (?:quá|muộn hơn|chậm hơn)(?: ngày)? ?$"
        r"|hạn (?:chót|cuối|cuối cùng)[^.;,\d]{0,50}$|(?:thời hạn|hạn)[^.;,\d]{0,50}(?:là|:|đến|vào)(?: hết)?(?: ngày)? ?$|(?:đến |tới )?hết(?: ngày)? ?$")),
    ("from", re.compile(r"(?:kể từ|bắt đầu từ|từ|bắt đầu|khởi công)(?: ngày)? ?$")),
    ("until", re.compile(r"(?:đến|tới)(?: ngày)? ?$")),
    ("in", re.compile(r"(?:trong|vào|trong và|hoàn thành|xong|dự kiến|khoảng|tại|trong các|vào các)(?: khoảng)? ?:? ?$")),
)  # fmt: skip
_RANGE_GAP = re.compile(r"^,? ?(?:\(\w[\w ]{0,12}\) ?)?,? ?(?:đến|tới|-)(?: hết| khoảng)?(?: ngày)? ?$")
_START_END_GAP = re.compile(r"^[,;.]? (?:và )?(?:kết thúc|hoàn thành)(?: chương trình)?(?P<before> trước)?(?: vào| trong)? ?$")
_EVERY_YEAR = re.compile(r"^(?: của)? ?\(?(?:hằng|mỗi|các) năm\b")
_EVERY_MONTH = re.compile(r"^,? ?(?:của )?(?:hằng|mỗi|từng|các) tháng\b")
_QUARTER_END = re.compile(r"^ (?:của )?(?:các )?tháng cuối (?:của )?(?:(?:hằng|mỗi|các) )?quý|^ tháng cuối cùng của (?:mỗi )?quý")
_QUARTER_START = re.compile(r"^ (?:của )?tháng đầu (?:của )?quý")
_THIS_MONTH = re.compile(r"^ (?:của )?tháng (?P<which>này|sau|tới|kế tiếp|tiếp theo)")
_GOES_ON = re.compile(r"^,? ?(?:và )?(?:các năm|những năm|năm|giai đoạn)? ?(?:tiếp theo|tiếp sau|trở đi)|^ (?:và |trở đi|,? ?thường xuyên)[^.;]{0,20}(?:thường xuyên|tiếp theo)|^ đến (?:khi|lúc)|^ (?:và )?các năm")
_WEEKDAY_AFTER = re.compile(r"^,? ?\(?(?:thứ |chủ )(?P<name>hai|ba|tư|năm|sáu|bảy|nhật)\b")
_LABEL = re.compile(r"^[-+*\d.) a-zđ]{0,4}?(?:thời gian|thời hạn|tiến độ|thời điểm)[^:.;\d]{0,40}:|[-+.,;:|()\s\"]+")
_FILLER = re.compile(r"\b(?:hoàn thành|thực hiện|triển khai|trong|xong|vào|dự kiến|khoảng|dịp|tổ chức|và|xây dựng)\b")
_NEXT_WEEKDAY = re.compile(r"(?P<lead>chậm nhất (?:là )?|trước |hạn )?(?:thứ (?P<day>hai|ba|tư|năm|sáu|bảy)|(?P<sunday>chủ nhật)) tuần (?P<which>này|sau|tới)")
_MONTH_EVERY_YEAR = re.compile(r"^ (?:hằng|mỗi) năm\b")
_END_OF_THIS = re.compile(r"(?P<lead>trước|đến hết|hết|chậm nhất) (?:ngày )?cuối (?P<u>tháng|năm)(?: này| nay)?\b(?! \d)")
_UNDATED = re.compile(r"ngày (?:\.{2,}|…|_+) ?")


def read_times(text: str, clock: Clock, *, cell: bool = False) -> list[Time]:
    """The times a text sets, in order. `cell`: the text is where a plan puts its times, so bare years and months count."""
    low = lowered(text)
    masked = not_deadlines(low)
    points = [point for point in find_points(low) if not inside(point.start, masked)]
    whole = cell or _is_bare(low, points)
    times = _pointed(low, points, clock, whole=whole)
    for other in (*relative(low, clock), *_chat_weekdays(low, clock), *repeated(low), *standing(low, cell=whole)):
        if not inside(other.start, masked) and not _crosses(other, times):
            times.append(other)
    return merged(low, sorted(times, key=lambda time: time.start), clock)


def _crosses(time: Time, times: Sequence[Time]) -> bool:
    return any(time.start < other.end and other.start < time.end for other in times)


def _is_bare(low: str, points: Sequence[Point]) -> bool:
    """Whether the text is nothing but a time, with or without its label."""
    rest = low
    for point in reversed(points):
        rest = f"{rest[: point.start]} {rest[point.end :]}"
    return not _FILLER.sub("", _LABEL.sub(" ", rest)).strip(" -+.,;:()|\"đếntừhếtvà") if points else bool(_LABEL.match(low) and ":" in low)


def _pointed(low: str, points: Sequence[Point], clock: Clock, *, whole: bool) -> list[Time]:
    """Times made of points: two points of a range together, every other alone."""
    times: list[Time] = []
    number = 0
    while number < len(points):
        pair = _range(low, points[number : number + 2], clock, whole=whole)
        if pair:
            times.append(pair)
            number += 2
            continue
        single = _single(low, points[number], clock, whole=whole)
        if single:
            times.append(single)
        number += 1
    return times


def _range(low: str, pair: Sequence[Point], clock: Clock, *, whole: bool) -> Time | None:
    """«từ A đến B», «A - B», «bắt đầu từ A; kết thúc trước B»."""
    if len(pair) < 2:
        return None
    first, last = pair
    gap = low[first.end : last.start]
    lead, start = _lead(low, first.start)
    opened = lead == "from" or (lead in ("", "in") and first.level == last.level)
    stop = _START_END_GAP.match(gap) if lead == "from" else None
    if not opened or not (_RANGE_GAP.match(gap) or stop):
        return None
    if first.level == "day_of_month" and last.level == "day_of_month":
        by = f"{first.day:02d}..{last.day:02d}"
        return Time(start, last.end, "recurring", recurrence=Recurrence("MONTHLY", (by,)))
    if lead != "from" and first.level == "years" and not whole:
        return None
    return _period(start, _borrowed(first, last), last, clock, before=bool(stop and stop["before"]), after=low[last.end :])


def _borrowed(first: Point, last: Point) -> Point:
    """The first point with the month and year that only the last one names."""
    month = first.month
    level = first.level
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


def _lead(low: str, place: int) -> tuple[str, int]:
    """What stands in front of a place: the kind of announcing word and where the expression begins."""
    for kind, pattern in _LEADS:
        match = pattern.search(low, max(0, place - 70), place)
        if match:
            return kind, match.start()
    return "", place


def _single(low: str, point: Point, clock: Clock, *, whole: bool) -> Time | None:
    """One point with the hour and weekday in front of it, read by its level."""
    place, hour = point.start, None
    weekday = _WEEKDAY_BEFORE.search(low, max(0, place - 30), place)
    if weekday:
        place = weekday.start()
    clocked = _HOUR_BEFORE.search(low, max(0, place - 30), place)
    if clocked:
        place, hour = clocked.start(), f"{int(clocked['h']):02d}:{clocked['m'] or '00'}"
    lead, start = _lead(low, place)
    readers: dict[str, Callable[..., Time | None]] = {"day": _on_day, "day_of_month": _on_day_of_month}
    read = readers.get(point.level, _in_window)
    time = read(low, point, clock, lead=lead, whole=whole or bool(hour))
    if not time:
        return None
    return _checked(low, replace(time, start=start, due_time=hour), point, clock)


def _on_day(low: str, point: Point, clock: Clock, *, lead: str, whole: bool) -> Time | None:
    after = low[point.end :][:60]
    before = lead == "before"
    if _EVERY_YEAR.match(after) and point.month and point.day:
        by = (f"{point.month:02d}-{point.day:02d}",)
        return Time(0, point.end + len(_EVERY_YEAR.match(after)[0]), "recurring", before=before, recurrence=Recurrence("ANNUAL", by))  # type: ignore[index]
    days = window(point, clock)
    if lead == "from":
        return Time(0, point.end, "continuous", period_start=days.first, flags=days.flags)
    announced = lead in ("before", "inclusive", "until") or whole
    if not announced and not _will_happen(low, days.first, clock, lead):
        return None
    return Time(0, point.end, "deadline", due=days.first, before=before, flags=days.flags)


def _will_happen(low: str, day: date | None, clock: Clock, lead: str) -> bool:
    """Whether a date that no word announces lies ahead, so that it is an event to prepare and not a citation."""
    if day is None or tells_the_past(low):
        return False
    if clock.issued:
        return day > clock.issued
    return lead == "in" and bool(clock.year) and day.year >= (clock.year or 0)


def _on_day_of_month(low: str, point: Point, clock: Clock, *, lead: str, whole: bool) -> Time | None:
    del whole
    after, before, day = low[point.end :][:40], lead == "before", point.day or 0
    if not 1 <= day <= 31:
        return Time(0, point.end, "deadline", before=before, flags=("invalid_date",))
    named = _THIS_MONTH.match(after)
    if named:
        return _this_or_next_month(point, named, clock, before=before)
    if _QUARTER_END.match(after) or _QUARTER_START.match(after):
        months = (3, 6, 9, 12) if _QUARTER_END.match(after) else (1, 4, 7, 10)
        by = tuple(f"{month:02d}-{day:02d}" for month in months)
        return Time(0, point.end + after.find("quý") + 3, "recurring", before=before, recurrence=Recurrence("QUARTERLY", by))
    every = _EVERY_MONTH.match(after)
    more = re.match(r"^ ?(?:và|,) (?:ngày )?(\d{1,2})", after)
    days = (f"{day:02d}", *((f"{int(more[1]):02d}",) if more else ()))
    flags = ("clamp_month_end",) if day > 28 else ()
    end = point.end + (every.end() if every else more.end() if more else 0)
    return Time(0, end, "recurring", before=before, recurrence=Recurrence("MONTHLY", days), flags=flags)


def _this_or_next_month(point: Point, named: re.Match[str], clock: Clock, *, before: bool) -> Time:
    end = point.end + named.end()
    if not clock.issued:
        return Time(0, end, "deadline", before=before, flags=("needs_anchor",))
    months = clock.issued.year * 12 + clock.issued.month - 1 + (named["which"] != "này")
    fixed = replace(point, level="day", month=months % 12 + 1, year=months // 12)
    days = window(fixed, clock)
    return Time(0, end, "deadline", due=days.first, before=before, flags=days.flags)


def _in_window(low: str, point: Point, clock: Clock, *, lead: str, whole: bool) -> Time | None:
    """A quarter, month or year: a window, unless it only names something."""
    after = low[point.end :][:60]
    goes_on = _GOES_ON.match(after)
    if _MONTH_EVERY_YEAR.match(after) or not (whole or goes_on or _counts(low, point, lead)):
        return None
    days = window(point, clock)
    if days.first is None or days.last is None:
        return Time(0, point.end, "period", flags=days.flags) if whole or lead else None
    if lead == "before":
        return Time(0, point.end, "deadline", due=days.first, before=True, flags=days.flags)
    if lead == "from" or goes_on:
        return Time(0, point.end, "continuous", period_start=days.first, flags=days.flags)
    first = days.first
    if lead in ("until", "inclusive") and clock.issued and clock.issued <= days.last:
        first = clock.issued
    return Time(0, point.end, "period", due=days.last, period_start=first, period_end=days.last, flags=days.flags)


def _counts(low: str, point: Point, lead: str) -> bool:
    """Whether a window in running text is meant as a time: bare years name plans and programmes, «06 tháng» reports."""
    if tells_the_past(low):
        return False
    if point.level == "years" and point.last_year != point.year:
        return False
    if "half" in point.flags or lead == "until":
        return lead == "in" and bool(re.search(r"(?:trong|hoàn thành) $", low[: point.start][-12:]))
    if point.level == "years":
        in_year = re.search(r"(?:hoàn thành|xong|thực hiện|tổ chức)(?: trong)? $|^trong $|[,;:(] trong $", low[: point.start][-24:])
        return bool(in_year) or lead in ("before", "inclusive", "from")
    return bool(lead) or point.start == 0


def _checked(low: str, time: Time, point: Point, clock: Clock) -> Time:
    """The time with the flags that only the day itself shows."""
    flags = list(time.flags)
    named = _WEEKDAY_AFTER.match(low[point.end :][:20]) or _weekday_in_front(low, point.start)
    if time.due and named and point.level == "day" and _WEEKDAY_NAMES[time.due.weekday()] != named["name"]:
        flags.append("weekday_mismatch")
    if time.due and clock.issued and time.due < clock.issued:
        flags.append("past_at_issue")
    return replace(time, flags=tuple(flags))


def _weekday_in_front(low: str, place: int) -> re.Match[str] | None:
    return re.search(r"(?:thứ |chủ )(?P<name>hai|ba|tư|năm|sáu|bảy|nhật),? (?:ngày )?$", low[:place][-20:])


def _chat_weekdays(low: str, clock: Clock) -> list[Time]:
    """«chậm nhất thứ Tư tuần sau», «trước cuối tháng này»: counted from the day of issue."""
    if not clock.issued:
        return []
    times = []
    for match in _NEXT_WEEKDAY.finditer(low):
        monday = clock.issued - timedelta(days=clock.issued.weekday())
        day = 6 if match["sunday"] else _WEEKDAY_NAMES.index(match["day"])
        due = monday + timedelta(days=day + (0 if match["which"] == "này" else 7))
        times.append(Time(*match.span(), "deadline", due=due, before=(match["lead"] or "").startswith("trước")))
    for match in _END_OF_THIS.finditer(low):
        month = 12 if match["u"] == "năm" else clock.issued.month
        last = window(Point(0, 0, "months", month=month, year=clock.issued.year), clock).last
        times.append(Time(*match.span(), "deadline", due=last, before=match["lead"] == "trước"))
    return times
