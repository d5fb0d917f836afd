"""An officer's draft: a yes is no content and never a sending, an outcome can be changed, words are shown."""

import pytest

from core.conversation.officer import step
from core.conversation.officer_drafts import is_going_on, takes_outcome, wants_content
from core.conversation.officer_effects import Chose, OfficerContext, Said, SaveReply, ShowPreview, Tell
from core.conversation.officer_states import (
    AddingPhoto,
    ChoosingOutcome,
    GivingDay,
    Holding,
    Idle,
    Previewing,
    Reply,
    ReplyKind,
    State,
    Writing,
)
from core.tickets import Outcome
from tests.core.test_officer_dialogue import CONTEXT, WORDS

ANSWER = Reply(id=1, ticket_id=2, number="PA-7K3-482", kind=ReplyKind.ANSWER, outcome=Outcome.FIXED)
QUESTION = Reply(id=1, ticket_id=2, number="PA-7K3-482", kind=ReplyKind.QUESTION)
WRITTEN = Reply(
    id=1,
    ticket_id=2,
    number="PA-7K3-482",
    kind=ReplyKind.ANSWER,
    text=WORDS,
    outcome=Outcome.EXPLAINED,
)
YES = ["ok", "Xong!", "gửi đi", "đồng ý"]


def told(effects: tuple[object, ...]) -> list[str]:
    return [effect.text.key for effect in effects if isinstance(effect, Tell)]


@pytest.mark.parametrize("yes", YES)
def test_yes_said_at_a_preview_is_neither_sent_nor_added(yes: str) -> None:
    assert is_going_on(yes)
    state, effects = step(State(Previewing(WRITTEN)), Said(yes), CONTEXT)
    assert state.step == Previewing(WRITTEN)
    assert told(effects) == ["officer_choose"]


@pytest.mark.parametrize("yes", YES)
@pytest.mark.parametrize("reply", [ANSWER, QUESTION])
def test_yes_is_not_the_words_that_are_asked_for(reply: Reply, yes: str) -> None:
    state, effects = step(State(Writing(reply)), Said(yes), CONTEXT)
    assert state.step == Writing(reply)
    assert told(effects) == ["answer_too_short"]


def test_yes_while_rewriting_keeps_what_is_written() -> None:
    state, effects = step(State(Writing(WRITTEN)), Said("xong"), CONTEXT)
    assert state.step == Previewing(WRITTEN)
    assert effects == (SaveReply(WRITTEN), ShowPreview(WRITTEN))


@pytest.mark.parametrize("kind", [Writing, AddingPhoto, GivingDay, Previewing])
def test_another_outcome_may_be_chosen_until_it_is_sent(kind: type[Writing]) -> None:
    assert takes_outcome(kind(WRITTEN))
    state, effects = step(State(kind(WRITTEN)), Chose("not_adopted"), CONTEXT)
    assert isinstance(state.step, Previewing)
    assert state.step.reply.outcome is Outcome.NOT_ADOPTED
    assert isinstance(effects[-1], ShowPreview)


def test_what_is_held_and_what_is_a_question_take_no_outcome() -> None:
    assert not takes_outcome(Holding(WRITTEN))
    assert not takes_outcome(Writing(QUESTION))
    assert not takes_outcome(Idle())
    for state in (State(Holding(WRITTEN)), State(Writing(QUESTION))):
        after, effects = step(state, Chose("explained"), CONTEXT)
        assert after == state
        assert told(effects) == ["officer_choose"]


def test_words_beside_the_question_are_said_to_be_kept() -> None:
    waiting = State(AddingPhoto(Reply(1, 2, "PA-7K3-482", ReplyKind.RESULT, WORDS, Outcome.FIXED)))
    state, effects = step(waiting, Said("Ảnh gửi sau."), OfficerContext(now=CONTEXT.now, today=CONTEXT.today))
    assert isinstance(state.step, AddingPhoto)
    assert told(effects) == ["officer_words_kept", "answer_needs_photo"]


def test_words_said_before_the_outcome_stand_in_its_question() -> None:
    _, effects = step(State(ChoosingOutcome(Reply(1, 2, "PA", ReplyKind.RESULT))), Said(WORDS), CONTEXT)
    question = next(effect.text for effect in effects if isinstance(effect, Tell))
    (kept,) = question.fields["kept"]  # type: ignore[misc]
    assert kept.fields["text"] == WORDS  # type: ignore[union-attr]


def test_only_words_days_and_photos_are_content() -> None:
    assert wants_content(Writing(ANSWER))
    assert not wants_content(Previewing(WRITTEN))
    assert not wants_content(ChoosingOutcome(ANSWER))
