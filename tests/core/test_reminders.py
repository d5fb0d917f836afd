"""When a duty is spoken of, to whom, and in which order. 2027 with no holidays unless a test adds some."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import LOCAL, Calendar, local_day
from core.obligations import Obligation, ObligationKind, ObligationStatus, extended, with_due
from core.reminders import (
    DigestItem,
    Hearer,
    ReminderPolicy,
    Stage,
    StageKind,
    Standing,
    compose,
    digest_item,
    first_remind_at,
    hearers,
    is_single,
    may_digest,
    next_digest_at,
    next_remind_at,
    stage_at,
)

PLAIN = Calendar({})
POLICY = ReminderPolicy()
Kind = ObligationKind
Status = ObligationStatus
LONG_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


def local(month: int, day: int, hour: int = 7, minute: int = 45) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=LOCAL).astimezone(UTC)


def duty(
    due: date,
    *,
    before: bool = False,
    due_time: time | None = None,
    status: Status = Status.OPEN,
    kind: Kind = Kind.DEADLINE,
    unit_id: int | None = 7,
    calendar: Calendar = PLAIN,
) -> Obligation:
    plain = Obligation(id=12, title="Báo cáo quý", unit_id=unit_id, kind=kind, status=status)
    return with_due(plain, due, before=before, due_time=due_time, calendar=calendar)


def reminders(obligation: Obligation, count: int, calendar: Calendar = PLAIN) -> list[tuple[datetime, str]]:
    """The first reminders of the duty as a tick would find them."""
    found: list[tuple[datetime, str]] = []
    moment = next_remind_at(obligation, LONG_BEFORE, calendar, POLICY)
    while moment is not None and len(found) < count:
        stage = stage_at(obligation, moment, calendar, POLICY)
        assert stage is not None
        found.append((moment, stage.code))
        moment = next_remind_at(obligation, moment, calendar, POLICY)
    return found


def test_before_the_15th_is_counted_back_from_the_14th_in_working_days() -> None:
    wednesday_17 = duty(date(2027, 3, 18), before=True)
    assert reminders(wednesday_17, 9) == [
        (local(2, 3), "ahead_30"),
        (local(2, 25), "ahead_14"),
        (local(3, 8), "ahead_7"),
        (local(3, 12), "ahead_3"),
        (local(3, 16), "ahead_1"),
        (local(3, 17), "due"),
        (local(3, 18), "due"),
        (local(3, 19), "first_late"),
        (local(3, 22), "late"),
    ]


def test_last_day_on_a_week_end_is_spoken_of_on_friday_and_not_moved() -> None:
    sunday = duty(date(2027, 3, 14))
    assert reminders(sunday, 8)[3:] == [
        (local(3, 10), "ahead_3"),
        (local(3, 12), "due"),
        (local(3, 15), "first_late"),
        (local(3, 16), "late"),
        (local(3, 17), "late"),
    ]


def test_holidays_move_every_stage_forward_in_time_only_to_working_mornings() -> None:
    calendar = Calendar(dict.fromkeys([date(2027, 3, 16), date(2027, 3, 17)], False))
    found = reminders(duty(date(2027, 3, 17), calendar=calendar), 7, calendar)
    assert found[4:] == [(local(3, 15), "due"), (local(3, 18), "first_late"), (local(3, 19), "late")]


def test_acknowledged_duty_is_left_in_peace_until_three_days_before() -> None:
    acknowledged = duty(date(2027, 3, 17), status=Status.ACKNOWLEDGED)
    assert [code for _, code in reminders(acknowledged, 4)] == ["ahead_3", "ahead_1", "due", "first_late"]
    assert stage_at(acknowledged, local(3, 8), PLAIN, POLICY) is None


@pytest.mark.parametrize("status", [Status.PROPOSED, Status.DONE, Status.CANCELLED])
def test_what_is_settled_or_not_confirmed_is_not_spoken_of(status: Status) -> None:
    quiet = duty(date(2027, 3, 17), status=status)
    assert next_remind_at(quiet, LONG_BEFORE, PLAIN, POLICY) is None
    assert first_remind_at(quiet, LONG_BEFORE, PLAIN, POLICY) is None
    assert stage_at(quiet, local(3, 18), PLAIN, POLICY) is None


@pytest.mark.parametrize("kind", [Kind.CONTINUOUS, Kind.ON_REQUEST, Kind.NONE])
def test_duty_without_a_date_of_its_own_is_not_spoken_of(kind: Kind) -> None:
    assert next_remind_at(duty(date(2027, 3, 17), kind=kind), LONG_BEFORE, PLAIN, POLICY) is None


def test_quarter_is_due_with_its_last_day() -> None:
    quarter = duty(date(2027, 3, 31), kind=Kind.PERIOD)
    assert (local(3, 31), "due") in reminders(quarter, 6)
    assert (local(4, 1), "first_late") in reminders(quarter, 7)


def test_stages_slept_through_are_spoken_of_as_the_latest_one() -> None:
    late_found = duty(date(2027, 3, 17))
    assert stage_at(late_found, local(2, 1), PLAIN, POLICY) is None
    assert stage_at(late_found, local(3, 13, 10), PLAIN, POLICY) == Stage(StageKind.AHEAD, 3)
    assert next_remind_at(late_found, local(3, 13, 10), PLAIN, POLICY) == local(3, 16)
    assert stage_at(late_found, local(3, 18), PLAIN, POLICY) == Stage(StageKind.FIRST_LATE)
    assert stage_at(late_found, local(3, 29, 9), PLAIN, POLICY) == Stage(StageKind.LATE)


def test_new_duty_with_stages_behind_it_comes_with_the_next_digest() -> None:
    assert first_remind_at(duty(date(2027, 3, 17)), local(3, 12, 9), PLAIN, POLICY) == local(3, 15)
    assert first_remind_at(duty(date(2027, 12, 15)), local(3, 12, 9), PLAIN, POLICY) == local(11, 3)


def test_new_duty_whose_last_day_is_today_is_spoken_of_at_once() -> None:
    today = duty(date(2027, 3, 17))
    assert first_remind_at(today, local(3, 17, 9), PLAIN, POLICY) == local(3, 17, 9)
    assert first_remind_at(today, local(3, 17, 3), PLAIN, POLICY) == local(3, 17)
    assert first_remind_at(today, local(3, 17, 21), PLAIN, POLICY) == local(3, 18)


def test_duty_due_on_a_week_end_and_new_on_friday_is_spoken_of_on_friday() -> None:
    assert first_remind_at(duty(date(2027, 3, 14)), local(3, 12, 9), PLAIN, POLICY) == local(3, 12, 9)


def test_new_duty_on_the_very_day_it_was_wanted_before_is_spoken_of_at_once() -> None:
    before_today = duty(date(2027, 3, 18), before=True)
    assert first_remind_at(before_today, local(3, 18, 9), PLAIN, POLICY) == local(3, 18, 9)
    assert first_remind_at(before_today, local(3, 19, 9), PLAIN, POLICY) == local(3, 22)


def test_new_duty_does_not_miss_the_word_before_its_hour() -> None:
    monday_early = duty(date(2027, 3, 15), due_time=time(8, 30))
    assert first_remind_at(monday_early, local(3, 12, 21), PLAIN, POLICY) == local(3, 15, 7, 0)


def test_deadline_with_an_hour_is_repeated_two_hours_before() -> None:
    ten = duty(date(2027, 3, 17), before=True, due_time=time(16))
    found = reminders(ten, 9)
    assert found[5:] == [
        (local(3, 17), "due"),
        (local(3, 17, 14, 0), "hour"),
        (local(3, 18), "first_late"),
        (local(3, 19), "late"),
    ]


@pytest.mark.parametrize(
    ("due", "due_time", "expected"),
    [
        (date(2027, 3, 17), time(8, 30), [local(3, 17, 7, 0)]),
        (date(2027, 3, 17), time(7), []),
        (date(2027, 3, 17), time(23), []),
        (date(2027, 3, 14), time(16), []),
    ],
)
def test_word_before_the_hour_keeps_out_of_the_night_and_days_off(
    due: date, due_time: time, expected: list[datetime]
) -> None:
    found = reminders(duty(due, due_time=due_time), 10)
    assert [moment for moment, code in found if code == "hour"] == expected


def test_duty_whose_hour_is_over_before_the_digest_is_late_that_morning() -> None:
    early = duty(date(2027, 3, 17), due_time=time(7))
    assert reminders(early, 7)[4:] == [
        (local(3, 16), "ahead_1"),
        (local(3, 17), "first_late"),
        (local(3, 18), "late"),
    ]


def test_extension_starts_the_stages_again() -> None:
    late = duty(date(2027, 3, 17))
    moved = extended(late, date(2027, 3, 31), PLAIN)
    assert next_remind_at(moved, local(3, 18, 9), PLAIN, POLICY) == local(3, 22)
    assert stage_at(moved, local(3, 22), PLAIN, POLICY) == Stage(StageKind.AHEAD, 7)


# --- who hears ---------------------------------------------------------------------------------------------

UNIT = {Hearer.UNIT}
HEAD = {Hearer.UNIT, Hearer.HEAD}
ALL = {Hearer.UNIT, Hearer.HEAD, Hearer.COORDINATOR}


@pytest.mark.parametrize(
    ("stage", "heard_by"),
    [
        (Stage(StageKind.AHEAD, 30), UNIT),
        (Stage(StageKind.AHEAD, 7), UNIT),
        (Stage(StageKind.AHEAD, 3), HEAD),
        (Stage(StageKind.AHEAD, 1), HEAD),
        (Stage(StageKind.DUE), HEAD),
        (Stage(StageKind.HOUR), HEAD),
        (Stage(StageKind.FIRST_LATE), ALL),
        (Stage(StageKind.LATE), ALL),
    ],
)
def test_the_nearer_the_date_the_more_people_hear(stage: Stage, heard_by: set[Hearer]) -> None:
    assert hearers(duty(date(2027, 3, 17)), stage, POLICY) == heard_by


def test_duty_that_no_unit_accepts_is_heard_of_by_the_coordinating_unit() -> None:
    for orphan in (duty(date(2027, 3, 17), unit_id=None), duty(date(2027, 3, 17), status=Status.REJECTED)):
        assert hearers(orphan, Stage(StageKind.AHEAD, 7), POLICY) == {Hearer.COORDINATOR}


def test_only_the_hour_and_the_first_word_to_those_above_are_messages_of_their_own() -> None:
    assert all(is_single(Stage(StageKind.HOUR), hearer) for hearer in Hearer)
    assert {hearer for hearer in Hearer if is_single(Stage(StageKind.FIRST_LATE), hearer)} == {
        Hearer.COORDINATOR
    }
    for kind in (StageKind.AHEAD, StageKind.DUE, StageKind.LATE):
        assert not any(is_single(Stage(kind, 3), hearer) for hearer in Hearer)


# --- the morning's message ---------------------------------------------------------------------------------


def test_digest_goes_on_working_mornings() -> None:
    assert next_digest_at(local(3, 12, 7, 44), PLAIN, POLICY) == local(3, 12)
    assert next_digest_at(local(3, 12), PLAIN, POLICY) == local(3, 15)
    assert next_digest_at(local(3, 13, 5), PLAIN, POLICY) == local(3, 15)


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        (local(3, 12, 7, 44), False),
        (local(3, 12), True),
        (local(3, 12, 19, 59), True),
        (local(3, 12, 20), False),
        (local(3, 13, 9), False),
    ],
)
def test_missed_digest_is_made_up_for_by_day_only(moment: datetime, allowed: bool) -> None:
    assert may_digest(moment, PLAIN, POLICY) is allowed


def item(subject: str, day: int, standing: Standing, title: str = "Việc") -> DigestItem:
    return DigestItem(subject, title, date(2027, 3, day), standing)


def test_digest_puts_overdue_first_then_today_then_the_soonest() -> None:
    far, near = item("obligation:1", 30, Standing.AHEAD), item("obligation:2", 20, Standing.AHEAD)
    today, late = item("ticket:3", 17, Standing.TODAY), item("obligation:4", 1, Standing.OVERDUE)
    later = item("obligation:5", 9, Standing.OVERDUE)
    digest = compose([far, today, later, near, late])
    assert digest.numbered == ((1, late), (2, later), (3, today), (4, near), (5, far))
    assert [digest.count(standing) for standing in Standing] == [2, 1, 2]


def test_thing_heard_of_twice_stands_once_and_at_its_worst() -> None:
    mild, worse = item("obligation:1", 17, Standing.AHEAD), item("obligation:1", 17, Standing.OVERDUE)
    assert compose([mild, worse]).items == (worse,)


def test_line_of_a_digest_shows_the_day_that_keeps_the_date() -> None:
    before = duty(date(2027, 3, 18), before=True)
    line = digest_item(before, Stage(StageKind.DUE))
    assert line == DigestItem("obligation:12", "Báo cáo quý", date(2027, 3, 17), Standing.TODAY)
    assert digest_item(before, Stage(StageKind.AHEAD, 7)).standing is Standing.AHEAD
    assert digest_item(before, Stage(StageKind.FIRST_LATE)).standing is Standing.OVERDUE


# --- whatever the calendar ---------------------------------------------------------------------------------

DAYS = st.dates(date(2027, 1, 1), date(2027, 12, 31))
CALENDARS = st.builds(Calendar, st.dictionaries(DAYS, st.booleans(), max_size=40))
HOURS = st.none() | st.times(time(0), time(23, 59))
STATUSES = st.sampled_from([Status.OPEN, Status.ACKNOWLEDGED, Status.REJECTED])
DUTIES = st.builds(duty, DAYS, before=st.booleans(), due_time=HOURS, status=STATUSES)
MOMENTS = st.timedeltas(timedelta(), timedelta(days=500)).map(lambda after: local(1, 1) + after)


@given(DUTIES, CALENDARS, MOMENTS)
def test_next_reminder_is_later_in_the_daytime_of_a_working_day_and_has_a_stage(
    obligation: Obligation, calendar: Calendar, after: datetime
) -> None:
    moment = next_remind_at(obligation, after, calendar, POLICY)
    assert moment is not None
    assert moment > after
    assert calendar.is_working_day(local_day(moment))
    assert calendar.allowed_push(moment) == moment
    assert stage_at(obligation, moment, calendar, POLICY) is not None


@given(DUTIES, CALENDARS, MOMENTS)
def test_new_duty_never_waits_longer_than_an_old_one(
    obligation: Obligation, calendar: Calendar, now: datetime
) -> None:
    first, following = (ask(obligation, now, calendar, POLICY) for ask in (first_remind_at, next_remind_at))
    assert first is not None
    assert following is not None
    assert now <= first <= following
    assert calendar.allowed_push(first) == first


@given(DUTIES, CALENDARS)
def test_every_duty_is_spoken_of_before_it_is_late_and_no_stage_comes_twice(
    obligation: Obligation, calendar: Calendar
) -> None:
    assert obligation.overdue_after is not None
    found = reminders(obligation, 12, calendar)
    assert found[0][0] < obligation.overdue_after
    codes = [code for _, code in found if code not in {"due", "late"}]
    assert len(codes) == len(set(codes))
    assert all((moment >= obligation.overdue_after) == code.endswith("late") for moment, code in found)


@given(CALENDARS, DAYS, DAYS)
def test_another_holiday_never_delays_a_warning(calendar: Calendar, due: date, holiday: date) -> None:
    richer = Calendar({**calendar.days, holiday: False})
    warned = reminders(duty(due), 1, calendar)[0][0]
    assert reminders(duty(due), 1, richer)[0][0] <= warned
