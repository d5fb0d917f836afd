"""Duties without a date: standing ones, ones that an event or a request opens, and terms counted from an event."""

import re
from datetime import date, timedelta

from plans.found import Clock, Relative, Time
from plans.points import NUMBER, add_months, add_working_days, number

_ALWAYS = re.compile(r"\b(?:thường xuyên|liên tục|hằng ngày|duy trì thường xuyên)(?:,? (?:và )?(?:liên tục|thường xuyên|kịp thời))?(?:,? (?:trong )?(?:cả |suốt )?năm\b(?! \d))?")
# «Thường xuyên» as a part of a term or as a quality of something else.
_NOT_BEFORE = re.compile(
    r"(?:chi|giáo dục|học tập|tính|được|trở thành|là nhiệm vụ|việc làm|chặt chẽ,?|mang tính|bảo dưỡng|kinh phí|đầu tư|tài chính|nhiệm vụ|không"
    r"|tự chủ|hoạt động|diễn ra|phối hợp|sự|một cách|làm việc|tuyển|vốn|dự toán|gdtx|đồng bộ,?) $"
)
_NOT_AFTER = re.compile(r"^(?: ngân sách|, sâu sát|,? chặt chẽ|, có hiệu quả|, hiệu quả| và hiệu quả| bị| xảy ra| của ngân sách)")

_EVENT = r"[^.;:]{0,160}?"
_ON_REQUEST = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:hoặc |và )?(?:đột xuất )?(?:khi có|theo) yêu cầu(?: của [^.;:,()]{2,60})?",
        r"(?:hoặc |và )?(?<!xuất sắc, )(?<!thành tích )đột xuất(?: khi có yêu cầu| \(nếu có\)| \(khi có yêu cầu\))?",
        r"(?:trong )?trường hợp (?:đặc biệt|đột xuất|cần thiết|phát sinh|có phát sinh)",
        r"(?:nếu|khi) (?:có |gặp )?(?:phát sinh |những )?(?:khó khăn|vướng mắc|vấn đề phát sinh|phát sinh|nội dung phát sinh|vấn đề)[^.;:]{0,40}?(?=,|;|\.| đề nghị| các | thì | kịp| báo cáo| phản ánh|$)",
        rf"\b(?:ngay )?sau khi{_EVENT}(?:được |có hiệu lực |)(?:ban hành|phê duyệt|thông qua|có hiệu lực|kết thúc|hoàn thành|có văn bản|hướng dẫn)(?: [^.;:]{{0,40}}(?=\.|$))?",
        r"\bngay sau khi [^.;:,]{3,60}",
        r"\bkhi (?:có )?(?:phát sinh|văn bản|hướng dẫn|kế hoạch|chỉ đạo|thông báo)[^.;:,]{0,60}(?=\.|$)",
    )
)  # fmt: skip
# Only where a time is expected: after «Thời gian thực hiện:» or in the time column of a table.
_IN_TIME_CELL = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:[^.;]{0,40}?)theo (?:đúng )?(?:tiến độ|lộ trình|kế hoạch|hướng dẫn|chỉ đạo|quy định|thời gian|thời hạn|lịch|văn bản|chương trình|từng|các)[^.;]{0,160}",
        r"(?:ngay )?(?:sau|khi|sau khi) [^.;]{2,160}",
        r"(?:nhân |vào |trong )?dịp [^.;]{2,120}",
        r"trước(?: và trong)? (?:khi|kỳ họp|mùa|tết|hội nghị|đại hội)[^.;]{0,100}",
        r"tại (?:kỳ họp|hội nghị)[^.;]{0,100}",
    )
)  # fmt: skip
_FEAST = re.compile(r"^(?:nhân dịp|vào dịp|dịp|chào mừng|kỷ niệm)[^.;]{3,160}?, [^.;]{2,60}?(?:tổ chức|treo|thực hiện|ra quân|triển khai|phát động)")
_TRIGGER = re.compile(r"^(?:hoặc|và) ")


