"""Words that point to an emergency, a complaint, a denunciation, a proposal, or a field. They warn; a person decides.

Phrases with accents are looked for in text with accents. A text written without any is compared with the
phrases that stay clear when folded: «to cao» alone may be «tố cáo» or a tall tree, «chay» may be fire or a leak.
"""

import re
from collections.abc import Iterable

from core.conversation.context import FieldOption
from core.conversation.draft import Kind
from core.text import clean, fold

_NOT_WORD = re.compile(r"[^\w]+")


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + re.sub(r"\s*\n\s*", "|", pattern.strip()) + r")\b")


_EMERGENCY = _words("""
    cứu (?:với|tôi|em|con|mẹ|ba|bố|chúng tôi|người với)
    kêu cứu
    cấp cứu (?:gấp|ngay|với)
    (?:đang|bị|bốc|phát|vừa|mới) cháy(?! hàng| máy| túi)
    cháy (?:nhà|lớn|to|chợ|quán|kho|xưởng|xe|rừng|rồi|lan)
    (?:sắp|sợ|đang|bị|vừa|mới) (?:phát )?nổ
    nổ (?:bình )?gas
    rò (?:rỉ )?(?:khí )?gas
    xì gas
    nổ súng
    đuối nước
    chết đuối
    (?:bị|nước) cuốn trôi
    mắc kẹt
    (?:đang|bị) kẹt (?:trong|trên|dưới)
    mắc trên
    lũ (?:lên|về|cuốn)
    sạt lở (?:chôn|vùi|đè|sập)
    (?:bị )?(?:chôn|vùi) lấp
    chôn nhà
    (?:sập|đổ) (?:nhà|cầu|tường|giàn giáo|mái) (?:đè|rồi|vào người)
    nhà sập
    tai nạn
    bất tỉnh
    ngừng thở
    co giật
    chảy máu
    ngộ độc
    uống thuốc (?:ngủ|sâu|trừ sâu|diệt cỏ|chuột)
    tự (?:tử|sát|vẫn)
    (?:muốn|định|đòi) chết
    nhảy (?:cầu|lầu|sông)
    (?:cầm|vác|rút) (?:dao|mã tấu|kiếm|súng|rựa|hung khí)
    (?:đang|bị) chém
    đâm (?:người|nhau|chết|tôi|em|vợ)
    chém (?:người|nhau)
    đánh nhau
    đánh (?:vợ|con|đập|chết|hội đồng)
    đang đánh
    bạo hành
    (?:dọa|doạ|đòi|hăm|đe dọa|đe doạ) (?:giết|chém|đốt|đánh)
    giết người
    rượt (?:theo|đuổi|đánh|chém)
    đuổi (?:theo|chém|đánh) (?:em|tôi|con)
    hiếp
    xâm hại
    dâm ô
    làm bậy
    bắt cóc
    dây điện (?:bị )?(?:rơi|đứt|rớt|sà)
    đứt dây điện
    điện giật
    (?:hở|rò|chạm) điện
    vỡ đê
""")

_EMERGENCY_FOLDED = _words("""
    cuu (?:voi|toi|em|chung toi)
    keu cuu
    (?:dang|bi|boc) chay (?:nha|lon|to|cho|quan|kho|xuong|rung|roi|lan)
    chay (?:nha|cho|rung|xuong)
    dang boc chay
    boc chay
    (?:no|ro|xi|ro ri) (?:khi |binh )?gas
    no sung
    duoi nuoc
    chet duoi
    cuon troi
    mac ket
    bi (?:chon|vui) lap
    sat lo chon
    nha sap
    sap nha
    tai nan
    bat tinh
    ngung tho
    co giat
    chay mau
    ngo doc
    (?:oi mua|tieu chay) .{0,40}(?:tram y te|benh vien)
    hang loat nguoi .{0,40}(?:oi mua|tieu chay|nhap vien)
    uong thuoc (?:ngu|sau|tru sau|diet co|chuot)
    (?:muon|dinh|doi) (?:tu tu|tu sat|chet)
    tu sat
    nhay (?:cau|lau|song)
    (?:cam|vac|rut) (?:dao|ma tau|sung|hung khi)
    chem (?:nguoi|nhau)
    danh nhau
    danh (?:vo|con|dap|chet|hoi dong)
    bao hanh
    (?:doa|ham|de doa) (?:giet|chem|dot)
    giet nguoi
    ruot (?:theo|duoi|danh|chem)
    hiep dam
    xam hai
    bat coc
    day dien (?:bi )?(?:roi|dut|rot)
    dien giat
    (?:ho|ro) dien
    vo de
""")

