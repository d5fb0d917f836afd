"""Tables: a row is a task with its units and its time; the heading row says which column is which."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from plans import units
from plans.candidates import Candidate, Roles, Unread, moved
from plans.dates import read_times
from plans.found import Clock, Span
from plans.patterns import any_of
from plans.sections import Paragraph
from plans.source import Source

Columns = dict[int, str]
Cells = dict[str, list[Span]]

_UNIT = r"(?:cơ quan|đơn vị|bộ phận|phòng|cán bộ|người|cấp)"
_WHO = rf"(?:(?:các )?{_UNIT}[ ,/]{{0,2}}(?:cơ quan|đơn vị|địa phương)? ?)"
_WHEN = any_of("thời gian | thời hạn | tiến độ | hạn | thời điểm | ngày | mốc thời gian | hoàn thành")
_ANSWERS = any_of("chủ trì | thực hiện | tham mưu | phụ trách | trách nhiệm | đầu mối | chịu trách nhiệm")
_WHAT = any_of("nội dung | nhiệm vụ | công việc | hoạt động | tên | hạng mục | đầu việc | sự kiện | văn bản")
_REST = any_of("ghi chú | sản phẩm | kết quả | kinh phí | địa điểm | nguồn | số lượng")
_COLUMNS = (
    ("number", re.compile(r"^(?:stt|tt|số tt|số thứ tự)\b")),
    ("time", re.compile(rf"^{_WHEN}\b")),
    ("cooperate", re.compile(rf"^{_WHO}?phối hợp")),
    ("direct", re.compile(rf"^{_WHO}?(?:chỉ đạo|lãnh đạo|lãnh đạo phụ trách)\b")),
    ("lead", re.compile(rf"^(?:{_WHO}?{_ANSWERS}|phân công|{_WHO}$)")),
    ("task", re.compile(rf"^(?:các )?{_WHAT}")),
    ("other", re.compile(rf"^{_REST}")),
)
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
    """The obligations of adjoining rows and the time cells that were not understood."""
    found: list[Candidate] = []
    unread: list[Unread] = []
    columns: Columns = {}
    above: Cells = {}
    for paragraph in rows:
        if paragraph.skipped or _RULE.match(source.plain[paragraph.start : paragraph.end]):
            continue
        row = _split(source.plain, paragraph)
        named = _heading(source, row)
        if named:
            columns = named
        elif columns:
            above = _filed(source, row, columns, above)
            found += _read_row(source, row, above, clock, unread)
    return found, unread


def _split(plain: str, paragraph: Paragraph) -> _Row:
    bars = [place for place in range(paragraph.start, paragraph.end) if plain[place] == "|"]
    edges = bars if bars[-1] == paragraph.end - 1 else [*bars, paragraph.end]
    return _Row(paragraph, tuple((a + 1, b) for a, b in pairwise(edges)))


def _heading(source: Source, row: _Row) -> Columns:
    """The meaning of each column if the row is a heading: it names the task and a time or a unit, briefly."""
    columns: Columns = {}
    for place, (start, end) in enumerate(row.cells):
        text = source.low[start:end].strip()
        role = next((name for name, rule in _COLUMNS if rule.search(text)), "")
        if len(text) > _LONGEST_CAPTION:
            return {}
        if role:
            columns[place] = role
    roles = set(columns.values())
    return columns if "task" in roles and roles & {"time", "lead"} and len(roles - {"other"}) > 1 else {}


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
        for number, time in enumerate(times):
            timed = True
            begin = start if number == 0 else times[number - 1].end
            stop = end if number + 1 == len(times) else time.end
            yield Candidate(*_tight(source.plain, (begin, max(stop, begin + 1))), section, roles, time)
    if not timed:
        yield from _untimed(source, (start, end), task[0], section, roles, clock)


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
        yield Candidate(*row, section, roles, times[0] if times else None)


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
