"""The working calendar: which days and hours count, and when a reminder may disturb people.

Moments are aware UTC datetimes, days are local dates. Viet Nam has had no daylight saving since 1975.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
PUSH_FROM = time(7)
PUSH_UNTIL = time(20)
OFFICE_SESSIONS = ((time(7, 30), time(11, 30)), (time(13, 30), time(17)))

_DAY = timedelta(days=1)
_NO_TIME = timedelta()


def local_day(moment: datetime) -> date:
    """The local date of the moment."""
    return moment.astimezone(LOCAL).date()


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days and office hours of one organisation.

    `days` are exceptions to Monday–Friday: True a worked day (a swapped Saturday), False a day off.
    `sessions` are the local office hours of a working day, in order. Raises ValueError when they are not.
    """

    days: Mapping[date, bool]
    sessions: tuple[tuple[time, time], ...] = OFFICE_SESSIONS

    def __post_init__(self) -> None:
        edges = [edge for session in self.sessions for edge in session]
        if not edges or any(later <= earlier for earlier, later in pairwise(edges)):
            raise ValueError("office hours must be given in order and must not overlap")

    def is_working_day(self, day: date) -> bool:
        return self.days.get(day, day.weekday() < 5)

    def working_day_on_or_before(self, day: date) -> date:
        """The day itself when worked, else the last working day before it."""
        while not self.is_working_day(day):
            day -= _DAY
        return day

    def working_day_on_or_after(self, day: date) -> date:
        """The day itself when worked, else the first working day after it."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after `day`, which itself is not counted; before it when `n` is negative.

        Zero gives `day` back, worked or not.
        """
        step = _DAY if n > 0 else -_DAY
        for _ in range(abs(n)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def add_working_hours(self, moment: datetime, hours: float) -> datetime:
        """When `hours` of office time (0 or more) have gone by since `moment`."""
        left = timedelta(hours=hours)
        for opens, closes in self._sessions_from(moment):
            start = max(opens, moment)
            if closes - start >= left:
                return start + left
            left -= closes - start
        raise AssertionError("the working days never end")

    def working_hours_between(self, start: datetime, end: datetime) -> float:
        """Office hours from `start` to `end`; 0 when `end` is not later."""
        total = _NO_TIME
        for opens, closes in self._sessions_from(start):
            if opens >= end:
                break
            total += max(min(closes, end) - max(opens, start), _NO_TIME)
        return total / timedelta(hours=1)

    def is_open(self, moment: datetime) -> bool:
        """Whether the moment lies in office hours; the closing minute does not."""
        return self.next_opening(moment) == moment

    def next_opening(self, moment: datetime) -> datetime:
        """The earliest moment in office hours at or after `moment`: itself when the office is open."""
        return self.add_working_hours(moment, 0)

    def at(self, day: date, local_time: time) -> datetime:
        """The UTC moment of a local time of day."""
        return datetime.combine(day, local_time, LOCAL).astimezone(UTC)

    def end_of_day(self, day: date) -> datetime:
        """The first UTC moment after `day`, which is local midnight: what is due that day is late from it on.

        It already belongs to the next day, so print the day and not this moment.
        """
        return self.at(day + _DAY, time.min)

    def closing(self, day: date) -> datetime:
        """The UTC moment at which the office hours of `day` end."""
        return self.at(day, self.sessions[-1][1])

    def allowed_push(self, moment: datetime) -> datetime:
        """The earliest moment at or after `moment` at which reminders, digests and escalations may arrive.

        They rest from 20:00 to 07:00 and on days off.
        """
        day = local_day(moment)
        if moment >= self.at(day, PUSH_UNTIL):
            day += _DAY
        return max(moment, self.at(self.working_day_on_or_after(day), PUSH_FROM))

    def _sessions_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Office sessions that end after `moment`, as UTC moments, without end."""
        day = local_day(moment)
        while True:
            day = self.working_day_on_or_after(day)
            for opens, closes in self.sessions:
                if self.at(day, closes) > moment:
                    yield self.at(day, opens), self.at(day, closes)
            day += _DAY
