"""Words for land, compensation, building and roads. How a list is written: lexicon.py."""

LAND = """
6: đo vẽ, đo vẽ tách, đất chung, đất chung của làng, giáp ranh, cọc mốc, cọc ranh, khai hoang, sổ nhà, lấn ao, lấp ao, lấn sông, lấn suối, lấn rạch, lấn kênh, tự ý xây nhà trên đất, xây trên đất,
   xây nhà trên đất trồng_lúa, xây nhà trái phép trên đất, san ủi đồi, bạt đồi, hạ cốt nền, đất cha mẹ, tách cho con, tách sổ cho con, cho con ra riêng, cấp đất, mượn đất, đòi đất, trả đất, đất hai nhà, đất nhà bên, đất công_cộng/tập_thể/giáo_họ/chùa/nghĩa_trang/bãi_bồi/kênh_mương,
   đất chia lô, chia lô, chia lô bán, bán nền giữa đồng, sổ chung, sổ riêng, sổ bị cấp_sai/sai/trùng, cấp trùng, trùng thửa, mất sổ, sổ cũ, đổi sổ, sổ lâm bạ, sổ ruộng, giấy tay, giấy viết tay, đất chưa có sổ, chưa có sổ, chưa được cấp sổ, chưa ra sổ, ra sổ, làm sổ, làm bìa, đòi làm bìa, đất xâm canh, đất mượn, đất cho thuê, hết hạn thuê đất, đất của công_ty/lâm_trường/nông_trường, đất lâm trường, đất nông trường, nông trường, lâm trường, lấn qua, trồng qua phần đất, phần đất, chiếm ao, rào lại, rào chắn đất, xây tường rào lấn, đào ao trên đất_lúa/ruộng, đất mặt đường, đất mặt tiền, tiền thuê đất, đấu thầu đất, đấu thầu ao, thầu ao, đất thầu, sân phơi bị lấn, bán đất cho, tờ bản đồ số
6: sổ đỏ, sổ hồng, bìa đỏ, bìa hồng, giấy/bìa đất, sổ đất, giấy chứng nhận quyền sử dụng, quyền sử dụng đất,
   cấp sổ đỏ, cấp bìa, làm sổ đỏ, sang tên sổ, sang tên đất, đính chính sổ, tách sổ, tách/hợp thửa, gộp thửa,
   chuyển mục đích sử dụng, chuyển mục đích, lên thổ cư, đất thổ cư, đất vườn, đất ở, lấn đất, lấn ranh, chiếm đất,
   lấn chiếm đất, lấn sang/qua đất, tranh chấp đất, tranh chấp ranh, tranh chấp đất đai, ranh đất, ranh giới đất,
   ranh giới, mốc giới, cắm mốc, cột mốc ranh, nhổ mốc, dời mốc, nhổ/dời cột mốc, đo đạc, đo lại đất, đo đất, trích đo,
   trích lục, địa chính, bản đồ địa chính, tờ bản đồ, số thửa, thửa đất, đất công, đất công ích, đất năm phần trăm,
   đất #, đất nghĩa địa, đất rừng, giao đất, giao đất giao rừng, cho/- thuê đất, đấu giá đất, đất đấu giá, đất đai,
   đất giãn dân, cấp đất giãn dân, đất xen kẹt, đất kẹt, đất ao, đất hương hỏa, đất ông_bà/cha_ông, đất khai hoang,
   san lấp đất, san lấp mặt bằng, san lấp, san lấp ruộng, san lấp ruộng lúa, san lấp đất_lúa/ao/hồ/vườn, lấp ruộng, phân lô bán nền, phân lô, bán nền, bán đất, mua bán đất, mua bán đất giấy tay,
   sang nhượng đất, chuyển nhượng đất, chuyển nhượng quyền, thừa kế đất, đất thừa kế, thuế đất phi nông nghiệp,
   tiền sử dụng đất, đất bỏ hoang, đất hoang, đất lâm nghiệp, đất nông nghiệp, đất ruộng, đất trồng lúa, đất lúa,
   đất rẫy, đất nương, đất của nhà_nước/hợp_tác_xã/thôn/xã/làng/ủy_ban, đất trường_học_cũ, đất bãi, đất bãi bồi,
   đất đồi, quỹ đất công, quỹ đất, bảng giá đất, khung giá đất, giá đất, diện tích đất, hiến đất,
   xây nhà trên đất nông_nghiệp/ruộng/lúa/vườn/công/rừng, dựng nhà trên đất, cất nhà trên đất nông_nghiệp/lúa/ruộng,
   lấn chiếm nghĩa_địa/ao_làng/ao, rào lấn, rào đất, bao chiếm đất, bao chiếm, cây trồng lấn đất, đường ranh,
   đào đất đem bán, lấy đất đắp, bờ ranh, bờ rào lấn, lấn chiếm hành lang, đường đi qua đất, vpđk đất đai,
   văn phòng đăng ký đất, biến động đất, dồn điền đổi thửa, đất dồn điền, đất hai vụ, đất màu
3: thửa, thửa ruộng, lấn chiếm, mốc lộ giới, chồng lấn, cấp giấy chứng nhận, giấy chứng nhận, thổ cư, hạn điền, lô đất, miếng đất,
   mảnh đất, khu đất, đám đất, tranh chấp, hàng xóm lấn, xây lấn, cơi nới lấn, sang tên, diện tích trong sổ,
   thừa kế, đất nhà, bìa, sổ, ủi đất, múc đất, san ủi, đào đất, đổ đất, cho mượn đất
1.5: đất, địa giới, lấn
"""

