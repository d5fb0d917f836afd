"""What the columns of a table mean, by the words above them, however an office puts them."""

import re

from rapidfuzz import fuzz

from core.text import fold
from plans.patterns import any_of

_UNIT = r"(?:cơ quan|đơn vị|bộ phận|phòng|cán bộ|người|cấp)"
_WHO = rf"(?:(?:các )?{_UNIT}[ ,/]{{0,2}}(?:cơ quan|đơn vị|địa phương)? ?)"
_WHEN = any_of("thời gian | thời hạn | tiến độ | hạn | thời điểm | ngày | mốc thời gian | hoàn thành")
_ANSWERS = any_of("chủ trì | thực hiện | tham mưu | phụ trách | trách nhiệm | đầu mối | chịu trách nhiệm")
_WHAT = any_of("nội dung | nhiệm vụ | công việc | hoạt động | tên | hạng mục | đầu việc | sự kiện | văn bản")
_REST = any_of("ghi chú | sản phẩm | kết quả | kinh phí | địa điểm | nguồn | số lượng")
_COLUMNS = (
    ("number", re.compile(r"^(?:stt|tt|số tt|số thứ tự)\b")),
    ("start", re.compile(rf"^(?:từ ngày|{_WHEN} (?:bắt đầu|khởi công|triển khai)|bắt đầu)$")),
    ("time", re.compile(rf"^{_WHEN}\b")),
    ("cooperate", re.compile(rf"^{_WHO}?phối hợp")),
    ("direct", re.compile(rf"^{_WHO}?(?:chỉ đạo|lãnh đạo|lãnh đạo phụ trách)\b")),
    ("lead", re.compile(rf"^(?:{_WHO}?{_ANSWERS}|phân công|{_WHO}$)")),
    ("task", re.compile(rf"^(?:các )?{_WHAT}")),
    ("other", re.compile(rf"^{_REST}")),
)
# Other wordings without accents; a heading that is nearly one of them, or holds it, means the same.
_WORDINGS = {
    "number": ("so thu tu", "stt", "tt"),
    "start": ("ngay bat dau", "tu ngay", "bat dau", "start"),
    "time": (
        "thoi han", "thoi gian", "han chot", "han cuoi", "han hoan thanh", "han xu ly", "ngay hoan thanh",
        "ngay ket thuc", "den ngay", "ket thuc", "deadline", "tien do", "khi nao", "xong truoc",
        "lich thuc hien", "due date",
    ),
    "cooperate": ("phoi hop", "don vi phoi hop", "cung thuc hien", "ho tro"),
    "direct": ("chi dao", "lanh dao phu trach", "lanh dao chi dao"),
    "lead": (
        "chu tri", "don vi chu tri", "co quan chu tri", "don vi thuc hien", "phu trach", "nguoi thuc hien",
        "nguoi phu trach", "phan cong", "dau moi", "giao cho", "ai lam", "don vi", "co quan", "bo phan",
    ),
    "task": (
        "viec", "viec can lam", "cong viec", "ten cong viec", "nhiem vu", "ten nhiem vu", "noi dung",
        "noi dung cong viec", "dau viec", "hoat dong", "mo ta", "viec phai lam", "dau muc cong viec",
    ),
    "other": ("ghi chu", "san pham", "ket qua", "kinh phi", "dia diem", "trang thai", "tinh trang", "can cu"),
}  # fmt: skip
_NEAR, _LONGEST_WORDS, _INSIDE_COSTS = 80, 8, 5


def meaning(text: str) -> str:
    """The role of a column by its heading in the spelling of `Source.low`; "" when the heading says none."""
    return next((role for role, rule in _COLUMNS if rule.search(text)), "")


def likely_meaning(text: str) -> str:
    """The same for a heading in unusual words or with slips of the pen: its nearest wording decides."""
    known = meaning(text)
    words = fold(text)
    if known or not words or len(words.split()) > _LONGEST_WORDS:
        return known
    scores = {role: max(_likeness(words, wording) for wording in _WORDINGS[role]) for role in _WORDINGS}
    best = max(scores, key=lambda role: scores[role])
    return best if scores[best] >= _NEAR else ""


def _likeness(words: str, wording: str) -> float:
    """From 0 to 100. Longer wordings count nearly as much inside other words: «Họ tên người phụ trách»."""
    inside = fuzz.partial_ratio(words, wording) - _INSIDE_COSTS if " " in wording else 0.0
    return max(fuzz.ratio(words, wording), inside)
