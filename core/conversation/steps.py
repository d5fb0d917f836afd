"""The steps of a citizen's dialogue: one frozen dataclass per question."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.channel import MediaRef
from core.conversation.draft import Draft
from core.conversation.effects import Fixed


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing asked but the menu. `sent_draft` is the draft sent last: a second «gửi» does nothing new."""

    is_forgotten: bool = False
    sent_draft: str = ""


@dataclass(frozen=True, slots=True)
class Offering:
    """Something was sent out of the blue: shall it become a matter?"""

    draft: Draft


@dataclass(frozen=True, slots=True)
class Consenting:
    draft: Draft


@dataclass(frozen=True, slots=True)
class Telling:
    """`is_asked`: «kể xong chưa» is the present question. `was_asked`: it is not asked by itself again."""

    draft: Draft
    is_asked: bool = False
    was_asked: bool = False


@dataclass(frozen=True, slots=True)
class CheckingEmergency:
    draft: Draft


@dataclass(frozen=True, slots=True)
class CheckingDenunciation:
    draft: Draft


@dataclass(frozen=True, slots=True)
class CheckingComplaint:
    draft: Draft


@dataclass(frozen=True, slots=True)
class GuidingComplaint:
    draft: Draft


@dataclass(frozen=True, slots=True)
class CheckingNumbers:
    """The story holds numbers that look like papers or accounts: cover them?"""

    draft: Draft


@dataclass(frozen=True, slots=True)
class SplittingMatters:
    """The story tells of several matters: one after another, or all in one?"""

    draft: Draft


@dataclass(frozen=True, slots=True)
class AddingFiles:
    draft: Draft


@dataclass(frozen=True, slots=True)
class Placing:
    draft: Draft


@dataclass(frozen=True, slots=True)
class CheckingPin:
    draft: Draft


@dataclass(frozen=True, slots=True)
class CheckingPlace:
    """The place told is `place` today (`said`: its old name), or belongs to another authority (`contact`)."""

    draft: Draft
    place: str
    said: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmingField:
    draft: Draft
    guess: str


@dataclass(frozen=True, slots=True)
class ChoosingField:
    """`found`: the fields that a typed word points to; empty shows page `page` of all."""

    draft: Draft
    page: int = 0
    found: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AskingKind:
    draft: Draft


@dataclass(frozen=True, slots=True)
class AskingExtra:
    """A further question that the organisation asks about the field; `number` counts from 1."""

    draft: Draft
    number: int


@dataclass(frozen=True, slots=True)
class AskingDanger:
    draft: Draft


@dataclass(frozen=True, slots=True)
class Identifying:
    draft: Draft


@dataclass(frozen=True, slots=True)
class AskingBehalf:
    """The words sound like somebody else's matter: does the citizen send it for another?"""

    draft: Draft


@dataclass(frozen=True, slots=True)
class Naming:
    draft: Draft


@dataclass(frozen=True, slots=True)
class Phoning:
    draft: Draft


@dataclass(frozen=True, slots=True)
class AskingLetter:
    """Shall the answer also come on paper?"""

    draft: Draft


@dataclass(frozen=True, slots=True)
class GivingAddress:
    """Where the letter goes."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class ConfirmingAnonymity:
    draft: Draft


@dataclass(frozen=True, slots=True)
class Reviewing:
    draft: Draft


@dataclass(frozen=True, slots=True)
class ListingAnswers:
    """«sửa» before everything is answered: which answer to change."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class Cancelling:
    draft: Draft


@dataclass(frozen=True, slots=True)
class Resuming:
    """Back after hours. `said` is what brought the citizen back; it goes along when the draft goes on."""

    draft: Draft
    said: str = ""


@dataclass(frozen=True, slots=True)
class StartingAnother:
    """«việc mới» while a draft is open."""

    draft: Draft


Question = (
    Offering
    | Consenting
    | Telling
    | CheckingEmergency
    | CheckingDenunciation
    | CheckingComplaint
    | GuidingComplaint
    | CheckingNumbers
    | SplittingMatters
    | AddingFiles
    | Placing
    | CheckingPin
    | CheckingPlace
    | ConfirmingField
    | ChoosingField
    | AskingExtra
    | AskingKind
    | AskingDanger
    | Identifying
    | AskingBehalf
    | Naming
    | Phoning
    | AskingLetter
    | GivingAddress
    | ConfirmingAnonymity
    | Reviewing
    | ListingAnswers
    | Cancelling
    | Resuming
    | StartingAnother
)
"""The steps about a draft."""


@dataclass(frozen=True, slots=True)
class Stuck:
    """Three answers not understood: try again, skip, or a person."""

    question: Question


@dataclass(frozen=True, slots=True)
class WritingToDesk:
    """The citizen wants a person: what shall the desk hear?"""


class Errand(StrEnum):
    """What a ticket is picked for."""

    SHOW = "show"
    ADD = "add"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class PickingTicket:
    errand: Errand


@dataclass(frozen=True, slots=True)
class OpenedTicket:
    ticket_id: int


@dataclass(frozen=True, slots=True)
class AddingToTicket:
    """Messages until `until` (or «xong») belong to the ticket."""

    ticket_id: int
    until: datetime


@dataclass(frozen=True, slots=True)
class WhichTicket:
    """A free message with several open tickets: where does it belong?"""

    texts: tuple[str, ...] = ()
    media: tuple[MediaRef, ...] = ()


@dataclass(frozen=True, slots=True)
class AnsweringQuestion:
    ticket_id: int


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """The message `text` went to the desk's question; the citizen may say that it was another matter."""

    ticket_id: int
    text: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Withdrawing:
    ticket_id: int


@dataclass(frozen=True, slots=True)
class AskingFixed:
    ticket_id: int


@dataclass(frozen=True, slots=True)
class Rating:
    ticket_id: int


@dataclass(frozen=True, slots=True)
class AskingReviewReason:
    ticket_id: int
    fixed: Fixed


TicketStep = (
    PickingTicket
    | OpenedTicket
    | AddingToTicket
    | WhichTicket
    | AnsweringQuestion
    | AnsweredQuestion
    | Withdrawing
    | AskingFixed
    | Rating
    | AskingReviewReason
)
"""The steps about what was sent before."""

Step = Idle | Question | Stuck | WritingToDesk | TicketStep
