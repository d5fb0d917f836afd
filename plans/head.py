"""The head of a plan: number, issuer, place, date, title, year, signer. What is left blank stays None."""

import re
from collections.abc import Sequence
from datetime import date

from plans.found import Document
from plans.patterns import any_of
from plans.source import Line, Source

_HEAD_LINES, _TITLE_LINES, _TAIL_LINES = 40, 7, 14
_LONGEST_TITLE, _BARS_OF_TITLE = 400, 2
_CAPITAL = r"[A-ZĐÀ-Ỹ][a-zà-ỹđ]{0,7}"
_NUMBER = re.compile(
    r"Số ?:? {0,3}(?P<number>\d{1,5}(?:/\d{4})? ?[/-] ?[A-ZĐ][\w&.]{0,14}(?:[-/–][\w&.]{1,20}){0,3})"
)
_PLACE = rf"(?<!\w)(?:(?:Thành phố |Thị xã |TP\. ?)?{_CAPITAL}(?:[ -]{_CAPITAL}){{0,4}})"
_DATE = re.compile(
    rf"(?P<place>{_PLACE}), ?ngày ?(?P<d>\d{{1,2}})? ?tháng ?(?P<m>\d{{1,2}})? ?năm ?(?P<y>\d{{4}})"
)
_KIND = any_of(
    """
    KẾ HOẠCH | QUYẾT ĐỊNH | CHƯƠNG TRÌNH | PHƯƠNG ÁN | CHỈ THỊ | THÔNG BÁO | HƯỚNG DẪN | LỊCH CÔNG TÁC | ĐỀ ÁN
    """
)
_TITLE_WORD = re.compile(rf"^(?:DỰ THẢO )?{_KIND}\b:?")
_BASIS = any_of(
    """
    Chỉ thị | Kế hoạch | Công văn | Nghị quyết | Quyết định | Quy chế | Luật | Hướng dẫn | Chương trình
    Kết luận
    Thông
    """
)
_TITLE_END = re.compile(
    rf"^(?:Căn cứ|Thực hiện {_BASIS}|Để |Nhằm |[-_*=]{{3,}}|I[.\-]|\(|Điều 1|Theo |Trên cơ sở|Luật "
    r"|CHỦ TỊCH|ỦY BAN|UỶ BAN|THỦ TƯỚNG)"
)
_YEAR = re.compile(r"(?<!đến )(?<!tầm nhìn )\bnăm (?:học )?(\d{4})", re.IGNORECASE)
_ISSUER_START = re.compile("^" + any_of("""
    ỦY BAN | UỶ BAN | UBND | HỘI ĐỒNG | BAN | TỈNH ỦY | THỊ ỦY | HUYỆN ỦY | ĐẢNG ỦY | THÀNH ỦY | SỞ | BỘ
    THỦ TƯỚNG | CHÍNH PHỦ | ĐẢNG BỘ | PHÒNG | CÔNG AN | MẶT TRẬN | TRƯỜNG | HỘI | ỦY BAN
""") + r"\b")  # fmt: skip
_ISSUER_CUT = re.compile(r"CỘNG H|ĐẢNG CỘNG SẢN|-{3,}|\*|Số")
_ISSUER_TOLD = re.compile(
    r"(?P<unit>(?:Ủy ban nhân dân|UBND|Ban [A-ZĐ]|Thủ tướng Chính phủ|Đảng ủy|Sở [A-ZĐ])[^\d,;.“\"]{0,70}?)"
    r" (?:xây dựng|ban hành|triển khai) ?(?:và )?(?:ban hành )?(?:“|\")?[Kk]ế hoạch"
)
# Behind one of these words the name of a place begins.
_AREA = re.compile(
    r"\b(?P<area>tỉnh|thành phố|huyện|xã|phường|thị xã|quận|đặc khu|thị trấn) (?P<name>[^\d,;]{2,40})$"
)
_NAMELESS = re.compile(r" (?P<area>tỉnh|thành phố|huyện|xã|phường|thị xã|quận|đặc khu|thị trấn)$")
_SIGNER_ALONE = re.compile(rf"^\|? ?(?P<name>(?:{_CAPITAL} ){{1,5}}{_CAPITAL})(?: ?\|?\|?)$")
_OFFICE = any_of(
    """
    CHỦ TỊCH | BÍ THƯ | TRƯỞNG BAN | GIÁM ĐỐC | THỦ TƯỚNG | TRƯỞNG PHÒNG | CHÁNH VĂN PHÒNG | BỘ TRƯỞNG
    THỨ TRƯỞNG
    HIỆU TRƯỞNG
    """
)
_SIGNER_BEHIND = re.compile(
    rf"{_OFFICE} (?:\(?[Đđ]ã ký\)? )?(?P<name>(?:[A-ZĐÀ-Ỹ][a-zà-ỹđ.]{{0,9}} ?){{1,5}}{_CAPITAL})(?= ?\|| ?$)"
)


