"""What a message is, and what in it has a door of its own: danger, a complaint, an accusation. It only warns.

Each warning is a sum of points from word lists that stand near each other (`_RULES`), less what speaks
against it; 2.6 points warn. In doubt it warns: a warning only asks a question.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from core.conversation.draft import Kind
from core.understanding.accusation_words import ACCUSATION
from core.understanding.complaint_words import COMPLAINT
from core.understanding.danger_words import DANGER
from core.understanding.lexicon import Hit, Lexicon, read_lists
from core.understanding.manner_words import MANNER
from core.understanding.syllables import Syllables

WARNS_FROM = 2.6
_HARMLESS = frozenset({"figure", "unaccused", "uncomplained"})
"""Lists of phrases that say something else: what lies within one counts for nothing."""


@dataclass(frozen=True, slots=True)
class Caution:
    """A kind with its own door that a message may be; `words` are what points to it, in order."""

    kind: Kind
    points: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """`points` when each list has a phrase and all of them lie within `reach` syllables."""

    kind: Kind
    points: float
    lists: tuple[str, ...]
    reach: int = 0


_RULES = (
    _Rule(Kind.EMERGENCY, 3, ("danger",)),
    _Rule(Kind.EMERGENCY, 1, ("danger", "now"), 400),
    _Rule(Kind.DENUNCIATION, 3, ("accuses",)),
    _Rule(Kind.DENUNCIATION, 3, ("crime",)),
    _Rule(Kind.DENUNCIATION, 1, ("hint",)),
    _Rule(Kind.DENUNCIATION, 1, ("official", "hint"), 14),
    _Rule(Kind.DENUNCIATION, 1.5, ("takes", "goods"), 8),
    _Rule(Kind.DENUNCIATION, 1, ("official", "takes", "goods"), 18),
    _Rule(Kind.DENUNCIATION, 3, ("official", "kin", "favours"), 18),
    _Rule(Kind.DENUNCIATION, 3, ("official", "gives", "sum"), 14),
    _Rule(Kind.DENUNCIATION, 1, ("proof",)),
    _Rule(Kind.COMPLAINT, 3, ("complains",)),
    _Rule(Kind.COMPLAINT, 3, ("disputes",)),
    _Rule(Kind.COMPLAINT, 2, ("decision", "protest"), 16),
    _Rule(Kind.COMPLAINT, 1, ("decision", "mine"), 20),
    _Rule(Kind.COMPLAINT, 3, ("measure", "mine", "protest"), 24),
)


@dataclass(frozen=True, slots=True)
class Signs:
    """The phrases of every list found in a text."""

    found: Mapping[str, tuple[Hit, ...]]

    def has(self, name: str) -> bool:
        return name in self.found

    def count(self, name: str) -> int:
        """How many different phrases of a list there are."""
        return len({hit.entry.phrase for hit in self.found.get(name, ())})


@cache
def _lexicon() -> Lexicon:
    return Lexicon(read_lists({**DANGER, **ACCUSATION, **COMPLAINT, **MANNER}))


def signs_of(text: Syllables) -> Signs:
    """What the lists find, without phrases that are part of one that says something else."""
    hits = _lexicon().hits(text)
    harmless = [hit for hit in hits if hit.entry.label in _HARMLESS]
    found: dict[str, list[Hit]] = {}
    for hit in hits:
        is_part = any(other.start <= hit.start and hit.end <= other.end for other in harmless)
        if hit.entry.label in MANNER or not is_part:
            found.setdefault(hit.entry.label, []).append(hit)
    return Signs({name: tuple(group) for name, group in found.items()})


def warnings_of(signs: Signs) -> tuple[Caution, ...]:
    """What a text warns of, the gravest first."""
    found = (_warning(kind, signs) for kind in (Kind.EMERGENCY, Kind.DENUNCIATION, Kind.COMPLAINT))
    return tuple(warning for warning in found if warning is not None)


def _warning(kind: Kind, signs: Signs) -> Caution | None:
    points, hits = 0.0, list[Hit]()
    for rule in _RULES:
        if rule.kind is kind:
            share, group = _applies(rule, signs)
            points += rule.points * share
            hits += group
    points -= _AGAINST[kind](signs)
    if points < WARNS_FROM:
        return None
    words = dict.fromkeys(hit.entry.phrase for hit in sorted(hits, key=lambda hit: hit.start))
    return Caution(kind, points, tuple(words))


def _applies(rule: _Rule, signs: Signs) -> tuple[float, list[Hit]]:
    """How well a rule applies, 0 to 1, and by which phrases: the best that lie near enough."""
    groups = [signs.found.get(name, ()) for name in rule.lists]
    if not all(groups):
        return 0.0, []
    if len(groups) == 1:
        best = max(groups[0], key=lambda hit: hit.entry.weight)
        return best.entry.weight, list(groups[0])
    return _nearest(groups, rule.reach)


def _nearest(groups: list[tuple[Hit, ...]], reach: int) -> tuple[float, list[Hit]]:
    """The weightiest choice of one phrase per list within `reach` after any first one."""
    top: tuple[float, list[Hit]] = (0.0, [])
    for first in {hit.start for group in groups for hit in group}:
        chosen = [_weightiest(group, first, first + reach) for group in groups]
        known = [hit for hit in chosen if hit is not None]
        share = _product(hit.entry.weight for hit in known) if len(known) == len(groups) else 0.0
        if share > top[0]:
            top = share, known
    return top


def _weightiest(group: Iterable[Hit], start: int, end: int) -> Hit | None:
    within = (hit for hit in group if start <= hit.start <= end)
    return max(within, key=lambda hit: hit.entry.weight, default=None)


def _product(weights: Iterable[float]) -> float:
    result = 1.0
    for weight in weights:
        result *= weight
    return result


def _against_emergency(signs: Signs) -> float:
    """What is past, imagined, told of elsewhere or denied; «now» outweighs the past."""
    is_now = signs.has("now")
    more = -1.0 * min(signs.count("danger") - 1, 2) if signs.has("danger") else 0.0
    return (
        more
        + (2.0 if signs.has("past") and not is_now else 0.0)
        + ((1.5 if is_now else 3.0) if signs.has("idea") else 0.0)
        + (3.0 if signs.has("hearsay") or signs.has("denies") else 0.0)
    )


def _against_denunciation(signs: Signs) -> float:
    """Asking how it is done, denying it, what was seen on television; thanks."""
    named = 3.0 if signs.has("accuses") and (signs.has("asks") or signs.has("denies")) else 0.0
    return named + (3.0 if signs.has("hearsay") else 0.0)


def _against_complaint(signs: Signs) -> float:
    """Asking how it is done, or saying that it is none."""
    is_named = signs.has("complains") and (signs.has("asks") or signs.has("denies"))
    return 3.0 if is_named else 0.0


_AGAINST = {
    Kind.EMERGENCY: _against_emergency,
    Kind.DENUNCIATION: _against_denunciation,
    Kind.COMPLAINT: _against_complaint,
}


def clear_kind(signs: Signs) -> Kind | None:
    """Feedback or proposal when the words leave no doubt, else None."""
    if not signs.has("suggests"):
        return Kind.FEEDBACK
    return None if signs.has("happens") else Kind.PROPOSAL


def ordinary_kind(signs: Signs, text: Syllables, *, has_field: bool) -> Kind:
    """Feedback, proposal, question or none of them, of a text that warns of nothing."""
    length = len(text.exact)
    if not any(syllable[0].isalpha() for syllable in text.exact) or signs.has("withdraws"):
        return Kind.OTHER
    if signs.has("suggests"):
        return Kind.PROPOSAL
    if signs.has("thanks") and not signs.has("happens") and not signs.has("checks"):
        return Kind.OTHER
    if signs.has("asks") and not signs.has("checks") and signs.count("happens") < 2:
        return Kind.QUESTION
    if signs.has("greets") and not has_field and length <= 8:
        return Kind.OTHER
    return Kind.FEEDBACK
