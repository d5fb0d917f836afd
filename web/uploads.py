"""Takes a file from a page, piece by piece, and never more than it may have."""

import asyncio
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from aiohttp import BodyPartReader, web

from channels.webchat import MAX_FILE_BYTES
from handlers.uploads import Upload
from web.answers import Refusal

ENVELOPE_BYTES = 64 * 1024
"""What a multipart body may hold beside the file itself."""
DRAINED_BYTES = 64_000_000
"""How much of a body that is too large is read and thrown away, so that its sender hears why."""
_CHUNK = 256 * 1024
_CHUNK_SECONDS = 20.0
_WHOLE_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class UploadFolder:
    """Where uploads wait to be fetched."""

    root: Path

    async def receive(self, request: web.Request) -> Upload:
        """The file of a multipart body, synced to disk. Raises Refusal: too large, too slow, or no file."""
        if announced_too_large(request):
            await _drain(request)
            raise too_large()
        try:
            async with asyncio.timeout(_WHOLE_SECONDS):
                part = await _file_part(request)
                return await self._store(request, part)
        except TimeoutError as error:
            raise Refusal(408, "web_too_slow") from error

    def drop(self, path: str) -> None:
        """Remove a file that no row names."""
        (self.root / path).unlink(missing_ok=True)

    async def _store(self, request: web.Request, part: BodyPartReader) -> Upload:
        self.root.mkdir(parents=True, exist_ok=True)
        path = secrets.token_hex(16)
        target = await asyncio.to_thread((self.root / path).open, "wb")
        try:
            size = await _copy(part, target)
            await asyncio.to_thread(_sync, target)
        except BaseException:
            self.drop(path)
            raise
        finally:
            target.close()
        if size > MAX_FILE_BYTES:
            self.drop(path)
            await _drain(request)
            raise too_large()
        return Upload(part.filename or "", path, size)


def announced_too_large(request: web.Request) -> bool:
    """Whether the length the request names is already too much."""
    return (request.content_length or 0) > MAX_FILE_BYTES + ENVELOPE_BYTES


def too_large() -> Refusal:
    """The answer to a file that is too large."""
    return Refusal(413, "web_file_too_big", limit=MAX_FILE_BYTES // 1_000_000)


async def _file_part(request: web.Request) -> BodyPartReader:
    if not request.content_type.startswith("multipart/"):
        raise Refusal(400, "web_bad_request")
    try:
        reader = await request.multipart()
        part = await reader.next()
    except ValueError as error:
        raise Refusal(400, "web_bad_request") from error
    if not isinstance(part, BodyPartReader) or part.name != "file":
        raise Refusal(400, "web_bad_request")
    return part


async def _copy(part: BodyPartReader, target: BinaryIO) -> int:
    """Copy the part; how many bytes came, stopping soon after the limit."""
    size = 0
    while size <= MAX_FILE_BYTES:
        async with asyncio.timeout(_CHUNK_SECONDS):
            chunk = await part.read_chunk(_CHUNK)
        if not chunk:
            break
        size += len(chunk)
        await asyncio.to_thread(target.write, chunk)
    return size


def _sync(target: BinaryIO) -> None:
    target.flush()
    os.fsync(target.fileno())


async def _drain(request: web.Request) -> None:
    size = 0
    try:
        async with asyncio.timeout(_WHOLE_SECONDS):
            async for chunk in request.content.iter_any():
                size += len(chunk)
                if size > DRAINED_BYTES:
                    return
    except (TimeoutError, ConnectionError):
        return