_PAST_OR_IDEA = _words("""
    hom qua
    hom truoc
    (?:tuan|thang|nam) (?:truoc|ngoai|roi)
    da (?:dap|xong|qua)
    dap xong
    tap huan
    tuyen truyen
    mo lop
    day boi
    dien tap
    phong chong
    phong ngua
    nguy co
    cam on
    hay xay ra
    thuong xay ra
    de tranh
    so xay ra
""")

_NOW = _words("""
    cuu voi
    keu cuu
    dang
    gap
    toi le
    bay gio
    vua moi
""")

_COMPLAINT = _words("""
    khiếu nại
    khiếu kiện
    không đồng ý với (?:quyết định|thông báo|việc|kết luận|kết quả|cách|mức|phương án|giá)
    (?:phản đối|hủy|huỷ|sửa|thu hồi|xem lại|xét lại|rút) (?:giúp )?(?:bỏ )?(?:các |cái )?quyết định
    quyết định (?:số|xử phạt|thu hồi|kỷ luật|cưỡng chế|bồi thường|giao đất|hỗ trợ|từ chối|gọi)
    bị quyết định
    cưỡng chế
    thu hồi đất (?:của|nhà)
    (?:bồi thường|đền bù|áp giá) (?:quá )?(?:thấp|thiếu|sai|không thỏa đáng|không đúng|rẻ)
    (?:xử )?phạt (?:tôi|em|oan|sai|nhà|gia đình)
    phạt \\d+ ?(?:tr|triệu|k|nghìn|đồng)\\w*
    trả lại tiền cho
    (?:bị )?kỷ luật .{0,25}(?:oan|sai)
    (?:rút|tước|thu hồi) giấy phép
    (?:xã|phường|ủy ban|uỷ ban|ubnd|thôn) (?:cắt|dừng|ngừng) (?:trợ cấp|chế độ|hỗ trợ)
    cắt (?:trợ cấp|chế độ)
    (?:xã|phường|ủy ban|uỷ ban|ubnd) (?:đã )?từ chối
    không (?:được )?cấp (?:sổ|giấy) (?:đỏ |chứng nhận )?(?:cho )?(?:tôi|nhà tôi|gia đình)
""")

_COMPLAINT_FOLDED = _words("""
    khieu nai
    khieu kien
    khong dong y voi (?:quyet dinh|thong bao|viec|ket luan|ket qua|muc|phuong an|gia)
    (?:huy|sua|xem lai|xet lai) (?:bo )?quyet dinh
    quyet dinh (?:so|xu phat|thu hoi|ky luat|cuong che|boi thuong|giao dat)
    cuong che
    thu hoi dat (?:cua|nha)
    (?:boi thuong|den bu) (?:qua )?(?:thap|thieu|sai|khong thoa dang)
    xu phat (?:toi|em|oan|sai|nha)
    tra lai tien cho
    ky luat .{0,25}oan
    rut giay phep
    cat (?:tro cap|che do)
""")

_DENUNCIATION = _words("""
    tố cáo
    tố giác
    hối lộ
    đút lót
    tham (?:nhũng|ô)
    vòi (?:tiền|vĩnh)
    nhũng nhiễu
    làm tiền
    chung chi
    phong bì
    (?:ăn|bớt) (?:chặn|xén)
    ăn (?:tiền|hối lộ)
    lót tay
    ăn chia
    biển thủ
    chiếm đoạt
    trục lợi
    rút ruột
    (?:ký|kê|khai) khống
    bằng giả
    (?:giả mạo|làm giả|sửa) (?:giấy tờ|hồ sơ|chữ ký|bằng|chứng từ)
    bao che
    bảo kê
    lạm quyền
    lợi dụng chức vụ
    hai sổ
    trúng thầu mọi
    hồ sơ thầu
    (?:thông|quân xanh|vây) thầu
    bán (?:gỗ )?tang vật
    (?:lấy|đem) .{0,40}(?:đem|ra) bán
    trù dập
    giữ thẻ .{0,60}rút tiền
""")

_DENUNCIATION_FOLDED = _words("""
    ^to cao (?!lam|qua|hon|qua)
    (?<!cay )(?<!nha )(?<!nguoi )to cao (?:ong|ba|can bo|anh|chi|ca nhan|hanh vi|viec|ke|lanh dao|chu tich|truong)
    (?:toi|em|xin|muon|don) to cao
    to giac
    hoi lo
    dut lot
    tham nhung
    tham o
    voi (?:tien|vinh)
    nhung nhieu
    phong bi
    an chan
    bot xen
    an hoi lo
    lot tay
    bien thu
    chiem doat
    rut ruot
    ky khong
    (?:bang|giay to|chu ky) gia
    lam gia
    bao che
    bao ke
    lam quyen
    loi dung chuc vu
    hai so
    thong thau
    tru dap
""")

