"""What a writer does: asks, suggests, reports, thanks, denies. Written as lexicon.py says."""

MANNER = {
    "asks": """
1: cho hỏi, xin hỏi, cho em/tôi/mình/cháu/con/tui/chị/anh/bác hỏi, cho xin hỏi, em hỏi, muốn hỏi, hỏi chút,
   hỏi xíu, hỏi thăm, hỏi về, làm ơn cho hỏi, cho biết, xin cho biết, vui lòng cho biết, nộp ở đâu,
   làm ở đâu, gửi ở đâu, đăng ký ở đâu, đến đâu, liên hệ ai, gặp ai, hỏi ai, ở đâu vậy, ở đâu ạ, chỗ nào ạ,
   cần gì, cần giấy tờ gì, cần những gì, cần những giấy tờ gì, gồm những gì, gồm gì, giấy tờ gì, hồ sơ gì,
   mang theo gì, thế nào ạ, như thế nào, ra sao, làm sao để, làm thế nào, làm thế nào để, cách nào,
   bằng cách nào, bao nhiêu tiền, mất bao lâu, bao lâu thì, mấy ngày có, khi nào có, bao giờ có,
   khi nào thì, bao giờ thì, mấy giờ, thứ mấy, ngày nào, có được không, được không ạ, phải không ạ,
   đúng không ạ, có cần, có phải nộp, có mất phí, tra cứu, xem ở đâu, số điện thoại của, xin số, cho xin số,
   lịch tiếp, lịch tiếp dân, giờ làm việc, làm việc thứ_bảy, có làm thứ_bảy/thứ_7/chủ_nhật không,
   hướng dẫn em/tôi/mình/giúp/cách, chỉ giúp em, chỉ em cách, tư vấn giúp, tư vấn cho,
   hồ sơ của tôi/em tới_đâu/đến_đâu/xong_chưa, xong chưa, tới đâu rồi, đến đâu rồi, có kết quả chưa,
   đăng ký cho tôi, đăng ký cho em, đăng ký tham gia, đăng ký phát biểu, đăng ký gặp, xin lịch hẹn,
   đặt lịch, hẹn gặp, chưa kiện, mã hồ sơ, mã phản ánh, thủ tục thế_nào/ra_sao/gồm/cần/làm
""",
    "denies": """
1: không phải tố cáo, không phải khiếu nại, không phải là tố_cáo/khiếu_nại, không tố cáo, không khiếu nại,
   không có ý tố_cáo/khiếu_nại, không định tố_cáo/khiếu_nại, không muốn tố_cáo/khiếu_nại,
   chưa muốn tố_cáo/khiếu_nại, chưa khiếu nại, chưa tố cáo, không tố ai, không dám tố,
   chẳng phải tố_cáo/khiếu_nại, đâu phải tố_cáo/khiếu_nại, chứ không khiếu_nại/tố_cáo, không phải khẩn cấp,
   không khẩn cấp, chưa khẩn cấp, không ai bị, không có ai bị, không ai bị thương, không có gì nguy hiểm,
   chưa có gì, không nguy hiểm
""",
    "hearsay": """
1: trên tivi, trên ti_vi, xem tivi, xem ti_vi, ti vi nói, tivi nói, tivi đưa, thời sự nói, thời sự đưa,
   báo đăng, báo viết, đọc báo, trên báo, báo chí, trong phim, xem phim, bộ phim, chương trình, trên đài,
   nghe đài, bên mỹ, ở mỹ, nước ngoài, tỉnh khác, huyện khác, tỉnh bạn, trong truyện, lịch sử, ngày xưa
""",
    "suggests": """
1: đề xuất, kiến nghị, góp ý, hiến kế, sáng kiến, ý kiến của tôi, theo tôi nên, thiết nghĩ, nên có, nên làm,
   nên mở, nên xây, nên lắp, nên đặt, nên tổ chức, nên cho, nên bố trí, nên hỗ trợ, nên trồng, nên dạy,
   nên đưa, nên công khai, nên thành lập, nên quy hoạch, nên cấm, nên gắn, phải chi, ước gì, giá mà có,
   đề nghị xã/phường/ubnd/thôn/ấp mở/làm/xây/lắp/tổ_chức/bố_trí/hỗ_trợ/đầu_tư/cho,
   đề nghị xã/phường/ubnd/thôn/ấp trồng/gắn/đặt/dựng,
   đề nghị xã/phường/ubnd/thôn/ấp nâng_cấp/thành_lập/quy_hoạch/tập_huấn/công_khai,
   đề nghị làm/mở/xây/lắp/gắn/đặt/bố_trí, đề nghị tổ_chức/thêm/hỗ_trợ/đầu_tư/cho/trồng/nâng_cấp/mở_rộng,
   đề nghị thành_lập/quy_hoạch/tập_huấn/công_khai/nạo_vét/dỡ/che/hướng_dẫn,
   đề nghị ban/cấp/xem_xét/ưu_tiên/tăng/giảm/bỏ/quy_định, đề nghị cấm/dời/di_dời/sớm/đổi/miễn/tạo/giữ,
   đề nghị thay/phun/tuyên_truyền/thu_gom/tổ/dựng/vận_động/cắm,
   đề nghị khảo_sát/rà_soát/lát/trải/phủ_sóng/trang_bị/cử/duy_trì,
   đề nghị kéo_dài/kéo/lập/mời/triển_khai/dạy/khôi_phục/chuyển,
   mong xã/phường/ubnd/thôn/ấp/cấp_trên/chính_quyền mở/làm/xây/lắp/đổ,
   mong xã/phường/ubnd/thôn/ấp/cấp_trên/chính_quyền hỗ_trợ/cho/đặt/tổ_chức/giúp,
   mong xã/phường/ubnd/thôn/ấp/cấp_trên/chính_quyền quan_tâm/đầu_tư/bố_trí/sớm/trồng,
   mong xã/phường/ubnd/thôn/ấp/cấp_trên/chính_quyền gắn/kéo/tạo/có/xem_xét,
   mong được hỗ_trợ/cấp/làm/xét/lắp/vay, mong có, mong muốn có, mong sớm làm/có/xây/lắp/đầu_tư,
   mong cán bộ giúp, nhờ hỗ trợ, xin hỗ trợ, xin được hỗ trợ, xin làm, xin đặt, xin lắp, xin mở, xin cấp,
   xin cho, xin thêm, xin đối chiếu, xin giải thích, yêu cầu giải thích, yêu cầu công khai, yêu cầu lắp,
   yêu cầu làm, mở lớp, lắp thêm, gắn thêm, đặt thêm, bố trí thêm, có thêm, thêm cây, thêm thùng,
   kính đề nghị, kính mong hỗ_trợ/lắp/làm/xây/cho, đầu tư xây, đi ạ, cho bà con, giùm bà con
""",
    "checks": """
1: kiểm tra, ktra, nhắc nhở, xử lý, xử phạt, sửa, sửa gấp, sửa sớm, khắc phục, giải quyết, xem giúp,
   xem giùm, vào cuộc, can thiệp, dẹp, dọn, làm việc với, mời họ, xác minh, chấn chỉnh
""",
    "happens": """
1: hư, hỏng, vỡ, bể, tắt, mất, bị, ô nhiễm, hôi, thối, rác, kẹt, ồn, sạt lở, gãy, nghẹt, tắc, ngập,
   không sáng, không chảy, không có nước, không thu gom, phản ánh, từ hôm/tối/tháng/tuần/ngày, mấy hôm,
   mấy bữa, cả tuần, cả tháng, lâu rồi, xuống cấp, lấn chiếm, trộm, bức xúc
""",
    "thanks": """
1: cảm ơn, cám ơn, xin cảm_ơn/cám_ơn, cảm ơn xã/cán_bộ/anh/chị, biết ơn, tri ân các, khen, rất khen,
   xin khen, tuyên dương, biểu dương, hoan hô, tuyệt vời, tốt quá, tốt lắm, làm tốt, hay quá, nhiệt tình,
   rất nhiệt tình, tận tình, hài lòng, rất hài lòng, chúc mừng, chúc xã, chúc các, chúc anh, chúc sức khỏe,
   mừng, vui quá, xong sớm, sạch đẹp, đã sửa xong, đã sáng, đẹp quá, ủng hộ xã
""",
    "withdraws": """
1: rút phản ánh, rút đơn, rút lại phản ánh, rút lại đơn, hủy phản ánh, bỏ phản ánh, xóa phản ánh, hiểu nhầm,
   nhầm thôi, gửi nhầm, nhắn nhầm, nhắn lộn, gửi lộn, thử tin, thử xem, test, thử nghiệm,
   đã được giải quyết, không cần nữa, thôi khỏi, xong rồi khỏi
""",
    "greets": """
1: alo, a lô, chào, xin chào, hello, hi, hế lô, có ai không, có ai ở đó không, ad ơi, admin ơi, bot ơi, bot,
   xã ơi, chúc ngủ ngon, ok, oke, okie, dạ vâng, dạ, vâng, ừ, ờ, haha, hihi, kaka, hehe, chúc mừng năm mới,
   chúc mừng, buổi sáng, mua hàng, khuyến mãi sốc, cho vay nhanh, vay tiền nhanh, đánh lô, kiếm tiền,
   nhận quà miễn phí, trúng thưởng iphone
""",
    "troubles": """
1: không, hư, hỏng, bể, vỡ, mất, bị, hôi, thối, ồn, bẩn, dơ, chậm, trễ, khổ, sợ, lo, nguy hiểm, đề nghị,
   mong, nhờ, yêu cầu, kiến nghị, phản ánh, bức xúc, quá, hoài, mãi, chưa, thiếu, nhưng, mà, tràn, ngập,
   lấn, trộm, tắt, kẹt
""",
}
