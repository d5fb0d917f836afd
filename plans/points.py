"""Points of the calendar named in a text: a day, some months, some years, as written and not yet interpreted.

Patterns read text from `plans.source.lowered`: single spaces, lower case, one kind of dash. None repeats inside a repeat.
"""

import calendar
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from plans.found import Clock


@dataclass(frozen=True, slots=True)
class Point:
    """A piece of the calendar. Parts that the text leaves out are None; months run from `month` to `last_month`."""

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


_ONES = ("", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def _number_words() -> dict[str, int]:
    words = {word: value for value, word in enumerate(_ONES) if value}
    words |= {"tư": 4, "mười": 10, "hai mươi": 20, "ba mươi": 30, "ba mươi mốt": 31, "mười lăm": 15}
    words |= {f"mười {_ONES[one]}": 10 + one for one in range(1, 10)}
    words |= {f"hai mươi {_ONES[one]}": 20 + one for one in range(2, 10)}
    return words | {"hai mươi mốt": 21, "hai mươi lăm": 25, "hai mươi tư": 24}


NUMBER_WORDS = _number_words()
_WORDS = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
NUMBER = rf"(?:\d{{1,3}}|{_WORDS})"
_DAY = rf"(?:\d{{1,2}}|{_WORDS})"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_PARTS = {
    "đầu": (1, 10), "thượng tuần": (1, 10), "giữa": (11, 20), "trung tuần": (11, 20), "cuối": (21, 31), "hạ tuần": (21, 31),
}  # fmt: skip
# Months known by the campaign that fills them.
_CAMPAIGNS = {"thanh niên": 3, "công nhân": 5, "hành động vì trẻ em": 6, "an toàn giao thông": 9}

_YEAR = r"(?: ?[/.\-] ?(?P<y>\d{4})(?!\d)|,? năm (?P<y2>\d{4}))?"
# l, i and o stand for 1 and 0 in scanned documents; at least one true digit must be there.
_SLASHED = re.compile(
    r"(?P<lead>ngày ?)?(?<![\w/.\-])(?P<d>[\doil]{1,2}) ?(?P<sep>[/.\-]) ?(?P<m>[\doil]{1,2})"
    r"(?: ?(?P=sep) ?(?P<y>\d{4}|\d{2}))?(?![\w/]|[.\-]\d)"
)
_GLUED = re.compile(r"(?P<lead>ngày)(?P<d>\d{1,2})(?P<sep>/)(?P<m>\d{1,2})(?:/(?P<y>\d{4}))?(?![\w/])")
_WORDED = re.compile(
    rf"(?P<lead>ngày )?\b(?:mồng |mùng )?(?P<d>{_DAY}) tháng (?P<m>{_DAY}|giêng|chạp)\b(?!,? \d)"
    rf"(?: ?[/.\-] ?(?P<y>\d{{4}})(?!\d)|,? ?năm (?P<y2>\d{{4}}))?(?P<lunar> âm lịch)?"
)
_LAST_DAY = re.compile(rf"ngày (?:cuối cùng|cuối) (?:của )?tháng (?P<m>\d{{1,2}}){_YEAR}")
_DAY_OF_MONTH = re.compile(
    r"(?:ngày )(?P<d>\d{1,2})(?= ?(?:,? ?(?:của )?(?:hằng|mỗi|từng|các) tháng|,? ?(?:của )?tháng (?:này|sau|tới|cuối|liền|kế|đầu|tiếp)"
    r"|(?: đến| tới| -) (?:hết )?(?:ngày )?\d| (?:và|,) (?:ngày )?\d{1,2} (?:hằng|mỗi)))(?!\d)"
)
_SECOND_DAY = re.compile(r"(?<=đến )(?P<d>\d{1,2})(?= (?:hằng|mỗi) tháng)")
_SCHOOL_YEAR = re.compile(r"năm học (?P<y>\d{4}) ?- ?(?P<y2>\d{4})")
_YEARS = re.compile(r"(?:(?:giai đoạn|năm|các năm) )?(?<![\d/.\-])(?P<y>(?:19|20)\d{2}) ?- ?(?:năm )?(?P<y2>(?:19|20)\d{2})(?![\d/\w])")
_HALF = re.compile(r"(?P<n>0?[369]|sáu|ba|chín) tháng (?P<part>đầu|cuối)(?: năm(?: (?P<y>\d{4}))?)")
_QUARTER_ONE = r"(?:iv|i{1,3}|[1l]i{1,2}|i[1l]|[1-4])"
_QUARTERS = re.compile(
    rf"(?:(?P<part>đầu|giữa|cuối) )?quý (?P<q>{_QUARTER_ONE})(?![\w])"
    rf"(?P<more>(?: ?(?:,|;|và|\+|-) ?(?:quý )?{_QUARTER_ONE}(?![\w])){{0,3}})(?: ?[/.\-] ?(?P<y>\d{{4}})|,? năm (?P<y2>\d{{4}}))?"
)
_WEEK = re.compile(rf"tuần (?:thứ )?(?P<n>nhất|đầu tiên|đầu|cuối|[1-5]|hai|ba|tư|bốn) (?:của )?tháng (?P<m>\d{{1,2}}){_YEAR}")
_MONTHS = re.compile(
    rf"(?:(?P<part>đầu|giữa|cuối|thượng tuần|trung tuần|hạ tuần)(?: của)? )?(?P<blank>ngày )?(?<![\d] )tháng (?P<m>\d{{1,2}})(?![\d])"
    rf"(?P<more>(?: ?(?:,|và|-) ?(?:tháng )?\d{{1,2}}(?![\d/]\d?\d?(?:/|\d\b)|\d| lần| năm\b(?! \d{{4}}))){{0,5}}){_YEAR}"
)
_CAMPAIGN = re.compile(rf"tháng (?P<name>{'|'.join(_CAMPAIGNS)})(?: năm)? (?P<y>\d{{4}})")
_YEAR_ONLY = re.compile(r"(?:(?P<part>đầu|giữa|cuối) )?(?<!\d )năm (?P<y>\d{4})(?!\d)")


def find_points(low: str) -> list[Point]:
    """All points in the text, in order, none overlapping; the more exact pattern wins."""
    found: list[Point] = []
    for pattern, make in _PATTERNS:
        for match in pattern.finditer(low):
            point = make(low, match)
            if point and all(point.end <= other.start or point.start >= other.end for other in found):
                found.append(point)
    return sorted(found, key=lambda point: point.start)


def number(word: str) -> int:
    """The value of digits or of a number in words."""
    return NUMBER_WORDS[word] if word in NUMBER_WORDS else int(word)


# A date without a year is only a date after one of these words: 3/4 is usually a fraction.
_YEARLESS_AFTER = re.compile(r"(?:trước|ngày|đến|hết|hạn|là|từ|nhất|vào|:|\(|quá|tới|thứ \w{2,4},?) ?$")


def _slashed(low: str, match: re.Match[str]) -> Point | None:
    day, month, year = match["d"], match["m"], match["y"]
    digits = f"{day}{month}"
    if not any(ch.isdigit() for ch in day) or not any(ch.isdigit() for ch in month):
        return None
    if not year and not match["lead"] and not _YEARLESS_AFTER.search(low[: match.start()][-12:]):
        return None
    if not year and re.match(r" (?:giờ|số|so với|lần|cuộc|%|tổng)", low[match.end() :][:8]):
        return None
    table = str.maketrans("oil", "011")
    flags = ("ocr",) if any(ch in "oil" for ch in digits) else ()
    return Point(
        match.start(), match.end(), "day", day=int(day.translate(table)), month=int(month.translate(table)),
        year=_full_year(year), flags=flags,
    )  # fmt: skip


def _full_year(year: str | None) -> int | None:
    if not year:
        return None
    return int(year) if len(year) == 4 else 2000 + int(year)


def _year(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    return _full_year(groups.get("y") or groups.get("y2"))


def _worded(low: str, match: re.Match[str]) -> Point | None:
    if not match["lead"] and not _YEARLESS_AFTER.search(low[: match.start()][-12:]):
        return None
    month = match["m"]
    lunar = month in ("giêng", "chạp") or match["lunar"]
    if lunar:
        return Point(match.start(), match.end(), "day", day=None, flags=("lunar",))
    return Point(match.start(), match.end(), "day", day=number(match["d"]), month=number(month), year=_year(match))


def _last_day(_low: str, match: re.Match[str]) -> Point | None:
    month = int(match["m"])
    if not 1 <= month <= 12:
        return None
    year = _year(match)
    return Point(match.start(), match.end(), "day", day=_month_length(year or 2023, month), month=month, year=year)


def _day_of_month(_low: str, match: re.Match[str]) -> Point:
    return Point(match.start(), match.end(), "day_of_month", day=int(match["d"]))


def _school_year(_low: str, match: re.Match[str]) -> Point:
    first, last = int(match["y"]), int(match["y2"])
    return Point(
        match.start(), match.end(), "months", month=9, last_month=5, year=first, last_year=last, flags=("approximate",)
    )


def _years(_low: str, match: re.Match[str]) -> Point:
    return Point(match.start(), match.end(), "years", year=int(match["y"]), last_year=int(match["y2"]))


def _half(_low: str, match: re.Match[str]) -> Point:
    length = number(match["n"])
    first = 1 if match["part"] == "đầu" else 13 - length
    return Point(
        match.start(), match.end(), "months", month=first, last_month=first + length - 1, year=_year(match), flags=("half",)
    )


def _quarter(word: str) -> int:
    if word.isdigit():
        return int(word)
    return _ROMAN[re.sub("[1l]", "i", word)]


def _quarters(_low: str, match: re.Match[str]) -> Point:
    names = [match["q"], *re.findall(rf"{_QUARTER_ONE}(?!\w)", match["more"])]
    numbers = [_quarter(name) for name in names]
    first, last = min(numbers) * 3 - 2, max(numbers) * 3
    mixed = any(not name.isdigit() and re.search("[1l]", name) for name in names)
    flags = ("ocr",) if mixed else ()
    if match["part"]:
        shift = {"đầu": 0, "giữa": 1, "cuối": 2}[match["part"]]
        first = last = first + shift
        flags = (*flags, "approximate")
    return Point(match.start(), match.end(), "months", month=first, last_month=last, year=_year(match), flags=flags)


_WEEKS = {"nhất": 1, "đầu tiên": 1, "đầu": 1, "cuối": 4, "hai": 2, "ba": 3, "tư": 4, "bốn": 4}


def _week(_low: str, match: re.Match[str]) -> Point | None:
    month, name = int(match["m"]), match["n"]
    if not 1 <= month <= 12:
        return None
    week = int(name) if name.isdigit() else _WEEKS[name]
    days = (week * 7 - 6, week * 7)
    year = _year(match)
    return Point(
        match.start(), match.end(), "months", month=month, last_month=month, year=year, days=days, flags=("approximate",)
    )


def _months(_low: str, match: re.Match[str]) -> Point | None:
    months = [int(match["m"]), *(int(found) for found in re.findall(r"\d{1,2}", match["more"]))]
    if any(not 1 <= month <= 12 for month in months):
        return None
    part = match["part"]
    flags = (("approximate",) if part else ()) + (("incomplete_date",) if match["blank"] else ())
    # "Tháng 11, 01/2026" runs over the new year: the year belongs to the last month.
    year = _year(match)
    wraps = months[-1] < months[0]
    return Point(
        match.start(), match.end(), "months", month=months[0], last_month=months[-1],
        year=year - 1 if year and wraps else year, last_year=year, days=_PARTS[part] if part else None, flags=flags,
    )  # fmt: skip


def _campaign(_low: str, match: re.Match[str]) -> Point:
    month = _CAMPAIGNS[match["name"]]
    return Point(match.start(), match.end(), "months", month=month, last_month=month, year=int(match["y"]), flags=("event",))


def _year_only(_low: str, match: re.Match[str]) -> Point:
    year, part = int(match["y"]), match["part"]
    if not part:
        return Point(match.start(), match.end(), "years", year=year, last_year=year)
    first = {"đầu": 1, "giữa": 5, "cuối": 10}[part]
    return Point(
        match.start(), match.end(), "months", month=first, last_month=first + (3 if part == "giữa" else 2), year=year,
        flags=("approximate",),
    )  # fmt: skip


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[str, re.Match[str]], Point | None]], ...] = (
    (_SLASHED, _slashed), (_GLUED, _slashed), (_WORDED, _worded), (_LAST_DAY, _last_day), (_SCHOOL_YEAR, _school_year),
    (_YEARS, _years), (_HALF, _half), (_WEEK, _week), (_QUARTERS, _quarters), (_CAMPAIGN, _campaign), (_MONTHS, _months),
    (_DAY_OF_MONTH, _day_of_month), (_SECOND_DAY, _day_of_month), (_YEAR_ONLY, _year_only),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Window:
    """First and last day of a point, None where the calendar has no such day or the year is not known."""

    first: date | None
    last: date | None
    flags: tuple[str, ...]


def window(point: Point, clock: Clock) -> Window:
    """The days of a point. A missing year is the first one in which the point is not over on the day of issue."""
    if point.year is None and "lunar" not in point.flags:
        return _inferred(point, clock)
    return _days(point)


def _inferred(point: Point, clock: Clock) -> Window:
    base = clock.issued.year if clock.issued else clock.year
    if base is None:
        return Window(None, None, (*point.flags, "incomplete_date"))
    found = _days(replace(point, year=base))
    if clock.issued and found.last and found.last < clock.issued:
        found = _days(replace(point, year=base + 1))
    return replace(found, flags=(*found.flags, "year_inferred")) if found.last else found


def _days(point: Point) -> Window:
    year = point.year
    if year is None or not 1 <= year <= 9998:
        return Window(None, None, point.flags)
    if point.level == "years":
        return Window(date(year, 1, 1), date(min(point.last_year or year, 9998), 12, 31), point.flags)
    if point.level == "day":
        day = _day(year, point.month, point.day)
        return Window(day, day, point.flags if day else (*point.flags, "invalid_date"))
    month, last_month = point.month or 1, point.last_month or point.month or 12
    last_year = year + (last_month < month)
    first_day, last_day = point.days or (1, 31)
    return Window(
        date(year, month, min(first_day, _month_length(year, month))),
        date(last_year, last_month, min(last_day, _month_length(last_year, last_month))),
        point.flags,
    )


def _day(year: int, month: int | None, day: int | None) -> date | None:
    try:
        return date(year, month or 0, day or 0)
    except ValueError:
        return None


def _month_length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def add_months(start: date, months: int) -> date:
    """The same day some months later, or the last day of a shorter month."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(start.day, _month_length(year, month + 1)))


def add_working_days(start: date, count: int) -> date:
    """The day that is `count` working days (Monday to Friday) after `start`; the start itself is not counted."""
    day = start
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def inside(point_start: int, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether a place lies in one of the spans."""
    return any(start <= point_start < end for start, end in spans)
