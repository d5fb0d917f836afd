"""What becomes of a message on its way out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from core.channel import (
    ChatMovedError,
    PermanentSendError,
    SendError,
    SendKind,
    TemporarySendError,
    UnknownOutcome,
)


class Priority(IntEnum):
    """Who goes first: the lower number."""

    INTERACTIVE = 0
    DESK = 1
    REMINDER = 2
    DIGEST = 3

    @property
    def is_bulk(self) -> bool:
        """Whether it is paced over the whole bot; the others wait for their own chat only."""
        return self >= Priority.REMINDER


class OnUnknown(StrEnum):
    """What to do when a message perhaps arrived: ask a person, or send once more, marked as a repeat.

    REPEATED is REPEAT used up, and says that the message carries the mark.
    """

    ASK = "ask"
    REPEAT = "repeat"
    REPEATED = "repeated"


def on_unknown(priority: Priority) -> OnUnknown:
    """A second reminder does no harm; a second answer to a citizen might."""
    return OnUnknown.REPEAT if priority.is_bulk else OnUnknown.ASK


class RowState(StrEnum):
    """Where an outbox row stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    DEAD = "dead"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(hours=72)
MAX_ATTEMPTS = 100


def back_off(attempts: int) -> timedelta:
    """How long to wait after the given number of failed attempts (1 or more)."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 10)), LONGEST_WAIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A row whose sending did not end in `Sent`. `attempts` counts this one too."""

    kind: SendKind
    attempts: int
    created_at: datetime
    expires_at: datetime | None
    on_unknown: OnUnknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What the row becomes. `not_before` is set when it is queued again, `new_chat` when the chat moved.

    `needs_person`: it ends here undelivered, or perhaps undelivered, and somebody has to be told.
    """

    state: RowState
    error: str
    on_unknown: OnUnknown
    not_before: datetime | None = None
    new_chat: str = ""
    needs_person: bool = False


def settle(attempt: Attempt, error: SendError, now: datetime) -> Settlement:
    """What becomes of a row after `error`. A lease that ran out is an UnknownOutcome."""
    match error:
        case PermanentSendError():
            return _ended(attempt, RowState.DEAD, error)
        case ChatMovedError(new_chat=new_chat):
            return _again(attempt, error, now, wait=timedelta(), new_chat=new_chat)
        case TemporarySendError(retry_after=named):
            return _again(attempt, error, now, wait=named or back_off(attempt.attempts))
        case UnknownOutcome():
            return _perhaps(attempt, error, now)
        case _:
            raise TypeError(f"not one of the four ends: {error!r}")


def _perhaps(attempt: Attempt, error: SendError, now: datetime) -> Settlement:
    wait = back_off(attempt.attempts)
    if attempt.kind is not SendKind.MESSAGE:
        # An edit, a press answer or a download done twice shows nobody anything twice.
        return _again(attempt, error, now, wait=wait)
    if attempt.on_unknown is OnUnknown.REPEAT:
        return _again(attempt, error, now, wait=wait, on_unknown=OnUnknown.REPEATED)
    return _ended(attempt, RowState.UNKNOWN, error, needs_person=attempt.on_unknown is OnUnknown.ASK)


def _again(
    attempt: Attempt,
    error: SendError,
    now: datetime,
    *,
    wait: timedelta,
    new_chat: str = "",
    on_unknown: OnUnknown | None = None,
) -> Settlement:
    not_before = now + wait
    if attempt.expires_at is not None and not_before >= attempt.expires_at:
        return _ended(attempt, RowState.EXPIRED, error)
    if attempt.attempts >= MAX_ATTEMPTS or not_before - attempt.created_at > GIVE_UP_AFTER:
        return _ended(attempt, RowState.DEAD, error)
    return Settlement(
        state=RowState.QUEUED,
        error=error.code,
        on_unknown=on_unknown or attempt.on_unknown,
        not_before=not_before,
        new_chat=new_chat,
    )


def _ended(attempt: Attempt, state: RowState, error: SendError, *, needs_person: bool = True) -> Settlement:
    # A press is answered within seconds or not at all: nobody can do anything about a lost one.
    told = needs_person and attempt.kind is not SendKind.PRESS_ANSWER
    return Settlement(state=state, error=error.code, on_unknown=attempt.on_unknown, needs_person=told)
