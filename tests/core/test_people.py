"""What each role may do. Unit 1 is the desk's, 2 an ordinary one, 9 the coordinating one."""

import pytest

from core.conversation.draft import Identity
from core.errors import RuleError
from core.obligations import Party
from core.people import (
    Officer,
    Role,
    may_read_ticket,
    may_see_contact,
    obligation_parties,
    ticket_actors,
    ticket_transition,
)
from core.tickets import Act, Actor, Status

DESK = Officer(1, "Lan", 1, Role.DESK)
OFFICER = Officer(2, "Bình", 2, Role.OFFICER)
OTHER = Officer(3, "Cúc", 3, Role.OFFICER)
LEADER = Officer(4, "Dũng", 4, Role.LEADER)
ADMIN = Officer(5, "Giang", 2, Role.ADMIN)
COORDINATOR = Officer(6, "Hà", 9, Role.OFFICER)
GONE = Officer(7, "Khoa", 2, Role.OFFICER, is_active=False)
GONE_DESK = Officer(8, "Liên", 1, Role.DESK, is_active=False)
GONE_LEADER = Officer(9, "Minh", 4, Role.LEADER, is_active=False)


@pytest.mark.parametrize(
    ("officer", "unit_id", "actors"),
    [
        (DESK, None, (Actor.DESK,)),
        (DESK, 2, (Actor.DESK,)),
        (DESK, 1, (Actor.DESK, Actor.UNIT)),
        (OFFICER, 2, (Actor.UNIT,)),
        (OFFICER, None, ()),
        (OTHER, 2, ()),
        (LEADER, 2, (Actor.LEADER,)),
        (LEADER, 4, (Actor.LEADER, Actor.UNIT)),
        (ADMIN, 2, ()),
        (GONE, 2, ()),
        (GONE_DESK, None, ()),
        (GONE_LEADER, 2, ()),
    ],
)
def test_officer_acts_on_tickets_as(officer: Officer, unit_id: int | None, actors: tuple[Actor, ...]) -> None:
    assert ticket_actors(officer, unit_id) == actors
    assert may_read_ticket(officer, unit_id) is bool(actors)


def test_desk_accepts_and_unit_takes() -> None:
    assert ticket_transition(DESK, Status.SUBMITTED, Act.ACCEPT, unit_id=None).code == "T2"
    assert ticket_transition(OFFICER, Status.FORWARDED, Act.TAKE, unit_id=2).code == "T11"
    assert ticket_transition(LEADER, Status.UNDER_REVIEW, Act.REASSIGN, unit_id=2).code == "T24"


def test_desk_takes_only_what_came_to_its_own_unit() -> None:
    assert ticket_transition(DESK, Status.FORWARDED, Act.TAKE, unit_id=1).code == "T11"
    with pytest.raises(RuleError, match="act_not_yours"):
        ticket_transition(DESK, Status.FORWARDED, Act.TAKE, unit_id=2)


def test_nobody_of_the_office_speaks_for_the_citizen() -> None:
    for officer in (DESK, OFFICER, LEADER):
        with pytest.raises(RuleError, match="act_not_yours"):
            ticket_transition(officer, Status.ANSWERED, Act.CONFIRM, unit_id=2)


@pytest.mark.parametrize("officer", [OTHER, ADMIN, GONE, GONE_LEADER])
@pytest.mark.parametrize("act", list(Act))
def test_stranger_learns_nothing_of_a_ticket(officer: Officer, act: Act) -> None:
    for status in Status:
        with pytest.raises(RuleError, match="act_not_yours"):
            ticket_transition(officer, status, act, unit_id=2)


def test_wrong_state_is_said_to_whoever_may_know_it() -> None:
    with pytest.raises(RuleError, match="act_not_possible"):
        ticket_transition(DESK, Status.CLOSED, Act.ACCEPT, unit_id=None)


@pytest.mark.parametrize(
    ("officer", "desk_only", "unit_too"),
    [
        (DESK, True, True),
        (OFFICER, False, True),
        (LEADER, False, True),
        (OTHER, False, False),
        (ADMIN, False, False),
        (GONE_DESK, False, False),
    ],
)
def test_contact_is_seen_by(officer: Officer, desk_only: bool, unit_too: bool) -> None:
    assert may_see_contact(officer, Identity.DESK_ONLY, 2) is desk_only
    assert may_see_contact(officer, Identity.UNIT_TOO, 2) is unit_too
    assert not may_see_contact(officer, Identity.ANONYMOUS, 2)


@pytest.mark.parametrize(
    ("officer", "parties"),
    [
        (OFFICER, {Party.UNIT}),
        (DESK, set()),
        (OTHER, set()),
        (LEADER, {Party.LEADER}),
        (COORDINATOR, {Party.COORDINATOR}),
        (ADMIN, set()),
        (GONE, set()),
        (GONE_LEADER, set()),
    ],
)
def test_officer_acts_on_obligations_of_unit_2_as(officer: Officer, parties: set[Party]) -> None:
    assert obligation_parties(officer, unit_id=2, coordinating_unit_id=9) == parties


def test_duty_without_a_unit_belongs_to_nobody_but_those_above() -> None:
    assert not obligation_parties(OFFICER, unit_id=None, coordinating_unit_id=9)
    assert obligation_parties(COORDINATOR, unit_id=None, coordinating_unit_id=9)
    assert obligation_parties(COORDINATOR, unit_id=9, coordinating_unit_id=9) == {
        Party.UNIT,
        Party.COORDINATOR,
    }
