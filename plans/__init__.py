"""Plan documents in: bytes -> lines -> obligations and problems; the Vietnamese date language.

What is asked for is loaded when it is asked for: a child process that takes a file apart needs no rules.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plans.extraction import extract
    from plans.found import (
        Document,
        Extraction,
        ObligationFound,
        Place,
        PlanText,
        Problem,
        Recurrence,
        Relative,
        Where,
    )
    from plans.output import answer_line, as_json, read_line
    from plans.pieces import UnreadablePlan
    from plans.reading import open_bytes, open_file, read_bytes, read_file

__all__ = [
    "Document", "Extraction", "ObligationFound", "Place", "PlanText", "Problem", "Recurrence", "Relative",
    "UnreadablePlan", "Where",
    "answer_line", "as_json", "extract", "open_bytes", "open_file", "read_bytes", "read_file", "read_line",
]  # fmt: skip
_MODULES = {
    "extract": "extraction", "UnreadablePlan": "pieces",
    "answer_line": "output", "as_json": "output", "read_line": "output",
    "open_bytes": "reading", "open_file": "reading", "read_bytes": "reading", "read_file": "reading",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module(f"plans.{_MODULES.get(name, 'found')}"), name)
