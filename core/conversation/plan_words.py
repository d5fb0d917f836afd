"""Reads what an officer types while a plan is under review: «sửa 3 hạn 14/6», «bỏ 5», «xong»."""

import re
from collections.abc import Callable, Sequence
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
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class ReviewWish:
    """One wish. `numbers` are those of the list (or of a page); `words` what the field becomes.

    FIX names a duty, and not plainly what of it. TOO_MANY names more than `MOST_NUMBERS`, which it does
    not hold: none of them is meant rather than some.
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
_NOUNS = frozenset({"viec", "so", "muc"})
_BECOMES = frozenset({"thanh", "la", "sang"})
"""Words before a new unit or date that say nothing themselves; before a title they may belong to it
(«thành lập tổ»), unless it begins behind them with a capital."""
_NUMBERS = re.compile(r"\d{1,4}(?:-\d{1,4})?(?:(?:[,;.] ?| )(?:va )?\d{1,4}(?:-\d{1,4})?)*")
_EDGES = ",.:;–-"
MOST_NUMBERS = 200
"""Of one wish, which is done whole, in one transaction."""


def read(text: str) -> ReviewWish | None:
    """The wish a text is, or None. Written with or without accents; a title keeps its own letters."""
    words = clean(text).split()
    folded = fold(text)
    if folded in _WHOLE:
        return ReviewWish(_WHOLE[folded])
    if words and fold(words[0]) == "sua":
        return _fix(words[1:])
    return _numbered(words)


def written(numbers: Sequence[int]) -> str:
    """Ascending numbers as `read` takes them, in as few signs as they need: «1-3, 5»."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("-".join(map(str, run)) for run in runs)


def _numbered(words: list[str]) -> ReviewWish | None:
    """A verb of one or two words (or none), perhaps «việc», then numbers: «bỏ 5, 6», «lấy lại việc 5-7»."""
    for length in (0, 1, 2):
        verb = " ".join(fold(word) for word in words[:length])
        rest = _without_noun(words[length:]) if length else words
        numbers = _read_numbers(rest)
        if numbers and verb in _WITH_NUMBERS and (verb or len(numbers) == 1):
            return _with_numbers(_WITH_NUMBERS[verb], numbers)
    return None


def _with_numbers(act: ReviewAct, numbers: tuple[int, ...], words: str = "") -> ReviewWish:
    if len(numbers) > MOST_NUMBERS:
        return ReviewWish(ReviewAct.TOO_MANY)
    return ReviewWish(act, numbers, words)


def _read_numbers(words: list[str]) -> tuple[int, ...]:
    """The numbers the words are made of, ranges spelled out; empty when there is anything else, such as a
    range that runs backwards. Of more than MOST_NUMBERS there are one too many."""
    line = " ".join(words).replace("–", "-").casefold().replace("và", "va").rstrip(_EDGES + " ")
    if not _NUMBERS.fullmatch(line):
        return ()
    found: dict[int, None] = {}
    for first, last in re.findall(r"(\d+)(?:-(\d+))?", line):
        spelled = range(int(first), int(last or first) + 1)
        if not spelled:
            return ()
        found.update(dict.fromkeys(spelled))
    return tuple(found)[: MOST_NUMBERS + 1]


def _fix(words: list[str]) -> ReviewWish | None:
    """What follows «sửa»: numbers and a field in either order, then what it becomes."""
    first = _without_noun(words)  # «sửa việc 3 hạn …» names the duty, «sửa tên việc 3 …» its title
    act, rest = _field(first)
    numbers, rest = _leading_numbers(_without_noun(rest))
    if not numbers:
        return None
    is_field_first = act is not None
    if act is None:
        act, rest = _field(rest)
    if act is None:
        act = ReviewAct.DUE if _begins_like_a_date(rest) else ReviewAct.FIX
    is_named = act is not ReviewAct.TITLE or (is_field_first and rest[1:] and rest[1][0].isupper())
    if is_named and rest and fold(rest[0]) in _BECOMES:
        rest = rest[1:]
    value = " ".join(rest).strip()
    return _with_numbers(act if value else ReviewAct.FIX, numbers, value)


def _without_noun(words: list[str]) -> list[str]:
    """The words after «việc», «số», «mục» or «việc số», which only say that a number follows."""
    while len(words) > 1 and fold(words[0]) in _NOUNS:
        words = words[1:]
    return words


def _leading_numbers(words: list[str]) -> tuple[tuple[int, ...], list[str]]:
    """The numbers the words begin with, as many as there are, and the words after them."""
    for length in range(min(len(words), MOST_NUMBERS), 0, -1):
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
