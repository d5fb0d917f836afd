"""Small pieces that the patterns of this package are built from.

Patterns read text from `plans.source.lowered`: single spaces, lower case, one kind of dash. No repeat
stands inside a repeat and every repeat is bounded, so reading time grows only with the length of the text.
"""

import re

_BETWEEN = re.compile(r" \| |\n")


def any_of(words: str) -> str:
    """A pattern for one of the entries, parted by lines or " | ". Longer entries are tried first."""
    entries = [entry.strip() for entry in _BETWEEN.split(words) if entry.strip()]
    return f"(?:{'|'.join(sorted(entries, key=len, reverse=True))})"


# A date as it stands in a citation or behind a word: 15/3/2023, 15 tháng 3 năm 2023, 15/3.
FULL_DATE = r"(?:\d{1,2} ?[/.\-] ?\d{1,2}(?: ?[/.\-] ?\d{2,4})?|\d{1,2} tháng \d{1,2}(?: năm \d{4})?)"
YEAR_BEHIND = r"(?: ?[/.\-] ?(?P<y>\d{4})(?!\d)|,? năm (?P<y2>\d{4}))?"

_ONES = ("", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def _number_words() -> dict[str, int]:
    words = {word: value for value, word in enumerate(_ONES) if value} | {"tư": 4, "mười": 10, "mười lăm": 15}
    words |= {f"mười {_ONES[one]}": 10 + one for one in range(1, 10)}
    words |= {f"hai mươi {_ONES[one]}": 20 + one for one in range(2, 10)}
    words |= {"hai mươi": 20, "hai mươi mốt": 21, "hai mươi tư": 24, "hai mươi lăm": 25}
    return words | {"ba mươi": 30, "ba mươi mốt": 31}


NUMBER_WORDS = _number_words()
_SPELLED = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
NUMBER = rf"(?:\d{{1,3}}|{_SPELLED})"
DAY_NUMBER = rf"(?:\d{{1,2}}|{_SPELLED})"
WEEKDAY = r"(?:thứ (?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ nhật)"


def number(word: str) -> int:
    """The value of digits or of a number in words."""
    return NUMBER_WORDS[word] if word in NUMBER_WORDS else int(word)


def full_year(match: re.Match[str]) -> int | None:
    """The year that a match names in its groups `y` or `y2`; two digits mean this century."""
    groups = match.groupdict()
    digits = groups.get("y") or groups.get("y2")
    if not digits:
        return None
    return int(digits) if len(digits) == 4 else 2000 + int(digits)
