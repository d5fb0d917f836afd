"""Links to stored files for networks that take no files: signed, and good for any number of reads."""

import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.channel import OutgoingFile
from handlers import media
from handlers.service import Service

PATH = "/tep"
VALID = timedelta(days=30)
"""As long as an answer may take to be read; whoever holds the link may read the file."""
_PURPOSE = "file_link"
_TAIL = re.compile(r"([0-9]{1,12})/([0-9a-f]{64})/([0-9a-f]{32})\.([0-9a-z]{1,5})")


@dataclass(frozen=True, slots=True)
class LinkedFile:
    """A file that somebody with a link may read now."""

    path: Path
    mime: str


def link(service: Service, file: OutgoingFile, now: datetime) -> str:
    """A public address of a stored file, valid for `VALID`. It names neither the file nor its ticket."""
    digest = Path(file.path).name
    until = int((now + VALID).timestamp())
    ending = media.extension(file.mime)
    return (
        f"{service.public_url}{PATH}/{until}/{digest}/{_signature(service, until, digest, ending)}.{ending}"
    )


def find(service: Service, tail: str, now: datetime) -> LinkedFile | None:
    """The file behind what follows `PATH` in a link; None when it is not ours, over, or gone."""
    match = _TAIL.fullmatch(tail)
    if match is None:
        return None
    until, digest, given, ending = int(match[1]), match[2], match[3], match[4]
    if not hmac.compare_digest(given, _signature(service, until, digest, ending)):
        return None
    path = service.files.path(digest)
    if datetime.fromtimestamp(until, UTC) <= now or not path.is_file():
        return None
    return LinkedFile(path, media.mime_of(ending))


def _signature(service: Service, until: int, digest: str, ending: str) -> str:
    return service.keys.blind(_PURPOSE, f"{until}:{digest}:{ending}")[:32]
