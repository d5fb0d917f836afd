"""A .docx as its reader sees it: paragraphs with their numbers, tables, text boxes, footnotes, in this order.

A paragraph is a line with an empty one behind it, a row of a table `| cell | cell |`. A text box follows the
paragraph it hangs on; footnotes stand at the end as «(Chú thích 1) …».
"""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml.etree import LxmlError  # type: ignore[import-untyped]

from plans.found import Where
from plans.numbering import Numbering
from plans.pieces import Piece, UnreadablePlan, in_cell, row_pieces

if TYPE_CHECKING:
    from docx.document import Document

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_BOX = qn("w:txbxContent")
_NOTES = (qn("w:footnoteReference"), qn("w:endnoteReference"))
_AS_TEXT = {
    qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-",
}  # fmt: skip
# Words that were deleted or moved away, the second copy of a drawing, and what holds no words of its own.
_UNSEEN = {
    qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr"), qn("w:instrText"), qn("w:delText"),
    f"{_MC}Fallback",
}  # fmt: skip
# Wrappers around paragraphs, rows and cells.
_AROUND = {
    qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:ins"), qn("w:moveTo"), qn("w:smartTag"),
}  # fmt: skip


def read(data: bytes) -> list[Piece]:
    """The words of a Word file. Raises UnreadablePlan."""
    try:
        document = docx.Document(BytesIO(data))
        return list(_Reader(document).pieces())
    except (OpcError, LxmlError, KeyError, ValueError):
        raise UnreadablePlan("plan_file_broken") from None


class _Reader:
    def __init__(self, document: "Document") -> None:
        self._body = document.element.body
        self._numbering = Numbering(document)
        self._notes = _notes(document)
        self._cited: list[tuple[str, Where]] = []

    def pieces(self) -> Iterator[Piece]:
        paragraphs = tables = 0
        for block in _children(self._body, "w:p", "w:tbl"):
            if block.tag == qn("w:tbl"):
                tables += 1
                yield from self._table(block, Where(table=tables))
            else:
                paragraphs += 1
                where = Where(paragraph=paragraphs)
                for line in self._lines(block, where):
                    yield Piece(f"{line}\n\n", where)
        for number, (note, where) in enumerate(self._cited, 1):
            yield Piece(f"(Chú thích {number}) {note}\n\n", where)

    def _lines(self, paragraph: Any, where: Where) -> Iterator[str]:
        """The paragraph with its number, then what stands in the text boxes that hang on it."""
        text, boxes = self._words(paragraph, where)
        label = self._numbering.label(paragraph) if text.strip() else ""
        yield f"{label} {text}".strip() if label else text
        for box in boxes:
            for block in _children(box, "w:p", "w:tbl"):
                yield from self._lines(block, where) if block.tag == qn("w:p") else self._flat(block, where)

    def _words(self, element: Any, where: Where) -> tuple[str, list[Any]]:
        """All text with insertions and links, without deletions; the text boxes; footnotes are remembered."""
        words: list[str] = []
        boxes: list[Any] = []
        for node in _visible(element):
            if node.tag == qn("w:t"):
                words.append(node.text or "")
            elif node.tag == _BOX:
                boxes.append(node)
            elif node.tag in _NOTES:
                note = self._notes.get((node.tag, node.get(qn("w:id"))))
                if note is not None:
                    self._cited.append((in_cell(self._flat_text(note, where)), where))
            else:
                words.append(_AS_TEXT[node.tag])
        return "".join(words), boxes

    def _flat_text(self, note: Any, where: Where) -> Iterator[str]:
        for paragraph in _children(note, "w:p"):
            yield self._words(paragraph, where)[0]

    def _table(self, table: Any, where: Where) -> Iterator[Piece]:
        for number, cells in enumerate(self._rows(table, where), 1):
            here = replace(where, row=number)
            yield from row_pieces(Piece(cell, here) for cell in cells)
        yield Piece("\n")

    def _rows(self, table: Any, where: Where) -> Iterator[list[str]]:
        """One list per row, as wide as the table.

        A merged cell stands in its first column, and in each of its rows, for each row is read by itself.
        """
        above: dict[int, str] = {}
        for number, row in enumerate(_children(table, "w:tr"), 1):
            present: dict[int, str] = {}
            place = row.grid_before
            for tc in _children(row, "w:tc"):
                is_continued = tc.vMerge == "continue"
                here = replace(where, row=number)
                present[place] = above.get(place, "") if is_continued else self._cell(tc, here)
                place += tc.grid_span
            above = present
            yield [present.get(column, "") for column in range(place)]

    def _cell(self, tc: Any, where: Where) -> str:
        lines: list[str] = []
        for block in _children(tc, "w:p", "w:tbl"):
            lines += self._lines(block, where) if block.tag == qn("w:p") else self._flat(block, where)
        return in_cell(lines)

    def _flat(self, table: Any, where: Where) -> Iterator[str]:
        """The rows of a table inside a cell or box."""
        for cells in self._rows(table, where):
            yield " / ".join(cell for cell in cells if cell)


def _children(element: Any, *names: str) -> Iterator[Any]:
    """The children of these names, also where Word wraps them in a control or a change mark."""
    wanted = {qn(name) for name in names}
    for child in element:
        if child.tag in wanted:
            yield child
        elif child.tag in _AROUND:
            yield from _children(child, *names)


def _visible(element: Any) -> Iterator[Any]:
    """The nodes of a paragraph that show something, boxes as a whole."""
    for child in element:
        if child.tag in _UNSEEN:
            continue
        if child.tag in (qn("w:t"), _BOX, *_NOTES) or child.tag in _AS_TEXT:
            yield child
        elif len(child):
            yield from _visible(child)


def _notes(document: "Document") -> dict[tuple[str, str], Any]:
    """The footnotes and endnotes by the mark that calls them and its number."""
    notes: dict[tuple[str, str], Any] = {}
    kinds = (
        (_NOTES[0], RELATIONSHIP_TYPE.FOOTNOTES, "w:footnote"),
        (_NOTES[1], RELATIONSHIP_TYPE.ENDNOTES, "w:endnote"),
    )
    for mark, relation, name in kinds:
        try:
            part = document.part.part_related_by(relation)
        except KeyError:
            continue
        for note in parse_xml(part.blob).findall(qn(name)):
            notes[mark, note.get(qn("w:id"))] = note
    return notes
