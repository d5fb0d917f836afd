"""What kind of file the bytes are, by their content; the name decides only between kinds of plain text."""

import zipfile
from enum import StrEnum
from io import BytesIO
from pathlib import Path

from plans.pieces import UnreadablePlan

# A plan of a hundred pages with pictures stays far below; an archive made to swell does not.
MOST_ENTRIES, LARGEST_CONTENT, HIGHEST_RATIO = 1_000, 50 * 1024 * 1024, 100
_ENCRYPTED_FLAG = 0x1
_OLE, _ZIP, _RTF = b"\xd0\xcf\x11\xe0", b"PK", b"{\\rtf"
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF8", b"BM")
_TEXT_ENDINGS = ("", ".txt", ".md", ".text", ".markdown")
_OTHER_ENDINGS = (
    ".docx", ".xlsx", ".pdf", ".doc", ".xls", ".odt", ".ods", ".rtf",
    ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".gif", ".webp",
)  # fmt: skip
"""Of kinds that are known by their content."""
# A PDF may have some junk in front.
_PDF, _PDF_WITHIN = b"%PDF-", 1024
_PAGES = (b"<!doctype html", b"<html")


class Kind(StrEnum):
    """The kinds of files that plans come in."""

    TEXT = "text"
    WORD = "word"
    EXCEL = "excel"
    PDF = "pdf"
    PICTURE = "picture"
    OLD_WORD = "old_word"
    OLD_EXCEL = "old_excel"


def kind_of(name: str, data: bytes) -> Kind:
    """The kind of a file that is not empty. Raises UnreadablePlan for what is no plan or not safe to open."""
    ending = Path(name).suffix.lower()
    if ending in (".docm", ".dotm", ".xlsm", ".xltm", ".xlam"):
        raise UnreadablePlan("plan_file_macro")
    if _PDF in data[:_PDF_WITHIN]:
        return Kind.PDF
    if data.startswith(_ZIP):
        return _of_archive(data)
    if data.startswith(_OLE):
        return _of_old_office(data)
    if data.startswith(_RTF) or data[:512].lstrip().lower().startswith(_PAGES):
        return Kind.OLD_WORD
    if data.startswith(_PICTURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return Kind.PICTURE
    if ending in _OTHER_ENDINGS:
        raise UnreadablePlan("plan_file_other_inside", ending=ending)
    if ending not in _TEXT_ENDINGS:
        raise UnreadablePlan("plan_file_unknown")
    return Kind.TEXT


def _of_archive(data: bytes) -> Kind:
    """Judges an archive by its directory alone, before anything is unpacked."""
    try:
        entries = zipfile.ZipFile(BytesIO(data)).infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError):
        raise UnreadablePlan("plan_file_broken") from None
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or total > LARGEST_CONTENT or total > HIGHEST_RATIO * len(data):
        raise UnreadablePlan("plan_file_swells")
    if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
        raise UnreadablePlan("plan_file_encrypted")
    names = {entry.filename.lower() for entry in entries}
    if any(name.endswith("vbaproject.bin") or name.startswith(("basic/", "scripts/")) for name in names):
        raise UnreadablePlan("plan_file_macro")
    if "word/document.xml" in names:
        return Kind.WORD
    if "xl/workbook.xml" in names:
        return Kind.EXCEL
    return _of_open_document(data[:200])


def _of_open_document(begin: bytes) -> Kind:
    if b"opendocument.text" in begin:
        return Kind.OLD_WORD
    if b"opendocument.spreadsheet" in begin:
        return Kind.OLD_EXCEL
    raise UnreadablePlan("plan_file_unknown")


def _of_old_office(data: bytes) -> Kind:
    """Judges a compound file by the names of its streams; Office keeps a locked .docx in one, too."""
    if _stream("EncryptedPackage") in data or _stream("EncryptionInfo") in data:
        raise UnreadablePlan("plan_file_encrypted")
    if _stream("_VBA_PROJECT") in data:
        raise UnreadablePlan("plan_file_macro")
    if _stream("WordDocument") in data:
        return Kind.OLD_WORD
    if _stream("Workbook") in data:
        return Kind.OLD_EXCEL
    raise UnreadablePlan("plan_file_unknown")


def _stream(name: str) -> bytes:
    return name.encode("utf-16-le")
