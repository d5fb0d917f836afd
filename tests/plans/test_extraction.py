"""Whole plans in, obligations out."""

import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans import Extraction, ObligationFound, as_json, extract, read_file
from plans.source import Source
from tests.plans.documents import PLAN, word_plan

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture(scope="module")
def plan() -> Extraction:
    return extract(PLAN)


def one(extraction: Extraction, words: str) -> ObligationFound:
    found = [item for item in extraction.obligations if words in item.text]
    assert len(found) == 1, found
    return found[0]


def test_the_head_of_a_plan_is_read(plan: Extraction) -> None:
    head = plan.document
    assert (head.number, head.place, head.date) == ("21/KH-UBND", "Đá Trắng", date(2027, 1, 11))
    assert head.issuer == "Ủy ban nhân dân xã Đá Trắng"
    assert (head.title, head.year, head.signer) == (
        "Giữ gìn vệ sinh môi trường năm 2027",
        2027,
        "Hà Thị Sương",
    )


def test_the_plan_orders_these_things_and_no_others(plan: Extraction) -> None:
    assert [(item.section, item.kind, item.due) for item in plan.obligations] == [
        ("II.1", "period", date(2027, 3, 31)),
        ("II.2", "deadline", date(2027, 5, 31)),
        ("III.1", "deadline", date(2027, 3, 20)),
        ("III.1", "continuous", None),
        ("III.2", "none", None),
        ("III.3", "recurring", None),
        ("III.4", "deadline", None),
    ]


def test_labelled_lines_around_a_task_make_one_obligation(plan: Extraction) -> None:
    item = one(plan, "Khơi thông cống rãnh")
    assert item.lead == ("Phòng Kinh tế", "Trưởng các thôn")
    assert item.direct == ("Phó Chủ tịch UBND xã",)
    trees = one(plan, "Trồng 500 cây")
    assert trees.lead == ("Đoàn Thanh niên xã",)
    assert trees.cooperate == ("Hội Phụ nữ xã", "Trường Tiểu học Đá Trắng")


def test_a_heading_that_is_a_unit_owns_what_follows(plan: Extraction) -> None:
    item = one(plan, "điểm đổ rác trộm")
    assert item.lead == ("Công an xã",)
    assert (item.report_to, item.via) == ("UBND xã", "Phòng Kinh tế")
    assert one(plan, "tuần tra").lead == ("Công an xã",)


def test_the_subject_of_a_sentence_leads_and_the_cooperating_unit_is_apart(plan: Extraction) -> None:
    item = one(plan, "tuyên truyền tại các thôn")
    assert (item.lead, item.cooperate) == (("Phòng Văn hóa - Xã hội",), ("Trạm Y tế xã",))
    assert one(plan, "tổng kết").lead == ("Văn phòng HĐND và UBND",)


def test_an_impossible_date_is_a_problem_shown_to_a_person(plan: Extraction) -> None:
    (problem,) = plan.problems
    assert (problem.code, problem.text) == ("plan_problem_invalid_date", "trước ngày 31/11/2027")
    assert one(plan, "tổng kết").confidence < 0.5


def test_a_time_line_that_is_not_understood_is_a_problem() -> None:
    text = (
        "I. NHIỆM VỤ\n1. Dựng nhà văn hóa\n- Đơn vị thực hiện: Phòng Kinh tế.\n"
        "- Thời gian thực hiện: lúa chín.\n"
    )
    found = extract(text)
    assert [problem.code for problem in found.problems] == ["plan_problem_time"]
    assert [item.kind for item in found.obligations] == ["none"]


def assert_spans_hold(text: str, extraction: Extraction) -> None:
    source = Source.of(text)
    for item in extraction.obligations:
        assert source.norm[item.span[0] : item.span[1]] == item.text
        raw = source.raw[item.raw_span[0] : item.raw_span[1]]
        assert Source.of(raw).norm == item.text
        assert item.due_phrase is None or item.due_phrase in source.norm
    for problem in extraction.problems:
        assert problem.text in source.norm


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_spans_lead_back_to_the_text_whatever_its_unicode_form(form: str) -> None:
    text = unicodedata.normalize(form, PLAN.replace("ngày 20/3", "**ngày** \u200b 20/3"))
    found = extract(text)
    assert len(found.obligations) == 7
    assert_spans_hold(text, found)


def test_wrapped_lines_are_read_as_one_sentence() -> None:
    text = (
        "I. NHIỆM VỤ\n"
        "1. Phòng Kinh tế rà soát các tuyến mương nội đồng trên địa bàn xã, báo cáo kết quả về\n\n"
        "Ủy ban nhân dân xã trước ngày\n15/3/2027.\n"
    )
    (item,) = extract(text).obligations
    assert (item.lead, item.due) == (("Phòng Kinh tế",), date(2027, 3, 15))


def test_a_heading_that_is_a_time_holds_for_the_tasks_below_it() -> None:
    text = (
        "I. LỊCH LÀM VIỆC\n1. Tháng 3/2027\n- Phòng Kinh tế phát cây giống.\n"
        "- Sơn lại biển thôn trước ngày 20/3/2027.\n"
    )
    found = extract(text).obligations
    assert [(item.kind, item.due) for item in found] == [
        ("period", date(2027, 3, 31)),
        ("deadline", date(2027, 3, 20)),
    ]


