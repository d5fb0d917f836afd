"""The three views of one document text, and the way back from each to the one before.

`raw` is the file in NFC; `norm` has every run of white space as one space; `plain` also drops the marks of
Markdown. Rules read `plain`; people and other programs are shown places in `norm` and `raw`.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

# Invisible characters that word processors leave behind.
_DROPPED = "\u200b\ufeff"
_MARKUP = "*#\\\0"
_LINE_BREAK = re.compile(r"<br ?/?>")
# Other spellings of the words that the rules know; lengths never change.
_SPELLINGS = (
    ("qúy", "quý"),
    ("quí", "quý"),
    ("truớc", "trước"),
    ("hàng ", "hằng "),
    ("đinh kỳ", "định kỳ"),
    ("định kì", "định kỳ"),
)
_DASHES = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212“”", '------""')


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: its place in `plain` and whether an empty line stands above it."""

    start: int
    end: int
    after_blank: bool


@dataclass(frozen=True)
class Source:
    """A document text with its views. Build it with `Source.of`."""

    raw: str
    norm: str
    plain: str
    lines: tuple[Line, ...]
    raw_at: tuple[int, ...]
    norm_at: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "Source":
        """All views of `text`."""
        raw = unicodedata.normalize("NFC", text)
        norm, raw_at = _squeeze(raw, _DROPPED)
        plain, norm_at = _squeeze(_LINE_BREAK.sub(_as_semicolon, norm), _MARKUP)
        return cls(raw, norm, plain, tuple(_lines(raw, raw_at, norm_at)), tuple(raw_at), tuple(norm_at))

    @cached_property
    def low(self) -> str:
        """`plain` in lower case with one spelling per word, letter for letter as long as `plain`."""
        return lowered(self.plain)

    def norm_span(self, start: int, end: int) -> tuple[int, int]:
        """The place in `norm` of plain[start:end], which must not be empty."""
        return self.norm_at[start], self.norm_at[end - 1] + 1

    def raw_span(self, span: tuple[int, int]) -> tuple[int, int]:
        """The place in `raw` of a place in `norm`; an empty one stays empty."""
        if span[0] >= span[1]:
            start = self.raw_at[span[0]] if span[0] < len(self.raw_at) else len(self.raw)
            return start, start
        return self.raw_at[span[0]], self.raw_at[span[1] - 1] + 1


def lowered(text: str) -> str:
    """Lower case, old spellings renewed, all dashes as "-"; exactly as long as `text`."""
    dashed = text.translate(_DASHES)
    low = dashed.lower()
    if len(low) != len(text):
        low = "".join(ch.lower() if len(ch.lower()) == 1 else ch for ch in dashed)
    for old, new in _SPELLINGS:
        low = low.replace(old, new)
    return low


def _as_semicolon(match: re.Match[str]) -> str:
    """A break inside a table cell as a semicolon, padded to its length with a dropped character."""
    return ";".ljust(len(match[0]), "\0")


def _squeeze(text: str, dropped: str) -> tuple[str, list[int]]:
    """The text without `dropped`, white space as single spaces, and where each character came from."""
    kept: list[str] = []
    places: list[int] = []
    end = 0
    for match in re.finditer(rf"[^\s{re.escape(dropped)}]+", text):
        start = match.start()
        space = next((place for place in range(end, start) if text[place].isspace()), None)
        if kept and space is not None:
            kept.append(" ")
            places.append(space)
        end = match.end()
        kept.append(match[0])
        places.extend(range(start, end))
    return "".join(kept), places


def _lines(raw: str, raw_at: list[int], norm_at: list[int]) -> list[Line]:
    """The lines of `raw` that hold something readable, as places in `plain`."""
    lines: list[Line] = []
    number, blanks, start = 0, 0, 0
    breaks = [place for place, ch in enumerate(raw) if ch == "\n"] + [len(raw)]
    places = [raw_at[at] for at in norm_at]
    for stop in breaks:
        first = number
        while number < len(places) and places[number] < stop:
            number += 1
        start, end = _trimmed(raw, places, first, number)
        if start < end:
            lines.append(Line(start, end, blanks > 1))
            blanks = 0
        blanks += 1
    return lines


def _trimmed(raw: str, places: list[int], start: int, end: int) -> tuple[int, int]:
    while start < end and raw[places[start]].isspace():
        start += 1
    while end > start and raw[places[end - 1]].isspace():
        end -= 1
    return start, end
