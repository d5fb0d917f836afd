"""Obligations in running text: sentences, clauses, and the unit that clause, sentence or heading names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from plans import units
from plans.candidates import Candidate, Roles, moved
from plans.dates import LONGEST_CLAUSE, is_bare_time, read_times
from plans.found import Clock, Span, Time
from plans.sections import Paragraph
from plans.source import Source

_SENTENCE_END = re.compile(
    r"(?<=[.!?])(?<!TP\.)(?<!TX\.)(?<!Tp\.)(?<!TS\.)(?<!v\.v\.) (?=[\"“(*]?[A-ZĐÀ-Ỹ]|[a-zđ]\) )"
)
_NO_DUTY = re.compile(
    r"^(?:trên đây là kế hoạch[^,]*$|(?:quyết định|kế hoạch|văn bản|thông tư) này có hiệu lực"
    r"|.{0,600}\b(?:như sau|sau đây) ?:?$|ban hành kèm theo|căn cứ (?:luật|nghị|quyết)|kèm theo\b)"
)
_CONDITION = re.compile(r"^(?:trong quá trình|nếu|khi|trường hợp)\b")
_ENDS_WORK = re.compile(r"^(?:kết thúc|hoàn thành)\b")
# Words that may open a second action inside one clause.
_SECOND_ACTION = re.compile(r"(?:,? và|,|, đồng thời) $")
_BEHIND_TIME = re.compile(r" ?\)? ?[:,] (?:giao |đề nghị )?")
_LINK = re.compile(r"(?:và|hoặc|đồng thời),? ")
_LONGEST_TIME_HEADING = 60
_WORTH_SPLITTING = 25


@dataclass(frozen=True, slots=True)
class _Where:
    """A paragraph being read, and the time that its heading gives to what names none."""

    source: Source
    paragraph: Paragraph
    clock: Clock
    heading_time: Time | None


@dataclass(frozen=True, slots=True)
class _Clause:
    start: int
    end: int
    times: tuple[Time, ...]
    subject: tuple[str, ...]


def heading_units(source: Source, paragraph: Paragraph) -> tuple[str, ...]:
    """The units that the nearest heading above a paragraph makes responsible."""
    for above in reversed(paragraph.parents):
        named, _end = units.subject(source.plain[above.body : above.end][:700])
        if named:
            return named
    return ()


def read_prose(
    source: Source, paragraph: Paragraph, span: Span, clock: Clock, lead: Sequence[str] = ()
) -> list[Candidate]:
    """The obligations in a part of a paragraph. `lead` answers for what names nobody."""
    if paragraph.label and is_bare_time(source.plain[slice(*span)]):
        return []
    inherited = tuple(lead) or heading_units(source, paragraph)
    where = _Where(source, paragraph, clock, _heading_time(source, paragraph, clock))
    found: list[Candidate] = []
    for sentence in sentences(source.plain, span):
        if _NO_DUTY.match(source.low[slice(*sentence)]):
            continue
        clauses = _clauses(where, sentence)
        named = _named(clauses)
        found += _candidates(where, clauses, named or inherited, own=bool(named))
        inherited = named or inherited
    return found


def _heading_time(source: Source, paragraph: Paragraph, clock: Clock) -> Time | None:
    """The time that the nearest heading gives to everything below it: «2. Tháng 3/2027»."""
    for above in reversed(paragraph.parents):
        text = source.plain[above.body : above.end]
        if len(text) <= _LONGEST_TIME_HEADING and is_bare_time(text):
            times = read_times(text, clock, cell=True)
            return moved(times[0], above.body) if times else None
    return None


def sentences(plain: str, span: Span) -> list[Span]:
    """The places of the sentences in a part of the text."""
    start, end = span
    cuts = [start + match.end() for match in _SENTENCE_END.finditer(plain[start:end])]
    edges = [start, *cuts, end]
    pieces = [
        (begin, min(begin + LONGEST_CLAUSE, stop))
        for first, stop in pairwise(edges)
        for begin in range(first, stop, LONGEST_CLAUSE)
    ]
    return [piece for piece in pieces if plain[slice(*piece)].strip(" .;:-")]


def _named(clauses: Sequence[_Clause]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(unit for clause in clauses for unit in clause.subject))


def _clauses(where: _Where, sentence: Span) -> list[_Clause]:
    source, clauses = where.source, []
    for start, end in _joined(source, _at_semicolons(source.plain, sentence)):
        text = source.plain[start:end]
        times = tuple(moved(time, start) for time in read_times(text, where.clock))
        named = units.subject(text)[0] or (_behind(source.plain, times[0].end, end) if times else ())
        clauses.append(_Clause(start, end, times, named))
    return clauses


def _behind(plain: str, start: int, end: int) -> tuple[str, ...]:
    """The units right behind a time: «Từ ngày 15/01 đến ngày 28/02: Công an xã rà soát …»."""
    link = _BEHIND_TIME.match(plain, start, end)
    return (
        units.subject(plain[link.end() : end])[0]
        if link and units.BEGINS_UNIT.match(plain, link.end())
        else ()
    )


def _at_semicolons(plain: str, span: Span) -> list[Span]:
    """The sentence cut at the semicolons that stand outside brackets."""
    pieces: list[Span] = []
    depth, begin = 0, span[0]
    for place in range(*span):
        ch = plain[place]
        depth += (ch == "(") - (ch == ")")
        if ch == ";" and depth <= 0:
            pieces.append((begin, place + 1))
            begin = place + 1
    return [
        _tight(plain, piece)
        for piece in [*pieces, (begin, span[1])]
        if plain[piece[0] : piece[1]].strip(" ;.")
    ]


def _tight(plain: str, span: Span) -> Span:
    start, end = span
    while start < end and plain[start] == " ":
        start += 1
    while end > start and plain[end - 1] in " ;":
        end -= 1
    return start, end


def _joined(source: Source, pieces: Sequence[Span]) -> list[Span]:
    """Pieces that only name units, state a condition or end what another began belong to their neighbour."""
    joined: list[Span] = []
    waiting: int | None = None
    for start, end in pieces:
        text = source.plain[start:end]
        begin = start if waiting is None else waiting
        low = source.low[start:end]
        last = source.low[joined[-1][0] : joined[-1][1]] if joined else ""
        goes_on = (_ENDS_WORK.match(low) and "bắt đầu" in last) or _in_list(source, joined, text)
        if joined and waiting is None and goes_on:
            joined[-1] = (joined[-1][0], end)
            continue
        if units.is_only_units(text) or (
            _CONDITION.match(low) and not units.subject(text)[0] and len(text) < 140
        ):
            waiting = begin
            continue
        joined.append((begin, end))
        waiting = None
    if waiting is not None:
        joined.append((waiting, pieces[-1][1]))
    return joined


def _in_list(source: Source, joined: Sequence[Span], text: str) -> bool:
    """Whether a piece goes on with the cooperating units that the piece before it began to list."""
    return (
        bool(joined)
        and units.BEGINS_UNIT.match(text) is not None
        and units.ends_cooperating(source.plain[joined[-1][0] : joined[-1][1]])
    )


def _candidates(
    where: _Where, clauses: Sequence[_Clause], lead: tuple[str, ...], *, own: bool
) -> Iterator[Candidate]:
    """One candidate per timed piece; untimed clauses side by side are one duty."""
    untimed: Span | None = None
    current = lead
    for clause in clauses:
        if own and clause.subject:
            current = clause.subject
        if not clause.times:
            untimed = (untimed[0] if untimed else clause.start, clause.end)
            continue
        if untimed:
            yield from _duty(where, untimed, None, lead)
            untimed = None
        for span, time in _pieces(where.source, clause):
            yield from _duty(where, span, time, _answerable(clause, current, lead, own=own))
    if untimed:
        yield from _duty(where, untimed, None, lead)


def _answerable(
    clause: _Clause, current: tuple[str, ...], lead: tuple[str, ...], *, own: bool
) -> tuple[str, ...]:
    if clause.subject:
        return clause.subject
    return current if own else lead


def _pieces(source: Source, clause: _Clause) -> list[tuple[Span, Time | None]]:
    """The clause cut so that each piece holds one time; an action before the first time stands alone."""
    pieces: list[tuple[Span, Time | None]] = []
    begin = clause.start
    first = clause.times[0]
    before = source.low[clause.start : first.start]
    if (
        first.kind in ("continuous", "recurring")
        and len(before) > _WORTH_SPLITTING
        and _SECOND_ACTION.search(before)
    ):
        pieces.append(((clause.start, first.start), None))
        begin = first.start
    for number, time in enumerate(clause.times):
        following = clause.times[number + 1] if number + 1 < len(clause.times) else None
        end = _cut(source.plain, time.end, following.start) if following else clause.end
        pieces.append(((begin, end), time))
        begin = end
    return pieces


def _cut(plain: str, start: int, end: int) -> int:
    """Where between two times one action ends: the first comma or «và», else right behind the first time."""
    match = re.search(";", plain[start:end]) or re.search(
        r",|(?<=\s)(?:và|hoặc|đồng thời)\b", plain[start:end]
    )
    return start + match.start() if match else end


def _duty(where: _Where, span: Span, time: Time | None, lead: tuple[str, ...]) -> Iterator[Candidate]:
    source = where.source
    start, end = _stripped(source.plain, span)
    time = time or where.heading_time
    if start >= end or (time is None and not lead) or _is_heading(source, (start, end), time):
        return
    if time and not lead and time.recurrence and time.recurrence.freq == "UNSPECIFIED":
        return
    text = source.plain[start:end]
    roles = Roles(lead, units.cooperating(text), (), units.receiver(text), units.passing(text))
    yield Candidate(start, end, where.paragraph.section, roles, time)


def _is_heading(source: Source, span: Span, time: Time | None) -> bool:
    text = source.plain[span[0] : span[1]]
    return time is None and (len(text) < 12 or units.is_only_units(text) or text.isupper())


def _stripped(plain: str, span: Span) -> Span:
    start, end = span
    while start < end and plain[start] in " ,;.:-–+|":
        start += 1
    link = _LINK.match(plain, start, end)
    start = link.end() if link else start
    while end > start and plain[end - 1] in " ,;:|-–":
        end -= 1
    return start, end
