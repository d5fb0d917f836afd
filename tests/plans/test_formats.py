"""The words of every format as their reader sees them, and where in the file each obligation stands."""

from pathlib import Path

import pytest

from plans import ObligationFound, PlanText, UnreadablePlan, as_json, extract, open_bytes
from tests.plans import programs
from tests.plans.documents import (
    PLAN,
    blank_scan,
    drawn_grid,
    numbered_plan,
    pdf_plan,
    word_with_box_and_note,
    workbook,
)


def found(name: str, data: bytes) -> dict[str, ObligationFound]:
    """The obligations by their tasks."""
    return {each.task: each for each in extract(open_bytes(name, data)).obligations}


def lines(plan: PlanText) -> list[str]:
    return [line for line in plan.text.splitlines() if line]


# --- Word --------------------------------------------------------------------------------------------------


def test_paragraphs_carry_the_numbers_that_word_prints() -> None:
    told = (
        (91, 0, "một"), (91, 1, "hai"), (91, 1, "ba"), (91, 2, "bốn"),
        (93, 0, "năm"), (93, 1, "sáu"), (92, 0, "bảy"), (91, 0, "tám"),
    )  # fmt: skip
    assert lines(open_bytes("a.docx", numbered_plan(told))) == [
        "II. một", "2.1. hai", "2.2. ba", "a) bốn", "III. năm", "3.1. sáu", "I. bảy", "II. tám",
    ]  # fmt: skip


def test_text_boxes_controls_and_footnotes_are_read_where_they_belong() -> None:
    plan = open_bytes("a.docx", word_with_box_and_note("Hộp chữ", "Theo Kế hoạch số 1/KH-UBND"))
    assert lines(plan) == [
        "I. NHIỆM VỤ",
        "1. Công an xã tuần tra trước ngày 20/3/2027",
        "Hộp chữ",
        "2. Trong khung",
        "(Chú thích 1) Theo Kế hoạch số 1/KH-UBND",
    ]
    (only,) = extract(plan).obligations
    assert only.due_places[0].where.paragraph == 2


# --- Excel -------------------------------------------------------------------------------------------------


def test_a_workbook_is_read_by_its_headings_however_they_are_put() -> None:
    tasks = found("a.xlsx", workbook())
    kerb, sign, planted = tasks["Sửa kè suối"], tasks["Dựng biển báo"], tasks["Trồng cây"]
    assert (str(kerb.due), kerb.lead, kerb.cooperate) == ("2027-05-15", ("Phòng Kinh tế",), ("Công an xã",))
    assert sign.lead == ("Phòng Kinh tế",)
    assert tasks["Chốt danh sách"].due_time == "17:00"
    assert (str(planted.period_start), str(planted.due)) == ("2027-02-01", "2027-03-31")
    assert str(tasks["Tổng kết"].due) == "2027-12-31"


def test_every_cell_of_a_workbook_is_found_again() -> None:
    tasks = found("a.xlsx", workbook())
    assert [place.where.cell for place in tasks["Dựng biển báo"].places] == ["B9", "C8", "E9"]
    assert [(place.where.sheet, place.where.cell) for place in tasks["Trồng cây"].due_places] == [
        ("PL2", "C2")
    ]


def test_nothing_of_a_workbook_is_dropped_silently() -> None:
    read = extract(open_bytes("a.xlsx", workbook()))
    assert [(problem.code, problem.places[0].where.cell) for problem in read.problems] == [
        ("plan_problem_column", "F5"),
        ("plan_problem_row", "A10"),
        ("plan_problem_time", "E11"),
    ]
    assert (read.document.number, str(read.document.date)) == ("23/KH-UBND", "2027-01-12")


# --- PDF ---------------------------------------------------------------------------------------------------


def test_lines_columns_and_pages_of_a_pdf_come_together_again() -> None:
    plan = open_bytes("a.pdf", pdf_plan())
    assert (
        "gửi đến Ủy ban nhân dân xã, qua Phòng Kinh tế để tổng hợp, chậm nhất là vào ngày 20 tháng 3"
        in plan.text
    )
    assert "cùng số cây đã trồng, số cây còn sống ở từng thôn.\n" in plan.text
    assert "\n4. Hội Phụ nữ xã dọn vệ sinh ở chợ Đá Trắng trước ngày 10/6/2027.\n" in plan.text
    assert "(Chú thích 1) Theo Kế hoạch số 12/KH-UBND của tỉnh." in plan.text
    assert "| 1 | Sửa kè suối và các công trình thủy lợi nhỏ trên địa bàn xã | Phòng Kinh tế |" in plan.text


