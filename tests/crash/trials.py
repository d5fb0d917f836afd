"""One trial: a story is begun, killed at a point (or at several, life after life), and must end well.

All is forked from one parent without threads, so that a life costs no start of an interpreter. The first
life begins at the last step before its point, from a copy of what lay on disk there.
"""

import asyncio
import json
import os
import random
import shutil
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from handlers.setup import initialise, load_file
from storage.database import Database
from storage.schema import migrate
from tests.conftest import NOW, SAMPLE
from tests.crash.lives import opened
from tests.crash.points import Points
from tests.crash.story import Story
from tests.crash.verdict import told_privately, verdict

_SECONDS = 40
"""How long one life may take before it counts as hung."""
_ALARMS = (
    "sender_failed",
    "tick_failed",
    "message_failed",
    "message_parked",
    "message_unprintable",
    "Traceback",
)
"""Words in the log of a life that had a bug, whatever came out of it."""


@dataclass(frozen=True)
class Rehearsal:
    """A story told once without a crash. `steps`: how many points lay before each step."""

    story: Story
    folder: Path
    points: int
    steps: tuple[int, ...]
    keys: tuple[str, ...]

    def before(self, point: int) -> tuple[Path, int]:
        """The copy to begin with so as to come to the point soonest, and the points that lie before it."""
        found = max((number for number, passed in enumerate(self.steps) if passed < point), default=0)
        if found == 0:
            return self.folder / "begin", 0
        return self.folder / f"step{found}", self.steps[found]


def rehearse(story: Story, folder: Path) -> Rehearsal:
    """Tell the story once. Raises RuntimeError when it does not end well even so."""
    folder.mkdir(parents=True)
    build_template(story, folder / "begin")
    shutil.copytree(folder / "begin", folder / "whole")

    def tell() -> None:
        points = Points(0, folder / "epitaph")
        steps: dict[int, int] = {}

        def reached(number: int) -> None:
            steps[number] = points.passed
            shutil.copytree(folder / "whole", folder / f"step{number}")

        with opened(story, folder / "whole", points) as life:
            asyncio.run(life.go_on(reached=reached))
            counted = points.passed
            with life.runtime.database.transaction() as tx:
                found = {"points": counted, "steps": list(steps.values()), "keys": told_privately(tx)}
                found["wrong"] = verdict(life, tx)
        (folder / "rehearsal.json").write_text(json.dumps(found), encoding="utf-8")

    status = _fork(tell, folder / "rehearsal.log")
    if status != 0:
        raise RuntimeError((folder / "rehearsal.log").read_text(encoding="utf-8"))
    found = json.loads((folder / "rehearsal.json").read_text(encoding="utf-8"))
    if found["wrong"]:
        raise RuntimeError("\n".join(found["wrong"]))
    return Rehearsal(story, folder, found["points"], tuple(found["steps"]), tuple(found["keys"]))


@dataclass(frozen=True)
class Trial:
    """`kills`: the point of death of each life but the last.

    It is counted over the whole story in the first life, and from its own start in a later one.
    """

    rehearsal: Rehearsal
    kills: tuple[int, ...]

    def run(self, folder: Path) -> list[str]:
        """Every violation, in words, after a line that says where each life died."""
        begin, passed = self.rehearsal.before(self.kills[0])
        shutil.copytree(begin, folder)
        deaths: list[str] = []
        for number, kill_at in enumerate(self.kills):
            status = self._live(folder, number, kill_at, passed if number == 0 else 0)
            epitaph = folder / f"epitaph{number}"
            deaths.append(epitaph.read_text(encoding="utf-8") if epitaph.exists() else "")
            if status not in {-signal.SIGKILL, 0}:
                return self._wrong(folder, deaths, [f"life {number} ended by itself: {status}"])
        status = self._live(folder, len(self.kills), 0, 0)
        report = folder / "verdict.json"
        if status != 0 or not report.exists():
            return self._wrong(folder, deaths, [f"the last life ended badly: {status}"])
        wrong = json.loads(report.read_text(encoding="utf-8"))
        for log in folder.glob("life*.log"):
            said = log.read_text(encoding="utf-8", errors="replace")
            wrong += [f"{log.name} says {alarm}" for alarm in _ALARMS if alarm in said]
        return self._wrong(folder, deaths, wrong)

    def _live(self, folder: Path, number: int, kill_at: int, passed: int) -> int:
        is_last = number == len(self.kills)

        def live() -> None:
            points = Points(0 if passed else kill_at, folder / f"epitaph{number}")

            def reached(_: int) -> None:
                if passed and not points.kill_at:
                    points.passed, points.kill_at = passed, kill_at

            with opened(self.rehearsal.story, folder, points) as life:
                asyncio.run(life.go_on(reached=reached))
                points.kill_at = 0
                if is_last:
                    with life.runtime.database.transaction() as tx:
                        wrong = verdict(life, tx)
                        wrong += _otherwise(told_privately(tx), self.rehearsal.keys)
                    (folder / "verdict.json").write_text(json.dumps(wrong), encoding="utf-8")

        return _fork(live, folder / f"life{number}.log")

    def _wrong(self, folder: Path, deaths: list[str], wrong: list[str]) -> list[str]:
        if not wrong:
            return []
        where = " then ".join(f"{kill} ({death})" for kill, death in zip(self.kills, deaths, strict=False))
        return [f"{self.rehearsal.story.name}, point {where}, see {folder}", *wrong]


