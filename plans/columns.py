"""Words of a page become lines; of two columns first the left one, then the right one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from plans.pdf import Page, Word

_LEVEL = 0.25
"""Words this part of their size higher or lower stand on the same row."""
_NARROW, _CLEAR = 0.8, 1.2
"""A gap between columns in sizes of a letter; between few lines only a clear one counts."""
_SIDE = 50.0
"""Each column is wider than this; a number that hangs in front of a paragraph is not."""
_FEW = 5
"""Fewer lines on a side are no running text but two things beside each other, as in a letterhead."""
_STEP = 8
_BESIDE = 0.5


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line. `column` numbers the columns of a page, 0 for the whole width, with their right edge.

    A line that `is_apart` stands beside something else, as in the head of a letter, and continues nothing.
    """

    text: str
    page: int
    left: float
    top: float
    right: float
    bottom: float
    size: float
    sure: float
    column: int = 0
    column_right: float = 0.0
    is_apart: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """Words on one level, and the stretches that they cover without a gap wide enough to part columns."""

    words: tuple[Word, ...]
    covered: tuple[tuple[float, float], ...]

    @property
    def top(self) -> float:
        return self.words[0].top

    @property
    def bottom(self) -> float:
        return self.words[0].bottom

    def crosses(self, x: float) -> bool:
        return any(left < x < right for left, right in self.covered)


@dataclass(frozen=True, slots=True)
class _Band:
    """The rows from `start` to `end`, none of which crosses `x`."""

    start: int
    end: int
    x: float
    weight: int
    gap: float


def lines_of(page: Page, words: Sequence[Word]) -> list[Line]:
    """The lines of these words in reading order."""
    return list(_read(page, rows_of(words), 0))


def rows_of(words: Sequence[Word]) -> list[_Row]:
    """Words of one level, from left to right; the rows from top to bottom."""
    levels: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.bottom):
        if levels and word.bottom - levels[-1][0].bottom < _LEVEL * word.size:
            levels[-1].append(word)
        else:
            levels.append([word])
    return [_row(sorted(level, key=lambda word: word.left)) for level in levels]


def row_text(row: _Row) -> str:
    """The words of a row with spaces between."""
    text = ""
    for before, word in zip((None, *row.words), row.words, strict=False):
        touches = before is not None and word.left - before.right < 0.1 * word.size
        text += word.text if touches or before is None else f" {word.text}"
    return text


def _row(words: Sequence[Word]) -> _Row:
    covered: list[tuple[float, float]] = []
    for word in words:
        if covered and word.left - covered[-1][1] < _NARROW * word.size:
            covered[-1] = (covered[-1][0], max(covered[-1][1], word.right))
        else:
            covered.append((word.left, word.right))
    return _Row(tuple(words), tuple(covered))


def _read(page: Page, rows: Sequence[_Row], column: int) -> Iterator[Line]:
    band = _widest_band(page, rows)
    if band is None:
        yield from (_line(page, row, column) for row in rows)
        return
    yield from _read(page, rows[: band.start], column)
    words = [word for row in rows[band.start : band.end] for word in row.words]
    for number, side in enumerate(
        ([word for word in words if word.right <= band.x], [word for word in words if word.right > band.x]),
        2 * column + 1,
    ):
        edge = max(word.right for word in side)
        for line in _read(page, rows_of(side), number):
            placed = line if line.column_right else replace(line, column_right=edge)
            yield replace(placed, is_apart=line.is_apart or band.weight < _FEW)
    yield from _read(page, rows[band.end :], column)


def _line(page: Page, row: _Row, column: int) -> Line:
    return Line(
        text=row_text(row),
        page=page.number,
        left=row.words[0].left,
        top=min(word.top for word in row.words),
        right=max(word.right for word in row.words),
        bottom=max(word.bottom for word in row.words),
        size=max(word.size for word in row.words),
        sure=min(word.sure for word in row.words),
        column=column,
    )


def _widest_band(page: Page, rows: Sequence[_Row]) -> _Band | None:
    """The rows that most clearly stand in two columns."""
    if len(rows) < 2:
        return None
    middle = range(int(0.15 * page.width), int(0.85 * page.width), _STEP)
    bands = [band for x in middle for band in _bands(rows, float(x))]
    return max(bands, key=lambda band: (band.weight, band.gap), default=None)


def _bands(rows: Sequence[_Row], x: float) -> Iterator[_Band]:
    start = 0
    for number in range(len(rows) + 1):
        if number < len(rows) and not rows[number].crosses(x):
            continue
        if number - start > 1 and (band := _band(rows, start, number, x)):
            yield band
        start = number + 1


def _band(rows: Sequence[_Row], start: int, end: int, x: float) -> _Band | None:
    left = [number for number in range(start, end) if rows[number].words[0].left < x]
    right = [number for number in range(start, end) if rows[number].words[-1].right > x]
    if len(left) < 2 or len(right) < 2:
        return None
    # What stands above or below the other column alone belongs to neither.
    few = min(len(left), len(right)) < _FEW
    first = max(left[0], right[0]) if few else min(left[0], right[0])
    last = min(left[-1], right[-1]) if few else max(left[-1], right[-1])
    if last <= first or not _beside(rows, left, right):
        return None
    words = [word for row in rows[first : last + 1] for word in row.words]
    lefts = [word for word in words if word.right <= x]
    rights = [word for word in words if word.right > x]
    if not lefts or not rights:
        return None
    gap = min(word.left for word in rights) - max(word.right for word in lefts)
    size = max(word.size for word in words)
    wide = min(_width(lefts), _width(rights)) > _SIDE
    if not wide or gap < (_CLEAR if few else _NARROW) * size:
        return None
    return _Band(first, last + 1, x, min(len(left), len(right)), gap)


def _beside(rows: Sequence[_Row], left: Sequence[int], right: Sequence[int]) -> bool:
    """Whether the two sides stand beside each other rather than one below the other."""
    tops = (rows[left[0]].top, rows[right[0]].top)
    feet = (rows[left[-1]].bottom, rows[right[-1]].bottom)
    shorter = min(feet[0] - tops[0], feet[1] - tops[1])
    return min(feet) - max(tops) > _BESIDE * shorter


def _width(words: Sequence[Word]) -> float:
    return max(word.right for word in words) - min(word.left for word in words)
