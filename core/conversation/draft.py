"""A citizen's matter while it is being told."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from core.channel import MediaRef


class Kind(StrEnum):
    """What a message is (codes of the labelled messages). Only the first two become tickets."""

    FEEDBACK = "phan_anh"
    PROPOSAL = "kien_nghi"
    COMPLAINT = "khieu_nai"
    DENUNCIATION = "to_cao"
    EMERGENCY = "khan_cap"
    QUESTION = "hoi_dap"
    OTHER = "khac"


class Identity(StrEnum):
    """Who may know the sender: the desk only, the handling unit too, or nobody."""

    DESK_ONLY = "desk_only"
    UNIT_TOO = "unit_too"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Place:
    """Where it happened: words, a pin, both, or nowhere in particular (`nowhere`).

    `now_called` is the present name of a place that the words call by its old one.
    """

    words: str = ""
    latitude: float | None = None
    longitude: float | None = None
    nowhere: bool = False
    now_called: str = ""


@dataclass(frozen=True, slots=True)
class Extra:
    """A further question about the field, as it was put, and the citizen's answer."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Draft:
    """All answers so far. None or empty means not answered yet.

    `further` are the stories of matters told in the same breath that come up after this one.
    `notes` keeps what was typed at a step that could not use it, so that nothing is thrown away.
    `marks` are codes for the desk: emergency_words, maybe_complaint, maybe_denunciation, needs_place,
    outside_area, both_kinds, on_behalf. `wants_letter`: the answer shall also come on paper, to `address`.
    `answered` names the questions that need not be asked again, skipped ones too; `touched_at` is when the
    citizen last wrote, from which the reminder and the deletion are counted. `form` names the questions that
    the organisation asked then.
    """

    id: str
    started_at: datetime
    story: tuple[str, ...] = ()
    media: tuple[MediaRef, ...] = ()
    place: Place | None = None
    kind: Kind = Kind.FEEDBACK
    field: str = ""
    extras: tuple[Extra, ...] = ()
    is_dangerous: bool | None = None
    identity: Identity | None = None
    full_name: str = ""
    phone: str = ""
    wants_letter: bool = False
    address: str = ""
    notes: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    touched_at: datetime | None = None
    is_reminded: bool = False
    further: tuple[str, ...] = ()
    form: str = ""

    @property
    def story_text(self) -> str:
        """The story's messages joined, one a line."""
        return "\n".join(self.story)

    @property
    def is_urgent(self) -> bool:
        """Whether the desk has to look at it at once: the citizen says so, or words point to it."""
        return self.is_dangerous is True or "emergency_words" in self.marks

    @property
    def last_touched(self) -> datetime:
        """When the citizen last wrote about it."""
        return self.touched_at or self.started_at


def answer(draft: Draft, *questions: str) -> Draft:
    """The draft with these questions answered."""
    new = tuple(question for question in questions if question not in draft.answered)
    return replace(draft, answered=(*draft.answered, *new))


def reopen(draft: Draft, *questions: str) -> Draft:
    """The draft with these questions to be asked again; the answers given stay until replaced."""
    return replace(draft, answered=tuple(name for name in draft.answered if name not in questions))


def mark(draft: Draft, code: str) -> Draft:
    """The draft with a mark for the desk, once."""
    return draft if code in draft.marks else replace(draft, marks=(*draft.marks, code))


def unmark(draft: Draft, code: str) -> Draft:
    """The draft without this mark."""
    return replace(draft, marks=tuple(known for known in draft.marks if known != code))


def nameless(draft: Draft) -> Draft:
    """The draft without anything that says who sends it."""
    return replace(draft, full_name="", phone="", wants_letter=False, address="")


def note(draft: Draft, text: str) -> Draft:
    """The draft with something typed at a step that could not use it."""
    return replace(draft, notes=(*draft.notes, text)) if text else draft
