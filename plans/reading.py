"""Bytes of a plan file in, its words out; what cannot be read is refused with a text that says what to do.

Plain text is decoded here. Everything else is taken apart in a child process (`plans.child`) that may use
only so much memory and time, so that a hostile file costs a refusal and nothing more.
"""

from pathlib import Path

from plans.found import PlanText
from plans.kinds import Kind, kind_of
from plans.old_office import converted
from plans.parsing import parsed, parsed_with_pictures
from plans.pieces import Piece, UnreadablePlan, plan_text

LARGEST_FILE = 20 * 1024 * 1024
# Some hundreds of pages; reading time grows with the text.
LONGEST_TEXT = 1_000_000


def read_file(path: str | Path) -> str:
    """The text of a plan file. Raises UnreadablePlan."""
    return open_file(path).text


def read_bytes(name: str, data: bytes) -> str:
    """The text of a plan sent as `name`. Raises UnreadablePlan."""
    return open_bytes(name, data).text


def open_file(path: str | Path) -> PlanText:
    """The words of a plan file with their places in it. Raises UnreadablePlan."""
    place = Path(path)
    if not place.is_file():
        raise UnreadablePlan("plan_file_missing", name=place.name)
    if place.stat().st_size > LARGEST_FILE:
        raise UnreadablePlan("plan_file_too_big", megabytes=LARGEST_FILE // 1024 // 1024)
    return open_bytes(place.name, place.read_bytes())


def open_bytes(name: str, data: bytes) -> PlanText:
    """The words of a plan sent as `name`, with their places in it. Raises UnreadablePlan.

    Takes up to seconds, with pictures up to minutes. The name only helps to explain a refusal.
    """
    if not data.strip(b"\0\t\r\n \xef\xbb\xbf"):
        raise UnreadablePlan("plan_file_empty")
    if len(data) > LARGEST_FILE:
        raise UnreadablePlan("plan_file_too_big", megabytes=LARGEST_FILE // 1024 // 1024)
    plan = _read(kind_of(name, data), data)
    if not plan.text.strip(" |\n"):
        raise UnreadablePlan("plan_file_no_text")
    if len(plan.text) > LONGEST_TEXT:
        raise UnreadablePlan("plan_file_too_long")
    return plan


def _read(kind: Kind, data: bytes) -> PlanText:
    match kind:
        case Kind.TEXT:
            return plan_text([Piece(_decoded(data))])
        case Kind.WORD | Kind.EXCEL:
            return parsed(kind, data)
        case Kind.PDF | Kind.PICTURE:
            return parsed_with_pictures(kind, data)
        case Kind.OLD_WORD:
            return parsed(Kind.WORD, converted(data, "docx"))
        case Kind.OLD_EXCEL:
            return parsed(Kind.EXCEL, converted(data, "xlsx"))


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadablePlan("plan_file_encoding") from None
    if "\0" in text:
        raise UnreadablePlan("plan_file_unknown")
    return text
