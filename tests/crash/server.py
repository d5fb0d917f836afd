"""The real server under strace: killed at a system call amid a citizen's matter, then started anew.

Telegram is the fake one, and hands every update in again until it was taken. Time is real here, so that the
calls are sampled and the trials run side by side.
"""

import asyncio
import os
import random
import shutil
import signal
import socket
import sqlite3
import sys
from asyncio.subprocess import DEVNULL, Process
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.crash.stories import MATTER
from tests.crash.trials import build_template
from tests.crash.world import ROOM
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_chats import Chat, Person
from tests.flows.town import HOOK_SECRET, SECRET_KEY

_CALLS = "pwrite64,fdatasync,fsync,sendto,sendmsg,rename"
_SAYS = (
    *("xin chào", "1", "1", "Đèn đường thôn Nà Cọ tắt từ tối thứ Hai.", "xong", "2", "thôn Nà Cọ"),
    *("1", "2", "1", "Chu Văn Hoàng Yến", "bỏ qua", "1", "gửi"),
)
_FARTHEST = 160
"""About how many such calls the busiest thread makes in this matter."""
_SECONDS = 90
_SIDE_BY_SIDE = 4


def strace() -> str | None:
    """Where strace is, when it may be used here."""
    return shutil.which("strace")


def sampled(count: int, seed: int) -> list[int]:
    """Which call of a thread is its last, trial by trial."""
    return sorted(random.Random(seed).sample(range(2, _FARTHEST), count))


async def kill_servers(calls: list[int], folder: Path) -> list[list[str]]:
    """What was wrong in each trial; empty lists when all holds."""
    free = asyncio.Semaphore(_SIDE_BY_SIDE)

    async def trial(call: int) -> list[str]:
        async with free:
            wrong = await _trial(call, folder / f"server{call}")
        return [f"server killed at call {call}, see {folder / f'server{call}'}", *wrong] if wrong else []

    return await asyncio.gather(*(trial(call) for call in calls))


@dataclass
class _Server:
    """One folder with its network; the process in it comes and goes."""

    folder: Path
    telegram: FakeTelegram
    port: int

    async def start(self, *, kill_at: int = 0) -> Process:
        command = [sys.executable, "-m", "bot", "run"]
        if kill_at:
            inject = f"inject={_CALLS}:signal=SIGKILL:when={kill_at}"
            traced = ("-f", "-qq", "--seccomp-bpf", "-o", os.devnull, "-e", f"trace={_CALLS}", "-e", inject)
            command = [strace() or "", *traced, *command]
        return await self._run(command)

    async def check(self) -> int:
        """How `danvan check` ends."""
        return await (await self._run([sys.executable, "-m", "bot", "check"])).wait()

    async def _run(self, command: list[str]) -> Process:
        with (self.folder / "log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *command,
                cwd=self.folder,
                env=self._environment(),
                stdin=DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _environment(self) -> dict[str, str]:
        telegram = {
            "TOKEN": self.telegram.token,
            "BASE_URL": self.telegram.host,
            "MODE": "webhook",
            "SECRET": HOOK_SECRET,
        }
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("DANVAN_")},
            **{f"DANVAN_TELEGRAM__{name}": value for name, value in telegram.items()},
            "DANVAN_DATA_DIR": str(self.folder),
            "DANVAN_SECRET_KEY": SECRET_KEY,
            "DANVAN_PORT": str(self.port),
            "DANVAN_SEND": "live",
        }


async def _trial(call: int, folder: Path) -> list[str]:
    build_template(MATTER, folder)
    async with FakeTelegram() as telegram:
        citizen = _people(telegram)
        server = _Server(folder, telegram, _free_port())
        _listen(telegram, server.port)
        for words in _SAYS:
            telegram.people.write(citizen, words)
        first = await server.start(kill_at=call)
        await _either(first.wait(), _drained(server))
        _end(first)
        await first.wait()
        second = await server.start()
        try:
            await asyncio.wait_for(_drained(server), _SECONDS)
        except TimeoutError:
            return [f"not drained: {len(telegram.updates.pending)} updates wait, {_waiting(folder)} rows"]
        finally:
            second.send_signal(signal.SIGTERM)
            await second.wait()
        return [*_stored(folder), *_seen(telegram, citizen), *(["check"] if await server.check() else [])]


def _people(telegram: FakeTelegram) -> Person:
    chats = telegram.chats.chats
    chats[int(ROOM.chat)] = Chat(int(ROOM.chat), "supergroup", "Bộ phận tiếp công dân")
    for account in (11, 21, 31):
        chats[account] = Chat(account, "private", "cán bộ")
    return telegram.people.person("Bảy")


def _listen(telegram: FakeTelegram, port: int) -> None:
    telegram.updates.deliver_to(f"http://127.0.0.1:{port}/hook/telegram", HOOK_SECRET)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _either(*ways: object) -> None:
    tasks = [asyncio.ensure_future(way) for way in ways]  # type: ignore[call-overload]
    await asyncio.wait(tasks, timeout=_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _end(process: Process) -> None:
    """Whatever is left of strace and the server under it."""
    if process.returncode is None:
        os.killpg(process.pid, signal.SIGKILL)


async def _drained(server: _Server) -> None:
    """Until every update was taken and nothing waits but what waits for half a minute and more."""
    # Another process is watched through its files: it has no event to wait for.
    while server.telegram.updates.pending or _waiting(server.folder):  # noqa: ASYNC110
        await asyncio.sleep(0.1)


def _waiting(folder: Path) -> int:
    soon = (datetime.now(UTC) + timedelta(seconds=15)).strftime("%Y-%m-%d %H:%M:%S")
    found = _asked(
        folder,
        "SELECT count(*) FROM outbox WHERE state = 'sending' OR state = 'queued' AND not_before < ?",
        soon,
    )
    return int(str(found[0][0]))


def _stored(folder: Path) -> list[str]:
    """One ticket, and every update once and taken (I01)."""
    tickets = _asked(folder, "SELECT count(*) FROM ticket")[0][0]
    inbox = _asked(folder, "SELECT count(*), sum(state = 'done') FROM inbox")[0]
    wrong = [] if tickets == 1 else [f"{tickets} tickets"]
    return wrong if inbox == (len(_SAYS), len(_SAYS)) else [*wrong, f"I01 inbox holds {inbox}"]


def _seen(telegram: FakeTelegram, citizen: Person) -> list[str]:
    """No answer to a citizen came twice (I09)."""
    texts = [str(message["text"]) for message in telegram.people.screen(citizen.id)]
    return [f"I09 a message came twice: {text[:40]}" for text in set(texts) if texts.count(text) > 1]


def _asked(folder: Path, query: str, *values: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "danvan.db", timeout=10)) as connection:
        return connection.execute(query, values).fetchall()
