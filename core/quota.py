"""How much a network lets one bot do in a month, and when a person has to hear of it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from core.calendar import LOCAL
from core.channel import Channel

WARN_AT = (80, 100)
"""Per cent of a quota at which the administrators hear of it, once each."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Messages of a month, both ways, and people who ever wrote: what is used, or what is allowed."""

    messages: int
    people: int


QUOTAS = {Channel.ZALO_BOT: Usage(messages=3_000, people=50)}
"""The free plan. Zalo's own pages disagree on whether messages of people count: here they do."""


def level(used: Usage, quota: Usage) -> int:
    """The highest level of `WARN_AT` that is reached by either number; 0 below all."""
    reached = max(100 * used.messages // quota.messages, 100 * used.people // quota.people)
    return max((each for each in WARN_AT if each <= reached), default=0)


def month_start(now: datetime) -> datetime:
    """The first moment of the month in Viet Nam, UTC."""
    first = now.astimezone(LOCAL).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return first.astimezone(UTC)
