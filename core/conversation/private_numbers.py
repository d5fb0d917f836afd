"""Numbers in a story that look like papers or bank accounts of somebody, so that they can be covered."""

import re

from core.phones import vietnamese_phone
from core.text import fold

_RUN = re.compile(r"(?<![\w.,/-])[A-Za-z]{0,2}\d(?:[ .-]?\d){6,18}(?![\w/]|[.,]\d)")
_MONEY_AFTER = re.compile(
    r"\s*(?:₫|đ|đồng|dong|vnd|vnđ|triệu|trieu|tỷ|tỉ|ty|usd|m2|m²|kg|lít)\b", re.IGNORECASE
)
_AMOUNT = re.compile(r"[1-9]\d{0,2}(?:[. ]\d{3})+|\d{1,3}\.\d{4,}")
"""Grouped as money is, or a decimal as coordinates are."""
_NAMED_BEFORE = re.compile(
    r"\b(?:stk|tk|tai khoan|ngan hang|bank|vietcombank|agribank|vietinbank|bidv|techcombank|momo|atm|so the|"
    r"cccd|cmnd|cmt|can cuoc|chung minh|ho chieu|passport|dinh danh|bhxh|bhyt|ma so thue|mst)\b"
)
_LOOK_BACK = 40
_IDENTITY_LENGTHS = (9, 12)
_SHOWN_END = 3


def find_numbers(text: str) -> tuple[str, ...]:
    """The runs of digits that look like an identity paper, a card or an account, as they were written."""
    return tuple(match[0] for match in _RUN.finditer(text) if _is_private(text, match))


def cover_numbers(text: str) -> str:
    """The text with those runs covered but for the last three digits, by which their writer knows them."""
    return _RUN.sub(lambda match: _covered(match[0]) if _is_private(text, match) else match[0], text)


def _covered(run: str) -> str:
    hidden, shown = run[:-_SHOWN_END], run[-_SHOWN_END:]
    return "".join("•" if sign.isalnum() else sign for sign in hidden) + shown


def _is_private(text: str, match: re.Match[str]) -> bool:
    run = match[0]
    digits = "".join(sign for sign in run if sign.isdecimal())
    if vietnamese_phone(digits) or _MONEY_AFTER.match(text, match.end()) or _AMOUNT.fullmatch(run):
        return False
    before = fold(text[max(match.start() - _LOOK_BACK, 0) : match.start()])
    is_named = _NAMED_BEFORE.search(before) is not None
    return is_named or len(digits) in _IDENTITY_LENGTHS
