"""Networks that let us write only for a while after somebody's last message, and what is left afterwards."""

from datetime import UTC, datetime, time, timedelta

from core.calendar import LOCAL
from core.channel import CAPABILITIES, Channel

NO_WINDOW = frozenset({"window_closed", "not_interacted"})
"""Codes of a refusal because the person has not written for too long, or never."""
_OPENS, _CLOSES = time(6), time(22)
_MORNING = time(6, 5)
"""A little after six: all that waited for six does not leave in the same second."""


def closes_at(channel: Channel, last_at: datetime | None) -> datetime | None:
    """Until when somebody who wrote last at `last_at` may be written to; None where that never ends."""
    window = CAPABILITIES[channel].window
    return None if window is None or last_at is None else last_at + window


def free_until(channel: Channel, last_at: datetime | None) -> datetime | None:
    """Until when that costs nothing."""
    free = CAPABILITIES[channel].free
    return None if free is None or last_at is None else last_at + free


def template_leaves_at(now: datetime) -> datetime:
    """When an approved template may leave, `now` or later: the network delivers none at night."""
    local = now.astimezone(LOCAL)
    if _OPENS <= local.time() < _CLOSES:
        return now
    day = local.date() + timedelta(days=1) if local.time() >= _CLOSES else local.date()
    return datetime.combine(day, _MORNING, LOCAL).astimezone(UTC)
