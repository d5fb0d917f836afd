"""What the page of a plan under review shows: the document with its marked places, the duties beside it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from operator import itemgetter

from core.calendar import LOCAL
from core.say import Label, Text, say
from handlers import people, plan_changes, plan_drafts, plan_preview
from handlers.people import Unit
from handlers.plan_drafts import Review, as_duty, doubts, items, questions
from handlers.plan_lines import due_words
from handlers.plans import Proposed
from handlers.proposal_words import problem_words, unit_words, where_words
from plans.found import Where
from storage.tables import PlanChangeRow, PlanItemRow

Changes = Mapping[tuple[int, str], PlanChangeRow]


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the document, from the character `start` on, and the duties that stand in it.

    `begins`: those of them that begin here; `problem`: the first place not understood it belongs to, from
    1; 0 for none.
    """

    start: int
    text: str
    numbers: tuple[int, ...]
    begins: tuple[int, ...]
    problem: int


@dataclass(frozen=True, slots=True)
class Edit:
    """Who wrote a field last, and at which local time."""

    field: Label
    officer: str
    at: str


@dataclass(frozen=True, slots=True)
class PageItem:
    """One duty as the page shows it. `title`, `unit_id` and `time` are what its form holds.

    `place`: where in the document it begins, if it stands there; `where`: the same in its file, in words.
    `same`: how many other duties name whoever does it in the same words, and have no unit either.
    """

    number: int
    section: str
    title: str
    unit_id: int | None
    unit: str
    time: str
    due: str
    first: datetime | None
    phrase: str
    lead: str
    cooperate: str
    questions: tuple[Label, ...]
    doubts: tuple[Label, ...]
    edits: tuple[Edit, ...]
    place: int | None
    where: str
    same: int
    is_dropped: bool
    is_added: bool

    @property
    def is_unsure(self) -> bool:
        """Whether a person ought to look at it before the plan is saved."""
        return not self.is_dropped and bool(self.questions or self.doubts)


@dataclass(frozen=True, slots=True)
class PageProblem:
    """A place that was not understood, in words; `start` is where in the document it begins."""

    number: int
    words: str
    start: int


@dataclass(frozen=True, slots=True)
class PlanPage:
    """The whole page."""

    draft_id: int
    name: str
    title: str
    segments: tuple[Segment, ...]
    items: tuple[PageItem, ...]
    problems: tuple[PageProblem, ...]
    units: tuple[Unit, ...]

    @property
    def kept(self) -> int:
        return sum(not item.is_dropped for item in self.items)

    @property
    def open(self) -> int:
        """Duties with questions that have to be answered."""
        return sum(bool(item.questions) for item in self.items if not item.is_dropped)

    @property
    def unsure(self) -> int:
        return sum(item.is_unsure for item in self.items)


def page(review: Review) -> PlanPage:
    """The page as the draft stands now."""
    draft, found = review.draft, items(review.tx, review.draft)
    changes = plan_changes.standing(review.tx, draft)
    names = plan_changes.officer_names(review.tx, changes.values())
    without = Counter(item.lead_words for item in found if item.unit_id is None and not item.is_dropped)
    return PlanPage(
        draft_id=draft.id,
        name=plan_drafts.name(draft),
        title=draft.title or draft.file_name,
        segments=tuple(_segments(review, found)),
        items=tuple(
            _item(review, item, tuple(_edits(item, changes, names)), without[item.lead_words])
            for item in found
        ),
        problems=tuple(_problems(review)),
        units=tuple(people.units(review.tx)),
    )


# --- the document ------------------------------------------------------------------------------------------


