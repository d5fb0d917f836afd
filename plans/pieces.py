"""What the readers of the formats hand over: pieces of text in order, each with its place in the file."""

import unicodedata
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, NamedTuple

from core.errors import RuleError
from plans.found import Place, PlanText, Where


class UnreadablePlan(RuleError):  # noqa: N818 - an answer to a person, like every RuleError
    """A file that cannot be read as a plan; `code` is the catalogue text that says what to do."""


class Piece(NamedTuple):
    """A piece of text; None for what only parts the words (bars, line breaks)."""

    text: str
    where: Where | None = None


def row_pieces(cells: Iterable[Piece]) -> Iterable[Piece]:
    """A row of a table as one line: `| cell | cell |`."""
    yield Piece("|")
    for cell in cells:
        yield Piece(" ")
        yield cell
        yield Piece(" |")
    yield Piece("\n")


def in_cell(lines: Iterable[str]) -> str:
    """The lines of a cell as one line, apart by a semicolon where they have no mark of their own."""
    words = ""
    for line in (" ".join(line.replace("|", "/").split()) for line in lines):
        if line:
            parted = words.endswith((".", ";", ":", ","))
            words += line if not words else f" {line}" if parted else f"; {line}"
    return words


def plan_text(pieces: Iterable[Piece], unread_pages: Iterable[int] = ()) -> PlanText:
    """The pieces put together, with plain line ends. Neighbours of one place become one."""
    words: list[str] = []
    places: list[Place] = []
    end = 0
    for piece in pieces:
        text = unicodedata.normalize("NFC", piece.text).replace("\r\n", "\n").replace("\r", "\n")
        start, end = end, end + len(text)
        words.append(text)
        if piece.where is None or not text.strip():
            continue
        if places and places[-1].where == piece.where:
            places[-1] = Place(places[-1].start, end, piece.where)
        else:
            places.append(Place(start, end, piece.where))
    return PlanText("".join(words), tuple(places), tuple(unread_pages))


def where_values(where: Where) -> dict[str, Any]:
    """The place as plain values, without what does not apply."""
    values = asdict(where)
    return {
        name: value for name, value in values.items() if value is not None and (name, value) != ("sure", 1.0)
    }
