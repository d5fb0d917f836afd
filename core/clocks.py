"""The clocks of a ticket: what is due when. All moments are aware UTC.

A clock in working days ends when the office closes on its last day; the first day is not counted.
A clock that the citizen runs against counts every day and ends with the last minute of its last one.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from core.calendar import Calendar, local_day

_LAST_MINUTE = time(23, 59)


class Pace(StrEnum):
    """How soon the citizen is promised an answer."""

    URGENT = "urgent"
    NORMAL = "normal"
    COMPLEX = "complex"


def pace_of(*, is_urgent: bool, is_complex: bool) -> Pace:
    """The level of a ticket; what is urgent stays urgent however complex."""
    if is_urgent:
        return Pace.URGENT
    return Pace.COMPLEX if is_complex else Pace.NORMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPolicy:
    """The terms of an organisation. «hours» are office hours and «days» working days, unless named otherwise.

    The legal term is that of the Law on receiving citizens (42/2013/QH13), article 28: nobody may change it.
    """

    receive_hours: int = 8
    receive_urgent_clock_hours: int = 1
    forward_hours: int = 4
    take_hours: int = 8
    take_urgent_clock_hours: int = 1
    promised_urgent_hours: int = 4
    promised_days: int = 5
    promised_complex_days: int = 15
    legal_days: int = 10
    question_calendar_days: int = 5
    question_reminder_calendar_days: int = 3
    pause_calendar_days: int = 10
    feedback_calendar_days: int = 10
    feedback_reminder_calendar_days: int = 7
    review_days: int = 5


def receive_by(sent_at: datetime, *, urgent: bool, calendar: Calendar, policy: ClockPolicy) -> datetime:
    """When the desk has said whether the ticket is accepted. An urgent one does not wait for the office."""
    if urgent:
        return sent_at + timedelta(hours=policy.receive_urgent_clock_hours)
    return calendar.add_working_hours(sent_at, policy.receive_hours)


def forward_by(accepted_at: datetime, calendar: Calendar, policy: ClockPolicy) -> datetime:
    """When an accepted ticket has gone to a unit or been answered."""
    return calendar.add_working_hours(accepted_at, policy.forward_hours)


def take_by(forwarded_at: datetime, *, urgent: bool, calendar: Calendar, policy: ClockPolicy) -> datetime:
    """When the unit has taken or returned it."""
    if urgent:
        return forwarded_at + timedelta(hours=policy.take_urgent_clock_hours)
    return calendar.add_working_hours(forwarded_at, policy.take_hours)


def promised_by(accepted_at: datetime, pace: Pace, *, calendar: Calendar, policy: ClockPolicy) -> datetime:
    """When the citizen is promised an answer."""
    match pace:
        case Pace.URGENT:
            return calendar.add_working_hours(accepted_at, policy.promised_urgent_hours)
        case Pace.NORMAL:
            return _after_days(accepted_at, policy.promised_days, calendar)
        case Pace.COMPLEX:
            return _after_days(accepted_at, policy.promised_complex_days, calendar)


def legal_by(sent_at: datetime, calendar: Calendar, policy: ClockPolicy) -> datetime:
    """When the law wants a substantive answer. It is never paused and never moved."""
    return _after_days(sent_at, policy.legal_days, calendar)


def review_by(asked_at: datetime, calendar: Calendar, policy: ClockPolicy) -> datetime:
    """When another person has looked again and answered."""
    return _after_days(asked_at, policy.review_days, calendar)


def question_until(
    asked_at: datetime, *, calendar: Calendar, policy: ClockPolicy, already_paused: timedelta = timedelta()
) -> datetime:
    """Until when the citizen is waited for. Earlier pauses of the ticket shorten it, to a day at least."""
    left = policy.pause_calendar_days - already_paused.days
    return _end_of_calendar_day(asked_at, max(1, min(policy.question_calendar_days, left)), calendar)


def resumed(
    promised: datetime,
    *,
    paused_at: datetime,
    now: datetime,
    calendar: Calendar,
    policy: ClockPolicy,
    already_paused: timedelta = timedelta(),
) -> datetime:
    """The promised moment after a pause: the office time that was left at `paused_at`, counted from `now`.

    The pause counts only as far as all pauses of the ticket together stay within the policy. A promise that
    was already broken stays as it was.
    """
    if promised <= paused_at:
        return promised
    allowance = max(timedelta(days=policy.pause_calendar_days) - already_paused, timedelta())
    pause_end = max(paused_at, min(now, paused_at + allowance))
    left = calendar.working_hours_between(paused_at, promised)
    return max(promised, calendar.add_working_hours(pause_end, left))


def reclassified(
    promised: datetime, *, old_base: datetime, new_base: datetime, calendar: Calendar
) -> datetime:
    """The promised moment when its term changes from `old_base` to `new_base`.

    The office time that pauses added to the old one is added to the new one.
    """
    added = calendar.working_hours_between(old_base, promised)
    return calendar.add_working_hours(new_base, added) if added else new_base


def feedback_until(answered_at: datetime, calendar: Calendar, policy: ClockPolicy) -> datetime:
    """Until when the citizen may say whether the answer settles the matter."""
    return _end_of_calendar_day(answered_at, policy.feedback_calendar_days, calendar)


def _after_days(moment: datetime, days: int, calendar: Calendar) -> datetime:
    return calendar.closing(calendar.add_working_days(local_day(moment), days))


def _end_of_calendar_day(moment: datetime, days: int, calendar: Calendar) -> datetime:
    return calendar.at(local_day(moment) + timedelta(days=days), _LAST_MINUTE)
