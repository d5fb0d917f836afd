"""The numbers that Word prints in front of paragraphs and does not store in their text."""

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from docx.oxml.ns import qn

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


class Numbering:
    """Counts the lists of one document while its paragraphs are read in order."""

    def __init__(self, document: "Document") -> None:
        self._levels = _levels(document)
        self._counts: dict[tuple[str, int], int] = defaultdict(int)

    def printed(self, paragraph: "Paragraph") -> str:
        """The text of a paragraph as a reader sees it, its number in front."""
        text = _text(paragraph._p)  # noqa: SLF001 - python-docx leaves out inserted text and gives no other way
        place = _place(paragraph)
        if not text.strip() or place is None or place[0] not in self._levels:
            return text
        return f"{self._label(*place)} {text}".strip()

    def _label(self, list_id: str, level: int) -> str:
        formats = self._levels[list_id]
        self._counts[list_id, level] += 1
        for deeper in range(level + 1, 9):
            self._counts.pop((list_id, deeper), None)
        label, number_format, _start = formats.get(level, ("", "bullet", 1))
        if number_format == "bullet":
            return "-"
        for depth in range(level + 1):
            _text_of, depth_format, start = formats.get(depth, ("", "decimal", 1))
            count = self._counts.get((list_id, depth)) or 1
            label = label.replace(f"%{depth + 1}", _spelled(start + count - 1, depth_format))
        return label


def _levels(document: "Document") -> dict[str, dict[int, tuple[str, str, int]]]:
    """For each list id and level: the text of the number, its format, its first value."""
    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return {}
    abstract = {
        found.get(qn("w:abstractNumId")): {
            int(level.get(qn("w:ilvl"))): _level(level) for level in found.findall(qn("w:lvl"))
        }
        for found in root.findall(qn("w:abstractNum"))
    }
    return {
        number.get(qn("w:numId")): abstract.get(_value(number, "w:abstractNumId"), {})
        for number in root.findall(qn("w:num"))
    }


def _level(level: Any) -> tuple[str, str, int]:
    return (
        _value(level, "w:lvlText") or "",
        _value(level, "w:numFmt") or "decimal",
        int(_value(level, "w:start") or 1),
    )


def _value(element: Any, name: str) -> str | None:
    child = element.find(qn(name))
    return None if child is None else child.get(qn("w:val"))


def _place(paragraph: "Paragraph") -> tuple[str, int] | None:
    """The list id and level of a paragraph, its own or its style's."""
    style = paragraph.style
    for properties in (paragraph._p.pPr, style.element.pPr if style is not None else None):  # noqa: SLF001
        numbers = properties.find(qn("w:numPr")) if properties is not None else None
        if numbers is not None:
            list_id = _value(numbers, "w:numId")
            return (list_id, int(_value(numbers, "w:ilvl") or 0)) if list_id and list_id != "0" else None
    return None


def _spelled(number: int, number_format: str) -> str:
    if number_format in ("lowerLetter", "upperLetter"):
        letter = _LETTERS[(number - 1) % len(_LETTERS)]
        return letter.upper() if number_format == "upperLetter" else letter
    if number_format in ("lowerRoman", "upperRoman"):
        roman = _roman(number)
        return roman if number_format == "upperRoman" else roman.lower()
    return str(number)


def _roman(number: int) -> str:
    digits = ""
    for value, sign in _ROMAN:
        while number >= value:
            digits, number = digits + sign, number - value
    return digits


def _text(element: Any) -> str:
    """All text of a paragraph with insertions and links, without deletions and fallback copies."""
    words = []
    for node in element.iter(qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr"), qn("w:noBreakHyphen")):
        if any(above.tag == _FALLBACK for above in node.iterancestors()):
            continue
        if node.tag == qn("w:t"):
            words.append(node.text or "")
        elif node.tag == qn("w:noBreakHyphen"):
            words.append("-")
        elif node.tag != qn("w:tab") or node.getparent().tag == qn("w:r"):
            words.append("\t" if node.tag == qn("w:tab") else "\n")
    return "".join(words)
