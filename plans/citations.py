"""Dates that are nobody's deadline: cited documents, data periods, effect clauses, the date line."""

import re

from plans.found import Span
from plans.patterns import any_of

_DAY = r"\d{1,2} ?[/.\-] ?\d{1,2} ?[/.\-] ?\d{2,4}|\d{1,2} tháng \d{1,2} năm \d{4}|\d{1,2}/\d{1,2}"
_DATE = rf"ngày (?:{_DAY}|tháng(?: \d{{1,2}})? năm \d{{4}})"
_PAPER = any_of("""
    chỉ thị | kết luận | quyết định | nghị quyết | nghị định | thông tư | công văn | kế hoạch | chương trình
    pháp lệnh | hướng dẫn | quy định | quy chế | thông báo | công điện | đề án | tờ trình | báo cáo | văn bản
    thông tri | điều lệ | hiến pháp | bộ luật | luật | sắc lệnh | lời kêu gọi | giấy mời
""")
_LAW = any_of("luật | nghị quyết | hiến pháp | pháp lệnh | bộ luật")
# A number such as 33/CT-TTg, 120 -KL/TW or 34/2007/PL-UBTVQH11: digits, a bar or dash, then letters.
_CODE = r"\d{1,5} ?[/\-] ?(?:\d{4} ?/ ?)?[a-zđ][\w/\-.&]{0,30}(?: ?- ?[a-zđ&]{1,8})?"
_UNANNOUNCED = r"(?<!trước )(?<!nhất )(?<!đến )(?<!hết )(?<!từ )(?<!vào )"
_DATA = any_of("""
    số liệu | dữ liệu | kỳ báo cáo | mốc thời gian | thời điểm | thời kỳ | thời gian lấy số liệu
    thời gian chốt | chốt
""")
_DONE = any_of("thông qua | phê duyệt | ban hành | ký | thành lập")
_MONEY = any_of("dự toán | ngân sách | kinh phí | vốn | tài chính")
_PAPER_OF_YEAR = any_of(
    "văn bản hướng dẫn | kế hoạch | chương trình công tác | chương trình | nghị quyết | chỉ tiêu"
)

_RULES = (
    # Chỉ thị số 33/CT-TTg(,) (ký) ngày 26/11/2021: a document and its date.
    re.compile(rf"{_CODE}(?:\[[^\]]{{0,60}}\])?,?(?: của [^.;:,]{{1,60}})?,?(?: ký| ban hành)? {_DATE}"),
    re.compile(rf"(?:số|kế hoạch|quyết định) ?/[\w\-]{{1,15}},? {_DATE}"),
    # Luật Giáo dục ngày 14/6/2019: a document known by its name.
    re.compile(rf"\b{_PAPER} [^.;:()]{{0,140}}?{_UNANNOUNCED}{_DATE} (?:của|về|và|do)\b"),
    re.compile(rf"\b{_LAW} [^.;:(),]{{0,140}}?{_UNANNOUNCED}{_DATE}"),
    # The date line and the blank left for it.
    re.compile(r"ngày tháng(?: \d{1,2})? năm \d{4}"),
    re.compile(rf"^[^\d.;:]{{2,40}}, {_DATE}$"),
    # The day from which a text applies, the day on which it was passed.
    re.compile(rf"(?:có|hết) hiệu lực[^.;:,]{{0,40}}?(?:kể )?(?:từ|vào) {_DATE}"),
    re.compile(rf"(?:được|do) [^.;:]{{0,80}}?{_DONE}[^.;:,]{{0,50}}? {_DATE}"),
    re.compile(rf"(?:thông qua|ban hành|thành lập|ký|sinh|mất|công bố) (?:kèm theo )?{_DATE}"),
    # Data of a period, not work in it.
    re.compile(
        rf"{_DATA}[^.;]{{0,80}}?(?:(?:từ|đến|là|ngày) ?(?:{_DATE}|\d{{1,2}}/\d{{1,2}}(?:/\d{{4}})?)"
        rf"(?: ?(?:đến|-) ?(?:hết )?(?:ngày )?[\d/]{{3,10}})?|{_DATE})"
    ),
    re.compile(
        rf"(?<!thời hạn )tính (?:từ|đến)(?: hết)?(?: thời điểm)? ?"
        rf"(?:{_DATE}|[\d/]{{4,10}}|tháng [\d/]{{1,7}}|năm \d{{4}}|quý [iv]{{1,3}}(?:/\d{{4}})?)"
    ),
    # Terms, visions, anniversaries, budgets: years that name something.
    re.compile(r"(?:nhiệm kỳ|khóa|khoá) (?:\w{0,8},? ?)?\d{4} ?- ?\d{4}"),
    re.compile(r"(?:đến năm \d{4},? )?(?:và )?(?:định hướng|tầm nhìn)[^.;,]{0,30}? năm \d{4}"),
    re.compile(r"(?:kỷ niệm|chào mừng)[^.;]{0,80}?\([^)]{0,60}\)"),
    re.compile(rf"{_MONEY}(?: [^\s.;,:]{{1,12}}){{0,6}}? (?:hằng năm|năm \d{{4}})"),
    re.compile(rf"{_PAPER_OF_YEAR} hằng (?:năm|quý|tháng)"),
    re.compile(r"(?:quy định tại|tại|theo) (?:điều|khoản|điểm|mục|phụ lục) [^.;]{0,30}"),
)
# A date that one of these words announces is a deadline even behind a document's number.
_ANNOUNCED = re.compile(r"(?:trước|chậm nhất|muộn nhất|đến hết|không quá)(?: là| vào)? (?:ngày )?\d")
_PAST = re.compile(r"(?:^|[ ,])đã (?!được giao|được phân công|đề ra|phê duyệt)\w{2,}")


def not_deadlines(low: str) -> list[Span]:
    """The places of the text whose dates are never deadlines."""
    spans = (match.span() for rule in _RULES for match in rule.finditer(low))
    return [(start, end) for start, end in spans if not _ANNOUNCED.search(low[start:end])]


def tells_the_past(low: str) -> bool:
    """Whether the sentence tells what has been done."""
    return bool(_PAST.search(low))
