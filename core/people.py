"""Who works here and what each may do. Rights come from the registry, never from a chat group."""

from dataclasses import dataclass
from enum import StrEnum

from core.conversation.draft import Identity
from core.errors import RuleError
from core.obligations import Party
from core.say import Label
from core.tickets import CLASSIFIABLE, Act, Actor, Status, Transition, may, transition


class Role(StrEnum):
    """Desk staff, an officer of a unit, a leader, or the administrator, who reads no content."""

    DESK = "desk"
    OFFICER = "officer"
    LEADER = "leader"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Officer:
    """A person of the registry. One who is no longer active may do nothing."""

    id: int
    name: str
    unit_id: int
    role: Role
    is_active: bool = True

    @property
    def may_work(self) -> bool:
        """Whether the person may touch tickets and obligations at all."""
        return self.is_active and self.role is not Role.ADMIN

    def is_of(self, unit_id: int | None) -> bool:
        """Whether the person works in this unit; nobody works in no unit."""
        return unit_id is not None and self.unit_id == unit_id


# --- tickets -----------------------------------------------------------------------------------------------


def ticket_actors(officer: Officer, unit_id: int | None) -> tuple[Actor, ...]:
    """As whom the officer may act on a ticket forwarded to `unit_id` (None: not forwarded).

    Desk staff act for the desk, leaders as leaders; both also for the unit when a ticket came to their own.
    """
    if not officer.may_work:
        return ()
    own = {Role.DESK: (Actor.DESK,), Role.LEADER: (Actor.LEADER,)}.get(officer.role, ())
    return (*own, Actor.UNIT) if officer.is_of(unit_id) else own


def ticket_transition(officer: Officer, status: Status, act: Act, *, unit_id: int | None) -> Transition:
    """The row of the table by which this officer may do it.

    Raises RuleError("act_not_yours"), also to whoever has nothing to do with the ticket, so that a stranger
    does not learn its state; RuleError("act_not_possible") from a wrong state.
    """
    actors = ticket_actors(officer, unit_id)
    if not actors:
        raise RuleError("act_not_yours")
    allowed = [actor for actor in actors if may(status, act, actor)]
    return transition(status, act, (allowed or actors)[0])


def check_classify(officer: Officer, status: Status) -> None:
    """The desk sets field, kind and level right, while the ticket lies with it.

    Raises RuleError("act_not_yours") or RuleError("act_not_possible").
    """
    if not officer.may_work or officer.role is not Role.DESK:
        raise RuleError("act_not_yours")
    if status not in CLASSIFIABLE:
        raise RuleError("act_not_possible", status=Label(f"status.{status}"))


def may_read_ticket(officer: Officer, unit_id: int | None) -> bool:
    """Desk and leaders read every ticket, an officer those of the own unit."""
    return bool(ticket_actors(officer, unit_id))


def may_see_contact(officer: Officer, identity: Identity, unit_id: int | None) -> bool:
    """Whether the officer may open the sender's name and phone (the opening itself is logged).

    Of the desk only unless the citizen let the handling unit know too; then leaders see it as well.
    """
    if identity is Identity.ANONYMOUS or not may_read_ticket(officer, unit_id):
        return False
    return officer.role is Role.DESK or identity is Identity.UNIT_TOO


# --- obligations -------------------------------------------------------------------------------------------


def obligation_parties(
    officer: Officer, *, unit_id: int | None, coordinating_unit_id: int
) -> frozenset[Party]:
    """As whom the officer may act on an obligation of `unit_id`. Empty: it is none of their business."""
    if not officer.may_work:
        return frozenset()
    parties = {
        Party.UNIT: officer.is_of(unit_id),
        Party.COORDINATOR: officer.is_of(coordinating_unit_id),
        Party.LEADER: officer.role is Role.LEADER,
    }
    return frozenset(party for party, belongs in parties.items() if belongs)


def may_review_plans(officer: Officer, *, coordinating_unit_id: int) -> bool:
    """Whether the person may read a plan into duties: the coordinating unit, leaders, the administrator.

    A plan is a public document, so the administrator, who reads no citizen's words, may.
    """
    if not officer.is_active:
        return False
    return officer.role in {Role.ADMIN, Role.LEADER} or officer.is_of(coordinating_unit_id)