_ASKING = _words("""
    cho (?:em|toi|minh|chau|con|tui|xin) hoi
    xin hoi
    nop o dau
    thu tuc (?:the nao|ra sao)
    lam the nao de
    muon hoi
    chua kien
""")

_SUGGESTING = _words("""
    đề xuất
    kiến nghị
    góp ý
    hiến kế
    đề nghị (?:xã|phường|ubnd|mở|làm|xây|tổ chức|thêm|lắp|bố trí|tập huấn)
    mong (?:xã|phường|muốn)
    nên (?:có|làm|mở|xây|lắp|đặt|tổ chức)
""")

_SUGGESTING_FOLDED = _words("""
    de xuat
    kien nghi
    gop y
    hien ke
    de nghi (?:xa|phuong|ubnd|mo|lam|xay|to chuc|them|lap|bo tri)
    mong (?:xa|phuong|muon)
    nen (?:co|lam|mo|xay|lap|dat|to chuc)
""")

_HAPPENING = _words("""
    hu
    hong
    vo
    tat
    mat
    bi
    o nhiem
    hoi
    thoi
    rac
    ket
    on
    sat lo
    khong (?:sang|chay|co nuoc|thu gom)
    phan anh
    tu (?:hom|toi|thang|tuan|ngay)
""")


def writes_accents(text: str) -> bool:
    """Whether the writer used any Vietnamese letter beyond a–z."""
    plain = clean(text).casefold()
    return _NOT_WORD.sub(" ", plain).strip() != fold(plain)


def _plain(text: str) -> str:
    return _NOT_WORD.sub(" ", clean(text).casefold()).strip()


def _finds(accented: re.Pattern[str], folded: re.Pattern[str], text: str) -> bool:
    if writes_accents(text):
        return accented.search(_plain(text)) is not None
    return folded.search(fold(text)) is not None


def is_emergency(text: str) -> bool:
    """Whether words point to danger now; a past accident or a course in swimming does not."""
    if not _finds(_EMERGENCY, _EMERGENCY_FOLDED, text):
        return False
    return not _PAST_OR_IDEA.search(fold(text)) or _NOW.search(fold(text)) is not None


def is_complaint(text: str) -> bool:
    """Whether words point to a complaint against a decision about the writer; asking how to complain does not."""
    return _finds(_COMPLAINT, _COMPLAINT_FOLDED, text) and not _ASKING.search(fold(text))


def is_denunciation(text: str) -> bool:
    """Whether words accuse somebody of a crime or of abuse of office."""
    return _finds(_DENUNCIATION, _DENUNCIATION_FOLDED, text) and not _ASKING.search(fold(text))


def clear_kind(text: str) -> Kind | None:
    """Feedback or proposal when the words leave no doubt, else None."""
    if not _finds(_SUGGESTING, _SUGGESTING_FOLDED, text):
        return Kind.FEEDBACK
    return None if _HAPPENING.search(fold(text)) else Kind.PROPOSAL


def guess_field(text: str, options: Iterable[FieldOption]) -> str:
    """The code of the one field most words point to, longer phrases weighing more; empty when two are level."""
    scores = sorted(((_score(text, option), option.code) for option in options), reverse=True)
    if not scores or scores[0][0] == 0:
        return ""
    is_level = len(scores) > 1 and scores[1][0] == scores[0][0]
    return "" if is_level else scores[0][1]


def _score(text: str, option: FieldOption) -> int:
    if writes_accents(text):
        hay, words = _plain(text), option.words
    else:
        hay, words = fold(text), option.folded_words
    return sum(len(word.split()) for word in words if f" {word} " in f" {hay} ")


def search_fields(text: str, options: Iterable[FieldOption]) -> tuple[str, ...]:
    """Codes of the fields whose name or words hold what was typed, with or without accents."""
    wanted = fold(text)
    if len(wanted) < 2:
        return ()
    has_accents = writes_accents(text)
    return tuple(
        option.code for option in options if _holds(option, text if has_accents else wanted, has_accents)
    )


def _holds(option: FieldOption, wanted: str, has_accents: bool) -> bool:
    words = (option.label, *option.words)
    known = [f" {_plain(word) if has_accents else fold(word)} " for word in words]
    needle = f" {_plain(wanted)} "
    return any(needle in word or (len(word) > 5 and word in needle) for word in known)
