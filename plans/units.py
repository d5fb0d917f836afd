"""Who: the units a text names as leading, cooperating, receiving a report, or passing it on."""

import re

from plans.patterns import any_of
from plans.unit_words import CHARGING, HEAD, INTRO, VERB

BEGINS_UNIT = re.compile(HEAD)
# Right behind one of these words a verb still belongs to the name: «Ban vận động …», «Tổ kiểm tra …».
_BARE_HEADS = (
    "Ban",
    "Tổ",
    "Đoàn",
    "Quỹ",
    "Hội",
    "Đội",
    "Nhóm",
    "Ủy ban",
    "Bộ phận",
    "Trung tâm",
    "Hội đồng",
    "Tiểu ban",
)
_VERB = re.compile(r"(?<!\w)" + "".join(f"(?<!{head} )" for head in _BARE_HEADS) + VERB)
_INTRO = re.compile(rf"^{INTRO}\b", re.IGNORECASE)
_CHARGED = re.compile(rf"\b{CHARGING} (?=(?P<head>{HEAD}))")
# «… do Ban Thường trực chủ trì»: the unit behind its work.
_DONE_BY = re.compile(
    rf"\bdo (?P<head>{HEAD}[^.;:,()]{{0,90}}?)"
    r" (?:chủ trì|tổ chức|triệu tập|thực hiện|phụ trách|chịu trách nhiệm|chuẩn bị)\b"
)
# «Chế độ báo cáo: Định kỳ …, các phòng …»: a caption in front of the sentence.
_BEHIND_CAPTION = any_of(
    "định kỳ | hằng | hàng | trước | chậm nhất | căn cứ | trên cơ sở | giao | đề nghị | yêu cầu"
)
_CAPTION = re.compile(rf"^[^.;:]{{3,80}}: (?=(?i:{_BEHIND_CAPTION}) |{HEAD})")
_OPENERS = re.compile(
    r"^(?:[\"“(*\s|]{0,4})?(?:(?:giao cho|giao|đề nghị|yêu cầu|phân công|trách nhiệm của|nhiệm vụ của|đối với"
    r"|đồng thời,?|riêng)\s){0,2}",
    re.IGNORECASE,
)
# «Văn phòng HĐND và UBND» is one unit.
_AND = rf"(?<!Văn phòng HĐND)(?<!Văn phòng Hội đồng nhân dân) và (?={HEAD})"
_SPLIT = re.compile(rf"\s?;\s?(?:và )?|, (?:và )?(?={HEAD})|{_AND}| \+ ")
# «Phòng Văn hóa; - Xã hội»: a name broken over two lines of a cell.
_BROKEN_NAME = re.compile(rf"; ?- (?!{HEAD})(?=[A-ZĐ])")
_REPRESENTED = re.compile(
    r"là (?:đại diện )?(?:lãnh đạo )?(?:của )?các (?:cơ quan|đơn vị|ban, ngành)[^:;]{0,30}:"
)
_ASIDE = re.compile(r"\((?:qua|b/c|báo cáo|để)[^)]{0,60}\)")
_LINKED = re.compile(r"^(?:và|giao|đề nghị|cùng|với|do) ", re.IGNORECASE)
_EDGES = ' .,;:-–*|"“”()/'
# Longest list of units in front of a verb; how far into a sentence an adverbial may reach.
_LONGEST, _INTRO_REACH, _CHARGE_REACH = 420, 320, 200


def unit_list(text: str) -> tuple[str, ...]:
    """The units of a list such as stands behind «Cơ quan thực hiện:» or in a table cell."""
    parts = _SPLIT.split(_BROKEN_NAME.sub(" - ", _REPRESENTED.split(text)[-1]))
    return tuple(dict.fromkeys(unit for unit in map(_trimmed, parts) if len(unit) > 1))


def _trimmed(part: str) -> str:
    """One unit without the work that the list may describe behind it."""
    part = _LINKED.sub("", _ASIDE.sub("", part).strip(_EDGES))
    verb = _VERB.search(part, 2) if BEGINS_UNIT.match(part) else None
    return (part[: verb.start()] if verb else part).strip(_EDGES)


