"""The printed structure: lines joined into paragraphs, markers (I. 1. 1.1. a) -) into a tree, parts that order nothing left out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from plans.source import Line, Source

_MARKERS = (
    ("article", re.compile(r"Điều (?P<label>\d{1,3})(?:[.:]| -)? ?")),
    ("roman", re.compile(r"(?:(?:PHẦN|Phần)(?: thứ)? )?(?P<label>[IVX]{1,5})(?:\. ?-|[.\-/):]) ?(?=\S)")),
    ("capital", re.compile(r"(?P<label>[A-H])(?:[.)/]|\. ?-) ?(?=[^\W\d])")),
    ("decimal", re.compile(r"(?P<label>\d{1,2}(?:\.\d{1,2}){1,3})(?:[.):/]| -)? ?(?=[^\d\s/.,%-])")),
    ("decimal", re.compile(r"(?P<label>\d{1,2})(?:[.)/](?!\d)|\. ?-) ?(?=\S)")),
    ("letter", re.compile(r"(?P<label>[a-zđ]\d?)\) ?")),
    ("letter", re.compile(r"(?P<label>[a-zđ])\. (?=[^\W\d_])")),
    ("plus", re.compile(r"\+ ?(?=[^\s\d])")),
    ("bullet", re.compile(r"[-–•·●▪—] ?(?=[^\s\d])|[-–•·●▪] (?=0?\d{1,3} [^\W\d])")),
)  # fmt: skip
_RANK = {"article": 0, "capital": 1, "roman": 2, "decimal": 3, "letter": 7, "bullet": 8, "plus": 9, "": 10}
_BARE_MARKER = re.compile(r"^(?:\d{1,2}|[IVX]{1,5}|[a-zđ])(?:\.\d{1,2}){0,3}[.)]$")
# No sentence and no heading ends with one of these words.
_UNFINISHED = re.compile(r"(?:^| )(?:quý|tháng|năm|ngày|và|của|các|về|với|trước|từ|đến|là|cho|theo|số|do|hoặc|trong|tại|được|không)$")
_STOPS = (".", ";", ":", "!", "?", "…", "/.", ")", "|")
_PURPOSE = re.compile(
    r"^(?:căn cứ|mục đích|yêu cầu|quan điểm|mục tiêu|phạm vi|đối tượng|nguyên tắc|tình hình|thực trạng|đặc điểm|sự cần thiết|kết quả (?:đạt được|thực hiện)|đánh giá (?:chung|tình hình|kết quả)|ưu điểm|hạn chế|giải thích|chỉ tiêu|khái quát|cơ sở pháp lý)"
)
_RECIPIENTS = re.compile(r"^(?:\| ?)?(?:nơi nhận|kính gửi)\b")
_RESUMES = re.compile(r"^(?:KẾ HOẠCH|PHỤ LỤC|Phụ lục|QUY CHẾ|CHƯƠNG TRÌNH|DANH MỤC|BIỂU|LỊCH|PHÂN CÔNG|ĐỀ ÁN|PHƯƠNG ÁN)\b")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph in `plain`. `body` is where its text begins behind the marker; `parents` are the paragraphs above it."""

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
    return _silenced(source, _nested(_marked(source, _joined(source))))


def _joined(source: Source) -> list[tuple[int, int]]:
    """Places of whole paragraphs: wrapped lines and sentences broken by a page are put together."""
    width = _wrap_width(source.lines)
    spans: list[tuple[int, int]] = []
    last: Line | None = None
    for line in source.lines:
        if last and _continues(source.plain, last, line, width):
            spans[-1] = (spans[-1][0], line.end)
        else:
            spans.append((line.start, line.end))
        last = line
    return spans


def _wrap_width(lines: Sequence[Line]) -> int:
    """The width at which the text was wrapped, or a very large one where it was not."""
    lengths = sorted(line.end - line.start for line in lines)
    if not lengths:
        return 10_000
    width = lengths[len(lengths) * 9 // 10]
    return width if width <= 130 else 10_000


def _continues(plain: str, last: Line, line: Line, width: int) -> bool:
    """Whether a line goes on with the sentence of the line above it."""
    text, above = plain[line.start : line.end], plain[last.start : last.end]
    if text.startswith("|") or above.endswith("|"):
        return False
    open_end = not above.rstrip(" ").endswith(_STOPS)
    if _BARE_MARKER.match(above):
        return True
    if _marker(text):
        return False
    if _UNFINISHED.search(above[-12:].lower()):
        return True
    if above.isupper() and text.isupper():
        return not line.after_blank
    if text[0].islower() or text[0] in ",;)":
        return open_end or not line.after_blank
    wrapped = width < 10_000 and (last.end - last.start) + 1 + len(text.split(" ", 1)[0]) > width * 0.8
    if text[0].isdigit() or text[0] in "-–(\"“":
        return open_end
    return wrapped and (open_end or not line.after_blank)


def _marker(text: str) -> tuple[str, re.Match[str]] | None:
    for kind, pattern in _MARKERS:
        match = pattern.match(text)
        if match:
            return kind, match
    return None


def _marked(source: Source, spans: Sequence[tuple[int, int]]) -> list[Paragraph]:
    marked = []
    for start, end in spans:
        found = _marker(source.plain[start:end])
        if not found or start + found[1].end() >= end:
            marked.append(Paragraph(start, end, body=start))
            continue
        kind, match = found
        marked.append(Paragraph(start, end, kind, match.groupdict().get("label") or "", start + match.end()))
    return marked


def _depth(paragraph: Paragraph) -> int:
    """How deep a marker stands: 1.1 is below 1, a) below both, - below all."""
    return _RANK[paragraph.kind] + (paragraph.label.count(".") if paragraph.kind == "decimal" else 0)


def _nested(flat: Sequence[Paragraph]) -> list[Paragraph]:
    nested: list[Paragraph] = []
    chain: list[Paragraph] = []
    for paragraph in flat:
        while chain and _depth(chain[-1]) >= _depth(paragraph):
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
        if paragraph.label:
            labels.append(f"Điều {paragraph.label}" if paragraph.kind == "article" else paragraph.label)
    return ".".join(labels) or None


def _silenced(source: Source, nested: Sequence[Paragraph]) -> list[Paragraph]:
    """Preamble, purposes, the list of recipients and the signature are skipped."""
    begun = not any(paragraph.label for paragraph in nested)
    closed, marked = False, []
    for paragraph in nested:
        text = source.plain[paragraph.start : paragraph.end]
        if _RECIPIENTS.match(source.low[paragraph.start : paragraph.end]):
            closed = True
        elif closed and _RESUMES.match(text):
            closed, begun = False, False
        begun = begun or (bool(paragraph.label) and not closed) or text.startswith("|")
        silent = not begun or closed or _in_purpose(source, paragraph)
        marked.append(replace(paragraph, skipped=silent))
    return marked


def _in_purpose(source: Source, paragraph: Paragraph) -> bool:
    chain = (*paragraph.parents, paragraph)
    return any(
        above.label and (above.end - above.body < 90 or above.parents) and _PURPOSE.match(source.low[above.body : above.end][:40])
        for above in chain
    )
