"""How fast messages may leave our bots."""

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from core.channel import Address, Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How fast one bot may send. Rates are messages a second over all chats; spacings are within one chat.

    Measured against a simulated Telegram in steady bulk: 28/s drew no 429, 29/s did. A bulk message that
    left up to `late` after its moment does not delay the next ones, or every late waking would cost pace.
    """

    fastest: float = 28.0
    slowest: float = 5.0
    slow_down: float = 0.9
    speed_up: float = 0.5
    clean_time: timedelta = timedelta(seconds=5)
    late: timedelta = timedelta(milliseconds=30)
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


@dataclass(slots=True)
class _BotPace:
    """The pace over all chats of one bot. `bulk_ready`: when its next bulk message may leave."""

    rate: float
    slowed_at: datetime | None = None
    bulk_ready: datetime = _LONG_AGO

    def correct(self, now: datetime) -> None:
        """The clock may have been ahead and set back since: nothing waits for that moment."""
        self.bulk_ready = min(self.bulk_ready, now + _MINUTE)
        if self.slowed_at is not None:
            self.slowed_at = min(self.slowed_at, now)

    def sent(self, limits: Limits, now: datetime) -> None:
        """A message leaves now; time without a 429 has given some pace back."""
        if self.slowed_at is not None:
            steps = max(0, (now - self.slowed_at) // limits.clean_time)
            self.rate = min(limits.fastest, self.rate + limits.speed_up * steps)
            self.slowed_at += limits.clean_time * steps
        self.bulk_ready = max(self.bulk_ready, now - limits.late) + timedelta(seconds=1 / self.rate)

    def refused(self, limits: Limits, now: datetime) -> None:
        """The network said «too many»."""
        self.rate = max(limits.slowest, self.rate * limits.slow_down)
        self.slowed_at = now


class Pacer:
    """The pace of our bots, one on each network: when may the next message leave? The caller brings the time.

    Every request to the network counts, edits too. Interactive and desk messages wait for their chat only,
    yet slow the bulk down. Even spacing with a burst is the generic cell rate algorithm (GCRA).
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._bots: dict[Channel, _BotPace] = {}
        self._chats: dict[Address, _ChatPace] = {}
        self._prune_at = _MANY_CHATS

    def rate(self, channel: Channel) -> float:
        """Messages a second over all chats of a network at present."""
        return self._bot(channel).rate

    def allow(self, address: Address, *, is_group: bool, is_bulk: bool, now: datetime) -> datetime:
        """The earliest moment, `now` or later, at which a message to this chat may leave.

        Never more than a minute from now, unless the network asked for a longer rest.
        """
        bot = self._bot(address.channel)
        bot.correct(now)
        ready = max(now, bot.bulk_ready) if is_bulk else now
        chat = self._chats.get(address)
        if chat is None:
            return ready
        chat.correct(now)
        lead = self._spacing(is_group) * (self._limits.burst - 1)
        ready = max(ready, chat.blocked_until, chat.next_even - lead)
        if is_group and len(chat.recent) >= self._limits.group_per_minute:
            ready = max(ready, chat.recent[-self._limits.group_per_minute] + _MINUTE)
        return min(ready, max(now + _MINUTE, chat.blocked_until))

    def resting(self, now: datetime) -> dict[Channel, datetime]:
        """The networks whose bulk has to wait, and until when."""
        for bot in self._bots.values():
            bot.correct(now)
        return {channel: bot.bulk_ready for channel, bot in self._bots.items() if bot.bulk_ready > now}

    def record(self, address: Address, *, is_group: bool, now: datetime) -> None:
        """A message to this chat leaves now."""
        bot = self._bot(address.channel)
        bot.correct(now)
        bot.sent(self._limits, now)
        chat = self._chat(address, now)
        chat.next_even = max(chat.next_even, now) + self._spacing(is_group)
        if is_group:
            while chat.recent and chat.recent[0] + _MINUTE <= now:
                chat.recent.popleft()
            chat.recent.append(now)

    def penalise(self, address: Address, *, until: datetime, now: datetime) -> None:
        """The network said «too many» (429): nothing to this chat before `until`, and all its bulk slower."""
        chat = self._chat(address, now)
        if until > chat.blocked_until:
            chat.blocked_until = until
            chat.rest = until - now
        self._bot(address.channel).refused(self._limits, now)

    def _bot(self, channel: Channel) -> _BotPace:
        bot = self._bots.get(channel)
        if bot is None:
            bot = self._bots[channel] = _BotPace(self._limits.fastest)
        return bot

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
