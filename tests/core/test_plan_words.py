"""What an officer types while a plan is under review."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversation.plan_words import MOST_NUMBERS, ReviewAct, ReviewWish, read, written


@pytest.mark.parametrize(
    ("text", "act", "numbers", "words"),
    [
        ("sửa 3 hạn 14/6", ReviewAct.DUE, (3,), "14/6"),
        ("Sua 3: han truoc 14/6", ReviewAct.DUE, (3,), "truoc 14/6"),
        ("sửa hạn 3 thành 14/6/2026", ReviewAct.DUE, (3,), "14/6/2026"),
        ("sửa 3 14/6", ReviewAct.DUE, (3,), "14/6"),
        ("sửa 3, 5-7 đơn vị Phòng Kinh tế", ReviewAct.UNIT, (3, 5, 6, 7), "Phòng Kinh tế"),
        ("sửa đơn vị việc 3 là CAX", ReviewAct.UNIT, (3,), "CAX"),
        ("sửa 3 việc Thành lập 2 tổ", ReviewAct.TITLE, (3,), "Thành lập 2 tổ"),
        ("sửa tên việc 3 thành Báo cáo năm", ReviewAct.TITLE, (3,), "Báo cáo năm"),
        ("sửa tên 3 Thành lập tổ", ReviewAct.TITLE, (3,), "Thành lập tổ"),
        ("sửa việc 3", ReviewAct.FIX, (3,), ""),
        ("sửa việc 3 hạn 14/6", ReviewAct.DUE, (3,), "14/6"),
        ("sửa 3,5 hạn 14/6", ReviewAct.DUE, (3, 5), "14/6"),
        ("bỏ việc số 3", ReviewAct.DROP, (3,), ""),
        ("bỏ 1-300", ReviewAct.TOO_MANY, (), ""),
        ("sửa 1-150, 160-250 hạn 14/6", ReviewAct.TOO_MANY, (), ""),
        ("bỏ 5", ReviewAct.DROP, (5,), ""),
        ("bo viec 5, 6 va 9", ReviewAct.DROP, (5, 6, 9), ""),
        ("lấy lại 5", ReviewAct.RESTORE, (5,), ""),
        ("xem 3", ReviewAct.VIEW, (3,), ""),
        ("3", ReviewAct.VIEW, (3,), ""),
        ("trang 2", ReviewAct.PAGE, (2,), ""),
        ("tiếp", ReviewAct.NEXT, (), ""),
        ("Hoàn tác", ReviewAct.UNDO, (), ""),
        ("mở trang", ReviewAct.LINK, (), ""),
        ("Xong!", ReviewAct.FINISH, (), ""),
    ],
)
def test_a_wish_is_read_with_and_without_accents(
    text: str, act: ReviewAct, numbers: tuple[int, ...], words: str
) -> None:
    assert read(text) == ReviewWish(act, numbers, words)
    decomposed = read(unicodedata.normalize("NFD", text))
    assert decomposed == ReviewWish(act, numbers, unicodedata.normalize("NFC", words))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sửa",
        "bỏ",
        "bỏ qua",
        "sửa giúp tôi",
        "12/3",
        "5 6",
        "sửa 99999 hạn 1/1",
        "bỏ 7-5, 3",
        "bỏ 3 với 5",
        "chưa xong",
    ],
)
def test_what_is_no_wish_is_none(text: str) -> None:
    assert read(text) is None


@given(st.sets(st.integers(1, 9999), min_size=1, max_size=MOST_NUMBERS))
def test_numbers_as_we_write_them_are_read_as_they_were(numbers: set[int]) -> None:
    assert written([1, 2, 3, 5, 8, 9]) == "1-3, 5, 8-9"
    wish = read(f"sửa {written(sorted(numbers))} đơn vị Công an xã")
    assert wish == ReviewWish(ReviewAct.UNIT, tuple(sorted(numbers)), "Công an xã")


@given(st.text(max_size=40) | st.from_regex(r"(sửa|bỏ|xem) [0-9 ,;.-]{0,60}x?", fullmatch=True))
def test_reading_never_fails_and_names_few_numbers(text: str) -> None:
    wish = read(text)
    assert wish is None or len(wish.numbers) <= MOST_NUMBERS
