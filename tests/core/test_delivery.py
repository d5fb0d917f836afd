"""How a sending ends, and how fast one bot may send."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.channel import (
    Address,
    Channel,
    ChatMovedError,
    PermanentSendError,
    SendError,
    SendKind,
    TemporarySendError,
    UnknownOutcome,
)
from core.delivery import (
    GIVE_UP_AFTER,
    MAX_ATTEMPTS,
    Attempt,
    Limits,
    OnUnknown,
    Pacer,
    Priority,
    RowState,
    back_off,
    on_unknown,
    settle,
)

NOW = datetime(2027, 3, 17, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def attempt(
    *,
    kind: SendKind = SendKind.MESSAGE,
    attempts: int = 1,
    age: timedelta = timedelta(),
    expires_in: timedelta | None = None,
    rule: OnUnknown = OnUnknown.ASK,
) -> Attempt:
    return Attempt(
        kind=kind,
        attempts=attempts,
        created_at=NOW - age,
        expires_at=None if expires_in is None else NOW + expires_in,
        on_unknown=rule,
    )


def test_interactive_goes_before_desk_before_reminders_before_digests() -> None:
    assert sorted(Priority) == [Priority.INTERACTIVE, Priority.DESK, Priority.REMINDER, Priority.DIGEST]
    assert [priority.is_bulk for priority in Priority] == [False, False, True, True]


def test_waits_double_up_to_an_hour() -> None:
    seconds = [back_off(attempts).total_seconds() for attempts in range(1, 10)]
    assert seconds == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert back_off(5000) == timedelta(hours=1)


def test_what_surely_did_not_arrive_is_tried_again() -> None:
    settled = settle(attempt(attempts=3), TemporarySendError("connect"), NOW)
    assert (settled.state, settled.error, settled.needs_person) == (RowState.QUEUED, "connect", False)
    assert settled.not_before == NOW + timedelta(minutes=2)


def test_wait_that_the_network_names_is_obeyed() -> None:
    settled = settle(attempt(attempts=8), TemporarySendError("429", retry_after=7 * SECOND), NOW)
    assert settled.not_before == NOW + 7 * SECOND


def test_what_is_refused_for_good_ends_and_somebody_is_told() -> None:
    settled = settle(attempt(), PermanentSendError("blocked"), NOW)
    assert (settled.state, settled.needs_person, settled.not_before) == (RowState.DEAD, True, None)


def test_moved_chat_gets_the_message_at_once_under_its_new_id() -> None:
    settled = settle(attempt(), ChatMovedError("-100777"), NOW)
    assert (settled.state, settled.new_chat, settled.not_before) == (RowState.QUEUED, "-100777", NOW)


def test_perhaps_delivered_answer_is_never_sent_again_by_itself() -> None:
    settled = settle(attempt(rule=on_unknown(Priority.DESK)), UnknownOutcome("time_out"), NOW)
    assert (settled.state, settled.needs_person) == (RowState.UNKNOWN, True)


def test_perhaps_delivered_reminder_is_repeated_once_with_a_mark() -> None:
    first = settle(attempt(rule=on_unknown(Priority.REMINDER)), UnknownOutcome("time_out"), NOW)
    assert (first.state, first.on_unknown) == (RowState.QUEUED, OnUnknown.REPEATED)
    second = settle(attempt(attempts=2, rule=first.on_unknown), UnknownOutcome("time_out"), NOW)
    assert (second.state, second.needs_person) == (RowState.UNKNOWN, False)


@pytest.mark.parametrize("kind", [SendKind.EDIT, SendKind.PRESS_ANSWER, SendKind.DOWNLOAD])
def test_what_shows_nobody_anything_twice_is_simply_done_again(kind: SendKind) -> None:
    settled = settle(attempt(kind=kind), UnknownOutcome("time_out"), NOW)
    assert (settled.state, settled.on_unknown) == (RowState.QUEUED, OnUnknown.ASK)


def test_lost_press_answer_is_no_work_for_a_person() -> None:
    assert not settle(attempt(kind=SendKind.PRESS_ANSWER), PermanentSendError("too_old"), NOW).needs_person


def test_message_that_would_come_too_late_is_dropped_and_somebody_is_told() -> None:
    settled = settle(attempt(expires_in=30 * SECOND), TemporarySendError("connect"), NOW)
    assert (settled.state, settled.needs_person) == (RowState.EXPIRED, True)
    assert settle(attempt(expires_in=MINUTE), TemporarySendError("connect"), NOW).state is RowState.QUEUED


def test_trying_ends_after_three_days_or_too_many_tries() -> None:
    old = settle(attempt(attempts=50, age=GIVE_UP_AFTER), TemporarySendError("connect"), NOW)
    often = settle(attempt(attempts=MAX_ATTEMPTS), TemporarySendError("429", retry_after=SECOND), NOW)
    assert [(end.state, end.needs_person) for end in (old, often)] == [(RowState.DEAD, True)] * 2


ERRORS = st.sampled_from(
    [
        PermanentSendError("blocked"),
        TemporarySendError("connect"),
        TemporarySendError("429", retry_after=timedelta(hours=2)),
        ChatMovedError("-1"),
        UnknownOutcome("time_out"),
    ]
)


@given(st.lists(ERRORS, min_size=200, max_size=200), st.sampled_from(SendKind), st.sampled_from(OnUnknown))
def test_every_message_ends_and_at_most_one_copy_is_added(
    errors: list[SendError], kind: SendKind, rule: OnUnknown
) -> None:
    now, perhaps_sent = NOW, 0
    for number, error in enumerate(errors, 1):
        row = Attempt(kind=kind, attempts=number, created_at=NOW, expires_at=None, on_unknown=rule)
        settled = settle(row, error, now)
        perhaps_sent += isinstance(error, UnknownOutcome)
        if settled.state is not RowState.QUEUED:
            break
        assert settled.not_before is not None
        now, rule = max(now, settled.not_before), settled.on_unknown
    else:
        pytest.fail("it never ended")
    assert kind is not SendKind.MESSAGE or perhaps_sent <= 2


# --- how fast ----------------------------------------------------------------------------------------------


def chat(number: int) -> Address:
    return Address(Channel.TELEGRAM, str(number))


def send(
    pacer: Pacer, address: Address, now: datetime, *, is_group: bool = False, is_bulk: bool = False
) -> datetime:
    """Wait as long as the pacer wants, then send; the moment of sending."""
    moment = pacer.allow(address, is_group=is_group, is_bulk=is_bulk, now=now)
    pacer.record(address, is_group=is_group, now=moment)
    return moment


def burst(pacer: Pacer, address: Address, count: int, *, is_group: bool = False) -> list[float]:
    now, seconds = NOW, []
    for _ in range(count):
        now = send(pacer, address, now, is_group=is_group)
        seconds.append(round((now - NOW).total_seconds(), 2))
    return seconds


def most_in(window: timedelta, moments: list[datetime]) -> int:
    return max(sum(start <= other < start + window for other in moments) for start in moments)


def test_private_chat_takes_three_at_once_then_one_a_second() -> None:
    assert burst(Pacer(), chat(1), 6) == [0, 0, 0, 1, 2, 3]


def test_group_takes_three_at_once_then_one_in_3_34_seconds() -> None:
    assert burst(Pacer(), chat(-1), 6, is_group=True) == [0, 0, 0, 3.34, 6.68, 10.02]


def test_group_never_gets_more_than_eighteen_in_any_minute() -> None:
    pacer, now, moments = Pacer(), NOW, []
    for _ in range(100):
        now = send(pacer, chat(-1), now, is_group=True)
        moments.append(now)
    assert most_in(MINUTE, moments) == 18


def test_busy_group_holds_nobody_else_back() -> None:
    pacer = Pacer()
    burst(pacer, chat(-1), 18, is_group=True)
    assert pacer.allow(chat(2), is_group=False, is_bulk=False, now=NOW) == NOW


def bulk(pacer: Pacer, count: int, start: datetime = NOW) -> list[datetime]:
    moments = [start]
    for number in range(count):
        moments.append(send(pacer, chat(1000 + number), moments[-1], is_bulk=True))
    return moments[1:]


def test_bulk_leaves_evenly_at_twenty_eight_a_second() -> None:
    moments = bulk(Pacer(), 600)
    assert most_in(SECOND, moments) <= 29
    assert 599 / (moments[-1] - moments[0]).total_seconds() == pytest.approx(28, rel=0.01)


def test_interactive_goes_at_once_in_the_middle_of_bulk_and_bulk_makes_room() -> None:
    pacer = Pacer()
    last = bulk(pacer, 100)[-1]
    before = pacer.allow(chat(5), is_group=False, is_bulk=True, now=last)
    assert send(pacer, chat(5), last) == last
    assert pacer.allow(chat(6), is_group=False, is_bulk=True, now=last) > before


def test_too_many_slows_bulk_and_clean_time_gives_it_back() -> None:
    pacer = Pacer()
    pacer.penalise(chat(1), until=NOW + SECOND, now=NOW)
    assert pacer.rate == pytest.approx(25.2)
    pacer.record(chat(2), is_group=False, now=NOW + 4 * SECOND)
    assert pacer.rate == pytest.approx(25.2)
    pacer.record(chat(2), is_group=False, now=NOW + 11 * SECOND)
    assert pacer.rate == pytest.approx(26.2)
    pacer.record(chat(2), is_group=False, now=NOW + timedelta(hours=1))
    assert pacer.rate == Limits().fastest


def test_pace_never_falls_below_the_slowest() -> None:
    pacer = Pacer()
    for _ in range(100):
        pacer.penalise(chat(1), until=NOW, now=NOW)
    assert pacer.rate == Limits().slowest


def test_wait_named_by_the_network_holds_that_chat_only() -> None:
    pacer = Pacer()
    pacer.penalise(chat(1), until=NOW + 30 * SECOND, now=NOW)
    pacer.penalise(chat(1), until=NOW + 10 * SECOND, now=NOW)
    assert pacer.allow(chat(1), is_group=False, is_bulk=False, now=NOW) == NOW + 30 * SECOND
    assert pacer.allow(chat(2), is_group=False, is_bulk=False, now=NOW) == NOW


def test_quiet_chats_are_forgotten() -> None:
    pacer = Pacer()
    for number in range(5000):
        pacer.record(chat(number), is_group=False, now=NOW + number * SECOND)
    assert len(pacer._chats) <= 1024


SENDS = st.lists(
    st.tuples(st.integers(0, 3), st.booleans(), st.timedeltas(timedelta(), timedelta(seconds=20))),
    max_size=120,
)


@given(SENDS)
def test_limits_hold_whatever_is_sent(sends: list[tuple[int, bool, timedelta]]) -> None:
    """Chats 0 and 1 are groups; a wait within one chat is bounded, so nobody starves."""
    pacer, now = Pacer(), NOW
    sent: dict[int, list[datetime]] = {number: [] for number in range(4)}
    for number, is_bulk, pause in sends:
        now += pause
        moment = pacer.allow(chat(number), is_group=number < 2, is_bulk=is_bulk, now=now)
        assert now <= moment <= now + MINUTE
        now = moment
        pacer.record(chat(number), is_group=number < 2, now=now)
        sent[number].append(now)
    for number, moments in sent.items():
        if moments:
            assert most_in(MINUTE, moments) <= (18 if number < 2 else 63)
            assert max(Counter(moments).values()) <= 3


# --- a clock that was wrong --------------------------------------------------------------------------------

WRONG = NOW + timedelta(days=1000)


@pytest.mark.parametrize("is_group", [False, True])
@pytest.mark.parametrize("is_bulk", [False, True])
def test_a_clock_that_was_ahead_freezes_no_chat(is_group: bool, is_bulk: bool) -> None:
    pacer, now = Pacer(), WRONG
    for _ in range(40):
        now = send(pacer, chat(1), now, is_group=is_group, is_bulk=is_bulk)

    first = send(pacer, chat(1), NOW, is_group=is_group, is_bulk=is_bulk)

    assert first <= NOW + MINUTE
    assert send(pacer, chat(1), first, is_group=is_group, is_bulk=is_bulk) <= first + MINUTE


def test_a_rest_asked_under_a_wrong_clock_lasts_as_long_as_was_asked() -> None:
    pacer = Pacer()
    pacer.penalise(chat(1), until=WRONG + timedelta(hours=1), now=WRONG)
    until = NOW + timedelta(hours=1)
    assert pacer.allow(chat(1), is_group=True, is_bulk=False, now=NOW) == until
    assert pacer.allow(chat(1), is_group=True, is_bulk=False, now=NOW + MINUTE) == until


def test_a_real_rest_of_hours_is_kept() -> None:
    pacer = Pacer()
    until = NOW + timedelta(hours=5)
    pacer.penalise(chat(1), until=until, now=NOW)
    assert pacer.allow(chat(1), is_group=False, is_bulk=False, now=NOW + MINUTE) == until


def test_the_pace_recovers_after_a_clock_that_was_ahead() -> None:
    pacer = Pacer()
    pacer.penalise(chat(1), until=WRONG + SECOND, now=WRONG)
    pacer.record(chat(2), is_group=False, now=NOW)
    pacer.record(chat(2), is_group=False, now=NOW + timedelta(hours=1))
    assert pacer.rate == Limits().fastest


def test_paces_of_a_clock_that_was_ahead_are_forgotten_with_the_quiet_ones() -> None:
    pacer = Pacer()
    for number in range(1000):
        pacer.record(chat(number), is_group=False, now=WRONG)
    for number in range(1000, 1100):
        pacer.record(chat(number), is_group=False, now=NOW + timedelta(hours=number))
    assert len(pacer._chats) < 200
