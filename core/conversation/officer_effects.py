"""What an officer's dialogue hears, may look at, and can ask for."""

from dataclasses import dataclass
from datetime import date, datetime

from core.channel import MediaRef
from core.clocks import Pace
from core.conversation.draft import Kind
from core.conversation.officer_states import Reply
from core.conversation.plan_words import ReviewWish
from core.say import Choice, Text

# --- what it hears -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnitWanted:
    """A ticket is to be forwarded. `units` are offered as they are."""

    ticket_id: int
    number: str
    units: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class ClassWanted:
    """A ticket's kind, field or level is to be set right. `question` says how they stand, and offers the
    others."""

    ticket_id: int
    number: str
    question: Text


@dataclass(frozen=True, slots=True)
class ContactWanted:
    ticket_id: int
    number: str


@dataclass(frozen=True, slots=True)
class ReturnWanted:
    """`reason`: given along with the wish, empty when it is to be asked for."""

    ticket_id: int
    number: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DraftBegun:
    """A draft lies ready to be written on; what it holds already is not asked again."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class DutyAnswered:
    """An answer to a duty that needs more words. `code` may come from outside: done, extend, reject."""

    obligation_id: int
    code: str


@dataclass(frozen=True, slots=True)
class PlanOpened:
    """A plan lies ready to be reviewed."""

    draft_id: int


@dataclass(frozen=True, slots=True)
class CitizenWanted:
    """The officer wants to file a matter of their own."""


@dataclass(frozen=True, slots=True)
class Said:
    text: str


@dataclass(frozen=True, slots=True)
class Chose:
    """A choice of the present question, however it was given. `code` may come from outside."""

    code: str


@dataclass(frozen=True, slots=True)
class FileGiven:
    media: MediaRef
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A rule forbade what the step had asked for; nothing of it was done."""

    code: str


OfficerEvent = (
    UnitWanted
    | ClassWanted
    | ContactWanted
    | ReturnWanted
    | DraftBegun
    | DutyAnswered
    | PlanOpened
    | CitizenWanted
    | Said
    | Chose
    | FileGiven
    | Refused
)


@dataclass(frozen=True, slots=True)
class PlanStanding:
    """Where a plan under review stands. `version` grows with whatever is changed; `is_blocked`: questions
    have to be answered before it can be saved."""

    version: int
    is_blocked: bool


@dataclass(frozen=True, slots=True)
class OfficerContext:
    """`today` is the local day; `photos` lie with the draft in hand; `fields` are the organisation's.

    `plan`: the plan under review, while one is.
    """

    now: datetime
    today: date
    photos: int = 0
    fields: tuple[Choice, ...] = ()
    plan: PlanStanding | None = None


# --- what it asks for --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tell:
    """Answer in this chat. `is_question`: its choices are those of the new state.

    `coalesce` names an answer that a later one of the same name replaces if it has not left yet.
    """

    text: Text
    is_question: bool = False
    coalesce: str = ""


@dataclass(frozen=True, slots=True)
class ShowPreview:
    """The question of `Previewing`: the message as it will be seen, where it goes, how long it is."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class SaveReply:
    reply: Reply


@dataclass(frozen=True, slots=True)
class KeepFile:
    """Fetch a file and keep it with a draft, or as evidence for a duty."""

    media: MediaRef
    reply: Reply | None = None
    obligation_id: int | None = None


@dataclass(frozen=True, slots=True)
class HoldReply:
    """Confirmed: it leaves after the time to undo."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class UndoReply:
    reply: Reply


@dataclass(frozen=True, slots=True)
class NoteReply:
    """Keep it inside, as a note on the ticket."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class DropReply:
    reply: Reply


@dataclass(frozen=True, slots=True)
class ProposeResult:
    """T18: a unit's result goes to the desk."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class ForwardTicket:
    ticket_id: int
    unit_id: int


@dataclass(frozen=True, slots=True)
class ClassifyTicket:
    """Set the one that is named right; the others stay."""

    ticket_id: int
    kind: Kind | None = None
    field: str | None = None
    pace: Pace | None = None


@dataclass(frozen=True, slots=True)
class RevealContact:
    """`purpose`: call, letter or other; it is written down."""

    ticket_id: int
    purpose: str


@dataclass(frozen=True, slots=True)
class GiveBack:
    ticket_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class CompleteDuty:
    obligation_id: int
    evidence: str


@dataclass(frozen=True, slots=True)
class AskExtension:
    obligation_id: int
    new_due: date
    reason: str


@dataclass(frozen=True, slots=True)
class RejectDuty:
    obligation_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class ReviewPlan:
    """Do what was wished with a plan under review, and show what came of it; every answer asks again."""

    draft_id: int
    wish: ReviewWish


@dataclass(frozen=True, slots=True)
class AskToLeave:
    draft_id: int


@dataclass(frozen=True, slots=True)
class ConfirmPlan:
    """The review is over: everything that stays is stored, and reminded of from now on.

    `seen`: the version that the officer was shown.
    """

    draft_id: int
    seen: int


@dataclass(frozen=True, slots=True)
class DropPlan:
    draft_id: int


OfficerEffect = (
    Tell
    | ShowPreview
    | SaveReply
    | KeepFile
    | HoldReply
    | UndoReply
    | NoteReply
    | DropReply
    | ProposeResult
    | ForwardTicket
    | ClassifyTicket
    | RevealContact
    | GiveBack
    | CompleteDuty
    | AskExtension
    | RejectDuty
    | ReviewPlan
    | AskToLeave
    | ConfirmPlan
    | DropPlan
)

Result = tuple[OfficerEffect, ...]