def test_the_obligations_of_a_pdf_know_their_pages() -> None:
    read = extract(open_bytes("a.pdf", pdf_plan()))
    assert (read.document.number, read.document.place) == ("24/KH-UBND", "Đá Trắng")
    places = [[place.where.page for place in each.due_places] for each in read.obligations]
    told = [(each.section, str(each.due)) for each in read.obligations]
    assert [(*words, pages) for words, pages in zip(told, places, strict=True)] == [
        ("I.1", "2027-06-25", [1]),
        ("PL.1", "2027-05-15", [1]),
        ("I.2", "2027-03-20", [1, 2]),
        ("I.3", "2027-05-31", [2]),
        ("I.4", "2027-06-10", [2]),
    ]  # fmt: skip


# --- pictures ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "kind"), [("a.jpg", "JPEG"), ("a.pdf", "PDF")])
def test_a_scan_is_recognised_with_how_sure_the_words_are(
    name: str, kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen = ["I. NHIỆM VỤ", "1. Công an xã tuần tra", "trước ngày 20/3/2027."]
    programs.put_on_path(monkeypatch, tmp_path / "bin", "tesseract", programs.tesseract(seen, sure=60))
    (only,) = extract(open_bytes(name, blank_scan(kind))).obligations
    assert (str(only.due), only.lead, only.doubts) == ("2027-03-20", ("Công an xã",), ("ocr",))
    assert only.due_places[0].where.sure == 0.6
    assert only.confidence < 0.6


def test_a_table_in_a_photo_is_read_between_its_lines(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen = ["Việc Hạn", "Quét 5/5/2027"]
    programs.put_on_path(monkeypatch, tmp_path / "bin", "tesseract", programs.tesseract(seen, sure=95))
    photo = drawn_grid(columns=(190, 304, 620), rows=(250, 310, 370))
    assert lines(open_bytes("a.jpg", photo)) == ["| Việc | Hạn |", "| Quét | 5/5/2027 |"]


@pytest.mark.parametrize(("name", "kind"), [("a.png", "PNG"), ("a.pdf", "PDF")])
def test_without_tesseract_a_scan_is_refused_with_what_to_install(
    name: str, kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    programs.no_programs(monkeypatch, tmp_path)
    with pytest.raises(UnreadablePlan, match="plan_file_scan"):
        open_bytes(name, blank_scan(kind))


# --- old office --------------------------------------------------------------------------------------------

RTF = b"{\\rtf1 K\\u7871? ho\\u7841?ch}"


def test_an_old_file_is_converted_where_libreoffice_is_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = tmp_path / "made.docx"
    made.write_bytes(numbered_plan([(91, 0, "chuyển từ tệp cũ")]))
    programs.put_on_path(monkeypatch, tmp_path / "bin", "soffice", programs.libreoffice(made))
    assert lines(open_bytes("a.rtf", RTF)) == ["II. chuyển từ tệp cũ"]


def test_without_libreoffice_an_old_file_is_refused_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    programs.no_programs(monkeypatch, tmp_path)
    with pytest.raises(UnreadablePlan, match="plan_file_old_word"):
        open_bytes("a.rtf", RTF)


# --- JSON --------------------------------------------------------------------------------------------------


def test_places_are_part_of_the_answer() -> None:
    answer = as_json(extract(open_bytes("a.xlsx", workbook())))
    first = answer["obligations"][0]
    start, end = first["due_places"][0].pop("raw_span")
    assert first["due_places"] == [{"sheet": "PL1", "row": 8, "cell": "E8"}]
    assert open_bytes("a.xlsx", workbook()).text[start:end] == "15/05/2027"
    assert "places" in answer["problems"][0]


def test_a_plain_text_has_no_places() -> None:
    plan = open_bytes("a.md", PLAN.encode())
    assert plan == PlanText(PLAN)
    assert all(not each.places for each in extract(plan).obligations)
