"""How a sending ends."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.channel import (
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
    OnUnknown,
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
