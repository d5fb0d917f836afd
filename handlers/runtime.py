"""The running service as its edges share it: database, clock, and the use cases' common ground."""

from asyncio import Task
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from handlers.service import Service
from storage.database import Database


@dataclass
class Clock:
    """The only source of `now`. The demo moves it forward; everything else leaves the offset at zero."""

    offset: timedelta = timedelta()

    def now(self) -> datetime:
        """The present moment, UTC."""
        return datetime.now(UTC) + self.offset

    def move(self, step: timedelta) -> None:
        """Go forward. Raises ValueError for a step back: what was sent cannot be unsent."""
        if step < timedelta():
            raise ValueError("the clock only moves forward")
        self.offset += step


async def _nothing() -> None:
    return None


@dataclass
class Runtime:
    """Built once by `bot.app`, handed to `web` and `scheduler`.

    `service` is replaced when the organisation file was loaded again. `tick` runs all ticks at once: the
    demo calls it after moving the clock. `reading` holds the drafts of plans whose files are being read.
    """

    database: Database
    service: Service
    clock: Clock = field(default_factory=Clock)
    tick: Callable[[], Awaitable[None]] = _nothing
    reading: dict[int, "Task[None]"] = field(default_factory=dict)
