"""An officer's dialogue: stored state and event in, new state and effects out."""

from dataclasses import dataclass, replace

from core.calendar import local_day
from core.channel import Address
from core.conversation.officer import step
from core.conversation.officer_effects import (
    DraftBegun,
    OfficerContext,
    OfficerEvent,
    PlanStanding,
    Refused,
    Result,
)
from core.conversation.officer_states import (
    AsCitizen,
    Holding,
    Idle,
    PlanAsking,
    State,
    from_json,
    is_warned,
    open_ticket,
    opened,
    reply_of,
    to_json,
    warn,
)
from core.errors import RuleError
from core.say import Choice
from handlers import drafts, errands, plan_drafts
from handlers.staff import Talk, Turn, guarded, question_id
from storage import conversations
from storage.conversations import Conversation
from storage.tables import ReplyRow
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an officer's dialogue in a chat stands."""

    conversation: Conversation
    state: State

    @property
    def offered(self) -> tuple[Choice, ...]:
        """The choices of the present question; none when nothing is asked."""
        return () if isinstance(self.state.step, Idle | AsCitizen) else self.conversation.offered

    @property
    def question_id(self) -> str:
        """What a button of the present question carries."""
        return question_id(self.conversation, self.state)


def standing(turn: Turn, chat: Address | None = None, *, as_stored: bool = False) -> Standing:
    """The officer's dialogue in this chat (or in `chat`), apart from whatever they say there as a citizen.

    A draft that has ended meanwhile is forgotten, unless the dialogue is wanted `as_stored`.
    """
    sender = f"officer:{turn.officer.id}"
    conversation = conversations.load(turn.tx, chat or turn.chat, sender, turn.now)
    state = from_json(conversation.state)
    return Standing(conversation, state if as_stored else _without_ended_draft(turn.tx, state))


def advance(turn: Turn, event: OfficerEvent, *, at: Address | None = None) -> None:
    """Let the dialogue hear the event, and do what it asks for; what a rule forbids it hears as well."""
    before = standing(turn, at)
    context = _context(turn, before.state, event)
    taken = _carry_on(turn, before, event, context)
    error = guarded(turn, taken.perform)
    if error is not None:
        taken = _carry_on(turn, before, Refused(error.code), context)
        taken.perform()
    _save(turn, before.conversation, taken.talk.state, taken.talk.offered)


@dataclass(frozen=True, slots=True)
class _Step:
    talk: Talk
    effects: Result

    def perform(self) -> None:
        for effect in self.effects:
            errands.carry_out(self.talk, effect)


def _carry_on(turn: Turn, before: Standing, event: OfficerEvent, context: OfficerContext) -> _Step:
    after, effects = step(before.state, event, context)
    conversation = before.conversation
    return _Step(Talk(turn, conversation.chat, conversation, after, conversation.offered), effects)


def take_warning(turn: Turn, ticket_id: int) -> bool:
    """Whether the officer was told already that a colleague has the ticket; from now on they were."""
    now_at = standing(turn)
    if is_warned(now_at.state, ticket_id, turn.now):
        return True
    _save(turn, now_at.conversation, warn(now_at.state, ticket_id, turn.now), now_at.conversation.offered)
    return False


def keep_open(turn: Turn, ticket_id: int) -> None:
    """From now on, what is written here without saying for which ticket is about this one; not in a room."""
    if turn.is_private:
        at = standing(turn, as_stored=True)
        _save(turn, at.conversation, open_ticket(at.state, ticket_id, turn.now), at.conversation.offered)


def opened_ticket(turn: Turn) -> int:
    """The ticket that is open in this chat, 0 for none."""
    return opened(standing(turn).state, turn.now)


def _save(turn: Turn, conversation: Conversation, state: State, offered: tuple[Choice, ...]) -> None:
    is_asking = not isinstance(state.step, Idle | AsCitizen)
    conversations.save(
        turn.tx,
        conversation,
        turn.now,
        state=to_json(state),
        offered=offered if is_asking else (),
        wake_at=None,
    )


def _context(turn: Turn, state: State, event: OfficerEvent) -> OfficerContext:
    reply = event.reply if isinstance(event, DraftBegun) else reply_of(state.step)
    photos = len(drafts.photo_ids(turn.tx, reply.id)) if reply else 0
    fields = tuple(Choice(f"field:{field.code}", field.label) for field in turn.service.fields)
    plan = _plan(turn, state)
    return OfficerContext(now=turn.now, today=local_day(turn.now), photos=photos, fields=fields, plan=plan)


def _plan(turn: Turn, state: State) -> PlanStanding | None:
    """Where the plan in hand stands; None when there is none to be reviewed any more."""
    if not isinstance(state.step, PlanAsking):
        return None
    try:
        review = plan_drafts.review(turn.service, turn.tx, turn.officer, state.step.draft_id, turn.now)
    except RuleError:
        return None  # and whatever is wished of it will be refused in words
    return PlanStanding(plan_drafts.version(review), plan_drafts.is_blocked(review))


def _without_ended_draft(tx: Transaction, state: State) -> State:
    """The state, idle when its draft was sent, noted or dropped meanwhile."""
    reply = reply_of(state.step)
    if reply is None:
        return state
    row = tx.session.get(ReplyRow, reply.id)
    wanted = "held" if isinstance(state.step, Holding) else "draft"
    return state if row is not None and row.state == wanted else replace(state, step=Idle())
