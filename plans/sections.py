"""The printed structure: paragraphs and markers as a tree, without the parts that order nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from plans.markers import depth, marker
from plans.paragraphs import paragraph_spans
from plans.patterns import any_of
from plans.source import Source

_PURPOSE = re.compile(
    "^"
    + any_of("""
        căn cứ pháp lý | căn cứ$ | mục đích
        yêu cầu(?! các| thủ| chủ| giám| ủy| ubnd| sở| phòng| ban| đơn vị)
        quan điểm | mục tiêu | phạm vi | đối tượng | nguyên tắc | tình hình
        thực trạng | đặc điểm | sự cần thiết | kết quả đạt được | kết quả thực hiện | đánh giá chung
        đánh giá tình hình | đánh giá kết quả | ưu điểm | hạn chế | giải thích | chỉ tiêu | khái quát
        cơ sở pháp lý
    """)
)
_RECIPIENTS = re.compile(r"^(?:\| ?)?(?:nơi nhận|kính gửi)\b")
_ATTACHED = any_of("""
    KẾ HOẠCH | PHỤ LỤC | Phụ lục | QUY CHẾ | CHƯƠNG TRÌNH | DANH MỤC | BIỂU | LỊCH | PHÂN CÔNG | ĐỀ ÁN
    PHƯƠNG ÁN
""")
_RESUMES = re.compile(rf"^(?:\| ?)?{_ATTACHED}\b")
_LONGEST_HEADING = 90
NOTE = "chú thích "
"""The front of a section that is a footnote."""
_SPOKEN = {"article": "Điều ", "note": NOTE}
# Neither belongs to what stands above it in the file.
_BY_THEMSELVES = ("sheet", "note")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph in `plain`; its text begins at `body`, behind the marker; `parents` stand above it."""

    start: int
    end: int
    kind: str = ""
    label: str = ""
    body: int = 0
    section: str | None = None
    parents: tuple["Paragraph", ...] = ()
    skipped: bool = False


def paragraphs(source: Source) -> list[Paragraph]:
    """The paragraphs of the document in order, marked, nested, and with the silent parts skipped."""
    marked = [_marked(source.plain, start, end) for start, end in paragraph_spans(source)]
    return _silenced(source, _nested(marked))


def _marked(plain: str, start: int, end: int) -> Paragraph:
    found = marker(plain[start:end])
    if not found or start + found[1].end() >= end:
        return Paragraph(start, end, body=start)
    kind, match = found
    return Paragraph(start, end, kind, match.groupdict().get("label") or "", start + match.end())


def _nested(flat: Sequence[Paragraph]) -> list[Paragraph]:
    nested: list[Paragraph] = []
    chain: list[Paragraph] = []
    for paragraph in flat:
        while chain and depth(chain[-1].kind, chain[-1].label) >= depth(paragraph.kind, paragraph.label):
            chain.pop()
        if paragraph.kind in ("roman", "capital") and chain and chain[0].kind == "article":
            chain = []
        placed = replace(paragraph, parents=tuple(chain), section=_section((*chain, paragraph)))
        nested.append(placed)
        if placed.kind:
            chain.append(placed)
    return nested


def _section(chain: Sequence[Paragraph]) -> str | None:
    """The printed numbers joined by dots: II.1.4, Điều 17.1."""
    labels: list[str] = []
    for paragraph in chain:
        if paragraph.kind == "decimal" and "." in paragraph.label:
            labels = [label for label in labels if not label.isdigit()]
        if paragraph.label and paragraph.kind != "sheet":
            labels.append(_SPOKEN.get(paragraph.kind, "") + paragraph.label)
    return ".".join(labels) or None


def _silenced(source: Source, nested: Sequence[Paragraph]) -> list[Paragraph]:
    """Preamble, purposes, the list of recipients and the signature are skipped."""
    begun = not any(paragraph.label for paragraph in nested)
    closed = resumed = False
    marked: list[Paragraph] = []
    for paragraph in nested:
        text = source.plain[paragraph.start : paragraph.end]
        if _RECIPIENTS.match(source.low[paragraph.start : paragraph.end]):
            closed = True
        elif paragraph.kind in _BY_THEMSELVES:
            closed, begun, resumed = False, True, True
        elif closed and _RESUMES.match(text):
            closed, begun, resumed = False, False, True
        starts = paragraph.label or (resumed and text.startswith("|"))
        begun = begun or (bool(starts) and not closed)
        silent = not begun or closed or _in_purpose(source, paragraph)
        marked.append(replace(paragraph, skipped=silent))
    return marked


def _in_purpose(source: Source, paragraph: Paragraph) -> bool:
    """Whether the paragraph stands in a section of aims, or is its heading."""
    return any(
        above.label
        and above.end - above.body < _LONGEST_HEADING
        and _PURPOSE.match(source.low[above.body : above.end][:40])
        for above in (*paragraph.parents, paragraph)
    )
