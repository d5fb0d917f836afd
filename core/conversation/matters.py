"""Several matters in one story, told apart by the citizen's own words only: «1. … 2. …», «việc thứ hai»."""

import re
from itertools import pairwise

SHORTEST_MATTER = 8
"""Letters below which a piece is no matter of its own."""

_CLAUSE = r"(?:^|\n|[.;:,!?…]\s+|[-–•*]\s+)[ \t]*[-–•*]?[ \t]*"
_THING = r"(?:vi[ệe]c|chuy[ệe]n|v[ấa]n [đd][ềe]|[đd]i[ềe]u|[ýy])"

_NUMBERED = re.compile(
    rf"{_CLAUSE}(?P<mark>(?:{_THING}\s+)?(?P<number>[1-9])\s*(?:[.):/]|\s-)\s*(?=[^\W\d]))", re.IGNORECASE
)
_LIST_NUMBER = re.compile(r"\A[1-9]\s*(?:[.):/]|\s-)\s*(?=[^\W\d])")
_ORDINALS = tuple(
    re.compile(rf"{_CLAUSE}(?P<mark>(?:{_THING}\s+)?(?:th[ứu]\s+{number}|{alone}\s+l[àa])\b)", re.IGNORECASE)
    for number, alone in (
        (r"(?:nh[ấa]t|1)", r"m[ộo]t"),
        (r"(?:hai|2)", r"hai"),
        (r"(?:ba|3)", r"ba"),
        (r"(?:t[ưu]|b[ốo]n|4)", r"b[ốo]n"),
        (r"(?:n[ăa]m|5)", r"n[ăa]m"),
    )
)
# «Thứ hai» alone is a Monday; «việc thứ hai» is not.
_SECOND = re.compile(rf"\b{_THING}\s+(?:th[ứu]\s+(?:hai|2)|s[ốo]\s+(?:hai|2))\b", re.IGNORECASE)
_FURTHER = re.compile(
    rf"\b(?:c[òo]n\s+|th[êe]m\s+)(?:(?:m[ộo]t|1)\s+)?{_THING}\s+(?:n[ữu]a|kh[áa]c)\b"
    rf"|\b{_THING}\s+(?:n[ữu]a|kh[áa]c)\s+l[àa]\b"
    r"|\b(?:ngo[àa]i ra|nh[âa]n ti[ệe]n|ti[ệe]n [đd][âa]y|ti[ệe]n th[ểe])\b[ ,]*"
    r"(?:(?:t[ôo]i|em|con|ch[áa]u|m[ìi]nh|cho|xin|c[ũu]ng|mu[ốo]n|b[àa] con)\s+)*"
    r"(?:ph[ảa]n [áa]nh|ki[ếe]n ngh[ịi]|b[áa]o|g[óo]p [ýy]|[đd][ềe] ngh[ịi])",
    re.IGNORECASE,
)


def split_matters(story: str) -> tuple[str, ...]:
    """The matters in the order told, each as it was written; empty when the words tell of one only.

    What stands before the first mark stays with the first matter. No word is lost, only the list's numbers.
    """
    for starts in (_numbered(story), _spoken(story), _further(story)):
        pieces = tuple(_LIST_NUMBER.sub("", piece) for piece in _cut(story, starts))
        if len(pieces) > 1 and all(_letters(piece) >= SHORTEST_MATTER for piece in pieces):
            return pieces
    return ()


def _numbered(story: str) -> list[int]:
    """Where «2.», «3.» … begin, when they follow a «1.»."""
    wanted, starts = 1, []
    for match in _NUMBERED.finditer(story):
        if int(match["number"]) == wanted:
            starts.append(match.start("mark"))
            wanted += 1
    return starts[1:]


def _spoken(story: str) -> list[int]:
    """Where «thứ hai», «hai là» … begin after a «thứ nhất», or «việc thứ hai» alone."""
    starts: list[int] = []
    position = 0
    for ordinal in _ORDINALS:
        match = ordinal.search(story, position)
        if match is None:
            break
        starts.append(match.start("mark"))
        position = match.end()
    if len(starts) > 1:
        return starts[1:]
    second = _SECOND.search(story)
    return [second.start()] if second else []


def _further(story: str) -> list[int]:
    match = _FURTHER.search(story)
    return [match.start()] if match else []


def _cut(story: str, starts: list[int]) -> tuple[str, ...]:
    bounds = (0, *starts, len(story))
    pieces = (story[start:end] for start, end in pairwise(bounds))
    return tuple(piece.strip(" \t\n,;") for piece in pieces)


def _letters(text: str) -> int:
    return sum(character.isalpha() for character in text)
