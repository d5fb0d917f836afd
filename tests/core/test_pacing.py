"""How fast our bots may send."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.channel import (
    Address,
    Channel,
)
from core.pacing import Limits, Pacer

NOW = datetime(2027, 3, 17, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


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
    assert pacer.rate(Channel.TELEGRAM) == pytest.approx(25.2)
    pacer.record(chat(2), is_group=False, now=NOW + 4 * SECOND)
    assert pacer.rate(Channel.TELEGRAM) == pytest.approx(25.2)
    pacer.record(chat(2), is_group=False, now=NOW + 11 * SECOND)
    assert pacer.rate(Channel.TELEGRAM) == pytest.approx(26.2)
    pacer.record(chat(2), is_group=False, now=NOW + timedelta(hours=1))
    assert pacer.rate(Channel.TELEGRAM) == Limits().fastest


def test_too_many_on_one_network_slows_no_other_and_each_has_its_own_pace() -> None:
    pacer = Pacer()
    pacer.penalise(chat(1), until=NOW + SECOND, now=NOW)
    other = Address(Channel.ZALO_BOT, "z1")
    assert pacer.rate(Channel.ZALO_BOT) == Limits().fastest
    pacer.record(chat(2), is_group=False, now=NOW)
    assert pacer.allow(other, is_group=False, is_bulk=True, now=NOW) == NOW
    assert pacer.allow(chat(3), is_group=False, is_bulk=True, now=NOW) > NOW


def test_pace_never_falls_below_the_slowest() -> None:
    pacer = Pacer()
    for _ in range(100):
        pacer.penalise(chat(1), until=NOW, now=NOW)
    assert pacer.rate(Channel.TELEGRAM) == Limits().slowest


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
    assert pacer.rate(Channel.TELEGRAM) == Limits().fastest


def test_paces_of_a_clock_that_was_ahead_are_forgotten_with_the_quiet_ones() -> None:
    pacer = Pacer()
    for number in range(1000):
        pacer.record(chat(number), is_group=False, now=WRONG)
    for number in range(1000, 1100):
        pacer.record(chat(number), is_group=False, now=NOW + timedelta(hours=number))
    assert len(pacer._chats) < 200


def test_bulk_that_leaves_a_little_late_keeps_the_pace() -> None:
    pacer, now, late = Pacer(), NOW, timedelta(milliseconds=20)
    for number in range(281):
        moment = pacer.allow(chat(number), is_group=False, is_bulk=True, now=now)
        now = max(now, moment) + late * (number % 2)
        pacer.record(chat(number), is_group=False, now=now)
    assert now - NOW < timedelta(seconds=10.1)


def test_a_network_rests_until_its_bulk_may_go_on() -> None:
    pacer = Pacer()
    assert pacer.resting(NOW) == {}
    pacer.record(chat(1), is_group=False, now=NOW)
    pacer.record(chat(2), is_group=False, now=NOW)
    (until,) = pacer.resting(NOW).values()
    assert pacer.resting(until) == {}
