"""The numbers that Word prints in front of paragraphs and does not store in their text."""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from docx.oxml.ns import qn

if TYPE_CHECKING:
    from docx.document import Document

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_DEEPEST, _LONGEST_CHAIN = 9, 20


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level prints its number: text as «%1.%2», format, first value, and whether all are decimal."""

    text: str
    number_format: str
    start: int
    is_legal: bool


@dataclass(frozen=True, slots=True)
class _List:
    """A numbered list. Lists of one `family` count on together, but for the levels they begin anew."""

    family: str
    levels: dict[int, _Level]
    begun_anew: dict[int, int]
    of_style: dict[str, int]


class Numbering:
    """Counts the lists of one document while its paragraphs are read in order."""

    def __init__(self, document: "Document") -> None:
        self._styles = _styles(document)
        self._plain = next(
            (name for name, style in self._styles.items() if style.get(qn("w:default")) == "1"), ""
        )
        self._lists = _lists(document)
        self._counts: dict[tuple[str, int], int] = defaultdict(int)
        self._restarted: set[tuple[str, int]] = set()

    def label(self, paragraph: Any) -> str:
        """The number in front of a paragraph, "" for none. To be asked once for each paragraph, in order."""
        place = self._place(paragraph)
        if place is None or place[0] not in self._lists:
            return ""
        list_id, depth = place
        listed = self._lists[list_id]
        self._count(list_id, listed, depth)
        level = listed.levels.get(depth, _Level("", "bullet", 1, is_legal=False))
        if level.number_format == "bullet":
            return "-"
        label = level.text
        for above in range(depth + 1):
            shown = listed.levels.get(above, _Level("", "decimal", 1, is_legal=False))
            count = self._counts.get((listed.family, above)) or shown.start
            number_format = "decimal" if level.is_legal else shown.number_format
            label = label.replace(f"%{above + 1}", _spelled(count, number_format))
        return label

    def _count(self, list_id: str, listed: _List, depth: int) -> None:
        anew = listed.begun_anew.get(depth)
        key = (listed.family, depth)
        if anew is not None and (list_id, depth) not in self._restarted:
            self._restarted.add((list_id, depth))
            self._counts[key] = anew
        else:
            start = listed.levels[depth].start if depth in listed.levels else 1
            self._counts[key] = self._counts[key] + 1 if key in self._counts else start
        for deeper in range(depth + 1, _DEEPEST):
            self._counts.pop((listed.family, deeper), None)

    def _place(self, paragraph: Any) -> tuple[str, int] | None:
        """The list id and level of a paragraph, its own or its style's or that of the style below it."""
        own = _numbers(paragraph.find(qn("w:pPr")))
        list_id, depth = own
        style = _value(paragraph.find(qn("w:pPr")), "w:pStyle") or self._plain
        for _ in range(_LONGEST_CHAIN):
            if list_id is not None or style not in self._styles:
                break
            list_id, styled_depth = _numbers(self._styles[style].find(qn("w:pPr")))
            if list_id in self._lists and styled_depth is None:
                styled_depth = self._lists[list_id].of_style.get(style)
            depth = styled_depth if depth is None else depth
            style = _value(self._styles[style], "w:basedOn") or ""
        return (list_id, depth or 0) if list_id and list_id != "0" else None


def _numbers(properties: Any) -> tuple[str | None, int | None]:
    """The list id and level written in the properties of a paragraph or style."""
    numbers = None if properties is None else properties.find(qn("w:numPr"))
    if numbers is None:
        return None, None
    depth = _value(numbers, "w:ilvl")
    return _value(numbers, "w:numId"), None if depth is None else int(depth)


def _styles(document: "Document") -> dict[str, Any]:
    return {
        style.get(qn("w:styleId")): style
        for style in document.styles.element.findall(qn("w:style"))
        if style.get(qn("w:type")) == "paragraph"
    }


def _lists(document: "Document") -> dict[str, _List]:
    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return {}
    abstract = {found.get(qn("w:abstractNumId")): found for found in root.findall(qn("w:abstractNum"))}
    # A list may borrow its levels from the one that defines a list style.
    defining = {name: found for found in abstract.values() if (name := _value(found, "w:styleLink"))}
    lists: dict[str, _List] = {}
    for number in root.findall(qn("w:num")):
        family = _value(number, "w:abstractNumId") or ""
        found = abstract.get(family)
        if found is not None:
            found = defining.get(_value(found, "w:numStyleLink") or "", found)
        lists[number.get(qn("w:numId"))] = _list(family, found, number)
    return lists


def _list(family: str, found: Any, number: Any) -> _List:
    levels: dict[int, _Level] = {}
    of_style: dict[str, int] = {}
    begun_anew: dict[int, int] = {}
    for level in () if found is None else found.findall(qn("w:lvl")):
        depth = int(level.get(qn("w:ilvl")))
        levels[depth] = _level(level)
        of_style[_value(level, "w:pStyle") or ""] = depth
    for override in number.findall(qn("w:lvlOverride")):
        depth = int(override.get(qn("w:ilvl")))
        own, start = override.find(qn("w:lvl")), _value(override, "w:startOverride")
        if own is not None:
            levels[depth] = _level(own)
        if start is not None:
            begun_anew[depth] = int(start)
    return _List(family, levels, begun_anew, of_style)


def _level(level: Any) -> _Level:
    return _Level(
        _value(level, "w:lvlText") or "",
        _value(level, "w:numFmt") or "decimal",
        int(_value(level, "w:start") or 0 if level.find(qn("w:start")) is not None else 1),
        is_legal=level.find(qn("w:isLgl")) is not None,
    )


def _value(element: Any, name: str) -> str | None:
    child = None if element is None else element.find(qn(name))
    return None if child is None else child.get(qn("w:val"))


def _spelled(number: int, number_format: str) -> str:
    match number_format:
        case "none":
            return ""
        case "lowerLetter":
            return _letter(number)
        case "upperLetter":
            return _letter(number).upper()
        case "lowerRoman":
            return _roman(number).lower()
        case "upperRoman":
            return _roman(number)
        case "decimalZero":
            return f"{number:02d}"
        case _:
            return str(number)


def _letter(number: int) -> str:
    """a … z, aa, bb, as Word counts."""
    return _LETTERS[(number - 1) % len(_LETTERS)] * ((number - 1) // len(_LETTERS) + 1)


def _roman(number: int) -> str:
    digits = ""
    for value, sign in _ROMAN:
        while number >= value:
            digits, number = digits + sign, number - value
    return digits
