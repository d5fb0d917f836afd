"""Words that begin the names of Vietnamese authorities, and the verbs with which their work begins."""

from plans.patterns import any_of

# Capital words that begin the name of a unit or post; a name also begins with «các …».
_NAMES = any_of("""
    Ủy ban | Uỷ ban | UBND | UBMTTQ | MTTQ | Mặt trận | HĐND | Hội đồng | Hội(?! nghị| thảo| thi)
    Đoàn(?! kết) | Ban(?! hành) | BCĐ | BCH | Bộ(?! luật| tiêu chí| máy) | Sở | Phòng(?!,| chống| ngừa)
    Văn phòng | VP | Thanh tra(?!,| việc| và kiểm) | Công an | CA | Quân sự | Quân khu | Trung tâm | Trạm
    Trường(?! hợp) | Nhà trường | Chi cục | Cục(?! bộ) | Tổng cục | Vụ | Viện | Kho bạc | Bảo hiểm
    Ngân hàng | Liên đoàn | Liên minh | Công đoàn | Báo(?! cáo) | Đài | Tổ(?! chức| quốc) | Nhóm
    Thường trực | Cấp ủy | Đảng ủy | Đảng uỷ | Tỉnh ủy | Tỉnh uỷ | Thành ủy | Thành uỷ | Huyện ủy
    Huyện uỷ | Thị ủy | Thị uỷ | Chi bộ | Chi ủy | Đảng bộ | Công chức | Bộ phận | Bí thư | Chủ tịch
    Phó Chủ tịch | Giám đốc | Phó Trưởng | Trưởng | Chánh | Thủ trưởng | Người đứng đầu | Hiệu trưởng
    Lãnh đạo(?!,) | Bộ trưởng | Thủ tướng | Chính phủ | Ủy viên | Thành viên | Đồng chí | Đ/c | Ông | Bà
    Toàn thể | Mỗi | Tòa án | Toà án | Viện kiểm sát | Thuế | Kiểm toán | Hạt | Quỹ | Cổng | Ngành
    Cơ quan | Đơn vị | Công ty | Tổng công ty | Tập đoàn | Doanh nghiệp | Hợp tác xã | Điện lực | Bưu điện
    Thông tấn | Tiểu ban | Thôn | Trưởng thôn | Tổng đài
""")
# Nouns that make a unit behind «các».
_PLURAL = any_of("""
    sở | phòng | ban | đơn vị | cơ quan | xã | phường | huyện | thị | tỉnh | thành phố | thôn | tổ | cụm
    khu | ấp | bộ | ngành | cấp ủy | cấp uỷ | cấp | đoàn thể | tổ chức | hội | trường | nhà | khoa
    trung tâm | thành viên | đồng chí | địa phương | doanh nghiệp | công ty | chủ đầu tư | chi bộ
    chi cục | chi | cục | vụ | thủ trưởng | công chức | cán bộ | đảng | phó | lực lượng | ông | bà | Phòng
    Sở | Ban | Bộ | UBND | Ủy ban | Trung tâm | Trường | Chủ tịch | Đảng ủy | Hội | Chi bộ
""")
_SMALL = any_of("""
    phòng (?=[A-ZĐ]) | thủ trưởng\\b | chủ tịch\\b | giám đốc\\b | ủy ban\\b | đoàn thể các
    cơ quan (?=thuộc|thông tấn|báo chí|chuyên môn|truyền thông) | đồng chí\\b | đ/c\\b
    thành viên (?=Ban|BCĐ|Tổ) | người đứng đầu | trưởng (?=các|phòng|ban|thôn) | công an\\b | cấp ủy
    toàn thể\\b | từng (?=cơ|đơn) | cơ quan, đơn vị | công chức\\b | văn phòng\\b
    cán bộ (?=phụ trách|chuyên trách|đầu mối) | ban chỉ đạo
""")
HEAD = rf"(?:{_NAMES}(?!\w)|(?:[Cc]ác|[Nn]hững) {_PLURAL}(?!\w)|{_SMALL})"