COMPENSATION = """
7: dự án làm đổ/hư/lún/nứt/ngập/sập, của dự án làm, xe múc của dự_án, xe công trình của dự_án, chưa ai đền, chưa đền, đền cho dân, nhận nền ở khu, khu ở mới, nơi ở mới, lên khu mới, dọn về khu, mộ phải dời, dời mộ, dời mồ mả, mồ mả phải dời, dự án treo, quy hoạch treo không cho sửa, bị lấy đất, dân bị lấy đất, lấy đất làm đường, lấy đất của dân làm, thu đất, bị thu đất, đất bị thu, đơn vị thi công làm, thi công cao tốc, lu rung, lu rung làm nứt, rung nứt, nứt hết tường, nứt tường, nứt nhà, nứt toác tường, máy thi công làm, đóng cọc làm, nổ mìn làm nứt, thi công làm hỏng/hư/vỡ/sập/đổ, chưa được bồi_thường/đền_bù, giá đất đền_bù, tiền đất, tiền cây_trồng/hoa_màu/mồ_mả/vật_kiến_trúc, thiếu cây keo, đếm thiếu cây, đếm cây, kiểm đếm lại, ban quản lý dự án, bql dự án, đất dư sau thu hồi, phần đất còn lại, đất còn lại, kẹt lại sau dự án, cắm mốc giải phóng, cắm mốc dự án, hành lang dự án, trả tiền cho dân bị, tiền chênh lệch tái_định_cư, hỗ trợ thuê nhà, khu đất đổi, đổi đất, đất đổi
7: giải phóng mặt bằng, giải tỏa, gpmb, thu hồi đất, tái định cư, tđc, khu/lô/nền/đất/suất tái định cư, đền bù,
   tiền đền bù, giá đền bù, tiền bồi thường, bồi thường, áp giá, áp sai giá, giá bồi thường, phương án bồi thường,
   kiểm đếm, kiểm kê đất, kiểm kê tài_sản/cây_trồng/hoa_màu/nhà_cửa, hỗ trợ di dời, di dời mồ mả, di dời mộ, bốc mộ,
   bàn giao mặt bằng, chi trả tiền đền_bù/bồi_thường, hội đồng bồi thường, ban bồi thường, tổ kiểm đếm, tiền gpmb,
   thông báo thu hồi, quyết định thu hồi, thu hồi ruộng/vườn/nhà, hỗ trợ tái định cư, nhà tái định cư, bị giải tỏa,
   nhà trong dự_án/quy_hoạch_treo, dính dự án, dính quy hoạch, nằm trong dự án, nằm trong diện giải_tỏa/thu_hồi,
   mất đất sản xuất, mất đất vì dự_án, đất bị thu_hồi/lấy_làm, lấy đất làm dự_án/đường/cao_tốc/khu_công_nghiệp,
   đường cao tốc đi qua, dự án cao tốc, chủ dự án, hỗ trợ chuyển đổi nghề, hoa màu bị cày_ủi, bốc thăm nền/lô,
   bốc thăm đất, giao nền, nhận nền, nhận mặt bằng, di dời nhà, di dời dân, khu di dời, chưa nhận tiền đền_bù,
   tiền hỗ trợ di_dời/thuê_nhà/tạm_cư, tạm cư, nhà tạm cư
4: dự án, chủ đầu tư, thi công làm nứt, thi công nứt, nứt nhà do, nứt tường do, làm nứt nhà/tường, lún nhà do, thu hồi,
   mồ mả, đường điện 500kv, hành lang tuyến, khu công nghiệp lấy, chi trả tiền, bốc thăm, đóng cọc nứt, ép cọc nứt,
   khoan nổ nứt, nứt tường hết, nứt hết nhà, nứt nhà dân
1.5: cao tốc, nhà thầu, di dời, mặt bằng
"""

