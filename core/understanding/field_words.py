"""Words of the twenty fields, by the codes of the organisation's file. The earlier wins a tie."""

from core.understanding.words_land import BUILDING, COMPENSATION, LAND, TRAFFIC
from core.understanding.words_office import CONDUCT, CULTURE, PAPERWORK, VILLAGE
from core.understanding.words_people import HEALTH, MERIT, SCHOOL, WELFARE, WORK
from core.understanding.words_public_works import DISASTERS, ELECTRICITY, FARMING, SURROUNDINGS, WATER
from core.understanding.words_safety import MARKET, ORDER

FIELD_WORDS = {
    "thien_tai_pctt": DISASTERS,
    "nguoi_co_cong": MERIT,
    "gpmb_tdc": COMPENSATION,
    "dien_chieu_sang": ELECTRICITY,
    "moi_truong": SURROUNDINGS,
    "cap_thoat_nuoc": WATER,
    "giao_thong": TRAFFIC,
    "dat_dai": LAND,
    "an_ninh_trat_tu": ORDER,
    "y_te_attp": HEALTH,
    "giao_duc": SCHOOL,
    "an_sinh_xa_hoi": WELFARE,
    "lao_dong_viec_lam": WORK,
    "thuong_mai_thi_truong": MARKET,
    "van_hoa_thong_tin": CULTURE,
    "nong_nghiep_thuy_loi": FARMING,
    "xay_dung_do_thi": BUILDING,
    "dan_chu_co_so": VILLAGE,
    "thu_tuc_hanh_chinh": PAPERWORK,
    "thai_do_can_bo": CONDUCT,
}
OTHER = "khac"

NOTHING = """
1: đơn vị, đơn giản, cô đơn, hiện trường, lập trường, công trường, trường hợp, thị trường, quảng trường,
   lớp trưởng, cầu mong, yêu cầu, nhu cầu, cầu thang, cầu xin, nhà cầu, toàn cầu, địa cầu, giá trị,
   đánh giá, giá như, có giá, chợt, đường hoàng, nước nhà, nhà nước, đất nước, nước ngoài, trong nước,
   cả nước, đèn pin, điện thoại, điện tử, số điện thoại, gọi điện, gọi điện thoại, đại diện, bưu điện,
   hội trường, môn học, lúc nào, thuốc lá, học tập, giữ lời, mua lòng, bán anh em, chờ đợi tin, quyết định,
   xác định, nhất định, gia đình, nhà đông, đồng ý, đồng bào, đồng chí, đồng tiền, đồng hồ, triệu đồng,
   nghìn đồng, ngàn đồng, # đồng, cộng đồng, hợp đồng, hội đồng, đồng thời, bà con, con người,
   con đường sống, tiếp tục, tiếp theo, trực tiếp, xã hội, thông xã, làng xã, xã viên, giống nhau,
   giống như, y như, cái giống gì, rừng núi, gửi xã, nhờ xã, mong xã, đề nghị xã, kính gửi xã, lần thứ,
   vụ việc, cỏ cây, vụ này, vụ đó, nhiệm vụ, dịch vụ, vụ án, thu được, mùa thu, tháng thu, học hỏi,
   ông trời, nặng lòng, sâu sắc, loại bỏ, cân nhắc, cân bằng, hàng ngày, hàng tháng, hàng năm, hàng tuần,
   hàng loạt, hàng chục, hàng trăm, xếp hàng loạt, chửa, bệnh thành tích, thông báo, báo cáo, kinh phí,
   chi phí, lãng phí, học đòi, ăn ở, làm ăn, ăn nói, ăn năn, ăn tết, ăn mặc, chắc ăn, đánh giá cao, lừa lúc,
   sáng tạo, bí mật, bài học, khoa học, trả giá, ngập ngừng, ngập tràn, bao giờ, bao lâu, bao nhiêu,
   bảo rằng, bảo là
"""
