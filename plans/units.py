"""Who: the units a text names as leading, cooperating, directing, receiving a report, or passing it on."""

import re

_NAMES = (
    "Ủy ban|Uỷ ban|UBND|UBMTTQ|MTTQ|Mặt trận|HĐND|Hội đồng|Hội(?! nghị| thảo| thi)|Đoàn(?! kết)|Ban(?! hành)|BCĐ|BCH|Bộ(?! luật| tiêu chí| máy)|Sở"
    "|Phòng(?!,| chống| ngừa)|Văn phòng|VP|Thanh tra(?!,| việc| và kiểm)|Công an|CA|Quân sự"
    "|Trung tâm|Trạm|Trường(?! hợp)|Chi cục|Cục(?! bộ)|Tổng cục|Vụ|Viện|Kho bạc|Bảo hiểm|Ngân hàng|Liên đoàn|Liên minh|Báo(?! cáo)|Đài|Tổ(?! chức| quốc)|Thường trực|Đảng ủy|Đảng uỷ"
    "|Chi bộ|Chi ủy|Thành ủy|Tỉnh ủy|Huyện ủy|Thị ủy|Thành uỷ|Tỉnh uỷ|Huyện uỷ|Thị uỷ|Đảng bộ|Công chức|Bộ phận|Bí thư|Chủ tịch|Phó Chủ tịch|Giám đốc"
    "|Trưởng|Phó Trưởng|Thủ trưởng|Người đứng đầu|Hiệu trưởng|Tòa án|Toà án|Thuế|Chánh|Cơ quan|Đơn vị|Công ty|Doanh nghiệp|Điện lực|Bưu điện"
    "|Hạt|Thông tấn|Cổng|Kiểm toán|Quỹ|Thủ tướng|Lãnh đạo(?!,)|Đồng chí|Đ/c|Thành viên|Tiểu ban|Bộ trưởng|Công đoàn|Mỗi|Toàn thể|Ủy viên|Cấp ủy|Thôn"
    "|Trưởng thôn|Hợp tác xã|Nhà trường|Quân khu|Tập đoàn|Tổng công ty|Chính phủ|Ông|Bà|Ngành|Nhóm|Tổng đài"
)
_COMMON = (
    "sở|phòng|ban|đơn vị|cơ quan|xã|phường|huyện|thôn|tổ|bộ|ngành|cấp ủy|cấp uỷ|cấp|đoàn thể|tổ chức|hội|trường|thành viên|đồng chí|địa phương"
    "|doanh nghiệp|chi bộ|chi cục|thủ trưởng|công chức|đảng|khoa|trung tâm|lực lượng|khu|ấp|tỉnh|thành phố|chủ đầu tư|phó|Phòng|Sở|Ban|Bộ|UBND|Ủy ban"
    "|Trung tâm|Trường|Chủ tịch|Đảng ủy|Hội|ông|bà|công ty|nhà|chi|tổ|cụm|thị|cục|vụ|cán bộ|huyện|Chi bộ"
)
_WORD_END = r"(?![\w])"
# The first word of a unit: a capital name, «các …», or a common noun that only a unit starts with.
_HEAD = (
    rf"(?:(?:{_NAMES}){_WORD_END}|(?:[Cc]ác|[Nn]hững) (?:{_COMMON}){_WORD_END}|phòng (?=[A-ZĐ])|thủ trưởng{_WORD_END}|chủ tịch{_WORD_END}|giám đốc{_WORD_END}"
    rf"|ủy ban{_WORD_END}|đoàn thể các|cơ quan thuộc|thành viên (?:Ban|BCĐ|Tổ)|đồng chí{_WORD_END}|đ/c |người đứng đầu|trưởng (?:các|phòng|ban|thôn)|công an{_WORD_END}"
    rf"|cấp ủy|toàn thể |cơ quan, đơn vị|đơn vị, địa phương|từng |công chức{_WORD_END}|văn phòng{_WORD_END}|cán bộ (?:phụ trách|chuyên trách|đầu mối)|ban chỉ đạo)"
)
HEAD = re.compile(_HEAD)

