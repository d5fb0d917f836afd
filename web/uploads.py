"""Takes a file from a page, piece by piece, and never more than it may have."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http import HttpProcessingError

from channels.webchat import MAX_FILE_BYTES
from handlers.uploads import Upload
from web.answers import Refusal

ENVELOPE_BYTES = 64 * 1024
"""What a multipart body may hold beside the file itself."""
DRAINED_BYTES = 64_000_000
"""How much of a body that is too large is read and thrown away, so that its sender hears why."""
_VALUE_CHUNK = 8192
_NO_FORM = (ValueError, RuntimeError, AssertionError, HttpProcessingError)
"""What aiohttp raises over a body that is none, each where it notices."""
_LONGEST_VALUE = 100
_OTHER_PARTS = 8
"""What a form may hold beside its files."""
_CHUNK = 256 * 1024
_CHUNK_SECONDS = 20.0
_WHOLE_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class FormLimits:
    """Of a form with files: bytes of one file, of all of them, and how many."""

    file_bytes: int
    whole_bytes: int
    files: int


@dataclass(frozen=True, slots=True)
class Form:
    """A form with files: its short `values`, the files that came, and the name of one that was too large.

    What follows that one, or the last file there is room for, was not looked at.
    """

    values: Mapping[str, str]
    files: tuple[Upload, ...]
    too_large: str = ""


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
                upload = await self._store(part, MAX_FILE_BYTES)
        except TimeoutError as error:
            raise Refusal(408, "web_too_slow") from error
        if upload is None:
            await _drain(request)
            raise too_large()
        return upload

    async def receive_form(self, request: web.Request, limits: FormLimits) -> Form:
        """A form, its files synced to disk. Raises Refusal: too large, too slow, or no form.

        Nothing stays of one that does not come to its end.
        """
        if (request.content_length or 0) > limits.whole_bytes + ENVELOPE_BYTES:
            await _drain(request)
            raise Refusal(413, "page_files_too_big", limit=limits.whole_bytes // 1_000_000)
        files: list[Upload] = []
        try:
            async with asyncio.timeout(_WHOLE_SECONDS):
                return await self._form(request, files, limits)
        except BaseException as error:
            for upload in files:
                self.drop(upload.path)
            if isinstance(error, TimeoutError):
                raise Refusal(408, "web_too_slow") from error
            raise

    async def _form(self, request: web.Request, files: list[Upload], limits: FormLimits) -> Form:
        values: dict[str, str] = {}
        room = limits.whole_bytes
        async for part in _parts(await _multipart(request), limits.files + _OTHER_PARTS):
            if part.filename is None:
                value = (await part.read_chunk(_VALUE_CHUNK)).decode(errors="replace")
                values[part.name or ""] = value[:_LONGEST_VALUE]
                continue
            upload = await self._store(part, min(limits.file_bytes, room))
            if upload is None:
                await _drain(request)
                return Form(values, tuple(files), part.filename)
            room -= upload.size_bytes
            if part.filename or upload.size_bytes:
                files.append(upload)
            else:
                self.drop(upload.path)  # a field in which no file was chosen
            if len(files) == limits.files:
                break
        await _drain(request)
        return Form(values, tuple(files))

    def drop(self, path: str) -> None:
        """Remove a file that no row names."""
        (self.root / path).unlink(missing_ok=True)

    async def _store(self, part: BodyPartReader, max_bytes: int) -> Upload | None:
        """The part as a file; None, and no file, when it is larger."""
        self.root.mkdir(parents=True, exist_ok=True)
        path = secrets.token_hex(16)
        target = await asyncio.to_thread((self.root / path).open, "wb")
        try:
            size = await _copy(part, target, max_bytes)
            await asyncio.to_thread(_sync, target)
        except BaseException:
            self.drop(path)
            raise
        finally:
            target.close()
        if size > max_bytes:
            self.drop(path)
            return None
        return Upload(part.filename or "", path, size)


def announced_too_large(request: web.Request) -> bool:
    """Whether the length the request names is already too much."""
    return (request.content_length or 0) > MAX_FILE_BYTES + ENVELOPE_BYTES


def too_large() -> Refusal:
    """The answer to a file that is too large."""
    return Refusal(413, "web_file_too_big", limit=MAX_FILE_BYTES // 1_000_000)


async def _file_part(request: web.Request) -> BodyPartReader:
    part = await _next(await _multipart(request))
    if part is None or part.name != "file":
        raise Refusal(400, "web_bad_request")
    return part


async def _multipart(request: web.Request) -> MultipartReader:
    if not request.content_type.startswith("multipart/"):
        raise Refusal(400, "web_bad_request")
    try:
        return await request.multipart()
    except ValueError as error:
        raise Refusal(400, "web_bad_request") from error


async def _parts(reader: MultipartReader, most: int) -> AsyncIterator[BodyPartReader]:
    """The parts of a form. Raises Refusal for more than `most`: a body without an announced length may
    hold any number of them, each to be remembered."""
    for _ in range(most):
        part = await _next(reader)
        if part is None:
            return
        yield part
    raise Refusal(400, "web_bad_request")


async def _next(reader: MultipartReader) -> BodyPartReader | None:
    """The next part, or None after the last."""
    try:
        part = await reader.next()
    except _NO_FORM as error:
        raise Refusal(400, "web_bad_request") from error
    if part is not None and not isinstance(part, BodyPartReader):
        raise Refusal(400, "web_bad_request")
    return part


async def _copy(part: BodyPartReader, target: BinaryIO, max_bytes: int) -> int:
    """Copy the part; how many bytes came, stopping soon after the limit."""
    size = 0
    while size <= max_bytes:
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
