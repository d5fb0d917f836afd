"""Labelled lines («Tham mưu, thực hiện: … Thời gian thực hiện: …») around a task make one obligation."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from plans import units
from plans.candidates import Candidate, Roles, Unread, moved
from plans.dates import read_times
from plans.found import Clock, Span, Time
from plans.patterns import any_of
from plans.prose import heading_units, read_prose, sentences
from plans.sections import Paragraph
from plans.source import Source

_WHO = r"(?:(?:các )?(?:cơ quan|đơn vị|bộ phận|phòng|cán bộ|người|cấp|chủ thể|cơ quan, đơn vị|phân công) )"
_ANSWERS = any_of("""
    chịu trách nhiệm | chủ trì | thực hiện | tham mưu | phụ trách | đầu mối | soạn thảo | được giao | chủ quản
    trách nhiệm
""")
_ANSWERS_TOO = any_of("""
    thực hiện | tham mưu | chính | trình | tổ chức | chủ trì | soạn thảo | triển khai | phối hợp | chung
    báo cáo
    theo dõi
""")
_OTHER = any_of("""
    địa điểm | thành phần | kinh phí | nguồn kinh phí | sản phẩm | hình thức | đối tượng | kết quả | số lượng
    chỉ tiêu | phương thức | cách thức | kết quả đầu ra
