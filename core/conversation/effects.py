"""What a dialogue can ask for. Effects are carried out in order, in the transaction of the message.

Whoever carries out SubmitDraft, AddToTicket, AnswerQuestion, TakeBackAnswer, WithdrawTicket, ConfirmFixed,
AskReview or ShowTicket also answers the citizen with the ticket's own text; after the others the dialogue
itself speaks. A `Say` whose text has choices asks the question of the new state: its buttons carry that
state's step and version.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.channel import MediaRef
from core.conversation.draft import Draft
from core.say import Text


@dataclass(frozen=True, slots=True)
class Say:
    """Answer in this chat. `coalesce` names an answer that a later one of the same name replaces if it has
    not left yet (one answer for a whole album); `delay_seconds` gives the later one time to come."""

    text: Text
    coalesce: str = ""
    delay_seconds: int = 0


@dataclass(frozen=True, slots=True)
class GiveConsent:
    """Store the proof of consent: version of the wording and the exact answer."""

    version: str
    answer: str


@dataclass(frozen=True, slots=True)
class RefuseConsent:
    """Nothing typed before stays anywhere."""


@dataclass(frozen=True, slots=True)
class KeepMedia:
    """Fetch a file and keep it with a draft or a ticket."""

    media: MediaRef
    draft_id: str = ""
    ticket_id: int | None = None


@dataclass(frozen=True, slots=True)
class DropDraft:
    """Delete what was kept for a draft that will not be sent."""

    draft_id: str


@dataclass(frozen=True, slots=True)
class SubmitDraft:
    """T1: open a ticket. The rule that opens it says the receipt."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class AddToTicket:
    """A further message of the citizen about a ticket."""

    ticket_id: int
    text: str


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    """T4: the citizen's answer to the desk's question. `text` empty means «không có thêm»."""

    ticket_id: int
    text: str


@dataclass(frozen=True, slots=True)
class TakeBackAnswer:
    """T4b: `text` was no answer but another matter; the question waits again."""

    ticket_id: int
    text: str


@dataclass(frozen=True, slots=True)
class WithdrawTicket:
    """T26, after one confirmation."""

    ticket_id: int


class Fixed(StrEnum):
    """The citizen's word on whether the matter is really done."""

    DONE = "done"
    PARTLY = "partly"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class ConfirmFixed:
    """T21: the citizen says the matter is done (wholly or partly) and agrees to close."""

    ticket_id: int
    fixed: Fixed


@dataclass(frozen=True, slots=True)
class RateTicket:
    """How the citizen feels about it: 1 satisfied, 2 acceptable, 3 not satisfied."""

    ticket_id: int
    score: int


@dataclass(frozen=True, slots=True)
class AskReview:
    """T23: not done; the citizen says why and another person looks again."""

    ticket_id: int
    fixed: Fixed
    reason: str


@dataclass(frozen=True, slots=True)
class ShowTicket:
    """Print the timeline of a ticket."""

    ticket_id: int


@dataclass(frozen=True, slots=True)
class SealText:
    """Text of a denunciation: encrypt it for the keeper, and keep it nowhere else."""

    text: str


@dataclass(frozen=True, slots=True)
class CallDesk:
    """The citizen wants a person. `text` is what they had said last, may be empty."""

    text: str


@dataclass(frozen=True, slots=True)
class WakeAt:
    """Send `TimedOut` to this state at `when`; None stops an earlier wish."""

    when: datetime | None


Effect = (
    Say
    | GiveConsent
    | RefuseConsent
    | KeepMedia
    | DropDraft
    | SubmitDraft
    | AddToTicket
    | AnswerQuestion
    | TakeBackAnswer
    | WithdrawTicket
    | ConfirmFixed
    | RateTicket
    | AskReview
    | ShowTicket
    | SealText
    | CallDesk
    | WakeAt
)
