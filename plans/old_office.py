"""Old Word and Excel, .rtf and OpenDocument become .docx or .xlsx through LibreOffice, where it is there."""

import shutil
import sys
import tempfile
from pathlib import Path

from plans.limits import MIB
from plans.parsing import run_limited
from plans.pieces import UnreadablePlan

_PROGRAMS = ("soffice", "libreoffice")
_MEMORY, _SECONDS, _LARGEST = 3072 * MIB, 60, 100 * MIB


def program() -> str | None:
    """Where LibreOffice is, if it is there."""
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


def converted(data: bytes, ending: str) -> bytes:
    """The file as LibreOffice saves it with that ending. Raises UnreadablePlan."""
    office = program()
    if office is None:
        raise UnreadablePlan("plan_file_old_word")
    with tempfile.TemporaryDirectory(prefix="danvan-plan-") as folder:
        source, made = Path(folder, "ke-hoach"), Path(folder, f"ke-hoach.{ending}")
        source.write_bytes(data)
        run_limited(
            [*_limited(), office, *_asked(folder, ending), str(source)], b"", _SECONDS * 2, HOME=folder
        )
        if not made.is_file():
            raise UnreadablePlan("plan_file_broken")
        return made.read_bytes()


def _limited() -> list[str]:
    """The command in front of the program that keeps it within its limits."""
    limits = f"memory={_MEMORY}, seconds={_SECONDS}, largest_file={_LARGEST}"
    work = f"restrict({limits}); os.execv(sys.argv[1], sys.argv[1:])"
    code = f"import os, sys; from plans.limits import restrict; {work}"
    return [sys.executable, "-c", code]


def _asked(folder: str, ending: str) -> list[str]:
    """Without a window and without a profile of anybody, which might allow a document to run something."""
    profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
    return [profile, "--headless", "--norestore", "--nolockcheck", "--convert-to", ending, "--outdir", folder]