""")
_WHEN = any_of("thời gian | thời hạn | tiến độ | thời điểm | hạn | mốc thời gian | ngày")
_WORDS = r"(?: [^\s:.;,\d]{1,12}){0,5} ?:"
_LABELS = (
    ("time", re.compile(rf"(?:về )?{_WHEN}(?: [^\s:.;,\d]{{1,12}}(?:, )?){{0,7}} ?:")),
    ("time", re.compile(r"thời (?:gian|hạn) (?:thực hiện|hoàn thành|tổ chức|ban hành|triển khai)(?= [^:])")),
    ("cooperate", re.compile(rf"{_WHO}?phối hợp{_WORDS}")),
    ("lead", re.compile(rf"(?:{_WHO}|giao )?{_ANSWERS}(?:,? (?:và )?{_ANSWERS_TOO}){{0,4}} ?:")),
    ("lead", re.compile(r"(?:phân công|giao|phân công nhiệm vụ|trách nhiệm thực hiện) ?:")),
    (
        "direct",
        re.compile(
            rf"(?:người |lãnh đạo |cơ quan )?(?:chỉ đạo|phụ trách chỉ đạo|lãnh đạo phụ trách){_WORDS}"
        ),
    ),
    ("task", re.compile(rf"(?:nhiệm vụ|nội dung|công việc|tên nhiệm vụ|nội dung công việc){_WORDS}")),
    ("other", re.compile(rf"{_OTHER}{_WORDS}")),
)
# A label begins a line, or stands behind a full stop, semicolon or bracket inside it.
_INSIDE = re.compile(r"(?<=[.;)])(?: [-+*])? (?=[A-ZĐ])")
_OWNERS = ("lead", "cooperate", "direct", "time")


@dataclass(frozen=True, slots=True)
class _Segment:
    """A part of a paragraph under one label ("" for none); the words behind the label begin at `value`."""

    role: str
    start: int
    value: int
    end: int


@dataclass
class _Group:
    """Paragraphs that make one task with its labelled lines."""

    paragraph: Paragraph
    tasks: list[tuple[Paragraph, Span]] = field(default_factory=list)
    values: dict[str, list[Span]] = field(default_factory=dict)
    extra: list[tuple[Paragraph, Span]] = field(default_factory=list)
    open_role: str = ""

    @property
    def labelled(self) -> bool:
        return any(role in self.values for role in _OWNERS)


def read_paragraphs(
    source: Source, paragraphs: Sequence[Paragraph], clock: Clock
) -> tuple[list[Candidate], list[Unread]]:
    """Obligations of the paragraphs, labelled or in prose, and the time lines that were not understood."""
    found: list[Candidate] = []
    unread: list[Unread] = []
    for group in _groups(source, paragraphs):
        if group.labelled:
            found += _block(source, group, clock, unread)
        else:
            for paragraph, span in group.tasks:
                found += read_prose(source, paragraph, span, clock)
        for paragraph, span in group.extra:
            found += read_prose(source, paragraph, span, clock)
    return found, unread


def segments(source: Source, paragraph: Paragraph) -> list[_Segment]:
    """The paragraph cut at its labels."""
    text, low = source.plain[paragraph.body : paragraph.end], source.low[paragraph.body : paragraph.end]
    starts = [0, *(match.end() for match in _INSIDE.finditer(text))]
    marks = [(start, *_label(low, start)) for start in starts]
    kept = [mark for mark in marks if mark[0] == 0 or mark[1]]
    result = []
    for number, (start, role, value) in enumerate(kept):
        end = kept[number + 1][0] if number + 1 < len(kept) else len(text)
        result.append(_Segment(role, paragraph.body + start, paragraph.body + value, paragraph.body + end))
    return result


def _label(low: str, start: int) -> tuple[str, int]:
    for role, pattern in _LABELS:
        match = pattern.match(low, start)
        if match:
            return role, match.end()
    return "", start


def _groups(source: Source, paragraphs: Sequence[Paragraph]) -> Iterator[_Group]:
    group: _Group | None = None
    for paragraph in paragraphs:
        if paragraph.skipped:
            if group:
                yield group
            group = None
            continue
        parts = segments(source, paragraph)
        if group is None or _opens_group(group, paragraph, parts):
            if group:
                yield group
            group = _Group(paragraph)
        _take(source, group, paragraph, parts)
    if group:
        yield group


def _opens_group(group: _Group, paragraph: Paragraph, parts: Sequence[_Segment]) -> bool:
    """Whether a paragraph begins another task than the one at hand."""
    loose = paragraph.kind in ("bullet", "plus", "")
    if parts[0].role == "task":
        return group.labelled and not (loose and group.open_role)
    if parts[0].role == "":
        return (not loose or group.labelled) and not (loose and group.open_role)
    # A numbered label beside the task, and not below it, is about something else.
    return paragraph.kind in ("decimal", "roman", "article") and group.paragraph not in paragraph.parents


def _take(source: Source, group: _Group, paragraph: Paragraph, parts: Sequence[_Segment]) -> None:
    """Puts the parts of a paragraph where they belong in the group."""
    for part in parts:
        span = (part.value, part.end)
        empty = not source.plain[part.value : part.end].strip(" .;:")
        if part.role in _OWNERS:
            group.values.setdefault(part.role, []).append(span)
            group.open_role = part.role if empty else ""
            if part.role == "lead":
                group.extra += [(paragraph, sentence) for sentence in sentences(source.plain, span)[1:]]
        elif part.role == "" and group.open_role == "time":
            group.extra.append((paragraph, span))
        elif part.role == "" and group.open_role:
            group.values[group.open_role].append(span)
        elif part.role in ("", "task") and not empty:
            group.tasks.append((paragraph, span))


def _roles(source: Source, group: _Group) -> Roles:
    def listed(role: str) -> tuple[str, ...]:
        spans = group.values.get(role, ())
        named = (unit for start, end in spans for unit in units.unit_list(source.plain[start:end]))
        return tuple(dict.fromkeys(named))

    task = " ".join(source.plain[start:end] for _paragraph, (start, end) in group.tasks)
    lead = listed("lead") or units.subject(task)[0] or heading_units(source, group.paragraph)
    return Roles(lead, listed("cooperate"), listed("direct"), units.receiver(task), units.passing(task))


def _block(source: Source, group: _Group, clock: Clock, unread: list[Unread]) -> Iterator[Candidate]:
    """One obligation per time of the labelled lines and per date of the task itself; else one untimed."""
    roles, section = _roles(source, group), group.paragraph.section
    spans = [span for _paragraph, span in group.tasks]
    spans += [span for values in group.values.values() for span in values]
    start = min(span[0] for span in spans) if group.tasks else group.paragraph.body
    timed = list(_at_times(source, group, clock, unread, Candidate(start, start, section, roles)))
    timed += _inside_task(source, group, clock, roles, {found.time.due for found in timed if found.time})
    yield from timed
    if not timed and roles.lead:
        yield Candidate(start, max(span[1] for span in spans), section, roles)


def _at_times(
    source: Source, group: _Group, clock: Clock, unread: list[Unread], block: Candidate
) -> Iterator[Candidate]:
    """The block once for every time behind «Thời gian:»; the first carries the whole text."""
    for value in group.values.get("time", ()):
        text = source.plain[slice(*value)]
        times = [moved(time, value[0]) for time in read_times(text, clock, cell=True)]
        if not times and text.strip(" .;:…_-"):
            unread.append(Unread("plan_problem_time", value))
        for number, time in enumerate(times):
            begin = block.start if number == 0 else times[number - 1].end
            yield replace(block, start=begin, end=_end(source, value, times, number), time=time)


def _inside_task(
    source: Source, group: _Group, clock: Clock, roles: Roles, known: Collection[date | None]
) -> Iterator[Candidate]:
    """Times in the words of the task. Beside a time line only further dates count."""
    has_line = "time" in group.values
    for paragraph, span in group.tasks:
        for found in read_prose(source, paragraph, span, clock, roles.lead):
            due = found.time.due if found.time and found.time.kind == "deadline" else None
            if (due and due not in known) or (found.time and not has_line):
                yield found


def _end(source: Source, value: Span, times: Sequence[Time], number: int) -> int:
    if number + 1 < len(times):
        return times[number].end
    return value[0] + len(source.plain[value[0] : value[1]].rstrip(" ;|"))
