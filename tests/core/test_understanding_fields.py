"""The field of a message, from the words of every region."""

import pytest

from core.conversation import screening
from core.conversation.context import FieldOption
from core.understanding import understand
from core.understanding.field_words import FIELD_WORDS

TOLD = {
    "dat_dai": (
        "Giáp ranh nhà ông T cứ nhổ cọc mốc quăng đi",
        "may ong co dat chia lo ban nen giua dong",
    ),
    "gpmb_tdc": ("Kiểm đếm cây keo nhà em thiếu, mong đếm lại", "bao gio tra tien den bu cho dan bi lay dat"),
    "moi_truong": (
        "Heo chết ai quăng trôi kênh thối um lên",
        "xuong go chay may suot dem, mat cua bay vo nha",
    ),
    "xay_dung_do_thi": (
        "Dán quảng cáo khoan cắt bê tông đầy tường",
        "Nhà hàng xóm xây thêm tầng không có giấy phép xây dựng",
    ),
    "giao_thong": ("ổ gà chi chít, tối đi k thấy j, té mấy lần rồi", "xe ben cho dat lam nat con lo moi"),
    "dien_chieu_sang": ("Tiền điện tháng này tăng gấp đôi, nhờ kiểm tra công tơ", "con hem toi thui"),
    "cap_thoat_nuoc": ("Nước máy mấy hôm nay đục ngầu, có mùi clo", "hem mua la ngap toi dau goi"),
    "an_ninh_trat_tu": ("Sòng bài trong vườn nhà bà Tư ngày nào cũng đông", "trom vao lay xe may toi qua"),
    "nguoi_co_cong": ("Bố tôi là thương binh, thẻ bị mất xin cấp lại", "ong noi bi nhiem chat doc da cam"),
    "an_sinh_xa_hoi": (
        "Bà cụ ở một mình trong căn nhà lá dột",
        "me toi 80 tuoi chua co tien tro cap nguoi gia",
    ),
    "y_te_attp": ("Hết thuốc huyết áp, lên trạm bảo về mua ngoài", "lo mo heo lau gan nha"),
    "giao_duc": ("Cô bảo đóng thêm tiền máy lạnh, nói tự nguyện", "co giao ep chau di hoc them"),
    "nong_nghiep_thuy_loi": ("Khỉ xuống phá ngô, đuổi không xuể", "tram bom hu may, lua kho het"),
    "thu_tuc_hanh_chinh": (
        "Nộp trên mạng báo lỗi hoài, ra quầy thì bảo về",
        "sao y co may to ma doi het buoi",
    ),
    "thai_do_can_bo": ("Chị ngồi quầy 3 nói chuyện với dân như ban ơn", "can bo noi chuyen cut ngun"),
    "thuong_mai_thi_truong": ("Cây xăng đầu xã bơm thiếu", "thuong lai dat coc roi bo"),
    "van_hoa_thong_tin": ("Loa đầu xóm phát rè rè không nghe được gì", "song dien thoai o ban khong co"),
    "thien_tai_pctt": ("Bờ sông ăn vào sát chân nhà", "tien ho tro nha sap do lut nam ngoai"),
    "dan_chu_co_so": ("Thu mỗi nhà 300 nghìn làm cổng chào mà không họp hỏi ai", "ca nam thon khong hop"),
    "lao_dong_viec_lam": ("Công ty nợ chúng tôi hai tháng tiền công", "cong ty bat tang ca khong tinh tien"),
}


def test_every_field_has_its_words_and_its_examples() -> None:
    assert set(TOLD) == set(FIELD_WORDS)


@pytest.mark.parametrize(
    ("field", "text"), [(field, text) for field, texts in TOLD.items() for text in texts]
)
def test_the_field_is_told_from_everyday_words(field: str, text: str) -> None:
    assert understand(text).field == field


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Uỷ ban hoà giải", "Ủy ban hòa giải"),
        ("Cầu gãy, đường lỡ", "Cầu gảy, đường lở"),
        ("đèn đường hư lắmmmm", "đèn đường hư lắm"),
        ("ko dc cấp sổ đỏ", "không được cấp sổ đỏ"),
    ],
)
def test_spellings_of_the_same_words_are_understood_alike(one: str, other: str) -> None:
    assert understand(one).fields == understand(other).fields


def test_accents_that_the_writer_does_use_are_heeded() -> None:
    assert understand("Bán chó cảnh ở chợ").field != understand("Bán cho cánh ở chò").field


def test_a_place_named_to_say_where_weighs_little() -> None:
    assert understand("Đèn đường trước cổng trường tiểu học tắt").field == "dien_chieu_sang"


def test_a_text_without_a_known_word_is_left_to_the_desk() -> None:
    assert understand("chỗ nớ tê, ai qua cũng thấy").fields == ("khac",)


def test_the_organisations_own_words_count_beside_the_known_ones() -> None:
    own = (
        FieldOption("moi_truong", "Môi trường", ("nhà máy Sao Vàng",), ("nha may sao vang",)),
        FieldOption("ben_cang", "Bến cảng", ("cầu cảng số 2",), ("cau cang so 2",)),
    )
    assert screening.guess_field("nha may sao vang ban dem", own) == "moi_truong"
    assert screening.guess_field("cầu cảng số 2 hỏng phao", own) == "ben_cang"
    assert screening.guess_field("Lò gạch xả khói đen kịt", own) == "moi_truong"
    assert screening.guess_field("Cô giáo ép học thêm", own) == ""