# Where a unit ends and its work begins. Lookbehinds keep what belongs to names: «Ban Chỉ đạo thực hiện …».
_NOUN_NOT_VERB = (
    r" chính trị| xã hội|, đoàn| đoàn| đảng| Đảng| liên quan| có liên quan|, cá nhân| cá nhân"
    r"| hội\b(?! nghị| thi| thảo)| thành viên| tôn giáo| cơ sở|,|;| khác| trực thuộc"
)
VERB = any_of(
    rf"""
    (?<!cơ quan )(?<!đơn vị )chủ trì | phối hợp | có trách nhiệm | chịu trách nhiệm | có nhiệm vụ
    có kế hoạch | có văn bản | có báo cáo | (?<!đầu tư )(?<!dự án )xây dựng
    (?<!Chỉ đạo )(?<!chỉ đạo )thực hiện | (?<!Ban )chỉ đạo | triển khai | tổ chức(?!{_NOUN_NOT_VERB})
"""
    r"""
    chủ động | tiếp tục | tăng cường | đẩy mạnh | tham mưu | hướng dẫn | kiểm tra | theo dõi | đôn đốc
    báo cáo | gửi | tổng hợp | căn cứ | trên cơ sở | theo chức năng | theo nhiệm vụ | thường xuyên
    định kỳ | kịp thời | tập trung | rà soát | ban hành | làm tốt | làm đầu mối
    là (?:cơ quan|đầu mối|đơn vị) | nghiêm túc | phân công | bố trí | tạo điều kiện | đăng ký | nộp
    lập (?=kế hoạch|dự toán|danh sách|hồ sơ|biên bản|sổ|báo cáo|đoàn|tổ|đề) | hoàn thành | phát động
    tuyên truyền | đảm bảo | bảo đảm | quán triệt | chuẩn bị | đề xuất
    (?<!ương )(?<!công )(?<!quá )trình\b | (?<!bầu )cử\b | giao\b(?! thông| dịch) | trực tiếp | tiến hành
    được (?:giao|phân công) | phải | cần\b | hằng | hàng (?:năm|quý|tháng|tuần) | trước (?:ngày|tháng|\d)
    chậm nhất | tham gia | vận động | lồng ghép | cân đối | giúp (?!việc) | nghiên cứu | công khai
    niêm yết | thông báo | cập nhật | xác định | phổ biến | đưa\b | đối thoại | tiếp nhận | xử lý
    giải quyết | (?<!cơ quan )(?<!Ban )(?<!do )(?<!tỉnh )quản lý | (?<!ăng )ký\b | đánh giá | chấm điểm
    (?<!trật )(?<!thứ )tự\b | sơ kết | tổng kết | kiện toàn | giám sát | khẩn trương | quan tâm | cung cấp
    phê duyệt | thẩm định | thẩm tra | huy động | duy trì | phát huy | khuyến khích | hỗ trợ | đề nghị
    yêu cầu | thống nhất | dự kiến | dành\b | mở\b | phản ánh | ra quân | thành lập | bám sát | nâng cao
    tích cực | kết hợp | sử dụng | họp\b | thu thập | lựa chọn | chọn\b | viết\b | lấy ý kiến | tập huấn
    bồi dưỡng | gắn\b | cùng\b | khắc phục | biểu dương | khen thưởng | cụ thể hóa | xem xét
    lãnh đạo, chỉ đạo | hoàn thiện | biên soạn | in ấn | đăng tải | phát hành | trao\b | tặng\b | thăm\b
    khảo sát | lắp đặt | sửa chữa | nghiệm thu | quyết toán | giải ngân | đối chiếu | đối soát | đảm nhận
    cài đặt | đóng góp | ủng hộ | thu\b | chi trả | rút kinh nghiệm | củng cố | đẩy nhanh
    tạo (?=điều|môi|sự|lập|chuyển) | nắm\b | chốt\b | hướng tới | treo\b | vệ sinh | trồng\b | tiếp\b
    đến\b | vào\b | từ\b | trong\b | (?:đã|đang|sẽ)\b | không\b | tại các | dự thảo | ngay\b | khi\b
    để\b | nhằm\b | kể từ | sau khi | thông qua | công bố | lấy\b | tham dự | dự\b(?! án| phòng)
    phân tích | ghi\b | kê khai | khai thác | điều tra | điều chỉnh | bổ sung | sửa đổi | giới thiệu
    hiệp thương | bầu\b(?! cử) | kiểm kê | bàn giao | tiếp thu | giải trình | số hóa | trang bị | vận hành
    kết nối | chia sẻ | tích hợp | chuyển\b(?! đổi) | xét\b | bình xét | tôn vinh | truyền thông
    phát sóng | nâng cấp | cải tạo | tu sửa | mời\b | chăm lo | chấp hành | trả lời | áp dụng | đổi mới
    ưu tiên | đề cao | nêu cao | tuân thủ | quyết định | thực hành | kêu gọi | hưởng ứng | nhân rộng
    thu hồi | tư vấn | cam kết | phấn đấu | sắp xếp | khám\b | dọn\b | (?<!việc )làm\b(?! việc) | cung ứng
    tuần tra | truy quét | vận dụng | khoanh vùng | đăng tin | đăng bài | cấp phát | diễn tập | mua sắm
    """
)
# Adverbials that may stand in front of the unit: «Căn cứ …, các phòng …».
INTRO = any_of("""
    trên cơ sở | căn cứ | trong | ngoài | đối với | để | nhằm | khi | nếu | hằng | hàng | định kỳ
    định kì | theo | trước | chậm nhất | từ | đến | vào | qua | với | sau | hoặc | quý | tháng | năm
    ngày | đồng thời | thời gian | thường xuyên | trường hợp | riêng | tiếp tục | thực hiện | bên cạnh
    kết thúc | trên
""")
CHARGING = r"(?:[Đđ]ề nghị|[Yy]êu cầu|[Gg]iao cho|[Gg]iao|[Pp]hân công|ủy quyền cho)"
