"""What stands in front of a paragraph: I. A. 1. 1.1. a) - + Điều 1; and the lines that readers put in."""

import re

Marked = tuple[str, re.Match[str]]

_MARKERS = (
    ("sheet", re.compile(r"Trang tính «(?P<label>[^»]{1,31})(?=»$)")),
    ("note", re.compile(r"\(Chú thích (?P<label>\d{1,3})\) ")),
    ("article", re.compile(r"Điều (?P<label>\d{1,3})(?:[.:]| -)? ?")),
    ("roman", re.compile(r"(?:(?:PHẦN|Phần)(?: thứ)? )?(?P<label>[IVX]{1,5})(?:\. ?-|[.\-/):]) ?(?=\S)")),
    ("capital", re.compile(r"(?P<label>[A-H])(?:[.)/]|\. ?-) ?(?=[^\W\d])")),
    ("decimal", re.compile(r"(?P<label>\d{1,2}(?:\.\d{1,2}){1,3})(?:[.):/]| -)? ?(?=[^\d\s/.,%-])")),
    ("decimal", re.compile(r"(?P<label>\d{1,2})(?:[.)/](?!\d)|\. ?-|-(?= ?[^\W\d])) ?(?=\S)")),
    ("letter", re.compile(r"(?P<label>[a-zđ]\d?)\) ?")),
    ("letter", re.compile(r"(?P<label>[a-zđ])\. (?=[^\W\d_])")),
    ("plus", re.compile(r"\+ ?(?=[^\s\d])")),
    ("bullet", re.compile(r"[-–•·●▪—] ?(?=[^\s\d])|[-–•·●▪] (?=0?\d{1,3} [^\W\d])")),
)
_RANK = {
    "sheet": -1,
    "note": -1,
    "article": 0,
    "capital": 1,
    "roman": 2,
    "decimal": 3,
    "letter": 7,
    "bullet": 8,
    "plus": 9,
    "": 10,
}


def marker(text: str) -> Marked | None:
    """The kind of marker a text begins with and its match."""
    for kind, pattern in _MARKERS:
        match = pattern.match(text)
        if match:
            return kind, match
    return None


def depth(kind: str, label: str) -> int:
    """How deep a marker stands: 1.1 is below 1, a) below both, - below all."""
    return _RANK[kind] + (label.count(".") if kind == "decimal" else 0)
