"""One life of the process: opened as the service opens, it goes on with the story where the world stands."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import select

from bot.app import _runtime
from bot.settings import FixedSettings
from core.channel import Channel, Delivery, Sender, SendKind, Sent
from handlers import inbound as door
from handlers.runtime import Runtime
from scheduler.drain import Drain
from scheduler.ticks import tick
from storage.database import Database
from storage.tables import OutboxRow
from storage.transaction import Transaction, table
from tests.crash.points import Points
from tests.crash.story import Act, Order, Step, Story, Wait
from tests.crash.world import ROOM, Json, World, inbound
from tests.flows.town import SECRET_KEY, StillClock, picture

PHOTO = picture()
_PATIENCE = timedelta(minutes=3)
"""How long the people of a story wait for what is still to come before they act again."""
_OUTBOX = table(OutboxRow)


@dataclass
class Wire:
    """The network: what leaves takes effect in the world, and only then its answer is seen."""

    world: World
    points: Points
    photo: bytes

    async def deliver(self, delivery: Delivery) -> Sent:
        await asyncio.sleep(0)
        self.points.hit("before the wire", delivery.key)
        number = self.world.takes(delivery)
        self.points.hit("after the wire", delivery.key)
        await asyncio.sleep(0)
        if delivery.kind is SendKind.DOWNLOAD:
            return Sent(content=self.photo)
        return Sent(number)


@dataclass
class Life:
    """A running process in the middle of a story."""

    story: Story
    world: World
    runtime: Runtime
    drain: Drain
    clock: StillClock

    async def go_on(self, *, reached: Callable[[int], None] = lambda _: None) -> None:
        """Everything that is left of the story. `reached` hears the number of each step before it begins."""
        await tick(self.runtime, self.drain.pacer)
        await self._settle()
        await self._repeat_last()
        await self._decide_doubts()
        for number, step in enumerate(self.story.steps):
            if step.name not in self.world.acknowledged:
                reached(number)
                await self._take(step)
                await self._settle()
                await self._decide_doubts()

    async def _take(self, step: Step) -> None:
        match step:
            case Act():
                act = self.world.posted(step.name)
                if act is None:
                    act = step.made(self.world)
                    self.world.write("posted", step=step.name, act=act)
                await self._hand_in(step.name, act)
            case Wait(time=time):
                self._pass(self.story.begins + self._until(step, time) - self.clock.now())
                await tick(self.runtime, self.drain.pacer)
            case Order(run=run):
                with self.runtime.database.transaction() as tx:
                    run(self.runtime.service, tx, self.clock.now())
        self.world.write("acknowledged", step=step.name)

    def _until(self, step: Wait, time: timedelta) -> timedelta:
        """How far the wait reaches; the same after a crash in its middle."""
        known = next((line["until"] for line in self.world.of("waiting") if line["step"] == step.name), None)
        if known is None:
            known = (self.world.passed + time).total_seconds()
            self.world.write("waiting", step=step.name, until=known)
        return timedelta(seconds=float(known))

    async def _hand_in(self, step: str, act: Json) -> None:
        service, now = self.runtime.service, self.clock.now()
        event, body = inbound(step, act), body_of(act)
        await self.runtime.database.write(lambda tx: door.receive(service, tx, event, body, now))

    async def _repeat_last(self) -> None:
        """The last acknowledgement may have been lost on its way: the network hands that event in again."""
        done = [(line["step"], line["act"]) for line in self.world.of("posted")]
        for step, act in done[-1:]:
            if step in self.world.acknowledged:
                await self._hand_in(step, act)

    async def _settle(self) -> None:
        """Until nothing waits that a patient person would still wait for."""
        while True:
            soon = await self.drain.settle_all()
            if soon is None or soon - self.clock.now() > _PATIENCE:
                return
            self._pass(soon - self.clock.now())

    async def _decide_doubts(self) -> None:
        """The desk sends once more whatever perhaps did not arrive."""
        while payload := self._doubt():
            step = f"again:{payload}"
            act = {"who": "11", "chat": ROOM.chat, "press": payload}
            self.world.write("posted", step=step, act=act)
            await self._hand_in(step, act)
            self.world.write("acknowledged", step=step)
            await self._settle()

    def _doubt(self) -> str:
        pressed = {line["act"].get("press") for line in self.world.of("posted")}
        offered = (payload for shown in self.world.screen for payload in shown.payloads)
        return next((each for each in offered if ":resend:" in each and each not in pressed), "")

    def _pass(self, time: timedelta) -> None:
        self.clock.move(max(time, timedelta()))
        self.world.write("clock", seconds=(self.clock.now() - self.story.begins).total_seconds())


@contextmanager
def opened(story: Story, folder: Path, points: Points) -> Iterator[Life]:
    """The process comes up on what the last one left, as `danvan run` does."""
    world = World(folder / "world.jsonl")
    settings = FixedSettings(data_dir=folder, secret_key=SecretStr(SECRET_KEY))
    database = Database(settings.database)
    points.watch_database(database.engine)
    points.watch_files(settings.files_dir)
    with database.transaction() as tx:
        world.write("opened", abandoned=_on_their_way(tx))
    clock = StillClock(start=story.begins, offset=world.passed)
    runtime = _runtime(settings, database, clock, is_demo=False)
    senders: Mapping[Channel, Sender] = {Channel.TELEGRAM: Wire(world, points, PHOTO)}
    try:
        yield Life(story, world, runtime, Drain(runtime, senders), clock)
    finally:
        database.close()


def body_of(act: Json) -> bytes:
    """The bytes of an act, the same at every delivery."""
    return repr(sorted(act.items())).encode()


def _on_their_way(tx: Transaction) -> list[int]:
    return list(tx.connection.execute(select(_OUTBOX.c.id).where(_OUTBOX.c.state == "sending")).scalars())
