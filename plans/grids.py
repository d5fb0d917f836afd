"""Tables of a page, found by their drawn lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from plans.columns import row_text, rows_of
from plans.pdf import Page, Rule, Word

_SAME_EDGES = 6.0


@dataclass(frozen=True, slots=True)
class Row:
    """A row: each cell as its printed lines. A merged cell stands in its first column and in each row."""

    page: int
    cells: tuple[tuple[str, ...], ...]
    sure: float = 1.0


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its edges on the page; `last_page` is the page it ends on."""

    page: int
    last_page: int
    edges: tuple[float, ...]
    top: float
    bottom: float
    rows: tuple[Row, ...]

    def holds(self, word: Word) -> bool:
        """Whether a word of its page stands in it."""
        x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
        return self.edges[0] <= x <= self.edges[-1] and self.top <= y <= self.bottom

    def fits(self, above: "Grid") -> bool:
        """Whether its columns are those of the table on the page before."""
        return len(self.edges) == len(above.edges) and all(
            abs(a - b) < _SAME_EDGES for a, b in zip(self.edges, above.edges, strict=True)
        )

    def continued(self, below: "Grid") -> "Grid":
        """With the rows of the next page. A first row there without a number belongs to the last one here.

        In a picture the number may just not have been recognised.
        """
        rows, more = list(self.rows), list(below.rows)
        unnumbered = bool(more) and more[0].sure == 1.0 and not any(more[0].cells[0])
        if rows and unnumbered and any(rows[-1].cells[0]):
            rest = more.pop(0)
            cells = tuple(a + b for a, b in zip(rows[-1].cells, rest.cells, strict=True))
            rows[-1] = replace(rows[-1], cells=cells, sure=min(rows[-1].sure, rest.sure))
        return replace(self, last_page=below.last_page, rows=(*rows, *more))


def grids_of(page: Page) -> list[Grid]:
    """The tables of a page from top to bottom."""
    lying, standing = _merged(page.lying, page.near), _merged(page.standing, page.near)
    grids = [grid for rules in _connected(lying, standing, page.near) if (grid := _grid(page, *rules))]
    return sorted(grids, key=lambda grid: grid.top)


def _merged(rules: Sequence[Rule], near: float) -> list[Rule]:
    """Rules on one line that overlap or touch as one rule."""
    levels: list[list[Rule]] = []
    for rule in sorted(rules):
        if levels and rule.at - levels[-1][0].at < near:
            levels[-1].append(rule)
        else:
            levels.append([rule])
    merged: list[Rule] = []
    for level in levels:
        at = level[0].at
        start, end = 0.0, -1.0
        for rule in sorted(level, key=lambda rule: rule.start):
            if end >= start and rule.start <= end + near:
                end = max(end, rule.end)
                continue
            if end >= start:
                merged.append(Rule(at, start, end))
            start, end = rule.start, rule.end
        merged.append(Rule(at, start, end))
    return merged


def _touch(lying: Rule, standing: Rule, near: float) -> bool:
    across = lying.start - near <= standing.at <= lying.end + near
    return across and standing.start - near <= lying.at <= standing.end + near


def _connected(
    lying: Sequence[Rule], standing: Sequence[Rule], near: float
) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """The rules of each table: those that touch one another, directly or by others."""
    left, upright = set(range(len(lying))), set(range(len(standing)))
    while upright:
        open_, rows, columns = [upright.pop()], set[int](), set[int]()
        while open_:
            column = open_.pop()
            columns.add(column)
            new = {row for row in left if _touch(lying[row], standing[column], near)}
            left -= new
            rows |= new
            reached = {other for other in upright for row in new if _touch(lying[row], standing[other], near)}
            upright -= reached
            open_ += reached
        yield [lying[row] for row in sorted(rows)], [standing[column] for column in sorted(columns)]


def _grid(page: Page, lying: Sequence[Rule], standing: Sequence[Rule]) -> Grid | None:
    edges, levels = _levels(standing, page.near), _levels(lying, page.near)
    if len(edges) < 2 or len(levels) < 2 or len(edges) + len(levels) < 5:
        return None
    words = [word for word in page.words if edges[0] <= (word.left + word.right) / 2 <= edges[-1]]
    owner = _owners(edges, levels, lying, standing, page.near)
    held = _held(words, edges, levels, owner)
    rows = [_row(page, edges, owner, held, number) for number in range(len(levels) - 1)]
    filled = tuple(row for row in rows if any(row.cells))
    if not filled:
        return None
    return Grid(page.number, page.number, tuple(edges), levels[0], levels[-1], filled)


def _levels(rules: Sequence[Rule], near: float) -> list[float]:
    levels: list[float] = []
    for rule in sorted(rules):
        if not levels or rule.at - levels[-1] >= near:
            levels.append(rule.at)
    return levels


_Place = tuple[int, int]


def _owners(
    edges: Sequence[float],
    levels: Sequence[float],
    lying: Sequence[Rule],
    standing: Sequence[Rule],
    near: float,
) -> dict[_Place, _Place]:
    """For each cell the first cell of the merged one it belongs to: no line is drawn between them."""
    owner: dict[_Place, _Place] = {}
    for row, (top, bottom) in enumerate(pairwise(levels)):
        for column, (left, right) in enumerate(pairwise(edges)):
            owner[row, column] = (row, column)
            if column and not _drawn(standing, left, (top + bottom) / 2, near):
                owner[row, column] = owner[row, column - 1]
            elif row and not _drawn(lying, top, (left + right) / 2, near):
                owner[row, column] = owner[row - 1, column]
    return owner


def _drawn(rules: Sequence[Rule], at: float, crossing: float, near: float) -> bool:
    return any(abs(rule.at - at) < near and rule.start - 1 <= crossing <= rule.end + 1 for rule in rules)


def _held(
    words: Sequence[Word], edges: Sequence[float], levels: Sequence[float], owner: dict[_Place, _Place]
) -> dict[_Place, list[Word]]:
    held: dict[_Place, list[Word]] = {}
    for word in words:
        x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
        column = next((number for number, (a, b) in enumerate(pairwise(edges)) if a <= x <= b), None)
        row = next((number for number, (a, b) in enumerate(pairwise(levels)) if a <= y <= b), None)
        if row is not None and column is not None:
            held.setdefault(owner[row, column], []).append(word)
    return held


def _row(
    page: Page,
    edges: Sequence[float],
    owner: dict[_Place, _Place],
    held: dict[_Place, list[Word]],
    number: int,
) -> Row:
    cells: list[tuple[str, ...]] = []
    sure = 1.0
    for column in range(len(edges) - 1):
        owned_by = owner[number, column]
        begins_here = owned_by[1] == column
        words = held.get(owned_by, []) if begins_here else []
        sure = min([sure, *(word.sure for word in words)])
        cells.append(tuple(row_text(row) for row in rows_of(words)))
    return Row(page.number, tuple(cells), sure)