def standing(low: str, *, cell: bool) -> list[Time]:
    """Standing and on-request times. `cell` allows the readings that only a time cell has."""
    times = [
        Time(*match.span(), kind="continuous")
        for match in _ALWAYS.finditer(low)
        if not _NOT_BEFORE.search(low[: match.start()][-20:]) and not _NOT_AFTER.match(low[match.end() :][:20])
    ]
    for rule in (*_ON_REQUEST, *(_IN_TIME_CELL if cell else ())):
        for match in rule.finditer(low):
            if all(match.end() <= other.start or match.start() >= other.end for other in times):
                times.append(Time(*match.span(), kind="on_request", trigger=_TRIGGER.sub("", match[0]).strip()))
    feast = _FEAST.match(low)
    if feast and not times:
        times.append(Time(feast.start(), feast.end(), kind="on_request", flags=("event",)))
    return times


_COUNT = rf"(?P<n>{NUMBER}) (?P<u>ngày làm việc|ngày|giờ làm việc|giờ|tuần|tháng|năm)"
_AFTER = re.compile(
    rf"(?P<lead>(?:chậm nhất|muộn nhất|không quá|tối đa)(?: là)?(?: trong)? |trong )?(?:vòng |thời hạn |thời gian )?(?:không quá |tối đa )?(?:sau )?\b{_COUNT},?"
    r" ?(?:\([^)]{1,40}\))? ?(?:kể từ khi|kể từ|tính từ|từ khi|từ|sau khi|sau) (?P<anchor>[^.;,()]{3,90})"
)
_AHEAD = re.compile(rf"(?:chậm nhất|muộn nhất|ít nhất|tối thiểu|trước)(?: là)?(?: trước)? {_COUNT},? trước (?P<anchor>(?:khi|ngày)[^.;,()]{{3,60}})")
_AHEAD_OF = re.compile(rf"trước (?P<anchor>(?:khi |ngày |thời điểm )[^.;,()\d]{{2,60}}?)(?: ít nhất| tối thiểu| chậm nhất)?(?: là)? {_COUNT}")
_SIGNING = re.compile(r"^(?:ngày )?(?:ký|ban hành|văn bản này|kế hoạch này|(?:kế hoạch|quyết định|chỉ thị|văn bản)(?: này)? (?:này |được )?(?:ký|ban hành)|được ban hành|ngày kế hoạch)")
_UNIT = {"ngày làm việc": "working_day", "ngày": "day", "giờ": "hour", "giờ làm việc": "hour", "tuần": "day", "tháng": "month", "năm": "year"}


def relative(low: str, clock: Clock) -> list[Time]:
    """Terms counted from an event; dated only where the event is the signing of the document."""
    times: list[Time] = []
    for rule, direction in ((_AHEAD, "before"), (_AHEAD_OF, "before"), (_AFTER, "after")):
        for match in rule.finditer(low):
            if all(match.end() <= other.start or match.start() >= other.end for other in times):
                times.append(_relative(match, direction, clock))
    return times


def _relative(match: re.Match[str], direction: str, clock: Clock) -> Time:
    count = number(match["n"]) * (7 if match["u"] == "tuần" else 1)
    unit, anchor = _UNIT[match["u"]], match["anchor"].strip()
    signed = bool(_SIGNING.match(anchor)) and direction == "after"
    due = _counted(clock.issued, count, unit) if signed and clock.issued else None
    term = Relative(count, unit, direction, "ngày ký" if signed else anchor)
    flags = () if due else ("needs_anchor",)
    if due and due.weekday() > 4:
        flags = ("weekend",)
    return Time(*match.span(), kind="deadline", due=due, before=direction == "before", relative=term, flags=flags)


def _counted(start: date, count: int, unit: str) -> date | None:
    if unit == "working_day":
        return add_working_days(start, min(count, 999))
    if unit == "hour":
        return None
    if unit == "day":
        return start + timedelta(days=count)
    return add_months(start, count * (12 if unit == "year" else 1))
