"""Reads what an officer types while a plan is under review: «sửa 3 hạn 14/6», «bỏ 5», «xong»."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from core.text import clean, fold


class ReviewAct(StrEnum):
    """What may be wished of a plan under review."""

    PAGE = "page"
    NEXT = "next"
    PREVIOUS = "previous"
    UNSURE = "unsure"
    VIEW = "view"
    TITLE = "title"
    UNIT = "unit"
    DUE = "due"
    FIX = "fix"
    DROP = "drop"
    RESTORE = "restore"
    UNDO = "undo"
    LINK = "link"
    FINISH = "finish"


@dataclass(frozen=True, slots=True)
class ReviewWish:
    """One wish. `numbers` are those of the list (or of a page); `words` what the field becomes.

    FIX names a duty, and not plainly what of it.
    """

    act: ReviewAct
    numbers: tuple[int, ...] = ()
    words: str = ""


_WHOLE = {
    "tiep": ReviewAct.NEXT,
    "tiep theo": ReviewAct.NEXT,
    "trang sau": ReviewAct.NEXT,
    "trang truoc": ReviewAct.PREVIOUS,
    "quay lai": ReviewAct.PREVIOUS,
    "0": ReviewAct.PREVIOUS,
    "xem": ReviewAct.PAGE,
    "xem lai": ReviewAct.PAGE,
    "danh sach": ReviewAct.PAGE,
    "xem danh sach": ReviewAct.PAGE,
    "chua chac": ReviewAct.UNSURE,
    "xem chua chac": ReviewAct.UNSURE,
    "hoan tac": ReviewAct.UNDO,
    "mo trang": ReviewAct.LINK,
    "mo trang soat": ReviewAct.LINK,
    "lien ket": ReviewAct.LINK,
    "link": ReviewAct.LINK,
    "xong": ReviewAct.FINISH,
    "xong roi": ReviewAct.FINISH,
    "luu": ReviewAct.FINISH,
}
_WITH_NUMBERS = {
    "bo": ReviewAct.DROP,
    "xoa": ReviewAct.DROP,
    "lay lai": ReviewAct.RESTORE,
    "khoi phuc": ReviewAct.RESTORE,
    "xem": ReviewAct.VIEW,
    "mo": ReviewAct.VIEW,
    "trang": ReviewAct.PAGE,
    "": ReviewAct.VIEW,
}
_FIELDS = {
    "han": ReviewAct.DUE,
    "thoi han": ReviewAct.DUE,
    "ngay": ReviewAct.DUE,
    "don vi": ReviewAct.UNIT,
    "dv": ReviewAct.UNIT,
    "viec": ReviewAct.TITLE,
    "ten viec": ReviewAct.TITLE,
    "ten": ReviewAct.TITLE,
    "noi dung": ReviewAct.TITLE,
}
_BECOMES = frozenset({"thanh", "la", "sang"})
"""Words before a new unit or date that say nothing themselves; before a title they may belong to it."""
_NUMBERS = re.compile(r"\d{1,4}(?:-\d{1,4})?(?:(?:[,;.] ?| )(?:va )?\d{1,4}(?:-\d{1,4})?)*")
_EDGES = ",.:;–-"
_MOST = 200


def read(text: str) -> ReviewWish | None:
    """The wish a text is, or None. Written with or without accents; a title keeps its own letters."""
    words = clean(text).split()
    folded = fold(text)
    if folded in _WHOLE:
        return ReviewWish(_WHOLE[folded])
    if words and fold(words[0]) == "sua":
        return _fix(words[1:])
    return _numbered(words)


def _numbered(words: list[str]) -> ReviewWish | None:
    """A verb of one or two words (or none), perhaps «việc», then numbers: «bỏ 5, 6», «lấy lại việc 5-7»."""
    for length in (0, 1, 2):
        verb = " ".join(fold(word) for word in words[:length])
        rest = words[length:]
        if rest and length and fold(rest[0]) in {"viec", "so", "muc"}:
            rest = rest[1:]
        numbers = _read_numbers(rest)
        if numbers and verb in _WITH_NUMBERS and (verb or len(numbers) == 1):
            return ReviewWish(_WITH_NUMBERS[verb], numbers)
    return None


def _read_numbers(words: list[str]) -> tuple[int, ...]:
    """The numbers the words are made of, ranges spelled out; empty when there is anything else."""
    line = " ".join(words).replace("–", "-").casefold().replace("và", "va").rstrip(_EDGES + " ")
    if not _NUMBERS.fullmatch(line):
        return ()
    found: list[int] = []
    for first, last in re.findall(r"(\d+)(?:-(\d+))?", line):
        found += range(int(first), int(last or first) + 1)
    return tuple(dict.fromkeys(found[:_MOST]))


def _fix(words: list[str]) -> ReviewWish | None:
    """What follows «sửa»: numbers and a field in either order, then what it becomes."""
    act, rest = _field(words)
    if act is ReviewAct.TITLE:  # «sửa việc 3 hạn …» names the duty
        act = None
    rest = rest[1:] if len(rest) > 1 and fold(rest[0]) in {"viec", "so", "muc"} else rest
    numbers, rest = _leading_numbers(rest)
    if not numbers:
        return None
    if act is None:
        act, rest = _field(rest)
    if act is None:
        act = ReviewAct.DUE if _begins_like_a_date(rest) else ReviewAct.FIX
    if act is not ReviewAct.TITLE and rest and fold(rest[0]) in _BECOMES:
        rest = rest[1:]
    value = " ".join(rest).strip()
    return ReviewWish(act if value else ReviewAct.FIX, numbers, value)


def _leading_numbers(words: list[str]) -> tuple[tuple[int, ...], list[str]]:
    """The numbers the words begin with, as many as there are, and the words after them."""
    for length in range(min(len(words), _MOST), 0, -1):
        if words[length - 1][:1].isdecimal():
            numbers = _read_numbers(words[:length])
            if numbers:
                return numbers, words[length:]
    return (), words


def _field(words: list[str]) -> tuple[ReviewAct | None, list[str]]:
    """The field the words begin with, and the words after it."""
    for length in (2, 1):
        named = " ".join(fold(word) for word in words[:length])
        if len(words) >= length and named in _FIELDS:
            return _FIELDS[named], [word for word in words[length:] if word not in {":", "="}]
    return None, words


_is_dated: Callable[[str], object] = re.compile(
    r"\d{1,2}[/.-]\d|(?:truoc|cham nhat|het|den|ngay|quy|thang)\b"
).match


def _begins_like_a_date(words: list[str]) -> bool:
    line = " ".join(words)
    return bool(_is_dated(line) or _is_dated(fold(line)))
