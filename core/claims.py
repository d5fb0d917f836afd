"""Words of an answer that claim that the matter is repaired: only an outcome with a photo may say so."""

import re

from core.text import clean, fold

_DONE = re.compile(r"\bđã (?:được |cơ bản )*(?:khắc phục|(?:xử l[ýí]|sửa|giải quyết|khắc phục) xong)\b")
_DONE_BARE = re.compile(r"\bda (?:duoc |co ban )*(?:khac phuc|(?:xu l[yi]|sua|giai quyet) xong)\b")
_NOT_YET = re.compile(r"\b(?:chưa|khi|nếu|chẳng|không phải|không thể)\b[^.,;:!?\n]{0,25}$")
_NOT_YET_BARE = re.compile(r"\b(?:chua|khi|neu|chang|khong phai|khong the)\b[^.,;:!?\n]{0,25}$")


def claims_fixed(text: str) -> bool:
    """Whether it says «đã khắc phục» or «đã xử lý xong», unless that is denied or only hoped for.

    Words without accents are read as such; accents decide where they are written («chùa» denies nothing).
    """
    words = clean(text).casefold()
    is_bare = fold(words) == fold(words.encode("ascii", "ignore").decode())
    done, not_yet = (_DONE_BARE, _NOT_YET_BARE) if is_bare else (_DONE, _NOT_YET)
    return any(not not_yet.search(words[: found.start()]) for found in done.finditer(words))
