"""Words of repetition: «hằng quý», «định kỳ 6 tháng, 01 năm», «02 lần/năm», «thứ Hai hằng tuần», «định kỳ»."""

import re

from plans.found import Recurrence, Time

_UNITS = {"ngày": "DAILY", "tuần": "WEEKLY", "tháng": "MONTHLY", "quý": "QUARTERLY", "năm": "ANNUAL"}
_HALF = r"0?6 tháng|sáu tháng|nửa năm"
_THREE = r"0?3 tháng|ba tháng"
_ONE = rf"(?:{_HALF}|{_THREE}|(?:0?1 |một |cả )?(?:tuần|tháng|quý|năm)\b(?! \d))"
_LINK = r"(?:,| và| hoặc|/| -|;)"
_ORDER = {"DAILY": 0, "WEEKLY": 1, "MONTHLY": 2, "QUARTERLY": 3, "SEMIANNUAL": 4, "ANNUAL": 5, "UNSPECIFIED": 6}

_EVERY = re.compile(
    rf"(?<!khách )(?<!ngân )(?:định kỳ )?(?:vào |theo )?(?:hằng|mỗi|từng) (?P<u>ngày|tuần|tháng|quý|năm)\b(?! \d)"
    rf"(?P<more>(?: ?{_LINK} ?(?:hằng |mỗi |định kỳ )?{_ONE}){{0,3}})(?: một lần| 0?1 lần| ít nhất (?:một|\d{{1,2}}) (?:lần|cuộc|kỳ))?"
)
_PERIODIC = re.compile(
    rf"định kỳ(?: báo cáo)?,? ?(?:theo |vào )?\(?(?P<first>{_ONE})(?P<more>(?: ?{_LINK} ?(?:hằng |mỗi |định kỳ |theo )?{_ONE}){{0,3}})\)?(?:/(?:0?1 )?lần| một lần| 0?1 lần)?"
)
_PER = re.compile(
    r"(?:(?:ít nhất|tối thiểu) )?(?:(?P<count>\d{1,2}|một|hai|ba|bốn) ?(?:-? ?\d{1,2} )?(?:lần|cuộc|kỳ|buổi|đợt|ngày|số|tin bài)|\w+) ?/ ?(?:0?1 )?(?P<u>tuần|tháng|quý|năm)\b"
)
_ONCE_IN = re.compile(r"(?P<first>0?6 tháng|sáu tháng|0?3 tháng|ba tháng|\d{1,2} tuần|tuần|tháng|quý|năm) ?(?:/ ?(?:0?1 )?lần| một lần| 0?1 lần)")
_ONE_OF = re.compile(r"(?:một|0?1) (?P<u>tuần|tháng|quý|năm) (?:một|0?1|hai|0?2|\d) lần")
_HALF_AND_YEAR = re.compile(
    rf"(?:\(|, |báo cáo |kết (?:quả )?)?(?P<first>{_HALF}|quý),? ?(?:và )?(?:(?:hằng|0?1|cả|một) )?năm\b(?! \d)(?! học)"
)
_WEEKDAY = {"hai": "MO", "ba": "TU", "tư": "WE", "năm": "TH", "sáu": "FR", "bảy": "SA", "bẩy": "SA", "2": "MO", "3": "TU",
            "4": "WE", "5": "TH", "6": "FR", "7": "SA"}  # fmt: skip
_WEEKDAY_NAME = r"(?:thứ (?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ nhật)"
_WEEKLY = re.compile(
    rf"(?P<before>trước )?(?:(?P<h>\d{{1,2}}) ?(?:giờ|h|g) ?(?P<min>\d{{2}})?(?: ?phút)?,? )?(?:vào |định kỳ )?(?:(?:sáng|chiều|tối|ngày|các ngày|cuối) ){{0,2}}"
    rf"(?P<days>{_WEEKDAY_NAME}(?:(?:, | và )(?:ngày )?{_WEEKDAY_NAME}){{0,4}})(?: (?:hằng|mỗi|các) tuần)?"
)
_NTH_WEEKDAY = re.compile(
    rf"(?P<days>{_WEEKDAY_NAME}),? (?:của )?tuần (?:thứ )?(?P<n>nhất|đầu tiên|đầu|hai|ba|tư|cuối|[1-5])(?:,? (?:và )?tuần (?:thứ )?(?:hai|ba|tư|\d))?,? (?:của )?(?:hằng|mỗi|từng) tháng"
)
_LAST_WORKING = re.compile(
    r"(?:vào |trước )?ngày làm việc cuối cùng (?:của )?(?:(?:hằng|mỗi|từng|các) )?(?P<u>tuần|tháng|quý|năm)(?! \d)"
)
_LAST_OF = re.compile(r"(?:vào |trước )?ngày cuối(?: cùng)? (?:của )?(?:(?:hằng|mỗi|từng|các) )?(?P<u>tháng|quý|năm)(?! ?\d)")
_MONTH_OF_YEAR = re.compile(r"(?:vào |trong )?tháng (?P<m>\d{1,2})(?: (?:và|,) tháng \d{1,2})? (?:hằng|mỗi) năm")
_EACH_TERM = re.compile(r"(?:đầu|cuối) (?:(?:hằng|mỗi) )?(?P<u>tháng|quý|năm)\b(?! \d)(?! 20)(?= (?:hằng|báo cáo|tổ chức))")
_PERIODIC_ALONE = re.compile(r"(?<!kỳ )định kỳ\b")
# After these words «định kỳ» names a kind of meeting or book, it orders nothing.
_NAME_OF = re.compile(r"(?:giao ban|kiểm định|ấn phẩm|khám sức khỏe|tiếp công dân|tiếp dân|xuất bản|bảo dưỡng|sinh hoạt|họp) $")
_AFTER_NAME = re.compile(r"^(?:,|\.|;|\)|$| của| theo quy định| và đột xuất)")


