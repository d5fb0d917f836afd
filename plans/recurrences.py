"""Words of repetition: «hằng quý», «định kỳ 6 tháng, 01 năm», «02 lần/năm», «thứ Hai hằng tuần»."""

import re

from plans.found import Recurrence, Time
from plans.leads import clock_time
from plans.patterns import NUMBER, WEEKDAY, any_of, number

_UNITS = {"ngày": "DAILY", "tuần": "WEEKLY", "tháng": "MONTHLY", "quý": "QUARTERLY", "năm": "ANNUAL"}
_ORDER = {
    "DAILY": 0,
    "WEEKLY": 1,
    "MONTHLY": 2,
    "QUARTERLY": 3,
    "SEMIANNUAL": 4,
    "ANNUAL": 5,
    "UNSPECIFIED": 6,
}
_EVERY = r"(?:hằng|mỗi|từng)"
_HALF = r"(?:0?6 tháng|sáu tháng|nửa năm)"
_THREE = r"(?:0?3 tháng|ba tháng)"
_ONE = rf"(?:{_HALF}|{_THREE}|(?:0?1 |một |cả )?(?:tuần|tháng|quý|năm)\b(?! \d))"
# «…, quý, 6 tháng và năm»: further frequencies behind the first.
_MORE = rf"(?P<more>(?: ?(?:,|và|hoặc|/|-|;) ?(?:{_EVERY} |định kỳ |theo )?{_ONE}){{0,3}})"
_ONCE = r"(?: ?/ ?(?:0?1 )?lần| một lần| 0?1 lần)"

_EVERY_UNIT = re.compile(
    rf"(?<!khách )(?<!ngân )(?:định kỳ )?(?:vào |theo )?"
    rf"{_EVERY} (?P<first>ngày|tuần|tháng|quý|năm)\b(?! \d){_MORE}"
    rf"(?:{_ONCE}| ít nhất (?:một|\d{{1,2}}) (?:lần|cuộc|kỳ|ngày))?"
)
_PERIODIC = re.compile(rf"định kỳ(?: báo cáo)?,? ?(?:theo |vào )?\(?(?P<first>{_ONE}){_MORE}\)?{_ONCE}?")
_ONCE_IN = re.compile(rf"(?P<first>{_HALF}|{_THREE}|(?<!\d )(?:tuần|tháng|quý|năm)){_ONCE}")
_HALF_AND_YEAR = re.compile(
    rf"(?:\(|, |báo cáo |quả )?(?P<first>{_HALF}|quý)"
    r"(?P<more>,? ?(?:và )?(?:(?:hằng|0?1|cả|một) )?năm)\b(?! \d)(?! học)"
)
_COUNTED = any_of(
    "lần | cuộc | kỳ | buổi | đợt | ngày | số | tin bài | tin, bài | bài | lượt | hội nghị | lớp | phiên"
)
_PER_UNIT = re.compile(
    rf"(?:(?:ít nhất|tối thiểu) )?(?P<count>\d{{1,2}}|một|hai|ba|bốn) ?(?:- ?\d{{1,2}} ?)?{_COUNTED}"
    r"(?: ?/ ?| trong | ?/ ?mỗi )(?:0?1 |một |mỗi )?(?P<first>tuần|tháng|quý|năm)\b(?! \d)"
)
_UNIT_TIMES = re.compile(rf"(?:một|0?1) (?P<first>tuần|tháng|quý|năm) (?P<count>{NUMBER}) lần")
_YEARS_APART = re.compile(r"(?P<n>0?[2-9]|hai|ba|bốn|năm|mười|10) năm(?: ?/ ?(?:0?1 )?lần| (?:một|0?1) lần)")


def repeated(low: str) -> list[Time]:
    """All expressions of repetition, in order; a more exact one hides what it holds."""
    found: list[Time] = []
    for rule in (_weekday_times, _calendar_times, _frequency_times, _unspecified_times):
        for time in rule(low):
            if all(time.end <= other.start or time.start >= other.end for other in found):
                found.append(time)
    return sorted(found, key=lambda time: time.start)


def frequency(words: str) -> str:
    """The code of «6 tháng», «năm», «01 năm», «quý» ..."""
    if re.fullmatch(_HALF, words):
        return "SEMIANNUAL"
    if re.fullmatch(_THREE, words):
        return "QUARTERLY"
    return _UNITS[words.rsplit(maxsplit=1)[-1]]


def _time(match: re.Match[str], freqs: list[str], by: tuple[str, ...] = ()) -> Time:
    ordered = sorted(set(freqs), key=_ORDER.__getitem__)
    several = tuple(ordered) if len(ordered) > 1 else ()
    before = match[0].startswith("trước")
    return Time(
        *match.span(), kind="recurring", before=before, recurrence=Recurrence(ordered[0], by, several)
    )


def _frequency_times(low: str) -> list[Time]:
    times = [_time(match, ["UNSPECIFIED"]) for match in _YEARS_APART.finditer(low)]
    for pattern in (_EVERY_UNIT, _PERIODIC, _ONCE_IN, _HALF_AND_YEAR):
        for match in pattern.finditer(low):
            more = re.findall(_ONE, match.groupdict().get("more") or "")
            times.append(_time(match, [frequency(words) for words in (match["first"], *more)]))
    for pattern in (_PER_UNIT, _UNIT_TIMES):
        times += [_time(match, [_per(match)]) for match in pattern.finditer(low)]
    return sorted(times, key=lambda time: time.start - time.end)


