"""What a citizen's message is about: its kind, its field, and what in it wants care."""

from dataclasses import dataclass

from core.conversation.draft import Kind
from core.understanding.field_words import OTHER
from core.understanding.fields import field_words, own_lexicon, weigh_fields
from core.understanding.kinds import Caution, clear_kind, ordinary_kind, signs_of, warnings_of
from core.understanding.syllables import syllables

__all__ = [
    "Caution",
    "Understanding",
    "clear_kind",
    "own_lexicon",
    "signs_of",
    "syllables",
    "understand",
    "warnings_of",
    "weigh_fields",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Understanding:
    """The likeliest kind and field of a message. `fields`: the three likeliest, the first of them `field`.

    `words`: the phrases that speak for the field. `warnings`: see `Caution`.
    """

    kind: Kind
    field: str
    fields: tuple[str, ...]
    words: tuple[str, ...]
    warnings: tuple[Caution, ...]


def understand(message: str) -> Understanding:
    """A message read once. Nothing is remembered, nothing is looked up elsewhere."""
    text = syllables(message)
    signs, weights = signs_of(text), weigh_fields(text)
    warnings, fields = warnings_of(signs), tuple(weights)[:3] or (OTHER,)
    kind = warnings[0].kind if warnings else ordinary_kind(signs, text, has_field=bool(weights))
    return Understanding(kind, fields[0], fields, field_words(text, fields[0]), warnings)
