"""The steps of an officer's dialogue, one frozen dataclass per question, and the state as it is stored."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from core.tickets import Outcome

SCHEMA = 1


class ReplyKind(StrEnum):
    """What is being written: to the citizen an answer or a question, to the desk a unit's result."""

    ANSWER = "answer"
    QUESTION = "question"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class Reply:
    """A draft and the ticket it is about. Photos lie beside it, under its id."""

    id: int
    ticket_id: int
    number: str
    kind: ReplyKind
    text: str = ""
    outcome: Outcome | None = None
    promised_on: date | None = None

    def also_saying(self, text: str) -> "Reply":
        """The draft with one more paragraph."""
        return replace(self, text="\n".join(part for part in (self.text, text.strip()) if part))


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing asked. `is_forgotten`: what was stored could not be read any more."""

    is_forgotten: bool = False


@dataclass(frozen=True, slots=True)
class AsCitizen:
    """The officer files a matter of their own: the citizen's dialogue has the floor."""


@dataclass(frozen=True, slots=True)
class ChoosingUnit:
    ticket_id: int
    number: str


@dataclass(frozen=True, slots=True)
class Classifying:
    """What of a ticket's kind and level is to be set right, or its field?"""

    ticket_id: int
    number: str


@dataclass(frozen=True, slots=True)
class CorrectingField:
    ticket_id: int
    number: str


@dataclass(frozen=True, slots=True)
class StatingPurpose:
    """What is the citizen's contact wanted for?"""

    ticket_id: int
    number: str


@dataclass(frozen=True, slots=True)
class GivingBack:
    """Why does the unit return the ticket?"""

    ticket_id: int
    number: str


@dataclass(frozen=True, slots=True)
class ChoosingOutcome:
    reply: Reply


@dataclass(frozen=True, slots=True)
class Writing:
    reply: Reply


@dataclass(frozen=True, slots=True)
class AddingPhoto:
    reply: Reply


@dataclass(frozen=True, slots=True)
class GivingDay:
    """By when is the rest done, or the plan carried out?"""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Previewing:
    """Nothing has gone out: send, keep as a note, change, or drop?"""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Holding:
    """Confirmed, and for some seconds still to be taken back."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class GivingEvidence:
    """The number of a document, or files, for a duty that is done. `words` came with the files."""

    obligation_id: int
    files: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class GivingNewDue:
    obligation_id: int


@dataclass(frozen=True, slots=True)
class GivingReason:
    """Why more time is needed."""

    obligation_id: int
    new_due: date


@dataclass(frozen=True, slots=True)
class RejectingDuty:
    obligation_id: int


@dataclass(frozen=True, slots=True)
class ReviewingPlan:
    """What was found in a plan lies before the officer, so many to a page."""

    draft_id: int
    page: int = 1


@dataclass(frozen=True, slots=True)
class ConfirmingPlan:
    """Who will be reminded when stands before the officer: save it? `seen`: the draft's version then."""

    draft_id: int
    seen: int = -1


@dataclass(frozen=True, slots=True)
class LeavingPlan:
    """Keep the review for later, or drop it?"""

    draft_id: int


Drafting = ChoosingOutcome | Writing | AddingPhoto | GivingDay | Previewing | Holding
TicketAsking = ChoosingUnit | Classifying | CorrectingField | StatingPurpose | GivingBack
DutyAsking = GivingEvidence | GivingNewDue | GivingReason | RejectingDuty
PlanAsking = ReviewingPlan | ConfirmingPlan | LeavingPlan
Step = Idle | AsCitizen | TicketAsking | Drafting | DutyAsking | PlanAsking

STEP_NAMES: dict[type[Step], str] = {
    Idle: "idle",
    AsCitizen: "as_citizen",
    ChoosingUnit: "choosing_unit",
    Classifying: "classifying",
    CorrectingField: "correcting_field",
    StatingPurpose: "stating_purpose",
    GivingBack: "giving_back",
    ChoosingOutcome: "choosing_outcome",
    Writing: "writing",
    AddingPhoto: "adding_photo",
    GivingDay: "giving_day",
    Previewing: "previewing",
    Holding: "holding",
    GivingEvidence: "giving_evidence",
    GivingNewDue: "giving_new_due",
    GivingReason: "giving_reason",
    RejectingDuty: "rejecting_duty",
    ReviewingPlan: "reviewing_plan",
    ConfirmingPlan: "confirming_plan",
    LeavingPlan: "leaving_plan",
}
"""Names of the steps as stored."""

