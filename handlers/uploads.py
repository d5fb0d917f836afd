"""Files a page of the web chat has handed over and the service has not fetched yet."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from sqlalchemy import delete, select

from core.channel import MediaKind, MediaRef
from core.text import clean, clip
from handlers.webchat import Identity
from storage.tables import WebUploadRow
from storage.transaction import Transaction, table

KEPT = timedelta(days=2)
"""How long an upload waits to be fetched. What was fetched lies in the files, so the original may go."""

_UPLOAD = table(WebUploadRow)
_FOR_ANY = "page:"

_KINDS = {
    MediaKind.PHOTO: frozenset([".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".heif", ".bmp"]),
    MediaKind.VIDEO: frozenset([".mp4", ".mov", ".m4v", ".webm", ".3gp", ".avi", ".mkv"]),
    MediaKind.VOICE: frozenset([".mp3", ".m4a", ".aac", ".ogg", ".oga", ".opus", ".wav", ".amr"]),
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: `name` as the person has it, `path` where it lies under the folder of uploads."""

    name: str
    path: str
    size_bytes: int


def keep(tx: Transaction, identity: Identity | None, upload: Upload, now: datetime) -> str:
    """Remember an upload of this identity, or one for the dialogue of any network (None); its reference."""
    ref = secrets.token_urlsafe(16) if identity else _FOR_ANY + secrets.token_urlsafe(16)
    tx.add(
        WebUploadRow(
            organisation_id=tx.organisation_id,
            ref=ref,
            identity_id=identity.id if identity else None,
            name=file_name(upload.name),
            path=upload.path,
            size_bytes=upload.size_bytes,
            created_at=now,
        )
    )
    return ref


def media_of(tx: Transaction, identity: Identity, ref: str) -> MediaRef | None:
    """The upload as a file of a message, or None when this identity never handed it over."""
    row = tx.connection.execute(
        select(_UPLOAD).where(_UPLOAD.c.ref == ref, _UPLOAD.c.identity_id == identity.id)
    ).first()
    return None if row is None else MediaRef(row.ref, kind_of(row.name), row.name, row.size_bytes)


def is_upload(reference: str) -> bool:
    """Whether a file of some network does not lie there but among the uploads."""
    return reference.startswith(_FOR_ANY)


def path_of(tx: Transaction, ref: str) -> str | None:
    """Where the upload lies under the folder of uploads, or None when it is gone."""
    path: str | None = tx.connection.execute(select(_UPLOAD.c.path).where(_UPLOAD.c.ref == ref)).scalar()
    return path


def forget_old(tx: Transaction, now: datetime) -> list[str]:
    """Forget uploads older than KEPT; the paths of their files, for the caller to remove."""
    gone = tx.connection.execute(
        delete(_UPLOAD).where(_UPLOAD.c.created_at < now - KEPT).returning(_UPLOAD.c.path)
    )
    return [row.path for row in gone]


def kind_of(name: str) -> MediaKind:
    """What a file of this name is to the person who sends it."""
    suffix = PurePosixPath(name.lower()).suffix
    return next((kind for kind, suffixes in _KINDS.items() if suffix in suffixes), MediaKind.DOCUMENT)


def file_name(name: str) -> str:
    """The last part of a name from outside, on one line, at most 120 characters with its ending kept."""
    last = PurePosixPath(clean(name).replace("\\", "/")).name
    ending = PurePosixPath(last).suffix[:10]
    stem = clip(last.removesuffix(ending), 110)
    return (stem + ending) or "tep"
