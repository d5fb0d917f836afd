"""Who is reminded of a duty, when and at which stage, and the order of a morning's message.

Nothing is planned ahead: stage and next moment follow from the date, the status and the working calendar.
A stage lies so many working days before the strict day; on a day off it comes on the working day before.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import IntEnum, StrEnum

from core.calendar import Calendar, local_day
from core.obligations import WAITING, Obligation, ObligationStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderPolicy:
    """When an organisation reminds. `offsets` are working days before the strict day, the farthest first.

    An acknowledged duty is left in peace until `insist_from` days before; the head of the unit hears from
    `head_from` days before. `hours_before` is for deadlines with an hour. `digest_time` is local.
    """

    offsets: tuple[int, ...] = (30, 14, 7, 3, 1)
    insist_from: int = 3
    head_from: int = 3
    hours_before: int = 2
    digest_time: time = time(7, 45)


class StageKind(StrEnum):
    """Before the last day, on it, shortly before its hour, the first morning after, every later morning."""

    AHEAD = "ahead"
    DUE = "due"
    HOUR = "hour"
    FIRST_LATE = "first_late"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Stage:
    """How near the date is. `days_left` (working days) counts only ahead of it."""

    kind: StageKind
    days_left: int = 0

    @property
    def code(self) -> str:
        """A short stable name: ahead_7, due, hour, first_late, late."""
        return f"{self.kind}_{self.days_left}" if self.kind is StageKind.AHEAD else str(self.kind)

    @property
    def is_late(self) -> bool:
        return self.kind in {StageKind.FIRST_LATE, StageKind.LATE}


def next_remind_at(
    obligation: Obligation, after: datetime, calendar: Calendar, policy: ReminderPolicy
) -> datetime | None:
    """The next moment later than `after` at which somebody is to be reminded; None when nobody ever is."""
    if not _is_reminded(obligation):
        return None
    coming = [moment for moment, _ in _planned(obligation, calendar, policy) if moment > after]
    if coming:
        return min(coming)
    first_late = _first_late(obligation, calendar, policy)
    return max(first_late, next_digest_at(after, calendar, policy))


def first_remind_at(
    obligation: Obligation, now: datetime, calendar: Calendar, policy: ReminderPolicy
) -> datetime | None:
    """`next_remind_at` for a duty that is new to its unit (confirmed, reassigned, reopened, another date).

    When stages have already passed it comes with the next digest, or by day at once when that is too late.
    """
    following = next_remind_at(obligation, now, calendar, policy)
    if following is None or stage_at(obligation, now, calendar, policy) is None:
        return following
    digest = next_digest_at(now, calendar, policy)
    at_once = calendar.allowed_push(now)
    return min(following, at_once if _is_last_chance(obligation, at_once, digest) else digest)


def stage_at(
    obligation: Obligation, moment: datetime, calendar: Calendar, policy: ReminderPolicy
) -> Stage | None:
    """The latest stage reached by `moment`, which stands for all that passed unsaid; None: none yet."""
    if not _is_reminded(obligation):
        return None
    first_late = _first_late(obligation, calendar, policy)
    if moment >= first_late:
        is_first = local_day(moment) == local_day(first_late)
        return Stage(StageKind.FIRST_LATE if is_first else StageKind.LATE)
    reached = [item for item in _planned(obligation, calendar, policy) if item[0] <= moment]
    return max(reached, key=lambda item: item[0])[1] if reached else None


def next_digest_at(after: datetime, calendar: Calendar, policy: ReminderPolicy) -> datetime:
    """The first digest moment later than `after`: a working morning."""
    today = calendar.at(local_day(after), policy.digest_time)
    earliest = local_day(after) + timedelta(days=1 if today <= after else 0)
    return calendar.at(calendar.working_day_on_or_after(earliest), policy.digest_time)


def may_digest(now: datetime, calendar: Calendar, policy: ReminderPolicy) -> bool:
    """Whether a digest may leave now: a working day, after its time, before the evening's rest.

    A morning that was slept through is made up for on the same day, else with the next digest.
    """
    return calendar.allowed_push(now) == now and now >= calendar.at(local_day(now), policy.digest_time)


def _is_reminded(obligation: Obligation) -> bool:
    return obligation.is_timed and obligation.status in WAITING


def _planned(
    obligation: Obligation, calendar: Calendar, policy: ReminderPolicy
) -> Iterator[tuple[datetime, Stage]]:
    """Every stage that is not late, with its moment; of two at one moment the more urgent comes first."""
    strict, due = obligation.strict_due, obligation.due
    assert strict is not None
    hour = _hour_reminder(obligation, calendar, policy)
    if hour is not None:
        yield hour, Stage(StageKind.HOUR)
    yield calendar.at(calendar.working_day_on_or_before(strict), policy.digest_time), Stage(StageKind.DUE)
    # Many offices read «trước ngày 15/3» as the 15th: until it is over the duty is due, not late.
    if due is not None and due > strict and calendar.is_working_day(due):
        yield calendar.at(due, policy.digest_time), Stage(StageKind.DUE)
    for offset in policy.offsets:
        if obligation.status is not ObligationStatus.ACKNOWLEDGED or offset <= policy.insist_from:
            day = calendar.add_working_days(strict, -offset)
            yield calendar.at(day, policy.digest_time), Stage(StageKind.AHEAD, offset)


def _hour_reminder(obligation: Obligation, calendar: Calendar, policy: ReminderPolicy) -> datetime | None:
    """Some hours before a deadline with an hour, moved out of the night; None when nothing is left then."""
    if obligation.due is None or obligation.due_time is None:
        return None
    deadline = calendar.at(obligation.due, obligation.due_time)
    moment = calendar.allowed_push(deadline - timedelta(hours=policy.hours_before))
    return moment if moment < deadline else None


def _is_last_chance(obligation: Obligation, moment: datetime, digest: datetime) -> bool:
    """Whether `moment` still leaves time to act and the next digest, on another day, misses the last day."""
    strict, overdue_after = obligation.strict_due, obligation.overdue_after
    assert strict is not None
    assert overdue_after is not None
    return moment < overdue_after and max(strict, local_day(moment)) < local_day(digest)


def _first_late(obligation: Obligation, calendar: Calendar, policy: ReminderPolicy) -> datetime:
    assert obligation.overdue_after is not None
    return next_digest_at(obligation.overdue_after - timedelta.resolution, calendar, policy)


# --- who hears ---------------------------------------------------------------------------------------------


class Hearer(StrEnum):
    """Officers of the unit in charge, the head of that unit, the coordinating unit."""

    UNIT = "unit"
    HEAD = "head"
    COORDINATOR = "coordinator"


def hearers(obligation: Obligation, stage: Stage, policy: ReminderPolicy) -> frozenset[Hearer]:
    """Who hears of it at this stage. A duty that no unit accepts concerns the coordinating unit alone."""
    if obligation.unit_id is None or obligation.status is ObligationStatus.REJECTED:
        return frozenset({Hearer.COORDINATOR})
    if stage.is_late:
        return frozenset(Hearer)
    if stage.kind is StageKind.AHEAD and stage.days_left > policy.head_from:
        return frozenset({Hearer.UNIT})
    return frozenset({Hearer.UNIT, Hearer.HEAD})


def is_single(stage: Stage, hearer: Hearer) -> bool:
    """Whether it goes as a message of its own: a deadline's hour, and the first word to those above."""
    if stage.kind is StageKind.FIRST_LATE:
        return hearer is Hearer.COORDINATOR
    return stage.kind is StageKind.HOUR


