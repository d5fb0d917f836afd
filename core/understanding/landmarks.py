"""Places that people name to say where something is: a lamp before the school is no matter of schools."""

LANDMARKS = """
trường, trường học, trường mầm non, trường tiểu học, trường cấp hai, trường cấp một, trường cấp ba, thcs,
thpt, cổng trường, mẫu giáo, mầm non, chợ, chợ xã, chợ cóc, trạm y tế, trạm xá, bệnh viện, nhà văn hóa,
nhà văn hóa thôn, nhà cộng đồng, nhà sinh hoạt, ủy ban, ubnd, xã, phường, nghĩa trang, nghĩa trang liệt sĩ,
công viên, sân bóng, sân bóng đá, sân vận động, chùa, đình, đình làng, đền, miếu, cầu, bờ sông, bờ kè, đê,
kè, cống, mương, kênh, ruộng, cánh đồng, đồng, vườn, rừng, ngã ba, ngã tư, quốc lộ, tỉnh lộ, hẻm, ngõ,
ngách, ấp, thôn, xóm, khu dân cư, khu dân cư mới, siêu thị, cây xăng, nhà máy, công ty, bưu điện, đường,
vỉa hè, khu trọ, trạm bơm, di tích, nhà trọ, xưởng, trường trung học, điểm trường, tạp hóa, bến xe, bến đò,
đường sắt, chung cư, nhà hàng xóm, hàng xóm, chợ búa, trong chợ, đầu chợ, giữa chợ, khu chợ, ngoài chợ,
khu du lịch, ruộng lúa, bãi rác
"""

LEADS_TO_PLACE = """
trước, sau, cạnh, gần, bên, ngay, tại, ở, qua, khu, đoạn, từ, đến, tới, vào, vô, trong, đối, diện, phía,
đầu, cuối, ra, ngoài, dưới, trên, giữa, quanh, chỗ, xuống, dọc, sang, sát, kế, hông, lưng, cổng, góc, ngoải
"""
