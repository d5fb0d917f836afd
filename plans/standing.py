"""Duties without a date: standing ones, those that an event opens, terms counted from an event."""

import re
from datetime import date, timedelta

from plans.found import Clock, Relative, Time
from plans.patterns import NUMBER, any_of, number
from plans.windows import add_months, add_working_days

_ALWAYS = re.compile(
    r"\b(?:thường xuyên|liên tục|hằng ngày)(?:,? (?:và )?(?:liên tục|thường xuyên|kịp thời))?"
    r"(?:,? (?:trong )?(?:cả |suốt )?năm\b(?! \d))?"
)
# «Thường xuyên» as a part of a term or as a quality of something else.
_NOT_BEHIND = re.compile(
    any_of("""
        chi | giáo dục | học tập | tính | được | trở thành | là nhiệm vụ | việc làm | chặt chẽ | chặt chẽ,
        mang tính | bảo dưỡng | kinh phí | đầu tư | tài chính | nhiệm vụ | không | tự chủ | hoạt động
        diễn ra
        phối hợp
        sự | một cách | làm việc | tuyển | vốn | dự toán | đồng bộ | đồng bộ, | giáo dục nghề nghiệp
    """)
    + " $"
)
_NOT_BEFORE = re.compile(
    "^,? "
    + any_of("""
        ngân sách | sâu sát | chặt chẽ | có hiệu quả | hiệu quả | và hiệu quả | bị | xảy ra | của ngân sách
    """)
)
_ISSUED = any_of("""
    ban hành | phê duyệt | thông qua | có hiệu lực | kết thúc | hoàn thành | có văn bản | hướng dẫn
""")
_PROBLEM = any_of("khó khăn | vướng mắc | vấn đề phát sinh | phát sinh | nội dung phát sinh | vấn đề")
_HIGHER = any_of("""
    chính phủ | bộ | các bộ | trung ương | cấp trên | tỉnh | ủy ban | ubnd | luật | nghị định | thông tư
    nghị quyết
""")
_NEWS = any_of("phát sinh | văn bản | hướng dẫn | kế hoạch | chỉ đạo | thông báo")
_ON_REQUEST = (
    re.compile(r"(?:hoặc |và )?(?:đột xuất )?(?:khi có|theo) yêu cầu(?: của [^.;:,()]{2,60})?"),
    re.compile(
        r"(?:hoặc |và )?(?<!xuất sắc, )(?<!thành tích )đột xuất"
        r"(?: khi có yêu cầu| \(nếu có\)| \(khi có yêu cầu\))?"
    ),
    re.compile(r"(?:trong )?trường hợp (?:đặc biệt|đột xuất|cần thiết|phát sinh|có phát sinh)"),
    re.compile(
        rf"(?:nếu|khi) (?:có |gặp )?(?:phát sinh |những )?{_PROBLEM}[^.;:]{{0,40}}?"
        r"(?=,|;|\.| đề nghị| các | thì | kịp| báo cáo| phản ánh|$)"
    ),
    re.compile(rf"\b(?<!trước )(?<!sau )khi {_HIGHER}[^.;]{{0,80}}? {_ISSUED}[^.;,]{{0,80}}"),
    re.compile(rf"\b(?:ngay )?sau khi[^.;:]{{0,160}}?(?:được )?{_ISSUED}(?: [^.;:]{{0,40}}(?=\.|$))?"),
    re.compile(r"\bngay sau khi [^.;:,]{3,60}"),
    re.compile(rf"\bkhi (?:có )?{_NEWS}[^.;:,]{{0,60}}(?=\.|$)"),
)
_SOURCE = any_of("""
    tiến độ | lộ trình | kế hoạch | hướng dẫn | chỉ đạo | quy định | thời gian | thời hạn | lịch | văn bản
    chương trình | từng | các
""")
# Only where a time is expected: after «Thời gian thực hiện:» or in the time column of a table.
_IN_TIME_CELL = (
    re.compile(rf"[^.;]{{0,40}}?theo (?:đúng )?{_SOURCE}[^.;]{{0,160}}"),
    re.compile(r"(?:ngay )?(?:sau|khi|sau khi) [^.;]{2,160}"),
    re.compile(r"(?:nhân |vào |trong )?dịp [^.;]{2,120}"),
    re.compile(r"trước(?: và trong)? (?:khi|kỳ họp|mùa|tết|hội nghị|đại hội)[^.;]{0,100}"),
    re.compile(r"tại (?:kỳ họp|hội nghị)[^.;]{0,100}"),
)
# The same readings for a short text that is nothing else.
_BARE = re.compile(
    r"^(?:theo (?:đúng )?(?:tiến độ|lộ trình|kế hoạch|hướng dẫn|chỉ đạo)"
    r"|(?:ngay )?(?:trước|sau|trong|nhân|vào)?(?: và sau)? ?(?:dịp |kỳ |mùa )?"
    r"(?:tết|quốc khánh|lễ|mưa|bão|khai giảng|họp|đại hội)\b)[^.;,]{0,60}\.?$"
)
_FEAST = re.compile(
    r"^(?:nhân dịp|vào dịp|dịp|chào mừng|kỷ niệm)[^.;]{3,160}?, [^.;]{2,60}?"
    r"(?:tổ chức|treo|thực hiện|ra quân|triển khai|phát động)"
)
_LINK = re.compile(r"^(?:hoặc|và) ")