# --- one message a morning ---------------------------------------------------------------------------------


class Standing(IntEnum):
    """What stands first in a digest: the lower number."""

    OVERDUE = 0
    TODAY = 1
    AHEAD = 2


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One thing to do. `subject` names it, such as "obligation:12"; `day` is the last day that keeps it."""

    subject: str
    title: str
    day: date
    standing: Standing


@dataclass(frozen=True, slots=True)
class Digest:
    """All that one person has to hear this morning, in order."""

    items: tuple[DigestItem, ...]

    @property
    def numbered(self) -> tuple[tuple[int, DigestItem], ...]:
        """The items with the numbers a person answers with, from 1."""
        return tuple(enumerate(self.items, 1))

    def count(self, standing: Standing) -> int:
        return sum(item.standing is standing for item in self.items)


def digest_item(obligation: Obligation, stage: Stage) -> DigestItem:
    """The obligation as a line of a digest. It has a date: it is being reminded of."""
    assert obligation.strict_due is not None
    standing = Standing.AHEAD if stage.kind is StageKind.AHEAD else Standing.TODAY
    return DigestItem(
        subject=f"obligation:{obligation.id}",
        title=obligation.title,
        day=obligation.strict_due,
        standing=Standing.OVERDUE if stage.is_late else standing,
    )


def compose(items: Iterable[DigestItem]) -> Digest:
    """One digest: overdue, then today, then the soonest; a thing heard of twice stands once, at its worst."""
    ordered = sorted(items, key=lambda item: (item.standing, item.day, item.title, item.subject))
    first: dict[str, DigestItem] = {}
    for item in ordered:
        first.setdefault(item.subject, item)
    return Digest(tuple(first.values()))
