"""The head of a plan: number, issuer, place, date, title, year, signer. What is left blank stays None."""

import re
from collections.abc import Sequence
from datetime import date

from plans.found import Document
from plans.source import Line, Source

_HEAD_LINES, _TAIL_LINES = 40, 14
_NUMBER = re.compile(r"Số ?:? {0,3}(?P<number>\d{1,5}(?:/\d{4})? ?[/-] ?[A-ZĐ][\w&.Đđ]{0,14}(?:[-/–][\w&.Đđ]{1,20}){0,3})")
_DATE = re.compile(
    r"(?P<place>[A-ZĐÀ-Ỹ][^\d|,;:.]{1,40}), ?ngày ?(?P<d>\d{1,2})? ?tháng ?(?P<m>\d{1,2})? ?năm ?(?P<y>\d{4})"
)
_TITLE_WORD = re.compile(r"^(?:DỰ THẢO )?(?:KẾ HOẠCH|QUYẾT ĐỊNH|CHƯƠNG TRÌNH|PHƯƠNG ÁN|CHỈ THỊ|THÔNG BÁO|HƯỚNG DẪN|LỊCH CÔNG TÁC|ĐỀ ÁN)\b:?")
_TITLE_END = re.compile(r"^(?:Căn cứ|Thực hiện (?:Chỉ thị|Kế hoạch|Công văn|Nghị quyết|Quyết định|Quy chế|Luật|Hướng dẫn|Chương trình|Kết luận|Thông)|Để |Nhằm |[-_*=]{3,}|I[.\-]|\(|Điều 1|Theo |Trên cơ sở|Luật |CHỦ TỊCH|ỦY BAN|UỶ BAN|THỦ TƯỚNG)")
_YEAR = re.compile(r"\bnăm (?:học )?(\d{4})")
_ISSUER_START = re.compile(r"^(?:\| ?)?(?:ỦY BAN|UỶ BAN|UBND|HỘI ĐỒNG|BAN |TỈNH ỦY|THỊ ỦY|HUYỆN ỦY|ĐẢNG ỦY|THÀNH ỦY|SỞ |BỘ |THỦ TƯỚNG|CHÍNH PHỦ|ĐẢNG BỘ|PHÒNG|CÔNG AN|MẶT TRẬN|TRƯỜNG|HỘI )")
_ISSUER_IN_TEXT = re.compile(r"(?P<unit>(?:Ủy ban nhân dân|UBND|Ban [A-ZĐ][^\d,;.]{2,70}?|Thủ tướng Chính phủ|Đảng ủy|Sở [A-ZĐ][^\d,;.]{2,40}?)(?: [^\d,;.“\"]{2,40}?)?) (?:xây dựng|ban hành|triển khai) ?(?:và )?(?:ban hành )?(?:“|\")?[Kk]ế hoạch")
_SIGNER = re.compile(r"^(?:\|? ?)(?P<name>(?:[A-ZĐÀ-Ỹ][a-zà-ỹđ]{0,7} ){1,5}[A-ZĐÀ-Ỹ][a-zà-ỹđ]{0,7})(?: ?\|?\|?)$")
_OFFICE_THEN_NAME = re.compile(
    r"(?:CHỦ TỊCH|BÍ THƯ|TRƯỞNG BAN|GIÁM ĐỐC|THỦ TƯỚNG|TRƯỞNG PHÒNG|CHÁNH VĂN PHÒNG|BỘ TRƯỞNG|THỨ TRƯỞNG) (?:\(?[Đđ]ã ký\)? )?"
    r"(?P<name>(?:[A-ZĐÀ-Ỹ][a-zà-ỹđ.]{0,7} ){1,5}[A-ZĐÀ-Ỹ][a-zà-ỹđ]{0,7})(?= ?\|| ?$)"
)


def read_head(source: Source) -> Document:
    """The head of the document."""
    if not source.lines:
        return Document()
    top = source.plain[: source.lines[min(_HEAD_LINES, len(source.lines) - 1)].end][:3500]
    number = _NUMBER.search(top)
    dated = _DATE.search(top)
    title = _title(source)
    return Document(
        number=re.sub(r" ", "", number["number"]) if number else None,
        issuer=_issuer(source, top),
        place=dated["place"].strip(" |") if dated else None,
        date=_signed(dated),
        title=title,
        year=_plan_year(title, dated),
        signer=_signer(source),
    )


def _signed(dated: re.Match[str] | None) -> date | None:
    if not dated or not dated["d"] or not dated["m"]:
        return None
    try:
        return date(int(dated["y"]), int(dated["m"]), int(dated["d"]))
    except ValueError:
        return None


def _plan_year(title: str | None, dated: re.Match[str] | None) -> int | None:
    named = _YEAR.search(title or "")
    if named:
        return int(named[1])
    return int(dated["y"]) if dated else None


def _texts(source: Source, lines: Sequence[Line]) -> list[str]:
    return [source.plain[line.start : line.end].strip(" |") for line in lines]


def _title(source: Source) -> str | None:
    """The lines below the word KẾ HOẠCH, up to the legal bases."""
    texts = _texts(source, source.lines[:120])
    start = next((at for at, text in enumerate(texts) if _TITLE_WORD.match(text)), None)
    if start is None:
        return None
    words = [_TITLE_WORD.sub("", texts[start]).strip(" :-")]
    for text in texts[start + 1 : start + 7]:
        if _TITLE_END.match(text) or len(" ".join(words)) > 400:
            break
        words.append(text)
    return " ".join(word for word in words if word).strip(" -") or None


def _issuer(source: Source, top: str) -> str | None:
    """The unit printed over the number, else the unit that says it issues the plan."""
    told = _ISSUER_IN_TEXT.search(top)
    printed = ""
    for line in source.lines[:8]:
        cell = source.plain[line.start : line.end].strip("| ").split("|")[0]
        text = re.split(r"CỘNG H|ĐẢNG CỘNG SẢN|-{3,}|Số", cell)[0].strip(" *|")
        if _ISSUER_START.match(text):
            printed = f"{printed} {text}".strip()
        elif printed and text.isupper():
            printed = f"{printed} {text}"
            break
    return _as_written(printed) if printed else told["unit"] if told else None


def _as_written(capitals: str) -> str:
    """Capital letters as a name in running text."""
    words = capitals.lower().replace("uỷ", "ủy")
    return words[:1].upper() + words[1:]


def _signer(source: Source) -> str | None:
    """The name that stands alone under the office at the end."""
    texts = [source.plain[line.start : line.end] for line in source.lines]
    for text in reversed(texts[-_TAIL_LINES:]):
        alone = _SIGNER.match(text)
        if alone:
            return alone["name"]
        behind = _OFFICE_THEN_NAME.search(text)
        if behind:
            return behind["name"]
    return None
