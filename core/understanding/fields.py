"""Which field a message belongs to: the lists of words weighed against each other."""

from collections.abc import Iterable, Mapping
from functools import cache

from core.understanding.field_words import FIELD_WORDS, NOTHING
from core.understanding.landmarks import LANDMARKS, LEADS_TO_PLACE
from core.understanding.lexicon import Entry, Hit, Lexicon, outermost, read_lists
from core.understanding.syllables import Syllables, bare_of, exact_of

_LANDMARK_SHARE = 0.3
_LONE_BARE_SHARE = 0.6
_FIRST_SHARE = 1.3
_TELLING_WEIGHT = 3.0
"""What a story begins with is mostly its matter; the rest says whom it hits and what follows."""
_OWN_WEIGHT = 2.0


@cache
def _lexicon() -> Lexicon:
    return Lexicon(read_lists({**FIELD_WORDS, "": NOTHING}))


@cache
def _places() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Landmarks as written; the words that lead to one, exact and bare."""
    leading = [word.strip() for word in LEADS_TO_PLACE.split(",")]
    marks = frozenset(" ".join(mark.split()) for mark in LANDMARKS.split(","))
    return marks, frozenset(map(exact_of, leading)), frozenset(bare_of(exact_of(word)) for word in leading)


def own_lexicon(words: Mapping[str, Iterable[str]]) -> Lexicon:
    """The phrases an organisation lists for its fields, beside those known here; longer ones weigh more."""
    return Lexicon(
        Entry(word.casefold(), code, _OWN_WEIGHT * len(word.split()), by_accents_only=False)
        for code, phrases in words.items()
        for word in phrases
        if word.strip()
    )


def weigh_fields(text: Syllables, own: Lexicon | None = None) -> dict[str, float]:
    """What the words of a text count for each field, heaviest first; fields without any are left out.

    A phrase counts once however often it is said, and little when it only says where.
    """
    weights: dict[tuple[str, str], float] = {}
    has_begun = False
    for hit in sorted(_counting(text, own), key=lambda hit: hit.start):
        key, weight = (hit.entry.label, hit.entry.phrase), hit.entry.weight * _share(text, hit)
        if not has_begun and hit.entry.label and weight >= _TELLING_WEIGHT:
            has_begun, weight = True, weight * _FIRST_SHARE
        weights[key] = max(weights.get(key, 0.0), weight)
    sums = dict.fromkeys(FIELD_WORDS, 0.0)
    for (label, _), weight in weights.items():
        if label:
            sums[label] = sums.get(label, 0.0) + weight
    ranked = sorted(sums.items(), key=lambda item: -item[1])
    return {code: weight for code, weight in ranked if weight}


def _counting(text: Syllables, own: Lexicon | None) -> list[Hit]:
    """The longest phrases known here, and the longest of the organisation's own."""
    known = outermost(_lexicon().hits(text))
    return known if own is None else known + outermost(own.hits(text))


def _share(text: Syllables, hit: Hit) -> float:
    if _says_where(text, hit):
        return _LANDMARK_SHARE
    is_lone = hit.end - hit.start == 1
    return _LONE_BARE_SHARE if is_lone and text.is_bare and not hit.entry.phrase.isascii() else 1.0


def _says_where(text: Syllables, hit: Hit) -> bool:
    landmarks, exact, bare = _places()
    if hit.entry.phrase not in landmarks:
        return False
    row, leading = (text.bare, bare) if text.is_bare else (text.exact, exact)
    return any(syllable in leading for syllable in row[max(0, hit.start - 2) : hit.start])


def field_words(text: Syllables, field: str) -> tuple[str, ...]:
    """The phrases in a text that speak for a field."""
    hits = outermost(_lexicon().hits(text))
    return tuple(dict.fromkeys(hit.entry.phrase for hit in hits if hit.entry.label == field))
