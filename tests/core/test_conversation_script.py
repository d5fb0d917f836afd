"""Transcripts of the questions that not every story needs: numbers, matters, places, the field's own."""

from dataclasses import replace

import pytest

from core.conversation.effects import DropDraft, SealText, SubmitDraft
from core.conversation.places import KnownPlace
from core.conversation.states import drafts_of
from core.conversation.steps import AddingFiles, CheckingPlace, Idle, Placing, Reviewing, Telling
from tests.core.citizen import STORY, Citizen, submitted, told

PLACES = (
    KnownPlace("thôn Bình Minh", formerly=("thôn Hòa An",)),
    KnownPlace("xã Đá Trắng", contact="UBND xã Đá Trắng, 0299 000 0200"),
)
TWO = "1. Đèn đường trước nhà tắt ba hôm nay\n2. Rác đổ đầy bờ kênh sau chợ"


def at_place(citizen: Citizen) -> Citizen:
    told(citizen)
    citizen.context = replace(citizen.context, places=PLACES)
    citizen.types("2")
    assert isinstance(citizen.state.step, Placing)
    return citizen


def with_questions(citizen: Citizen, *questions: str) -> Citizen:
    """The citizen at the question for the lamp's field, about which the organisation asks more."""
    fields = tuple(
        replace(option, questions=questions) if option.label == "Chiếu sáng" else option
        for option in citizen.context.fields
    )
    citizen.context = replace(citizen.context, fields=fields)
    told(citizen).types("2", "thôn 3, gần chợ")
    assert citizen.keys == ["confirm_field"]
    return citizen


def submitted_stories(citizen: Citizen) -> list[str]:
    return [effect.draft.story_text for effect in citizen.of(SubmitDraft) if isinstance(effect, SubmitDraft)]


# --- numbers of papers and accounts ---


def test_numbers_of_papers_are_covered_for_good_when_wished():
    citizen = Citizen(consented=True)
    citizen.types("1", "Ông Tư số căn cước 012345678901 thu tiền rác không biên lai", "xong")
    assert citizen.keys == ["check_numbers"]
    assert "901" in citizen.answer
    assert "012345678901" not in citizen.answer
    citizen.types("1")
    assert citizen.keys == ["numbers_covered", "ask_files"]
    (draft,) = drafts_of(citizen.state)
    assert "012345678" not in str(draft)
    assert "•901" in draft.story_text


def test_numbers_of_papers_stay_when_wished_and_are_not_asked_about_again():
    citizen = Citizen(consented=True)
    citizen.types("1", "Số căn cước 012345678901 của tôi bị ghi sai trong sổ hộ nghèo", "xong", "giữ nguyên")
    assert citizen.keys == ["ask_files"]
    (draft,) = drafts_of(citizen.state)
    assert "012345678901" in draft.story_text


# --- several matters ---


def test_two_matters_become_two_tickets_from_one_sender():
    citizen = Citizen(consented=True)
    citizen.types("1", TWO, "xong")
    assert citizen.keys == ["split_matters"]
    assert "2 việc" in citizen.answer
    citizen.types("1", "2", "thôn 3, gần chợ", "1", "2", "1", "Nguyễn Thị Hoa", "bỏ qua", "1")
    assert isinstance(citizen.state.step, Reviewing)
    assert "Rác đổ" not in citizen.answer
    citizen.types("gửi")
    assert submitted_stories(citizen) == ["Đèn đường trước nhà tắt ba hôm nay"]
    assert citizen.keys == ["next_matter", "ask_files"]
    assert "Rác đổ đầy bờ kênh" in citizen.answer
    citizen.types("2", "bờ kênh sau chợ", "1", "2")
    assert isinstance(citizen.state.step, Reviewing)
    assert "Nguyễn Thị Hoa" in citizen.answer
    citizen.types("gửi")
    assert submitted_stories(citizen)[1] == "Rác đổ đầy bờ kênh sau chợ"
    assert isinstance(citizen.state.step, Idle)


def test_two_matters_may_go_together():
    citizen = Citizen(consented=True)
    citizen.types("1", TWO, "xong", "gửi chung")
    assert isinstance(citizen.state.step, AddingFiles)
    (draft,) = drafts_of(citizen.state)
    assert draft.story_text == TWO


def test_throwing_the_first_matter_away_keeps_the_second():
    citizen = Citizen(consented=True)
    citizen.types("1", TWO, "xong", "1", "hủy", "1")
    assert citizen.keys == ["draft_dropped", "next_matter", "ask_files"]
    (draft,) = drafts_of(citizen.state)
    assert draft.story_text == "Rác đổ đầy bờ kênh sau chợ"
    assert len(citizen.of(DropDraft)) == 1


