"""An officer's dialogue: total, stored and read back, and nothing leaves that was not confirmed."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import texts
from core.channel import MediaKind, MediaRef
from core.conversation.officer import step
from core.conversation.officer_effects import (
    AskExtension,
    Chose,
    CitizenWanted,
    CompleteDuty,
    ContactWanted,
    DraftBegun,
    DutyAnswered,
    FileGiven,
    ForwardTicket,
    GiveBack,
    HoldReply,
    KeepFile,
    NoteReply,
    OfficerContext,
    OfficerEvent,
    PlanOpened,
    ProposeResult,
    Refused,
    RejectDuty,
    ReturnWanted,
    RevealContact,
    Said,
    ShowPreview,
    Tell,
    UndoReply,
    UnitWanted,
)
from core.conversation.officer_states import (
    STEP_NAMES,
    AddingPhoto,
    AsCitizen,
    ChoosingOutcome,
    ChoosingUnit,
    Classifying,
    ConfirmingPlan,
    CorrectingField,
    GivingBack,
    GivingDay,
    GivingEvidence,
    GivingNewDue,
    GivingReason,
    Holding,
    Idle,
    LeavingPlan,
    Previewing,
    RejectingDuty,
    Reply,
    ReplyKind,
    ReviewingPlan,
    State,
    StatingPurpose,
    Writing,
    from_json,
    is_warned,
    to_json,
    warn,
)
from core.day_words import read_day
from core.people import Role
from core.say import Choice
from core.tickets import NEEDS_DATE, Outcome

NOW = datetime(2026, 3, 10, 2, tzinfo=UTC)
TODAY = date(2026, 3, 10)
CONTEXT = OfficerContext(now=NOW, today=TODAY)
CATALOGUE = texts.load()
PHOTO = MediaRef("f1", MediaKind.PHOTO)
WORDS = "Tổ điện đã thay bóng đèn sáng nay."

replies = st.builds(
    Reply,
    id=st.integers(1, 9),
    ticket_id=st.integers(1, 9),
    number=st.just("PA-7K3-482"),
    kind=st.sampled_from(ReplyKind),
    text=st.sampled_from(["", "ngắn", WORDS, "còn {trống} chỗ này"]),
    outcome=st.none() | st.sampled_from(Outcome),
    promised_on=st.none() | st.just(date(2026, 4, 1)),
)
tickets = {"ticket_id": st.integers(1, 9), "number": st.just("PA-7K3-482")}
steps = st.one_of(
    st.builds(Idle, is_forgotten=st.booleans()),
    st.just(AsCitizen()),
    *(
        st.builds(kind, **tickets)
        for kind in (ChoosingUnit, Classifying, CorrectingField, StatingPurpose, GivingBack)
    ),
    *(
        st.builds(kind, reply=replies)
        for kind in (ChoosingOutcome, Writing, AddingPhoto, GivingDay, Previewing, Holding)
    ),
    st.builds(GivingEvidence, obligation_id=st.integers(1, 9), files=st.integers(0, 3)),
    st.builds(GivingNewDue, obligation_id=st.integers(1, 9)),
    st.builds(GivingReason, obligation_id=st.integers(1, 9), new_due=st.just(date(2026, 4, 1))),
    st.builds(RejectingDuty, obligation_id=st.integers(1, 9)),
    st.builds(ReviewingPlan, draft_id=st.integers(1, 9), page=st.integers(1, 3)),
    st.builds(ConfirmingPlan, draft_id=st.integers(1, 9)),
    st.builds(LeavingPlan, draft_id=st.integers(1, 9)),
)
states = st.builds(
    State,
    step=steps,
    asked=st.integers(0, 99),
    asked_at=st.none() | st.just(NOW),
    warned_ticket=st.integers(0, 9),
    warned_until=st.none() | st.just(NOW),
)
codes = st.sampled_from(
    [
        "send",
        "note",
        "edit",
        "cancel",
        "undo",
        "outcome",
        "finish",
        "unit:3",
        "unit:x",
        "call",
        "fixed",
        "next",
        "save",
        "drop",
        "keep",
        "dance",
    ]
) | st.text(max_size=8)
words = st.sampled_from(
    ["hủy", "xong", "sửa 3 hạn 14/6", "bỏ 5", "trang 2", "mở trang", "14/6", "31/2", "1/1/2020", WORDS, "?"]
) | st.text(max_size=30)
events: st.SearchStrategy[OfficerEvent] = st.one_of(
    st.builds(UnitWanted, units=st.just((Choice("unit:3", "Công an xã"),)), **tickets),
    st.builds(ContactWanted, **tickets),
    st.builds(ReturnWanted, **tickets),
    st.builds(DraftBegun, reply=replies),
    st.builds(
        DutyAnswered, obligation_id=st.integers(1, 9), code=st.sampled_from(["done", "extend", "reject", "x"])
    ),
    st.just(CitizenWanted()),
    st.builds(PlanOpened, draft_id=st.integers(1, 9)),
    st.builds(Said, text=words),
    st.builds(Chose, code=codes),
    st.builds(FileGiven, media=st.just(PHOTO), caption=st.sampled_from(["", "ảnh sáng nay"])),
    st.builds(Refused, code=st.sampled_from(["extension_not_later", "act_not_possible"])),
)
contexts = st.builds(OfficerContext, now=st.just(NOW), today=st.just(TODAY), photos=st.integers(0, 2))


@given(states, events, contexts)
def test_every_state_answers_every_event_in_words_that_can_be_printed(
    state: State, event: OfficerEvent, context: OfficerContext
) -> None:
    after, effects = step(state, event, context)
    assert from_json(to_json(after)) == after
    for effect in effects:
        if isinstance(effect, Tell):
            assert CATALOGUE.words(effect.text)


@given(states, events, contexts)
def test_only_send_in_a_preview_lets_anything_go(
    state: State, event: OfficerEvent, context: OfficerContext
) -> None:
    _, effects = step(state, event, context)
    if any(isinstance(effect, HoldReply | ProposeResult) for effect in effects):
        assert isinstance(state.step, Previewing)
        assert event == Chose("send")


@given(states, events, contexts)
def test_only_a_stated_purpose_opens_a_contact(
    state: State, event: OfficerEvent, context: OfficerContext
) -> None:
    _, effects = step(state, event, context)
    if any(isinstance(effect, RevealContact) for effect in effects):
        assert isinstance(state.step, StatingPurpose)


@given(states)
def test_state_is_stored_and_read_back(state: State) -> None:
    assert from_json(to_json(state)) == state


@pytest.mark.parametrize(
    "stored",
    [
        {"schema": 99},
        {"schema": 1, "name": "dancing", "step": {}},
        {"schema": 1, "name": "writing", "step": {"reply": None}, "asked": 1},
        {"schema": 1, "name": "giving_reason", "step": {"obligation_id": 1, "new_due": "mai"}, "asked": 1},
        {"telling": "of a citizen"},
    ],
)
def test_state_that_cannot_be_read_is_a_forgotten_idle(stored: dict[str, object]) -> None:
    assert from_json(stored) == State(Idle(is_forgotten=True))


def test_nothing_stored_is_a_new_dialogue() -> None:
    assert from_json({}) == State()


def test_every_step_has_a_name_of_its_own() -> None:
    assert len(set(STEP_NAMES.values())) == len(STEP_NAMES)


# --- drafts ------------------------------------------------------------------------------------------------

DRAFT = Reply(id=1, ticket_id=2, number="PA-7K3-482", kind=ReplyKind.ANSWER)


def test_draft_is_asked_for_what_it_lacks_in_order() -> None:
    state, _ = step(State(), DraftBegun(DRAFT), CONTEXT)
    assert isinstance(state.step, ChoosingOutcome)
    state, _ = step(state, Chose("partly_fixed"), CONTEXT)
    assert isinstance(state.step, Writing)
    state, _ = step(state, Said(WORDS), CONTEXT)
    assert isinstance(state.step, AddingPhoto)
    state, effects = step(state, FileGiven(PHOTO), CONTEXT)
    assert isinstance(effects[0], KeepFile)
    assert isinstance(state.step, GivingDay)
    state, effects = step(state, Said("1/4"), replace(CONTEXT, photos=1))
    assert effects[-1] == ShowPreview(state.step.reply)  # type: ignore[union-attr]
    state, effects = step(state, Chose("send"), replace(CONTEXT, photos=1))
    assert isinstance(state.step, Holding)
    assert isinstance(effects[0], HoldReply)


def test_proof_that_was_lost_is_asked_for_again_at_the_last_step() -> None:
    ready = replace(DRAFT, text=WORDS, outcome=Outcome.FIXED)
    state, effects = step(State(Previewing(ready)), Chose("send"), CONTEXT)
    assert isinstance(state.step, AddingPhoto)
    assert not any(isinstance(effect, HoldReply) for effect in effects)


def test_question_needs_no_outcome() -> None:
    state, _ = step(State(), DraftBegun(replace(DRAFT, kind=ReplyKind.QUESTION)), CONTEXT)
    state, effects = step(state, Said("Gần nhà số mấy?"), CONTEXT)
    assert isinstance(state.step, Previewing)
    assert isinstance(effects[-1], ShowPreview)


def test_second_paragraph_is_added_and_a_rewriting_replaces() -> None:
    ready = replace(DRAFT, text=WORDS, outcome=Outcome.EXPLAINED)
    state, _ = step(State(Previewing(ready)), Said("Xin cảm ơn."), CONTEXT)
    assert isinstance(state.step, Previewing)
    assert state.step.reply.text == f"{WORDS}\nXin cảm ơn."
    state, _ = step(state, Chose("edit"), CONTEXT)
    state, _ = step(state, Said("Chúng tôi đã thay đèn."), CONTEXT)
    assert isinstance(state.step, Previewing)
    assert state.step.reply.text == "Chúng tôi đã thay đèn."


def test_words_before_the_outcome_are_kept() -> None:
    state, _ = step(State(ChoosingOutcome(DRAFT)), Said(WORDS), CONTEXT)
    state, effects = step(state, Chose("explained"), CONTEXT)
    assert effects[-1] == ShowPreview(replace(DRAFT, text=WORDS, outcome=Outcome.EXPLAINED))


def test_cancel_takes_a_held_message_back() -> None:
    ready = replace(DRAFT, text=WORDS, outcome=Outcome.EXPLAINED)
    state, effects = step(State(Holding(ready)), Said("hủy"), CONTEXT)
    assert effects == (UndoReply(ready), ShowPreview(ready))
    assert state.step == Previewing(ready)


def test_result_of_a_unit_is_no_note_and_needs_no_hold() -> None:
    ready = replace(DRAFT, kind=ReplyKind.RESULT, text=WORDS, outcome=Outcome.EXPLAINED)
    _, effects = step(State(Previewing(ready)), Chose("note"), CONTEXT)
    assert not any(isinstance(effect, NoteReply) for effect in effects)
    _, effects = step(State(Previewing(ready)), Chose("send"), CONTEXT)
    assert effects == (ProposeResult(ready),)


def test_same_press_again_asks_once_and_later_asks_anew() -> None:
    wanted = ContactWanted(2, "PA-7K3-482")
    state, _ = step(State(), wanted, CONTEXT)
    assert step(state, wanted, CONTEXT) == (state, ())
    later = replace(CONTEXT, now=NOW.replace(minute=5))
    assert step(state, wanted, later)[1] != ()


# --- tickets and duties ------------------------------------------------------------------------------------


def test_unit_purpose_and_reason_are_taken() -> None:
    assert step(State(ChoosingUnit(2, "PA")), Chose("unit:3"), CONTEXT)[1] == (ForwardTicket(2, 3),)
    assert step(State(StatingPurpose(2, "PA")), Chose("letter"), CONTEXT)[1] == (RevealContact(2, "letter"),)
    assert step(State(GivingBack(2, "PA")), Said("đường tỉnh"), CONTEXT)[1] == (GiveBack(2, "đường tỉnh"),)


@pytest.mark.parametrize("code", ["unit:", "unit:x", "unit:-3", "unit:٣", "unit:99999999999999", "3"])
def test_unit_that_is_no_number_is_not_understood(code: str) -> None:
    state, effects = step(State(ChoosingUnit(2, "PA")), Chose(code), CONTEXT)
    assert isinstance(state.step, ChoosingUnit)
    assert isinstance(effects[0], Tell)


def test_duty_is_done_with_words_or_with_files() -> None:
    assert step(State(GivingEvidence(5)), Said("45/BC"), CONTEXT)[1] == (CompleteDuty(5, "45/BC"),)
    state, effects = step(State(GivingEvidence(5)), FileGiven(PHOTO, "báo cáo"), CONTEXT)
    assert effects[0] == KeepFile(PHOTO, obligation_id=5)
    assert step(state, Said("xong"), CONTEXT)[1] == (CompleteDuty(5, "báo cáo"),)
    assert step(state, Chose("finish"), CONTEXT)[1] == (CompleteDuty(5, "báo cáo"),)


def test_more_time_needs_a_day_to_come_and_a_reason() -> None:
    state, _ = step(State(), DutyAnswered(5, "extend"), CONTEXT)
    for bad in ("mai", "31/2", "10/3/2026", "1/1/2020"):
        assert step(state, Said(bad), CONTEXT)[0] == state
    state, _ = step(state, Said("ngày 25 tháng 3"), CONTEXT)
    assert state.step == GivingReason(5, date(2026, 3, 25))
    _, effects = step(state, Said("chờ số liệu"), CONTEXT)
    assert effects == (AskExtension(5, date(2026, 3, 25), "chờ số liệu"),)


def test_day_too_early_for_the_duty_is_asked_again() -> None:
    state, _ = step(State(GivingReason(5, date(2026, 3, 12))), Refused("extension_not_later"), CONTEXT)
    assert state.step == GivingNewDue(5)


def test_duty_of_others_needs_a_reason() -> None:
    state, _ = step(State(), DutyAnswered(5, "reject"), CONTEXT)
    assert step(state, Said("việc của Công an"), CONTEXT)[1] == (RejectDuty(5, "việc của Công an"),)


def test_warning_about_a_colleague_holds_for_its_ticket_and_two_minutes() -> None:
    state = warn(State(), 2, NOW)
    assert is_warned(state, 2, NOW.replace(minute=1))
    assert not is_warned(state, 3, NOW)
    assert not is_warned(state, 2, NOW.replace(minute=3))


# --- days --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("14/6", date(2026, 6, 14)),
        ("14/6/2027", date(2027, 6, 14)),
        ("14-6-2027", date(2027, 6, 14)),
        ("ngày 14/6", date(2026, 6, 14)),
        ("ngày 14 tháng 6", date(2026, 6, 14)),
        ("ngay 14 thang 6 nam 2027", date(2027, 6, 14)),
        ("nga\u0300y 14/6", date(2026, 6, 14)),
        ("10/3", date(2026, 3, 10)),
        ("9/3", date(2027, 3, 9)),
        ("29/2", None),
        ("29/2/2028", date(2028, 2, 29)),
        ("31/11", None),
        ("14 6", None),
        ("14", None),
        ("mai", None),
        ("14/6/26", None),
        ("sau 14/6", None),
        ("", None),
    ],
)
def test_day_is_read_or_not_at_all(text: str, day: date | None) -> None:
    assert read_day(text, TODAY) == day


# --- words -------------------------------------------------------------------------------------------------


def test_every_key_made_of_a_code_is_in_the_catalogue() -> None:
    made = {
        *(f"officer_write_{kind}" for kind in ReplyKind),
        *(f"officer_help_{role}" for role in Role),
        *(f"opening_{outcome}_by" for outcome in NEEDS_DATE),
    }
    assert made <= CATALOGUE.entries.keys()
    labels = {
        *(f"opening.{outcome}" for outcome in Outcome),
        *(f"outcome.{outcome}" for outcome in Outcome),
        *(f"author.{side}" for side in ("citizen", "desk", "unit", "note", "system")),
    }
    assert labels <= CATALOGUE.labels.keys()


def test_every_outcome_can_be_chosen() -> None:
    offered = {choice.code for choice in CATALOGUE.entries["officer_outcome"].choices}
    assert set(Outcome) <= offered