def standing(low: str, *, cell: bool) -> list[Time]:
    """Standing and on-request times. `cell` allows the readings that only a time cell has."""
    times = [
        Time(match.start(), match.end(), "continuous")
        for match in _ALWAYS.finditer(low)
        if not _NOT_BEHIND.search(low[: match.start()][-22:])
        and not _NOT_BEFORE.match(low[match.end() :][:20])
    ]
    for rule in (*_ON_REQUEST, *(_IN_TIME_CELL if cell else (_BARE,))):
        for match in rule.finditer(low):
            if all(match.end() <= other.start or match.start() >= other.end for other in times):
                trigger = _LINK.sub("", match[0]).strip(" .")
                times.append(Time(match.start(), match.end(), "on_request", trigger=trigger))
    feast = _FEAST.match(low)
    if feast and not times:
        times.append(Time(feast.start(), feast.end(), "on_request", flags=("event",)))
    return times


_COUNT = rf"(?P<n>{NUMBER}) (?P<u>ngày làm việc|ngày|giờ làm việc|giờ|tuần|tháng|năm)"
_AT_MOST = r"(?:chậm nhất|muộn nhất|không quá|tối đa)"
_AFTER_EVENT = re.compile(
    rf"(?:{_AT_MOST}(?: là)?(?: trong)? |trong )?(?:vòng |thời hạn |thời gian )?(?:không quá |tối đa )?"
    rf"(?:sau )?\b{_COUNT},? ?(?:\([^)]{{1,40}}\))? ?"
    r"(?:kể từ khi|kể từ|tính từ|từ khi|từ|sau khi|sau) (?P<anchor>[^.;,()]{3,90})"
)
_AHEAD_OF_EVENT = re.compile(
    rf"(?:chậm nhất|muộn nhất|ít nhất|tối thiểu|trước)(?: là)?(?: trước)? {_COUNT},? (?:trước|so với)"
    r" (?P<anchor>(?:khi|ngày)[^.;,()]{3,60})"
)
_EVENT_AHEAD = re.compile(
    r"trước (?P<anchor>(?:khi |ngày |thời điểm )[^.;,()\d]{2,60}?)(?: ít nhất| tối thiểu| chậm nhất)?(?: là)?"
    rf" {_COUNT}"
)
_SIGNING = re.compile(
    r"^(?:ngày )?(?:ký|ban hành|được ban hành"
    r"|(?:kế hoạch|quyết định|chỉ thị|văn bản) (?:này )?(?:được )?(?:ký|ban hành))"
)
_COUNT_UNITS = {
    "ngày làm việc": "working_day",
    "ngày": "day",
    "giờ": "hour",
    "giờ làm việc": "hour",
    "tuần": "day",
    "tháng": "month",
    "năm": "year",
}


def relative(low: str, clock: Clock) -> list[Time]:
    """Terms counted from an event; dated only where the event is the signing of the document."""
    times: list[Time] = []
    for rule, direction in ((_AHEAD_OF_EVENT, "before"), (_EVENT_AHEAD, "before"), (_AFTER_EVENT, "after")):
        for match in rule.finditer(low):
            if all(match.end() <= other.start or match.start() >= other.end for other in times):
                times.append(_term(match, direction, clock))
    return times


def _term(match: re.Match[str], direction: str, clock: Clock) -> Time:
    count = number(match["n"]) * (7 if match["u"] == "tuần" else 1)
    unit, anchor = _COUNT_UNITS[match["u"]], match["anchor"].strip()
    signed = bool(_SIGNING.match(anchor)) and direction == "after"
    due = _counted(clock.issued, count, unit) if signed and clock.issued else None
    term = Relative(count, unit, direction, "ngày ký" if signed else anchor)
    flags: tuple[str, ...] = () if due else ("needs_anchor",)
    if due and unit == "working_day":
        flags = ("holidays_ignored",)
    elif due and due.weekday() > 4:
        flags = ("weekend",)
    return Time(
        *match.span(), kind="deadline", due=due, before=direction == "before", relative=term, flags=flags
    )


def _counted(start: date, count: int, unit: str) -> date | None:
    """The day `count` units after the day of signing, which is not counted. Hours have no day."""
    match unit:
        case "working_day":
            return add_working_days(start, count)
        case "hour":
            return None
        case "day":
            return start + timedelta(days=count)
        case _:
            return add_months(start, count * (12 if unit == "year" else 1))
