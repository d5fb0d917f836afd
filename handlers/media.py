"""Files people send: fetched by the sending loop, checked by content, kept by hash.

Photos are drawn again from their pixels, so that what is stored holds no place and no camera.
"""

import io
import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zipfile import BadZipFile, ZipFile

import puremagic
from PIL import Image, ImageOps
from sqlalchemy import Row

from core.channel import Address, MediaKind, MediaRef, SendKind
from core.delivery import OnUnknown, Priority
from core.say import Label, Text, say
from core.text import clean, clip
from handlers import page_links, relay
from handlers.service import Service
from storage import outbox
from storage.outbox import Wish
from storage.tables import AttachmentRow, TicketRow
from storage.transaction import Transaction

PLAN = "plan"
"""The side of a file that is a plan to be reviewed."""
MAX_PIXELS = 24_000_000
"""Of a picture that must be unpacked whole before it can be made smaller: some 300 MB of memory."""
MAX_PIXELS_DRAFTED = 50_000_000
"""Of a photo as phones take them, which its format unpacks at a fraction of its size."""
LONGEST_SIDE = 2560
_JPEG_QUALITY = 85
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
"""Only these readers see what strangers send: each further one would be one more door."""
_ONE_AT_A_TIME = threading.Lock()
"""Pictures are unpacked one after the other, so that an album costs no more memory than a photo."""
_ACCEPTED = {
    "application/pdf": "pdf",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "audio/ogg": "ogg",
    "audio/opus": "ogg",
    "application/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/x-m4a": "m4a",
    "audio/aac": "aac",
    "audio/x-aac": "aac",
    "audio/amr": "amr",
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/wave": "wav",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "video/3gpp": "3gp",
}
_TEXT = "text/plain"
"""Only a plan may be a plain text."""
NEEDS_COPY = {
    "audio/ogg": "ogg",
    "audio/opus": "ogg",
    "application/ogg": "ogg",
    "audio/aac": "aac",
    "audio/x-aac": "aac",
    "audio/amr": "amr",
}
"""Recordings that some phones cannot play, and the format they are read as."""
PLAYABLE_MIME = "audio/mp4"
_OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The folder that a packed document of each kind holds."""


class RefusedFileError(Exception):
    """A file that is not kept. `code` names the reason in the labels `refused.*`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Prepared:
    """Checked content, ready to be stored. `playable`: a copy of a recording that plays everywhere."""

    content: bytes
    mime: str
    playable: bytes = b""


def keep(
    tx: Transaction,
    media: MediaRef,
    chat: Address,
    now: datetime,
    *,
    draft_id: str = "",
    ticket_id: int | None = None,
    reply_id: int | None = None,
    obligation_id: int | None = None,
    side: str = "citizen",
) -> int:
    """Remember a file and wish it fetched; the attachment's id."""
    row = AttachmentRow(
        organisation_id=tx.organisation_id,
        draft_id=draft_id,
        ticket_id=ticket_id,
        reply_id=reply_id,
        obligation_id=obligation_id,
        side=side,
        channel=chat.channel,
        file_ref=media.file_id,
        kind=media.kind,
        name=file_name(media),
        size_bytes=media.size_bytes,
        created_at=now,
    )
    tx.add(row)
    outbox.enqueue(
        tx,
        Wish(
            key=f"download:{row.id}",
            address=chat,
            kind=SendKind.DOWNLOAD,
            priority=Priority.REMINDER,  # after answers and cards
            subject=f"attachment:{row.id}",
            purpose="download",
            reference=media.file_id,
            on_unknown=OnUnknown.REPEAT,
        ),
        now,
    )
    return row.id


def file_name(media: MediaRef) -> str:
    """What the sender calls the file, fit to be shown; empty when the network does not say."""
    return clip(clean(media.name), 120) if media.name else ""


def prepare(content: bytes, kind: MediaKind) -> Prepared:
    """What is stored of a file: a photo drawn again, anything else as it came.

    Needs no database and may take a second: it runs beside the transactions. Raises RefusedFileError.
    """
    try:
        return _prepared(content, kind)
    except RefusedFileError:
        raise
    except Exception as error:  # foreign bytes break each reader in its own way, and would again
        raise RefusedFileError("broken") from error


def _prepared(content: bytes, kind: MediaKind) -> Prepared:
    if not content:
        raise RefusedFileError("empty")
    mime = _mime(content)
    if mime.startswith("image/") or kind is MediaKind.PHOTO:
        return Prepared(_redraw(content), "image/jpeg")
    if mime in _ACCEPTED:
        return Prepared(content, mime)
    if _is_text(content):
        return Prepared(content, _TEXT)
    raise RefusedFileError("type")


def check_kind(content: bytes) -> None:
    """A quick look before `prepare`. Raises RefusedFileError for what could not be kept by its kind."""
    if not content:
        raise RefusedFileError("empty")
    mime = _mime(content)
    if not mime.startswith("image/") and mime not in _ACCEPTED:
        raise RefusedFileError("type")