_VERB = re.compile(
    r"(?<![\w])(?:(?<!cơ quan )(?<!đơn vị )chủ trì|phối hợp|có trách nhiệm|chịu trách nhiệm|có nhiệm vụ|có kế hoạch|có văn bản|có báo cáo|(?<!đầu tư )(?<!dự án )xây dựng"
    r"|tổ chức(?! chính trị| xã hội|, đoàn| đoàn| đảng| Đảng| liên quan| có liên quan|, cá nhân| cá nhân| hội\b(?! nghị| thi| thảo)| thành viên| tôn giáo| cơ sở|,|;| khác| trực thuộc)"
    r"|triển khai|(?<!Chỉ đạo )(?<!chỉ đạo )thực hiện|chủ động|tiếp tục|tăng cường|đẩy mạnh|tham mưu|hướng dẫn|kiểm tra|theo dõi|đôn đốc|báo cáo|gửi|tổng hợp|căn cứ"
    r"|trên cơ sở|theo chức năng|theo nhiệm vụ|thường xuyên|định kỳ|kịp thời|tập trung|rà soát|ban hành|làm tốt|làm đầu mối|là (?:cơ quan|đầu mối|đơn vị)|nghiêm túc|phân công"
    r"|bố trí|tạo điều kiện|đăng ký|lập (?=kế hoạch|dự toán|danh sách|hồ sơ|biên bản|sổ|báo cáo|đoàn|tổ|đề)|nộp|hoàn thành|(?<!Ban )chỉ đạo|phát động|tuyên truyền|đảm bảo|bảo đảm|quán triệt|chuẩn bị|đề xuất|trình |cử |giao |trực tiếp|tiến hành"
    r"|được (?:giao|phân công)|phải|cần |hằng|hàng (?:năm|quý|tháng|tuần)|trước (?:ngày|tháng|\d)|chậm nhất|tham gia|vận động|lồng ghép|cân đối|giúp (?!việc)|nghiên cứu|công khai|niêm yết|thông báo"
    r"|cập nhật|xác định|phổ biến|đưa |đối thoại|tiếp nhận|xử lý|giải quyết|(?<!cơ quan )(?<!Ban )(?<!do )(?<!tỉnh )quản lý|ký |đánh giá|chấm điểm|tự |sơ kết|tổng kết|kiện toàn|giám sát|khẩn trương"
    r"|quan tâm|cung cấp|phê duyệt|thẩm định|huy động|duy trì|phát huy|khuyến khích|hỗ trợ|đề nghị|yêu cầu|thống nhất|dự kiến|dành |mở |phản ánh|ra quân|thành lập|bám sát"
    r"|nâng cao|tích cực|kết hợp|sử dụng|họp |thu thập|lựa chọn|chọn |viết |lấy ý kiến|tập huấn|bồi dưỡng|gắn |cùng |khắc phục|biểu dương|khen thưởng|cụ thể hóa|xem xét|lãnh đạo, chỉ đạo"
    r"|thẩm tra|hoàn thiện|biên soạn|in ấn|đăng tải|phát hành|trao |tặng |thăm |khảo sát|lắp đặt|sửa chữa|nghiệm thu|quyết toán|giải ngân|đối chiếu|thu |chi trả|rút kinh nghiệm|củng cố"
    r"|đẩy nhanh|tạo |nắm |chốt |hướng tới|treo |vệ sinh|trồng |tiếp |đến |vào |từ |trong |(?:đã|đang|sẽ) |không |tại các|dự thảo|ngay |khi |để |nhằm |kể từ|sau khi|thông qua|công bố|cấp phát)"
)
_INTRO = re.compile(
    r"^(?:trên cơ sở|căn cứ|trong|ngoài|đối với|để|nhằm|khi|nếu|hằng|hàng|định kỳ|theo|trước|chậm nhất|từ|đến|vào|qua|với|sau|hoặc|quý|tháng|năm|đồng thời|ngày|thời gian"
    r"|thường xuyên|trường hợp|riêng|tiếp tục|thực hiện|bên cạnh|kết thúc|định kì|trên)\b", re.IGNORECASE
)  # fmt: skip
_CHARGED = re.compile(r"(?:^|[,.;:] |\b)(?:đề nghị|yêu cầu|giao cho|giao|phân công|kính đề nghị|ủy quyền cho) (?=(?P<head>" + _HEAD + "))", re.IGNORECASE)
# «Chế độ báo cáo: Định kỳ …, các phòng …»: a caption in front of the sentence.
_LABELLED = re.compile(r"^[^.;:,]{3,60}: (?=(?:[Đđ]ịnh kỳ|[Hh]ằng|[Hh]àng|[Tt]rước|[Cc]hậm|[Cc]ăn cứ|[Tt]rên cơ sở|[Gg]iao|[Đđ]ề nghị|[Yy]êu cầu) )")
_OPENERS = re.compile(
    r"^(?:[\"“(*\s|]{0,4})?(?:(?:giao cho|giao|đề nghị|yêu cầu|phân công|trách nhiệm của|nhiệm vụ của|đối với|đồng thời,?|riêng)\s){0,2}", re.IGNORECASE
)  # fmt: skip
_SPLIT = re.compile(rf"\s?;\s?(?:và )?|, (?:và )?(?={_HEAD})|(?<!Văn phòng HĐND)(?<!Văn phòng Hội đồng nhân dân) và (?={_HEAD})| \+ ")
_REPRESENTED = re.compile(r"là (?:đại diện )?(?:lãnh đạo )?(?:của )?các (?:cơ quan|đơn vị|ban, ngành)[^:;]{0,30}:")
_EDGES = " .,;:-–*|\"“”()/"
LONGEST = 420


