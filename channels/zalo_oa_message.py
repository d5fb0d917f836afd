"""How a message is laid out for an Official Account: which texts, which uploads, which files as links."""

import io
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from channels.zalo_oa_parse import PRESS
from core.channel import CAPABILITIES, Button, Channel, MediaKind, Outgoing, OutgoingFile, PermanentSendError
from core.text import clip, split_message

MAX_BUTTONS = 5
MAX_TITLE = 100
MAX_PHOTO_BYTES = 1_000_000
MAX_FILE_BYTES = 5_000_000
MAX_TEXT = CAPABILITIES[Channel.ZALO_OA].max_text

_DOCUMENTS = frozenset({".pdf", ".doc", ".docx", ".csv"})
_SMALLER = ((2048, 85), (1600, 80), (1280, 75), (960, 70), (640, 60))
"""Longest side in pixels and JPEG quality, tried in this order until a photo is small enough."""

Message = dict[str, Any]
"""`message` of a call, as the API wants it."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that goes to Zalo first and is then sent by the id it got there. `content` may be smaller."""

    file: OutgoingFile
    name: str
    mime: str
    content: bytes = field(repr=False)
    is_photo: bool

    @property
    def path(self) -> str:
        return "/v2.0/oa/upload/image" if self.is_photo else "/v2.0/oa/upload/file"

    @property
    def id_key(self) -> str:
        """What Zalo calls the id it gives."""
        return "attachment_id" if self.is_photo else "token"

    def message(self, given_id: str) -> Message:
        if not self.is_photo:
            return {"attachment": {"type": "file", "payload": {"token": given_id}}}
        element = {"media_type": "image", "attachment_id": given_id}
        payload = {"template_type": "media", "elements": [element]}
        return {"attachment": {"type": "template", "payload": payload}}


@dataclass(frozen=True, slots=True)
class ContactCard:
    """What asks for a telephone number by a tap. `image_url` is a public picture, which Zalo insists on."""

    title: str
    subtitle: str
    image_url: str

    def message(self) -> Message:
        element = {
            "title": clip(self.title, MAX_TITLE),
            "subtitle": self.subtitle,
            "image_url": self.image_url,
        }
        payload = {"template_type": "request_user_info", "elements": [element]}
        return {"attachment": {"type": "template", "payload": payload}}


@dataclass(frozen=True, slots=True)
class Part:
    """One message on the screen: words, with buttons perhaps, or one upload."""

    text: str = ""
    buttons: tuple[Button, ...] = ()
    upload: Upload | None = None


def parts_of(message: Outgoing, *, files: Path, link: Callable[[OutgoingFile], str]) -> list[Part]:
    """The messages in order: photos and documents first, so that the choices stand last on the screen.

    Reads the disk. Raises PermanentSendError for an empty message and a missing file.
    """
    uploads: list[Part] = []
    lines = [message.text] if message.text else []
    for file in message.files:
        upload = _upload(file, _path(file, files))
        if upload is None:
            lines.append(f"{file.name}: {link(file)}")
        else:
            uploads.append(Part(upload=upload))
    parts = [*uploads, *_texts("\n".join(lines), _buttons(message.buttons))]
    if not parts:
        raise PermanentSendError("empty_message")
    return parts


def plain(part: Part) -> Message:
    """The words alone."""
    return {"text": part.text}


def with_buttons(part: Part) -> Message:
    """Words beside an attachment that holds the buttons: as clients in production send them."""
    payload = {"buttons": _drawn(part.buttons)}
    return {"text": part.text, "attachment": {"type": "template", "payload": payload}}


def as_button_template(part: Part) -> Message:
    """Words and buttons in one template: as some pages of the documents show it."""
    payload = {"template_type": "button", "text": part.text, "buttons": _drawn(part.buttons)}
    return {"attachment": {"type": "template", "payload": payload}}


def _drawn(buttons: Sequence[Button]) -> list[dict[str, str]]:
    return [
        {
            "title": clip(button.label, MAX_TITLE),
            "type": "oa.query.hide",
            "payload": f"{PRESS}{button.payload}",
        }
        for button in buttons
    ]


def _buttons(rows: Sequence[Sequence[Button]]) -> tuple[Button, ...]:
    """All of them or none: a few of many would look like all the choices there are."""
    buttons = tuple(button for row in rows for button in row)
    return buttons if len(buttons) <= MAX_BUTTONS else ()


def _texts(words: str, buttons: tuple[Button, ...]) -> Iterator[Part]:
    if not words.strip():
        return
    # One normal form: a letter in two pieces would count twice against the limit.
    *before, last = split_message(unicodedata.normalize("NFC", words), MAX_TEXT)
    for text in before:
        yield Part(text)
    yield Part(last, buttons)


def _path(file: OutgoingFile, folder: Path) -> Path:
    path = (folder / file.path).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise PermanentSendError("file_missing")
    return path


def _upload(file: OutgoingFile, path: Path) -> Upload | None:
    """What Zalo takes of the file, None for what has to go as a link."""
    name = clip(file.name, 120)
    if file.kind is MediaKind.PHOTO:
        photo = _small_photo(path)
        if photo is None:
            return None
        return Upload(file, f"{Path(name).stem}.jpg", "image/jpeg", photo, is_photo=True)
    if Path(name).suffix.lower() not in _DOCUMENTS or path.stat().st_size > MAX_FILE_BYTES:
        return None
    return Upload(file, name, file.mime, path.read_bytes(), is_photo=False)


def _small_photo(path: Path) -> bytes | None:
    """The photo as a JPEG within the limit; None when it cannot be read or made so small."""
    try:
        with Image.open(path, formats=("JPEG", "PNG", "WEBP", "GIF", "BMP")) as picture:
            if picture.format == "JPEG" and path.stat().st_size <= MAX_PHOTO_BYTES:
                return path.read_bytes()
            picture.draft(
                "RGB", _SMALLER[0][:1] * 2
            )  # a photo of a phone is unpacked at a fraction of its size
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    for side, quality in _SMALLER:
        upright.thumbnail((side, side))
        target = io.BytesIO()
        upright.save(target, "JPEG", quality=quality)
        if target.tell() <= MAX_PHOTO_BYTES:
            return target.getvalue()
    return None
