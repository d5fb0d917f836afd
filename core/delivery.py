"""What becomes of a message on its way out, and how fast messages may leave one bot."""

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum

from core.channel import (
    Address,
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


# --- how fast ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How fast one bot may send. Rates are messages a second over all chats; spacings are within one chat.

    Measured against a simulated Telegram in steady bulk: 28/s drew no 429, 29/s did.
    """

    fastest: float = 28.0
    slowest: float = 5.0
    slow_down: float = 0.9
    speed_up: float = 0.5
    clean_time: timedelta = timedelta(seconds=5)
    burst: int = 3
    private_spacing: timedelta = timedelta(seconds=1)
    group_spacing: timedelta = timedelta(seconds=3.34)
    group_per_minute: int = 18


_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_MANY_CHATS = 1024


@dataclass(slots=True)
class _ChatPace:
    """`next_even`: when the next send would be due at even spacing. `recent`: a group's last minute.

    `rest`: how long a rest the network asked for; it is over at `blocked_until`.
    """

    next_even: datetime = _LONG_AGO
    blocked_until: datetime = _LONG_AGO
    rest: timedelta = timedelta()
    recent: deque[datetime] = field(default_factory=deque)

    def correct(self, now: datetime) -> None:
        """Forget what a clock that was ahead has left: no pace is, and no rest is longer than was asked."""
        self.blocked_until = min(self.blocked_until, now + self.rest)
        last = self.recent[-1] if self.recent else _LONG_AGO
        if max(self.next_even, last) > now + _MINUTE:
            self.next_even = _LONG_AGO
            self.recent.clear()

    def is_idle(self, now: datetime) -> bool:
        """Whether forgetting it changes nothing."""
        is_quiet = not self.recent or self.recent[-1] + _MINUTE <= now
        return is_quiet and max(self.next_even, self.blocked_until) <= now


class Pacer:
    """The pace of one bot: when may the next message to a chat leave? The caller brings the time.

    Every request to the network counts, edits too. Interactive and desk messages wait for their chat only,
    yet slow the bulk down. Even spacing with a burst is the generic cell rate algorithm (GCRA).
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._rate = self._limits.fastest
        self._slowed_at: datetime | None = None
        self._bulk_ready = _LONG_AGO
        self._chats: dict[Address, _ChatPace] = {}
        self._prune_at = _MANY_CHATS

    @property
    def rate(self) -> float:
        """Messages a second over all chats at present."""
        return self._rate

    def allow(self, address: Address, *, is_group: bool, is_bulk: bool, now: datetime) -> datetime:
        """The earliest moment, `now` or later, at which a message to this chat may leave.

        Never more than a minute from now, unless the network asked for a longer rest.
        """
        self._correct(now)
        ready = max(now, self._bulk_ready) if is_bulk else now
        chat = self._chats.get(address)
        if chat is None:
            return ready
        chat.correct(now)
        lead = self._spacing(is_group) * (self._limits.burst - 1)
        ready = max(ready, chat.blocked_until, chat.next_even - lead)
        if is_group and len(chat.recent) >= self._limits.group_per_minute:
            ready = max(ready, chat.recent[-self._limits.group_per_minute] + _MINUTE)
        return min(ready, max(now + _MINUTE, chat.blocked_until))

    def record(self, address: Address, *, is_group: bool, now: datetime) -> None:
        """A message to this chat leaves now."""
        self._correct(now)
        self._speed_up(now)
        self._bulk_ready = max(self._bulk_ready, now) + timedelta(seconds=1 / self._rate)
        chat = self._chat(address, now)
        chat.next_even = max(chat.next_even, now) + self._spacing(is_group)
        if is_group:
            while chat.recent and chat.recent[0] + _MINUTE <= now:
                chat.recent.popleft()
            chat.recent.append(now)

    def penalise(self, address: Address, *, until: datetime, now: datetime) -> None:
        """The network said «too many» (429): nothing to this chat before `until`, and all bulk slower."""
        chat = self._chat(address, now)
        if until > chat.blocked_until:
            chat.blocked_until = until
            chat.rest = until - now
        self._rate = max(self._limits.slowest, self._rate * self._limits.slow_down)
        self._slowed_at = now

    def _correct(self, now: datetime) -> None:
        """The clock may have been ahead and set back since: nothing waits for that moment."""
        self._bulk_ready = min(self._bulk_ready, now + _MINUTE)
        if self._slowed_at is not None:
            self._slowed_at = min(self._slowed_at, now)

    def _speed_up(self, now: datetime) -> None:
        if self._slowed_at is None:
            return
        steps = max(0, (now - self._slowed_at) // self._limits.clean_time)
        self._rate = min(self._limits.fastest, self._rate + self._limits.speed_up * steps)
        self._slowed_at += self._limits.clean_time * steps

    def _spacing(self, is_group: bool) -> timedelta:
        return self._limits.group_spacing if is_group else self._limits.private_spacing

    def _chat(self, address: Address, now: datetime) -> _ChatPace:
        if len(self._chats) >= self._prune_at:
            for pace in self._chats.values():
                pace.correct(now)
            self._chats = {key: pace for key, pace in self._chats.items() if not pace.is_idle(now)}
            self._prune_at = max(_MANY_CHATS, 2 * len(self._chats))
        chat = self._chats.setdefault(address, _ChatPace())
        chat.correct(now)
        return chat
