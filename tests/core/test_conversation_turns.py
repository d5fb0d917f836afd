"""Transcripts: going back, changing one's mind, going away, and whatever nobody expects."""

from datetime import timedelta

import pytest

from core.channel import ButtonPressed, MessageEdited
from core.conversation.answers import press_prefix
from core.conversation.effects import (
    CallDesk,
    DropDraft,
    SubmitDraft,
)
from core.conversation.states import drafts_of
from core.conversation.steps import (
    Naming,
    Phoning,
    Stuck,
)
from core.conversation.storing import to_json
from tests.core.citizen import MORNING, STORY, Citizen, told


def test_back_leads_through_the_questions_and_out_of_an_edit():
    citizen = Citizen().at_review()
    citizen.types("2", "quay lại")
    assert citizen.keys == ["review"]
    citizen.types("0", "0")
    assert isinstance(citizen.state.step, Phoning)
    citizen.types("0")
    assert isinstance(citizen.state.step, Naming)


def test_bad_input_climbs_the_ladder_and_is_kept_as_a_note():
    citizen = told(Citizen())
    citizen.types("2", "thôn 3, gần chợ", "1")
    citizen.types("hôm nọ trời mưa")
    assert citizen.keys == ["not_understood"]
    citizen.types("không rõ lắm bác ạ mà")
    assert citizen.keys == ["ask_danger"]
    citizen.types("lằng nhằng quá")
    assert citizen.keys == ["stuck"]
    assert isinstance(citizen.state.step, Stuck)
    citizen.types("2")
    assert citizen.keys == ["ask_identity"]
    (draft,) = drafts_of(citizen.state)
    assert draft.notes == ("hôm nọ trời mưa", "không rõ lắm bác ạ mà", "lằng nhằng quá")


def test_words_of_help_work_at_every_step():
    citizen = told(Citizen())
    citizen.types("/trogiup")
    assert citizen.keys == ["help", "ask_files"]
    citizen.types("TIEP")
    assert citizen.keys == ["ask_files"]
    citizen.types("bo qua")
    assert citizen.keys == ["ask_place"]
    citizen.types("sửa")
    assert citizen.keys == ["answers_so_far"]
    citizen.types("khai tiếp")
    assert citizen.keys == ["ask_place"]


def test_a_person_can_be_called_without_losing_the_draft():
    citizen = told(Citizen())
    citizen.types("gặp cán bộ")
    assert citizen.keys == ["ask_desk_message"]
    citizen.types("Cho tôi hỏi thủ tục")
    (call,) = citizen.of(CallDesk)
    assert call == CallDesk("Cho tôi hỏi thủ tục")
    assert "ask_files" in citizen.keys


def test_a_person_is_called_at_once_when_nothing_may_be_stored():
    citizen = Citizen()
    citizen.types("gap can bo")
    assert citizen.of(CallDesk) == [CallDesk("")]


def test_cancelling_asks_once_and_deletes():
    citizen = told(Citizen())
    citizen.types("hủy")
    assert citizen.keys == ["ask_cancel"]
    citizen.types("1")
    assert citizen.of(DropDraft)
    assert drafts_of(citizen.state) == ()


def test_a_draft_set_aside_comes_back():
    citizen = told(Citizen())
    citizen.types("hủy", "2")
    assert citizen.keys == ["draft_left"]
    citizen.types("tiếp")
    assert citizen.keys == ["ask_files"]


def test_returning_after_hours_offers_to_go_on_and_keeps_what_was_said():
    citizen = told(Citizen())
    citizen.passes(timedelta(hours=5))
    citizen.types("Sao chưa thấy ai trả lời")
    assert citizen.keys == ["resume"]
    citizen.types("1")
    assert citizen.keys == ["ask_files"]
    (draft,) = drafts_of(citizen.state)
    assert draft.notes == ("Sao chưa thấy ai trả lời",)