def test_a_denunciation_told_later_seals_the_matters_that_wait_too():
    citizen = Citizen(consented=True)
    citizen.types("1", TWO, "xong", "1", "sửa", "1", "Tôi tố cáo ông trưởng thôn nhận hối lộ", "1")
    assert citizen.keys == ["denunciation_way"]
    (sealed,) = citizen.of(SealText)
    assert isinstance(sealed, SealText)
    assert "Rác đổ đầy bờ kênh" in sealed.text
    assert not drafts_of(citizen.state)


def test_a_card_that_was_answered_does_not_come_again_for_the_second_matter():
    citizen = Citizen(consented=True)
    citizen.types("1", "1. Đèn đường trước nhà tắt ba hôm nay\n2. Dây điện bị đứt rơi xuống đường")
    assert citizen.keys == ["check_emergency"]
    citizen.types("2", "xong", "1", "hủy", "1")
    assert citizen.keys == ["draft_dropped", "next_matter", "ask_files"]
    (draft,) = drafts_of(citizen.state)
    assert draft.marks == ("emergency_words",)


# --- places ---


def test_an_old_name_of_a_place_is_asked_about_and_kept_beside_the_new_one():
    citizen = at_place(Citizen(consented=True))
    citizen.types("đầu thôn Hòa An")
    assert isinstance(citizen.state.step, CheckingPlace)
    assert "thôn Hòa An (cũ) nay là thôn Bình Minh" in citizen.answer
    citizen.types("đúng", "1", "2", "1", "Nguyễn Thị Hoa", "bỏ qua", "1")
    assert "đầu thôn Hòa An (nay là thôn Bình Minh)" in citizen.answer


def test_another_place_than_the_one_supposed_is_asked_for_again():
    citizen = at_place(Citizen(consented=True))
    citizen.types("đầu thôn Hòa An", "2")
    assert isinstance(citizen.state.step, Placing)
    citizen.types("thôn Bình Minh, cạnh trạm bơm")
    assert citizen.keys == ["confirm_field"]


def test_a_neighbours_place_shows_whom_to_ask_and_may_be_sent_marked():
    citizen = at_place(Citizen(consented=True))
    citizen.types("cầu ở xã Đá Trắng", "1")
    assert "0299 000 0200" in citizen.answer
    citizen.types("3")
    assert citizen.keys == ["confirm_field"]
    (draft,) = drafts_of(citizen.state)
    assert "outside_area" in draft.marks


def test_a_place_that_nobody_has_listed_is_kept_and_marked():
    citizen = at_place(Citizen(consented=True))
    citizen.types("ngã ba cây gạo")
    assert citizen.keys == ["confirm_field"]
    (draft,) = drafts_of(citizen.state)
    assert draft.marks == ("needs_place",)
    assert draft.place is not None
    assert draft.place.words == "ngã ba cây gạo"


def test_a_corrected_place_is_looked_at_anew():
    citizen = at_place(Citizen(consented=True))
    citizen.types("đầu thôn Hòa An", "thôn Bình Minh")
    assert citizen.keys == ["confirm_field"]


# --- posters ---


def at_poster(link: str) -> Citizen:
    citizen = Citizen()
    places = (KnownPlace("chợ Cầu Mới", code="cho-moi"),)
    citizen.context = replace(citizen.context, places=places)
    citizen.types(link)
    return citizen


def test_a_poster_answers_the_place_and_shows_the_numbers_to_call_first():
    citizen = at_poster("/start noi-cho-moi")
    assert citizen.keys == ["entrance", "ask_consent"]
    assert "113" in citizen.answer
    citizen.types("1", STORY, "xong", "2")
    assert citizen.keys == ["confirm_field"]
    citizen.types("1", "2", "3", "1")
    assert "Nơi: chợ Cầu Mới" in citizen.answer
    assert citizen.types("2", "thôn 5").count("Nơi: thôn 5") == 1


def test_a_poster_may_name_a_field_too():
    citizen = at_poster("/start noi-cho-moi--lv-field_3")
    citizen.types("1", STORY, "xong", "2")
    assert citizen.keys == ["ask_danger"]
    assert drafts_of(citizen.state)[0].field == "field_3"


@pytest.mark.parametrize("link", ["/start noi-khong-co", "/start lv-khong_co", "/start noi-", "/start lv-"])
def test_a_poster_of_something_unknown_opens_the_menu(link: str):
    assert at_poster(link).keys == ["menu"]


def test_a_poster_does_not_take_an_open_draft_away():
    citizen = at_poster("/start noi-cho-moi")
    citizen.types("1", STORY, "/start lv-field_3")
    assert citizen.keys == ["resume"]
    assert drafts_of(citizen.state)[0].story_text == STORY


