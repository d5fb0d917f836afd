"""Transcripts: the citizen's dialogue from the greeting to the end, in memory."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.calendar import Calendar, local_day
from core.channel import ButtonPressed, MediaKind, MessageEdited
from core.conversation.answers import press_prefix
from core.conversation.draft import Identity, Kind
from core.conversation.effects import (
    CallDesk,
    DropDraft,
    GiveConsent,
    KeepMedia,
    RefuseConsent,
    Say,
    SealText,
    SubmitDraft,
)
from core.conversation.states import State, drafts_of
from core.conversation.steps import (
    AddingFiles,
    CheckingDenunciation,
    CheckingEmergency,
    Consenting,
    Idle,
    Naming,
    Phoning,
    Placing,
    Reviewing,
    Stuck,
    Telling,
)
from core.conversation.storing import from_json, to_json
from tests.core.citizen import MORNING, Citizen

STORY = "Đèn đường trước nhà số 12 tắt ba hôm nay"


def told(citizen: Citizen) -> Citizen:
    """Past consent, the story told, at the files."""
    citizen.types("xin chào", "1", "1", STORY, "xong")
    assert isinstance(citizen.state.step, AddingFiles)
    return citizen


def submitted(citizen: Citizen):
    (effect,) = citizen.of(SubmitDraft)
    assert isinstance(effect, SubmitDraft)
    return effect.draft


def test_the_whole_script_opens_one_ticket_with_all_answers():
    citizen = Citizen().at_review()
    citizen.types("gửi")
    draft = submitted(citizen)
    assert draft.story_text == STORY
    assert draft.place
    assert draft.place.words == "thôn 3, gần chợ"
    assert draft.field == "field_3"
    assert draft.identity is Identity.DESK_ONLY
    assert draft.full_name == "Nguyễn Thị Hoa"
    assert draft.is_dangerous is False
    assert isinstance(citizen.state.step, Idle)


def test_everything_works_without_accents_and_by_words():
    citizen = Citizen()
    citizen.types(
        "xin chao", "gui phan anh, kien nghi", "toi dong y", "den duong to 3 tat tu hom thu hai", "xong"
    )
    citizen.types("khong co", "thon 3 gan cho", "dung", "khong", "2", "Nguyen Van A", "0912 345 678", "gui")
    draft = submitted(citizen)
    assert draft.field == "field_3"
    assert draft.identity is Identity.UNIT_TOO
    assert draft.phone == "0912345678"


def test_everything_works_by_buttons():
    citizen = Citizen()
    for code in ("send_feedback", "yes"):
        citizen.presses(code)
    citizen.types(STORY, "xong")
    citizen.presses("no")
    citizen.pins()
    for code in ("yes", "yes", "no", "anonymous", "yes", "send"):
        citizen.presses(code)
    draft = submitted(citizen)
    assert draft.place
    assert draft.place.latitude == 21.0
    assert draft.identity is Identity.ANONYMOUS


def test_decomposed_unicode_is_understood():
    import unicodedata

    citizen = Citizen()
    citizen.types("1", unicodedata.normalize("NFD", "đồng ý"))
    assert citizen.of(GiveConsent)


@pytest.mark.parametrize("word", ["ok", "ừ", "dạ", "vâng ạ", "được"])
def test_consent_needs_an_explicit_yes(word: str):
    citizen = Citizen()
    citizen.types("1", word)
    assert citizen.keys == ["consent_again"]
    assert not citizen.of(GiveConsent)


@pytest.mark.parametrize("word", ["không đồng ý", "tôi không đồng ý đâu", "3", "dạ không", "khong dong y"])
def test_a_refusal_leaves_nothing_and_names_the_other_ways(word: str):
    citizen = Citizen()
    citizen.types(STORY, "1", word)
    assert citizen.of(RefuseConsent)
    assert "số 1 đường Trung Tâm" in citizen.answer
    assert STORY not in str(to_json(citizen.state))


def test_the_full_notice_can_be_read_before_consent():
    citizen = Citizen()
    citizen.types("1", "2")
    assert citizen.keys == ["privacy_notice", "ask_consent"]


def test_consent_keeps_the_exact_answer_and_fetches_the_files_sent_before():
    citizen = Citizen()
    citizen.shows("a1")
    assert citizen.keys == ["offer"]
    citizen.types("1")
    assert not citizen.of(KeepMedia)
    citizen.types("Tôi đồng ý")
    (consent,) = citizen.of(GiveConsent)
    assert isinstance(consent, GiveConsent)
    assert consent.answer == "Tôi đồng ý"
    assert len(citizen.of(KeepMedia)) == 1


def test_a_long_text_out_of_the_blue_is_offered_and_kept():
    citizen = Citizen(consented=True)
    citizen.types(STORY)
    assert citizen.keys == ["offer"]
    citizen.types("đúng")
    assert citizen.keys == ["ask_story_done"]
    citizen.types("xong rồi")
    assert isinstance(citizen.state.step, AddingFiles)


def test_twenty_messages_in_two_seconds_get_one_waiting_answer_and_lose_nothing():
    citizen = Citizen(consented=True)
    citizen.types("1")
    names = set()
    for number in range(20):
        citizen.types(f"Tin thứ {number} về đường hỏng")
        says = [effect for effect in citizen.last if isinstance(effect, Say)]
        assert len(says) == 1
        assert says[0].delay_seconds > 0
        names.add(says[0].coalesce)
    assert len(names) == 1
    assert isinstance(citizen.state.step, Telling)
    assert len(citizen.state.step.draft.story) == 20


def test_the_question_after_a_burst_takes_the_place_of_the_waiting_answer():
    citizen = Citizen(consented=True)
    citizen.types("1", STORY)
    waiting = [effect.coalesce for effect in citizen.last if isinstance(effect, Say)]
    citizen.types("xong")
    (question,) = [effect for effect in citizen.last if isinstance(effect, Say)]
    assert [question.coalesce] == waiting
    assert question.delay_seconds == 0


def test_an_album_is_answered_once():
    citizen = told(Citizen())
    names = set()
    for number in range(4):
        citizen.shows(f"anh{number}")
        names.update(effect.coalesce for effect in citizen.last if isinstance(effect, Say))
    assert names == {"ask"}
    assert "4/10" in citizen.answer


def test_a_text_over_5000_characters_is_kept_whole_and_said_so():
    citizen = Citizen(consented=True)
    long = "đường hỏng " * 600
    citizen.types("1", long)
    assert "story_rest_noted" in citizen.keys
    (draft,) = drafts_of(citizen.state)
    assert "".join((*draft.story, *draft.notes)) == long.strip()
    assert len(draft.story_text) == 5000


def test_files_too_big_or_too_many_get_their_sentence():
    citizen = told(Citizen())
    citizen.shows("to", size=40_000_000)
    assert "40 MB" in citizen.answer
    for number in range(10):
        citizen.shows(f"anh{number}")
    citizen.shows("thua")
    assert citizen.keys == ["too_many_files"]
    assert len(citizen.of(KeepMedia)) == 10


def test_a_voice_message_alone_is_a_story():
    citizen = Citizen(consented=True)
    citizen.types("1")
    citizen.shows("loi", kind=MediaKind.VOICE)
    citizen.types("xong")
    assert isinstance(citizen.state.step, AddingFiles)


def test_too_short_a_story_is_asked_on():
    citizen = Citizen(consented=True)
    citizen.types("1", "hỏng", "xong")
    assert citizen.keys == ["story_too_short"]
    citizen.types("đèn đường trước nhà 12", "xong")
    assert isinstance(citizen.state.step, AddingFiles)


def test_only_a_link_is_asked_to_be_told():
    citizen = Citizen(consented=True)
    citizen.types("1", "https://example.org/x")
    assert citizen.keys == ["story_only_link"]


def test_a_sticker_gets_its_sentence_everywhere():
    citizen = Citizen()
    citizen.sticks()
    assert "chưa đọc được loại tin này" in citizen.answer
    told(citizen)
    citizen.sticks()
    assert "chưa đọc được loại tin này" in citizen.answer


def test_silence_asks_once_whether_the_story_is_done():
    citizen = Citizen(consented=True)
    citizen.types("1", STORY)
    assert citizen.wake == MORNING + timedelta(seconds=60)
    citizen.waits(timedelta(seconds=60))
    assert citizen.keys == ["ask_story_done"]
    citizen.types("2", "thêm một câu nữa cho rõ")
    citizen.waits(timedelta(seconds=60))
    assert citizen.keys == []


def test_a_photo_and_a_place_at_the_wrong_time_are_kept():
    citizen = Citizen(consented=True)
    citizen.types("1", STORY)
    citizen.pins()
    citizen.types("xong", "không có")
    assert citizen.keys == ["check_pin"]
    citizen.shows("anh")
    (draft,) = drafts_of(citizen.state)
    assert len(draft.media) == 1


def test_a_pin_where_the_citizen_stands_is_asked_again():
    citizen = told(Citizen())
    citizen.types("xong")
    citizen.pins()
    citizen.types("2")
    assert isinstance(citizen.state.step, Placing)
    citizen.pins(21.5, 105.5)
    citizen.types("3", "cách đó chừng 100 mét")
    (draft,) = drafts_of(citizen.state)
    assert draft.place
    assert (draft.place.latitude, draft.place.words) == (21.5, "cách đó chừng 100 mét")


def test_pasted_coordinates_are_a_pin():
    citizen = told(Citizen())
    citizen.types("xong", "https://maps.example/?q=21.0285,105.8542")
    assert citizen.keys == ["check_pin"]


def test_fields_come_eight_a_page_and_by_a_typed_word():
    citizen = Citizen(consented=True)
    citizen.types("1", "Có chuyện này cần xã xem giúp", "xong", "không có", "thôn 3, gần chợ")
    assert citizen.keys == ["choose_field"]
    citizen.types("9")
    assert "1. Khác" in citizen.answer
    citizen.types("mùi hôi")
    assert citizen.keys == ["confirm_field"]
    citizen.types("không", "đèn")
    assert citizen.keys == ["found_fields"]
    citizen.types("2")
    (draft,) = drafts_of(citizen.state)
    assert draft.field == "field_3"


def test_the_kind_is_asked_only_when_unclear():
    citizen = Citizen(consented=True)
    citizen.types("1", "Đèn đường bị hỏng, kiến nghị xã thay đèn mới", "xong", "không có", "thôn 3", "đúng")
    assert citizen.keys == ["ask_kind"]
    citizen.types("góp ý, đề xuất chính quyền nên làm")
    (draft,) = drafts_of(citizen.state)
    assert draft.kind is Kind.PROPOSAL


def test_phone_digits_are_data_and_a_wrong_number_gets_an_example():
    citizen = told(Citizen())
    citizen.types("2", "thôn 3, gần chợ", "1", "2", "1", "Hoa 2", "Nguyễn Thị Hoa")
    assert isinstance(citizen.state.step, Phoning)
    citizen.types("0912")
    assert citizen.keys == ["phone_wrong"]
    citizen.shares_phone("+84 912 345 678")
    citizen.types("gửi")
    assert submitted(citizen).phone == "0912345678"


def test_a_name_with_digits_is_asked_again():
    citizen = told(Citizen())
    citizen.types("2", "thôn 3, gần chợ", "1", "2", "1", "Hoa 2")
    assert citizen.keys == ["name_unclear"]
    assert isinstance(citizen.state.step, Naming)


def test_an_anonymous_sender_leaves_no_name_even_after_a_change_of_mind():
    citizen = Citizen().at_review()
    citizen.types("5", "3", "1", "gửi")
    draft = submitted(citizen)
    assert (draft.full_name, draft.phone, draft.identity) == ("", "", Identity.ANONYMOUS)


@pytest.mark.parametrize(
    ("line", "answers"),
    [
        ("1", ["Ống nước vỡ ngập cả đường", "xong"]),
        ("2", ["thôn 5"]),
        ("3", ["2", "1", "1"]),
        ("4", ["xong"]),
    ],
)
def test_any_line_is_edited_and_the_review_comes_back(line: str, answers: list[str]):
    citizen = Citizen().at_review()
    citizen.types(line, *answers)
    assert citizen.keys == ["review"], citizen.answer


def test_rewriting_the_story_replaces_it():
    citizen = Citizen().at_review()
    citizen.types("1", "2", "Bãi rác cạnh trường học bốc mùi hôi", "xong")
    assert citizen.keys == ["review"]
    assert "Bãi rác" in citizen.answer
    assert "Đèn đường" not in citizen.answer


def test_back_leads_through_the_questions_and_out_of_an_edit():
    citizen = Citizen().at_review()
    citizen.types("2", "quay lại")
    assert citizen.keys == ["review"]
    citizen.types("0")
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
