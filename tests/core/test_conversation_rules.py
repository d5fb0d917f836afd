"""What must hold whatever a citizen does: random histories through `step`, and every text printed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from core.channel import MediaKind, MediaRef
from core.conversation import machine
from core.conversation.context import Context
from core.conversation.effects import (
    AddToTicket,
    AnswerQuestion,
    AskReview,
    ConfirmFixed,
    Effect,
    GiveConsent,
    KeepMedia,
    Say,
    SealText,
    ShowTicket,
    SubmitDraft,
    TakeBackAnswer,
    WakeAt,
    WithdrawTicket,
)
from core.conversation.events import (
    ChoiceMade,
    ConversationEvent,
    Entered,
    MediaGiven,
    OldPress,
    PhoneShared,
    PlaceShared,
    TextEdited,
    TextGiven,
    TicketPressed,
    TimedOut,
    Unreadable,
    Word,
    WordSaid,
)
from core.conversation.machine import ANSWERS, prompt, step
from core.conversation.states import State, draft_of, drafts_of
from core.conversation.step_names import STEP_NAMES
from core.conversation.steps import (
    Idle,
    Reviewing,
    Stuck,
)
from core.conversation.storing import from_json, to_json
from core.tickets import TRANSITIONS, Outcome, Status
from tests.core.citizen import CATALOGUE, FIELDS, Citizen, ticket

SPEAKS = (
    Say
    | SubmitDraft
    | AddToTicket
    | AnswerQuestion
    | TakeBackAnswer
    | WithdrawTicket
    | ConfirmFixed
    | AskReview
    | ShowTicket
)

TEXTS = st.sampled_from(
    [
        "xin chào",
        "Đèn đường trước nhà số 12 tắt ba hôm nay, kiến nghị thay",
        "Cháy nhà, cứu với",
        "Tôi tố cáo ông ấy nhận hối lộ",
        "Tôi không đồng ý với quyết định thu hồi đất",
        "Nguyễn Thị Hoa",
        "0912345678",
        "đèn",
        "x" * 5_200,
        "https://a.example/b",
        "21.0285, 105.8542",
    ]
) | st.text(max_size=30)

STEPS = st.sampled_from(sorted(STEP_NAMES.values()))


def codes(state: State, context: Context) -> list[str]:
    """The codes the present question offers, and one it does not."""
    return [*(choice.code for choice in CATALOGUE.choices(prompt(state, context))), "nonsense"]


@st.composite
def an_event(draw: st.DrawFn, state: State, context: Context) -> ConversationEvent:
    choice = st.sampled_from(codes(state, context)).map(ChoiceMade)
    draft = draft_of(state.step)
    media = st.builds(
        MediaRef, st.just("f"), st.sampled_from(MediaKind), st.just("n"), st.sampled_from([None, 10, 10**8])
    )
    others: list[st.SearchStrategy[Any]] = [
        TEXTS.map(TextGiven),
        st.sampled_from(Word).map(WordSaid),
        st.builds(MediaGiven, media, st.sampled_from(["", "cháy nhà rồi"])),
        st.just(PlaceShared(21.0, 105.0)),
        st.sampled_from(["0912345678", "12"]).map(PhoneShared),
        TEXTS.map(TextEdited),
        st.just(Unreadable()),
        st.builds(Entered, st.just(""), st.sampled_from(["field_1", "nowhere"])),
        st.just(TimedOut()),
        st.builds(
            OldPress,
            st.just(draft.id if draft else "-"),
            STEPS,
            st.sampled_from(["yes", "field:field_1", "no"]),
        ),
        st.builds(
            TicketPressed,
            st.integers(1, 3),
            st.sampled_from(["fixed", "rating"]),
            st.sampled_from(["done", "not"]),
        ),
    ]
    return draw(st.one_of(choice, choice, choice, choice, choice, *others))


def advance(context: Context, effects: tuple[Effect, ...], number: int, hours: int) -> Context:
    """The world after the effects were carried out."""
    tickets = context.tickets
    for effect in effects:
        if isinstance(effect, SubmitDraft):
            tickets = (ticket(len(tickets) + 1, Status.SUBMITTED), *tickets)
    return replace(
        context,
        now=context.now + timedelta(minutes=1, hours=hours),
        has_consented=context.has_consented or any(isinstance(effect, GiveConsent) for effect in effects),
        tickets=tickets,
        fresh_id=f"d{number}",
        fields=FIELDS[: 9 - number % 5],
        form=f"form {number % 5}",
    )


def check_step(
    state: State, event: ConversationEvent, after: State, effects: tuple[Effect, ...], context: Context
):
    """The laws of one step."""
    if not isinstance(event, TimedOut):
        assert any(isinstance(effect, SPEAKS) for effect in effects), (state, event)
    elif drafts_of(state):
        assert effects, (state, event)
    consented = context.has_consented
    for effect in effects:
        consented = consented or isinstance(effect, GiveConsent)
        if isinstance(effect, SubmitDraft):
            assert isinstance(state.step, Reviewing)
            assert event == ChoiceMade("send")
        if isinstance(effect, SubmitDraft) or (isinstance(effect, KeepMedia) and effect.draft_id):
            assert consented, (state, event)
        if isinstance(effect, SealText) and not state.parked:
            assert effect.text
            assert effect.text not in str(to_json(after))
    assert sum(isinstance(effect, WakeAt) for effect in effects) <= 1
    assert from_json(to_json(after)) == after
    print_all(after, effects, context)


def print_all(after: State, effects: tuple[Effect, ...], context: Context) -> None:
    """Every text exists, its blanks are exactly those given, and choices belong to the present question."""
    offered = CATALOGUE.choices(prompt(after, context))
    for effect in effects:
        if not isinstance(effect, Say):
            continue
        entry = CATALOGUE.entries[effect.text.key]
        assert entry.blanks == effect.text.fields.keys(), effect.text.key
        assert CATALOGUE.words(effect.text)
        if CATALOGUE.choices(effect.text):
            assert CATALOGUE.choices(effect.text) == offered, effect.text.key


@settings(max_examples=150, deadline=None)
@given(st.data(), st.booleans(), st.integers(0, 3))
def test_any_history_is_answered_by_the_rules(data: st.DataObject, consented: bool, tickets: int):
    kinds = [Status.ANSWERED, Status.AWAITING_CITIZEN, Status.ACCEPTED]
    citizen = Citizen(*(ticket(number + 1, kinds[number]) for number in range(tickets)), consented=consented)
    state, context = citizen.state, citizen.context
    for number in range(data.draw(st.integers(1, 30))):
        event = data.draw(an_event(state, context))
        after, effects = step(state, event, context)
        check_step(state, event, after, effects, context)
        hours = data.draw(st.sampled_from([0, 0, 0, 0, 0, 4, 30, 200]))
        state, context = after, advance(context, effects, number, hours)


def test_every_step_has_somebody_who_answers():
    assert set(ANSWERS) | {Idle, Stuck} == set(STEP_NAMES)


def test_step_names_are_unique():
    assert len(set(STEP_NAMES.values())) == len(STEP_NAMES)


def test_every_step_has_an_example_for_the_ladder():
    script_names = {
        name for name in STEP_NAMES.values() if name not in {"idle", "confirming_field", "guiding_complaint"}
    }
    assert {f"example.{name}" for name in script_names} <= CATALOGUE.labels.keys()


def test_messages_fit_a_phone_screen():
    limits = {"ask_consent": 900, "officer_help_desk": 800}  # the latter: a list of commands, when asked for
    for key in sorted(set(CATALOGUE.entries)):
        entry = CATALOGUE.entries[key]
        assert len(entry.text) <= limits.get(key, 700), key


def test_the_public_names_stand_in_the_machine():
    assert {"step", "prompt", "step_name", "draft_id"} <= set(dir(machine))


NOTICES = {
    "ticket_received": "number secret received_at desk receive_by who_sees lookup_url",
    "ticket_accepted": "number field promised_by",
    "ticket_question": "number question until",
    "ticket_question_answered": "number promised_by",
    "ticket_question_lapsed": "number",
    "ticket_forwarded": "number unit promised_by desk",
    "ticket_forwarded_again": "number unit promised_by",
    "ticket_answer": "number opening answer",
    "ticket_confirmed": "number",
    "ticket_expired": "number days",
    "ticket_under_review": "number leader until",
    "ticket_withdrawn": "number",
    "ticket_added": "number",
}


def test_notices_have_the_blanks_their_handlers_fill():
    assert {key: set(CATALOGUE.entries[key].blanks) for key in NOTICES} == {
        key: set(blanks.split()) for key, blanks in NOTICES.items()
    }


def test_every_transition_that_tells_has_its_text_and_every_outcome_its_opening():
    assert {row.told for row in TRANSITIONS if row.told} <= CATALOGUE.entries.keys()
    assert {f"opening.{outcome}" for outcome in Outcome} <= CATALOGUE.labels.keys()
