"""A duty with a deadline: what its date means, who may do what with it, and where it may go."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from core.calendar import Calendar
from core.errors import RuleError


class ObligationKind(StrEnum):
    """How a plan times a duty. Only a dated one is ever overdue."""

    DEADLINE = "deadline"
    PERIOD = "period"
    RECURRING = "recurring"
    CONTINUOUS = "continuous"
    ON_REQUEST = "on_request"
    NONE = "none"


class ObligationStatus(StrEnum):
    """`rejected`: the unit said that it is not theirs, and the coordinating unit has to decide."""

    PROPOSED = "proposed"
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    DONE = "done"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


WAITING = frozenset({ObligationStatus.OPEN, ObligationStatus.ACKNOWLEDGED, ObligationStatus.REJECTED})
"""Confirmed, and still to be done by somebody."""

_TIMED = frozenset({ObligationKind.DEADLINE, ObligationKind.PERIOD, ObligationKind.RECURRING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One duty. `due` is the date as written; `before` says that it was written as «trước ngày».

    `due_time` is a local hour of that date. For a period `due` is its last day.
    """

    id: int
    title: str
    unit_id: int | None
    kind: ObligationKind
    status: ObligationStatus
    due: date | None = None
    before: bool = False
    due_time: time | None = None
    strict_due: date | None = None
    overdue_after: datetime | None = None
    extensions: int = 0

    @property
    def is_timed(self) -> bool:
        """Whether there is a day to remind of."""
        return self.kind in _TIMED and self.strict_due is not None and self.overdue_after is not None

    def is_overdue(self, moment: datetime) -> bool:
        """Late and still to be done."""
        is_past = self.overdue_after is not None and moment >= self.overdue_after
        return is_past and self.is_timed and self.status in WAITING


def strict_due(due: date, *, before: bool, due_time: time | None = None) -> date:
    """The last day that keeps the date: «trước ngày 15/3» ends on 14/3, «trước 10 giờ ngày 15/3» on 15/3."""
    return due - timedelta(days=1) if before and due_time is None else due


def overdue_after(due: date, *, due_time: time | None, calendar: Calendar) -> datetime:
    """The UTC moment from which it is late: its hour if it has one, else the end of the day as written."""
    return calendar.end_of_day(due) if due_time is None else calendar.at(due, due_time)


def with_due(
    obligation: Obligation,
    due: date,
    *,
    before: bool = False,
    due_time: time | None = None,
    calendar: Calendar,
) -> Obligation:
    """The obligation with another date and all that follows from it."""
    return replace(
        obligation,
        due=due,
        before=before,
        due_time=due_time,
        strict_due=strict_due(due, before=before, due_time=due_time),
        overdue_after=overdue_after(due, due_time=due_time, calendar=calendar),
    )


def extended(obligation: Obligation, new_due: date, calendar: Calendar) -> Obligation:
    """The obligation after an extension was granted. The new date includes its own day and has no hour."""
    moved = with_due(obligation, new_due, calendar=calendar)
    return replace(moved, extensions=obligation.extensions + 1)


# --- who may do what ---------------------------------------------------------------------------------------


class Party(StrEnum):
    """As whom somebody acts on an obligation. OPERATOR is whoever runs the command line."""

    UNIT = "unit"
    COORDINATOR = "coordinator"
    LEADER = "leader"
    OPERATOR = "operator"


class ObligationAct(StrEnum):
    """What is done to an obligation."""

    CONFIRM = "confirm"
    ACKNOWLEDGE = "acknowledge"
    COMPLETE = "complete"
    ASK_EXTENSION = "ask_extension"
    GRANT = "grant"
    REFUSE = "refuse"
    REJECT = "reject"
    REASSIGN = "reassign"
    CANCEL = "cancel"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class ObligationTransition:
    """One row of the table. `target` None: the status stays as it is."""

    act: ObligationAct
    sources: frozenset[ObligationStatus]
    target: ObligationStatus | None
    parties: frozenset[Party]


