"""What people do, step by step: to the service a story is a row of events, waits and commands."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.channel import Address
from handlers.service import Service
from storage.transaction import Transaction
from tests.crash.world import Json, World


@dataclass(frozen=True)
class Act:
    """Somebody writes, presses or shows something. `made` is what exactly, by what their screen shows."""

    name: str
    made: Callable[[World], Json]


@dataclass(frozen=True)
class Wait:
    """Time goes by."""

    name: str
    time: timedelta


@dataclass(frozen=True)
class Order:
    """Somebody runs a command beside the service, again until it says that it is done."""

    name: str
    run: Callable[[Service, Transaction, datetime], object]


Step = Act | Wait | Order


@dataclass(frozen=True)
class Story:
    """`prepare` fills the template once; `begins` is the moment of the first step."""

    name: str
    begins: datetime
    prepare: Callable[[Transaction], None]
    steps: tuple[Step, ...]
    ends: Callable[[Service, Transaction, World], list[str]]


@dataclass(frozen=True)
class Person:
    """An account of the network, seen in the chat where they act."""

    account: str
    chat: Address

    def writes(self, name: str, text: str) -> Act:
        """A message."""
        return Act(name, lambda _: {**self._from, "text": text})

    def answers(self, name: str, text: str) -> Act:
        """A reply to the lowest question on the screen."""

        def made(world: World) -> Json:
            return {**self._from, "text": text, "reply_to": _there(world.question(self.chat), "a question")}

        return Act(name, made)

    def presses(self, name: str, code: str) -> Act:
        """The lowest button of this choice."""
        return Act(name, lambda world: {**self._from, "press": _there(world.payload(self.chat, code), code)})

    def shows(self, name: str) -> Act:
        """A photo."""
        return Act(name, lambda _: {**self._from, "photo": f"file-{name}"})

    @property
    def _from(self) -> Json:
        return {"who": self.account, "chat": self.chat.chat}


def _there(found: str, wanted: str) -> str:
    if not found:
        raise LookupError(f"{wanted} is not on the screen")
    return found
