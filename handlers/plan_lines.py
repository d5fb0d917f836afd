"""Lines of a plan under review as chat says them: duties, questions, what was not understood."""

from collections.abc import Iterator, Sequence
from typing import Any

from core.conversation import plan_words
from core.say import Label, Text, say
from core.text import clip
from handlers import duties, plan_changes, plan_drafts, plans
from handlers.plan_drafts import Review
from handlers.plans import Proposed
from handlers.proposal_words import problem_words, unit_words, where_words
from handlers.service import Service
from plans.found import Where
from storage.tables import PlanItemRow

LISTED = 12
"""Lines of a list that has no pages."""
_TITLE = 90
_UNIT = 45
_SHOWN = frozenset({plans.LEAD_UNKNOWN, "duty_doubt.unit_unknown", "duty_doubt.no_day"})
"""What a line says already where it names unit and day."""


def line(review: Review, item: PlanItemRow) -> Text:
    """One duty as a line of a list: its mark, title, unit, date, and what is not sure about it."""
    duty = plan_drafts.as_duty(review, item)
    if item.is_dropped:
        return say("review_line_dropped", number=item.number, title=clip(item.title, _TITLE))
    open_ = plan_drafts.questions(review.service, duty, review.now)
    unsure = plan_drafts.doubts(review.service, duty, review.now)
    mark = Label("review.mark_open") if open_ else Label("review.mark_doubt") if unsure else ""
    doubts = _labels(review.service, tuple(each for each in (*open_, *unsure) if each not in _SHOWN))
    return say(
        "review_line",
        number=item.number,
        mark=mark,
        title=clip(item.title, _TITLE),
        unit=unit_words(duty, _UNIT),
        due=due_words(review, duty),
        doubts=say("line_doubts", doubts=doubts) if doubts else "",
    )


def lines(review: Review, found: Sequence[PlanItemRow]) -> tuple[Text, ...]:
    """As many of the duties as one message holds; the others are counted."""
    return (*(line(review, item) for item in found[:LISTED]), *more(len(found)))


def due_words(review: Review, duty: Proposed) -> Text:
    """The date of the duty in words."""
    return duties.due_words(review.service, plans.dated(review.service, duty), review.today)


def question(service: Service, item: PlanItemRow, open_: tuple[str, ...]) -> Text:
    """What has to be answered about a duty."""
    return say(
        "review_question", number=item.number, title=clip(item.title, 60), open=_labels(service, open_)
    )


def _labels(service: Service, codes: tuple[str, ...]) -> str:
    return "; ".join(service.catalogue.label(code) for code in codes)


def is_unsure(review: Review, item: PlanItemRow) -> bool:
    """Whether a person has to answer something about the duty, or ought to look at it."""
    duty = plan_drafts.as_duty(review, item)
    asked = plan_drafts.questions(review.service, duty, review.now)
    return bool(asked or plan_drafts.doubts(review.service, duty, review.now))


def left(review: Review) -> Text:
    """How many duties still have questions."""
    count = sum(1 for _ in plan_drafts.unanswered(review))
    return say("review_left", count=count) if count else say("review_left_none")


def missed(review: Review) -> tuple[Text, ...]:
    """What was not understood; it is said, and not turned into anything."""
    problems = review.draft.problems
    if not problems:
        return ()
    lines = (say("proposal_problem", problem=_problem_words(review, each)) for each in problems[:LISTED])
    return (say("proposal_problems", count=len(problems)), *lines, *more(len(problems)))


def _problem_words(review: Review, problem: dict[str, Any]) -> str:
    where = Where(**problem["where"])
    return problem_words(review.service.catalogue, problem["code"], problem["text"], where)


def more(count: int) -> tuple[Text, ...]:
    """The line that counts what a list of so many left out, if anything."""
    return (say("review_more", count=count - LISTED),) if count > LISTED else ()


def notes(review: Review, item: PlanItemRow) -> Iterator[Text]:
    """Where it stands in the file, the words of the document for who does it, and who changed what last."""
    where = Where(**item.source_place) if item.source_place else None
    if where is not None:
        yield say("review_where", where=where_words(review.service.catalogue, where))
    if item.lead_words:
        yield say("review_lead_words", words=item.lead_words)
    if item.cooperate_words:
        yield say("review_cooperate_words", words=item.cooperate_words)
    for (item_id, field), change in plan_changes.standing(review.tx, review.draft).items():
        if item_id == item.id:
            officer = plan_changes.officer_name(review.tx, change.officer_id)
            yield say("review_edited", field=Label(f"review.field_{field}"), officer=officer, at=change.at)


def same_words(review: Review, number: int, unit: str) -> tuple[Text, ...]:
    """How to give the unit to the other duties of which the document says the same."""
    item = plan_changes.item_named(review, number)
    others = plan_changes.same_words(review, item)
    if not others:
        return ()
    numbers = plan_words.written([each.number for each in others[: plan_words.MOST_NUMBERS]])
    return (say("review_same_words", words=clip(item.lead_words, 60), numbers=numbers, unit=unit),)
