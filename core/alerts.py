"""When somebody of the authority is warned that a ticket's clock runs out: half-way, and at its end."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.calendar import Calendar
from core.tickets import Status


class AlertClock(StrEnum):
    """The clocks warned of: deciding on acceptance, the unit's taking, the answer promised."""

    RECEIVE = "receive"
    TAKE = "take"
    PROMISE = "promise"


class AlertStage(StrEnum):
    HALF = "half"
    DUE = "due"


_PROMISED = (AlertClock.PROMISE,)
RUNNING: dict[Status, tuple[AlertClock, ...]] = {
    Status.SUBMITTED: (AlertClock.RECEIVE,),
    Status.ACCEPTED: _PROMISED,
    Status.FORWARDED: (AlertClock.TAKE, AlertClock.PROMISE),
    Status.RETURNED: _PROMISED,
    Status.IN_PROGRESS: _PROMISED,
    Status.AWAITING_APPROVAL: _PROMISED,
    Status.UNDER_REVIEW: _PROMISED,
}
"""What runs against the authority in each state; while the citizen is asked nothing does."""


@dataclass(frozen=True, slots=True)
class Alert:
    """A warning with the moment at which it is given. `until` is when its clock runs out."""

    at: datetime
    clock: AlertClock
    stage: AlertStage
    until: datetime

    @property
    def code(self) -> str:
        """By it a warning is known to be given; a clock that was moved is another one."""
        return f"{self.clock}.{self.stage}.{self.until:%Y%m%d%H%M}"


def alerts(
    clock: AlertClock, start: datetime, until: datetime, *, in_office_time: bool, calendar: Calendar
) -> tuple[Alert, Alert]:
    """The two warnings of a clock, the earlier one first."""
    if in_office_time:
        half = calendar.add_working_hours(start, calendar.working_hours_between(start, until) / 2)
    else:
        half = start + (until - start) / 2
    return Alert(half, clock, AlertStage.HALF, until), Alert(until, clock, AlertStage.DUE, until)
