"""Transcripts: emergencies, complaints, denunciations, and what else is looked for in a story."""

from dataclasses import replace

import pytest

from core.calendar import Calendar, local_day
from core.conversation.draft import Kind
from core.conversation.effects import (
    SealText,
    SubmitDraft,
)
from core.conversation.states import State, drafts_of
from core.conversation.steps import (
    CheckingDenunciation,
    CheckingEmergency,
    Consenting,
    Idle,
    Reviewing,
)
from core.conversation.storing import from_json, to_json
from tests.core.citizen import Citizen, submitted, told


def test_an_emergency_shows_the_numbers_before_anything():
    citizen = Citizen()
    citizen.types("Cháy nhà ở thôn 3, cứu với!")
    assert isinstance(citizen.state.step, CheckingEmergency)
    assert "114" in citizen.answer
    citizen.types("1")
    assert isinstance(citizen.state.step, Consenting)
    citizen.types("đồng ý")
    (draft,) = drafts_of(citizen.state)
    assert draft.marks == ("emergency_words",)


def test_an_emergency_within_the_story_is_seen_at_once():
    citizen = Citizen(consented=True)
    citizen.types("1", "dây điện bị đứt rơi xuống đường")
    assert citizen.keys == ["check_emergency"]
    citizen.types("không khẩn cấp", "xong rồi")
    assert citizen.keys == ["ask_files"]


def test_stopping_an_emergency_keeps_the_draft():
    citizen = Citizen(consented=True)
    citizen.types("1", "có người bất tỉnh ở chợ", "3")
    assert citizen.keys == ["draft_left"]
    assert len(drafts_of(citizen.state)) == 1


def test_a_complaint_is_shown_the_lawful_door_and_may_go_on_marked():
    citizen = Citizen(consented=True)
    citizen.types("1", "Tôi không đồng ý với quyết định thu hồi đất của nhà tôi", "xong")
    assert citizen.keys == ["check_complaint"]
    citizen.types("đúng", "1")
    assert "số 1 đường Trung Tâm" in citizen.answer
    citizen.types("2")
    (draft,) = drafts_of(citizen.state)
    assert draft.marks == ("maybe_complaint",)
    assert citizen.keys == ["ask_files"]


@pytest.mark.parametrize("consented", [True, False])
def test_a_denunciation_is_sealed_and_left_nowhere(consented: bool):
    citizen = Citizen(consented=consented)
    secret = "Tôi tố cáo ông trưởng thôn nhận hối lộ"
    citizen.types(secret)
    assert isinstance(citizen.state.step, CheckingDenunciation)
    citizen.types("số tiền là 5 triệu đồng", "1")
    assert citizen.of(SealText) == [SealText(f"{secret}\nsố tiền là 5 triệu đồng")]
    assert "phong bì dán kín" in citizen.answer
    assert "hối lộ" not in str(to_json(citizen.state))
    assert not citizen.of(SubmitDraft)


def test_what_is_no_denunciation_goes_on_with_a_mark():
    citizen = Citizen(consented=True)
    citizen.types("1", "Phòng khám vòi tiền người bệnh", "3", "xong rồi")
    (draft,) = drafts_of(citizen.state)
    assert draft.marks == ("maybe_denunciation",)
    assert citizen.keys == ["ask_files"]


def test_outside_office_hours_the_receipt_says_when_it_will_be_seen():
    citizen = Citizen().at_review()
    day_off = Calendar({local_day(citizen.context.now): False})
    citizen.context = replace(citizen.context, calendar=day_off)
    citizen.types("gửi")
    assert citizen.keys == ["sent_out_of_hours"]


def test_a_state_of_another_schema_is_forgotten_and_said_so():
    citizen = Citizen()
    citizen.state = from_json({"schema": 0, "step": {"name": "old"}})
    citizen.types("1")
    assert citizen.keys[0] == "state_forgotten"


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"schema": 1},
        {"schema": 1, "step": {"name": "nonsense"}},
        {"schema": 1, "step": {"name": "telling"}},
    ],
)
def test_unreadable_states_never_break(stored: dict[str, object]):
    state = from_json(stored)
    assert isinstance(state.step, Idle)
    assert isinstance(state, State)


def test_the_review_is_not_reached_by_looking_at_the_answers_half_way():
    citizen = told(Citizen())
    citizen.types("sửa", "gửi")
    assert not isinstance(citizen.state.step, Reviewing)
    assert not citizen.of(SubmitDraft)


def test_a_clear_proposal_is_sent_as_one():
    citizen = Citizen(consented=True)
    citizen.types(
        "1", "Đề nghị xã mở lớp dạy bơi cho trẻ em", "xong", "không có", "2", "bỏ qua", "2", "3", "1", "gửi"
    )
    assert submitted(citizen).kind is Kind.PROPOSAL


def test_danger_written_in_a_later_caption_or_place_is_not_missed():
    citizen = told(Citizen())
    citizen.shows("anh", caption="dây điện bị đứt rơi xuống đường")
    citizen.types("xong")
    assert citizen.keys == ["check_emergency"]
    citizen.types("2", "thôn 3, đang cháy nhà to lắm")
    assert "114" in citizen.answer


def test_an_edited_story_is_screened_again():
    citizen = Citizen().at_review()
    citizen.types("1", "Tôi tố cáo trưởng thôn nhận hối lộ")
    assert citizen.keys == ["check_denunciation"]
