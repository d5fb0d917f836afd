"""A plan invented for these tests: commune «xã Đá Trắng», year 2027, in text and as a Word file."""

from pathlib import Path

import docx

PLAN = """ỦY BAN NHÂN DÂN
XÃ ĐÁ TRẮNG
-------

Số: 21/KH-UBND

Đá Trắng, ngày 11 tháng 01 năm 2027

KẾ HOẠCH
Giữ gìn vệ sinh môi trường năm 2027

Thực hiện Kế hoạch số 04/KH-UBND ngày 05/01/2027 của UBND tỉnh, UBND xã xây dựng Kế hoạch như sau:

I. MỤC ĐÍCH, YÊU CẦU
1. Làng bản sạch trước ngày 01/02/2027.

II. NHIỆM VỤ
1. Khơi thông cống rãnh
- Chỉ đạo thực hiện: Phó Chủ tịch UBND xã.
- Tham mưu, thực hiện: Phòng Kinh tế; Trưởng các thôn.
- Thời gian thực hiện: Quý I/2027.
2. Trồng cây dọc đường
a) Nhiệm vụ: Trồng 500 cây bóng mát.
b) Cơ quan thực hiện:
- Đơn vị chủ trì: Đoàn Thanh niên xã.
- Đơn vị phối hợp: Hội Phụ nữ xã, Trường Tiểu học Đá Trắng.
c) Thời gian thực hiện: trước ngày 31/5/2027.

III. TỔ CHỨC THỰC HIỆN
1. Công an xã
Lập danh sách điểm đổ rác trộm, gửi UBND xã (qua Phòng Kinh tế) chậm nhất ngày 20/3/2027; thường xuyên
tuần tra ban đêm.
2. Phòng Văn hóa - Xã hội chủ trì, phối hợp với Trạm Y tế xã tuyên truyền tại các thôn.
3. Các thôn báo cáo kết quả về UBND xã trước ngày 25 hằng tháng.
4. Giao Văn phòng HĐND và UBND tổng kết trước ngày 31/11/2027.

Nơi nhận:
- UBND tỉnh;
- Lưu: VT.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

Hà Thị Sương
"""


def word_plan(path: Path) -> Path:
    """A Word file with numbered paragraphs and a table with a merged title row and a merged unit cell."""
    document = docx.Document()
    for line in (
        "UỶ BAN NHÂN DÂN XÃ ĐÁ TRẮNG",
        "Số: 22/KH-UBND",
        "Đá Trắng, ngày 12 tháng 01 năm 2027",
        "KẾ HOẠCH",
    ):
        document.add_paragraph(line)
    document.add_paragraph("Phòng, chống thiên tai năm 2027")
    document.add_paragraph("I. NHIỆM VỤ")
    document.add_paragraph(
        "Ban Chỉ huy Quân sự xã tổ chức diễn tập trước ngày 30/4/2027.", style="List Number"
    )
    document.add_paragraph("Công an xã rà soát hộ vùng sạt lở trong tháng 3/2027.", style="List Number")
    document.add_paragraph("II. DANH MỤC")
    table = document.add_table(rows=4, cols=4)
    rows = (
        ("STT", "Nội dung công việc", "Đơn vị chủ trì", "Thời gian hoàn thành"),
        ("A", "Trước mùa mưa", "", ""),
        ("1", "Sửa kè suối", "Phòng Kinh tế", "Trước ngày 15/5/2027"),
        ("2", "Dựng biển báo", "", "Quý II/2027"),
    )
    for row, words in zip(table.rows, rows, strict=True):
        for cell, word in zip(row.cells, words, strict=True):
            cell.text = word
    table.cell(1, 1).merge(table.cell(1, 3))
    table.cell(2, 2).merge(table.cell(3, 2))
    document.save(str(path))
    return path