def repeated(low: str) -> list[Time]:
    """All expressions of repetition, in order; a longer one hides the shorter inside it."""
    found: list[Time] = []
    for rule in (_weekday_times, _calendar_times, _frequency_times, _unspecified_times):
        for time in rule(low):
            if all(time.end <= other.start or time.start >= other.end for other in found):
                found.append(time)
    return sorted(found, key=lambda time: time.start)


def _time(match: re.Match[str], freqs: list[str], by: tuple[str, ...] = (), *, before: bool = False) -> Time:
    ordered = sorted(set(freqs), key=_ORDER.__getitem__)
    several = tuple(ordered) if len(ordered) > 1 else ()
    return Time(*match.span(), kind="recurring", before=before, recurrence=Recurrence(ordered[0], by, several))


def frequency(words: str) -> str:
    """The code of «6 tháng», «năm», «01 năm», «quý» ..."""
    if re.fullmatch(_HALF, words):
        return "SEMIANNUAL"
    if re.fullmatch(_THREE, words):
        return "QUARTERLY"
    return _UNITS[words.split()[-1]]


def _frequency_times(low: str) -> list[Time]:
    times = []
    for match in (*_PERIODIC.finditer(low), *_ONCE_IN.finditer(low), *_HALF_AND_YEAR.finditer(low)):
        groups = match.groupdict()
        words = [groups["first"], *re.findall(_ONE, groups.get("more") or "")]
        if "more" not in groups and "năm" in match[0].removeprefix(groups["first"]):
            words.append("năm")
        times.append(_time(match, [frequency(word) for word in words]))
    for match in (*_EVERY.finditer(low), *_PER.finditer(low), *_ONE_OF.finditer(low), *_EACH_TERM.finditer(low)):
        more = re.findall(_ONE, match.groupdict().get("more") or "")
        times.append(_time(match, [_per(match), *(frequency(word) for word in more)]))
    return sorted(times, key=lambda time: time.start - time.end)


def _per(match: re.Match[str]) -> str:
    count = match.groupdict().get("count")
    twice = count is not None and count in ("02", "2", "hai") and match["u"] == "năm"
    return "SEMIANNUAL" if twice else _UNITS[match["u"]]


def _calendar_times(low: str) -> list[Time]:
    times = []
    for match in _LAST_WORKING.finditer(low):
        times.append(_time(match, [_UNITS[match["u"]]], ("last_working_day",), before=match[0].startswith("trước")))
    for match in _LAST_OF.finditer(low):
        by = {"tháng": ("-1",), "quý": ("03-31", "06-30", "09-30", "12-31"), "năm": ("12-31",)}[match["u"]]
        times.append(_time(match, [_UNITS[match["u"]]], by, before=match[0].startswith("trước")))
    for match in _MONTH_OF_YEAR.finditer(low):
        times.append(_time(match, ["ANNUAL"], (f"{int(match['m']):02d}",)))
    return times


_NTH = {"nhất": "1", "đầu tiên": "1", "đầu": "1", "hai": "2", "ba": "3", "tư": "4", "cuối": "-1"}


def _weekday_times(low: str) -> list[Time]:
    times = []
    for match in _NTH_WEEKDAY.finditer(low):
        nth = _NTH.get(match["n"], match["n"])
        times.append(_time(match, ["MONTHLY"], tuple(nth + day for day in _weekdays(match["days"]))))
    for match in _WEEKLY.finditer(low):
        days = _weekdays(match["days"])
        if "tuần" not in match[0] and "các ngày" not in match[0]:
            continue
        time = _time(match, ["WEEKLY"], tuple(days), before=bool(match["before"]))
        hour = f"{int(match['h']):02d}:{match['min'] or '00'}" if match["h"] else None
        times.append(Time(time.start, time.end, "recurring", before=time.before, due_time=hour, recurrence=time.recurrence))
    return times


def _weekdays(words: str) -> list[str]:
    names = re.findall(r"thứ (\w{1,4})|(chủ nhật)", words)
    return [_WEEKDAY[name] if name else "SU" for name, _sunday in names]


def _unspecified_times(low: str) -> list[Time]:
    times = []
    for match in _PERIODIC_ALONE.finditer(low):
        named = _NAME_OF.search(low[: match.start()][-24:]) and _AFTER_NAME.match(low[match.end() :][:24])
        if not named:
            times.append(_time(match, ["UNSPECIFIED"]))
    return times
