"""Days: 15/3/2027, ngày 15 tháng 3, ngày 20 (hằng tháng), ngày cuối cùng của tháng 6."""

import re

from plans.patterns import DAY_NUMBER, YEAR_BEHIND, any_of, full_year, number
from plans.point import Found, Point

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


def _cell_day(_low: str, match: Found) -> Point:
    """30/6, where nothing but a time is expected."""
    return Point(*match.span(), "day", day=int(match["d"]), month=int(match["m"]))


# The more exact pattern stands first and wins.
DATES = (
    (_SLASHED, _slashed), (_GLUED, _slashed), (_BEHIND_DASH, _slashed), (_WORDED, _worded),
    (_LAST_DAY, _last_day),
)  # fmt: skip
DAYS_OF_MONTH = tuple(
    (pattern, _day_of_month) for pattern in (_DAY_OF_MONTH, _SECOND_DAY, _FIRST_OF_DAYS, _DAY_ALONE)
)
CELL_DAYS = ((re.compile(r"(?<![\w/.\-])(?P<d>\d{1,2})/(?P<m>\d{1,2})(?![\w/])"), _cell_day),)