BUILDING = """
6: xây thêm tầng, xây nhà cao, trồng cây xanh dọc, không có giấy phép xây_dựng, xây không giấy_phép, sau sáp nhập bỏ trống, bỏ trống, che hết ánh sáng, che ánh sáng, cho làm chỗ sinh_hoạt/chơi, đang xây nhà, xây nhà mà không che, không che lưới, không che chắn công trình, gạch vữa rơi, gạch rơi, vật liệu rơi, bày bàn ghế, bàn ghế ra đường/vỉa_hè, để bàn ghế, lối đi bộ, lối cho người đi bộ, hết lối đi, không còn chỗ đi bộ, bậc tam cấp, bậc thềm lấn, xây bậc lấn, hẻm bị lấn, xây lấn ra, lấn ra hẻm/ngõ, cây xà cừ, cây phượng, cây bàng, cây mục gốc, cây mục, mục gốc, cây nghiêng, cắt tỉa, cưa cây, chặt cây, đốn cây, nhánh cây, cành khô, cây che, rễ cây, trường cũ bỏ không, bỏ không, để hoang, để không, cỏ mọc um tùm, cỏ mọc cao, cỏ dại, cỏ mọc đầy, làm gì thì làm, chỗ chơi, chỗ nào cho tụi nhỏ chơi, chỗ chơi cho trẻ, dán quảng cáo, sơn quảng cáo, quảng cáo khoan cắt, khoan cắt, nhếch nhác, nham nhở, dựng bạt, căng bạt, kéo bạt, che bạt lấn, kê sạp, đặt bảng hiệu, bảng hiệu, bảng hiệu che, dù lều, xe hàng rong, xe bán hàng, bán hàng trên vỉa hè, đậu xe vỉa hè, xe đậu trên vỉa hè, để xe trên vỉa hè, nhà ống!, nhà siêu mỏng, tum, sân thượng, ban công lấn, cửa sổ trổ sang, trổ cửa, nước mưa nhà bên đổ, mái nhà bên, xây cao che, hành lang chung, lối thoát, quy hoạch gì không, dính quy hoạch không, kiến trúc, cảnh quan, tiểu cảnh, hàng rào, dự thảo quy hoạch, đồ án quy hoạch, trụ sở cũ bỏ
6: giấy phép xây dựng, xin phép xây dựng, xây dựng trái phép, xây dựng không phép, xây nhà không_phép/trái_phép/lấn,
   xây không phép, xây trái phép, xây dựng sai phép, xây sai phép, cơi nới, xây lấn chiếm, xây vượt tầng, xây/cất/dựng chuồng trái phép,
   trật tự xây dựng, trật tự đô thị, lấn/chiếm/lấn_chiếm vỉa/lề/hè hè/đường/phố, lấn chiếm/- vỉa hè, vỉa hè, hè phố, lấn lòng đường,
   chiếm lòng đường, lấn chiếm lòng lề đường, lòng lề đường, lòng đường bày_bán, bày bán tràn ra đường, bày bán tràn lan,
   hàng quán lấn, họp chợ lòng_đường, dựng lều/rạp/mái_che/quán, mái che mái vẩy, mái che lấn, mái tôn lấn,
   biển quảng cáo, bảng quảng cáo, pano, băng rôn, treo băng rôn, tờ rơi dán, dán quảng cáo, khoan cắt bê tông,
   quy hoạch, quy hoạch treo, quy hoạch chi tiết, quy hoạch khu dân cư, công bố quy hoạch, xem quy hoạch, điều chỉnh quy hoạch,
   công viên, vườn hoa, cây xanh, trồng cây xanh, trồng cây bóng mát, cây xanh công cộng, tỉa cây, cắt tỉa cây/cành, cây cổ thụ, mé nhánh, chặt cây xanh,
   cành cây, cây xanh gãy_đổ, sân chơi, sân chơi trẻ em, khu vui chơi, ghế đá, xích đu, nhà kho bỏ hoang, nhà bỏ hoang,
   nhà hoang, bỏ hoang, công trình bỏ hoang/dang_dở, công trình xây dở, công trình dở dang, trụ sở bỏ_hoang/bỏ_trống/cũ, trụ sở cũ,
   đặt tên đường, tên đường, đánh số nhà, gắn số nhà, số nhà, biển số nhà, biển tên đường, bảng tên đường, lối đi chung, ngõ đi chung,
   bịt lối đi, chắn lối đi, rào lối đi, chặn lối đi, lấn ngõ, lấn hẻm, xây tường chắn lối, nhà cao tầng, chung cư, khu tập thể cũ, 
   nhà vệ sinh công cộng, tường rào lấn, vật liệu xây dựng để, đổ vật liệu, tập kết vật liệu, cát đá để, để cát đá, để gạch đá,
   giàn giáo, công trình xây dựng, công trình nhà bên, xây nhà làm rơi, xây nhà bên cạnh, đội trật tự, dựng trạm phát sóng,
   nghĩa trang quy hoạch, khu dân cư mới, hạ tầng khu dân cư, điểm dân cư, nhà ở xã hội, nhà trọ xây, đào móng, móng nhà, sửa nhà
3: xây dựng, không phép, trái phép, sai phép, hàng quán, hàng rong, bán hàng rong, buôn bán lấn, nhà xây, đang xây nhà, mái che, cây đổ, 
   cây khô, cây sắp đổ, cây to, đô thị, mỹ quan, mĩ quan, xây tường, cổng chào, cho xây, xây cất, bày bán, lấn ra đường
1: xây, tường, công trình
"""

