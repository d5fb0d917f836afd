"""Lists of phrases, and where they stand in a text. Time grows with the length of the text alone.

A list is written for people to read and mend: a line is «weight: phrase, phrase, …», phrases stay whole on
their line; «a/b c» stands for «a c» and «b c», «_» joins the syllables of one choice, «-» is the choice of
nothing. A writer who leaves accents out is understood too: phrases of one syllable only when marked «*» here,
phrases that say something else without accents not at all («!»).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product, zip_longest

from core.understanding.syllables import Syllables, bare_of, exact_of, soft_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One phrase of a list, and what it counts for `label`."""

    phrase: str
    label: str
    weight: float
    by_accents_only: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry found from syllable `start` up to, not including, `end`."""

    start: int
    end: int
    entry: Entry


_Index = dict[str, dict[str, dict[tuple[str, ...], list[Entry]]]]


def read_lists(lists: Mapping[str, str]) -> Iterator[Entry]:
    """The entries of all lists, by the list's name."""
    for label, lines in lists.items():
        yield from _read(label, lines)


def _read(label: str, lines: str) -> Iterator[Entry]:
    """The entries of one list. A line that does not begin with a weight goes on with the one before."""
    weight = 1.0
    for line in lines.strip().splitlines():
        head, colon, rest = line.partition(":")
        if colon:
            weight = float(head)
        for written in (rest if colon else line).split(","):
            if written.strip():
                yield from _entries(label, weight, written.strip())


def _entries(label: str, weight: float, written: str) -> Iterator[Entry]:
    phrase = written.rstrip("*!")
    marks = written[len(phrase) :]
    for choice in product(*(part.split("/") for part in phrase.split())):
        words = " ".join(part.replace("_", " ") for part in choice if part != "-")
        is_single = " " not in words and not words.isascii()
        yield Entry(words, label, weight, "!" in marks or (is_single and "*" not in marks))


class Lexicon:
    """Phrases by their first two syllables: as written, with hỏi and ngã as one, and without accents."""

    __slots__ = ("_bare", "_exact", "_soft")

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._exact: _Index = {}
        self._soft: _Index = {}
        self._bare: _Index = {}
        for entry in entries:
            self._add(entry)

    def _add(self, entry: Entry) -> None:
        exact = tuple(exact_of(word) for word in entry.phrase.split())
        _put(self._exact, exact, entry)
        if len(exact) > 1:
            _put(self._soft, tuple(map(soft_of, exact)), entry)
        if not entry.by_accents_only:
            _put(self._bare, tuple(map(bare_of, exact)), entry)

    def hits(self, text: Syllables) -> list[Hit]:
        """Every phrase in the text, in order. A text that drops some accents may lack them anywhere."""
        if text.is_bare:
            return list(_found(self._bare, text.bare))
        found = [*_found(self._exact, text.exact), *_found(self._soft, text.soft)]
        if text.is_mixed:
            found += (hit for hit in _found(self._bare, text.bare) if _may_be(hit, text))
        return sorted({(hit.start, hit.end, hit.entry.label): hit for hit in found}.values(), key=_place)


def _may_be(hit: Hit, text: Syllables) -> bool:
    """Whether the syllables that do carry accents carry the phrase's."""
    places = range(hit.start, hit.end)
    return all(
        text.exact[place] == text.bare[place] or text.soft[place] == soft_of(exact_of(word))
        for place, word in zip(places, hit.entry.phrase.split(), strict=True)
    )


def _place(hit: Hit) -> tuple[int, int]:
    return hit.start, -hit.end


def _put(index: _Index, key: tuple[str, ...], entry: Entry) -> None:
    if not key:
        return
    second = key[1] if len(key) > 1 else ""
    known = index.setdefault(key[0], {}).setdefault(second, {}).setdefault(key, [])
    if all(other.label != entry.label for other in known):
        known.append(entry)


def _found(index: _Index, row: tuple[str, ...]) -> Iterator[Hit]:
    for start, (syllable, following) in enumerate(zip_longest(row, row[1:], fillvalue="")):
        by_second = index.get(syllable)
        if by_second is None:
            continue
        for second in ("", following) if following else ("",):
            for key, entries in by_second.get(second, {}).items():
                end = start + len(key)
                if row[start:end] == key:
                    for entry in entries:
                        yield Hit(start, end, entry)


def outermost(hits: Iterable[Hit]) -> list[Hit]:
    """Without those that lie within a longer one: «môi trường» is no school."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=_place):
        if not any(
            other.start <= hit.start and hit.end <= other.end and _is_longer(other, hit)
            for other in kept[-12:]
        ):
            kept.append(hit)
    return kept


def _is_longer(one: Hit, other: Hit) -> bool:
    return one.end - one.start > other.end - other.start
