"""The state of a citizen's dialogue: the present step and what must be remembered beside it."""

from dataclasses import dataclass, field, replace

from core.conversation.draft import Draft
from core.conversation.step_names import STEP_NAMES
from core.conversation.steps import (
    Idle,
    Question,
    Step,
    Stuck,
)


@dataclass(frozen=True, slots=True)
class State:
    """A dialogue: the present step, how often its question was changed, and the drafts set aside.

    `asked_version` grows whenever what is asked changes, which tells an old button from the present one.
    `misses` counts answers not understood in a row. `parked` holds other drafts, the latest last.
    `is_delayed`: the last answer waits for more of a burst.
    """

    step: Step = field(default_factory=Idle)
    asked_version: int = 0
    misses: int = 0
    parked: tuple[Draft, ...] = ()
    is_delayed: bool = False


def step_name(state: State) -> str:
    """The name of the present step."""
    return STEP_NAMES[type(state.step)]


def draft_of(step: Step) -> Draft | None:
    """The draft the step is about."""
    if isinstance(step, Stuck):
        return step.question.draft
    return step.draft if isinstance(step, Question) else None


def draft_id(state: State) -> str:
    """The id of the draft in hand, "-" without one."""
    draft = draft_of(state.step)
    return draft.id if draft else "-"


def with_draft(step: Step, draft: Draft) -> Step:
    """The same question about a changed draft; other steps unchanged."""
    if isinstance(step, Stuck):
        return Stuck(replace(step.question, draft=draft))
    return replace(step, draft=draft) if isinstance(step, Question) else step


def drafts_of(state: State) -> tuple[Draft, ...]:
    """Every open draft of the chat, the one in hand last."""
    draft = draft_of(state.step)
    return (*state.parked, draft) if draft else state.parked
