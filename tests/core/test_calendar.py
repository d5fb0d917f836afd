"""The working calendar, with the days of 2026 as they were decided and with any days at all."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import LOCAL, Calendar, local_day

OFF_2026 = [date(2026, 4, 27), date(2026, 4, 30), date(2026, 5, 1), date(2026, 8, 31), date(2026, 9, 1)]
VIET_NAM = Calendar({**dict.fromkeys([*OFF_2026, date(2026, 9, 2)], False), date(2026, 8, 22): True})

DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
OVERRIDES = st.dictionaries(DAYS, st.booleans(), max_size=40)
CALENDARS = st.builds(Calendar, OVERRIDES)
START = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(), timedelta(days=729)).map(lambda after: START + after)


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LOCAL).astimezone(UTC)


def with_holiday(days: Mapping[date, bool], holiday: date) -> Calendar:
    return Calendar({**days, holiday: False})


def test_a_day_is_the_local_one() -> None:
    assert local_day(datetime(2026, 3, 14, 17, 0, tzinfo=UTC)) == date(2026, 3, 15)
    assert local_day(datetime(2026, 3, 14, 16, 59, tzinfo=UTC)) == date(2026, 3, 14)


def test_swapped_saturday_is_worked_and_the_monday_for_it_is_off() -> None:
    assert VIET_NAM.is_working_day(date(2026, 8, 22))
    assert not VIET_NAM.is_working_day(date(2026, 8, 23))
    assert not VIET_NAM.is_working_day(date(2026, 8, 31))
    assert VIET_NAM.is_working_day(date(2026, 9, 3))


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        (date(2026, 4, 24), 1, date(2026, 4, 28)),
        (date(2026, 4, 29), 1, date(2026, 5, 4)),
        (date(2026, 8, 21), 1, date(2026, 8, 22)),
        (date(2026, 8, 21), 6, date(2026, 8, 28)),
        (date(2026, 9, 3), -1, date(2026, 8, 28)),
        (date(2026, 9, 5), -1, date(2026, 9, 4)),
        (date(2026, 9, 5), 0, date(2026, 9, 5)),
    ],
)
def test_working_days_are_counted_without_the_first(start: date, n: int, expected: date) -> None:
    assert VIET_NAM.add_working_days(start, n) == expected


def test_working_day_beside_a_long_holiday() -> None:
    assert VIET_NAM.working_day_on_or_before(date(2026, 9, 2)) == date(2026, 8, 28)
    assert VIET_NAM.working_day_on_or_after(date(2026, 8, 29)) == date(2026, 9, 3)
    assert VIET_NAM.working_day_on_or_before(date(2026, 9, 3)) == date(2026, 9, 3)


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        (local(2026, 9, 3, 8), 2, local(2026, 9, 3, 10)),
        (local(2026, 9, 3, 10), 4, local(2026, 9, 3, 16)),
        (local(2026, 9, 3, 7, 30), 7.5, local(2026, 9, 3, 17)),
        (local(2026, 9, 3, 7, 30), 8, local(2026, 9, 4, 8)),
        (local(2026, 9, 4, 16), 2, local(2026, 9, 7, 8, 30)),
        (local(2026, 8, 29, 23), 0.5, local(2026, 9, 3, 8)),
        (local(2026, 9, 3, 12), 0, local(2026, 9, 3, 13, 30)),
    ],
)
def test_working_hours_run_only_while_the_office_is_open(
    start: datetime, hours: float, expected: datetime
) -> None:
    assert VIET_NAM.add_working_hours(start, hours) == expected


def test_office_closes_with_its_last_minute() -> None:
    assert VIET_NAM.is_open(local(2026, 9, 3, 7, 30))
    assert VIET_NAM.is_open(local(2026, 9, 3, 16, 59))
    assert not VIET_NAM.is_open(local(2026, 9, 3, 17))
    assert not VIET_NAM.is_open(local(2026, 9, 3, 12))
    assert not VIET_NAM.is_open(local(2026, 9, 2, 9))
    assert VIET_NAM.next_opening(local(2026, 9, 3, 17)) == local(2026, 9, 4, 7, 30)
    assert VIET_NAM.next_opening(local(2026, 9, 3, 9)) == local(2026, 9, 3, 9)


def test_end_of_a_day_is_the_midnight_that_follows() -> None:
    assert VIET_NAM.end_of_day(date(2026, 3, 15)) == local(2026, 3, 16)
    assert VIET_NAM.closing(date(2026, 3, 15)) == local(2026, 3, 15, 17)
    assert VIET_NAM.at(date(2026, 3, 15), time(7, 45)) == datetime(2026, 3, 15, 0, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (local(2026, 9, 3, 6, 59), local(2026, 9, 3, 7)),
        (local(2026, 9, 3, 7), local(2026, 9, 3, 7)),
        (local(2026, 9, 3, 19, 59), local(2026, 9, 3, 19, 59)),
        (local(2026, 9, 3, 20), local(2026, 9, 4, 7)),
        (local(2026, 9, 4, 20), local(2026, 9, 7, 7)),
        (local(2026, 9, 5, 9), local(2026, 9, 7, 7)),
        (local(2026, 8, 28, 21), local(2026, 9, 3, 7)),
    ],
)
def test_reminders_rest_at_night_and_on_days_off(moment: datetime, expected: datetime) -> None:
    assert VIET_NAM.allowed_push(moment) == expected


@pytest.mark.parametrize(
    "sessions",
    [
        (),
        ((time(11), time(8)),),
        ((time(8), time(8)),),
        ((time(8), time(12)), (time(11), time(17))),
        ((time(13), time(17)), (time(8), time(12))),
    ],
)
def test_office_hours_out_of_order_are_refused(sessions: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="office hours"):
        Calendar({}, sessions)


@given(CALENDARS, DAYS, st.integers(-40, 40).filter(bool))
def test_counting_never_lands_on_a_day_off(calendar: Calendar, day: date, n: int) -> None:
    landed = calendar.add_working_days(day, n)
    assert calendar.is_working_day(landed)
    first, last = sorted((day, landed))
    between = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    assert sum(calendar.is_working_day(other) for other in between if other != day) == abs(n)


@given(OVERRIDES, DAYS, st.integers(1, 40), DAYS)
def test_another_holiday_never_makes_a_date_earlier(
    days: Mapping[date, bool], day: date, n: int, holiday: date
) -> None:
    calendar, richer = Calendar(days), with_holiday(days, holiday)
    assert richer.add_working_days(day, n) >= calendar.add_working_days(day, n)
    assert richer.add_working_days(day, -n) <= calendar.add_working_days(day, -n)
    moment = calendar.at(day, time(9))
    assert richer.add_working_hours(moment, n) >= calendar.add_working_hours(moment, n)
    assert richer.allowed_push(moment) >= calendar.allowed_push(moment)


@given(CALENDARS, MOMENTS, MOMENTS, st.floats(0, 60), st.floats(0, 60))
def test_later_or_longer_is_never_earlier(
    calendar: Calendar, one: datetime, other: datetime, hours: float, more: float
) -> None:
    early, late = sorted((one, other))
    assert calendar.add_working_hours(early, hours) <= calendar.add_working_hours(late, hours)
    assert calendar.add_working_hours(early, hours) <= calendar.add_working_hours(early, hours + more)
    assert early <= calendar.allowed_push(early) <= calendar.allowed_push(late)
    assert calendar.add_working_days(local_day(early), 3) <= calendar.add_working_days(local_day(late), 3)


@given(CALENDARS, MOMENTS, st.integers(0, 600).map(lambda tenths: tenths / 10))
def test_hours_added_are_the_hours_between(calendar: Calendar, moment: datetime, hours: float) -> None:
    assert calendar.working_hours_between(moment, calendar.add_working_hours(moment, hours)) == pytest.approx(
        hours
    )
    assert calendar.working_hours_between(moment, moment - timedelta(days=3)) == 0


@given(CALENDARS, MOMENTS)
def test_pushes_come_in_the_daytime_of_a_working_day(calendar: Calendar, moment: datetime) -> None:
    push = calendar.allowed_push(moment)
    assert calendar.is_working_day(local_day(push))
    assert time(7) <= push.astimezone(LOCAL).time() < time(20)
    assert calendar.allowed_push(push) == push
