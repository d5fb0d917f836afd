"""Points of the calendar named in a text: a day, some months, some years, as written and not yet read."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from plans.patterns import DAY_NUMBER, YEAR_BEHIND, any_of, full_year, number


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


Found = re.Match[str]

# A date without a year is only a date after one of these words: 3/4 is usually a fraction.
_ANNOUNCING = any_of(
    r"""
    trước | ngày | đến | hết | hạn | là | từ | nhất | vào | quá | tới | chót | cuối | dịp | gửi | xong
    : | \(
    """
)
_YEARLESS_AFTER = re.compile(rf"(?:{_ANNOUNCING}|thứ \w{{2,4}},?|\d,? (?:và|-)|\d,) ?$")
_COUNTED_NOUN = re.compile(r" (?:giờ|số|so với|lần|cuộc|%|tổng|thôn|xã|hộ|tổ|điểm)")

# l, i and o stand for 1 and 0 in scanned documents; at least one true digit must be in day and month.
_SLASHED = re.compile(
    r"(?P<lead>ngày ?)?(?<![\w/.\-])(?P<d>[\doil]{1,2}) ?(?P<sep>[/.\-]) ?(?P<m>[\doil]{1,2})"
    r"(?: ?(?P=sep) ?(?P<y>\d{4}|\d{2}))?(?![\w/]|[.\-]\d)"
)
_GLUED = re.compile(r"(?P<lead>ngày)(?P<d>\d{1,2})/(?P<m>\d{1,2})(?:/(?P<y>\d{4}))?(?![\w/])")
# 15-20/3/2023: the second day of a pair.
_BEHIND_DASH = re.compile(r"(?P<lead>)(?<=\d-)(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})(?![\w/])")
_SCANNED = str.maketrans("oil", "011")


def _slashed(low: str, match: Found) -> Point | None:
    """15/3/2023, 15-03-2023, 10.3.2020, ngày 15/3."""
    day, month, year = match["d"], match["m"], full_year(match)
    if day.isalpha() or month.isalpha():
        return None
    announced = match["lead"] or _YEARLESS_AFTER.search(low, max(0, match.start() - 12), match.start())
    if not year and (not announced or _COUNTED_NOUN.match(low, match.end())):
        return None
    flags = () if f"{day}{month}".isdigit() else ("ocr",)
    return Point(
        *match.span(), "day",
        day=int(day.translate(_SCANNED)), month=int(month.translate(_SCANNED)), year=year, flags=flags,
    )  # fmt: skip


_WORDED = re.compile(
    rf"(?P<lead>ngày )?\b(?:mồng |mùng )?(?P<d>{DAY_NUMBER}) tháng (?P<m>{DAY_NUMBER}|giêng|chạp)\b(?!,? \d)"
    r"(?: ?[/.\-] ?(?P<y>\d{4})(?!\d)|,? ?năm (?P<y2>\d{4}))?(?P<lunar> âm lịch)?"
)


def _worded(low: str, match: Found) -> Point | None:
    """ngày 15 tháng 3 năm 2023, mồng 5 tháng 9, ba mươi mốt tháng mười hai."""
    if not match["lead"] and not _YEARLESS_AFTER.search(low, max(0, match.start() - 12), match.start()):
        return None
    if match["m"] in ("giêng", "chạp") or match["lunar"]:
        return Point(*match.span(), "day", flags=("lunar",))
    return Point(
        *match.span(), "day", day=number(match["d"]), month=number(match["m"]), year=full_year(match)
    )


_LAST_DAY = re.compile(rf"ngày (?:cuối cùng|cuối) (?:của )?tháng (?P<m>\d{{1,2}}){YEAR_BEHIND}")
_LONGEST_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _last_day(_low: str, match: Found) -> Point | None:
    """ngày cuối cùng của tháng 6/2023."""
    month, year = int(match["m"]), full_year(match)
    if not 1 <= month <= 12:
        return None
    leap = month == 2 and year is not None and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return Point(*match.span(), "day", day=_LONGEST_MONTH_DAYS[month - 1] + leap, month=month, year=year)


_EVERY_MONTH_BEHIND = (
    r"(?= ?(?:,? ?(?:của )?(?:hằng|mỗi|từng|các) tháng"
    r"|,? ?(?:của )?tháng (?:này|sau|tới|cuối|liền|kế|đầu|tiếp)"
    r"|(?: đến| tới| -) (?:hết )?(?:ngày )?\d| (?:và|,) (?:ngày )?\d{1,2} (?:hằng|mỗi)))"
)
_DAY_OF_MONTH = re.compile(rf"ngày (?P<d>\d{{1,2}})(?!\d){_EVERY_MONTH_BEHIND}")
_SECOND_DAY = re.compile(r"(?<=đến )(?P<d>\d{1,2})(?= (?:hằng|mỗi) tháng)")
# 15-20/3/2023, 15 và 16/3: the month stands behind the last day only.
_FIRST_OF_DAYS = re.compile(
    r"ngày (?P<d>\d{1,2})(?= ?(?:-|,|và|đến) ?(?:ngày )?\d{1,2}(?: ?[/.] ?\d{1,2}| tháng \d{1,2})(?:\D|$))"
)
_DAY_ALONE = re.compile(
    r"(?:(?<=trước )|(?<=nhất )|(?<=vào ))ngày (?P<d>\d{1,2})(?!\d| ?[/\-] ?\d|\.\d| tháng)"
)


def _day_of_month(_low: str, match: Found) -> Point:
    """ngày 20 (hằng tháng), ngày 25 (tháng này)."""
    return Point(*match.span(), "day_of_month", day=int(match["d"]))


_SCHOOL_YEAR = re.compile(r"năm học (?P<y>\d{4}) ?- ?(?P<last>\d{4})")


def _school_year(_low: str, match: Found) -> Point:
    """năm học 2023 - 2024: September to May, by the rule of the house."""
    first, last = int(match["y"]), int(match["last"])
    return Point(
        *match.span(), "months", month=9, last_month=5, year=first, last_year=last, flags=("approximate",)
    )


_YEARS = re.compile(
    r"(?:(?:giai đoạn|năm|các năm) )?(?<![\d/.\-])(?P<y>(?:19|20)\d{2})"
    r" ?- ?(?:năm )?(?P<last>(?:19|20)\d{2})(?![\d/\w])"
)
_YEAR = re.compile(r"(?:(?P<part>đầu|giữa|cuối) )?(?<!\d )năm (?P<y>\d{4})(?!\d)")
_YEAR_PARTS = {"đầu": (1, 3), "giữa": (5, 8), "cuối": (10, 12)}


def _years(_low: str, match: Found) -> Point:
    """giai đoạn 2026 - 2030."""
    return Point(*match.span(), "years", year=int(match["y"]), last_year=int(match["last"]))


def _year(_low: str, match: Found) -> Point:
    """năm 2023, đầu năm 2024."""
    year = int(match["y"])
    if not match["part"]:
        return Point(*match.span(), "years", year=year, last_year=year)
    first, last = _YEAR_PARTS[match["part"]]
    return Point(*match.span(), "months", month=first, last_month=last, year=year, flags=("approximate",))


_HALF = re.compile(r"(?P<n>0?[369]|sáu|ba|chín) tháng (?P<part>đầu|cuối) năm(?: (?P<y>\d{4}))?")


def _half(_low: str, match: Found) -> Point:
    """6 tháng đầu năm 2023, 9 tháng đầu năm."""
    length = number(match["n"])
    first = 1 if match["part"] == "đầu" else 13 - length
    last, year = first + length - 1, full_year(match)
    return Point(*match.span(), "months", month=first, last_month=last, year=year, flags=("half",))


_QUARTER = r"(?:iv|i{1,3}|[1l]i{1,2}|i[1l]|[1-4])(?!\w)"
_QUARTERS = re.compile(
    rf"(?:(?P<part>đầu|giữa|cuối) )?(?:quý |(?<!\w)q)(?P<q>{_QUARTER})"
    rf"(?P<more>(?: ?(?:,|;|và|\+|-) ?(?:quý )?{_QUARTER}){{0,3}}){YEAR_BEHIND}"
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_IN_QUARTER = {"đầu": 0, "giữa": 1, "cuối": 2}


def _quarters(_low: str, match: Found) -> Point:
    """Quý I/2023, quý II, III/2023, cuối quý II."""
    names = [match["q"], *re.findall(_QUARTER, match["more"])]
    numbers = [int(name) if name.isdigit() else _ROMAN[re.sub("[1l]", "i", name)] for name in names]
    first, last = min(numbers) * 3 - 2, max(numbers) * 3
    flags = ("ocr",) if any(not name.isdigit() and re.search("[1l]", name) for name in names) else ()
    if match["part"]:
        first = last = first + _IN_QUARTER[match["part"]]
        flags = (*flags, "approximate")
    return Point(*match.span(), "months", month=first, last_month=last, year=full_year(match), flags=flags)


_WEEK = re.compile(
    r"tuần (?:thứ )?(?P<n>nhất|đầu tiên|đầu|cuối|[1-5]|hai|ba|tư|bốn) (?:của )?tháng (?P<m>\d{1,2})"
    + YEAR_BEHIND
)
_WEEKS = {"nhất": 1, "đầu tiên": 1, "đầu": 1, "cuối": 4}


def _week(_low: str, match: Found) -> Point | None:
    """tuần thứ hai của tháng 5/2023: days 8 to 14."""
    month, name = int(match["m"]), match["n"]
    if not 1 <= month <= 12:
        return None
    week = _WEEKS.get(name) or number(name)
    return Point(
        *match.span(), "months", month=month, last_month=month, year=full_year(match),
        days=(week * 7 - 6, week * 7), flags=("approximate",),
    )  # fmt: skip


# House rules for parts of a month; a person confirms them.
_MONTH_PARTS = {
    "đầu": (1, 10), "thượng tuần": (1, 10), "10 ngày đầu": (1, 10), "nửa đầu": (1, 15),
    "giữa": (11, 20), "trung tuần": (11, 20), "nửa cuối": (16, 31),
    "cuối": (21, 31), "hạ tuần": (21, 31), "10 ngày cuối": (21, 31),
}  # fmt: skip
_MORE_MONTHS = r"(?: ?(?:,|và|-) ?(?:tháng )?\d{1,2}(?![\d/]\d?\d?(?:/|\d\b)|\d| lần| năm\b(?! \d{4})| ngày))"
_MONTHS = re.compile(
    rf"(?:(?P<part>{'|'.join(_MONTH_PARTS)})(?: của)? )?(?P<blank>ngày )?(?<!\d )"
    rf"(?:tháng |(?<!\w)t(?=\d{{1,2}}/))"
    rf"(?P<m>\d{{1,2}})(?!\d)(?P<more>{_MORE_MONTHS}{{0,5}}){YEAR_BEHIND}"
)


def _months(_low: str, match: Found) -> Point | None:
    """tháng 6/2026, tháng 9 và tháng 10/2023, tháng 11 - 12/2025, cuối tháng 6."""
    months = [int(match["m"]), *(int(found) for found in re.findall(r"\d{1,2}", match["more"]))]
    if any(not 1 <= month <= 12 for month in months):
        return None
    part, year = match["part"], full_year(match)
    flags = (("approximate",) if part else ()) + (("incomplete_date",) if match["blank"] else ())
    # «Tháng 11, 01/2026» runs over the new year: the year belongs to the last month.
    first_year = year - 1 if year and months[-1] < months[0] else year
    return Point(
        *match.span(), "months", month=months[0], last_month=months[-1], year=first_year, last_year=year,
        days=_MONTH_PARTS[part] if part else None, flags=flags,
    )  # fmt: skip


# Months known by the campaign that fills them.
_CAMPAIGNS = {"thanh niên": 3, "công nhân": 5, "hành động vì trẻ em": 6, "an toàn giao thông": 9}
_CAMPAIGN = re.compile(rf"tháng (?P<name>{'|'.join(_CAMPAIGNS)})(?: năm)? (?P<y>\d{{4}})")


def _campaign(_low: str, match: Found) -> Point:
    """Tháng Thanh niên 2023."""
    month = _CAMPAIGNS[match["name"]]
    return Point(
        *match.span(), "months", month=month, last_month=month, year=int(match["y"]), flags=("event",)
    )


# The more exact pattern stands first and wins.
_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[str, Found], Point | None]], ...] = (
    (_SLASHED, _slashed), (_GLUED, _slashed), (_BEHIND_DASH, _slashed), (_WORDED, _worded),
    (_LAST_DAY, _last_day),
    (_SCHOOL_YEAR, _school_year), (_YEARS, _years), (_HALF, _half), (_WEEK, _week), (_QUARTERS, _quarters),
    (_CAMPAIGN, _campaign), (_MONTHS, _months), (_DAY_OF_MONTH, _day_of_month), (_SECOND_DAY, _day_of_month),
    (_FIRST_OF_DAYS, _day_of_month), (_DAY_ALONE, _day_of_month), (_YEAR, _year),
)  # fmt: skip


def find_points(low: str) -> list[Point]:
    """All points in the text, in order, none overlapping."""
    found: list[Point] = []
    taken = bytearray(len(low))
    for pattern, make in _PATTERNS:
        for match in pattern.finditer(low):
            point = make(low, match)
            if point and not any(taken[point.start : point.end]):
                found.append(point)
                taken[point.start : point.end] = b"\1" * (point.end - point.start)
    return sorted(found, key=lambda point: point.start)


def inside(place: int, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether a place lies in one of the spans."""
    return any(start <= place < end for start, end in spans)
