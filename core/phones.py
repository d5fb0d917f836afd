"""Vietnamese telephone numbers."""

import re

_PHONE_SIGNS = re.compile(r"[\s.\-()]+")


def vietnamese_phone(text: str) -> str:
    """The number as 0…, with +84 understood; empty when it is no Vietnamese mobile or fixed number."""
    digits = _PHONE_SIGNS.sub("", text)
    digits = re.sub(r"^(?:\+|00)?84(?=\d{9,10}$)", "0", digits)
    return digits if re.fullmatch(r"0[35789]\d{8}|02\d{9}", digits, re.ASCII) else ""
