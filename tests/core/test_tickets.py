"""The whole ticket table, cell by cell: what is allowed, and that everything else is refused."""

import pytest

from core.errors import RuleError
from core.tickets import (
    LIVE,
    NEEDS_DATE,
    NEEDS_PHOTO,
    OPEN,
    STAGES,
    TRANSITIONS,
    Act,
    Actor,
    Outcome,
    Status,
    check_answer,
    may,
    transition,
)

S, A, W = Status, Act, Actor
BACK = None

# (status, act) -> (code, target, actors, the citizen is told). Withdrawing is added below.
ALLOWED: dict[tuple[Status, Act], tuple[str, Status | None, set[Actor], bool]] = {
    (S.DRAFT, A.SUBMIT): ("T1", S.SUBMITTED, {W.CITIZEN}, True),
    (S.SUBMITTED, A.ACCEPT): ("T2", S.ACCEPTED, {W.DESK}, True),
    (S.SUBMITTED, A.ASK): ("T3", S.AWAITING_CITIZEN, {W.DESK}, True),
    (S.ACCEPTED, A.ASK): ("T3", S.AWAITING_CITIZEN, {W.DESK}, True),
    (S.IN_PROGRESS, A.ASK): ("T3", S.AWAITING_CITIZEN, {W.DESK}, True),
    (S.AWAITING_CITIZEN, A.REPLY): ("T4", BACK, {W.CITIZEN}, True),
    (S.SUBMITTED, A.TAKE_BACK): ("T4b", S.AWAITING_CITIZEN, {W.CITIZEN}, True),
    (S.ACCEPTED, A.TAKE_BACK): ("T4b", S.AWAITING_CITIZEN, {W.CITIZEN}, True),
    (S.IN_PROGRESS, A.TAKE_BACK): ("T4b", S.AWAITING_CITIZEN, {W.CITIZEN}, True),
    (S.AWAITING_CITIZEN, A.LAPSE): ("T5", BACK, {W.SYSTEM}, True),
    (S.ACCEPTED, A.FORWARD): ("T10", S.FORWARDED, {W.DESK}, True),
    (S.FORWARDED, A.TAKE): ("T11", S.IN_PROGRESS, {W.UNIT}, False),
    (S.FORWARDED, A.RETURN): ("T12", S.RETURNED, {W.UNIT}, False),
    (S.IN_PROGRESS, A.RETURN): ("T12", S.RETURNED, {W.UNIT}, False),
    (S.RETURNED, A.FORWARD_AGAIN): ("T13", S.FORWARDED, {W.DESK, W.LEADER}, True),
    (S.IN_PROGRESS, A.PROPOSE): ("T18", S.AWAITING_APPROVAL, {W.UNIT, W.DESK}, False),
    (S.ACCEPTED, A.PROPOSE): ("T18", S.AWAITING_APPROVAL, {W.UNIT, W.DESK}, False),
    (S.AWAITING_APPROVAL, A.ANSWER): ("T20", S.ANSWERED, {W.DESK, W.LEADER}, True),
    (S.ANSWERED, A.CONFIRM): ("T21", S.CLOSED, {W.CITIZEN}, True),
    (S.ANSWERED, A.EXPIRE): ("T22", S.CLOSED, {W.SYSTEM}, True),
    (S.ANSWERED, A.CONTEST): ("T23", S.UNDER_REVIEW, {W.CITIZEN}, True),
    (S.UNDER_REVIEW, A.REASSIGN): ("T24", S.IN_PROGRESS, {W.LEADER}, False),
} | {
    (status, A.WITHDRAW): ("T26", S.WITHDRAWN, {W.CITIZEN}, True)
    for status in (
        S.SUBMITTED,
        S.AWAITING_CITIZEN,
        S.ACCEPTED,
        S.FORWARDED,
        S.RETURNED,
        S.IN_PROGRESS,
        S.EXTERNAL,
        S.AWAITING_APPROVAL,
        S.UNDER_REVIEW,
    )
}
CELLS = [(status, act, actor) for status in Status for act in Act for actor in Actor]
FINAL = {S.CLOSED, S.GUIDED, S.DECLINED, S.MERGED, S.WITHDRAWN}


@pytest.mark.parametrize(("status", "act", "actor"), CELLS)
def test_every_cell_of_the_table(status: Status, act: Act, actor: Actor) -> None:
    expected = ALLOWED.get((status, act))
    if expected and actor in expected[2]:
        row = transition(status, act, actor)
        assert may(status, act, actor)
        assert (row.code, row.target, set(row.actors), bool(row.told)) == expected
        return
    assert not may(status, act, actor)
    with pytest.raises(RuleError) as refused:
        transition(status, act, actor)
    assert refused.value.code == ("act_not_yours" if expected else "act_not_possible")