def subject(text: str) -> tuple[tuple[str, ...], int]:
    """The units that begin a sentence and the place behind them; none and 0 where it begins otherwise."""
    start = _subject_start(text)
    if start is None:
        return (), 0
    verb = _VERB.search(text, start + 2, start + _LONGEST)
    ends = [
        place
        for place in (verb.start() if verb else -1, text.find(":", start, start + _LONGEST))
        if place >= 0
    ]
    end = min(ends, default=len(text))
    return (unit_list(text[start:end]), end) if end - start <= _LONGEST else ((), 0)


def _subject_start(text: str) -> int | None:
    """Where the subject begins: at once, behind a caption or an adverbial, or behind «giao», «đề nghị»."""
    opened = _OPENERS.match(text)
    start = opened.end() if opened else 0
    if BEGINS_UNIT.match(text, start):
        return start
    caption = _CAPTION.match(text)
    if caption:
        inner = _subject_start(text[caption.end() :])
        return None if inner is None else inner + caption.end()
    if _INTRO.match(text[start : start + 40]):
        for comma in re.finditer(r"[,:] ", text[: start + _INTRO_REACH]):
            if BEGINS_UNIT.match(text, comma.end()):
                return comma.end()
    charged = _CHARGED.search(text[:_INTRO_REACH])
    if charged and charged.start() < _CHARGE_REACH:
        return charged.start("head")
    done = _DONE_BY.search(text)
    return done.start("head") if done else None


def is_only_units(text: str) -> bool:
    """Whether a text is nothing but a list of units, as headings and broken-off subjects are."""
    text = text.strip(_EDGES)
    units, end = subject(text)
    return bool(units) and end >= len(text)


_WITH = re.compile(rf"[Pp]hối hợp(?: chặt chẽ| cùng| tốt)?,?(?: với| cùng(?: với)?)? (?=(?P<head>{HEAD}))")
_SENDING = any_of("gửi | nộp | báo cáo | (?<!quá )(?<!chương )(?<!tờ )trình | phản ánh | tham mưu")
_TO = re.compile(
    rf"{_SENDING}(?: [^.;:()]{{0,90}}?)??(?: về| cho| đến| tới| gửi| lên)? (?P<unit>{HEAD}[^.;:()]{{0,80}})"
)
_VIA = re.compile(rf"\b(?:qua|thông qua) (?P<unit>{HEAD}[^.;:()]{{0,90}})")
_RECEIVER_END = re.compile(
    ",? "
    + any_of("""
        trước | chậm nhất | để | theo | kết quả | tình hình | định kỳ | hằng | hàng | khi | kèm | trong
        vào | về | qua | thông qua | xem xét | bằng | đúng | việc | phê duyệt | quyết định | ban hành
        và (?!Ủy|UBND|các)
    """)
    + r"\b|,"
)


def cooperating(text: str) -> tuple[str, ...]:
    """Units behind «phối hợp với»."""
    match = _WITH.search(text)
    if not match:
        return ()
    start = match.start("head")
    verb = _VERB.search(text, start + 2, start + _LONGEST)
    end = verb.start() if verb else min(len(text), start + _LONGEST)
    return unit_list(re.split("[:.]", text[start:end], maxsplit=1)[0])


def ends_cooperating(text: str) -> bool:
    """Whether a text breaks off inside the list of units behind «phối hợp với»."""
    match = _WITH.search(text)
    return match is not None and not _VERB.search(text, match.start("head") + 2)


def receiver(text: str) -> str | None:
    """Where a report goes: «gửi về X», «báo cáo X»."""
    match = _TO.search(text)
    return _cut(match["unit"]) if match else None


def passing(text: str) -> str | None:
    """The desk a report goes through: «(qua Y)»."""
    match = _VIA.search(text)
    return _cut(match["unit"]) if match else None


def _cut(words: str) -> str | None:
    return _RECEIVER_END.split(words, maxsplit=1)[0].strip(_EDGES) or None
