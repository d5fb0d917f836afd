"""What a step of a dialogue gets: the network's event, already understood against the question asked."""

from dataclasses import dataclass, field
from enum import StrEnum

from core.channel import MediaRef


class Word(StrEnum):
    """Words that work at every step."""

    BACK = "back"
    EDIT = "edit"
    SKIP = "skip"
    CANCEL = "cancel"
    PERSON = "person"
    AGAIN = "again"
    HELP = "help"
    DONE = "done"
    TICKETS = "tickets"
    NEW = "new"
    WITHDRAW = "withdraw"
    ADD = "add"
    START = "start"


@dataclass(frozen=True, slots=True)
class TextGiven:
    text: str


@dataclass(frozen=True, slots=True)
class ChoiceMade:
    """A choice of the present question, however it was given. `code` may come from outside; `said` is the
    typed answer where its exact words are a proof."""

    code: str
    said: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class WordSaid:
    word: Word


@dataclass(frozen=True, slots=True)
class Entered:
    """Came by the link of a poster, which names a place or a field: `place` and `field` are their codes."""

    place: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class OldPress:
    """A press on a button of an earlier question, or of another draft (`draft_id` "-" for none)."""

    draft_id: str
    step: str
    code: str


@dataclass(frozen=True, slots=True)
class TicketPressed:
    """A press under a message about a ticket: `question` is "fixed" or "rating". It works in every state."""

    ticket_id: int
    question: str
    code: str


@dataclass(frozen=True, slots=True)
class MediaGiven:
    media: MediaRef
    caption: str = ""


@dataclass(frozen=True, slots=True)
class PlaceShared:
    latitude: float
    longitude: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class PhoneShared:
    phone: str


@dataclass(frozen=True, slots=True)
class TextEdited:
    """The citizen changed a message already sent."""

    text: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A sticker, a poll: something real that carries nothing for us."""


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The moment of `WakeAt` has come."""


ConversationEvent = (
    TextGiven
    | ChoiceMade
    | WordSaid
    | Entered
    | OldPress
    | TicketPressed
    | MediaGiven
    | PlaceShared
    | PhoneShared
    | TextEdited
    | Unreadable
    | TimedOut
)