_STEP_TYPES = {name: kind for kind, name in STEP_NAMES.items()}

WARNING = timedelta(minutes=2)
"""How long «bấm hoặc nhắn lần nữa để nhận thay» stays open."""

OPENED = timedelta(minutes=15)
"""How long a ticket stays open in a private chat, and a number means what was offered."""


@dataclass(frozen=True, slots=True)
class State:
    """An officer's dialogue in one chat.

    `asked` grows with every question, so that an old button can be told from the present one; `asked_at` is
    when the present one was put. `warned_ticket`: the officer was told that a colleague has this ticket.
    `opened_ticket`: what is written without saying for which ticket is about this one.
    """

    step: Step = Idle()
    asked: int = 0
    asked_at: datetime | None = None
    warned_ticket: int = 0
    warned_until: datetime | None = None
    opened_ticket: int = 0
    opened_until: datetime | None = None


def reply_of(step: Step) -> Reply | None:
    """The draft the step is about."""
    return step.reply if isinstance(step, Drafting) else None


def ticket_of(step: Step) -> int | None:
    """The ticket the step is about."""
    reply = reply_of(step)
    if reply is not None:
        return reply.ticket_id
    return step.ticket_id if isinstance(step, TicketAsking) else None


def is_warned(state: State, ticket_id: int, now: datetime) -> bool:
    """Whether a second press now means «I take it over»."""
    return state.warned_ticket == ticket_id and state.warned_until is not None and now <= state.warned_until


def warn(state: State, ticket_id: int, now: datetime) -> State:
    """The state after the officer was told that a colleague has the ticket."""
    return replace(state, warned_ticket=ticket_id, warned_until=now + WARNING)


def open_ticket(state: State, ticket_id: int, now: datetime) -> State:
    """The state in which this ticket is open."""
    return replace(state, opened_ticket=ticket_id, opened_until=now + OPENED)


def opened(state: State, now: datetime) -> int:
    """The ticket that is open now, 0 for none."""
    return state.opened_ticket if state.opened_until is not None and now <= state.opened_until else 0


# --- storing -----------------------------------------------------------------------------------------------


def to_json(state: State) -> dict[str, Any]:
    """The state as plain JSON values; `from_json` gives it back unchanged."""
    return {
        "schema": SCHEMA,
        "name": STEP_NAMES[type(state.step)],
        **{key: _plain(value) for key, value in asdict(state).items()},
    }


def from_json(data: Mapping[str, Any]) -> State:
    """The stored state. An empty one is new; one that cannot be read any more is a forgotten `Idle`."""
    if not data:
        return State()
    try:
        return _read(data)
    except (AttributeError, KeyError, TypeError, ValueError):
        return State(Idle(is_forgotten=True))


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case date():
            return value.isoformat()
        case StrEnum():
            return value.value
        case _:
            return value


def _read(data: Mapping[str, Any]) -> State:
    if data["schema"] != SCHEMA:
        raise ValueError("another schema")
    values = {key: _FIELDS.get(key, _same)(value) for key, value in data["step"].items()}
    return State(
        step=_STEP_TYPES[data["name"]](**values),
        asked=int(data["asked"]),
        asked_at=_moment(data["asked_at"]),
        warned_ticket=int(data["warned_ticket"]),
        warned_until=_moment(data["warned_until"]),
        opened_ticket=int(data["opened_ticket"]),
        opened_until=_moment(data["opened_until"]),
    )


def _reply(data: Mapping[str, Any]) -> Reply:
    promised_on, outcome = data["promised_on"], data["outcome"]
    return Reply(
        **{
            **data,
            "kind": ReplyKind(data["kind"]),
            "outcome": None if outcome is None else Outcome(outcome),
            "promised_on": None if promised_on is None else date.fromisoformat(promised_on),
        }
    )


def _moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _same(value: Any) -> Any:
    return value


_FIELDS: dict[str, Callable[[Any], Any]] = {"reply": _reply, "new_due": date.fromisoformat}