_S = ObligationStatus
_A = ObligationAct
_MINE = {_S.OPEN, _S.ACKNOWLEDGED}
_ABOVE = (Party.COORDINATOR, Party.LEADER, Party.OPERATOR)


def _row(
    act: ObligationAct, sources: set[ObligationStatus], target: ObligationStatus | None, *parties: Party
) -> ObligationTransition:
    return ObligationTransition(act, frozenset(sources), target, frozenset(parties))


OBLIGATION_TRANSITIONS: tuple[ObligationTransition, ...] = (
    _row(_A.CONFIRM, {_S.PROPOSED}, _S.OPEN, *_ABOVE),
    _row(_A.ACKNOWLEDGE, {_S.OPEN}, _S.ACKNOWLEDGED, Party.UNIT),
    # The coordinating unit also knows when a report arrived on paper.
    _row(_A.COMPLETE, _MINE, _S.DONE, Party.UNIT, Party.COORDINATOR),
    _row(_A.ASK_EXTENSION, _MINE, None, Party.UNIT),
    _row(_A.GRANT, _MINE, None, Party.LEADER),
    _row(_A.REFUSE, _MINE, None, Party.LEADER),
    _row(_A.REJECT, _MINE, _S.REJECTED, Party.UNIT),
    _row(_A.REASSIGN, {*_MINE, _S.REJECTED}, _S.OPEN, *_ABOVE),
    _row(_A.CANCEL, {_S.PROPOSED, *_MINE, _S.REJECTED}, _S.CANCELLED, *_ABOVE),
    # A wrong press on «Đã xong» is taken back by whoever made it.
    _row(_A.REOPEN, {_S.DONE}, _S.OPEN, Party.UNIT, *_ABOVE),
    _row(_A.REOPEN, {_S.CANCELLED}, _S.OPEN, *_ABOVE),
)

_BY_CELL = {(source, row.act): row for row in OBLIGATION_TRANSITIONS for source in row.sources}

_WRONG_STATUS = {
    _S.PROPOSED: "obligation_not_confirmed",
    _S.OPEN: "obligation_is_open",
    _S.ACKNOWLEDGED: "obligation_is_acknowledged",
    _S.DONE: "obligation_is_done",
    _S.REJECTED: "obligation_is_rejected",
    _S.CANCELLED: "obligation_is_cancelled",
}


def obligation_transition(
    status: ObligationStatus, act: ObligationAct, parties: frozenset[Party]
) -> ObligationTransition:
    """The row by which one of `parties` may do `act` from `status`.

    Raises RuleError("obligation_not_yours") for the wrong people (before anything else when there are none,
    so that a stranger learns nothing), and a code that names the status when that forbids it.
    """
    if not parties:
        raise RuleError("obligation_not_yours")
    row = _BY_CELL.get((status, act))
    if row is None:
        raise RuleError(_WRONG_STATUS[status])
    if not parties & row.parties:
        raise RuleError("obligation_not_yours")
    return row


def may_act(status: ObligationStatus, act: ObligationAct, parties: frozenset[Party]) -> bool:
    """Whether the table allows it: which answers an item offers."""
    row = _BY_CELL.get((status, act))
    return row is not None and bool(parties & row.parties)


# --- what an act must bring --------------------------------------------------------------------------------


def check_completion(evidence: str, *, files: int) -> None:
    """Raise RuleError unless «đã xong» comes with a document number (or such words) or a file."""
    if files == 0 and not any(character.isalnum() for character in evidence):
        raise RuleError("completion_needs_evidence")


def check_extension(
    obligation: Obligation, new_due: date, *, reason: str, today: date, is_waiting: bool
) -> None:
    """Raise RuleError unless the wish for more time can be put to a leader. `is_waiting`: one already is."""
    if is_waiting:
        raise RuleError("extension_already_asked")
    if not obligation.is_timed or obligation.due is None:
        raise RuleError("extension_without_due")
    if new_due <= max(obligation.due, today):
        raise RuleError("extension_not_later")
    if len(reason.strip()) < 5:
        raise RuleError("extension_needs_reason")
