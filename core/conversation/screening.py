"""Words that point to an emergency, a complaint, a denunciation, a proposal, or a field: they only warn.

Phrases with accents are looked for in text with accents. A text written without any is compared with the
phrases that stay clear when folded: «to cao» may be «tố cáo» or a tall tree, «chay» may be fire or a leak.
"""

import re
from collections.abc import Iterable

from core.conversation.context import FieldOption
from core.conversation.draft import Kind
from core.conversation.screening_words import (
    ASKING,
    COMPLAINT,
    COMPLAINT_FOLDED,
    DENUNCIATION,
    DENUNCIATION_FOLDED,
    EMERGENCY,
    EMERGENCY_FOLDED,
    HAPPENING,
    NOW,
    PAST_OR_IDEA,
    SUGGESTING,
    SUGGESTING_FOLDED,
)
from core.text import clean, fold

_NOT_WORD = re.compile(r"[^\w]+")


def writes_accents(text: str) -> bool:
    """Whether the writer used any Vietnamese letter beyond a–z."""
    if text.isascii():
        return False
    plain = clean(text).casefold()
    return _NOT_WORD.sub(" ", plain).strip() != fold(plain)


def _plain(text: str) -> str:
    return _NOT_WORD.sub(" ", clean(text).casefold()).strip()


def _finds(accented: re.Pattern[str], folded: re.Pattern[str], text: str) -> bool:
    if writes_accents(text):
        return accented.search(_plain(text)) is not None
    return folded.search(fold(text)) is not None


def is_emergency(text: str) -> bool:
    """Whether words point to danger now; a past accident or a course in swimming does not."""
    if not _finds(EMERGENCY, EMERGENCY_FOLDED, text):
        return False
    return not PAST_OR_IDEA.search(fold(text)) or NOW.search(fold(text)) is not None


def is_complaint(text: str) -> bool:
    """Whether words point to a complaint against a decision about the writer; asking how to does not."""
    return _finds(COMPLAINT, COMPLAINT_FOLDED, text) and not ASKING.search(fold(text))


def is_denunciation(text: str) -> bool:
    """Whether words accuse somebody of a crime or of abuse of office."""
    return _finds(DENUNCIATION, DENUNCIATION_FOLDED, text) and not ASKING.search(fold(text))


def clear_kind(text: str) -> Kind | None:
    """Feedback or proposal when the words leave no doubt, else None."""
    if not _finds(SUGGESTING, SUGGESTING_FOLDED, text):
        return Kind.FEEDBACK
    return None if HAPPENING.search(fold(text)) else Kind.PROPOSAL


_LANDMARK = re.compile(
    r"\b(?:trước|sau|cạnh|gần|đối diện|bên|ngay|tại|ở|qua|khu)(?: (?:cổng|mặt|phía))? "
    r"(?:nhà văn hóa|trường(?: (?:học|mầm non|tiểu học))?|trạm y tế|chợ|ủy ban|đình|chùa|sân bóng|bưu điện)\b"
)
_LANDMARK_FOLDED = re.compile(
    r"\b(?:truoc|sau|canh|gan|doi dien|ben|ngay|tai|o|qua|khu)(?: (?:cong|mat|phia))? "
    r"(?:nha van hoa|truong(?: (?:hoc|mam non|tieu hoc))?|tram y te|cho|uy ban|dinh|chua|san bong|buu dien)\b"
)


def _without_landmarks(text: str) -> str:
    """The text without places named to say where: a lamp before the school is no matter of schools."""
    if writes_accents(text):
        return _LANDMARK.sub(" ", _plain(text))
    return _LANDMARK_FOLDED.sub(" ", fold(text))


def guess_field(text: str, options: Iterable[FieldOption]) -> str:
    """The code of the one field most words point to, longer phrases weighing more; empty when level."""
    text = _without_landmarks(text)
    scores = sorted(((_score(text, option), option.code) for option in options), reverse=True)
    if not scores or scores[0][0] == 0:
        return ""
    is_level = len(scores) > 1 and scores[1][0] == scores[0][0]
    return "" if is_level else scores[0][1]


def _score(text: str, option: FieldOption) -> int:
    if writes_accents(text):
        hay, words = _plain(text), option.words
    else:
        hay, words = fold(text), option.folded_words
    return sum(len(word.split()) for word in words if f" {word} " in f" {hay} ")


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