TRAFFIC = """
7: vấp té, vấp ngã, vứt giữa đường, để giữa đường, nằm giữa đường, rơm kín đường, rơm rạ kín, xe đưa rước cũ_nát, lồi lõm, gồ ghề, đào lên lấp lại, đào lên, đào lấp, lấp lại cho có, lấp ẩu, hoàn trả ẩu, bến đò, chở quá người, đò không áo_phao, đò chở quá, chở quá số người, lật xe, lan can, rớt xuống mương, té xuống mương, gây sông, đường rừng, đường mòn, đường lên rẫy/bản/nương/đồi, đường xuống bến, đường vô khu sản_xuất, khu sản xuất, đường vận chuyển, chở mía/lúa/nông_sản/keo/hàng không ra, bánh mì xe, xe tải đậu, xe tải đỗ, đậu chình ình, đậu chắn, đỗ chắn, chắn cổng, chặn đường, rào đường, đóng trụ chặn, đổ đá/cát/sỏi ra đường, đổ vật liệu ra đường, đá sỏi, vũng nước giữa đường, ổ nước, đường như ruộng, đường lầy, đường trơn, đường tối và hẹp, tránh nhau, xe tránh nhau, hai xe không tránh, hẹp quá xe, cầu yếu, cầu gãy, cầu mục, ván gỗ mục, gỗ mục, bắc qua rạch/suối/kênh/sông/mương, cầu ván, lội suối, lội qua, phải lội, mùa nước phải, cầu phao, đò, vạch cho người đi bộ, người đi bộ qua đường, gờ, ụ giảm tốc, vòng xoay, đèn chớp, đèn nháy vàng, tín hiệu giao thông, cột đèn giao_thông/tín_hiệu, phân làn, biển số đường, biển bị che, biển báo bị, biển chỉ dẫn, gãy biển, tốc độ, tốc độ cao, hạn chế tốc độ, biển hạn chế tốc độ, phóng ẩu, phóng bạt mạng, phóng vèo vèo, chạy bạt mạng, xe lôi, xe ba bánh, xe điện, xe máy cày, máy cày chạy, xe máy điện, không đội mũ, không mũ bảo hiểm, chở ba, chở năm chở ba, lề, lề đường bị, taluy đường, sụt lề, mép đường, vai đường, nắp đan, tấm đan, bể nắp, mất nắp, hố giữa đường, hố to giữa đường, lỗ giữa đường, mở đường tránh, lối mở, lối rẽ, điểm quay đầu
7: ổ gà, ổ voi, ổ trâu, đường hư/hỏng/xấu/nát/lún/lở/nứt/tróc/sụt/trơn/lầy/hẹp/bể, đường hư_hỏng/xuống_cấp/lầy_lội/gồ_ghề/lồi_lõm/bong_tróc/nứt_toác/sình_lầy/trơn_trượt/bụi_mù,
   hư đường, hỏng đường, nát đường, bể đường, vỡ đường, mặt đường, nền đường, lề đường sụt, đường đất, đường bê tông, đường nhựa, đường nhựa hư, đường đá,
   đường liên thôn/xã/ấp/xóm/gia, đường vào thôn/xóm/bản/ấp/làng/khu/trường/rẫy/nghĩa_trang, đường vô xóm/ấp/rẫy/thôn/nhà, đường làng, đường ngõ, đường nội đồng, đường ra đồng, đường dân sinh, đường trục, đường tỉnh, đường huyện, 
   sửa/làm/vá/dặm/đổ/mở/nâng_cấp/mở_rộng/trải_nhựa/bê_tông_hóa/duy_tu/đổ_bê_tông/cải_tạo đường, vá ổ gà, đổ bê tông đường, bê tông hóa, trải nhựa, cấp phối, đổ đá cấp phối,
   tuyến đường, đoạn đường, con đường, đường lộ, lộ làng, lộ đất, lộ nông thôn, lộ bê tông, sụt lún, sụp lún, hố tử thần, hố sâu, hố sụt, đường sụp,
   lầy lội, sình lầy, trơn trượt, lở đường, đào đường, đào lên rồi để, đào đường xong, lấp không kỹ, tái lập mặt đường, hoàn trả mặt đường,
   cầu treo, cầu hỏng/hư/gãy/yếu/sập/xuống_cấp/mục/khỉ/tre/gỗ/ván/sắt/tạm/dân_sinh/bắc_qua, cây cầu, chiếc cầu, ván cầu, mặt cầu, mố cầu, lan can cầu, thành cầu, chân cầu, qua cầu, làm cầu, xây cầu, sửa cầu, bắc cầu, ngầm tràn, cống qua đường, cầu tràn, cầu cống,
   nắp cống, nắp hố ga, miệng cống, cống sụp, cống sập, mất nắp cống, hố ga, hố ga hở,
   đèn tín hiệu, đèn giao thông, đèn xanh đỏ, đèn đỏ, đèn vàng, biển báo, biển báo giao thông, biển hạn chế, biển cấm, biển chỉ đường, biển giao thông, biển tốc độ, gờ giảm tốc, gồ giảm tốc, giảm tốc, vạch sơn, vạch kẻ, vạch qua đường, kẻ vạch, sơn kẻ, dải phân cách, hộ lan, lan can đường, cọc tiêu, rào chắn tàu, đường sắt, đường ngang, gác chắn, gương cầu lồi, gương cầu, gương lồi,
   xe tải, xe ben, xe ba gác, xe quá tải, quá tải, quá khổ, xe container, container, xe công nông, xe chở đất/cát/đá/vật_liệu/mía/gỗ, xe chở quá tải, hổ vồ, xe hổ vồ, xe trọng tải, xe đầu kéo, 
   xe chạy ẩu, chạy ẩu, chạy nhanh, phóng nhanh, phóng nhanh vượt ẩu, vượt đèn đỏ, chạy quá tốc độ, quá tốc độ, tốc độ cao, chạy ngược chiều, ngược chiều, lấn làn, tai nạn giao thông, điểm đen, điểm đen tai nạn, khúc cua, cua gấp, dốc cua, che tầm nhìn, khuất tầm nhìn, che khuất tầm nhìn, ngã ba nguy_hiểm/khuất/này, ngã tư nguy_hiểm,
   phơi lúa/rơm/thóc/ngô/sắn/nông_sản/mì/cà_phê/tiêu/bắp/keo, phơi lúa trên đường, rơm rạ trên đường, rải đinh, đinh tặc, 
   đậu xe, đỗ xe, dừng đỗ, đậu đỗ, xe đậu, xe đỗ, bãi đậu xe, bãi đỗ xe, bãi giữ xe, đỗ xe lấn, đậu xe chắn, kẹt xe, ùn tắc, tắc đường, kẹt đường, ùn ứ, xe buýt, trạm xe buýt, bến xe, nhà chờ xe buýt, bến đò, bến phà, đò ngang, phà, đò chở, thuyền chở khách,
   té xe, ngã xe, trượt té, suýt té, xém té, suýt ngã, lật xe, sụp ổ gà, sập ổ gà, té hoài, ngã hoài, giao thông, an toàn giao thông, giao thông nông thôn, cầu đường, vành đai, quốc lộ, tỉnh lộ, hương lộ, huyện lộ, nút giao, vòng xuyến, đường một chiều, cấm xe tải, cấm tải, hạn chế tải trọng, barie, trụ bê tông chắn, cọc chắn, rào chắn công trình, làm đường, mở đường, thi công đường, lô cốt, bụi đường, rải đá, đá dăm, đá hộc rơi
3: xe cộ, xe máy, xe đạp, xe chạy, xe khách, xe ôm, ngã ba, ngã tư, đi lại, đi lại khó khăn, khó đi, qua đường, sang đường, băng qua đường, vỡ nát, nát bét, cống sập, lún, sụp, dốc cao, con dốc, dốc đứng, lề đường, ven đường, trên đường, bê tông, nhựa, té, xe lớn, đường đi, đường hẻm, hẻm, ngõ, ngách, đá cấp phối, ô tô, xe hơi, tay lái, bánh xe, lội bùn, bùn lầy, bùn đất, đất đá rơi, rơi vãi
1.5: đường*, cầu, lộ, dốc, xe, kiệt
"""