def _segments(review: Review, found: list[PlanItemRow]) -> Iterator[Segment]:
    """The text cut wherever a marked place begins or ends, so that places may overlap."""
    text = review.draft.text
    places = [
        (item.raw_start, item.raw_end, item.number)
        for item in found
        if item.raw_start is not None and item.raw_end is not None
    ]
    missed = [(each["start"], each["end"], number) for number, each in enumerate(review.draft.problems, 1)]
    edges = {len(text) - len(text.lstrip()), len(text)}  # nobody looks for empty lines at the head
    for start, end, _ in (*places, *missed):
        edges |= {start, end}
    pieces = list(pairwise(sorted(edges)))
    starts = [start for start, _ in pieces]
    begins: dict[int, list[int]] = defaultdict(list)
    for start, _, number in places:
        begins[start].append(number)
    covering = zip(pieces, _covering(starts, places), _covering(starts, missed), strict=True)
    for (start, end), numbers, problems in covering:
        yield Segment(
            start=start,
            text=text[start:end],
            numbers=numbers,
            begins=tuple(begins[start]),
            problem=min(problems, default=0),
        )


def _covering(starts: list[int], places: list[tuple[int, int, int]]) -> Iterator[tuple[int, ...]]:
    """For each start, in order, the numbers of the places (first, last, number) it lies in.

    In one walk: a plan of a thousand duties has some thousand pieces.
    """
    opening, closing = (sorted(places, key=itemgetter(edge), reverse=True) for edge in (0, 1))
    inside: set[int] = set()
    for start in starts:
        while opening and opening[-1][0] <= start:
            inside.add(opening.pop()[2])
        while closing and closing[-1][1] <= start:
            inside.discard(closing.pop()[2])
        yield tuple(sorted(inside))


def _problems(review: Review) -> Iterator[PageProblem]:
    catalogue = review.service.catalogue
    for number, each in enumerate(review.draft.problems, 1):
        words = problem_words(catalogue, each["code"], each["text"], Where(**each["where"]))
        yield PageProblem(number, words, each["start"])


# --- the duties --------------------------------------------------------------------------------------------


def _item(review: Review, item: PlanItemRow, edits: tuple[Edit, ...], without: int) -> PageItem:
    """`without`: how many duties of the same words have no unit, itself included."""
    duty = as_duty(review, item)
    open_ = questions(review.service, duty, review.now)
    return PageItem(
        number=item.number,
        section=item.section,
        title=item.title,
        unit_id=item.unit_id,
        unit=_printed(review, unit_words(duty)),
        time=_printed(review, _writable(duty)),
        due=_printed(review, due_words(review, duty)),
        first=None if open_ else plan_preview.first_moment(review.service, duty, review.now),
        phrase=item.due_phrase,
        lead=item.lead_words,
        cooperate=item.cooperate_words,
        questions=tuple(Label(code) for code in open_),
        doubts=tuple(Label(code) for code in doubts(review.service, duty, review.now)),
        edits=edits,
        place=item.raw_start,
        where=where_words(review.service.catalogue, duty.where),
        same=without - 1 if item.lead_words and item.unit_id is None and not item.is_dropped else 0,
        is_dropped=item.is_dropped,
        is_added=item.is_added,
    )


def _printed(review: Review, value: str | Text | Label) -> str:
    match value:
        case Text():
            return review.service.catalogue.body(value)
        case Label(key):
            return review.service.catalogue.label(key)
        case _:
            return value


def _writable(duty: Proposed) -> Text | Label | str:
    """The time of the duty as one would type it: `handlers.plan_dates` reads it back."""
    if duty.due is None:
        return "" if duty.is_timed else Label(f"obligation_kind.{duty.kind}")
    day = f"{duty.due.day}/{duty.due.month}/{duty.due.year}"
    if duty.due_time is None:
        return say("review_typed_before", day=day) if duty.before else day
    hour = f"{duty.due_time:%H:%M}"
    key = "review_typed_before_hour" if duty.before else "review_typed_hour"
    return say(key, hour=hour, day=day)


def _edits(item: PlanItemRow, changes: Changes, names: Mapping[int, str]) -> Iterator[Edit]:
    for field in ("title", "unit", "due", "dropped"):
        change = changes.get((item.id, field))
        if change is not None:
            local = change.at.astimezone(LOCAL)
            yield Edit(Label(f"review.field_{field}"), names[change.officer_id], f"{local:%H:%M %d/%m}")