def test_a_draft_is_reminded_of_once_in_waking_hours_and_deleted_after_a_week():
    citizen = Citizen(consented=True, now=MORNING + timedelta(hours=12))  # 21:00 local
    citizen.types("1", STORY, "xong")
    assert citizen.wake == MORNING + timedelta(hours=46)  # 07:00 the day after next
    citizen.waits(timedelta(hours=34))
    assert citizen.keys == ["draft_reminder"]
    citizen.waits(timedelta(days=2))
    assert citizen.keys == []
    citizen.waits(timedelta(days=5))
    assert citizen.keys == ["draft_deleted"]
    assert citizen.of(DropDraft)
    assert citizen.wake is None


def test_what_was_said_without_consent_is_gone_after_a_day():
    citizen = Citizen()
    citizen.types(STORY)
    citizen.waits(timedelta(hours=25))
    assert citizen.keys == ["draft_forgotten"]
    assert STORY not in str(to_json(citizen.state))


def test_a_second_matter_sets_the_first_aside():
    citizen = told(Citizen())
    citizen.types("việc mới")
    assert citizen.keys == ["start_another"]
    citizen.types("2")
    assert citizen.keys == ["ask_story"]
    assert len(drafts_of(citizen.state)) == 2


def test_at_most_three_drafts():
    citizen = told(Citizen())
    citizen.types("việc mới", "2", "việc mới", "2", "việc mới")
    assert "too_many_drafts" in citizen.keys


def test_sending_twice_does_nothing_new():
    citizen = Citizen().at_review()
    send = ButtonPressed(f"{press_prefix(citizen.state)}:send")
    citizen.sends(send)
    citizen.sends(send)
    assert citizen.keys == ["already_sent"]
    citizen.types("gửi")
    assert citizen.keys == ["already_sent"]
    assert len(citizen.of(SubmitDraft)) == 1


def test_an_old_review_does_not_send_a_changed_draft():
    citizen = Citizen().at_review()
    old = ButtonPressed(f"{press_prefix(citizen.state)}:send")
    citizen.types("2", "thôn 5, sau đình")
    citizen.sends(old)
    assert not citizen.of(SubmitDraft)
    assert citizen.keys == ["question_moved_on", "review"]


def test_a_photo_at_the_review_makes_the_shown_review_old():
    citizen = Citizen().at_review()
    old = ButtonPressed(f"{press_prefix(citizen.state)}:send")
    citizen.shows("them")
    citizen.sends(old)
    assert not citizen.of(SubmitDraft)


def test_yesterdays_button_of_the_open_draft_changes_its_answer():
    citizen = told(Citizen())
    citizen.types("2", "thôn 3, gần chợ", "1")
    danger = ButtonPressed(f"{press_prefix(citizen.state)}:yes")
    citizen.types("2")
    citizen.sends(danger)
    assert citizen.keys == ["editing_answer", "ask_identity"]
    (draft,) = drafts_of(citizen.state)
    assert draft.is_dangerous is True


def test_a_button_of_a_draft_that_is_gone_only_says_so():
    citizen = told(Citizen())
    citizen.sends(ButtonPressed("c:dead:placing:3:nowhere"))
    assert citizen.keys == ["old_button", "ask_files"]


@pytest.mark.parametrize("payload", ["", "c", "x:1:2", "c:-:idle:0:drop table", "c:-:fixed:0:fixed:99:done"])
def test_a_strange_payload_is_harmless(payload: str):
    citizen = Citizen()
    citizen.sends(ButtonPressed(payload))
    assert citizen.answer


def test_an_edited_message_is_noted_and_the_first_text_stays():
    citizen = Citizen(consented=True)
    citizen.types("1", STORY)
    citizen.sends(MessageEdited("7", "Đèn đường trước nhà số 14"))
    (draft,) = drafts_of(citizen.state)
    assert draft.story == (STORY,)
    assert draft.notes == ("Đèn đường trước nhà số 14",)
