"""Kills the service at its points and says what came of it: `python -m tests.crash.enumerate --help`."""

import argparse
import asyncio
import gc
import os
import shutil
import tempfile
import time
from pathlib import Path

from tests.crash.server import kill_servers, sampled, strace
from tests.crash.stories import STORIES
from tests.crash.trials import Trial, rehearse, run_all, spread, twice

_EVERY = 10**9


def main() -> int:
    """0 when nothing was violated; the folders of what was are kept."""
    wanted = _arguments()
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="danvan-crash-", dir=_memory()))
    trials: list[Trial] = []
    rehearsals = [rehearse(story, folder / f"story{number}") for number, story in enumerate(STORIES)]
    total = sum(each.points for each in rehearsals)
    for each in rehearsals:
        print(f"{each.story.name}: {len(each.story.steps)} steps, {each.points} points", flush=True)
        share = 1 if wanted.points >= total else wanted.points / total
        trials += spread(each, max(1, round(each.points * share)))
        trials += twice(each, wanted.twice // len(rehearsals), wanted.seed)
    bad = _run(trials, folder, wanted.workers)
    if not wanted.no_server:
        bad += _servers(wanted.servers, wanted.seed, folder)
    kills = sum(len(trial.kills) for trial in trials)
    seconds = time.monotonic() - began
    print(f"points {total}, trials {len(trials)}, kills {kills}, violations {bad}, seconds {seconds:.0f}")
    if not bad:
        shutil.rmtree(folder)
    return 1 if bad else 0


def _run(trials: list[Trial], folder: Path, workers: int) -> int:
    done = bad = 0

    def told(_: int, wrong: list[str]) -> None:
        nonlocal done, bad
        done += 1
        bad += bool(wrong)
        for line in wrong:
            print(f"  {line}", flush=True)
        if done % 200 == 0:
            print(f"{done} of {len(trials)} trials, {bad} bad", flush=True)

    gc.collect()
    gc.freeze()
    run_all(trials, folder, workers, told)
    return bad


def _servers(count: int, seed: int, folder: Path) -> int:
    """The real server under strace, where there is one; how many trials went wrong."""
    if strace() is None:
        print(
            "The real server was not killed: strace is not here (sudo apt-get install -y strace).", flush=True
        )
        return 0
    calls = sampled(count, seed)
    print(f"real server, killed at {len(calls)} system calls", flush=True)
    found = [wrong for wrong in asyncio.run(kill_servers(calls, folder)) if wrong]
    for line in (line for wrong in found for line in wrong):
        print(f"  {line}", flush=True)
    return len(found)


def _memory() -> str | None:
    """A folder in memory where there is one: a killed process loses nothing that the kernel already has."""
    shared = "/dev/shm"
    return shared if os.access(shared, os.W_OK) else None


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=_EVERY, help="single deaths, spread over the stories")
    parser.add_argument("--twice", type=int, default=400, help="deaths followed by another one")
    parser.add_argument("--seed", type=int, default=20260310)
    parser.add_argument("--servers", type=int, default=16, help="kills of the real server")
    parser.add_argument("--no-server", action="store_true", help="leave out the real server under strace")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2)
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
