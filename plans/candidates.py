"""What the readers of prose, blocks and tables hand over: an action, its time, and who."""

from dataclasses import dataclass, replace

from plans.found import Span, Time


@dataclass(frozen=True, slots=True)
class Roles:
    """The units around an action."""

    lead: tuple[str, ...] = ()
    cooperate: tuple[str, ...] = ()
    direct: tuple[str, ...] = ()
    report_to: str | None = None
    via: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An obligation in the making; places are in `plain`. `time` is None for a duty without a time.

    `task` is the place of the words that say what to do, where a cell of a table holds them.
    """

    start: int
    end: int
    section: str | None
    roles: Roles
    time: Time | None = None
    task: Span | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A place in `plain` that should have held a time and was not understood."""

    code: str
    span: Span


def moved(time: Time, offset: int) -> Time:
    """The time with its places counted from the beginning of the document."""
    return replace(time, start=time.start + offset, end=time.end + offset)
