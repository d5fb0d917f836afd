"""Files that are read, and files that are refused with a text that says what to do."""

import sys
import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement

from plans import UnreadablePlan, parsing, read_bytes, read_file
from tests.plans.documents import PLAN, pdf_plan, word_plan, workbook
from texts import load

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def utf_16(name: str) -> bytes:
    return name.encode("utf-16-le")


def refused(name: str, data: bytes) -> str:
    with pytest.raises(UnreadablePlan) as refusal:
        read_bytes(name, data)
    assert refusal.value.code in load().entries
    return refusal.value.code


def archive(**entries: bytes) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in entries.items():
            out.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), data)
    return packed.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_in_unicode_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "ke-hoach.txt"
    path.write_bytes(PLAN.encode(encoding))
    assert read_file(path) == PLAN


def test_rows_and_paragraphs_of_a_word_file_keep_their_order(tmp_path: Path) -> None:
    lines = [line for line in read_file(word_plan(tmp_path / "a.docx")).splitlines() if line]
    assert lines[6].startswith("1. Ban Chỉ huy")
    assert lines[7].startswith("2. Công an xã")
    assert lines[9] == "| STT | Nội dung công việc | Đơn vị chủ trì | Thời gian hoàn thành |"
    assert lines[10] == "| A | Trước mùa mưa |  |  |"
    assert "Phòng Kinh tế" in lines[11]
    assert "Phòng Kinh tế" in lines[12]


def test_inserted_words_are_read_and_deleted_ones_are_not(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Nộp trước ngày ")
    for tag, text_tag, words in (("w:ins", "w:t", "12/4/2027"), ("w:del", "w:delText", "11/4/2027")):
        change, run, text = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(text_tag)
        text.text = words
        run.append(text)
        change.append(run)
        paragraph._p.append(change)
    document.save(str(tmp_path / "a.docx"))
    assert read_file(tmp_path / "a.docx").strip() == "Nộp trước ngày 12/4/2027"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePlan, match="plan_file_missing"):
        read_file(tmp_path / "khong-co.docx")


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.txt", b"", "plan_file_empty"),
        ("a.docx", b"", "plan_file_empty"),
        ("a.txt", b" \n\t", "plan_file_empty"),
        ("a.pdf", b"%PDF-1.7 cut off", "plan_file_broken"),
        ("a.docx", b"%PDF-1.7 cut off", "plan_file_broken"),
        ("a.docx", OLE + utf_16("EncryptedPackage"), "plan_file_encrypted"),
        ("a.doc", OLE + utf_16("WordDocument") + utf_16("_VBA_PROJECT"), "plan_file_macro"),
        ("a.doc", OLE + utf_16("PowerPoint Document"), "plan_file_unknown"),
        ("a.xlsm", b"PK...", "plan_file_macro"),
        ("a.csv", b"STT;Viec", "plan_file_unknown"),
        ("a.docm", b"PK...", "plan_file_macro"),
        ("a.docx", b"PK\x03\x04 cut off", "plan_file_broken"),
        ("a.xlsx", b"PK\x03\x04 cut off", "plan_file_broken"),
        ("a.docx", b"just words", "plan_file_other_inside"),
        ("a.png", b"\x89PNG", "plan_file_other_inside"),
        ("a.txt", "Kế hoạch".encode("utf-16")[2:], "plan_file_encoding"),
        ("a.txt", b"K\x00e", "plan_file_unknown"),
    ],
)
def test_an_unreadable_file_is_refused_with_what_to_do(name: str, data: bytes, code: str) -> None:
    assert refused(name, data) == code


def test_a_file_over_the_limit_is_refused() -> None:
    assert refused("a.txt", b"a" * (20 * 1024 * 1024 + 1)) == "plan_file_too_big"


def test_an_archive_is_judged_by_its_directory_before_it_is_unpacked() -> None:
    assert refused("a.docx", archive(word__document_xml=b"0" * 20_000_000)) == "plan_file_swells"
    many = {f"word__{number}_xml": b"" for number in range(1_001)}
    assert refused("a.docx", archive(**many)) == "plan_file_swells"


def test_an_archive_with_macros_or_without_a_document_is_refused() -> None:
    assert (
        refused("a.docx", archive(word__document_xml=b"<a/>", word__vbaProject_bin=b"x")) == "plan_file_macro"
    )
    assert refused("a.docx", archive(ppt__presentation_xml=b"<a/>")) == "plan_file_unknown"
    assert refused("a.xlsx", archive(xl__workbook_xml=b"<a/>")) == "plan_file_broken"
    assert refused("a.docx", archive(word__document_xml=b"<a/>")) == "plan_file_broken"


def test_an_encrypted_archive_is_refused() -> None:
    data = bytearray(archive(word__document_xml=b"<a/>"))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert refused("a.docx", bytes(data)) == "plan_file_encrypted"


def test_a_word_file_without_words_is_refused(tmp_path: Path) -> None:
    docx.Document().save(str(tmp_path / "a.docx"))
    assert refused("a.docx", (tmp_path / "a.docx").read_bytes()) == "plan_file_no_text"


def test_a_locked_pdf_is_refused() -> None:
    lock = (
        b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <"
        + b"11" * 32
        + b"> /U <"
        + b"22" * 32
        + b"> >> /ID [<00><00>]"
    )
    assert refused("a.pdf", pdf_plan().replace(b"/Root", lock + b" /Root")) == "plan_file_encrypted"


def test_the_name_does_not_decide_what_a_file_is() -> None:
    assert read_bytes("a.pdf", workbook()) == read_bytes("a.xlsx", workbook())


# --- the child process -------------------------------------------------------------------------------------


def test_a_file_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "WAIT", 0.01)
    assert refused("a.xlsx", workbook()) == "plan_file_too_hard"


@pytest.mark.parametrize(
    "work",
    [
        "bytearray(400 * MIB)",
        "open('written', 'wb', buffering=0).write(b'x')",
        "import socket; socket.socket()",
        "import os; os.system('true') and None",
    ],
)
def test_a_child_cannot_take_memory_write_or_reach_out(
    work: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    limits = "from plans.limits import *; restrict(memory=300 * MIB, seconds=5); forbid_the_outside()"
    run = parsing.run_limited
    assert run([sys.executable, "-c", f"{limits}; print('ok')"], b"", 20) == b"ok\n"
    assert run([sys.executable, "-c", f"{limits}; {work}"], b"", 20) is None


def test_a_child_sees_no_setting_of_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DANVAN_SECRET_KEY", "bi-mat")
    seen = parsing.run_limited([sys.executable, "-c", "import os; print(*os.environ)"], b"", 20)
    assert seen is not None
    assert b"DANVAN" not in seen
