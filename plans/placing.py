"""Where in the file the words stand that an obligation or a problem was read from."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from plans.found import ObligationFound, Place, Problem, Span
from plans.source import Source

_UNSURE = 0.8
"""Words recognised with less confidence are worth a look."""


class Places:
    """The places of one document, found by spans in its squeezed text."""

    def __init__(self, source: Source, places: Sequence[Place]) -> None:
        self._source = source
        self._places = places
        self._starts = [place.start for place in places]
        self._ends = [place.end for place in places]

    def of(self, span: Span) -> tuple[Place, ...]:
        """All places that the span touches."""
        if span[0] >= span[1]:
            return ()
        start, end = self._source.raw_span(span)
        return tuple(self._places[bisect_right(self._ends, start) : bisect_left(self._starts, end)])

    def of_obligation(self, found: ObligationFound) -> ObligationFound:
        """The obligation with its places. Words that were hardly legible make it a doubtful one."""
        if not self._places:
            return found
        places = self.of(found.span)
        due_places = self.of(found.due_span) if found.due_span else ()
        sure = min((place.where.sure for place in (*places, *due_places)), default=1.0)
        doubts = found.doubts if sure >= _UNSURE or "ocr" in found.doubts else (*found.doubts, "ocr")
        confidence = round(max(0.05, found.confidence * sure), 2)
        return replace(found, places=places, due_places=due_places, doubts=doubts, confidence=confidence)

    def of_problem(self, problem: Problem) -> Problem:
        """The problem with its places."""
        return replace(problem, places=problem.places or self.of(problem.span))
