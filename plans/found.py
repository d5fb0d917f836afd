"""What reading a plan yields: the document, its obligations, and what was not understood."""

import datetime as dt
from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Where:
    """A place in the file itself. Pages, paragraphs, tables and rows count from 1; None where there are none.

    `sheet` and `cell` are as Excel shows them («PL1», «C5»). `sure` runs from 0 to 1: below 1 the words were
    recognised in a picture.
    """

    page: int | None = None
    paragraph: int | None = None
    table: int | None = None
    row: int | None = None
    sheet: str | None = None
    cell: str | None = None
    sure: float = 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """The words text[start:end] of a `PlanText` stand at `where` in the file."""

    start: int
    end: int
    where: Where


@dataclass(frozen=True, slots=True)
class PlanText:
    """The words of a plan file in NFC, where they stood, and the pages that are pictures nobody could read.

    `places` are in the order of the text and do not overlap; a plain text file has none.
    """

    text: str
    places: tuple[Place, ...] = ()
    unread_pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How often: `freq` as in RFC 5545 plus QUARTERLY, SEMIANNUAL and UNSPECIFIED.

    `by` holds days: "MM-DD" of a year, "DD" or "-1" or "01..05" of a month, "MO" or "2TH" of a week or month.
    `freqs` lists all frequencies where one clause names several.
    """

    freq: str
    by: tuple[str, ...] = ()
    freqs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relative:
    """A term counted from an event: `n` units after or before `anchor`."""

    n: int
    unit: str
    direction: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Time:
    """One time expression and its reading; `start` and `end` are places in the text that was read."""

    start: int
    end: int
    kind: str
    due: dt.date | None = None
    before: bool = False
    due_time: str | None = None
    period_start: dt.date | None = None
    period_end: dt.date | None = None
    recurrence: Recurrence | None = None
    relative: Relative | None = None
    trigger: str | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """What a missing year is measured against: the day of issue and the year the plan is for."""

    issued: dt.date | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """The head of a plan. None where the document leaves it blank."""

    number: str | None = None
    issuer: str | None = None
    place: str | None = None
    date: dt.date | None = None
    title: str | None = None
    year: int | None = None
    signer: str | None = None


@dataclass(frozen=True, slots=True)
class ObligationFound:
    """One (action, time) pair. `span` is a place in the squeezed text, `raw_span` in the NFC text.

    `due` is the date as written, never shifted. `confidence` runs from 0 to 1; `doubts` are catalogue labels
    `plan_doubt.<code>` that say why a person should look. `due_span` is the place of `due_phrase` in the
    squeezed text. `places` say where in the file the words stand, `due_places` where the time stands; their
    spans are in the NFC text.
    """

    section: str | None
    task: str
    text: str
    span: Span
    raw_span: Span
    lead: tuple[str, ...]
    cooperate: tuple[str, ...]
    direct: tuple[str, ...]
    report_to: str | None
    via: str | None
    kind: str
    due: dt.date | None
    before: bool
    due_phrase: str | None
    due_time: str | None
    period_start: dt.date | None
    period_end: dt.date | None
    recurrence: Recurrence | None
    relative: Relative | None
    trigger: str | None
    flags: tuple[str, ...]
    confidence: float
    doubts: tuple[str, ...]
    due_span: Span | None = None
    places: tuple[Place, ...] = ()
    due_places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was not understood: `code` is a catalogue key, `span` a place in the squeezed text."""

    code: str
    text: str
    span: Span
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything found in one document, in the order of the text."""

    document: Document
    obligations: tuple[ObligationFound, ...]
    problems: tuple[Problem, ...]
