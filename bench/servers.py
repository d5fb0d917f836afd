"""Starts a server under measurement as a process of its own, waits until it answers, and ends it."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.network import Network

START_SECONDS = 20.0
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Server:
    """A running process and where it takes updates."""

    hook: str
    pid: int

    def resident_mib(self) -> float:
        """Memory the process holds now."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * _PAGE / 2**20


@asynccontextmanager
async def peer(name: str, network: Network) -> AsyncIterator[Server]:
    """One of `bench.peers`."""
    port = free_port()
    command = [sys.executable, "-m", "bench.peers", name, network.name, network.host, str(port)]
    async with _process(command, port, network.hook, {}) as server:
        yield server


@asynccontextmanager
async def danvan(folder: Path, network: Network) -> AsyncIterator[Server]:
    """The service as `danvan run` starts it, with the sample commune on SQLite with full durability."""
    port = free_port()
    environment = {
        "DANVAN_DATA_DIR": str(folder),
        "DANVAN_DATABASE_URL": f"sqlite:///{folder / 'danvan.db'}",
        "DANVAN_SECRET_KEY": "bench-key-of-at-least-32-bytes-long-0",
        "DANVAN_PORT": str(port),
        "DANVAN_SEND": "live",
        **network.settings,
    }
    sample = Path(__file__).parents[1] / "samples" / "to-chuc.toml"
    command = [sys.executable, "-m", "bot"]
    made = await asyncio.create_subprocess_exec(
        *command,
        "init",
        str(sample),
        cwd=folder,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.DEVNULL,
    )
    if await made.wait():
        raise RuntimeError("danvan init failed")
    async with _process([*command, "run"], port, network.hook, environment, folder) as server:
        yield server


@asynccontextmanager
async def _process(
    command: list[str], port: int, hook: str, environment: Mapping[str, str], folder: Path | None = None
) -> AsyncIterator[Server]:
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL if not os.environ.get("BENCH_DEBUG") else None,
    )
    try:
        await _listening(port, process)
        yield Server(f"http://127.0.0.1:{port}{hook}", process.pid)
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def _listening(port: int, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(START_SECONDS):
        while True:
            if process.returncode is not None:
                raise RuntimeError(f"the server ended with {process.returncode}")
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            return


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
