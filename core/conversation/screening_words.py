"""Phrases the screening looks for, one a line: with accents, and (`…_FOLDED`) those clear without any."""

import re


def _any_of(pattern: str) -> re.Pattern[str]:
    """One pattern from a list with a phrase a line."""
    return re.compile(r"\b(?:" + re.sub(r"\s*\n\s*", "|", pattern.strip()) + r")\b")


EMERGENCY = _any_of(r"""
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
    (?:không|chẳng|hết) (?:còn )?muốn sống
    nhà (?:hàng xóm|bên cạnh|tôi|em|bà|ông|chị|anh)(?: \w+)? (?:đang |bị )?cháy
    sắp sập
    giật chết
    (?:chồng|vợ|bố|ba|cha|nó|hắn)(?: tôi| em| con)? (?:đang |lại )?đánh (?:tôi|em|con|mẹ)
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

EMERGENCY_FOLDED = _any_of("""
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
    (?:khong|ko|k|het) (?:con )?muon song
    nha (?:hang xom|ben canh|toi|em) (?:dang |bi )?chay
    sap sap
    giat chet
    (?:chong|bo|ba|cha|no)(?: toi| em| con)? (?:dang |lai )?danh (?:toi|em|con|me)
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

PAST_OR_IDEA = _any_of("""
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

NOW = _any_of("""
    cuu voi
    keu cuu
    dang
    gap
    toi le
    bay gio
    vua moi
    day dien (?:bi )?(?:roi|dut|rot)
    giat chet
    bat tinh
    uong thuoc
    muon song
""")

COMPLAINT = _any_of("""
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

COMPLAINT_FOLDED = _any_of("""
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

DENUNCIATION = _any_of("""
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

DENUNCIATION_FOLDED = _any_of("""
    ^to cao (?!lam|qua|hon|qua)
    (?<!cay )(?<!nha )(?<!nguoi )to cao (?:ong|ba|can bo|anh|chi|ca nhan|hanh vi|viec|ke|lanh dao|chu tich)
    to cao truong
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

ASKING = _any_of("""
    cho (?:em|toi|minh|chau|con|tui|xin) hoi
    xin hoi
    nop o dau
    thu tuc (?:the nao|ra sao)
    lam the nao de
    muon hoi
    chua kien
""")

SUGGESTING = _any_of("""
    đề xuất
    kiến nghị
    góp ý
    hiến kế
    đề nghị (?:xã|phường|ubnd|mở|làm|xây|tổ chức|thêm|lắp|bố trí|tập huấn)
    mong (?:xã|phường|muốn)
    nên (?:có|làm|mở|xây|lắp|đặt|tổ chức)
""")

SUGGESTING_FOLDED = _any_of("""
    de xuat
    kien nghi
    gop y
    hien ke
    de nghi (?:xa|phuong|ubnd|mo|lam|xay|to chuc|them|lap|bo tri)
    mong (?:xa|phuong|muon)
    nen (?:co|lam|mo|xay|lap|dat|to chuc)
""")

HAPPENING = _any_of("""
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