def test_a_date_in_the_task_of_a_labelled_block_is_its_own_obligation() -> None:
    text = (
        "I. NHIỆM VỤ\n1. Ghi sổ hộ tịch; gửi bản sao trước ngày 10/6/2027.\n- Chủ trì: Công an xã.\n"
        "- Thời gian: Thường xuyên.\n2. Thời gian trực: từ ngày 01/02 đến ngày 09/02/2027.\n"
    )
    found = extract(text).obligations
    assert {(item.section, item.kind, item.due) for item in found} == {
        ("I.1", "continuous", None),
        ("I.1", "deadline", date(2027, 6, 10)),
        ("I.2", "period", date(2027, 2, 9)),
    }


def test_a_demand_is_not_taken_for_the_section_of_demands() -> None:
    text = (
        "I. TỔ CHỨC\n1. Yêu cầu các phòng nộp sổ trước ngày 05/5/2027.\n"
        "2. Yêu cầu\n- Nộp đủ trước ngày 06/5/2027.\n"
    )
    assert [item.due for item in extract(text).obligations] == [date(2027, 5, 5)]


def test_a_table_gives_one_item_a_row_and_one_per_milestone() -> None:
    text = (
        "I. DANH MỤC\n1. Bảng giao việc\n"
        "| TT | Nhiệm vụ | Cơ quan chủ trì | Phối hợp | Thời gian |\n|---|---|---|---|---|\n"
        "| 1 | Đo đất | Phòng Kinh tế | Các thôn | Quý II/2027 |\n"
        "| 2 | Nộp sổ | Công an xã | | Đợt 1: trước ngày 10/6/2027; đợt 2: trước ngày 10/12/2027 |\n"
        "| 3 | Vá đường | nt | | Thường xuyên |\n"
    )
    found = extract(text).obligations
    assert [item.due for item in found] == [date(2027, 6, 30), date(2027, 6, 10), date(2027, 12, 10), None]
    assert [item.lead for item in found] == [("Phòng Kinh tế",), *[("Công an xã",)] * 3]
    assert found[0].cooperate == ("Các thôn",)
    assert [item.section for item in found] == ["PL.1", "PL.2", "PL.2", "PL.3"]


def test_a_table_with_a_cell_a_line_is_put_together() -> None:
    cells = [
        "TT",
        "Nhiệm vụ",
        "Đơn vị chủ trì",
        "Thời gian",
        None,
        "1",
        "Đo đất",
        "Phòng Kinh tế",
        "Quý II/2027",
    ]
    lines = ["|" if cell is None else f"|\n{cell}" for cell in cells]
    (item,) = extract("I. DANH MỤC\n1. Bảng\n" + "\n".join(lines) + "\n|\n").obligations
    assert (item.lead, item.due) == (("Phòng Kinh tế",), date(2027, 6, 30))


def test_purposes_recipients_and_legal_bases_order_nothing() -> None:
    text = (
        "Căn cứ Luật Đất đai ngày 18/01/2024;\nI. MỤC ĐÍCH\n1. Xong trước ngày 01/3/2027.\nII. VIỆC LÀM\n"
        "1. Phòng Kinh tế đo đất trước ngày 02/3/2027.\n"
        "Nơi nhận:\n- Phòng Kinh tế (xong trước ngày 03/3/2027).\n"
    )
    assert [item.due for item in extract(text).obligations] == [date(2027, 3, 2)]


def test_word_numbers_and_merged_cells_are_read(tmp_path: Path) -> None:
    text = read_file(word_plan(tmp_path / "ke-hoach.docx"))
    found = extract(text)
    assert [(item.section, item.lead, item.due) for item in found.obligations] == [
        ("I.1", ("Ban Chỉ huy Quân sự xã",), date(2027, 4, 30)),
        ("I.2", ("Công an xã",), date(2027, 3, 31)),
        ("PL.1", ("Phòng Kinh tế",), date(2027, 5, 15)),
        ("PL.2", ("Phòng Kinh tế",), date(2027, 6, 30)),
    ]
    assert_spans_hold(text, found)


def test_the_sample_reads_the_same_as_text_and_as_word_file() -> None:
    as_text, as_word = (
        [
            (item.section, item.text, item.lead, item.kind, item.due)
            for item in extract(read_file(SAMPLES / f"ke-hoach-mau{ending}")).obligations
        ]
        for ending in (".txt", ".docx")
    )
    assert as_text == as_word
    assert len(as_text) >= 12


def test_json_has_the_stable_keys(plan: Extraction) -> None:
    answer = as_json(plan)
    assert set(answer) == {"document", "obligations", "problems"}
    assert set(answer["document"]) == {"number", "issuer", "place", "date", "title", "year", "signer"}
    monthly = next(item for item in answer["obligations"] if item["kind"] == "recurring")
    assert monthly["recurrence"] == {"freq": "MONTHLY", "by": "25"}
    assert {"section", "task", "text", "span", "raw_span", "lead", "due", "before", "confidence"} <= set(
        monthly
    )


WORDS = st.sampled_from([
    "trước", "ngày", "31/11", "15/3/2027", "Quý", "IV", "|", "|\n", "\n", "I.", "1.", "- ", "Thời gian:",
    "Chủ trì:",
        "Phòng Kinh tế", "hằng tháng", "từ", "đến", "năm", "2027", ";", "(", ")", "tháng", "13", "định kỳ",
    "6 tháng",     "00/00/0000", "9999", "**", "Điều 1.",
])  # fmt: skip


@given(st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=40).map(" ".join)))
def test_no_text_breaks_the_reading(text: str) -> None:
    assert_spans_hold(text, extract(text))