# --- the field's own questions ---


def test_the_fields_own_questions_are_asked_and_shown_with_their_answers():
    citizen = with_questions(Citizen(consented=True), "Có số cột đèn không ạ?", "Mấy bóng bị tắt?")
    citizen.types("1")
    assert "Có số cột đèn không ạ?" in citizen.answer
    citizen.types("cột 12A")
    assert "Mấy bóng bị tắt?" in citizen.answer
    citizen.types("3")
    assert citizen.keys == ["ask_danger"]
    citizen.types("2", "1", "Nguyễn Thị Hoa", "bỏ qua", "1")
    assert "Có số cột đèn không ạ? cột 12A · Mấy bóng bị tắt? 3" in citizen.answer


def test_the_fields_own_questions_may_be_skipped():
    citizen = with_questions(Citizen(consented=True), "Có số cột đèn không ạ?")
    citizen.types("1", "bỏ qua")
    assert citizen.keys == ["ask_danger"]
    (draft,) = drafts_of(citizen.state)
    assert draft.extras == ()


def test_another_field_forgets_the_answers_about_the_first():
    citizen = with_questions(Citizen(consented=True), "Có số cột đèn không ạ?")
    citizen.types("1", "cột 12A", "2", "1", "Nguyễn Thị Hoa", "bỏ qua", "1", "sửa lĩnh vực", "2", "1")
    (draft,) = drafts_of(citizen.state)
    assert draft.extras == ()


def asked_anew(citizen: Citizen, form: str, *questions: str) -> None:
    """The organisation file is loaded again, with these questions about public lighting."""
    fields = (replace(option, questions=()) for option in citizen.context.fields)
    anew = tuple(
        replace(option, questions=questions) if option.label == "Chiếu sáng" else option for option in fields
    )
    citizen.context = replace(citizen.context, fields=anew, form=form)


def test_a_question_added_meanwhile_is_asked_and_what_was_answered_stays():
    citizen = with_questions(Citizen(consented=True), "Có số cột đèn không ạ?")
    asked_anew(citizen, "a", "Có số cột đèn không ạ?")
    citizen.types("1", "cột 12A", "2", "1", "Nguyễn Thị Hoa", "bỏ qua")
    asked_anew(citizen, "b", "Có số cột đèn không ạ?", "Mấy bóng bị tắt?")
    citizen.types("1")
    assert citizen.keys == ["form_changed", "ask_extra"]
    assert "trả lời thêm 1 câu" in citizen.answer
    assert "cột 12A · Mấy bóng bị tắt? ba bóng" in citizen.types("ba bóng")
    assert citizen.keys == ["review"]


def test_a_review_of_an_older_form_does_not_leave_before_its_changed_question_is_answered():
    citizen = with_questions(Citizen(consented=True), "Có số cột đèn không ạ?")
    asked_anew(citizen, "a", "Có số cột đèn không ạ?")
    citizen.types("1", "cột 12A", "2", "1", "Nguyễn Thị Hoa", "bỏ qua", "1")
    asked_anew(citizen, "b", "Mấy bóng bị tắt?")
    citizen.types("gửi")
    assert citizen.keys == ["form_changed", "ask_extra"]
    citizen.types("ba bóng", "gửi")
    assert [extra.answer for extra in submitted(citizen).extras] == ["ba bóng"]
    assert submitted(citizen).notes == ("Có số cột đèn không ạ? cột 12A",)


def test_a_field_that_is_gone_is_asked_for_again():
    citizen = with_questions(Citizen(consented=True))
    asked_anew(citizen, "a")
    citizen.types("1", "2", "1", "Nguyễn Thị Hoa", "bỏ qua", "1")
    gone = tuple(option for option in citizen.context.fields if option.label != "Chiếu sáng")
    citizen.context = replace(citizen.context, fields=gone, form="b")
    citizen.types("gửi")
    assert citizen.keys[0] == "form_changed"
    assert citizen.keys[1] in {"confirm_field", "choose_field"}


@pytest.mark.parametrize("answer", ["1", "2", "không", "co", "12 ngày"])
def test_a_short_answer_to_a_question_of_the_field_is_taken_as_it_is(answer: str):
    citizen = with_questions(Citizen(consented=True), "Mấy bóng bị tắt?")
    citizen.types("1", answer)
    (draft,) = drafts_of(citizen.state)
    assert [extra.answer for extra in draft.extras] == [answer]


def test_going_back_from_the_files_leads_to_the_story():
    citizen = Citizen(consented=True)
    citizen.types("1", TWO, "xong", "2", "quay lại")
    assert isinstance(citizen.state.step, Telling)
