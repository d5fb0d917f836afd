"""Plans invented for these tests: commune «xã Đá Trắng», year 2027, in the formats that plans come in."""

import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from PIL import Image, ImageDraw

from bench.papers import Page, Words, pdf, table

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


_NUMBERS = """
<w:abstractNum {w} w:abstractNumId="90"><w:multiLevelType w:val="multilevel"/>
  <w:lvl w:ilvl="0"><w:start w:val="2"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2."/>
  </w:lvl>
  <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%3)"/></w:lvl>
</w:abstractNum>"""
_LIST = '<w:num {w} w:numId="{id}"><w:abstractNumId w:val="90"/>{anew}</w:num>'
_ANEW = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
_BOX = """
<w:r {w}><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">
<mc:Choice Requires="wps"><w:drawing>
<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></w:drawing>
</mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></w:pict>
</mc:Fallback></mc:AlternateContent></w:r>"""
_CONTROL = "<w:sdt {w}><w:sdtContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:sdtContent></w:sdt>"
_NOTE_PART = """<?xml version="1.0" encoding="UTF-8"?><w:footnotes {w}><w:footnote w:id="2">
<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote></w:footnotes>"""


def numbered_plan(numbers: Sequence[tuple[int, int, str]]) -> bytes:
    """A Word file of paragraphs (list id, level, text). List 92 begins anew, 91 and 93 are one list."""
    document = docx.Document()
    root = document.part.numbering_part.element
    root.insert(0, parse_xml(_NUMBERS.format(w=nsdecls("w"))))
    for list_id, anew in ((91, ""), (92, _ANEW), (93, "")):
        root.append(parse_xml(_LIST.format(w=nsdecls("w"), id=list_id, anew=anew)))
    for list_id, level, text in numbers:
        properties = document.add_paragraph(text)._p.get_or_add_pPr()
        numbering = properties.get_or_add_numPr()
        numbering.get_or_add_ilvl().val = level
        numbering.get_or_add_numId().val = list_id
    return saved(document)


def word_with_box_and_note(box: str, note: str) -> bytes:
    """A Word file whose second paragraph has a text box and a footnote, whose last stands in a control."""
    document = docx.Document()
    document.add_paragraph("I. NHIỆM VỤ")
    paragraph = document.add_paragraph("1. Công an xã tuần tra trước ngày 20/3/2027")
    paragraph._p.append(parse_xml(_BOX.format(w=nsdecls("w"), text=box)))
    paragraph._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="2"/></w:r>'))
    document.element.body.insert(2, parse_xml(_CONTROL.format(w=nsdecls("w"), text="2. Trong khung")))
    return _with_part(saved(document), _NOTE_PART.format(w=nsdecls("w"), text=note))