def test_one_act_from_one_state_has_one_row() -> None:
    cells = [(source, row.act) for row in TRANSITIONS for source in row.sources]
    assert len(cells) == len(set(cells))


def test_what_is_over_stays_over() -> None:
    assert not any(row.sources & FINAL for row in TRANSITIONS)


def test_forwarded_is_never_closed_and_answered_only_from_approval() -> None:
    assert {source for row in TRANSITIONS if row.target is S.CLOSED for source in row.sources} == {S.ANSWERED}
    into_answered = [row for row in TRANSITIONS if row.target is S.ANSWERED]
    assert {source for row in into_answered for source in row.sources} == {S.AWAITING_APPROVAL}


def test_every_state_has_a_stage_for_the_citizen_and_one_standing() -> None:
    assert set(STAGES) == set(Status) - {S.DRAFT}
    assert {S.ANSWERED} == LIVE - OPEN
    assert set(Status) == LIVE | FINAL | {S.DRAFT}


GOOD = "Chúng tôi trả lời ông/bà như sau: đèn đã được thay."


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("photos", [0, 1])
@pytest.mark.parametrize("has_date", [True, False])
def test_answer_carries_the_proof_of_its_outcome(outcome: Outcome, photos: int, has_date: bool) -> None:
    if outcome in NEEDS_PHOTO and not photos:
        code = "answer_needs_photo"
    elif outcome in NEEDS_DATE and not has_date:
        code = "answer_needs_date"
    else:
        check_answer(outcome, GOOD, photos=photos, has_date=has_date)
        return
    with pytest.raises(RuleError, match=code):
        check_answer(outcome, GOOD, photos=photos, has_date=has_date)


def test_fixed_is_proved_by_a_photo_and_a_plan_by_a_date() -> None:
    assert {Outcome.FIXED, Outcome.PARTLY_FIXED, Outcome.NOT_FOUND} == NEEDS_PHOTO
    assert {Outcome.PARTLY_FIXED, Outcome.PLANNED} == NEEDS_DATE


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "answer_too_short"),
        ("  Đã xem. ", "answer_too_short"),
        ("Chúng tôi trả lời {ten} như sau", "answer_open_blank"),
        ("Chúng tôi đã kiểm tra ngày […]", "answer_open_blank"),
        ("Chúng tôi đã kiểm tra ngày ......", "answer_open_blank"),
    ],
)
def test_unfinished_answer_does_not_leave(text: str, code: str) -> None:
    with pytest.raises(RuleError, match=code):
        check_answer(Outcome.EXPLAINED, text, photos=0, has_date=False)


@pytest.mark.parametrize(
    "text",
    [
        "Sự cố đã khắc phục trong sáng nay.",
        "Sự cố đã được khắc phục trong sáng nay.",
        "Đơn vị cho biết việc ĐÃ XỬ LÝ XONG từ hôm qua.",
        "Việc không có nước đã được khắc phục.",
        "Chưa rõ nguyên nhân, nhưng đường ống đã sửa xong.",
        "Mái chùa đã được khắc phục.",
        "Su co da khac phuc trong sang nay.",
    ],
)
def test_only_an_outcome_with_a_photo_claims_that_it_is_fixed(text: str) -> None:
    for outcome in set(Outcome) - NEEDS_PHOTO:
        with pytest.raises(RuleError, match="answer_says_fixed"):
            check_answer(outcome, text, photos=1, has_date=True)
    check_answer(Outcome.FIXED, text, photos=1, has_date=False)


@pytest.mark.parametrize(
    "text",
    [
        "Đến nay chưa khắc phục được vì thiếu vật tư.",
        "Chưa thể nói là đã khắc phục được.",
        "Sự cố chưa được khắc phục.",
        "Khi đã xử lý xong chúng tôi sẽ báo lại.",
        "Nếu đã khắc phục, xin ông/bà cho biết.",
        "Chúng tôi sẽ khắc phục trong tuần này.",
        "Chua the noi la da khac phuc duoc.",
    ],
)
def test_what_is_denied_or_only_hoped_for_is_no_claim(text: str) -> None:
    check_answer(Outcome.EXPLAINED, text, photos=0, has_date=False)


def test_ordinary_ellipsis_is_no_open_blank() -> None:
    check_answer(Outcome.EXPLAINED, "Chúng tôi đang xem lại việc này...", photos=0, has_date=False)
