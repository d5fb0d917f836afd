"""Bytes of a plan file in, its text out; what cannot be read is refused with a text that says what to do."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import RuleError

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.table import Table, _Cell

    from plans.numbering import Numbering

LARGEST_FILE = 20 * 1024 * 1024
# A plan of a hundred pages with pictures stays far below; an archive made to swell does not.
MOST_ENTRIES, LARGEST_CONTENT, HIGHEST_RATIO = 1_000, 50 * 1024 * 1024, 100
# Some hundreds of pages; reading time grows with the text.
LONGEST_TEXT = 1_000_000
_OLE, _PDF, _ZIP = b"\xd0\xcf\x11\xe0", b"%PDF", b"PK"
_ENCRYPTED_FLAG = 0x1


class UnreadablePlan(RuleError):  # noqa: N818 - an answer to a person, like every RuleError
    """A file that cannot be read as a plan; `code` is the catalogue text that says what to do."""


def read_file(path: str | Path) -> str:
    """The text of a plan file. Raises UnreadablePlan."""
    place = Path(path)
    if not place.is_file():
        raise UnreadablePlan("plan_file_missing", name=place.name)
    if place.stat().st_size > LARGEST_FILE:
        raise UnreadablePlan("plan_file_too_big", megabytes=LARGEST_FILE // 1024 // 1024)
    return read_bytes(place.name, place.read_bytes())


def read_bytes(name: str, data: bytes) -> str:
    """The text of a plan sent as `name`. Raises UnreadablePlan. The name only helps to explain a refusal."""
    if not data.strip(b"\0\t\r\n \xef\xbb\xbf"):
        raise UnreadablePlan("plan_file_empty")
    if len(data) > LARGEST_FILE:
        raise UnreadablePlan("plan_file_too_big", megabytes=LARGEST_FILE // 1024 // 1024)
    ending = Path(name).suffix.lower()
    if data.startswith(_PDF) or ending == ".pdf":
        raise UnreadablePlan("plan_file_pdf")
    if ending in (".docm", ".dotm", ".xlsm"):
        raise UnreadablePlan("plan_file_macro")
    if data.startswith(_OLE):
        raise UnreadablePlan("plan_file_encrypted" if ending == ".docx" else "plan_file_old_word")
    if data.startswith(_ZIP):
        return _short_enough(_word(data))
    if ending in ("", ".txt", ".md"):
        return _short_enough(_plain(data))
    raise UnreadablePlan("plan_file_old_word" if ending in (".doc", ".rtf", ".odt") else "plan_file_unknown")


def _short_enough(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise UnreadablePlan("plan_file_too_long")
    return text


def _plain(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadablePlan("plan_file_encoding") from None
    if "\0" in text:
        raise UnreadablePlan("plan_file_unknown")
    return text


def _word(data: bytes) -> str:
    """The text of a .docx in order: paragraphs with their numbers, rows of tables as `| cell | cell |`."""
    _check_archive(data)
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError  # type: ignore[import-untyped]

    from plans.numbering import Numbering

    try:
        document = docx.Document(BytesIO(data))
        lines = list(_lines(document, Numbering(document)))
    except (
        OpcError,
        LxmlError,
        KeyError,
        ValueError,
        zipfile.BadZipFile,
        EOFError,
        NotImplementedError,
        RecursionError,
    ):
        raise UnreadablePlan("plan_file_broken") from None
    if not any(line.strip(" |") for line in lines):
        raise UnreadablePlan("plan_file_no_text")
    return "\n".join(lines) + "\n"


def _check_archive(data: bytes) -> None:
    """Refuses an archive by its directory alone, before anything is unpacked."""
    try:
        entries = zipfile.ZipFile(BytesIO(data)).infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError):
        raise UnreadablePlan("plan_file_broken") from None
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or total > LARGEST_CONTENT or total > HIGHEST_RATIO * len(data):
        raise UnreadablePlan("plan_file_swells")
    if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
        raise UnreadablePlan("plan_file_encrypted")
    names = {entry.filename.lower() for entry in entries}
    if any(name.endswith("vbaproject.bin") for name in names):
        raise UnreadablePlan("plan_file_macro")
    if "word/document.xml" not in names:
        raise UnreadablePlan("plan_file_unknown")


def _lines(document: "WordDocument", numbering: "Numbering") -> Iterator[str]:
    from docx.text.paragraph import Paragraph

    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            yield numbering.printed(block)
            yield ""
        else:
            yield from _rows(block, numbering)
            yield ""


def _rows(table: "Table", numbering: "Numbering") -> Iterator[str]:
    """One line per row. A cell merged over columns stands once; merged over rows it stands in each.

    The library's own `row.cells` looks for the first row of a merged cell anew in every row.
    """
    from docx.table import _Cell

    above: dict[int, str] = {}
    for row in table.rows:
        present: dict[int, str] = {}
        place = row.grid_cols_before
        for tc in row._tr.tc_lst:  # noqa: SLF001 - the library has no public mark of a merged cell
            is_continued = tc.vMerge == "continue"
            present[place] = above.get(place, "") if is_continued else _cell(_Cell(tc, table), numbering)
            place += tc.grid_span
        above = present
        yield f"| {' | '.join(present.values())} |"


def _cell(cell: "_Cell", numbering: "Numbering") -> str:
    from docx.text.paragraph import Paragraph

    parts: list[str] = []
    for block in cell.iter_inner_content():
        if isinstance(block, Paragraph):
            parts.append(numbering.printed(block))
        else:
            parts += [line.strip("| ") for line in _rows(block, numbering)]
    words = ""
    for part in (" ".join(part.replace("|", "/").split()) for part in parts):
        if part:
            words += (
                part if not words else f" {part}" if words.endswith((".", ";", ":", ",")) else f"; {part}"
            )
    return words
