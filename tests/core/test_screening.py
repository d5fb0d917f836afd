"""Words that warn, and words that only look like it."""

import pytest

from core.conversation import screening
from core.conversation.context import FieldOption
from core.conversation.draft import Kind
from tests.core.citizen import FIELDS


@pytest.mark.parametrize(
    "text",
    [
        "Cháy nhà ở thôn 3, cứu với",
        "co chay nha o thon 3",
        "Có người đang đánh nhau, cầm dao",
        "Dây điện bị đứt rơi xuống đường",
        "bạn em uống thuốc ngủ rồi bất tỉnh",
        "duoi nuoc o ho",
        "Nó dọa giết tôi",
    ],
)
def test_danger_is_seen(text: str):
    assert screening.is_emergency(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ống nước bể chảy lênh láng",
        "ong nuoc be chay lenh lang",
        "Bán cháy hàng, đẹp cháy luôn",
        "Nắng cháy da mà không có chỗ che",
        "Đề nghị tập huấn cứu hộ đuối nước cho học sinh",
        "Hôm qua có tai nạn ở khúc cua này, đề nghị lắp biển báo",
        "xe chay nhanh qua khu dan cu",
        "tu tu roi lam cung duoc",
    ],
)
def test_harmless_words_are_no_danger(text: str):
    assert not screening.is_emergency(text)


@pytest.mark.parametrize(
    "text",
    [
        "Tôi tố cáo trưởng thôn",
        "to cao ong truong thon an chan tien",
        "Cán bộ vòi tiền mới làm",
        "ke toan an hoi lo",
    ],
)
def test_accusations_are_seen(text: str):
    assert screening.is_denunciation(text)


@pytest.mark.parametrize(
    "text",
    [
        "cây to cao che hết đèn đường",
        "cay to cao che het den duong",
        "nha to cao qua che nang",
        "Học sinh có tố chất mà thiếu sân bóng",
        "Cho em hỏi muốn tố cáo thì nộp ở đâu",
    ],
)
def test_tall_trees_accuse_nobody(text: str):
    assert not screening.is_denunciation(text)


def test_a_complaint_is_against_a_decision_and_asking_how_is_none():
    assert screening.is_complaint("Tôi không đồng ý với quyết định xử phạt")
    assert screening.is_complaint("toi muon khieu nai quyet dinh thu hoi dat")
    assert not screening.is_complaint("Cho em hỏi muốn khiếu nại thì nộp ở đâu?")
    assert not screening.is_complaint("Đèn đường tắt ba hôm nay")


def test_the_field_is_guessed_only_when_one_stands_out():
    assert screening.guess_field("Đèn đường tắt", FIELDS) == "field_3"
    assert screening.guess_field("den duong tat", FIELDS) == "field_3"
    assert screening.guess_field("rác và ổ gà", FIELDS) != "field_3"
    assert screening.guess_field("đèn và rác", FIELDS) == ""
    assert screening.guess_field("trời mưa", FIELDS) == ""


def test_a_typed_word_finds_fields_with_or_without_accents():
    assert screening.search_fields("đèn", FIELDS) == ("field_2", "field_3")
    assert screening.search_fields("den", FIELDS) == ("field_2", "field_3")
    assert screening.search_fields("giao duc", FIELDS) == ("field_5",)
    assert screening.search_fields("x", FIELDS) == ()


def test_a_proposal_is_told_from_a_report_when_the_words_are_clear():
    assert screening.clear_kind("Đề nghị xã mở lớp dạy bơi") is Kind.PROPOSAL
    assert screening.clear_kind("Đèn đường tắt ba hôm nay") is Kind.FEEDBACK
    assert screening.clear_kind("Đường hỏng, kiến nghị sửa") is None


def test_a_place_named_to_say_where_is_not_the_matter() -> None:
    options = [
        FieldOption("lamps", "Chiếu sáng", ("đèn đường",), ("den duong",)),
        FieldOption("culture", "Văn hóa", ("nhà văn hóa",), ("nha van hoa",)),
    ]
    assert screening.guess_field("Đèn đường trước nhà văn hóa thôn 3 hỏng", options) == "lamps"
    assert screening.guess_field("den duong gan nha van hoa hong", options) == "lamps"
    assert screening.guess_field("Nhà văn hóa bị dột", options) == "culture"