def stored(service: Service, tx: Transaction, row: Row[Any], prepared: Prepared, now: datetime) -> None:
    """The file lies in the store: the attachment names it. One that nobody waits for is not kept."""
    attachment = _waiting(tx, row)
    if attachment is None:
        return
    if prepared.mime == _TEXT and attachment.side != PLAN:
        refused(service, tx, row, "type", now)
        return
    attachment.sha256 = service.files.keep(prepared.content)
    attachment.playable_sha256 = service.files.keep(prepared.playable) if prepared.playable else ""
    attachment.mime = prepared.mime
    attachment.size_bytes = len(prepared.content)
    attachment.state = "stored"


def refused(service: Service, tx: Transaction, row: Row[Any], code: str, now: datetime) -> None:
    """The file is not kept: whoever sent it is told why, and what would do."""
    attachment = _waiting(tx, row)
    if attachment is None:
        return
    attachment.state = "refused" if code in {"empty", "type", "pixels", "broken"} else "lost"
    text = say("file_not_kept", name=attachment.name or Label("file.nameless"), why=Label(f"refused.{code}"))
    if code == "file_too_big" and attachment.side == "citizen":
        subject = f"ticket:{attachment.ticket_id}" if attachment.ticket_id else f"draft:{attachment.draft_id}"
        text = page_links.instead_of(service, tx, outbox.address_of(row), subject, text, now)
    _tell_sender(service, tx, attachment, outbox.address_of(row), text, now)


def extension(mime: str) -> str:
    """How a stored file's name should end."""
    return "jpg" if mime == "image/jpeg" else _ACCEPTED.get(mime, "bin")


def mime_of(ending: str) -> str:
    """The type of a stored file by the end of its name."""
    if ending == "jpg":
        return "image/jpeg"
    return next((mime for mime, known in _ACCEPTED.items() if known == ending), "application/octet-stream")


def _waiting(tx: Transaction, row: Row[Any]) -> AttachmentRow | None:
    """The attachment, unless its draft was given up while the file was on its way."""
    tx.flush()
    attachment = tx.session.get(
        AttachmentRow, int(row.subject.partition(":")[2]), populate_existing=True
    )  # drafts are given up by plain statements, which the session has not seen
    return attachment if attachment is not None and attachment.state == "waiting" else None


def _tell_sender(
    service: Service,
    tx: Transaction,
    attachment: AttachmentRow,
    came_from: Address,
    text: Text,
    now: datetime,
) -> None:
    ticket = tx.session.get(TicketRow, attachment.ticket_id) if attachment.ticket_id else None
    if ticket is not None and attachment.side == "citizen":
        came_from = relay.chat_of(service.keys, ticket)
    outbox.enqueue(
        tx,
        Wish(key=f"refused:{attachment.id}", address=came_from, text=text, purpose="file_refused"),
        now,
    )


def _mime(content: bytes) -> str:
    try:
        found: str = puremagic.from_string(content, mime=True)
    except (puremagic.PureError, ValueError):
        return ""
    return _office_mime(content) if content.startswith(b"PK") else found


def _office_mime(content: bytes) -> str:
    """Of the packed files only Word and Excel documents, which their first bytes do not tell from others."""
    try:
        with ZipFile(io.BytesIO(content)) as pack:
            names = pack.namelist()
    except (BadZipFile, ValueError):
        return ""
    return next((mime for part, mime in _OFFICE.items() if any(name.startswith(part) for name in names)), "")


def _is_text(content: bytes) -> bool:
    """Whether it can be a text that somebody typed: Unicode without the bytes that no text has."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    try:
        return "\0" not in content.decode(encoding)
    except UnicodeDecodeError:
        return False


def _redraw(content: bytes) -> bytes:
    """The picture as a fresh JPEG, upright, without anything the camera wrote beside it."""
    target = io.BytesIO()
    with _ONE_AT_A_TIME, _opened(content) as picture:
        _check_size(picture)
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        plain = picture if picture.mode in ("L", "RGB", "RGBA") else picture.convert("RGB")
        plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # before it is turned: a copy costs little now
        ImageOps.exif_transpose(plain).convert("RGB").save(target, "JPEG", quality=_JPEG_QUALITY)
    return target.getvalue()


def _opened(content: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(content), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RefusedFileError("pixels") from error


def _check_size(picture: Image.Image) -> None:
    """Raises RefusedFileError. A progressive photo is unpacked whole like any other picture."""
    is_drafted = picture.format in {"JPEG", "MPO"} and not picture.info.get("progressive")
    if picture.width * picture.height > (MAX_PIXELS_DRAFTED if is_drafted else MAX_PIXELS):
        raise RefusedFileError("pixels")
