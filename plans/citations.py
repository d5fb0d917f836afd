"""Dates that are nobody's deadline: cited documents, data periods, effect clauses, anniversaries, the date line."""

import re

Spans = list[tuple[int, int]]

_DATE = r"ngày (?:\d{1,2} ?[/.\-] ?\d{1,2} ?[/.\-] ?\d{2,4}|\d{1,2} tháng \d{1,2} năm \d{4}|\d{1,2}/\d{1,2}|tháng(?: \d{1,2})? năm \d{4})"
_PAPER = (
    r"(?:chỉ thị|kết luận|quyết định|nghị quyết|nghị định|thông tư|công văn|kế hoạch|chương trình|pháp lệnh|hướng dẫn|quy định"
    r"|quy chế|thông báo|công điện|đề án|tờ trình|báo cáo|văn bản|thông tri|điều lệ|hiến pháp|bộ luật|luật|sắc lệnh|lời kêu gọi|giấy mời)"
)
# A number such as 33/CT-TTg, 120 -KL/TW or 34/2007/PL-UBTVQH11: digits, a bar or dash, then letters.
_CODE = r"\d{1,5} ?[/\-] ?(?:\d{4} ?/ ?)?[a-zđ][\w/\-.&]{0,30}(?: ?- ?[a-zđ&]{1,8})?"

_RULES = (
    # Chỉ thị số 33/CT-TTg(,) (ký) ngày 26/11/2021: a document and its date.
    re.compile(rf"{_CODE}(?:\[[^\]]{{0,60}}\])?,?(?: của [^.;:,]{{1,60}})?,?(?: ký| ban hành)? {_DATE}"),
    re.compile(rf"(?:số|kế hoạch|quyết định) ?/[\w\-]{{1,15}},? {_DATE}"),
    # Luật Giáo dục ngày 14/6/2019: a document known by its name.
    re.compile(
        rf"\b{_PAPER} [^.;:()]{{0,140}}?(?<!trước )(?<!nhất )(?<!đến )(?<!hết )(?<!từ )(?<!vào ){_DATE} (?:của|về|và|do)\b"
    ),
    re.compile(
        rf"\b(?:luật|nghị quyết|hiến pháp|pháp lệnh|bộ luật) [^.;:(),]{{0,140}}?(?<!trước )(?<!nhất )(?<!đến )(?<!hết )(?<!từ )(?<!vào ){_DATE}"
    ),
    # The date line and the blank left for it.
    re.compile(r"ngày tháng(?: \d{1,2})? năm \d{4}"),
    re.compile(rf"^[^\d.;:]{{2,40}}, {_DATE}$"),
    # The day from which a text applies.
    re.compile(rf"(?:có|hết) hiệu lực[^.;:,]{{0,40}}?(?:kể )?(?:từ|vào) {_DATE}"),
    re.compile(
        rf"(?:được|do) [^.;:]{{0,80}}?(?:thông qua|phê duyệt|ban hành|ký|thành lập)[^.;:,]{{0,50}}? {_DATE}"
    ),
    re.compile(rf"(?:thông qua|ban hành|thành lập|ký|sinh|mất|công bố) (?:kèm theo )?{_DATE}"),
    # Data of a period, not work in it.
    re.compile(
        r"(?:số liệu|dữ liệu|kỳ báo cáo|mốc thời gian|thời điểm|thời kỳ|thời gian lấy số liệu|thời gian chốt|chốt)[^.;]{0,80}?"
        rf"(?:(?:từ|đến|là|ngày) ?(?:{_DATE}|\d{{1,2}}/\d{{1,2}}(?:/\d{{4}})?)(?: ?(?:đến|-) ?(?:hết )?(?:ngày )?[\d/]{{3,10}})?|{_DATE})"
    ),
    re.compile(
        rf"(?<!thời hạn )tính (?:từ|đến)(?: hết)?(?: thời điểm)? ?(?:{_DATE}|[\d/]{{4,10}}|tháng [\d/]{{1,7}}|năm \d{{4}}|quý [iv]{{1,3}}(?:/\d{{4}})?)"
    ),
    # Terms, visions, programmes: years that name something.
    re.compile(r"(?:nhiệm kỳ|khóa|khoá) [\w]{0,8},? ?\d{4} ?- ?\d{4}"),
    re.compile(r"(?:nhiệm kỳ|khóa|khoá) \d{4} ?- ?\d{4}"),
    re.compile(r"(?:đến năm \d{4},? )?(?:và )?(?:định hướng|tầm nhìn)[^.;,]{0,30}? năm \d{4}"),
    re.compile(r"(?:kỷ niệm|chào mừng)[^.;]{0,80}?\([^)]{0,60}\)"),
    re.compile(
        r"(?:dự toán|ngân sách|kinh phí|vốn|tài chính)(?: [^\s.;,:]{1,12}){0,6}? (?:hằng năm|năm \d{4})"
    ),
    re.compile(
        r"(?:văn bản hướng dẫn|kế hoạch|chương trình công tác|chương trình|nghị quyết|chỉ tiêu) hằng (?:năm|quý|tháng)"
    ),
    re.compile(r"(?:quy định tại|tại|theo) (?:điều|khoản|điểm|mục|phụ lục) [^.;]{0,30}"),
)
_PAST = re.compile(r"(?:^|[ ,])đã (?!được giao|được phân công|đề ra|phê duyệt)\w{2,}")


def not_deadlines(low: str) -> Spans:
    """The places of the text whose dates are never deadlines."""
    spans = [match.span() for rule in _RULES for match in rule.finditer(low)]
    return [span for span in spans if not _names_a_deadline(low, span)]


def tells_the_past(low: str) -> bool:
    """Whether the sentence tells what has been done."""
    return bool(_PAST.search(low))


# A date that one of these words announces is a deadline even behind a document's number.
_ANNOUNCED = re.compile(r"(?:trước|chậm nhất|muộn nhất|đến hết|không quá)(?: là| vào)? (?:ngày )?\d")


def _names_a_deadline(low: str, span: tuple[int, int]) -> bool:
    return bool(_ANNOUNCED.search(low[span[0] : span[1]]))
