"""What the dialogue asks the understanding of a message: warnings and guesses; the citizen decides."""

import re
from collections.abc import Iterable
from functools import lru_cache

from core.conversation.context import FieldOption
from core.conversation.draft import Kind
from core.text import clean, fold
from core.understanding import clear_kind as kind_by_signs
from core.understanding import own_lexicon, signs_of, syllables, warnings_of, weigh_fields
from core.understanding.lexicon import Lexicon

_ON_BEHALF = re.compile(
    r"\b(?:(?:gửi|viết|nhắn|phản ánh|kiến nghị|khai)(?: đơn| tin)? (?:hộ|giúp|giùm|dùm)(?: cho)?"
    r"|nói thay cho|thay mặt|thay lời) (?!(?:tôi|tui|em|mình|con|cháu|với|nhé|nha|ạ)\b)[^\W\d]"
)
_ON_BEHALF_FOLDED = re.compile(
    r"\b(?:(?:gui|viet|nhan|phan anh|khai) (?:ho|giup|gium|dum)(?: cho)?|thay mat|noi thay cho)"
    r" (?:ba|me|ma|bo|cha|ong|chi|anh|co|chu|bac|di|vo|chong|hang xom|nguoi)\b"
)
"""Without accents «gửi hộ» and «gửi họ» are alike: there it must be said for whom."""
_NOT_WORD = re.compile(r"[^\w]+")


def writes_accents(text: str) -> bool:
    """Whether the writer used any Vietnamese letter beyond a–z."""
    if text.isascii():
        return False
    plain = clean(text).casefold()
    return _NOT_WORD.sub(" ", plain).strip() != fold(plain)


def _plain(text: str) -> str:
    return _NOT_WORD.sub(" ", clean(text).casefold()).strip()


@lru_cache(maxsize=4)
def _warned_kinds(text: str) -> frozenset[Kind]:
    """What the words warn of. One event asks several times about the same words, and no others are kept."""
    return frozenset(warning.kind for warning in warnings_of(signs_of(syllables(text))))


def is_emergency(text: str) -> bool:
    """Whether words point to danger now; a past accident or a course in swimming does not."""
    return Kind.EMERGENCY in _warned_kinds(text)


def is_complaint(text: str) -> bool:
    """Whether words point to a complaint against a decision about the writer; asking how to does not."""
    return Kind.COMPLAINT in _warned_kinds(text)


def is_denunciation(text: str) -> bool:
    """Whether words accuse somebody of a crime or of abuse of office."""
    return Kind.DENUNCIATION in _warned_kinds(text)


def is_on_behalf(text: str) -> bool:
    """Whether the writer speaks of sending it for somebody else: «gửi hộ bà hàng xóm», «thay mặt mẹ tôi»."""
    if writes_accents(text):
        return _ON_BEHALF.search(_plain(text)) is not None
    return _ON_BEHALF_FOLDED.search(fold(text)) is not None


def clear_kind(text: str) -> Kind | None:
    """Feedback or proposal when the words leave no doubt, else None."""
    return kind_by_signs(signs_of(syllables(text)))


@lru_cache(maxsize=4)
def _own_words(options: tuple[FieldOption, ...]) -> Lexicon:
    """The organisation's phrases, prepared once for as long as its fields stay the same."""
    return own_lexicon({option.code: option.words for option in options})


def guess_field(text: str, options: Iterable[FieldOption]) -> str:
    """The code of the one field most words speak for, the organisation's own included; empty when level."""
    offered = tuple(options)
    weights = weigh_fields(syllables(text), _own_words(offered))
    codes = {option.code for option in offered}
    ranked = [(code, weight) for code, weight in weights.items() if code in codes]
    is_level = len(ranked) > 1 and ranked[1][1] == ranked[0][1]
    return "" if not ranked or is_level else ranked[0][0]


def search_fields(text: str, options: Iterable[FieldOption]) -> tuple[str, ...]:
    """Codes of the fields whose name or words hold what was typed, with or without accents."""
    wanted = fold(text)
    if len(wanted) < 2:
        return ()
    has_accents = writes_accents(text)
    return tuple(
        option.code for option in options if _holds(option, text if has_accents else wanted, has_accents)
    )


def _holds(option: FieldOption, wanted: str, has_accents: bool) -> bool:
    words = (option.label, *option.words)
    known = [f" {_plain(word) if has_accents else fold(word)} " for word in words]
    needle = f" {_plain(wanted)} "
    return any(needle in word or (len(word) > 5 and word in needle) for word in known)
