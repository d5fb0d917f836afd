"""The words in front of a point of the calendar: what they announce, and where the expression begins."""

import re

from plans.patterns import WEEKDAY, any_of

_LATEST = any_of(
    "chậm nhất | muộn nhất | trễ nhất | chậm nhất là | chậm nhất đến | chậm nhất vào | chậm nhất đến hết"
)
_DURING = any_of("trong | vào | hoàn thành | xong | dự kiến | khoảng | tại | trong các | vào các")
_LEADS = (
    ("inclusive", re.compile(r"trước và trong ?$")),
    ("before", re.compile(r"\btrước(?: là)? ?(?:ngày )?:? ?$")),
    ("inclusive", re.compile(rf"{_LATEST}(?: là| vào| đến)?(?: hết)?(?: ngày)? ?:? ?$")),
    ("inclusive", re.compile(r"không (?:quá|muộn hơn|chậm hơn)(?: ngày)? ?$")),
    ("inclusive", re.compile(r"hạn (?:chót|cuối|cuối cùng)[^.;,\d]{0,50}$")),
    ("inclusive", re.compile(r"hạn\b[^.;,\d]{0,50}(?:là|:|đến|vào)(?: hết)?(?: ngày)? ?$")),
    ("inclusive", re.compile(r"(?:đến |tới )?hết(?: ngày)? ?$")),
    ("from", re.compile(r"(?:kể từ|bắt đầu từ|từ|bắt đầu|khởi công)(?: ngày)? ?$")),
    ("until", re.compile(r"(?:đến|tới)(?: ngày)? ?$")),
    ("in", re.compile(rf"(?:\btrong và |{_DURING}(?: khoảng)?) ?:? ?$")),
)  # fmt: skip
# Hour and weekday stand between the announcing word and the day: «trước 11 giờ 30 phút thứ Sáu, ngày».
_WEEKDAY_BEFORE = re.compile(rf"(?:sáng |chiều |tối )?{WEEKDAY},? ?(?:ngày )?$")
_HOUR_BEFORE = re.compile(
    r"(?P<h>\d{1,2}) ?(?:giờ|h|g)(?: ?(?P<m>\d{2}))?(?: ?phút)?,? ?(?:của )?(?:ngày )?$"
)
_REACH, _LEAD_REACH = 30, 70


def announced(low: str, place: int) -> tuple[str, int]:
    """The kind of announcing word right before a place ("" for none) and where it begins."""
    for kind, pattern in _LEADS:
        match = pattern.search(low, max(0, place - _LEAD_REACH), place)
        if match:
            return kind, match.start()
    return "", place


def hour(low: str, place: int) -> tuple[str | None, int]:
    """The hour before a day, as "HH:MM", and where hour and weekday begin. «24 giờ» is the day to its end."""
    weekday = _WEEKDAY_BEFORE.search(low, max(0, place - _REACH), place)
    place = weekday.start() if weekday else place
    clock = _HOUR_BEFORE.search(low, max(0, place - _REACH), place)
    if not clock:
        return None, place
    is_end = (clock["h"], clock["m"] or "00") == ("24", "00")
    found = clock_time(clock["h"], clock["m"])
    return found, clock.start() if found or is_end else place


def clock_time(hours: str, minutes: str | None) -> str | None:
    """As "HH:MM"; None for an hour that no clock shows."""
    shown = f"{int(hours):02d}:{minutes or '00'}"
    return shown if shown < "24" and shown[3:] < "60" else None
