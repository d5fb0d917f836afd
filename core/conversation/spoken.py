"""How people write numbers, yes, no and the words that work at every step."""

import re

from core.conversation.events import Word
from core.text import fold

NUMBER = re.compile(r"(?:(?:so|chon|chon so|cau|muc|y|phuong an|so thu tu) )?(\d{1,2})")
NUMBER_WORDS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10,
}  # fmt: skip
NUMBER_WORDS_ACCENTED = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8,
    "chín": 9, "mười": 10,
}  # fmt: skip

YES = frozenset(
    {
        "vâng", "dạ", "ừ", "ừm", "uh", "uhm", "um", "u", "ok", "oke", "okay", "okie", "yes", "y", "đúng",
        "có", "phải", "đồng", "ý", "chuẩn", "rồi", "được", "vang",
    }
)  # fmt: skip
YES_FOLDED = frozenset(fold(word) for word in YES)
NO = frozenset(
    {
        "không", "khong", "ko", "k", "kg", "kh", "khg", "hong", "hông", "hổng", "hok", "chưa", "chua",
        "sai", "no", "nope", "đừng",
    }
)  # fmt: skip
NO_FOLDED = NO - {"không", "hông", "hổng", "chưa", "đừng"} | {"khong", "hong"}
FILLER = frozenset(
    {
        "a", "ạ", "nhé", "nhe", "nha", "nhá", "em", "tôi", "toi", "mình", "minh", "tui", "con", "cháu",
        "chau", "bác", "bac", "rồi", "roi", "thì", "thi", "là", "la", "đi", "di", "luôn", "luon", "vậy",
        "vay", "thế", "the", "đó", "do", "đấy", "day", "xác", "xac", "nguy", "hiểm", "hiem",
    }
)  # fmt: skip
NO_CODES = ("no", "other")

WORDS: dict[str, Word] = {
    "quay lai": Word.BACK,
    "tro lai": Word.BACK,
    "0": Word.BACK,
    "sua": Word.EDIT,
    "bo qua": Word.SKIP,
    "huy": Word.CANCEL,
    "huy bo": Word.CANCEL,
    "gap can bo": Word.PERSON,
    "noi chuyen voi can bo": Word.PERSON,
    "tiep": Word.AGAIN,
    "tiep tuc": Word.AGAIN,
    "tro giup": Word.HELP,
    "giup": Word.HELP,
    "huong dan": Word.HELP,
    "help": Word.HELP,
    "xong": Word.DONE,
    "xong roi": Word.DONE,
    "het": Word.DONE,
    "ho so": Word.TICKETS,
    "hoso": Word.TICKETS,
    "hs": Word.TICKETS,
    "tra cuu": Word.TICKETS,
    "tra cuu ho so": Word.TICKETS,
    "hoi ho so": Word.TICKETS,
    "toi muon hoi ho so": Word.TICKETS,
    "ho so cua toi": Word.TICKETS,
    "den dau roi": Word.TICKETS,
    "ho so den dau roi": Word.TICKETS,
    "xem ho so": Word.TICKETS,
    "viec moi": Word.NEW,
    "gui viec moi": Word.NEW,
    "rut": Word.WITHDRAW,
    "rut ho so": Word.WITHDRAW,
    "rut don": Word.WITHDRAW,
    "toi rut don": Word.WITHDRAW,
    "toi rut ho so": Word.WITHDRAW,
    "toi muon rut don": Word.WITHDRAW,
    "toi muon rut ho so": Word.WITHDRAW,
    "xin rut don": Word.WITHDRAW,
    "xin rut ho so": Word.WITHDRAW,
    "them": Word.ADD,
    "bo sung": Word.ADD,
    "start": Word.START,
    "bat dau": Word.START,
}
FINISHED = re.compile(
    r"(?:(?:da|ok|vang|em|toi|minh) )*(?:(?:ke|khai|chup|gui) )?(?:xong|het)"
    r"(?: (?:roi|r|a|nhe|nha|nhen|ok|em|ad|luon|do|day|oi|y|cam on|can bo))*"
    r"|(?:chi )?(?:co )?(?:the|vay|nhu vay|bay nhieu)(?: thoi)(?: (?:a|nhe|nha|em))*|done"
)
"""Ways to say that all is told, as the whole of a message."""
SENDING = frozenset({"gui", "gui di", "gui luon", "gui nhe", "gui nha", "send"})
WORD_BY_COMMAND = {name.replace(" ", ""): word for name, word in WORDS.items()}
ACCENTED_WORDS = {
    "sửa": "sua", "hủy": "huy", "huỷ": "huy", "tiếp": "tiep", "rút": "rut", "thêm": "them", "hết": "het",
    "giúp": "giup",
}  # fmt: skip
SHORT_FOLDED = frozenset(ACCENTED_WORDS.values())