def _per(match: re.Match[str]) -> str:
    """«02 lần/năm» is every half year; other counts keep the frequency of their unit."""
    if match["first"] == "năm" and number(match["count"]) == 2:
        return "SEMIANNUAL"
    return _UNITS[match["first"]]


_LAST_WORKING = re.compile(
    rf"(?:vào |trước )?ngày làm việc cuối cùng (?:của )?(?:(?:{_EVERY}|các) )?"
    r"(?P<u>tuần|tháng|quý|năm)(?! \d)"
)
_LAST_DAY = re.compile(
    rf"(?:vào |trước )?ngày cuối(?: cùng)? (?:của )?(?:(?:{_EVERY}|các) )?(?P<u>tháng|quý|năm)(?! ?\d)"
)
_LAST_DAYS = {"tháng": ("-1",), "quý": ("03-31", "06-30", "09-30", "12-31"), "năm": ("12-31",)}
_MONTH_OF_YEAR = re.compile(
    rf"(?:vào |trong )?tháng (?P<m>\d{{1,2}})(?:(?: và|,) (?:tháng )?(?P<m2>\d{{1,2}}))? {_EVERY} năm"
)


def _calendar_times(low: str) -> list[Time]:
    times = [
        _time(match, [_UNITS[match["u"]]], ("last_working_day",)) for match in _LAST_WORKING.finditer(low)
    ]
    times += [_time(match, [_UNITS[match["u"]]], _LAST_DAYS[match["u"]]) for match in _LAST_DAY.finditer(low)]
    for match in _MONTH_OF_YEAR.finditer(low):
        months = tuple(f"{int(month):02d}" for month in (match["m"], match["m2"]) if month)
        times.append(_time(match, ["ANNUAL"], months))
    return times


_WEEKDAYS = {"hai": "MO", "ba": "TU", "tư": "WE", "năm": "TH", "sáu": "FR", "bảy": "SA", "bẩy": "SA",
             "2": "MO", "3": "TU", "4": "WE", "5": "TH", "6": "FR", "7": "SA"}  # fmt: skip
_WEEKLY = re.compile(
    r"(?:trước )?(?:(?P<h>\d{1,2}) ?(?:giờ|h|g) ?(?P<min>\d{2})?(?: ?phút)?,? )?(?:vào |định kỳ )?"
    r"(?:(?:sáng|chiều|tối|ngày|cuối) ){0,2}(?P<several>các ngày )?"
    rf"(?P<days>{WEEKDAY}(?:(?:, | và )(?:ngày )?{WEEKDAY}){{0,4}})(?P<every> (?:{_EVERY}|các) tuần)?"
)
_NTH = {"nhất": "1", "đầu tiên": "1", "đầu": "1", "hai": "2", "ba": "3", "tư": "4", "cuối": "-1"}
_NTH_WEEKDAY = re.compile(
    rf"(?P<days>{WEEKDAY}),? (?:của )?tuần (?:thứ )?(?P<n>{'|'.join(_NTH)}|[1-5])"
    rf"(?:,? (?:và )?tuần (?:thứ )?(?:hai|ba|tư|\d))?,? (?:của )?(?:{_EVERY} |trong |)tháng(?! ?\d)"
)


def _weekday_times(low: str) -> list[Time]:
    times = []
    for match in _NTH_WEEKDAY.finditer(low):
        nth = _NTH.get(match["n"], match["n"])
        times.append(_time(match, ["MONTHLY"], tuple(nth + day for day in _weekdays(match["days"]))))
    for match in _WEEKLY.finditer(low):
        if not match["every"] and not match["several"]:
            continue
        time = _time(match, ["WEEKLY"], tuple(_weekdays(match["days"])))
        hour = clock_time(match["h"], match["min"]) if match["h"] else None
        times.append(
            Time(
                time.start,
                time.end,
                "recurring",
                before=time.before,
                due_time=hour,
                recurrence=time.recurrence,
            )
        )
    return times


def _weekdays(words: str) -> list[str]:
    names = re.findall(r"thứ (\w{1,4})|(chủ nhật)", words)
    return [_WEEKDAYS[name] if name else "SU" for name, _sunday in names]


_PERIODIC_ALONE = re.compile(r"(?<!kỳ )định kỳ\b")
# After these words «định kỳ» names a kind of meeting or book; it orders nothing.
_NAME_OF = re.compile(
    any_of(
        """
        giao ban | kiểm định | ấn phẩm | khám sức khỏe | tiếp công dân | tiếp dân | xuất bản | bảo dưỡng
        sinh hoạt
        họp
        """
    )
    + " $"
)
_AFTER_NAME = re.compile(r"^(?:,|\.|;|\)|$| của| theo quy định| và đột xuất)")


def _unspecified_times(low: str) -> list[Time]:
    return [
        _time(match, ["UNSPECIFIED"])
        for match in _PERIODIC_ALONE.finditer(low)
        if not (_NAME_OF.search(low[: match.start()][-24:]) and _AFTER_NAME.match(low[match.end() :][:24]))
    ]
