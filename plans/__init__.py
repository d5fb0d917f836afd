"""Plan documents in: bytes -> lines -> obligations and problems; the Vietnamese date language."""

from plans.extraction import extract
from plans.found import Document, Extraction, ObligationFound, Problem, Recurrence, Relative
from plans.output import answer_line, as_json, read_line
from plans.reading import UnreadablePlan, read_bytes, read_file

__all__ = [
    "Document", "Extraction", "ObligationFound", "Problem", "Recurrence", "Relative", "UnreadablePlan",
    "answer_line", "as_json", "extract", "read_bytes", "read_file", "read_line",
]  # fmt: skip
