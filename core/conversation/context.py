"""What a dialogue may know. The caller looks it up; the core never does."""

from dataclasses import dataclass
from datetime import datetime

from core.calendar import Calendar
from core.clocks import ClockPolicy, receive_by
from core.conversation.places import KnownPlace
from core.say import Label
from core.tickets import Status

MAX_FILES = 10
"""Of one draft."""


@dataclass(frozen=True, slots=True)
class Office:
    """The organisation as a citizen sees it. Every text is ready to be printed."""

    name: str
    hours: str
    address: str
    phone: str
    privacy_version: str
    privacy_notice: str
    denunciation_way: str
    retention_months: int
    lookup_url: str


@dataclass(frozen=True, slots=True)
class FieldOption:
    """A field (lĩnh vực) of the organisation. `words` are lower-case phrases that point to it.

    `folded_words` are the same without accents, used only when the writer uses no accents.
    `questions` are what the organisation also asks about it, at most two.
    """

    code: str
    label: str
    words: tuple[str, ...] = ()
    folded_words: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketFact:
    """One ticket of this chat, as much as the dialogue needs. `spoken_at`: when we last wrote about it."""

    id: int
    number: str
    title: str
    status: Status
    stage: Label
    due_at: datetime | None
    question: str = ""
    spoken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a step may look at. `tickets` are this chat's, newest first.

    `form` changes with the organisation's fields and their questions.
    `fresh_id` is a draft id that this chat has not used yet. `has_consented` is about the present wording.
    """

    now: datetime
    office: Office
    fields: tuple[FieldOption, ...]
    has_consented: bool
    tickets: tuple[TicketFact, ...]
    fresh_id: str
    calendar: Calendar
    clocks: ClockPolicy
    places: tuple[KnownPlace, ...] = ()
    form: str = ""
    max_files: int = MAX_FILES
    max_file_bytes: int = 20_000_000

    def receive_by(self, *, urgent: bool) -> datetime:
        """When the desk will have said whether a ticket sent now is accepted."""
        return receive_by(self.now, urgent=urgent, calendar=self.calendar, policy=self.clocks)

    def questions_about(self, field: str) -> tuple[str, ...]:
        """What the organisation also asks about matters of this field."""
        return next((option.questions for option in self.fields if option.code == field), ())

    @property
    def is_office_open(self) -> bool:
        return self.calendar.is_open(self.now)
