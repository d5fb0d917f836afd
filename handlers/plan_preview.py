"""Who will be reminded of a plan, and when: said before it is saved."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from core.calendar import local_day
from core.reminders import first_remind_at
from core.say import Label, Text, say
from handlers import duties, people, plans
from handlers.people import Unit
from handlers.plan_drafts import Review, as_duty, doubts, kept
from handlers.plans import Proposed
from handlers.service import Service
from storage.tables import PlanItemRow


@dataclass(frozen=True, slots=True)
class Planned:
    """A duty with its date in words and the moment its unit first hears of it."""

    item: PlanItemRow
    due: str
    first: datetime


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """What one unit will be reminded of. `names` are those who hear; empty when nobody has joined yet."""

    unit: Unit
    names: tuple[str, ...]
    duties: tuple[Planned, ...]

    @property
    def first(self) -> datetime:
        """When the unit hears of the first of them."""
        return min(each.first for each in self.duties)


@dataclass(frozen=True, slots=True)
class Preview:
    """The units in the order they hear first; `undated` duties are kept and remind nobody."""

    units: tuple[UnitPlan, ...]
    undated: tuple[PlanItemRow, ...]
    unsure: int

    @property
    def reminded(self) -> int:
        """How many duties will be reminded of."""
        return sum(len(each.duties) for each in self.units)


def preview(review: Review) -> Preview:
    """What would follow from saving now. Duties with open questions are left out."""
    planned: dict[Unit, list[Planned]] = {}
    undated: list[PlanItemRow] = []
    unsure = 0
    for item in kept(review):
        duty = as_duty(review, item)
        unsure += bool(doubts(review.service, duty, review.now))
        first = first_moment(review.service, duty, review.now)
        if duty.unit is not None and first is not None:
            planned.setdefault(duty.unit, []).append(Planned(item, _due(review, duty), first))
        elif not duty.is_timed:
            undated.append(item)
    units = [
        UnitPlan(unit, _names(review, unit), tuple(sorted(found, key=lambda each: each.first)))
        for unit, found in planned.items()
    ]
    return Preview(tuple(sorted(units, key=lambda each: each.first)), tuple(undated), unsure)


def first_moment(service: Service, duty: Proposed, now: datetime) -> datetime | None:
    """When somebody first hears of the duty, saved now; None when nobody ever does."""
    return first_remind_at(plans.dated(service, duty), now, service.calendar, service.reminders)


def _due(review: Review, duty: Proposed) -> str:
    words = duties.due_words(review.service, plans.dated(review.service, duty), review.today)
    return review.service.catalogue.body(words)


def told(review: Review, found: Preview) -> tuple[Text, ...]:
    """The preview in words, a line for every unit."""
    return (*_units(review, found), *_others(found))


def _units(review: Review, found: Preview) -> Iterator[Text]:
    for each in found.units:
        yield say(
            "review_unit_plan",
            unit=each.unit.name,
            count=len(each.duties),
            day=duties.short_day(local_day(each.first), review.today),
            names=", ".join(each.names) or Label("review.nobody_joined"),
        )


def _others(found: Preview) -> Iterator[Text]:
    if found.undated:
        yield say("review_undated", count=len(found.undated))
    if found.unsure:
        yield say("review_unsure_left", count=found.unsure)


def _names(review: Review, unit: Unit) -> tuple[str, ...]:
    """Who of the unit works on duties and can be written to."""
    staff = duties.workers(review.tx, unit.id)
    return tuple(officer.name for officer in staff if people.addresses_of(review.tx, officer.id))
