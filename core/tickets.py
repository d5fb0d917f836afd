"""A citizen's ticket: where it may go, who may move it, and what the citizen is told.

The table holds the transitions built so far; codes T1…T26 are those of the state machine in docs/tickets.md.
After T23 the leader gives the contested ticket to another holder (T24).
"""

from dataclasses import dataclass
from enum import StrEnum

from core.claims import claims_fixed
from core.errors import RuleError
from core.say import Label


class Status(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    AWAITING_CITIZEN = "awaiting_citizen"
    ACCEPTED = "accepted"
    FORWARDED = "forwarded"
    RETURNED = "returned"
    IN_PROGRESS = "in_progress"
    EXTERNAL = "external"
    AWAITING_APPROVAL = "awaiting_approval"
    ANSWERED = "answered"
    UNDER_REVIEW = "under_review"
    CLOSED = "closed"
    GUIDED = "guided"
    DECLINED = "declined"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


OPEN = frozenset(
    {
        Status.SUBMITTED,
        Status.AWAITING_CITIZEN,
        Status.ACCEPTED,
        Status.FORWARDED,
        Status.RETURNED,
        Status.IN_PROGRESS,
        Status.EXTERNAL,
        Status.AWAITING_APPROVAL,
        Status.UNDER_REVIEW,
    }
)
"""Somebody of the authority or the citizen still has to act before an answer stands."""

LIVE = OPEN | {Status.ANSWERED}


class Actor(StrEnum):
    """Who makes a transition."""

    CITIZEN = "citizen"
    DESK = "desk"
    UNIT = "unit"
    LEADER = "leader"
    SYSTEM = "system"


class Act(StrEnum):
    """What is done to a ticket."""

    SUBMIT = "submit"
    ACCEPT = "accept"
    ASK = "ask"
    REPLY = "reply"
    TAKE_BACK = "take_back"
    LAPSE = "lapse"
    FORWARD = "forward"
    TAKE = "take"
    RETURN = "return"
    FORWARD_AGAIN = "forward_again"
    PROPOSE = "propose"
    ANSWER = "answer"
    CONFIRM = "confirm"
    EXPIRE = "expire"
    CONTEST = "contest"
    REASSIGN = "reassign"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table. `target` None means back to the state the ticket was in before the question.

    `told` is the text the citizen gets, empty when only the timeline changes.
    """

    code: str
    act: Act
    sources: frozenset[Status]
    target: Status | None
    actors: frozenset[Actor]
    told: str = ""


def _row(
    code: str, act: Act, sources: set[Status], target: Status | None, *actors: Actor, told: str = ""
) -> Transition:
    return Transition(code, act, frozenset(sources), target, frozenset(actors), told)


_S = Status
TRANSITIONS: tuple[Transition, ...] = (
    _row("T1", Act.SUBMIT, {_S.DRAFT}, _S.SUBMITTED, Actor.CITIZEN, told="ticket_received"),
    _row("T2", Act.ACCEPT, {_S.SUBMITTED}, _S.ACCEPTED, Actor.DESK, told="ticket_accepted"),
    _row(
        "T3",
        Act.ASK,
        {_S.SUBMITTED, _S.ACCEPTED, _S.IN_PROGRESS},
        _S.AWAITING_CITIZEN,
        Actor.DESK,
        told="ticket_question",
    ),
    _row("T4", Act.REPLY, {_S.AWAITING_CITIZEN}, None, Actor.CITIZEN, told="ticket_question_answered"),
    _row(
        "T4b",
        Act.TAKE_BACK,
        {_S.SUBMITTED, _S.ACCEPTED, _S.IN_PROGRESS},
        _S.AWAITING_CITIZEN,
        Actor.CITIZEN,
        told="ticket_question_open",
    ),
    _row("T5", Act.LAPSE, {_S.AWAITING_CITIZEN}, None, Actor.SYSTEM, told="ticket_question_lapsed"),
    _row("T10", Act.FORWARD, {_S.ACCEPTED}, _S.FORWARDED, Actor.DESK, told="ticket_forwarded"),
    _row("T11", Act.TAKE, {_S.FORWARDED}, _S.IN_PROGRESS, Actor.UNIT),
    _row("T12", Act.RETURN, {_S.FORWARDED, _S.IN_PROGRESS}, _S.RETURNED, Actor.UNIT),
    _row(
        "T13",
        Act.FORWARD_AGAIN,
        {_S.RETURNED},
        _S.FORWARDED,
        Actor.DESK,
        Actor.LEADER,
        told="ticket_forwarded_again",
    ),
    _row("T18", Act.PROPOSE, {_S.IN_PROGRESS, _S.ACCEPTED}, _S.AWAITING_APPROVAL, Actor.UNIT, Actor.DESK),
    _row(
        "T20", Act.ANSWER, {_S.AWAITING_APPROVAL}, _S.ANSWERED, Actor.DESK, Actor.LEADER, told="ticket_answer"
    ),
    _row("T21", Act.CONFIRM, {_S.ANSWERED}, _S.CLOSED, Actor.CITIZEN, told="ticket_confirmed"),
    _row("T22", Act.EXPIRE, {_S.ANSWERED}, _S.CLOSED, Actor.SYSTEM, told="ticket_expired"),
    _row("T23", Act.CONTEST, {_S.ANSWERED}, _S.UNDER_REVIEW, Actor.CITIZEN, told="ticket_under_review"),
    _row("T24", Act.REASSIGN, {_S.UNDER_REVIEW}, _S.IN_PROGRESS, Actor.LEADER),
    _row("T26", Act.WITHDRAW, set(OPEN), _S.WITHDRAWN, Actor.CITIZEN, told="ticket_withdrawn"),
)

_BY_CELL = {(source, row.act): row for row in TRANSITIONS for source in row.sources}

STAGES: dict[Status, str] = {
    Status.SUBMITTED: "stage.sent",
    Status.AWAITING_CITIZEN: "stage.needs_you",
    Status.ACCEPTED: "stage.accepted",
    Status.FORWARDED: "stage.in_progress",
    Status.RETURNED: "stage.in_progress",
    Status.IN_PROGRESS: "stage.in_progress",
    Status.EXTERNAL: "stage.in_progress",
    Status.AWAITING_APPROVAL: "stage.in_progress",
    Status.UNDER_REVIEW: "stage.in_progress",
    Status.ANSWERED: "stage.answered",
    Status.CLOSED: "stage.closed",
    Status.GUIDED: "stage.closed",
    Status.DECLINED: "stage.closed",
    Status.MERGED: "stage.closed",
    Status.WITHDRAWN: "stage.withdrawn",
}
"""The six stages a citizen sees (and «đã rút»), as label keys."""


def transition(status: Status, act: Act, actor: Actor) -> Transition:
    """The row that allows `act` from `status`.

    Raises RuleError("act_not_possible") from a wrong state and RuleError("act_not_yours") for a wrong actor.
    """
    row = _BY_CELL.get((status, act))
    if row is None:
        raise RuleError("act_not_possible", status=Label(f"status.{status}"))
    if actor not in row.actors:
        raise RuleError("act_not_yours")
    return row


def may(status: Status, act: Act, actor: Actor) -> bool:
    """Whether the table allows it: what a card shows as buttons."""
    row = _BY_CELL.get((status, act))
    return row is not None and actor in row.actors


CLASSIFIABLE = frozenset({Status.SUBMITTED, Status.ACCEPTED})
"""While a ticket lies with the desk, field, kind and level may be set right; the unit works by them."""

MAX_QUESTIONS = 3
"""Questions a desk may put to the citizen in one ticket."""


class Outcome(StrEnum):
    """What came out. Only FIXED may say that the matter is repaired, and only with proof."""

    FIXED = "fixed"
    PARTLY_FIXED = "partly_fixed"
    EXPLAINED = "explained"
    PLANNED = "planned"
    NOT_ADOPTED = "not_adopted"
    NOT_FOUND = "not_found"
    NOT_VERIFIABLE = "not_verifiable"
    ANSWERED_ELSEWHERE = "answered_elsewhere"


NEEDS_PHOTO = frozenset({Outcome.FIXED, Outcome.PARTLY_FIXED, Outcome.NOT_FOUND})
NEEDS_DATE = frozenset({Outcome.PARTLY_FIXED, Outcome.PLANNED})


def check_answer(outcome: Outcome, text: str, *, photos: int, has_date: bool) -> None:
    """Raise RuleError when the answer lacks what its outcome must show, has an open blank, or claims more."""
    if len(text.strip()) < 10:
        raise RuleError("answer_too_short")
    if "{" in text or "[…]" in text or "..." * 2 in text:
        raise RuleError("answer_open_blank")
    if outcome not in NEEDS_PHOTO and claims_fixed(text):
        raise RuleError("answer_says_fixed")
    if outcome in NEEDS_PHOTO and photos == 0:
        raise RuleError("answer_needs_photo")
    if outcome in NEEDS_DATE and not has_date:
        raise RuleError("answer_needs_date")
