"""What the checks find in a story: several matters, and numbers that are nobody else's business."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversation.draft import Place
from core.conversation.matters import split_matters
from core.conversation.places import KnownPlace, doubtful_place, find_place
from core.conversation.private_numbers import cover_numbers, find_numbers


@pytest.mark.parametrize(
    ("story", "second"),
    [
        ("1. Đèn đường tắt ba hôm\n2. Rác đầy ngõ chợ", "Rác đầy ngõ chợ"),
        ("Có hai việc: 1) đèn đường tắt tuần nay, 2) rác không ai thu gom", "rác không ai thu gom"),
        ("Thứ nhất, đường hỏng nặng. Thứ hai, đèn không sáng", "Thứ hai, đèn không sáng"),
        ("mot la duong hu nhieu lam, hai la cong bi tac nuoc", "hai la cong bi tac nuoc"),
        ("Đường hỏng lắm. Việc thứ hai là chó thả rông", "Việc thứ hai là chó thả rông"),
        (
            "Đèn tắt cả tuần. Ngoài ra tôi xin phản ánh rác đổ đầy đường",
            "Ngoài ra tôi xin phản ánh rác đổ đầy đường",
        ),
        ("Đường hỏng nhiều quá. Còn một việc nữa là chó thả rông", "Còn một việc nữa là chó thả rông"),
    ],
)
def test_matters_are_told_apart_by_the_citizens_own_marks(story: str, second: str):
    assert split_matters(story)[1:] == (second,)


def test_three_numbered_matters_are_three():
    assert len(split_matters("1. Đèn đường tắt lâu\n2. Rác đổ đầy ngõ\n3. Chó thả rông khắp xóm")) == 3


@pytest.mark.parametrize(
    "story",
    [
        "Đèn hỏng từ tối thứ hai. Xin sửa giúp tôi",
        "Đèn đường hỏng. Thứ hai tuần trước có người đến xem rồi thôi",
        "Nhà số 1. Tổ 2. Đường hỏng lắm rồi",
        "Đường trước nhà hỏng, không còn việc gì khác",
        "2. Rác đầy ngõ chợ cả tuần nay",
        "1. Có\n2. Không",
    ],
)
def test_one_matter_stays_one(story: str):
    assert split_matters(story) == ()


@given(st.text(alphabet="12. việcthứnhaìđè\n,;", max_size=200))
def test_splitting_loses_no_letter(story: str):
    pieces = split_matters(story)
    kept = "".join("".join(pieces).split())
    assert not pieces or [c for c in kept if c.isalpha()] == [c for c in story if c.isalpha()]


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("CCCD 012345678901 của ông ấy", "CCCD •••••••••901 của ông ấy"),
        ("can cuoc so 012 345 678 901", "can cuoc so ••• ••• ••• 901"),
        ("chứng minh 123456789", "chứng minh ••••••789"),
        ("chuyển vào stk 19034567890123", "chuyển vào stk •••••••••••123"),
        ("hộ chiếu C1234567 bị mất", "hộ chiếu •••••567 bị mất"),
        ("thẻ BHYT DN4797912345678 nhé", "thẻ BHYT ••••••••••••678 nhé"),
    ],
)
def test_numbers_of_papers_and_accounts_are_covered_but_for_their_end(text: str, covered: str):
    assert cover_numbers(text) == covered


@pytest.mark.parametrize(
    "text",
    [
        "gọi tôi 0912 345 678",
        "số +84 912 345 678 nhé",
        "đóng 100.000.000 đồng",
        "hết 150000000 đồng",
        "thu 12.500.000",
        "hồ sơ 000.11.22.H12-250101-0001",
        "ngày 20/11/2026 lúc 19 giờ",
        "ở 21.028511, 105.804817",
        "Quyết định số 1234/QĐ-UBND",
    ],
)
def test_telephones_money_dates_and_papers_of_offices_stay(text: str):
    assert find_numbers(text) == ()
    assert cover_numbers(text) == text


PLACES = (
    KnownPlace("thôn Bình Minh", formerly=("thôn Hòa An", "xóm 7")),
    KnownPlace("chợ Cầu Mới"),
    KnownPlace("xã Đá Trắng", contact="0299 000 0200"),
)


@pytest.mark.parametrize("words", ["đầu thôn Hòa An", "dau thon hoa an, gan cho", "XÓM 7 phía dưới"])
def test_an_old_name_is_found_with_or_without_accents(words: str):
    found = find_place(words, PLACES)
    assert found is not None
    assert found.place.name == "thôn Bình Minh"
    assert found.is_doubtful


def test_a_present_name_of_ours_needs_no_question_even_beside_a_neighbour():
    found = find_place("đường từ chợ Cầu Mới sang xã Đá Trắng", PLACES)
    assert found is not None
    assert found.place.name == "chợ Cầu Mới"
    assert not found.is_doubtful


def test_part_of_a_longer_name_is_another_place():
    assert find_place("ở xóm 75", PLACES) is None


def test_a_pin_is_not_asked_about_by_its_words():
    assert doubtful_place(Place("thôn Hòa An", latitude=21.0, longitude=105.0), PLACES) is None
