"""When a ticket has to be where. Week of Monday 7 September 2026, no holidays."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core import clocks
from core.calendar import LOCAL, Calendar, local_day
from core.clocks import ClockPolicy, Pace

CALENDAR = Calendar({})
POLICY = ClockPolicy()
START = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(), timedelta(days=364)).map(lambda after: START + after)


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 9, day, hour, minute, tzinfo=LOCAL).astimezone(UTC)


def test_desk_has_eight_office_hours_to_receive() -> None:
    def receive(sent_at: datetime) -> datetime:
        return clocks.receive_by(sent_at, urgent=False, calendar=CALENDAR, policy=POLICY)

    assert receive(local(7, 9)) == local(8, 9, 30)
    assert receive(local(11, 16)) == local(14, 16, 30)
    assert receive(local(12, 22)) == local(15, 8)


def test_urgent_ticket_does_not_wait_for_the_office() -> None:
    assert clocks.receive_by(local(12, 22), urgent=True, calendar=CALENDAR, policy=POLICY) == local(12, 23)
    assert clocks.take_by(local(12, 22), urgent=True, calendar=CALENDAR, policy=POLICY) == local(12, 23)


def test_forwarding_and_taking_are_counted_in_office_hours() -> None:
    assert clocks.forward_by(local(7, 10), CALENDAR, POLICY) == local(7, 16)
    assert clocks.take_by(local(7, 10), urgent=False, calendar=CALENDAR, policy=POLICY) == local(8, 10, 30)


def test_promise_depends_on_the_pace() -> None:
    def promised(pace: Pace) -> datetime:
        return clocks.promised_by(local(7, 10), pace, calendar=CALENDAR, policy=POLICY)

    assert promised(Pace.URGENT) == local(7, 16)
    assert promised(Pace.NORMAL) == local(14, 17)
    assert promised(Pace.COMPLEX) == local(28, 17)


def test_law_and_review_end_when_the_office_closes() -> None:
    assert clocks.legal_by(local(7, 23), CALENDAR, POLICY) == local(21, 17)
    assert clocks.review_by(local(7, 23), CALENDAR, POLICY) == local(14, 17)


def test_citizen_has_whole_calendar_days() -> None:
    assert clocks.question_until(local(7, 10), calendar=CALENDAR, policy=POLICY) == local(12, 23, 59)
    assert clocks.feedback_until(local(7, 10), CALENDAR, POLICY) == local(17, 23, 59)


def test_later_questions_wait_only_as_long_as_the_pauses_may_last() -> None:
    def until(already: timedelta) -> datetime:
        return clocks.question_until(local(7, 10), calendar=CALENDAR, policy=POLICY, already_paused=already)

    assert until(timedelta(days=7)) == local(10, 23, 59)
    assert until(timedelta(days=30)) == local(8, 23, 59)


def resume(
    promised: datetime, paused_at: datetime, now: datetime, already: timedelta = timedelta()
) -> datetime:
    return clocks.resumed(
        promised, paused_at=paused_at, now=now, calendar=CALENDAR, policy=POLICY, already_paused=already
    )


def test_pause_moves_the_promise_by_the_office_time_that_was_left() -> None:
    assert resume(local(14, 17), local(9, 9), local(11, 9)) == local(16, 17)
    assert resume(local(14, 17), local(11, 18), local(13, 9)) == local(14, 17)


def test_pause_counts_no_longer_than_all_pauses_may_last() -> None:
    assert resume(local(14, 17), local(9, 9), local(29, 9)) == resume(
        local(14, 17), local(9, 9), local(19, 9)
    )
    assert resume(local(14, 17), local(9, 9), local(29, 9), timedelta(days=12)) == local(14, 17)


def test_broken_promise_stays_broken() -> None:
    assert resume(local(8, 17), local(9, 9), local(11, 9)) == local(8, 17)


@given(MOMENTS, MOMENTS, MOMENTS)
def test_pause_never_shortens_a_promise(accepted: datetime, one: datetime, other: datetime) -> None:
    paused_at, now = sorted((one, other))
    promised = clocks.promised_by(accepted, Pace.NORMAL, calendar=CALENDAR, policy=POLICY)
    assert resume(promised, paused_at, now) >= promised
    assert resume(promised, paused_at, paused_at) == promised


@given(MOMENTS, st.dictionaries(st.dates(date(2026, 1, 1), date(2027, 2, 1)), st.booleans(), max_size=30))
def test_every_clock_runs_forward_and_ends_on_a_working_day(now: datetime, days: dict[date, bool]) -> None:
    calendar = Calendar(days)
    ends = [
        clocks.receive_by(now, urgent=False, calendar=calendar, policy=POLICY),
        clocks.forward_by(now, calendar, POLICY),
        clocks.take_by(now, urgent=False, calendar=calendar, policy=POLICY),
        clocks.legal_by(now, calendar, POLICY),
        clocks.review_by(now, calendar, POLICY),
        *(clocks.promised_by(now, pace, calendar=calendar, policy=POLICY) for pace in Pace),
    ]
    assert all(end > now and calendar.is_working_day(local_day(end)) for end in ends)
