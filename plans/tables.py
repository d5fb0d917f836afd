"""Tables: a row is a task with its units and its time; the heading row says which column is which."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from plans import units
from plans.candidates import Candidate, Roles, Unread, moved
from plans.dates import read_times
from plans.found import Clock, Span
from plans.sections import Paragraph
from plans.source import Source

_COLUMNS = (
    ("number", re.compile(r"^(?:stt|tt|số tt|số thứ tự)\b")),
    ("time", re.compile(r"thời gian|thời hạn|tiến độ|hạn hoàn thành|thời điểm|^hạn\b|^ngày\b|hoàn thành")),
    ("cooperate", re.compile(r"phối hợp")),
    ("direct", re.compile(r"chỉ đạo|lãnh đạo phụ trách")),
    ("lead", re.compile(r"chủ trì|thực hiện|tham mưu|phụ trách|đơn vị|phân công|cơ quan|trách nhiệm|đầu mối")),
    ("task", re.compile(r"nội dung|nhiệm vụ|công việc|hoạt động|tên |hạng mục|đầu việc|sự kiện|văn bản|chỉ tiêu")),
    ("other", re.compile(r"ghi chú|sản phẩm|kết quả|kinh phí|địa điểm")),
)  # fmt: skip
_TASK_FIRST = re.compile(r"^(?:nội dung|nhiệm vụ|công việc|hoạt động|tên |các nhiệm vụ|nội dung/)")
_RULE = re.compile(r"^[\s|:\-]+$")


@dataclass(frozen=True, slots=True)
class _Row:
    paragraph: Paragraph
    cells: tuple[Span, ...]


def is_row(source: Source, paragraph: Paragraph) -> bool:
    """Whether a paragraph is a row of a table."""
    return source.plain.startswith("|", paragraph.start) and source.plain.count("|", paragraph.start, paragraph.end) > 1


def read_table(source: Source, rows: Sequence[Paragraph], clock: Clock) -> tuple[list[Candidate], list[Unread]]:
    """The obligations of adjoining rows and the time cells that were not understood."""
    found: list[Candidate] = []
    unread: list[Unread] = []
    columns: dict[int, str] = {}
    for row in (_cells(source, paragraph) for paragraph in rows if not paragraph.skipped):
        named = _heading(source, row)
        if named:
            columns = named
        elif columns and len(row.cells) >= 2:
            found += _row(source, row, columns, clock, unread)
    return found, unread


def _cells(source: Source, paragraph: Paragraph) -> _Row:
    bars = [place for place in range(paragraph.start, paragraph.end) if source.plain[place] == "|"]
    edges = bars if bars[-1] == paragraph.end - 1 else [*bars, paragraph.end]
    return _Row(paragraph, tuple((a + 1, b) for a, b in zip(edges, edges[1:], strict=False)))


def _heading(source: Source, row: _Row) -> dict[int, str]:
    """The meaning of each column if the row is a heading: it names the task and a time or a unit, briefly."""
    texts = [source.low[start:end].strip(" *") for start, end in row.cells]
    if any(len(text) > 60 for text in texts) or all(_RULE.match(text or "-") for text in texts):
        return {}
    columns = {}
    for place, text in enumerate(texts):
        role = "task" if _TASK_FIRST.match(text) else next((name for name, rule in _COLUMNS if rule.search(text)), "")
        if role and (role not in columns.values() or role in ("other", "lead")):
            columns[place] = role
    roles = set(columns.values())
    return columns if "task" in roles and roles & {"time", "lead"} else {}


def _row(source: Source, row: _Row, columns: dict[int, str], clock: Clock, unread: list[Unread]) -> Iterator[Candidate]:
    cells: dict[str, list[Span]] = {}
    for place, span in enumerate(row.cells):
        if source.plain[span[0] : span[1]].strip(" .-"):
            cells.setdefault(columns.get(place, "other"), []).append(span)
    task = cells.get("task")
    if not task or _RULE.match(source.plain[row.paragraph.start : row.paragraph.end]):
        return
    words = source.plain[task[0][0] : task[0][1]].strip()
    roles = Roles(
        _units(source, cells.get("lead")) or units.subject(words)[0],
        _units(source, cells.get("cooperate")) or units.cooperating(words),
        _units(source, cells.get("direct")), units.receiver(words), units.passing(words),
    )  # fmt: skip
    section = _section(source, row, cells.get("number"))
    start, end = _tight(source.plain, (task[0][0], row.paragraph.end))
    timed = False
    for cell in cells.get("time", ()):
        times = [moved(time, cell[0]) for time in read_times(source.plain[cell[0] : cell[1]], clock, cell=True)]
        if not times:
            unread.append(Unread("plan_problem_time", _tight(source.plain, cell)))
        for number, time in enumerate(times):
            timed = True
            begin = start if number == 0 else times[number - 1].end
            stop = end if number + 1 == len(times) else time.end
            yield Candidate(*_tight(source.plain, (begin, stop)), section, roles, time)
    if not timed:
        yield from _untimed(source, (start, end), task[0], section, roles, clock)


def _untimed(
    source: Source, row: Span, task: Span, section: str | None, roles: Roles, clock: Clock
) -> Iterator[Candidate]:
    """A row without a time cell: the time may stand in the task itself."""
    times = [moved(time, task[0]) for time in read_times(source.plain[task[0] : task[1]], clock)]
    if times or roles.lead:
        yield Candidate(*row, section, roles, times[0] if times else None)


def _units(source: Source, cells: Sequence[Span] | None) -> tuple[str, ...]:
    named = (unit for start, end in cells or () for unit in units.unit_list(source.plain[start:end]))
    return tuple(dict.fromkeys(named))


def _section(source: Source, row: _Row, number: Sequence[Span] | None) -> str | None:
    label = source.plain[number[0][0] : number[0][1]].strip(" .") if number else ""
    return f"PL.{label}" if label else row.paragraph.section


def _tight(plain: str, span: Span) -> Span:
    start, end = span
    while start < end and plain[start] in " |":
        start += 1
    while end > start and plain[end - 1] in " |;":
        end -= 1
    return start, end
