"""Wakes the open event streams of this process when something new waits for them."""

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

MAX_TOASTS = 50


@dataclass(frozen=True, slots=True)
class Toast:
    """A short notice for the page that pressed a button; nothing keeps it. `press` names the press."""

    chat: str
    press: str
    text: str


@dataclass(eq=False)
class Subscription:
    """One open stream: the chats it shows, and what it has not written yet."""

    chats: frozenset[str]
    toasts: deque[Toast] = field(default_factory=lambda: deque(maxlen=MAX_TOASTS))
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        self._woken.set()

    async def wait(self, seconds: float) -> None:
        """Return when woken, after `seconds` at the latest. A wake between two waits is not lost."""
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return
        self._woken.clear()


class Hub:
    """The open streams. Belongs to one event loop."""

    def __init__(self) -> None:
        self._open: set[Subscription] = set()
        self.is_closed = False

    @contextmanager
    def subscribe(self, chats: Iterable[str]) -> Iterator[Subscription]:
        """A stream for as long as the block runs."""
        subscription = Subscription(frozenset(chats))
        self._open.add(subscription)
        try:
            yield subscription
        finally:
            self._open.discard(subscription)

    def wake(self, chat: str) -> None:
        """Something changed in this chat."""
        for subscription in self._open:
            if chat in subscription.chats:
                subscription.wake()

    def toast(self, toast: Toast) -> None:
        """Show a notice on every open page of this private chat."""
        for subscription in self._open:
            if toast.chat in subscription.chats:
                subscription.toasts.append(toast)
                subscription.wake()

    def close(self) -> None:
        """Let every stream end."""
        self.is_closed = True
        for subscription in self._open:
            subscription.wake()