def _with_part(data: bytes, notes: str) -> bytes:
    """The Word file with a part for footnotes."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/_rels/document.xml.rels":
                kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
                link = f'<Relationship Id="rIdN" Type="{kind}" Target="footnotes.xml"/></Relationships>'
                content = content.replace(b"</Relationships>", link.encode())
            if name == "[Content_Types].xml":
                kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
                part = f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'
                content = content.replace(b"</Types>", part.encode())
            new.writestr(name, content)
        new.writestr("word/footnotes.xml", notes)
    return out.getvalue()


def saved(document: "docx.document.Document | openpyxl.Workbook") -> bytes:
    """The bytes of a document."""
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def workbook() -> bytes:
    """Two sheets: odd headings, merged cells, dates as dates, a formula nobody calculated."""
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "PL1"
    rows: list[list[object]] = [
        ["UBND XÃ ĐÁ TRẮNG", None, "Đá Trắng, ngày 12 tháng 01 năm 2027"],
        ["Số: 23/KH-UBND"],
        ["KẾ HOẠCH"],
        ["Giữ gìn vệ sinh năm 2027"],
        ["TT", "Việc cần làm", "Đ.vị thưc hiện", None, "Hạn chót", "Cột lạ"],
        [None, None, "Chủ trì", "Cùng phối hợp"],
        ["I", "Trước mùa mưa"],
        [1, "Sửa kè suối", "Phòng Kinh tế", "Công an xã", date(2027, 5, 15), "gấp"],
        [2.0, "Dựng biển báo", None, None, "Quý II/2027"],
        [3, "Kẻ vạch đường"],
        [4, "Kiểm kê", "Trạm Y tế xã", None, "=TODAY()"],
        [5, "Chốt danh sách", "Trạm Y tế xã", None, datetime(2027, 6, 1, 17, 0)],  # noqa: DTZ001 - Excel knows no zone
    ]
    for row in rows:
        first.append(row)
    first.merge_cells("C5:D5")
    first.merge_cells("C8:C9")
    second = book.create_sheet("PL2")
    second.append(["Nội dung", "Bắt đầu", "Kết thúc", "Người phụ trách"])
    second.append(["Trồng cây", date(2027, 2, 1), date(2027, 3, 31), "Đoàn Thanh niên xã"])
    second.append(["Tổng kết", None, date(2027, 12, 1), "Văn phòng HĐND và UBND"])
    second["C3"].number_format = "mm/yyyy"
    return saved(book)


def blank_scan(kind: str) -> bytes:
    """A white page as a picture, or as the only picture of a PDF."""
    out = BytesIO()
    Image.new("L", (1240, 1754), 255).save(out, kind)
    return out.getvalue()


def drawn_grid(columns: Sequence[int], rows: Sequence[int]) -> bytes:
    """A photo of an empty table with its lines at these places, in pixels."""
    photo = Image.new("L", (1240, 1754), 255)
    pen = ImageDraw.Draw(photo)
    for column in columns:
        pen.line((column, rows[0], column, rows[-1]), fill=0, width=3)
    for row in rows:
        pen.line((columns[0], row, columns[-1], row), fill=0, width=3)
    out = BytesIO()
    photo.save(out, "JPEG", quality=95)
    return out.getvalue()


def pdf_plan() -> bytes:
    """Two pages: a letterhead, a table, a sentence over the end of the page, columns, a footnote."""
    first: Page = [
        Words(60, 60, "ỦY BAN NHÂN DÂN"), Words(330, 60, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        Words(60, 76, "XÃ ĐÁ TRẮNG"), Words(330, 76, "Độc lập - Tự do - Hạnh phúc"),
        Words(60, 96, "Số: 24/KH-UBND"), Words(330, 96, "Đá Trắng, ngày 11 tháng 01 năm 2027"),
        Words(260, 140, "KẾ HOẠCH"), Words(180, 160, "Giữ gìn vệ sinh môi trường năm 2027"),
        Words(80, 200, "I. NHIỆM VỤ"),
        Words(80, 220, "1. Trạm Y tế xã phun thuốc trước ngày 25/6/2027"),
        Words(80 + 47 * 6, 216, "1", 6),
        *table(60, 260, (40, 200, 120, 120), (
            ("STT", "Nội dung công việc", "Đơn vị chủ trì", "Thời hạn"),
            ("1", "Sửa kè suối và các công trình thủy lợi nhỏ trên địa bàn xã", "Phòng Kinh tế",
             "Trước ngày 15/5/2027"),
        )),
        Words(80, 700, "2. Công an xã lập danh sách điểm đổ rác trộm tại các thôn, bản, gửi đến"),
        Words(60, 716, "Ủy ban nhân dân xã, qua Phòng Kinh tế để tổng hợp, chậm nhất là vào ngày 20"),
        Words(60, 760, "1 Theo Kế hoạch số 12/KH-UBND của tỉnh.", 8),
    ]  # fmt: skip
    left = (
        "3. Đoàn Thanh niên xã trồng cây",
        "dọc đường vào các thôn và bản ở",
        "trên núi cao, hoàn thành trước",
        "ngày 31/5/2027 và báo cáo về Ủy",
        "ban nhân dân xã cùng số cây đã",
    )
    right = (
        "trồng, số cây còn sống ở từng",
        "thôn.",
        "4. Hội Phụ nữ xã dọn vệ sinh ở",
        "chợ Đá Trắng trước ngày",
        "10/6/2027.",
    )
    second: Page = [
        Words(290, 40, "2"),
        Words(60, 80, "tháng 3 năm 2027."),
        *(Words(60, 120 + 16 * number, line) for number, line in enumerate(left)),
        *(Words(310, 122 + 16 * number, line) for number, line in enumerate(right)),
    ]
    return pdf([first, second])