def unit_list(text: str) -> tuple[str, ...]:
    """The units of a list such as stands behind «Cơ quan thực hiện:» or in a table cell."""
    text = _REPRESENTED.split(text)[-1]
    units: list[str] = []
    for part in _SPLIT.split(text):
        unit = _trimmed(part)
        if unit and unit not in units and len(unit) > 1:
            units.append(unit)
    return tuple(units)


def _trimmed(part: str) -> str:
    """One unit without the work that the list may describe behind it."""
    part = re.sub(r"\((?:qua|b/c|báo cáo|để)[^)]{0,60}\)", "", part).strip(_EDGES)
    part = re.sub(r"^(?:và|giao|đề nghị|cùng|với|do) ", "", part, flags=re.IGNORECASE)
    verb = _VERB.search(part, 2) if HEAD.match(part) else None
    return (part[: verb.start()] if verb else part).strip(_EDGES)


def subject(text: str) -> tuple[tuple[str, ...], int]:
    """The units that begin a sentence and the place behind them; none and 0 where it begins otherwise."""
    start = _subject_start(text)
    if start is None:
        return (), 0
    verb = _VERB.search(text, start + 2, start + LONGEST)
    colon = text.find(":", start, start + LONGEST)
    ends = [place for place in (verb.start() if verb else -1, colon) if place >= 0]
    end = min(ends) if ends else len(text)
    if end - start > LONGEST:
        return (), 0
    named = text[start:end]
    return unit_list(named), end


def _subject_start(text: str) -> int | None:
    labelled = _LABELLED.match(text)
    if labelled:
        inner = _subject_start(text[labelled.end() :])
        return None if inner is None else inner + labelled.end()
    opened = _OPENERS.match(text)
    start = opened.end() if opened else 0
    if HEAD.match(text, start):
        return start
    if _INTRO.match(text, start):
        for comma in re.finditer(r"[,:] ", text[: start + 320]):
            if HEAD.match(text, comma.end()):
                return comma.end()
    charged = _CHARGED.search(text[:320])
    if charged and charged["head"] and charged.start() < 200:
        return charged.start("head")
    return None


def is_only_units(text: str) -> bool:
    """Whether a text is nothing but a list of units, as headings and broken-off subjects are."""
    text = text.strip(_EDGES)
    units, end = subject(text)
    return bool(units) and end >= len(text)


_WITH = re.compile(r"[Pp]hối hợp(?: chặt chẽ| cùng| tốt)?(?:,)?(?: với| cùng(?: với)?)? (?=(?P<head>" + _HEAD + "))")
_TO = re.compile(
    r"(?:gửi|nộp|báo cáo|trình|phản ánh|gửi báo cáo|tham mưu)(?: [^.;:()]{0,90}?)?(?: về| cho| đến| tới| gửi| lên)? (?P<unit>" + _HEAD + r"[^.;:()]{0,80})"
)
_VIA = re.compile(r"(?:\(\*?|, |\b)(?:qua|thông qua) (?P<unit>" + _HEAD + r"[^.;:()]{0,90})")
_RECEIVER_END = re.compile(r",? (?:trước|chậm nhất|để|theo|kết quả|tình hình|định kỳ|hằng|hàng|khi|kèm|và (?!Ủy|UBND|các)|trong|vào|về |qua|thông qua|xem xét|bằng|đúng|việc)|,")


def cooperating(text: str) -> tuple[str, ...]:
    """Units behind «phối hợp với»."""
    match = _WITH.search(text)
    if not match:
        return ()
    start = match.start("head")
    verb = _VERB.search(text, start + 2, start + LONGEST)
    end = verb.start() if verb else min(len(text), start + LONGEST)
    return unit_list(re.split("[;:.]", text[start:end])[0])


def ends_cooperating(text: str) -> bool:
    """Whether a text breaks off inside the list of units behind «phối hợp với»."""
    match = _WITH.search(text)
    return bool(match) and not _VERB.search(text, match.start("head") + 2)


def receiver(text: str) -> str | None:
    """Where a report goes: «gửi về X», «báo cáo X»."""
    match = _TO.search(text)
    return _cut(match["unit"]) if match else None


def passing(text: str) -> str | None:
    """The desk a report goes through: «(qua Y)»."""
    match = _VIA.search(text)
    return _cut(match["unit"]) if match else None


def _cut(words: str) -> str | None:
    return _RECEIVER_END.split(words)[0].strip(_EDGES) or None
