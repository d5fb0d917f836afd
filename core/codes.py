"""Ticket numbers for talking and secret codes for looking up: alphabets, check characters, spelling."""

import re

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""32 symbols; O, 0, I and 1 are left out because people mix them up."""
_DIGITS = "23456789"
_NUMBER = re.compile(rf"\bPA[\s.-]?([{_LETTERS}]{{3}})[\s.-]?([{_DIGITS}]{{3}})\b", re.IGNORECASE)

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
SECRET_LENGTH = 12

NUMBERS = len(_LETTERS) ** 3 * len(_DIGITS) ** 2
"""How many ticket numbers there are."""


def ticket_number(index: int) -> str:
    """The `index`-th number PA-XXX-DDD, 0 <= index < NUMBERS; its last digit checks the rest."""
    index, first = divmod(index, len(_DIGITS))
    index, second = divmod(index, len(_DIGITS))
    letters = ""
    for _ in range(3):
        index, place = divmod(index, len(_LETTERS))
        letters += _LETTERS[place]
    digits = _DIGITS[first] + _DIGITS[second]
    return f"PA-{letters}-{digits}{_check_digit(letters + digits)}"


def find_number(text: str) -> str | None:
    """The first well-formed ticket number in the text, in its written form, or None.

    A misheard number fails its check digit and is not taken for another person's.
    """
    for match in _NUMBER.finditer(text):
        letters, digits = match.group(1).upper(), match.group(2)
        if digits[2] == _check_digit(letters + digits[:2]):
            return f"PA-{letters}-{digits}"
    return None


def handle(number: str) -> str:
    """The last three digits, which name a ticket while they are unique among the open ones."""
    return number[-3:]


def secret_code(index: int) -> str:
    """The secret code of a 60-bit number: 12 Crockford base-32 characters and a check character."""
    characters = ""
    for _ in range(SECRET_LENGTH):
        index, place = divmod(index, 32)
        characters += CROCKFORD[place]
    return characters + _check_character(characters)


def spell_secret(code: str) -> str:
    """The code in groups of four, as it is printed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read_secret(text: str) -> str | None:
    """The code a person typed, without spaces and look-alikes, or None when its check character is wrong."""
    code = re.sub(r"[\s.-]", "", text).upper().translate(_LOOK_ALIKES)
    if len(code) != SECRET_LENGTH + 1 or any(character not in CROCKFORD for character in code):
        return None
    return code if code[-1] == _check_character(code[:-1]) else None


def _check_digit(symbols: str) -> str:
    total = sum((2 * place + 1) * _LETTERS.index(symbol) for place, symbol in enumerate(symbols))
    return _DIGITS[total % len(_DIGITS)]


def _check_character(characters: str) -> str:
    total = sum((2 * place + 1) * CROCKFORD.index(character) for place, character in enumerate(characters))
    return CROCKFORD[total % 32]
