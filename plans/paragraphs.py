"""Printed lines joined into paragraphs: wrapped lines, sentences broken by a page, rows spread over lines."""

import re
from collections import deque
from collections.abc import Sequence
from itertools import pairwise

from plans.found import Span
from plans.markers import marker
from plans.patterns import any_of
from plans.source import Line, Source

_STOPS = (".", ";", ":", "!", "?", "…", "/.", ")", "|")
_NOT_WRAPPED = 10_000
_MOSTLY = 0.5
_NARROWEST_WRAP, _WIDEST_WRAP = 60, 130
_BARE_MARKER = re.compile(r"^(?:\d{1,2}|[IVX]{1,5}|[a-zđ])(?:\.\d{1,2}){0,3}[.)]$")
# These words begin a paragraph even right behind a full line.
_ALONE = re.compile(r"(?:Nơi nhận|TM\.|KT\.|T/M|TL\.|Thời gian|Thời hạn|Đơn vị|Cơ quan|PHỤ LỤC)")
# No sentence and no heading ends with one of these words.
_UNFINISHED = re.compile(
    "(?:^| )"
    + any_of("""
        quý | tháng | năm | ngày | và | của | các | về | với | trước | từ | đến | là | cho | theo | số | do
        hoặc
        trong | tại | được | không | sở | bộ | đài | viện
    """)
    + "$"
)


def paragraph_spans(source: Source) -> list[Span]:
    """Places in `plain` of the paragraphs and table rows, in order."""
    width, only_blanks = _wrap_width(source.lines), _only_blanks_part(source)
    spans: list[Span] = []
    rows = deque(_spread_rows(source))
    last: Line | None = None
    for line in source.lines:
        while rows and rows[0][1] <= line.start:
            spans.append(rows.popleft())
            last = None
        if rows and rows[0][0] <= line.start:
            continue
        if last and _continues(source.plain, spans[-1][0], last, line, width, only_blanks=only_blanks):
            spans[-1] = (spans[-1][0], line.end)
        else:
            spans.append((line.start, line.end))
        last = line
    return [*spans, *rows]


def _wrap_width(lines: Sequence[Line]) -> int:
    """The width at which the text was wrapped, or a very large one where it was not."""
    lengths = sorted(line.end - line.start for line in lines)
    if not lengths:
        return _NOT_WRAPPED
    width = lengths[len(lengths) * 9 // 10]
    return width if _NARROWEST_WRAP <= width <= _WIDEST_WRAP else _NOT_WRAPPED


def _only_blanks_part(source: Source) -> bool:
    """Whether empty lines alone part paragraphs: lines without one above mostly begin in lower case."""
    inner = [line for line in source.lines if not line.after_blank]
    small = sum(source.plain[line.start].islower() for line in inner)
    return small > _MOSTLY * len(inner)


def _continues(plain: str, begun: int, last: Line, line: Line, width: int, *, only_blanks: bool) -> bool:
    """Whether a line goes on with the paragraph begun above it."""
    text, above = plain[line.start : line.end], plain[last.start : last.end]
    if plain[begun] == "|" or text.startswith("|"):
        return plain[begun] == "|" and not above.endswith("|") and not text.startswith("|")
    if _BARE_MARKER.match(above) or (_UNFINISHED.search(above[-12:].lower()) and not marker(text)):
        return True
    if marker(text) or _ALONE.match(text):
        return False
    if above.endswith(",") or (only_blanks and not line.after_blank):
        return True
    if above.isupper() and text.isupper():
        return not line.after_blank
    open_end = not above.rstrip(" ").endswith(_STOPS)
    if text[0].islower() or text[0] in ",;)":
        return open_end or not line.after_blank
    if text[0].isdigit() or text[0] in '-–("“':
        return open_end
    full = last.end - last.start + 1 + len(text.split(" ", 1)[0]) > width * 0.8
    return width < _NOT_WRAPPED and not only_blanks and full and (open_end or not line.after_blank)


def _spread_rows(source: Source) -> list[Span]:
    """Rows of tables whose cells stand on lines of their own between lines that hold only a bar."""
    rows: list[Span] = []
    for table in _spread_tables(source):
        cells = [(a.start, b.start) for a, b in pairwise(table)]
        rows += _grouped(source.plain, cells)
    return rows


def _spread_tables(source: Source) -> list[list[Line]]:
    """The bars of each such table. It ends where other text follows a bar behind an empty line."""
    tables: list[list[Line]] = []
    bars: list[Line] = []
    was_bar = False
    for line in source.lines:
        is_bar = source.plain[line.start : line.end] == "|"
        if was_bar and not is_bar and line.after_blank:
            tables.append(bars)
            bars = []
        if is_bar:
            bars.append(line)
        was_bar = is_bar
    return [table for table in [*tables, bars] if len(table) > 2]


def _grouped(plain: str, cells: Sequence[Span]) -> list[Span]:
    """Cells put together to rows: two bars in a row part them, unless cells are still lacking."""
    rows: list[Span] = []
    width, begun, count = 0, cells[0][0], 0
    for start, end in cells:
        empty = not plain[start + 1 : end].strip()
        if empty and count and (not width or count >= width):
            rows.append((begun, start + 1))
            width = width or count
            count = 0
        else:
            begun = start if not count else begun
            count += 1
    return [*rows, (begun, cells[-1][1] + 1)] if count else rows
