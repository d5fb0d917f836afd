"""Vietnamese as people type it, cut into syllables that can be compared: accents, tones, shorthand, typos."""

import re
from dataclasses import dataclass

from core.text import clean
from core.understanding.shorthand import SHORTHAND

_TONED = {
    "1": "áắấéếíóốớúứý",
    "2": "àằầèềìòồờùừỳ",
    "3": "ảẳẩẻểỉỏổởủửỷ",
    "4": "ãẵẫẽễĩõỗỡũữỹ",
    "5": "ạặậẹệịọộợụựỵ",
}
_FLAT = "aăâeêioôơuưy"
_TONE_OF = {letter: tone for tone, letters in _TONED.items() for letter in letters}
_UNTONED = str.maketrans(
    {toned: flat for row in _TONED.values() for toned, flat in zip(row, _FLAT, strict=True)}
)
_BARE = str.maketrans("ăâêôơưđ", "aaeooud")
_VOWELS = frozenset("aeiouăâêôơưy")

_PIECE = re.compile(r"[^\W_]+|[.,;:!?…\n()«»\"“”]")
_TRIPLED = re.compile(r"([^\W\d_])\1{2,}")
_MONEY = re.compile(r"\d+(?:k|tr|đ|d|củ|cu|ngàn|ngan|triệu|trieu|vnd|vnđ)\w{0,4}")
BREAK = "."
"""What stands for punctuation: no phrase reaches across it."""

_CLEAR_SHARE = 0.5
_BARE_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Syllables:
    """A text as three rows of equal length, from strict to lenient.

    `exact`: letters, then the tone as a digit, so that «hoà» and «hòa» are one. `soft`: the tones hỏi and ngã
    are one, as half the country writes them. `bare`: a–z only. `is_bare`: the writer uses (almost) none;
    `is_mixed`: some syllables have lost theirs.
    """

    exact: tuple[str, ...]
    soft: tuple[str, ...]
    bare: tuple[str, ...]
    is_bare: bool
    is_mixed: bool


def exact_of(word: str) -> str:
    """One lower-case syllable: its letters without the tone, i for a final y, then the tone's digit."""
    if word[0].isdigit():
        return _number(word)
    tone = ""
    if not word.isascii():
        tone = next((_TONE_OF[letter] for letter in word if letter in _TONE_OF), "")
        word = word.translate(_UNTONED)
    if len(word) > 1 and word[-1] == "y" and word[-2] not in _VOWELS:
        word = word[:-1] + "i"
    return word + tone


def soft_of(exact: str) -> str:
    """The same with one tone for hỏi and ngã."""
    return exact[:-1] + "3" if exact[-1:] == "4" else exact


def bare_of(exact: str) -> str:
    """The same without accents."""
    return (exact if exact.isascii() else exact.translate(_BARE)).rstrip("12345")


def _pieces(text: str) -> list[str]:
    """Syllables and punctuation in lower case, «lắmmmm» as «lắm»."""
    return _PIECE.findall(_TRIPLED.sub(r"\1", clean(text).casefold()))


def _number(piece: str) -> str:
    """«#» for a number, «#tien» for a sum; «4g» and «m2» are words."""
    if piece.isdigit():
        return "#"
    return "#tien" if _MONEY.fullmatch(piece) else piece


def syllables(text: str) -> Syllables:
    """The text cut up; numbers become «#», sums of money «#tien», shorthand is written out."""
    pieces = _pieces(text)
    words = [piece for piece in pieces if piece[0].isalpha()]
    with_accents = sum(not word.isascii() for word in words)
    exact: list[str] = []
    for piece in pieces:
        if piece[0].isalpha():
            exact.extend(exact_of(word) for word in SHORTHAND.get(piece, piece).split())
        elif piece[0].isdigit():
            exact.append(exact_of(piece))
        else:
            exact.append(BREAK)
    share = with_accents / len(words) if words else 1.0
    return Syllables(
        tuple(exact),
        tuple(map(soft_of, exact)),
        tuple(map(bare_of, exact)),
        is_bare=share < _BARE_SHARE,
        is_mixed=share < _CLEAR_SHARE,
    )
