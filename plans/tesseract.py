"""Asks Tesseract for the words of a picture, where it is installed with its Vietnamese data."""

import shutil
import subprocess
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PIL import Image


_WAIT, _WAIT_FOR_PAGE = 10, 60
_WORD_LEVEL = "5"


class Word(NamedTuple):
    """A recognised word: its box in pixels from the top left, its line, and how sure it is from 0 to 1."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    line: tuple[str, ...]
    sure: float


def is_there() -> bool:
    """Whether pictures can be read here."""
    program = shutil.which("tesseract")
    if program is None:
        return False
    try:
        known = subprocess.run(  # noqa: S603 - a fixed command
            [program, "--list-langs"], capture_output=True, text=True, timeout=_WAIT, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return "vie" in known.stdout.split()


def words(picture: "Image.Image") -> list[Word]:
    """The words of a picture in the order Tesseract reads them; [] when it cannot read it."""
    packed = BytesIO()
    picture.convert("L").save(packed, "PNG")
    command = [
        shutil.which("tesseract") or "tesseract",
        "stdin",
        "stdout",
        "-l",
        "vie",
        "--dpi",
        "200",
        "tsv",
    ]
    answer = subprocess.run(  # noqa: S603 - a fixed command; the picture comes as its input
        command, input=packed.getvalue(), capture_output=True, timeout=_WAIT_FOR_PAGE, check=False
    )
    rows = (line.split("\t") for line in answer.stdout.decode("utf-8", "replace").splitlines())
    return [_word(row) for row in rows if len(row) == 12 and row[0] == _WORD_LEVEL and row[11].strip()]


def _word(row: list[str]) -> Word:
    left, top, width, height = (float(figure) for figure in row[6:10])
    sure = max(0.0, min(1.0, float(row[10]) / 100))
    return Word(row[11].strip(), left, top, left + width, top + height, tuple(row[1:5]), sure)
