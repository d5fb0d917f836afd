"""What a date means, the whole table of acts, and what an act must bring."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import combinations
from typing import Any

import pytest

from core.calendar import LOCAL, Calendar
from core.errors import RuleError
from core.obligations import (
    Obligation,
    ObligationAct,
    ObligationKind,
    ObligationStatus,
    Party,
    check_completion,
    check_extension,
    extended,
    may_act,
    obligation_transition,
    overdue_after,
    strict_due,
    with_due,
)

CALENDAR = Calendar({})
Act = ObligationAct
Status = ObligationStatus

U, C, L = Party.UNIT, Party.COORDINATOR, Party.LEADER
ABOVE = {C, L, Party.OPERATOR}
STAYS = None

# Every cell that is allowed; each one that is not named here must be refused.
ALLOWED: dict[tuple[Status, Act], tuple[Status | None, set[Party]]] = {
    (Status.PROPOSED, Act.CONFIRM): (Status.OPEN, ABOVE),
    (Status.PROPOSED, Act.CANCEL): (Status.CANCELLED, ABOVE),
    (Status.OPEN, Act.ACKNOWLEDGE): (Status.ACKNOWLEDGED, {U}),
    (Status.OPEN, Act.COMPLETE): (Status.DONE, {U, C}),
    (Status.OPEN, Act.ASK_EXTENSION): (STAYS, {U}),
    (Status.OPEN, Act.GRANT): (STAYS, {L}),
    (Status.OPEN, Act.REFUSE): (STAYS, {L}),
    (Status.OPEN, Act.REJECT): (Status.REJECTED, {U}),
    (Status.OPEN, Act.REASSIGN): (Status.OPEN, ABOVE),
    (Status.OPEN, Act.CANCEL): (Status.CANCELLED, ABOVE),
    (Status.ACKNOWLEDGED, Act.COMPLETE): (Status.DONE, {U, C}),
    (Status.ACKNOWLEDGED, Act.ASK_EXTENSION): (STAYS, {U}),
    (Status.ACKNOWLEDGED, Act.GRANT): (STAYS, {L}),
    (Status.ACKNOWLEDGED, Act.REFUSE): (STAYS, {L}),
    (Status.ACKNOWLEDGED, Act.REJECT): (Status.REJECTED, {U}),
    (Status.ACKNOWLEDGED, Act.REASSIGN): (Status.OPEN, ABOVE),
    (Status.ACKNOWLEDGED, Act.CANCEL): (Status.CANCELLED, ABOVE),
    (Status.REJECTED, Act.REASSIGN): (Status.OPEN, ABOVE),
    (Status.REJECTED, Act.CANCEL): (Status.CANCELLED, ABOVE),
    (Status.DONE, Act.REOPEN): (Status.OPEN, {U, *ABOVE}),
    (Status.CANCELLED, Act.REOPEN): (Status.OPEN, ABOVE),
}
CELLS = [(status, act) for status in Status for act in Act]
COMPANIES = [frozenset(company) for size in (1, 2, 3) for company in combinations(Party, size)]


def obligation(**changes: Any) -> Obligation:
    """A report «trước ngày 15/3/2027», changed as the test wants."""
    plain = Obligation(id=1, title="Báo cáo", unit_id=7, kind=ObligationKind.DEADLINE, status=Status.OPEN)
    return replace(with_due(plain, date(2027, 3, 15), before=True, calendar=CALENDAR), **changes)


@pytest.mark.parametrize(("status", "act"), CELLS)
def test_every_cell_of_the_table(status: Status, act: Act) -> None:
    expected = ALLOWED.get((status, act))
    for company in COMPANIES:
        if expected and company & expected[1]:
            assert may_act(status, act, company)
            assert obligation_transition(status, act, company).target is expected[0]
        else:
            assert not may_act(status, act, company)
            with pytest.raises(RuleError) as refused:
                obligation_transition(status, act, company)
            assert (refused.value.code == "obligation_not_yours") is bool(expected)


@pytest.mark.parametrize(("status", "act"), CELLS)
def test_stranger_is_refused_everywhere_in_the_same_words(status: Status, act: Act) -> None:
    with pytest.raises(RuleError) as refused:
        obligation_transition(status, act, frozenset())
    assert refused.value.code == "obligation_not_yours"


def test_before_a_day_ends_the_day_before() -> None:
    assert strict_due(date(2027, 3, 15), before=True) == date(2027, 3, 14)
    assert strict_due(date(2027, 3, 15), before=False) == date(2027, 3, 15)
    assert strict_due(date(2027, 3, 1), before=True) == date(2027, 2, 28)


def test_before_an_hour_stays_on_its_day() -> None:
    assert strict_due(date(2027, 3, 15), before=True, due_time=time(10)) == date(2027, 3, 15)


def test_late_begins_when_the_day_as_written_is_over_or_at_the_hour() -> None:
    day = date(2027, 3, 15)
    assert overdue_after(day, due_time=None, calendar=CALENDAR) == datetime(2027, 3, 15, 17, tzinfo=UTC)
    assert overdue_after(day, due_time=time(10), calendar=CALENDAR) == datetime(2027, 3, 15, 3, tzinfo=UTC)


def test_duty_before_the_15th_is_late_from_the_16th() -> None:
    duty = obligation()
    assert not duty.is_overdue(datetime(2027, 3, 15, 23, 59, tzinfo=LOCAL))
    assert duty.is_overdue(datetime(2027, 3, 16, 0, 0, tzinfo=LOCAL))


@pytest.mark.parametrize("status", [Status.PROPOSED, Status.DONE, Status.CANCELLED])
def test_what_is_settled_or_not_confirmed_is_never_late(status: Status) -> None:
    assert not obligation(status=status).is_overdue(datetime(2030, 1, 1, tzinfo=UTC))


def test_standing_duty_is_never_late() -> None:
    assert not obligation(kind=ObligationKind.CONTINUOUS).is_overdue(datetime(2030, 1, 1, tzinfo=UTC))


def test_extension_moves_the_date_and_is_counted() -> None:
    moved = extended(obligation(due_time=time(10)), date(2027, 3, 25), CALENDAR)
    assert (moved.due, moved.strict_due, moved.before) == (date(2027, 3, 25), date(2027, 3, 25), False)
    assert moved.overdue_after == datetime(2027, 3, 25, 17, tzinfo=UTC)
    assert (moved.due_time, moved.extensions) == (None, 1)


def test_done_needs_a_document_number_or_a_file() -> None:
    check_completion("45/BC-UBND ngày 13/3", files=0)
    check_completion("", files=1)
    for nothing in ("", "  ", "...", "👍"):
        with pytest.raises(RuleError, match="completion_needs_evidence"):
            check_completion(nothing, files=0)


def ask(duty: Obligation, new_due: date, *, reason: str = "chờ số liệu", is_waiting: bool = False) -> None:
    check_extension(duty, new_due, reason=reason, today=date(2027, 3, 20), is_waiting=is_waiting)


def test_extension_may_be_asked_even_when_late() -> None:
    ask(obligation(), date(2027, 3, 21))


@pytest.mark.parametrize(
    ("changes", "new_due", "reason", "is_waiting", "code"),
    [
        ({}, date(2027, 3, 20), "chờ số liệu", False, "extension_not_later"),
        ({"due": date(2027, 4, 1)}, date(2027, 4, 1), "chờ số liệu", False, "extension_not_later"),
        ({}, date(2027, 3, 25), " vì  ", False, "extension_needs_reason"),
        ({}, date(2027, 3, 25), "chờ số liệu", True, "extension_already_asked"),
        (
            {"kind": ObligationKind.CONTINUOUS},
            date(2027, 3, 25),
            "chờ số liệu",
            False,
            "extension_without_due",
        ),
    ],
)
def test_extension_that_makes_no_sense_is_refused(
    changes: dict[str, Any], new_due: date, reason: str, is_waiting: bool, code: str
) -> None:
    with pytest.raises(RuleError, match=code):
        ask(obligation(**changes), new_due, reason=reason, is_waiting=is_waiting)
