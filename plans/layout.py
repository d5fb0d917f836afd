"""Words with their places on pages become paragraphs and rows of tables, in reading order.

Page numbers and repeated headings go, hard-wrapped lines come together again, also over the end of a column
or page; footnotes stand at the end as «(Chú thích 1) …».
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from plans.columns import Line, lines_of
from plans.found import Where
from plans.grids import Grid, grids_of
from plans.markers import marker
from plans.pdf import Page
from plans.pieces import Piece, in_cell, row_pieces

_EDGE = 0.12
"""The part of a page at its top and bottom where headings and page numbers stand."""
_PAGE_NUMBER = re.compile(r"^(?:[-–] ?)?(?:Trang )?\d{1,3}(?: ?/ ?\d{1,3})?(?: ?[-–])?$", re.IGNORECASE)
_REPEATED, _FEWEST_REPEATS = 0.5, 3
_SMALL = 0.9
"""Letters of a footnote beside those of the text."""
_NOTE = re.compile(r"^(?P<number>\d{1,3})[.)]? ?(?=\D)")
_DIGITS = re.compile(r"\d+")
_WIDER = 1.25
"""Lines further apart than so many usual distances do not belong together."""
_INDENT = 0.8
_ENDS_LINE = (".", ";", ":", "!", "?")


@dataclass(frozen=True, slots=True)
class _Usual:
    """What is usual in the document: size of letters, distance of lines, where lines begin and end."""

    size: float
    pitch: float
    left: float
    right: float


_Item = Line | Grid


def pieces(pages: Sequence[Page]) -> Iterator[Piece]:
    """The words of the pages as paragraphs and rows."""
    laid = [_laid_out(page) for page in pages]
    furniture = _furniture(pages, laid)
    items = [
        item
        for page, row in zip(pages, laid, strict=True)
        for item in row
        if not _is_furniture(page, item, furniture)
    ]
    usual = _usual([item for item in items if isinstance(item, Line)])
    body, notes = _notes_apart(items, usual)
    if not body:
        return
    last: _Item | None = None
    for item in _joined_grids(body):
        if isinstance(item, Grid):
            yield Piece("\n\n" if isinstance(last, Line) else "")
            yield from _rows(item)
            yield Piece("\n")
        else:
            goes_on = isinstance(last, Line) and _goes_on(last, item, usual)
            yield Piece(" " if goes_on else "\n\n" if isinstance(last, Line) else "")
            yield Piece(item.text, Where(page=item.page, sure=round(item.sure, 2)))
        last = item
    yield Piece("\n\n")
    for note in notes:
        yield Piece(f"{note.text}\n\n", Where(page=note.page))


def _laid_out(page: Page) -> list[_Item]:
    """The tables of a page and the lines around them, from top to bottom."""
    grids = grids_of(page)
    rest = [word for word in page.words if not any(grid.holds(word) for grid in grids)]
    items: list[_Item] = []
    for grid in grids:
        above = [word for word in rest if (word.top + word.bottom) / 2 < grid.top]
        rest = [word for word in rest if (word.top + word.bottom) / 2 >= grid.top]
        items += [*lines_of(page, above), grid]
    return [*items, *lines_of(page, rest)]


# --- what is on every page ---------------------------------------------------------------------------------


def _furniture(pages: Sequence[Page], laid: Sequence[Sequence[_Item]]) -> set[str]:
    """The words, digits apart, that stand at the edge of many pages."""
    seen = Counter(
        words
        for page, row in zip(pages, laid, strict=True)
        for words in {
            _DIGITS.sub("#", item.text) for item in row if isinstance(item, Line) and _at_edge(page, item)
        }
    )
    enough = max(_FEWEST_REPEATS, _REPEATED * len(pages))
    return {words for words, count in seen.items() if count >= enough}


def _is_furniture(page: Page, item: _Item, furniture: set[str]) -> bool:
    if isinstance(item, Grid) or not _at_edge(page, item):
        return False
    return bool(_PAGE_NUMBER.match(item.text)) or _DIGITS.sub("#", item.text) in furniture


def _at_edge(page: Page, line: Line) -> bool:
    return line.bottom < _EDGE * page.height or line.top > (1 - _EDGE) * page.height


# --- footnotes ---------------------------------------------------------------------------------------------


def _notes_apart(items: Sequence[_Item], usual: _Usual) -> tuple[list[_Item], list[Line]]:
    """The items without the small print at the foot of pages, and each footnote as one line."""
    body: list[_Item] = []
    notes: list[Line] = []
    for number in sorted({item.page for item in items}):
        on_page = [item for item in items if item.page == number]
        start = len(on_page)
        while start and _is_small(on_page[start - 1], usual):
            start -= 1
        first = on_page[start] if start < len(on_page) else None
        if isinstance(first, Line) and _NOTE.match(first.text):
            notes += _notes([line for line in on_page[start:] if isinstance(line, Line)])
        else:
            start = len(on_page)
        body += on_page[:start]
    return body, notes


def _is_small(item: _Item, usual: _Usual) -> bool:
    return isinstance(item, Line) and item.size < _SMALL * usual.size


def _notes(lines: Sequence[Line]) -> Iterator[Line]:
    note: Line | None = None
    for line in lines:
        begun = _NOTE.match(line.text)
        if note and not begun:
            note = replace(note, text=f"{note.text} {line.text}")
            continue
        if note:
            yield note
        note = (
            replace(line, text=f"(Chú thích {begun['number']}) {line.text[begun.end() :]}") if begun else line
        )
    if note:
        yield note


# --- paragraphs --------------------------------------------------------------------------------------------


def _usual(lines: Sequence[Line]) -> _Usual:
    if not lines:
        return _Usual(12.0, 18.0, 0.0, 0.0)
    letters = Counter[float]()
    for line in lines:
        letters[round(line.size * 2) / 2] += len(line.text)
    distances = Counter(
        round((after.bottom - line.bottom) * 2) / 2
        for line, after in pairwise(lines)
        if line.page == after.page and 0 < after.bottom - line.bottom < 4 * line.size
    )
    # The closest of the usual distances parts lines, the wider ones paragraphs.
    often = [distance for distance, count in distances.items() if count >= 0.1 * distances.total()]
    full = sorted(line.right for line in lines)
    return _Usual(
        size=letters.most_common(1)[0][0],
        pitch=min(often, default=18.0),
        left=min(line.left for line in lines),
        right=full[len(full) * 9 // 10],
    )


def _goes_on(last: Line, line: Line, usual: _Usual) -> bool:
    """Whether a line continues the paragraph of the line before it."""
    if marker(line.text) or last.is_apart or line.is_apart:
        return False
    within = last.page == line.page and last.column == line.column
    if within and line.bottom - last.bottom > max(usual.pitch, 1.2 * last.size) * _WIDER:
        return False
    if not within and last.text.endswith(_ENDS_LINE):
        return False
    if within and line.left > last.left + _INDENT * line.size:
        return False
    right = last.column_right or usual.right
    first = line.text.split(" ", 1)[0]
    width = (line.right - line.left) * (len(first) + 1) / max(1, len(line.text))
    return last.right + width > right - 0.02 * (right - usual.left)


# --- tables ------------------------------------------------------------------------------------------------


def _joined_grids(items: Sequence[_Item]) -> Iterator[_Item]:
    """Tables that go on over the end of a page as one."""
    waiting: Grid | None = None
    for item in items:
        if waiting and isinstance(item, Grid) and item.page == waiting.last_page + 1 and item.fits(waiting):
            waiting = waiting.continued(item)
            continue
        if waiting:
            yield waiting
            waiting = None
        if isinstance(item, Grid):
            waiting = item
        else:
            yield item
    if waiting:
        yield waiting


def _rows(grid: Grid) -> Iterator[Piece]:
    for number, row in enumerate(grid.rows, 1):
        where = Where(page=row.page, row=number, sure=round(row.sure, 2))
        yield from row_pieces(Piece(in_cell(_unwrapped(cell)), where) for cell in row.cells)


def _unwrapped(lines: Sequence[str]) -> list[str]:
    """The lines of a cell, those that only its width parted put together."""
    parts: list[str] = []
    for line in lines:
        if parts and not marker(line) and not parts[-1].endswith((".", ";", ":")):
            parts[-1] += f" {line}"
        else:
            parts.append(line)
    return parts
