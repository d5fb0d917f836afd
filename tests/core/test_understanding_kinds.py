"""What a message is, and what it warns of: with accents and without, in shorthand and in dialect."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversation.draft import Kind
from core.understanding import understand


def warned(text: str) -> set[Kind]:
    return {caution.kind for caution in understand(text).warnings}


@pytest.mark.parametrize(
    "text",
    [
        "Nhà anh Tư lửa ngùn ngụt, xe cứu hỏa sao chưa tới",
        "Mấy đứa nhỏ tắm sông một đứa chìm rồi, chưa vớt được",
        "ba toi nam ngat duoi nen, goi khong dap",
        "Nó đang cầm mã tấu đứng trước cửa nhà tui",
        "Nước lên ngang cửa sổ rồi, nhà có 2 cụ già",
        "Đất sau nhà vừa đổ ập xuống, còn hai người trong đó",
        "mùi gas nồng nặc cả dãy trọ, k ai dám bật đèn",
        "xe khach lat duoi deo, nhieu nguoi bi thuong",
        "Con tôi lỡ uống nhầm thuốc diệt cỏ",
        "học trò ăn xong ói hết, gần 20 em xỉu",
        "Chị ấy nói không sống nữa, ôm con ra cầu khóc",
        "em bị chồng nhốt trong phòng, nó lấy điện thoại chính",
    ],
)
def test_danger_to_people_is_seen(text: str) -> None:
    assert Kind.EMERGENCY in warned(text)


@pytest.mark.parametrize(
    "text",
    [
        "Hôm kia cháy bãi cỏ sau trường, may dập kịp, đề nghị phát quang",
        "Đề nghị diễn tập chữa cháy cho khu trọ",
        "Nắng như đổ lửa mà trường không có quạt",
        "Khúc cua này hay xảy ra tai nạn, xin gắn gương",
        "Trẻ con hay ra hồ tắm, dễ đuối nước, đề nghị cắm biển",
        "Cúp điện nóng muốn chết",
        "xe may chay xe nhanh qua hem",
        "Kẹt xe cứng trước chợ giờ tan tầm",
        "Mấy con bò chết do rét, xin hỗ trợ",
    ],
)
def test_what_is_past_imagined_or_a_figure_of_speech_is_no_danger(text: str) -> None:
    assert Kind.EMERGENCY not in warned(text)


@pytest.mark.parametrize(
    "text",
    [
        "Anh H ở địa chính bảo đưa 10 triệu thì sổ ra trong tuần",
        "Kế toán xã làm hai bộ chứng từ, tiền chênh đút túi",
        "truong ap ghi ten nguoi chet de linh tien ho tro",
        "Bằng đại học của ông phó là mua, tôi có chứng cứ",
        "ông kiểm lâm cho xe gỗ qua trạm mỗi chuyến 2 triệu",
        "can bo xa danh dan ngay tai tru so",
        "Phó chủ tịch ký giấy giao đất nghĩa địa cho em ruột xây nhà",
    ],
)
def test_an_accusation_is_seen_without_the_word_for_it(text: str) -> None:
    assert Kind.DENUNCIATION in warned(text)


@pytest.mark.parametrize(
    "text",
    [
        "toi khong to cao ai, chi mong sua duong",
        "Xem tivi thấy bắt mấy ông tham nhũng mà mừng",
        "Cán bộ ở đây không vòi vĩnh, làm nhanh, cảm ơn",
        "Thôn thu quỹ phòng chống thiên tai chưa có biên lai",
        "Cán bộ bảo đưa thêm giấy xác nhận mới nhận hồ sơ",
    ],
)
def test_denial_hearsay_and_praise_accuse_nobody(text: str) -> None:
    assert Kind.DENUNCIATION not in warned(text)


@pytest.mark.parametrize(
    "text",
    [
        "Xã bảo nhà tôi lấn đất công rồi ra quyết định bắt dỡ, tôi không chấp nhận",
        "Tôi bị phạt 4 triệu vì xây chuồng, trong khi nhà khác không ai phạt, yêu cầu xem lại",
        "me toi dang huong bao tro tu nhien bi cat, de nghi khoi phuc",
        "khong dong y muc den bu 80 ngan mot met",
        "Quán tôi bị đình chỉ một tháng, vô lý quá",
        "Tôi bị buộc thôi việc không đúng trình tự",
    ],
)
def test_disagreement_with_what_was_decided_about_the_writer_is_a_complaint(text: str) -> None:
    assert Kind.COMPLAINT in warned(text)


@pytest.mark.parametrize(
    "text",
    [
        "Xử phạt nghiêm mấy người đổ rác trộm giùm",
        "Chưa nhận tiền đền bù, mong xã trả lời khi nào có",
        "Tôi đồng ý với phương án đền bù, khi nào nhận tiền",
        "Tôi muốn hỏi làm đơn khiếu nại thì gửi chỗ nào",
        "Quyết định sáp nhập thôn khi nào có hiệu lực vậy",
    ],
)
def test_asking_waiting_and_calling_for_fines_are_no_complaint(text: str) -> None:
    assert Kind.COMPLAINT not in warned(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Làm giấy khai sinh cần giấy tờ gì ạ", Kind.QUESTION),
        ("cho em hoi lam can cuoc o dau", Kind.QUESTION),
        ("Đề nghị lắp thêm đèn ở ngõ 4", Kind.PROPOSAL),
        ("Đống gạch vỡ chắn lối đi cả tuần", Kind.FEEDBACK),
        ("xin chào", Kind.OTHER),
        ("🙏🙏", Kind.OTHER),
        ("Cảm ơn xã, đèn sáng rồi, tuyệt vời", Kind.OTHER),
        ("Tôi gửi nhầm, cho rút phản ánh", Kind.OTHER),
    ],
)
def test_what_warns_of_nothing_has_its_ordinary_kind(text: str, kind: Kind) -> None:
    assert understand(text).kind is kind


def test_a_warning_says_by_which_words() -> None:
    (caution,) = understand("Kế toán xã làm hai bộ chứng từ, bỏ túi").warnings
    assert "hai bộ chứng từ" in caution.words


@given(st.text(max_size=200))
def test_any_text_is_understood_as_something(text: str) -> None:
    found = understand(text)
    assert found.fields[0] == found.field
    assert 1 <= len(found.fields) <= 3
    assert len(set(found.fields)) == len(found.fields)


def test_a_very_long_text_is_read_to_its_end() -> None:
    assert Kind.EMERGENCY in warned("đường hỏng ổ gà, " * 4000 + "cháy nhà, cứu với")