def spread(rehearsal: Rehearsal, most: int) -> list[Trial]:
    """Single deaths at up to `most` points, evenly spread; every point when there are fewer."""
    count = min(most, rehearsal.points)
    return [Trial(rehearsal, (1 + number * rehearsal.points // count,)) for number in range(count)]


def twice(rehearsal: Rehearsal, most: int, seed: int) -> list[Trial]:
    """Two deaths in a row: at every so many points, then at a random one of what is left."""
    chance = random.Random(seed)
    return [
        Trial(rehearsal, (first, chance.randint(1, max(60, rehearsal.points - first))))
        for trial in spread(rehearsal, most)
        for first in trial.kills
    ]


def run_all(trials: list[Trial], folder: Path, workers: int, told: Callable[[int, list[str]], None]) -> None:
    """Run them side by side. `told` hears the number of each that ended, and what was wrong."""
    running: dict[int, int] = {}
    waiting = list(enumerate(trials))[::-1]
    while waiting or running:
        while waiting and len(running) < workers:
            number, trial = waiting.pop()
            running[_begin(trial, folder / f"trial{number}")] = number
        child, _ = os.wait()
        number = running.pop(child)
        report = folder / f"trial{number}.json"
        wrong = (
            json.loads(report.read_text(encoding="utf-8")) if report.exists() else ["the trial itself died"]
        )
        if not wrong:
            shutil.rmtree(folder / f"trial{number}")
        told(number, wrong)


def _otherwise(told: Iterable[str], rehearsed: Iterable[str]) -> list[str]:
    """What people were told in private that they are not told without a crash, and the other way round."""
    said, expected = Counter(told), Counter(rehearsed)
    return [f"told besides: {key}" for key in said - expected] + [
        f"not told: {key}" for key in expected - said
    ]


def _begin(trial: Trial, folder: Path) -> int:
    child = os.fork()
    if child:
        return child
    try:
        folder.with_suffix(".json").write_text(json.dumps(trial.run(folder)), encoding="utf-8")
        os._exit(0)
    finally:
        traceback.print_exc()
        os._exit(3)


def _fork(act: Callable[[], None], log: Path) -> int:
    """Do it in a child; its exit status, negative for the signal that ended it."""
    child = os.fork()
    if child == 0:
        _act(act, log)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _act(act: Callable[[], None], log: Path) -> NoReturn:
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    signal.alarm(_SECONDS)
    try:
        act()
    except BaseException:  # noqa: BLE001 - nothing may return into the parent's stack
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(3)
    sys.stdout.flush()
    os._exit(0)


def build_template(story: Story, folder: Path) -> None:
    """A folder as `init` leaves it, with the people of the story."""
    folder.mkdir()
    database = Database(f"sqlite:///{folder / 'danvan.db'}")
    migrate(database.engine)
    with database.transaction() as tx:
        initialise(tx, load_file(SAMPLE.read_text(encoding="utf-8")), NOW)
        story.prepare(tx)
    database.close()
