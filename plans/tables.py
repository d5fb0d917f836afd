"""Tables: a row is a task with its units and its time; the heading row says which column is which."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from plans import units
from plans.candidates import Candidate, Roles, Unread, moved
from plans.dates import read_times
from plans.found import Clock, Span, Time
from plans.headings import likely_meaning, meaning
from plans.sections import Paragraph
from plans.source import Source

Columns = dict[int, str]
Cells = dict[str, list[Span]]

_LABEL = re.compile(r"^(?:\d{1,3}(?:\.\d{1,3}){0,3}|[IVX]{1,5}|[A-ZĐa-zđ])$")
_DITTO = ("nt", "như trên", '"', "-nt-", "''")
_LONGEST_CAPTION = 60
_RULE = re.compile(r"^[\s|:\-]+$")


@dataclass(frozen=True, slots=True)
class _Row:
    paragraph: Paragraph
    cells: tuple[Span, ...]


def is_row(source: Source, paragraph: Paragraph) -> bool:
    """Whether a paragraph is a row of a table."""
    return (
        source.plain.startswith("|", paragraph.start)
        and source.plain.count("|", paragraph.start, paragraph.end) > 1
    )


def read_table(
    source: Source, rows: Sequence[Paragraph], clock: Clock
) -> tuple[list[Candidate], list[Unread]]:
    """The obligations of adjoining rows, and the rows and time cells that were not understood."""
    found: list[Candidate] = []
    unread: list[Unread] = []
    columns: Columns = {}
    above: Cells = {}
    just_named = False
    for paragraph in rows:
        if paragraph.skipped or _RULE.match(source.plain[paragraph.start : paragraph.end]):
            continue
        row = _split(source.plain, paragraph)
        named = _heading(source, row, meaning if columns else likely_meaning)
        more = _second_heading(source, row) if just_named else {}
        just_named = bool(named)
        if named or more:
            columns = named or columns | more
            unread += _unnamed(source, row, columns)
        elif columns:
            above = _filed(source, row, columns, above)
            known = len(found) + len(unread)
            found += _read_row(source, row, above, clock, unread)
            if len(found) + len(unread) == known and _tells_something(source, row, clock):
                unread.append(
                    Unread("plan_problem_row", _tight(source.plain, (paragraph.start, paragraph.end)))
                )
        elif _looks_like_a_task(source, row, clock):
            unread.append(
                Unread("plan_problem_table", _tight(source.plain, (paragraph.start, paragraph.end)))
            )
    return found, unread


def _split(plain: str, paragraph: Paragraph) -> _Row:
    bars = [place for place in range(paragraph.start, paragraph.end) if plain[place] == "|"]
    edges = bars if bars[-1] == paragraph.end - 1 else [*bars, paragraph.end]
    return _Row(paragraph, tuple((a + 1, b) for a, b in pairwise(edges)))


def _heading(source: Source, row: _Row, meaning_of: Callable[[str], str]) -> Columns:
    """The meaning of each column if the row is a heading: it names the task and a time or a unit, briefly."""
    columns: Columns = {}
    for place, (start, end) in enumerate(row.cells):
        text = source.low[start:end].strip()
        if len(text) > _LONGEST_CAPTION:
            return {}
        role = meaning_of(text)
        if role:
            columns[place] = role
    roles = set(columns.values())
    return columns if "task" in roles and roles & {"time", "lead"} and len(roles - {"other"}) > 1 else {}


def _second_heading(source: Source, row: _Row) -> Columns:
    """The meanings below a heading parted once more: «Đơn vị thực hiện» in «Chủ trì» and «Phối hợp»."""
    named = {
        place: likely_meaning(source.low[start:end].strip())
        for place, (start, end) in enumerate(row.cells)
        if source.low[start:end].strip()
    }
    return named if named and all(named.values()) and len(set(named.values())) == len(named) else {}


def _unnamed(source: Source, row: _Row, columns: Columns) -> Iterator[Unread]:
    """The columns of a heading that nobody understood: what stands in them is not read."""
    for place, span in enumerate(row.cells):
        if place not in columns and source.plain[slice(*span)].strip(" .|-#"):
            yield Unread("plan_problem_column", _tight(source.plain, span))


def _filled(source: Source, row: _Row) -> list[str]:
    """The filled cells, without a number in front."""
    cells = [source.plain[start:end].strip(" .-") for start, end in row.cells]
    filled = [cell for cell in cells if cell]
    return filled[1:] if filled and _LABEL.match(filled[0]) else filled


def _tells_something(source: Source, row: _Row, clock: Clock) -> bool:
    """Whether a row that gave nothing may be an order: it is no heading («A. Trước mùa mưa») and no rest."""
    words = _filled(source, row)
    first = source.plain[slice(*row.cells[0])].strip(" .")
    numbered = first[:1].isdigit()
    return bool(words) and (numbered or len(words) > 1 or _is_dated(words[0], clock))


def _looks_like_a_task(source: Source, row: _Row, clock: Clock) -> bool:
    """Whether a row of a table without headings speaks of something to be done by a time."""
    words = _filled(source, row)
    return len(words) > 1 and any(_is_dated(cell, clock) for cell in words)


def _is_dated(words: str, clock: Clock) -> bool:
    return any(time.due or time.recurrence for time in read_times(Source.of(words).plain, clock))


def _filed(source: Source, row: _Row, columns: Columns, above: Cells) -> Cells:
    """The filled cells of a row by role; «nt» stands for the cell above."""
    cells: Cells = {}
    for place, (start, end) in enumerate(row.cells):
        role, words = columns.get(place, "other"), source.low[start:end].strip(" .")
        if words in _DITTO:
            cells[role] = above.get(role, [])
        elif words.strip("-"):
            cells.setdefault(role, []).append((start, end))
    return cells


def _read_row(
    source: Source, row: _Row, cells: Cells, clock: Clock, unread: list[Unread]
) -> Iterator[Candidate]:
    task = cells.get("task")
    if not task:
        return
    roles, section = _roles(source, cells), _section(source, row, cells.get("number"))
    told = [
        span[0] for role in ("task", "time") for span in cells.get(role, ()) if span[0] >= row.paragraph.start
    ]
    start, end = _tight(source.plain, (min(told), row.paragraph.end))
    timed = False
    for cell in cells.get("time", ()):
        times = [
            moved(time, cell[0]) for time in read_times(source.plain[cell[0] : cell[1]], clock, cell=True)
        ]
        if not times:
            unread.append(Unread("plan_problem_time", _tight(source.plain, cell)))
        if len(times) == 1:
            times = [_since(source, cells, times[0], clock)]
        for number, time in enumerate(times):
            timed = True
            begin = start if number == 0 else times[number - 1].end
            stop = end if number + 1 == len(times) else time.end
            yield Candidate(
                *_tight(source.plain, (begin, max(stop, begin + 1))), section, roles, time, task[0]
            )
    if not timed:
        yield from _untimed(source, (start, end), task[0], section, roles, clock)


def _since(source: Source, cells: Cells, end: Time, clock: Clock) -> Time:
    """A day in the column «Ngày kết thúc» with the one in «Ngày bắt đầu» is a window."""
    if end.kind != "deadline" or not end.due or not cells.get("start"):
        return end
    start, stop = cells["start"][0]
    begun = next(iter(read_times(source.plain[start:stop], clock, cell=True)), None)
    if begun is None or begun.due is None or begun.due > end.due:
        return end
    return replace(end, kind="period", period_start=begun.due, period_end=end.due)


def _roles(source: Source, cells: Cells) -> Roles:
    def listed(role: str) -> tuple[str, ...]:
        named = (
            unit for start, end in cells.get(role, ()) for unit in units.unit_list(source.plain[start:end])
        )
        return tuple(dict.fromkeys(named))

    start, end = cells["task"][0]
    words = source.plain[start:end].strip()
    lead = listed("lead") or units.subject(words)[0]
    cooperate = listed("cooperate") or units.cooperating(words)
    return Roles(lead, cooperate, listed("direct"), units.receiver(words), units.passing(words))


def _untimed(
    source: Source, row: Span, task: Span, section: str | None, roles: Roles, clock: Clock
) -> Iterator[Candidate]:
    """A row without a time cell: the time may stand in the task itself."""
    times = [moved(time, task[0]) for time in read_times(source.plain[task[0] : task[1]], clock)]
    if times or roles.lead:
        yield Candidate(*row, section, roles, times[0] if times else None, task)


def _section(source: Source, row: _Row, number: Sequence[Span] | None) -> str | None:
    label = source.plain[number[0][0] : number[0][1]].strip(" .") if number else ""
    return f"PL.{label}" if label else row.paragraph.section


def _tight(plain: str, span: Span) -> Span:
    start, end = span
    while start < end - 1 and plain[start] in " |;,-+":
        start += 1
    while end > start + 1 and plain[end - 1] in " |;":
        end -= 1
    return start, end
