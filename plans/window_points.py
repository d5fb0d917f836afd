"""Weeks, months, quarters, half-years and years: Quý II/2027, tháng 8, 9/2027, cuối tháng 6."""

import re

from plans.patterns import DAY_NUMBER, YEAR_BEHIND, full_year, number
from plans.point import Found, Point

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


_TWO_YEARS = re.compile(r"năm (?P<y>(?:19|20)\d{2}) ?(?:,|và) (?:năm )?(?P<last>(?:19|20)\d{2})(?![\d/])")
_NAMED_MONTH = re.compile(rf"tháng (?P<m>{DAY_NUMBER}) năm (?P<y>\d{{4}})(?!\d)")


def _named_month(_low: str, match: Found) -> Point | None:
    """tháng mười một năm 2026."""
    month = number(match["m"])
    if not 1 <= month <= 12:
        return None
    return Point(*match.span(), "months", month=month, last_month=month, year=full_year(match))


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


# Shorter forms that only a time cell makes clear.
_CELL_MONTH = re.compile(r"(?<![\w/.\-])(?P<m>0?[1-9]|1[0-2]) ?[/.\-] ?(?P<y>20\d{2})(?![\w/])")
_CELL_YEAR = re.compile(r"(?P<part>)(?<![\w/.\-])(?P<y>20\d{2})(?![\w/.\-])")
_CELL_YEAR_PART = re.compile(r"(?P<part>đầu|giữa|cuối) năm(?! \w)")


def _cell_month(_low: str, match: Found) -> Point:
    """12/2026."""
    month = int(match["m"])
    return Point(*match.span(), "months", month=month, last_month=month, year=full_year(match))


def _cell_year_part(_low: str, match: Found) -> Point:
    """cuối năm."""
    first, last = _YEAR_PARTS[match["part"]]
    return Point(*match.span(), "months", month=first, last_month=last, flags=("approximate",))


# The more exact pattern stands first and wins.
WINDOWS = (
    (_SCHOOL_YEAR, _school_year), (_YEARS, _years), (_HALF, _half), (_WEEK, _week), (_QUARTERS, _quarters),
    (_CAMPAIGN, _campaign), (_MONTHS, _months),
)  # fmt: skip
YEARS = ((_NAMED_MONTH, _named_month), (_TWO_YEARS, _years), (_YEAR, _year))
CELL_WINDOWS = ((_CELL_MONTH, _cell_month), (_CELL_YEAR, _year), (_CELL_YEAR_PART, _cell_year_part))
