"""Invented plans as files, for measuring and for tests: no library that writes PDF is needed."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import NamedTuple

WIDTH, HEIGHT = 595, 842
"""A4 in points."""
_LINES_OF_A_PAGE, _LETTERS_OF_A_LINE = 40, 80

TASK = (
    "Công an xã chủ trì, phối hợp với Ban Chỉ huy Quân sự xã rà soát các hộ ở vùng sạt lở, lập danh sách, gửi"
    " UBND xã (qua Phòng Kinh tế) chậm nhất ngày 20/3/2027; thường xuyên tuần tra ban đêm tại các thôn, bản."
)


class Words(NamedTuple):
    """Words on a page: their left edge and base line from the top left, in points."""

    left: float
    base: float
    text: str
    size: float = 12.0


class Stroke(NamedTuple):
    """A thin drawn line between two points from the top left."""

    x1: float
    y1: float
    x2: float
    y2: float


Page = Sequence[Words | Stroke]


_PAGE = (
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents {contents} 0 R"
    " /Resources << /Font << /F 3 0 R >> >> >>"
)
_FONT = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /Invented /Encoding /Identity-H /DescendantFonts [4 0 R]"
    " /ToUnicode 5 0 R >>"
)
_LETTERS = (
    "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Invented /DW 500 /FontDescriptor <<"
    " /Type /FontDescriptor /FontName /Invented /Flags 4 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80"
    " /ItalicAngle 0 /FontBBox [0 -200 1000 800] >>"
    " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
)


def pdf(pages: Sequence[Page]) -> bytes:
    """A PDF with these pages. Its letters have no shapes, but a reader knows which they are and where."""
    kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        _FONT,
        _LETTERS,
        _stream(_to_unicode()),
    ]
    for number, page in enumerate(pages):
        objects += [
            _PAGE.format(width=WIDTH, height=HEIGHT, contents=7 + 2 * number),
            _stream("\n".join(map(_drawn, page))),
        ]
    return _file(objects)


def _to_unicode() -> str:
    """Every code is the letter of that number."""
    codes = "\n".join(f"<{high:02x}00> <{high:02x}ff> <{high:02x}00>" for high in range(256))
    return (
        "/CIDInit /ProcSet findresource begin begincmap\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"256 beginbfrange\n{codes}\nendbfrange endcmap end"
    )


def _drawn(item: Words | Stroke) -> str:
    if isinstance(item, Stroke):
        return f"0.5 w {item.x1} {HEIGHT - item.y1} m {item.x2} {HEIGHT - item.y2} l S"
    code = item.text.encode("utf-16-be").hex()
    return f"BT /F {item.size} Tf 1 0 0 1 {item.left} {HEIGHT - item.base} Tm <{code}> Tj ET"


def _stream(content: str) -> str:
    return f"<< /Length {len(content)} >>\nstream\n{content}\nendstream"


def _file(objects: Iterable[str]) -> bytes:
    out = BytesIO()
    out.write(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{body}\nendobj\n".encode("ascii"))
    start = out.tell()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    out.write(f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}".encode("ascii"))
    out.write(
        f"trailer << /Size {len(places) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode("ascii")
    )
    return out.getvalue()


def wrapped(text: str, letters: int) -> list[str]:
    """The text in lines of at most so many letters."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + 1 > letters:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def table(
    left: float, top: float, widths: Sequence[float], rows: Sequence[Sequence[str]]
) -> list[Words | Stroke]:
    """A drawn table whose cells wrap."""
    edges = [left + sum(widths[:number]) for number in range(len(widths) + 1)]
    items: list[Words | Stroke] = []
    y = top
    for row in rows:
        cells = [wrapped(cell, int((width - 8) / 6)) for cell, width in zip(row, widths, strict=True)]
        foot = y + 16 * max(map(len, cells)) + 6
        items.append(Stroke(edges[0], y, edges[-1], y))
        items += [Stroke(edge, y, edge, foot) for edge in edges]
        items += [
            Words(edge + 4, y + 15 + 16 * number, line)
            for edge, lines in zip(edges, cells, strict=False)
            for number, line in enumerate(lines)
        ]
        y = foot
    return [*items, Stroke(edges[0], y, edges[-1], y)]


def long_plan(pages: int) -> list[str]:
    """The paragraphs of a plan of so many pages."""
    head = [
        "ỦY BAN NHÂN DÂN XÃ ĐÁ TRẮNG",
        "Số: 21/KH-UBND",
        "Đá Trắng, ngày 11 tháng 01 năm 2027",
        "KẾ HOẠCH",
        "Phòng, chống thiên tai năm 2027",
        "I. NHIỆM VỤ",
    ]
    tasks = pages * _LINES_OF_A_PAGE * _LETTERS_OF_A_LINE // len(TASK)
    return head + [f"{number % 99 + 1}. {TASK}" for number in range(tasks)]


def long_pdf(pages: int) -> bytes:
    """The same plan as a PDF with hard-wrapped lines and page numbers."""
    lines = [line for paragraph in long_plan(pages) for line in wrapped(paragraph, _LETTERS_OF_A_LINE)]
    printed: list[Page] = []
    for number, start in enumerate(range(0, len(lines), _LINES_OF_A_PAGE), 1):
        words = [
            Words(60, 80 + 17 * at, line) for at, line in enumerate(lines[start : start + _LINES_OF_A_PAGE])
        ]
        printed.append([Words(290, 40, str(number)), *words])
    return pdf(printed)


def long_word(pages: int) -> bytes:
    """The same plan as a Word file."""
    import docx

    document = docx.Document()
    for paragraph in long_plan(pages):
        document.add_paragraph(paragraph)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def long_workbook(rows: int) -> bytes:
    """A table of so many tasks as a workbook."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["STT", "Nội dung công việc", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời hạn"])
    for number in range(1, rows + 1):
        sheet.append(
            [number, TASK[:80], "Công an xã", "Phòng Kinh tế", f"trước ngày {number % 28 + 1}/5/2027"]
        )
    out = BytesIO()
    book.save(out)
    return out.getvalue()