def read_head(source: Source) -> Document:
    """The head of the document."""
    if not source.lines:
        return Document()
    top = source.plain[: source.lines[min(_HEAD_LINES, len(source.lines)) - 1].end][:3500]
    number, dated, title = _NUMBER.search(top), _DATE.search(top), _title(source)
    return Document(
        number=number["number"].replace(" ", "") if number else None,
        issuer=_named(_issuer(source, top), dated, title),
        place=dated["place"] if dated else None,
        date=_signed(dated),
        title=title,
        year=_plan_year(title or _capitals(source), dated),
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
    lines = source.lines[:120]
    texts = _texts(source, lines)
    start = next((at for at, text in enumerate(texts) if _TITLE_WORD.match(text)), None)
    if start is None:
        return None
    words = [_TITLE_WORD.sub("", texts[start]).strip(" :-")]
    for line, text in zip(lines[start + 1 : start + _TITLE_LINES], texts[start + 1 :], strict=False):
        is_row = source.plain.count("|", line.start, line.end) > _BARS_OF_TITLE
        if is_row or _TITLE_END.match(text) or len(" ".join(words)) > _LONGEST_TITLE:
            break
        words.append(text)
    return " ".join(word for word in words if word).strip(" -") or None


def _capitals(source: Source) -> str:
    """The lines in capitals at the top, where no title is marked."""
    return " ".join(text for text in _texts(source, source.lines[:_TITLE_LINES]) if text.isupper())


def _issuer(source: Source, top: str) -> str | None:
    """The unit printed over the number, else the unit that says it issues the plan."""
    printed = ""
    for text in _texts(source, source.lines[:8]):
        if _TITLE_WORD.match(text) or (printed and text.startswith("Số")):
            break
        cell = text.split("|")[0]
        name = _ISSUER_CUT.split(cell, maxsplit=1)[0].strip()
        if _ISSUER_START.match(name) or (printed and name.isupper()):
            written = _as_written(name)
            printed = f"{printed} {written[:1].lower()}{written[1:]}" if printed else written
        if printed and name != cell.strip():
            break
    if printed:
        return printed
    told = _ISSUER_TOLD.search(top)
    return told["unit"] if told else None


def _named(issuer: str | None, dated: re.Match[str] | None, title: str | None) -> str | None:
    """The issuer with the name of its area, where the text gives it apart, in the title or date line."""
    area = _NAMELESS.search(issuer or "")
    if not issuer or not area:
        return issuer
    told = re.search(rf"{area['area']} (?P<name>{_PLACE})", title or "")
    if told:
        return f"{issuer} {told['name']}"
    # A province signs in its capital; a commune signs in its own name.
    return f"{issuer} {dated['place']}" if dated and area["area"] not in ("tỉnh", "thành phố") else issuer


def _as_written(capitals: str) -> str:
    """A name in capital letters as it stands in running text."""
    words = capitals.lower().replace("uỷ", "ủy")
    area = _AREA.search(words)
    if area:
        words = words[: area.start("name")] + area["name"].title()
    return words[:1].upper() + words[1:]


def _signer(source: Source) -> str | None:
    """The name that stands alone under the office at the end."""
    attached = [line for line in source.lines if "Nơi nhận" in source.plain[line.start : line.end]]
    for text in reversed(_texts(source, [*attached, *source.lines[-_TAIL_LINES:]])):
        found = _SIGNER_ALONE.match(text) or _SIGNER_BEHIND.search(text)
        if found:
            return found["name"]
    return None
