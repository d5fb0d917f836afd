"""Worst texts for a pattern, made from itself: what it repeats is repeated, and then nothing fits."""

import re
import time
from collections.abc import Iterable, Iterator
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any

LENGTH = 2_000
"""n; each text is tried at n and at 4n characters."""
_TRIES, _TRIES_MORE, _SUSPICIOUS = 2, 4, 5.0
_MOST_TEXTS = 40
_NOTHING_FITS = "\x01"
_TOO_SHORT = 0.0004
"""Seconds under which the clock says more about the machine than about the pattern."""


def growth(pattern: re.Pattern[str]) -> tuple[float, float]:
    """How many times longer the worst text takes at 4n than at n, and its seconds at 4n.

    Computing time is measured, which other programs hardly touch; what looks too long is measured anew, and
    the best reading counts.
    """
    worst = (0.0, 0.0)
    for piece in worst_pieces(pattern):
        short, long = _seconds(pattern, piece, LENGTH), _seconds(pattern, piece, 4 * LENGTH)
        for _ in range(_TRIES_MORE):
            if long < _TOO_SHORT or long <= _SUSPICIOUS * short:
                break
            short = max(short, _seconds(pattern, piece, LENGTH))
            long = min(long, _seconds(pattern, piece, 4 * LENGTH))
        if long >= _TOO_SHORT and long / short > worst[0]:
            worst = (long / short, long)
    return worst


def _seconds(pattern: re.Pattern[str], piece: tuple[str, str, str], length: int) -> float:
    """The shortest of a few readings of a text of that length."""
    prefix, pump, suffix = piece
    text = prefix + pump * (length // len(pump)) + suffix
    best = float("inf")
    for _ in range(_TRIES):
        begun = time.thread_time()
        for _match in pattern.finditer(text):
            pass
        best = min(best, time.thread_time() - begun)
    return best


def worst_pieces(pattern: re.Pattern[str]) -> list[tuple[str, str, str]]:
    """What stands in front, what is repeated, what comes behind."""
    tree = sre_parser.parse(pattern.pattern, pattern.flags)
    whole = _sample(tree, 1)
    pieces = {
        ("", whole, ""),
        ("", whole[:-1] or "a", _NOTHING_FITS),
        ("", f"{whole[:-1]}{_NOTHING_FITS}", ""),
    }
    pieces |= {(before, body, _NOTHING_FITS) for before, body in _repeats(tree, "")}
    # The front alone, again and again: a search that runs to the end from each of its places.
    pieces |= {("", before, _NOTHING_FITS) for before, _body in _repeats(tree, "")}
    pieces |= {("", " ", "x"), ("", "1", "x"), ("", "a", "."), ("", "ngày 1/", "x"), ("", "- ", "x")}
    return sorted(piece for piece in pieces if piece[1])[:_MOST_TEXTS]


def _repeats(tree: Iterable[Any], before: str) -> Iterator[tuple[str, str]]:
    """Each repeat of the pattern: a text that leads to it, and one turn of it."""
    for operation, value in tree:
        if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            body = value[2]
            yield before, _sample(body, 1)
            yield from _repeats(body, before)
        else:
            for inner in _inner(operation, value):
                yield from _repeats(inner, before)
        before += _sample([(operation, value)], 1)


def _inner(operation: Any, value: Any) -> list[Any]:
    if operation is sre.SUBPATTERN:
        return [value[3]]
    if operation is sre.BRANCH:
        return list(value[1])
    if operation is sre.ATOMIC_GROUP:
        return [value]
    if operation in (sre.ASSERT, sre.ASSERT_NOT):
        return [value[1]]
    return []


def _sample(tree: Iterable[Any], turns: int) -> str:
    """A text that the tree likely matches, each repeat with its least turns but at least so many."""
    return "".join(_part(operation, value, turns) for operation, value in tree)


def _part(operation: Any, value: Any, turns: int) -> str:
    if operation is sre.LITERAL:
        return chr(int(value))
    if operation is sre.NOT_LITERAL:
        return "b" if int(value) == ord("a") else "a"
    if operation is sre.ANY:
        return "a"
    if operation is sre.IN:
        return _member(value)
    if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        return _sample(value[2], turns) * max(min(int(value[0]), 50), turns)
    if operation in (sre.SUBPATTERN, sre.BRANCH, sre.ATOMIC_GROUP):
        return _sample(_inner(operation, value)[0], turns)
    return ""


_TRIED = 'a1 -.,;|AđÀăô/:»«"'


def _member(members: list[Any]) -> str:
    """A character of a class."""
    allowed = re.compile(_class(members))
    return next((ch for ch in _TRIED if allowed.match(ch)), _first(members))


def _class(members: list[Any]) -> str:
    parts = ""
    for operation, value in members:
        if operation is sre.NEGATE:
            parts = "^" + parts
        elif operation is sre.LITERAL:
            parts += re.escape(chr(value))
        elif operation is sre.RANGE:
            parts += f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
        elif operation is sre.CATEGORY:
            parts += _CATEGORIES[str(value)]
    return f"[{parts}]"


_CATEGORIES = {
    "CATEGORY_DIGIT": r"\d", "CATEGORY_NOT_DIGIT": r"\D", "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S", "CATEGORY_WORD": r"\w", "CATEGORY_NOT_WORD": r"\W",
}  # fmt: skip


def _first(members: list[Any]) -> str:
    return next(
        (chr(v if o is sre.LITERAL else v[0]) for o, v in members if o in (sre.LITERAL, sre.RANGE)), "a"
    )
