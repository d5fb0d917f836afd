"""The child process that takes a file apart: `python -m plans.child KIND` reads bytes, writes JSON.

{"pieces": [[text, {place}], …], "pictures": [page, …]} or {"refused": code}. It is no door for people.
"""

import json
import sys
from collections.abc import Callable, Iterable
from typing import Any

from plans.limits import MIB, forbid_the_outside, restrict
from plans.pieces import Piece, UnreadablePlan, where_values

MEMORY, SECONDS = 512 * MIB, 10
"""Of a child that reads text."""
PICTURE_MEMORY, PICTURE_SECONDS = 1024 * MIB, 120
"""Of a child that recognises pictures, and of the program it asks, each."""


def main(kind: str) -> None:
    pictures = kind.startswith("pictures-")
    if pictures:
        restrict(memory=PICTURE_MEMORY, seconds=PICTURE_SECONDS)
    else:
        restrict(memory=MEMORY, seconds=SECONDS)
    read = _reader(kind)
    if not pictures:
        forbid_the_outside()
    try:
        pieces, unread = read(sys.stdin.buffer.read())
        answer: dict[str, Any] = {"pieces": [_values(piece) for piece in pieces], "pictures": list(unread)}
    except UnreadablePlan as refusal:
        answer = {"refused": refusal.code, "fields": refusal.fields}
    except MemoryError:
        answer = {"refused": "plan_file_too_hard", "fields": {}}
    except Exception:  # noqa: BLE001 - whatever a library trips over in a file from outside, the file is broken
        answer = {"refused": "plan_file_broken", "fields": {}}
    sys.stdout.write(json.dumps(answer))


def _reader(kind: str) -> Callable[[bytes], tuple[Iterable[Piece], Iterable[int]]]:
    """The reader of a kind, its libraries loaded."""
    if kind == "word":
        from plans import word

        return lambda data: (word.read(data), ())
    if kind == "excel":
        from plans import sheets

        return lambda data: (sheets.read(data), ())
    if kind == "pdf":
        from plans import pdf

        return pdf.read
    from plans import pictures

    return pictures.read_pdf if kind == "pictures-pdf" else pictures.read_picture


def _values(piece: Piece) -> list[Any]:
    return [piece.text, where_values(piece.where) if piece.where else None]


if __name__ == "__main__":
    main(sys.argv[1])
