"""A copy of a voice message that plays everywhere, made by ffmpeg in a process of its own.

What strangers recorded goes through a decoder: it gets no more than the bytes, one format to read them as,
and limits of time, memory and output. It never holds up the database: only what was fetched waits for it.
"""

import asyncio
import math
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

import structlog

from core.failure import without_words
from handlers import media
from handlers.media import Prepared

log = structlog.get_logger()

PROGRAM = "ffmpeg"
SECONDS = 20.0
"""Longest time for one copy; half an hour of speech takes four."""
_MEMORY_KB = 1_000_000
_OUTPUT_BYTES = 16_000_000
_BLOCK = 512
"""Unit of `ulimit -f`."""
_LIMITED = 'ulimit -v "$1" && ulimit -t "$2" && ulimit -f "$3" && shift 3 && exec "$@"'
"""Limits are set by a shell in between: a fork with own code in it is not safe beside threads."""


def find_program() -> str:
    """Where ffmpeg lies, empty when it is not installed."""
    return shutil.which(PROGRAM) or ""


@dataclass
class VoiceCopies:
    """Makes copies, one after the other. `program`: the path of ffmpeg; `seconds`: its time for one."""

    program: str
    seconds: float = SECONDS
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def with_copy(self, prepared: Prepared) -> Prepared:
        """The file with a copy where it needs one and one can be made; else as it is."""
        read_as = media.NEEDS_COPY.get(prepared.mime)
        if read_as is None:
            return prepared
        async with self._one_at_a_time:
            try:
                copy = await self._copied(prepared.content, read_as)
            except OSError as error:
                log.error("voice_not_copied", **without_words(error))
                return prepared
        return replace(prepared, playable=copy)

    async def _copied(self, content: bytes, read_as: str) -> bytes:
        with tempfile.TemporaryDirectory(prefix="danvan-voice-") as folder:
            target = Path(folder, "copy.m4a")
            code = await self._run(content, read_as, target)
            if code != 0:
                log.warning("voice_not_copied", code=code, size=len(content))
                return b""
            return await asyncio.to_thread(target.read_bytes)

    async def _run(self, content: bytes, read_as: str, target: Path) -> int | None:
        """How the process ended; None when its time was over. Of its words nothing is kept."""
        limits = (_MEMORY_KB, math.ceil(self.seconds), _OUTPUT_BYTES // _BLOCK)
        process = await asyncio.create_subprocess_exec(
            *("/bin/sh", "-c", _LIMITED, "sh", *map(str, limits)),
            *(self.program, "-nostdin", "-loglevel", "quiet", "-threads", "1"),
            *("-protocol_whitelist", "pipe", "-f", read_as, "-i", "pipe:0"),
            *("-map", "0:a:0", "-map_metadata", "-1", "-ac", "1", "-c:a", "aac", "-b:a", "48k"),
            *("-movflags", "+faststart", "-f", "ipod", str(target)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=target.parent,
            env={},  # it needs none, and ours holds secrets
        )
        try:
            async with asyncio.timeout(self.seconds):
                await process.communicate(content)
        except TimeoutError:
            return None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return process.returncode
