"""Vietnamese text: one normal form, one way to compare, one way to cut."""

import re
import unicodedata

# Invisible and direction-changing characters have no place in a message: they only disguise words.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_COMBINING_RUN = re.compile("([\u0300-\u036f]{2})[\u0300-\u036f]+")
_COMBINING = re.compile("[\u0300-\u036f]+")
_NOT_WORD = re.compile(r"[^\w]+")
_SENTENCE_END = re.compile(r"(?<=[.!?…:;])\s+|\n+")


def clean(text: str) -> str:
    """The text in NFC without invisible characters and with at most two combining marks per letter."""
    if not text.isascii():
        text = _COMBINING_RUN.sub(r"\1", unicodedata.normalize("NFC", text))
    elif text.isprintable():
        return text.strip()
    return _INVISIBLE.sub("", text).strip()


def fold(text: str) -> str:
    """Lower case without accents, đ as d, punctuation as single spaces: for comparing only."""
    letters = text.casefold()
    if not letters.isascii():
        letters = _COMBINING.sub("", unicodedata.normalize("NFD", letters.replace("đ", "d")))
    return _NOT_WORD.sub(" ", letters).strip()


def clip(text: str, limit: int) -> str:
    """At most `limit` characters on one line, cut at a word with an ellipsis."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    head, _, _ = cut.rpartition(" ")
    return (head if len(head) > limit // 2 else cut).rstrip(",.;: ") + "…"


def utf16_length(text: str) -> int:
    """Length in UTF-16 units, which is how Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def split_message(text: str, limit: int) -> list[str]:
    """Pieces of at most `limit` UTF-16 units, cut at sentences or lines, else at words, else anywhere.

    More than one piece carries "(1/3)" in front. Joined without those marks the pieces hold every word.
    """
    if utf16_length(text) <= limit:
        return [text]
    room = limit - 10
    pieces: list[str] = []
    rest = text
    while rest:
        head = _head(rest, room)
        pieces.append(head.rstrip())
        rest = rest[len(head) :].lstrip()
    return [f"({i}/{len(pieces)}) {piece}" for i, piece in enumerate(pieces, 1)]


def _head(text: str, room: int) -> str:
    if utf16_length(text) <= room:
        return text
    window = text[:room]
    while utf16_length(window) > room:
        window = window[:-1]
    ends = [match.end() for match in _SENTENCE_END.finditer(window) if match.end() > room // 3]
    if ends:
        return window[: ends[-1]]
    space = window.rfind(" ")
    return window[:space] if space > room // 3 else window


_DIGIT_RUN = re.compile(r"\d(?:[ .\-]{0,2}\d){7,}")


def mask_digits(text: str) -> str:
    """Runs of eight or more digits (phone, identity card, bank account) replaced by dots."""
    return _DIGIT_RUN.sub("••••••••", text)
